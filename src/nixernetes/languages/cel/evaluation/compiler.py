"""From a tree to a function: each node becomes a closure over those below it, once for all evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nixernetes.languages.cel.budget import DEFAULT_LIMITS, Meter
from nixernetes.languages.cel.errors import CompileError, EvaluationError
from nixernetes.languages.cel.evaluation import aggregates, calls, logic, loops, operators, selection, steps
from nixernetes.languages.cel.evaluation.steps import FIRST_SLOT, Frame, Step
from nixernetes.languages.cel.names import Names
from nixernetes.languages.cel.syntax.nodes import (
    Bind,
    Call,
    Conditional,
    Entry,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logic,
    Loop,
    MapLiteral,
    Node,
    Select,
    StructLiteral,
)
from nixernetes.languages.cel.syntax.trees import weights
from nixernetes.languages.cel.values import Value

__all__ = ["Compiled", "compile_tree"]

# Functions whose literal arguments are tried when the program is made, so that what can never work is said at once.
_FOLDED = frozenset({"bool", "bytes", "double", "duration", "int", "string", "timestamp", "uint"})
_LAZY = {"or": calls.or_optional, "orValue": calls.or_value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A program: its step, how many slots a frame of it has, and the variables that it may read."""

    step: Step
    slots: int
    reads: frozenset[str]


def compile_tree(tree: Node, names: Names, *, lenient: bool, fold: bool) -> Compiled:
    """Compile a tree.

    Args:
        tree: checked, unless ``lenient``.
        names: what may be used.
        lenient: names that are not declared are variables, and functions that are not declared fail when they are run.
        fold: whether conversions of literals are tried now.

    Raises:
        CompileError: a literal cannot be converted.

    """
    compiler = _Compiler(tree, names, lenient=lenient, fold=fold)
    step = compiler.compile(tree)
    return Compiled(step=step, slots=compiler.slots, reads=frozenset(compiler.reads))


class _Compiler:
    """Compiles one tree."""

    def __init__(self, tree: Node, names: Names, *, lenient: bool, fold: bool) -> None:
        self._tree = tree
        self._weights: Mapping[Node, int] = {}
        self._names = names
        self._lenient = lenient
        self._fold = fold
        self._local: Mapping[str, Step] = {}
        self._loop_slots: Mapping[str, int] = {}
        self.reads: dict[str, int] = {}
        self.slots = FIRST_SLOT

    def compile(self, node: Node) -> Step:  # noqa: C901, PLR0911  one line for each kind of node
        """Return the step of a node."""
        match node:
            case Literal():
                return steps.constant(node.value)
            case Ident():
                return self._ident(node)
            case Select():
                return self._select(node)
            case Index():
                operand, key = self.compile(node.operand), self.compile(node.index)
                return (selection.optional_index if node.optional else selection.index)(operand, key)
            case Call():
                return self._call(node)
            case Logic():
                return logic.terms([self.compile(term) for term in node.terms], conjunction=node.conjunction)
            case Conditional():
                parts = [self.compile(part) for part in (node.condition, node.then, node.otherwise)]
                return logic.conditional(*parts)
            case ListLiteral():
                return aggregates.listed([self.compile(each) for each in node.elements], node.optionals)
            case MapLiteral():
                return aggregates.mapped([self._entry(entry) for entry in node.entries])
            case StructLiteral():
                return self._struct(node)
            case Loop():
                return self._loop(node)
            case Bind():
                return self._bind(node)

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _variable(self, name: str) -> Step:
        if name not in self.reads:
            self.reads[name] = self._slot()
        return steps.variable(self.reads[name], name)

    def _declared(self, full: str) -> Step:
        if full in self._names.variables:
            return self._variable(full)
        value = self._names.constants[full].value
        if not self._lenient:
            return steps.constant(value)
        # Without declarations an object may have a field that is called like a type; the object comes first.
        read = self._variable(full)

        def either(frame: Frame) -> Value:
            return read(frame) if full in frame[steps.VARIABLES] else value

        return either

    def _ident(self, node: Ident) -> Step:
        if node.name in self._local:
            return self._local[node.name]
        full = self._names.variable(node.name)
        return self._declared(full) if full is not None else self._variable(node.name.removeprefix("."))

    def _select(self, node: Select) -> Step:
        if node.test:
            return selection.presence(self.compile(node.operand), node.field)
        if node.optional:
            return selection.field(self.compile(node.operand), node.field)
        chain: list[str] = []
        inner: Node = node
        while isinstance(inner, Select) and not inner.test and not inner.optional:
            full = self._names.qualified(inner, self._local)
            if full is not None:
                operand = self._declared(full)
                return selection.fields(operand, tuple(reversed(chain))) if chain else operand
            chain.append(inner.field)
            inner = inner.operand
        slot = self._loop_slots.get(inner.name) if isinstance(inner, Ident) else None
        if slot is None:
            return selection.fields(self.compile(inner), tuple(reversed(chain)))
        first = selection.of_local(slot, chain.pop())
        return selection.fields(first, tuple(reversed(chain))) if chain else first

    def _call(self, node: Call) -> Step:
        name, target = self._names.called(node, self._local)
        parts = node.arguments if target is None else (target, *node.arguments)
        arguments = [self.compile(part) for part in parts]
        if name in operators.UNARY and len(arguments) == 1:
            return operators.UNARY[name](arguments[0])
        if len(arguments) == 2:
            if name in operators.BINARY:
                return operators.BINARY[name](arguments[0], arguments[1])
            if name in {"_==_", "_!=_"}:
                return operators.equality(arguments[0], arguments[1], (parts[0], parts[1]), negated=name == "_!=_")
            if name == "@in":
                return operators.membership(arguments[0], arguments[1], parts[1])
            if name in _LAZY and target is not None:
                return _LAZY[name](*arguments)
        return self._function(node, name, arguments, method=target is not None)

    def _function(self, node: Call, name: str | None, arguments: list[Step], *, method: bool) -> Step:
        if name is None:
            return _unbound(node.name)
        overloads = [each for each in self._names.functions[name] if each.method is method]
        step = calls.call(name, overloads, arguments)
        literal = len(node.arguments) == 1 and isinstance(node.arguments[0], Literal)
        if self._fold and literal and not method and name in _FOLDED:
            return _folded(step)
        return step

    def _entry(self, entry: Entry) -> tuple[Step, Step, bool]:
        return self.compile(entry.key), self.compile(entry.value), entry.optional

    def _struct(self, node: StructLiteral) -> Step:
        structure = self._names.structure(node.name)
        if structure is None:
            raise CompileError(f"unknown type: {node.name}")
        entries = [
            (str(entry.key.value), self.compile(entry.value), entry.optional)
            for entry in node.entries
            if isinstance(entry.key, Literal)
        ]
        return aggregates.structured(structure, entries)

    def _loop(self, node: Loop) -> Step:
        subject = self.compile(node.subject)
        slots = tuple(self._slot() for _ in node.variables)
        outer, outer_slots = self._local, self._loop_slots
        mine = dict(zip(node.variables, slots, strict=True))
        self._loop_slots = {**outer_slots, **mine}
        self._local = {**outer, **{name: steps.local(slot) for name, slot in mine.items()}}
        condition = None if node.condition is None else self.compile(node.condition)
        transform = None if node.transform is None else self.compile(node.transform)
        self._local, self._loop_slots = outer, outer_slots
        self._weights = self._weights or weights(self._tree)
        body = [part for part in (node.condition, node.transform) if part is not None]
        return loops.loop(
            loops.LoopParts(
                kind=node.kind,
                subject=subject,
                slots=slots,
                condition=condition,
                transform=transform,
                steps=sum(self._weights[part] for part in body) + 1,
            )
        )

    def _bind(self, node: Bind) -> Step:
        value, slot = self.compile(node.value), self._slot()
        outer, outer_slots = self._local, self._loop_slots
        self._local = {**outer, node.name: loops.lazily(slot, value)}
        self._loop_slots = {name: each for name, each in outer_slots.items() if name != node.name}
        body = self.compile(node.body)
        self._local, self._loop_slots = outer, outer_slots
        return loops.bind(slot, body)


def _unbound(name: str) -> Step:
    def fail(_: Frame) -> Value:
        raise EvaluationError(f"unbound function: {name}: no such overload")

    return fail


def _folded(step: Step) -> Step:
    try:
        return steps.constant(step([Meter(DEFAULT_LIMITS), {}]))
    except EvaluationError as error:
        raise CompileError(error.message) from error
