"""Carries out a template on data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from nixernetes.languages.go import moments
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.gotemplates import dates
from nixernetes.languages.gotemplates.allowance import TemplateAllowance
from nixernetes.languages.gotemplates.calls import called
from nixernetes.languages.gotemplates.functions import DEEP, FUNCTIONS
from nixernetes.languages.gotemplates.parse import (
    ActionNode,
    Command,
    Define,
    FieldNode,
    If,
    Jump,
    LiteralNode,
    Name,
    Node,
    Pipe,
    Range,
    TemplateCall,
    TemplateError,
    Text,
    Variable,
    With,
    Word,
    calls,
    names,
    parse,
)
from nixernetes.languages.gotemplates.signatures import NOT_RUN, Signature, constant, fitted, signature_of
from nixernetes.languages.gotemplates.tokens import failed
from nixernetes.languages.gotemplates.values import is_true, show
from nixernetes.objects.manifest import Json, copy

__all__ = ["carry_out", "render"]

_SHORT = 4096  # characters of a template that is kept
_MAX_RANGE = 200_000  # more rounds than a template may have steps


def render(
    text: str,
    data: Json,
    *,
    functions: Mapping[str, Callable[..., Json]] | None = None,
    missing_is_error: bool = False,
    within: TemplateAllowance | None = None,
) -> str:
    """Return the text that a template gives for data.

    Args:
        text: the template.
        data: the dot.
        functions: further functions; a dotted name is one function (``time.Now``), else fields of what one gives.
        missing_is_error: Go's option ``missingkey=error``.
        within: what it may make together with the other texts of a whole.

    Raises:
        TemplateError: the template is broken, unsupported, or failed on this data.

    """
    if "{{" not in text:
        return text
    nodes, changes, strange = _read(text) if len(text) <= _SHORT else _parsed(text)
    for each in strange:
        if not _is_known(each.name, functions or {}):
            raise failed(f'function "{each.name}" not defined', each.at)
    allowance = TemplateAllowance(within)
    run = _Run(functions, allowance, missing_is_error=missing_is_error)
    result = run.result(nodes, copy(data) if changes else data)
    allowance.close()
    return result


def carry_out(
    nodes: Sequence[Node],
    data: Json,
    *,
    functions: Mapping[str, Callable[..., Json]] | None = None,
    missing_is_error: bool = False,
    allowance: TemplateAllowance,
) -> str:
    """Return the text that a parsed template gives for data.

    Args:
        nodes: the template.
        data: the dot.
        functions: as for :func:`render`.
        missing_is_error: as for :func:`render`.
        allowance: what it may make, with all others that have the same one.

    Raises:
        TemplateError: the template failed on this data.

    """
    run = _Run(functions, allowance, missing_is_error=missing_is_error)
    return run.result(nodes, copy(data) if _changes(nodes) else data)


def _changes(nodes: Sequence[Node]) -> bool:
    """Tell whether a template may change what it is given."""
    return not {"set", "unset"}.isdisjoint(names(tuple(nodes)))


def _is_known(name: str, functions: Mapping[str, Callable[..., Json]]) -> bool:
    """Tell whether a function is another program's, or one that is refused when it is carried out."""
    head = name.partition(".")[0]
    return name in functions or head in functions or head in NOT_RUN or name in ("and", "or")


def _parsed(text: str) -> tuple[tuple[Node, ...], bool, tuple[Name, ...]]:
    """Return a template, whether it may change what it is given, and the functions in it that are not of the table."""
    nodes = parse(text)
    strange = (each for each in calls(nodes) if each.name.partition(".")[0] not in FUNCTIONS)
    return nodes, _changes(nodes), tuple(sorted(strange, key=lambda each: each.at))


# The last 1,024 are kept: each is filled in for each set of parameters.
_read = lru_cache(maxsize=1024)(_parsed)


class _JumpError(Exception):
    """A round of a loop ends."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class _Run:
    def __init__(
        self,
        functions: Mapping[str, Callable[..., Json]] | None,
        allowance: TemplateAllowance,
        *,
        missing_is_error: bool,
    ) -> None:
        self.output: list[str] = []
        self._functions = {**FUNCTIONS, **functions} if functions else FUNCTIONS
        self._missing_is_error = missing_is_error
        self._allowance = allowance
        self._defined: dict[str, Define] = {}

    def result(self, nodes: Sequence[Node], dot: Json) -> str:
        try:
            self.walk(nodes, dot, [{"$": dot}])
        except RecursionError:
            raise TemplateError("template is nested too deeply") from None
        return "".join(self.output)

    def walk(self, nodes: Sequence[Node], dot: Json, scopes: list[dict[str, Json]]) -> None:
        for node in nodes:
            self._allowance.step()
            match node:
                case Text(text=text):
                    self.output.append(self._allowance.text(text))
                case ActionNode(pipe=pipe):
                    value = self._pipe(pipe, dot, scopes)
                    if not pipe.declares:
                        self.output.append(self._allowance.text("<no value>" if value is None else show(value)))
                case If() | With():
                    self._branch(node, dot, scopes)
                case Range():
                    self._range(node, dot, scopes)
                case Jump(word=word):
                    raise _JumpError(word)
                case Define(name=name):
                    self._defined[name] = node
                case TemplateCall(name=name, pipe=given):
                    self._template(name, None if given is None else self._pipe(given, dot, scopes))

    def _template(self, name: str, dot: Json) -> None:
        if name not in self._defined:
            raise TemplateError(f"template {name!r} not defined")
        self.walk(self._defined[name].body, dot, [{"$": dot}])

    def _branch(self, node: If | With, dot: Json, scopes: list[dict[str, Json]]) -> None:
        inner = [*scopes, {}]
        value = self._pipe(node.pipe, dot, inner)
        if is_true(value):
            self.walk(node.body, value if isinstance(node, With) else dot, inner)
        else:
            self.walk(node.otherwise, dot, inner)

    def _range(self, node: Range, dot: Json, scopes: list[dict[str, Json]]) -> None:
        names = node.pipe.declares
        items = self._pipe(Pipe(node.pipe.commands), dot, scopes)
        if len(names) == 2 and isinstance(items, int) and not isinstance(items, bool):
            error = TemplateError(f"can't use {items} to iterate over more than one variable")
            error.at, error.context = _place(node.pipe, -1)
            raise error
        pairs = list(_pairs(items, self._allowance.look))
        for key, value in pairs:
            self._allowance.step()  # a body may be empty
            scope = {names[-1]: value} if names else {}
            if len(names) == 2:
                scope[names[0]] = key
            try:
                self.walk(node.body, value, [*scopes, scope])
            except _JumpError as jump:
                if jump.word == "break":
                    break
        if not pairs:
            self.walk(node.otherwise, dot, [*scopes, {}])

    def _pipe(self, pipe: Pipe, dot: Json, scopes: list[dict[str, Json]]) -> Json:
        value: Json = None
        for position, command in enumerate(pipe.commands):
            value = self._command(command, dot, scopes, [value] if position else [])
        for name in pipe.declares[:1]:
            target = scopes[-1]
            if pipe.assigns:
                target = next((scope for scope in reversed(scopes) if name in scope), target)
            target[name] = value
        return value

    def _command(self, command: Command, dot: Json, scopes: list[dict[str, Json]], fed: list[Json]) -> Json:
        first, *rest = command.words
        if isinstance(first, Name):
            if first.name in ("and", "or"):
                return self._decided(first.name, rest, dot, scopes, fed)
            signature = signature_of(first.name)
            try:
                if signature is not None:
                    signature.check(first.name, len(rest) + len(fed))
            except TemplateError as error:
                error.at, error.context = command.at, first.name
                raise
            if signature is None:
                args = [self._word(word, dot, scopes) for word in rest] + fed
            else:
                args = self._args(first, signature, rest, dot, scopes, fed)
            try:
                return self._call(first.name, args)
            except TemplateError as error:
                if error.at < 0:
                    error.at, error.context = command.at, command.shown
                raise
        if (rest or fed) and isinstance(first, FieldNode | Variable) and first.path:
            args = [self._word(word, dot, scopes) for word in rest] + fed
            return self._method(replace(first, path=first.path[:-1]), first.path[-1], args, dot, scopes)
        if rest or fed:
            raise _at(command, f"can't give argument to non-function {command.first}")
        return self._word(first, dot, scopes)

    def _args(
        self,
        function: Name,
        signature: Signature,
        words: Sequence[Word],
        dot: Json,
        scopes: list[dict[str, Json]],
        fed: list[Json],
    ) -> list[Json]:
        """Return the arguments of a function, each of the type that it asks for."""
        found: list[Json] = []
        for position, word in enumerate(words):
            kind, value = signature.at(position), self._word(word, dot, scopes)
            if kind != "any":
                try:
                    value = constant(kind, value, word.shown) if isinstance(word, LiteralNode) else fitted(kind, value)
                except TemplateError as error:
                    error.at, error.context = _place(word, function.at)
                    raise
            found.append(value)
        for value in fed:
            try:
                found.append(fitted(signature.at(len(found)), value))
            except TemplateError as error:
                error.at, error.context = _place(words[-1] if words else function, function.at)
                raise
        return found

    def _method(
        self, owner: FieldNode | Variable, name: str, args: list[Json], dot: Json, scopes: list[dict[str, Json]]
    ) -> Json:
        """Call a method that takes arguments: those of moments and durations."""
        holder = self._word(owner, dot, scopes)
        if holder is None and not self._missing_is_error:
            return None
        found = moments.member(holder, name)
        if found is None:
            raise TemplateError(f"{name} has arguments but cannot be invoked as function")
        self._allowance.given(args, deep=False)
        return self._allowance.value(called(name, found, args))

    def _decided(
        self, name: str, words: Sequence[Word], dot: Json, scopes: list[dict[str, Json]], fed: list[Json]
    ) -> Json:
        """Carry out ``and`` or ``or``, which look at no more than they have to."""
        value: Json = None
        for word in words:
            value = self._word(word, dot, scopes)
            if is_true(value) == (name == "or"):
                return value
        if not words and not fed:
            raise TemplateError(f"{name} needs an argument")
        return fed[0] if fed else value

    def _word(self, word: Word, dot: Json, scopes: list[dict[str, Json]]) -> Json:
        match word:
            case LiteralNode(value=value):
                return value
            case Pipe():
                return self._pipe(word, dot, scopes)
            case Name(name=name):
                signature = signature_of(name)
                if signature is not None:
                    signature.check(name, 0)
                return self._call(name, [])
            case Variable(name=name, path=path):
                scope = next((scope for scope in reversed(scopes) if name in scope), None)
                if scope is None:
                    raise TemplateError(f'undefined variable "{name}"')
                return self._fields_of(word, scope[name], path)
            case FieldNode(path=path, base=base):
                return self._fields_of(word, dot if base is None else self._pipe(base, dot, scopes), path)

    def _fields_of(self, word: Variable | FieldNode, value: Json, path: Sequence[str]) -> Json:
        try:
            return self._fields(value, path)
        except TemplateError as error:
            if error.at < 0:
                error.at, error.context = _place(word, word.at)
            raise

    def _fields(self, value: Json, path: Sequence[str]) -> Json:
        is_missing = True
        for name in path:
            if value is None:
                if is_missing and not self._missing_is_error:
                    return None
                if not is_missing:
                    raise TemplateError(f"nil pointer evaluating interface {{}}.{name}")
                raise TemplateError(f"nil data; no entry for key {go_quoted(name)}")
            method = moments.member(value, name)
            if method is not None:
                value = called(name, method, [])
                continue
            if isinstance(value, datetime):
                value = dates.field(value, name)
                continue
            if not isinstance(value, dict):
                raise TemplateError(f"can't evaluate field {name} in {show(value)}")
            if name not in value and self._missing_is_error:
                raise TemplateError(f"map has no entry for key {go_quoted(name)}")
            is_missing = name not in value
            value = value.get(name)
        return value

    def _call(self, name: str, args: list[Json]) -> Json:
        function = self._functions.get(name)
        path: list[str] = []
        if function is None and "." in name:
            head, *path = name.split(".")
            function = self._functions.get(head)
        if function is None:
            raise TemplateError(f"function {name!r} is not supported")
        self._allowance.given(args, deep=name in DEEP)
        return self._allowance.value(self._fields(called(name, function, args), path))


def _at(command: Command, message: str) -> TemplateError:
    error = TemplateError(message)
    error.at, error.context = command.at, command.first
    return error


def _place(word: Word, otherwise: int) -> tuple[int, str]:
    """Return where an argument stands, and as what it is shown."""
    match word:
        case LiteralNode(at=at, shown=shown):
            return at, shown
        case Pipe(commands=(first, *_)):
            return first.at, " | ".join(each.shown for each in word.commands)
        case Name(name=name, at=at):
            return at, name
        case Variable(name=name, path=path, at=at):
            return at, ".".join((name, *path))
        case FieldNode(base=Pipe() as base):
            return _place(base, otherwise)
        case FieldNode(path=path, at=at):
            return at, f".{'.'.join(path)}"
    return otherwise, ""


def _pairs(items: Json, look: Callable[[int], None]) -> Iterable[tuple[Json, Json]]:
    if items is None:
        return []
    if isinstance(items, dict | list):
        look(len(items))
    if isinstance(items, dict):
        return [(key, items[key]) for key in sorted(items)]
    if isinstance(items, list):
        return list(enumerate(items))
    if isinstance(items, int) and not isinstance(items, bool):
        return [(number, number) for number in range(min(items, _MAX_RANGE))]
    raise TemplateError(f"range can't iterate over {show(items)}")
