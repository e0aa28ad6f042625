"""The texts of ``labelSelector`` and ``fieldSelector`` (apimachinery ``pkg/labels``, ``pkg/fields``, v0.34.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.errors import InputError
from nixernetes.languages.labels import selectors
from nixernetes.languages.labels.selectors import LabelRequirements

__all__ = ["FieldRequirement", "FieldRequirements", "parse_fields", "parse_labels"]

_OPERATORS: Final = ("!=", "==", "=")
_ESCAPED: Final = "\\,="


@dataclass(frozen=True, slots=True)
class FieldRequirement:
    """What one field has to be.

    Attributes:
        field: its path.
        value: the value.
        differs: whether the field has to be another one.

    """

    field: str
    value: str
    differs: bool = False

    def matches(self, fields: Callable[[str], str]) -> bool:
        """Tell whether an object satisfies it, whose fields a function tells; a field without a value is ``""``."""
        return (fields(self.field) == self.value) is not self.differs

    def __str__(self) -> str:
        """Return it as it is parsed."""
        value = "".join(f"\\{char}" if char in _ESCAPED else char for char in self.value)
        return f"{self.field}{'!=' if self.differs else '='}{value}"


class FieldRequirements:
    """A field selector: requirements that all have to be satisfied.

    Args:
        requirements: the requirements; none selects everything.

    """

    __slots__ = ("requirements",)

    def __init__(self, requirements: Iterable[FieldRequirement] = ()) -> None:
        self.requirements = tuple(requirements)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldRequirements) and other.requirements == self.requirements

    def __hash__(self) -> int:
        return hash(self.requirements)

    def matches(self, fields: Callable[[str], str]) -> bool:
        """Tell whether an object satisfies all of it, whose fields a function tells."""
        return all(each.matches(fields) for each in self.requirements)

    def exact(self, field: str) -> str | None:
        """Return the one value that a field has to have, or None."""
        return next((each.value for each in self.requirements if each.field == field and not each.differs), None)

    def __str__(self) -> str:
        """Return the selector as it is parsed."""
        return ",".join(map(str, self.requirements))


def parse_labels(text: str) -> LabelRequirements:
    """Return what a label selector requires.

    Raises:
        ApiError: BadRequest, it cannot be parsed.

    """
    try:
        return selectors.parse(text)
    except InputError as error:
        raise ApiError("BadRequest", error.message) from error


def parse_fields(text: str) -> FieldRequirements:
    """Return what a field selector requires, sorted as the terms are written.

    Raises:
        ApiError: BadRequest, it cannot be parsed.

    """
    found = []
    for term in sorted(_terms(text)):
        if not term:
            continue
        parts = _parts(term)
        if parts is None:
            raise ApiError("BadRequest", f"invalid selector: '{text}'; can't understand '{term}'")
        field, operator, value = parts
        found.append(FieldRequirement(field, _unescaped(value), operator == "!="))
    return FieldRequirements(found)


def _terms(text: str) -> Iterator[str]:
    """Yield the parts between commas that no backslash stands before."""
    start, is_escaped = 0, False
    for at, char in enumerate(text):
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == ",":
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _parts(term: str) -> tuple[str, str, str] | None:
    for at in range(len(term)):
        for operator in _OPERATORS:
            if term.startswith(operator, at):
                return term[:at], operator, term[at + len(operator) :]
    return None


def _unescaped(text: str) -> str:
    found, is_escaped = [], False
    for char in text:
        if is_escaped:
            if char not in _ESCAPED:
                raise ApiError("BadRequest", f"invalid field selector: invalid escape sequence: \\{char}")
            found.append(char)
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char in _ESCAPED:
            # Go prints the rune as a number.
            raise ApiError("BadRequest", f"invalid field selector: unescaped character in value: {ord(char)}")
        else:
            found.append(char)
    if is_escaped:
        raise ApiError("BadRequest", "invalid field selector: invalid escape sequence: \\")
    return "".join(found)
