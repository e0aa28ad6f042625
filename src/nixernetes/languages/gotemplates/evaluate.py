"""Carries out a template on data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from nixernetes.errors import NixernetesError
from nixernetes.languages.gotemplates.allowance import TemplateAllowance
from nixernetes.languages.gotemplates.functions import FUNCTIONS
from nixernetes.languages.gotemplates.parse import (
    ActionNode,
    Command,
    FieldNode,
    If,
    LiteralNode,
    Name,
    Node,
    Pipe,
    Range,
    TemplateError,
    Text,
    Variable,
    With,
    Word,
    parse,
)
from nixernetes.languages.gotemplates.values import is_true, show
from nixernetes.objects.manifest import Json

__all__ = ["carry_out", "render"]

_MAX_RANGE = 200_000  # more rounds than a template may have steps


def render(
    text: str,
    data: Json,
    *,
    functions: Mapping[str, Callable[..., Json]] | None = None,
    missing_is_error: bool = False,
) -> str:
    """Return the text that a template gives for data.

    Args:
        text: the template.
        data: the dot.
        functions: further functions; a dotted name is one function (``time.Now``), else fields of what one gives.
        missing_is_error: Go's option ``missingkey=error``.

    Raises:
        TemplateError: the template is broken, unsupported, or failed on this data.

    """
    if "{{" not in text:
        return text
    allowance = TemplateAllowance()
    return carry_out(parse(text), data, functions=functions, missing_is_error=missing_is_error, allowance=allowance)


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
    run = _Run({**FUNCTIONS, **(functions or {})}, allowance, missing_is_error=missing_is_error)
    run.walk(nodes, data, [{"$": data}])
    return "".join(run.output)


class _Run:
    def __init__(
        self, functions: Mapping[str, Callable[..., Json]], allowance: TemplateAllowance, *, missing_is_error: bool
    ) -> None:
        self.output: list[str] = []
        self._functions = functions
        self._missing_is_error = missing_is_error
        self._allowance = allowance

    def walk(self, nodes: Sequence[Node], dot: Json, scopes: list[dict[str, Json]]) -> None:
        for node in nodes:
            self._allowance.step()
            match node:
                case Text(text=text):
                    self.output.append(self._allowance.text(text))
                case ActionNode(pipe=pipe):
                    value = self._pipe(pipe, dot, scopes)
                    if not pipe.declares:
                        self.output.append(self._allowance.text(show(value)))
                case If() | With():
                    self._branch(node, dot, scopes)
                case Range():
                    self._range(node, dot, scopes)

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
        pairs = list(_pairs(items))
        for key, value in pairs:
            self._allowance.step()  # a body may be empty
            scope = {names[-1]: value} if names else {}
            if len(names) == 2:
                scope[names[0]] = key
            self.walk(node.body, value, [*scopes, scope])
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
            args = [self._word(word, dot, scopes) for word in rest] + fed
            return self._call(first.name, args)
        if rest or fed:
            raise TemplateError("only a function takes arguments")
        return self._word(first, dot, scopes)

    def _word(self, word: Word, dot: Json, scopes: list[dict[str, Json]]) -> Json:
        match word:
            case LiteralNode(value=value):
                return value
            case Pipe():
                return self._pipe(word, dot, scopes)
            case Name(name=name):
                return self._call(name, [])
            case Variable(name=name, path=path):
                scope = next((scope for scope in reversed(scopes) if name in scope), None)
                if scope is None:
                    raise TemplateError(f'undefined variable "{name}"')
                return self._fields(scope[name], path)
            case FieldNode(path=path, base=base):
                return self._fields(dot if base is None else self._pipe(base, dot, scopes), path)

    def _fields(self, value: Json, path: Sequence[str]) -> Json:
        is_missing = False
        for name in path:
            if value is None:
                if is_missing:
                    return None
                raise TemplateError(f"nil data; no entry for key {name!r}")
            if not isinstance(value, dict):
                raise TemplateError(f"can't evaluate field {name} in {show(value)}")
            if name not in value and self._missing_is_error:
                raise TemplateError(f"map has no entry for key {name!r}")
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
        try:
            return self._allowance.value(self._fields(function(*args), path))
        except NixernetesError:
            raise
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
            raise TemplateError(f"error calling {name}: {error}") from error


def _pairs(items: Json) -> Iterable[tuple[Json, Json]]:
    if items is None:
        return []
    if isinstance(items, dict):
        return [(key, items[key]) for key in sorted(items)]
    if isinstance(items, list):
        return list(enumerate(items))
    if isinstance(items, int) and not isinstance(items, bool):
        return [(number, number) for number in range(min(items, _MAX_RANGE))]
    raise TemplateError(f"range can't iterate over {show(items)}")
