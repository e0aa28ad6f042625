"""Do the types of an expression fit? (cel-go ``checker/checker.go``).

Checking never stops at the first issue. The result is the type of every node, which the compiler uses to choose
overloads, and which tells what the whole gives.
"""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.languages.cel.checking.loop_types import loop_type, variable_types
from nixernetes.languages.cel.checking.unify import Substitution, fit, fit_all, may_fit, most_general, substitute
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
from nixernetes.languages.cel.syntax.source import Issue
from nixernetes.languages.cel.types import (
    BOOL,
    DYN,
    ERROR,
    Type,
    list_of,
    map_of,
    optional_of,
    parse_type,
)
from nixernetes.languages.cel.values import type_name

__all__ = ["Checked", "check"]

Checked = Mapping[Node, Type]


def check(tree: Node, names: Names) -> tuple[Checked, list[Issue]]:
    """Return the type of every node, and what does not fit."""
    checker = _Checker(names)
    checker.check(tree)
    types = {node: substitute(checker.known, each, unbound_to_dyn=True) for node, each in checker.types.items()}
    return types, checker.issues


class _Checker:
    """Walks a tree once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._local: dict[str, Type] = {}
        self._fresh = 0
        self.known = Substitution()
        self.types: dict[Node, Type] = {}
        self.issues: list[Issue] = []

    def check(self, node: Node) -> Type:
        """Note the type of a node and of all below it, and return it."""
        found = self._type(node)
        self.types[node] = found
        return found

    def _type(self, node: Node) -> Type:  # noqa: C901, PLR0911  one line for each kind of node
        match node:
            case Literal():
                return parse_type(type_name(node.value))
            case Ident():
                return self._ident(node)
            case Select():
                return self._select(node)
            case Index():
                operand, index = self.check(node.operand), self.check(node.index)
                return self._resolve(node, "_[?_]" if node.optional else "_[_]", [operand, index], method=False)
            case Call():
                return self._call(node)
            case Logic():
                return self._logic(node)
            case Conditional():
                parts = [self.check(part) for part in (node.condition, node.then, node.otherwise)]
                return self._resolve(node, "_?_:_", parts, method=False)
            case ListLiteral():
                return self._list(node)
            case MapLiteral():
                return self._map(node)
            case StructLiteral():
                return self._struct(node)
            case Loop():
                return self._loop(node)
            case Bind():
                return self._scoped({node.name: self.check(node.value)}, node.body)

    def _issue(self, node: Node | Entry, message: str) -> Type:
        self.issues.append(Issue(offset=node.offset, message=message))
        return ERROR

    def _undeclared(self, node: Node, name: str) -> Type:
        where = self._names.container
        return self._issue(node, f"undeclared reference to '{name}' (in container '{where}')")

    def _mismatch(self, node: Node, wanted: Type, given: Type) -> Type:
        """Note that a node has another type than it must have."""
        return self._issue(node, f"expected type '{wanted}' but found '{given}'")

    def _new(self) -> Type:
        self._fresh += 1
        return Type(f"_var{self._fresh - 1}", parameter=True)

    def _assignable(self, given: Type, wanted: Type) -> bool:
        """Return whether a type fits another, and remember what that says of type parameters."""
        return fit(self.known, given, wanted)

    def _resolved(self, given: Type) -> Type:
        """Return a type with the parameters that are known by now."""
        return substitute(self.known, given)

    def _ident(self, node: Ident) -> Type:
        if node.name in self._local:
            return self._local[node.name]
        full = self._names.variable(node.name)
        return self._declared(full) if full is not None else self._undeclared(node, node.name)

    def _declared(self, full: str) -> Type:
        if full in self._names.variables:
            return self._names.variables[full]
        return self._names.constants[full].type

    def _select(self, node: Select) -> Type:
        full = None if node.test or node.optional else self._names.qualified(node, self._local)
        if full is not None:
            return self._declared(full)
        operand = self._resolved(self.check(node.operand))
        optional = operand.name == "optional_type"
        target = operand.parameters[0] if optional else operand
        found = self._field(node, target)
        if node.test:
            return BOOL
        return optional_of(found) if optional or node.optional else self._resolved(found)

    def _field(self, node: Select, target: Type) -> Type:
        if target.name == "map" and target.parameters:
            return target.parameters[1]
        if target.parameter:
            self._assignable(DYN, target)
            return DYN
        structure = self._names.message(target.name)
        if structure is not None:
            if structure.fields is None:
                return DYN
            found = structure.fields.get(node.field)
            return found if found is not None else self._issue(node, f"undefined field '{node.field}'")
        if target.name not in {"dyn", "!error!"}:
            self._issue(node, f"type '{target}' does not support field selection")
        return DYN

    def _call(self, node: Call) -> Type:
        full, target = self._names.called(node, self._local)
        given = [self.check(target)] if target is not None else []
        given += [self.check(argument) for argument in node.arguments]
        if full is None:
            return self._undeclared(node, node.name)
        return self._resolve(node, full, given, method=target is not None)

    def _resolve(self, node: Node, name: str, given: list[Type], *, method: bool) -> Type:
        result: Type | None = None
        for overload in self._names.functions.get(name, ()):
            if overload.method is not method or len(overload.parameters) != len(given):
                continue
            if not all(map(may_fit, given, overload.parameters)):
                continue
            fresh = {parameter: self._new() for parameter in overload.free}
            wanted = [substitute(fresh, each) for each in overload.parameters] if fresh else overload.parameters
            if not fit_all(self.known, given, wanted):
                continue
            gives = self._resolved(substitute(fresh, overload.result))
            if result is None:
                result = gives
            elif result not in {DYN, gives}:
                result = DYN
        if result is not None:
            return result
        shown = [str(substitute(self.known, each, unbound_to_dyn=True)) for each in given]
        signature = f"{shown[0]}.({', '.join(shown[1:])})" if method else f"({', '.join(shown)})"
        return self._issue(node, f"found no matching overload for '{name}' applied to '{signature}'")

    def _logic(self, node: Logic) -> Type:
        given = [self.check(term) for term in node.terms]
        fits = True
        for term, each in zip(node.terms, given, strict=True):
            if not self._assignable(each, BOOL):
                self._mismatch(term, BOOL, self._resolved(each))
                fits = False
        return BOOL if fits else ERROR

    def _joined(self, previous: Type | None, current: Type) -> Type:
        if previous is None:
            return current
        return most_general(previous, current) if self._assignable(previous, current) else DYN

    def _unwrapped(self, node: Node, given: Type) -> Type:
        """Return the type inside of an optional element."""
        given = self._resolved(given)
        if given.name == "optional_type":
            return given.parameters[0]
        if given.name != "dyn":
            self._mismatch(node, optional_of(given), given)
        return given

    def _list(self, node: ListLiteral) -> Type:
        joined: Type | None = None
        for index, element in enumerate(node.elements):
            given = self.check(element)
            if index in node.optionals:
                given = self._unwrapped(element, given)
            joined = self._joined(joined, given)
        return list_of(joined or self._new())

    def _map(self, node: MapLiteral) -> Type:
        key: Type | None = None
        value: Type | None = None
        for entry in node.entries:
            key = self._joined(key, self.check(entry.key))
            given = self.check(entry.value)
            value = self._joined(value, self._unwrapped(entry.value, given) if entry.optional else given)
        if key is None or value is None:
            return map_of(self._new(), self._new())
        # Only simple keys can be made. Others are not kept: a type of two halves would double with each map in a map.
        return map_of(DYN if key.parameters else key, value)

    def _struct(self, node: StructLiteral) -> Type:
        structure = self._names.structure(node.name)
        if structure is None:
            return self._undeclared(node, node.name)
        for entry in node.entries:
            given = self.check(entry.value)
            given = self._unwrapped(entry.value, given) if entry.optional else given
            field = str(entry.key.value) if isinstance(entry.key, Literal) else ""
            wanted = DYN if structure.fields is None else structure.fields.get(field)
            if wanted is None:
                self._issue(entry, f"undefined field '{field}'")
            elif not self._assignable(wanted, given):
                message = f"expected type of field '{field}' is '{wanted}' but provided type is '{given}'"
                self._issue(entry, message)
        return Type(structure.name)

    def _loop(self, node: Loop) -> Type:
        subject = self._resolved(self.check(node.subject))
        if subject.parameter:
            self._assignable(DYN, subject)
        types = variable_types(subject, len(node.variables))
        if types is None:
            message = f"expression of type '{subject}' cannot be range of a comprehension"
            self._issue(node.subject, f"{message} (must be list, map, or dynamic)")
            types = (ERROR,) * len(node.variables)
        local = dict(zip(node.variables, types, strict=True))
        condition = None if node.condition is None else self._scoped(local, node.condition)
        transform = None if node.transform is None else self._scoped(local, node.transform)
        gives = loop_type(node.kind, types, transform)
        if condition is not None and not self._assignable(condition, BOOL):
            self._refuse_condition(node, self._resolved(condition), gives)
        return self._resolved(gives)

    def _refuse_condition(self, node: Loop, given: Type, gives: Type) -> None:
        if node.kind in {"all", "exists"} and node.condition is not None:
            self._mismatch(node.condition, BOOL, given)
            return
        step = "int" if node.kind == "exists_one" else str(self._resolved(gives))
        self._issue(node, f"found no matching overload for '_?_:_' applied to '({given}, {step}, {step})'")

    def _scoped(self, local: Mapping[str, Type], node: Node) -> Type:
        outer = self._local
        self._local = {**outer, **local}
        try:
            return self.check(node)
        finally:
            self._local = outer
