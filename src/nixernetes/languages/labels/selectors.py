"""Label selectors as ``kubectl -l`` takes them: ``app=shop,tier in (web, api),!old,weight>3``.

Grammar, validation and messages are those of apimachinery ``pkg/labels/selector.go`` (v0.34.4). They select by
annotations, too. A label that is not there is not equal to anything: ``a!=b`` and ``a notin (b)`` hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.labels.names import label_key_problems, label_value_problems

__all__ = ["LabelOperator", "LabelRequirement", "LabelRequirements", "matches", "parse", "requirement"]

_LONGEST: Final = 65_536  # characters: no URL is longer
_SPECIAL: Final = "=!(),><"
_BLANK: Final = " \t\r\n"
_END: Final = "\0"  # Go's lexer reads a NUL as the end, too
_WORDS: Final = ("in", "notin")
_SYMBOLS: Final = (")", ",", "!", "==", "=", ">", "<", "!=", "(")
_OPERATORS: Final = "in, notin, =, ==, !=, gt, lt"
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}")


class LabelOperator(StrEnum):
    """How a requirement relates a label and its values."""

    EQUALS = "="
    DOUBLE_EQUALS = "=="
    NOT_EQUALS = "!="
    IN = "in"
    NOT_IN = "notin"
    EXISTS = "exists"
    DOES_NOT_EXIST = "!"
    GREATER = ">"
    LESS = "<"


_SETS: Final = (LabelOperator.IN, LabelOperator.NOT_IN)
_COMPARING: Final = (LabelOperator.GREATER, LabelOperator.LESS)
_EQUAL: Final = (LabelOperator.EQUALS, LabelOperator.DOUBLE_EQUALS, LabelOperator.IN)
_BINARY: Final = {each.value: each for each in LabelOperator if each.value not in ("exists", "!")}


@dataclass(frozen=True, slots=True)
class LabelRequirement:
    """What one label has to be.

    Attributes:
        key: its key.
        operator: how it relates to the values.
        values: the values.

    """

    key: str
    operator: LabelOperator
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels satisfy it."""
        value = labels.get(self.key)
        if self.operator in _EQUAL:
            return value in self.values
        if self.operator is LabelOperator.EXISTS:
            return value is not None
        if self.operator is LabelOperator.DOES_NOT_EXIST:
            return value is None
        if self.operator in _COMPARING:
            return value is not None and self._compares(value)
        return value not in self.values

    def _compares(self, value: str) -> bool:
        number, bound = _whole(value), _whole(self.values[0])
        if number is None or bound is None:
            return False
        return number > bound if self.operator is LabelOperator.GREATER else number < bound

    def __str__(self) -> str:
        """Return it as it is parsed."""
        if self.operator is LabelOperator.EXISTS:
            return self.key
        if self.operator is LabelOperator.DOES_NOT_EXIST:
            return f"!{self.key}"
        values = ",".join(sorted(self.values))
        if self.operator in _SETS:
            return f"{self.key} {self.operator} ({values})"
        return f"{self.key}{self.operator}{values}"


class LabelRequirements:
    """A selector: requirements that all have to be satisfied, sorted by key.

    Args:
        requirements: the requirements; none selects everything.

    """

    __slots__ = ("requirements",)

    def __init__(self, requirements: Iterable[LabelRequirement] = ()) -> None:
        self.requirements = tuple(sorted(requirements, key=lambda each: each.key))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelRequirements) and other.requirements == self.requirements

    def __hash__(self) -> int:
        return hash(self.requirements)

    def __repr__(self) -> str:
        return f"LabelRequirements({str(self)!r})"

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels satisfy all of it."""
        return all(each.matches(labels) for each in self.requirements)

    def __str__(self) -> str:
        """Return the selector as it is parsed."""
        return ",".join(map(str, self.requirements))


def matches(selector: str, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a selector; the empty one matches all.

    Raises:
        InputError: the selector cannot be parsed.

    """
    return parse(selector).matches(labels)


@lru_cache(maxsize=256)
def parse(selector: str) -> LabelRequirements:
    """Return what a selector requires.

    Raises:
        InputError: it cannot be parsed; the message is an API server's.

    """
    if len(selector) > _LONGEST:
        raise InputError(f"a selector of {len(selector):,} characters is too long: at most {_LONGEST:,}")
    return LabelRequirements(_Parser(selector).requirements())


def requirement(key: str, operator: LabelOperator, values: tuple[str, ...]) -> LabelRequirement:
    """Return a requirement whose parts may be used (``labels.NewRequirement``).

    Raises:
        InputError: a key, a value or their number that no label can have.

    """
    wrong = []
    told = label_key_problems(key)
    if told:
        wrong.append(f"key: Invalid value: {go_quoted(key)}: {'; '.join(told)}")
    if operator in _SETS and not values:
        wrong.append("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
    if operator in (LabelOperator.EXISTS, LabelOperator.DOES_NOT_EXIST) and values:
        shown = "[" + ",".join(map(go_quoted, values)) + "]"
        wrong.append(f"values: Invalid value: {shown}: values set must be empty for exists and does not exist")
    if operator in _COMPARING:
        detail = "for 'Gt', 'Lt' operators, the value must be an integer"
        wrong += [
            f"values[{at}]: Invalid value: {go_quoted(value)}: {detail}"
            for at, value in enumerate(values)
            if _whole(value) is None
        ]
    for at, value in enumerate(values):
        told = label_value_problems(value)
        if told:
            wrong.append(f"values[{at}][{key}]: Invalid value: {go_quoted(value)}: {'; '.join(told)}")
    if wrong:
        raise InputError(wrong[0] if len(wrong) == 1 else f"[{', '.join(dict.fromkeys(wrong))}]")
    return LabelRequirement(key, operator, values)


def _whole(text: str) -> int | None:
    """Return the number of 64 bits that a text spells, or None."""
    if not _INTEGER.fullmatch(text):
        return None
    number = int(text)
    return number if -(2**63) <= number < 2**63 else None


def _tokens(text: str) -> Iterator[str]:
    """Yield symbols, words and at last the end, as Go's lexer does."""
    at = 0
    while True:
        while at < len(text) and text[at] in _BLANK:
            at += 1
        if at >= len(text) or text[at] == _END:
            yield _END
            return
        start = at
        if text[at] in _SPECIAL:
            at += 2 if text[at : at + 2] in _SYMBOLS else 1
            yield text[start:at]
            continue
        while at < len(text) and text[at] not in _SPECIAL and text[at] not in _BLANK and text[at] != _END:
            at += 1
        yield text[start:at]
        if text[at : at + 1] == _END:
            at += 1


class _Parser:
    """Reads a selector by recursive descent.

    A word is a symbol, a word, or the end; ``in`` and ``notin`` are operators only where one is expected.
    """

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text)]
        self._at = 0

    def requirements(self) -> Iterator[LabelRequirement]:
        while self._ahead != _END:
            if not (_is_word(self._ahead) or self._ahead == "!"):
                raise InputError(f"found '{_shown(self._ahead)}', expected: !, identifier, or 'end of string'")
            try:
                yield self._requirement()
            except InputError as error:
                raise InputError(f"unable to parse requirement: {error.message}") from error
            word = self._next()
            if word == _END:
                return
            if word != ",":
                raise InputError(f"found '{_shown(word)}', expected: ',' or 'end of string'")
            if not (_is_word(self._ahead) or self._ahead == "!"):
                raise InputError(f"found '{_shown(self._ahead)}', expected: identifier after ','")

    @property
    def _ahead(self) -> str:
        return self._tokens[self._at]

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _requirement(self) -> LabelRequirement:
        word = self._next()
        is_absent = word == "!"
        key = self._next() if is_absent else word
        if not _is_word(key):
            raise InputError(f"found '{_shown(key)}', expected: identifier")
        told = label_key_problems(key)
        if told:
            raise InputError(f"<nil>: Invalid value: {go_quoted(key)}: {'; '.join(told)}")
        if is_absent:
            return requirement(key, LabelOperator.DOES_NOT_EXIST, ())
        if self._ahead in (_END, ","):
            return requirement(key, LabelOperator.EXISTS, ())
        word = self._next()
        operator = _BINARY.get(word)
        if operator is None:
            raise InputError(f"found '{_shown(word)}', expected: {_OPERATORS}")
        values = self._values() if operator in _SETS else {self._value()}
        return requirement(key, operator, tuple(sorted(values)))

    def _value(self) -> str:
        if self._ahead in (_END, ","):
            return ""
        word = self._next()
        if not _is_word(word):
            raise InputError(f"found '{_shown(word)}', expected: identifier")
        return word

    def _values(self) -> set[str]:
        word = self._next()
        if word != "(":
            raise InputError(f"found '{_shown(word)}' expected: '('")
        if self._ahead == ")":
            self._next()
            return {""}
        if not (_is_word(self._ahead) or self._ahead == ","):
            raise InputError(f"found '{_shown(self._ahead)}', expected: ',', ')' or identifier")
        found = self._listed()
        self._next()
        return found

    def _listed(self) -> set[str]:
        found: set[str] = set()
        while True:
            word = self._next()
            if _is_word(word):
                found.add(word)
                if self._ahead == ")":
                    return found
                if self._ahead != ",":
                    raise InputError(f"found '{_shown(self._ahead)}', expected: ',' or ')'")
            elif word == ",":
                if not found:
                    found.add("")
                if self._ahead == ")":
                    return found | {""}
                if self._ahead == ",":
                    self._next()
                    found.add("")
            else:
                raise InputError(f"found '{_shown(word)}', expected: ',', or identifier")


def _is_word(word: str) -> bool:
    return word != _END and word not in _SYMBOLS


def _shown(word: str) -> str:
    return "" if word == _END else word
