"""The part of expr-lang that triggers use: fields, comparisons, ``in``, ``and``, ``or``, ``not``, literals.

Anything else (functions, closures, arithmetic, ranges) is refused by name. A field of nil cannot be fetched, except
with ``?.``; a condition that tries to does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import clipped

__all__ = ["ExpressionError", "NilError", "evaluate"]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*") | (?P<number>\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z_]\w*) | (?P<mark>\?\.|==|!=|<=|>=|&&|\|\||[-+*/%<>!().,\[\]?:])
    )""",
    re.VERBOSE,
)
_CONSTANTS = {"true": True, "false": False, "nil": None}
_SPELLINGS = {"&&": "and", "||": "or", "!": "not"}
_MAX_DEPTH = 50
_MAX_DIGITS = 18
_MAX_LENGTH = 10_000  # characters; an honest condition has a hundred


class ExpressionError(InputError):
    """An expression that cannot be read, or uses what is not supported."""


class NilError(ExpressionError):
    """A field of nil was fetched."""


@dataclass(slots=True)
class _Reader:
    tokens: list[tuple[str, str]]
    values: Mapping[str, Json]
    at: int = 0
    depth: int = 0

    def peek(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        return _SPELLINGS.get(text, text) if kind in ("word", "mark") else ""

    def take(self) -> tuple[str, str]:
        token = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        self.at += 1
        return token

    def expect(self, text: str) -> None:
        if self.take()[1] != text:
            raise ExpressionError(f"{text!r} expected")


def evaluate(text: str, values: Mapping[str, Json]) -> Json:
    """Return the value of an expression.

    Raises:
        NilError: it fetches a field of nil.
        ExpressionError: it is broken or not supported; the message says what.

    """
    reader = _Reader(_tokens(text), values)
    try:
        value = _either(reader, run=True)
    except RecursionError:
        raise ExpressionError("nested too deeply") from None
    if reader.at < len(reader.tokens):
        raise ExpressionError(f"{reader.tokens[reader.at][1]!r} is not supported in {text!r}")
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    text = text.rstrip()
    if len(text) > _MAX_LENGTH:
        raise ExpressionError(f"longer than {_MAX_LENGTH:,} characters")
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"cannot read {text[position:].strip()!r}")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        position = match.end()
    return found


def _either(reader: _Reader, *, run: bool) -> Json:
    value = _both(reader, run=run)
    while reader.peek() == "or":
        reader.take()
        other = _both(reader, run=run and not value)
        value = bool(value) or bool(other)
    return value


def _both(reader: _Reader, *, run: bool) -> Json:
    value = _negated(reader, run=run)
    while reader.peek() == "and":
        reader.take()
        other = _negated(reader, run=run and bool(value))
        value = bool(value) and bool(other)
    return value


def _negated(reader: _Reader, *, run: bool) -> Json:
    negated = False
    while reader.peek() == "not":
        reader.take()
        negated = not negated
        if reader.peek() != "not":
            value = _compared(reader, run=run)
            return not value if negated else bool(value)
    return _compared(reader, run=run)


def _less(left: Json, right: Json) -> bool:
    return bool(left < right)


_COMPARISONS: Mapping[str, Callable[[Json, Json], bool]] = {
    "==": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    "<=": lambda left, right: not _less(right, left),
    ">=": lambda left, right: not _less(left, right),
    "in": lambda left, right: left in (right or []),
    "contains": lambda left, right: right in (left or ""),
    "startsWith": lambda left, right: str(left).startswith(str(right)),
    "endsWith": lambda left, right: str(left).endswith(str(right)),
}


def _compared(reader: _Reader, *, run: bool) -> Json:
    value = _operand(reader, run=run)
    word, negated = reader.peek(), False
    if word == "not":
        reader.take()
        word, negated = reader.peek(), True
    compare = _COMPARISONS.get(word)
    if compare is None:
        if negated:
            raise ExpressionError(f"'not {word}' is not supported")
        return value
    reader.take()
    other = _operand(reader, run=run)
    if not run:
        return False
    try:
        return compare(value, other) is not negated
    except TypeError as error:
        raise ExpressionError(f"{word!r} does not fit what stands beside it") from error


def _operand(reader: _Reader, *, run: bool) -> Json:
    kind, text = reader.take()
    if kind == "string":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if kind == "number":
        if len(text) > _MAX_DIGITS:
            raise ExpressionError(f"the number {clipped(text)} is too large")
        return float(text) if "." in text else int(text)
    if kind == "word":
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if reader.peek() == "(":
            raise ExpressionError(f"function {text}() is not supported")
        if text not in reader.values:
            raise ExpressionError(f"unknown name {text!r}")
        return _fields(reader, reader.values[text], run=run)
    if text in ("(", "["):
        reader.depth += 1
        if reader.depth > _MAX_DEPTH:
            raise ExpressionError("nested too deeply")
        value = _either(reader, run=run) if text == "(" else _items(reader, run=run)
        reader.expect(")" if text == "(" else "]")
        reader.depth -= 1
        return value
    raise ExpressionError(f"{text!r} is not supported" if text else "the expression ends too early")


def _items(reader: _Reader, *, run: bool) -> list[Json]:
    found: list[Json] = []
    while reader.peek() != "]":
        found.append(_either(reader, run=run))
        if reader.peek() == ",":
            reader.take()
        elif reader.peek() != "]":
            raise ExpressionError("',' or ']' expected")
    return found


def _fields(reader: _Reader, value: Json, *, run: bool) -> Json:
    while reader.peek() in (".", "?.", "["):
        mark = reader.take()[1]
        if mark == "[":
            key = _either(reader, run=run)
            reader.expect("]")
        else:
            kind, key = reader.take()
            if kind != "word":
                raise ExpressionError("a field name expected")
            if reader.peek() == "(":
                raise ExpressionError(f"method {key}() is not supported")
        value = _fetch(value, key, optional=mark == "?.", run=run)
    return value


def _fetch(value: Json, key: Json, *, optional: bool, run: bool) -> Json:
    if not run or (value is None and optional):
        return None
    if value is None:
        raise NilError(f"cannot fetch {key} from nil")
    if isinstance(value, dict) and not isinstance(key, list | dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    raise ExpressionError(f"cannot fetch {key} from {type(value).__name__}")
