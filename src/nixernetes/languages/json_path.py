"""JSONPath as Kubernetes reads it in columns of custom resources (client-go ``util/jsonpath``, v0.34.4).

A path is a chain of steps; each takes the values found so far, and gives new ones. What is not there gives none. Keys
of objects come sorted, where Go's are in no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["JsonPath", "parse"]

_LONGEST: Final = 4096  # characters; no column needs more
_MOST: Final = 100_000  # values that a path may find on its way; the work must end
_TERMINATORS: Final = frozenset(" \t\r\n.,[]$@{}")
_KEY: Final = re.compile(r"'([^']*)'")
_SLICE: Final = re.compile(r"(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?", re.ASCII)
_FILTER: Final = re.compile(r"([^!<>=]+)([!<>=]+)(.+)", re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?[0-9.]*")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_COMPARISONS: Final[dict[str, Callable[[Json, Json], bool]]] = {
    "==": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}
Step = Callable[[Sequence[Json]], list[Json]]


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path that was parsed."""

    steps: tuple[Step, ...]

    def find(self, data: Json) -> list[Json]:
        """Return what is there.

        Raises:
            InputError: an index out of bounds, or a value that a step cannot be taken from.

        """
        return _walk(self.steps, [data])


@lru_cache(maxsize=1024)
def parse(text: str) -> JsonPath:
    """Return a path, without the braces that stand around it in templates.

    Raises:
        InputError: it cannot be parsed.

    """
    if len(text) > _LONGEST:
        raise InputError(f"a JSONPath of {len(text):,} characters is too long: at most {_LONGEST:,}")
    return JsonPath(tuple(_Reader(text).steps()))


def _walk(steps: Sequence[Step], values: list[Json]) -> list[Json]:
    for step in steps:
        values = step(values)
        if len(values) > _MOST:
            raise InputError(f"a JSONPath finds more than {_MOST:,} values")
    return values


class _Reader:
    """Reads the steps of a path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def steps(self) -> Iterator[Step]:
        while self._at < len(self._text):
            if self._takes("[?("):
                yield self._filter()
            elif self._takes(".."):
                yield _descend
                if self._text[self._at : self._at + 1].isalnum() or self._text[self._at : self._at + 1] == "_":
                    yield self._field()
            elif self._takes("."):
                yield self._field()
            elif self._takes("["):
                yield self._array()
            elif self._text[self._at] in " @$":
                self._at += 1
            else:
                yield self._constant()

    def _takes(self, mark: str) -> bool:
        is_there = self._text.startswith(mark, self._at)
        self._at += len(mark) if is_there else 0
        return is_there

    def _field(self) -> Step:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in _TERMINATORS:
            self._at += 2 if self._text[self._at] == "\\" else 1
        name = self._text[start : self._at]
        return _each if name == "*" else _key(name.replace("\\", ""))

    def _array(self) -> Step:
        end = self._text.find("]", self._at)
        if end < 0:
            raise InputError("unterminated array")
        text, self._at = self._text[self._at : end], end + 1
        parts = text.split(",")
        if len(parts) > 1:
            return _union([parse(f"[{part.strip(' ')}]").steps for part in parts])
        named = _KEY.fullmatch(text)
        if named is not None:
            steps = parse(f".{named[1]}").steps
            return lambda values: _walk(steps, [*values])
        return _slice(":" if text == "*" else text)

    def _filter(self) -> Step:
        start, quote = self._at, ""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in "\"'" and not quote:
                quote = char
            elif char == quote and self._text[self._at - 1] != "\\":
                quote = ""
            elif char == ")" and not quote:
                break
            self._at += 1
        text = self._text[start : self._at]
        if not self._takes(")]"):
            raise InputError("unterminated filter")
        found = _FILTER.fullmatch(text)
        if found is None:
            return _having(parse(text).steps)
        if found[2] not in _COMPARISONS:
            raise InputError(f"unrecognized filter operator {found[2]}")
        return _comparing(parse(found[1]).steps, found[2], parse(found[3]).steps)

    def _constant(self) -> Step:
        char = self._text[self._at]
        if char in "\"'":
            return self._quoted(char)
        if char in "+-" or char.isdigit():
            found = _NUMBER.match(self._text, self._at)
            text = found[0] if found is not None else ""
            self._at += len(text)
            try:
                return _given(float(text) if "." in text else int(text))
            except ValueError as error:
                raise InputError(f"cannot parse number {text}") from error
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in _TERMINATORS:
            self._at += 1
        word = self._text[start : self._at]
        if word in ("true", "false"):
            return _given(word == "true")
        raise InputError(f"unrecognized identifier {word}" if word else f"unrecognized character in action: {char!r}")

    def _quoted(self, quote: str) -> Step:
        end = self._at + 1
        while end < len(self._text) and (self._text[end] != quote or self._text[end - 1] == "\\"):
            end += 1
        if end >= len(self._text):
            raise InputError("unterminated quoted string")
        text, self._at = self._text[self._at + 1 : end], end + 1
        return _given(_ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), text))


def _given(value: Json) -> Step:
    return lambda values: [value for _ in values]


def _key(name: str) -> Step:
    return lambda values: [each[name] for each in values if isinstance(each, dict) and name in each]


def _inside(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return [value[name] for name in sorted(value)]
    return list(value) if isinstance(value, list) else []


def _each(values: Sequence[Json]) -> list[Json]:
    return [inner for each in values for inner in _inside(each)]


def _descend(values: Sequence[Json]) -> list[Json]:
    found: list[Json] = []
    waiting = [*reversed(values)]
    while waiting:
        value = waiting.pop()
        inner = _inside(value)
        if inner:
            found.append(value)
            waiting += reversed(inner)
        if len(found) > _MOST:
            raise InputError(f"a JSONPath finds more than {_MOST:,} values")
    return found


def _union(parts: Sequence[Sequence[Step]]) -> Step:
    return lambda values: [found for part in parts for found in _walk(part, [*values])]


def _slice(text: str) -> Step:
    found = _SLICE.fullmatch(text)
    if found is None or any(part and len(part) > 12 for part in found.groups()):
        raise InputError(f"invalid array index {text}")
    if found[1] == "-" or ":-" in (found[2], found[3]):
        raise InputError(f"array index {text} is not a number")
    first = int(found[1]) if found[1] else None
    last = int(found[2][1:]) if found[2] and found[2] != ":" else None
    step = int(found[3][1:]) if found[3] and found[3] != ":" else 1

    def read(values: Sequence[Json]) -> list[Json]:
        given: list[Json] = []
        for value in values:
            if value is None:
                continue
            if not isinstance(value, list):
                raise InputError(f"{type(value).__name__} is not array or slice")
            given += _between(value, first, last, is_one=not found[2])[::step]
        return given

    if step <= 0:
        raise InputError("step must be > 0")
    return read


def _between(items: list[Json], first: int | None, last: int | None, *, is_one: bool) -> list[Json]:
    size = len(items)
    start = 0 if first is None else first + size if first < 0 else first
    end = size if last is None else last + size if last < 0 else last
    stop = start + 1 if is_one else end
    if start == stop:
        return []
    if not 0 <= start < size:
        raise InputError(f"array index out of bounds: index {start}, length {size}")
    if not 0 <= stop <= size:
        raise InputError(f"array index out of bounds: index {stop - 1}, length {size}")
    if start > stop:
        raise InputError(f"starting index {start} is greater than ending index {stop}")
    return items[start:stop]


def _filtered(values: Sequence[Json], keeps: Callable[[Json], bool]) -> list[Json]:
    found: list[Json] = []
    for value in values:
        if not isinstance(value, list):
            raise InputError(f"{type(value).__name__} is not array or slice and cannot be filtered")
        found += [item for item in value if keeps(item)]
    return found


def _having(steps: Sequence[Step]) -> Step:
    return lambda values: _filtered(values, lambda item: bool(_walk(steps, [item])))


def _comparing(left: Sequence[Step], operator: str, right: Sequence[Step]) -> Step:
    def keeps(item: Json) -> bool:
        lefts, rights = _walk(left, [item]), _walk(right, [item])
        if len(lefts) > 1 or len(rights) > 1:
            raise InputError("can only compare one element at a time")
        if not lefts or not rights:
            return False
        one, other = lefts[0], rights[0]
        # Go compares within one basic type; booleans are only equal or not.
        is_basic = isinstance(one, str | int | float) and not (isinstance(one, bool) and operator not in ("==", "!="))
        if type(one) is not type(other) or not is_basic:
            raise InputError("incompatible types for comparison")
        return _COMPARISONS[operator](one, other)

    return lambda values: _filtered(values, keeps)
