"""``semver_compare``: a version in a range (``blang/semver``).

A range is ``||`` of blank-separated comparisons, all of which must hold: ``>=1.0.0``, ``<2.0.0``, ``!1.2.3``,
``1.2.x``. A pre-release is before its release. A version that does not parse counts as 0.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.languages.semver import Version

__all__ = ["is_in_range"]

_STRICT: Final = re.compile(
    r"(0|[1-9]\d{0,17})\.(0|[1-9]\d{0,17})\.(0|[1-9]\d{0,17})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_TERM: Final = re.compile(r"(>=|=>|<=|=<|==|!=|>|<|=|!)?\s*([0-9xX*][0-9A-Za-z.*+-]*)")
_ANY: Final = ("x", "X", "*")
_LONGEST: Final = 2_000  # characters of a range

_COMPARISONS: Final[dict[str, Callable[[Version, Version], bool]]] = {
    "": lambda one, other: one == other,
    "!": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}
_SPELLED: Final = {"=": "", "==": "", "!=": "!", "=>": ">=", "=<": "<="}


def is_in_range(version: str, wanted: str) -> bool:
    """Tell whether a version is in a range.

    Raises:
        JmesPathError: the range does not parse.

    """
    if len(wanted) > _LONGEST:
        raise JmesPathError(f"a range of {len(wanted):,} characters is too long")
    at = _version(version) or Version(major=0, minor=0, patch=0)
    alternatives = [_terms(part) for part in wanted.split("||")]
    return any(all(_holds(at, operator, text, wanted) for operator, text in terms) for terms in alternatives)


def _version(text: str) -> Version | None:
    found = _STRICT.fullmatch(text)
    if found is None:
        return None
    return Version(major=int(found[1]), minor=int(found[2]), patch=int(found[3]), prerelease=found[4] or "", text=text)


def _terms(part: str) -> list[tuple[str, str]]:
    text = part.strip()
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None:
            raise JmesPathError(f'Could not get version from string: "{text[at:]}"')
        found.append((term[1] or "", term[2]))
        at = term.end()
        while at < len(text) and text[at] == " ":
            at += 1
    if not found:
        raise JmesPathError('Could not get version from string: ""')
    return found


def _holds(at: Version, operator: str, text: str, whole: str) -> bool:
    operator = _SPELLED.get(operator, operator)
    parts = text.split(".")
    if not any(each in _ANY for each in parts):
        wanted = _version(text)
        if wanted is None:
            raise JmesPathError(f'Could not parse version "{text}" in "{whole}"')
        return _COMPARISONS[operator](at, wanted)
    known = [int(each) for each in parts[: next(i for i, each in enumerate(parts) if each in _ANY)] if each.isdecimal()]
    low = Version(major=0, minor=0, patch=0) if not known else _padded(known)
    high = _padded([*known[:-1], known[-1] + 1]) if known else None
    match operator:
        case ">":
            return high is not None and at >= high
        case ">=":
            return at >= low
        case "<":
            return at < low
        case "<=":
            return high is None or at < high
    is_within = at >= low and (high is None or at < high)
    return is_within is not (operator == "!")


def _padded(numbers: list[int]) -> Version:
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return Version(major=major, minor=minor, patch=patch)
