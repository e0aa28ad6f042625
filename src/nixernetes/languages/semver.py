"""Semantic versions and their constraints, as the Masterminds library of Flux, Argo CD and Helm reads them.

Versions are read leniently (``v1``, ``1.2``). A constraint is ``||`` of comma- or space-separated comparisons:
``=``, ``!=``, ``>``, ``<``, ``>=``, ``<=``, ``~``, ``^``, wildcards (``1.x``, ``*``) and ranges (``1.2 - 2.3``).
A version with a pre-release satisfies only an alternative that names a pre-release somewhere. As ``version.go`` and
``constraints.go`` of ``Masterminds/semver`` 3.5.0, numbers with zeros in front (``2025.02.03``) too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import total_ordering

__all__ = ["Constraint", "Version", "chosen", "newest", "parse_constraint", "parse_version"]

_LABELS = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_VERSION = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_LABELS}\Z")
_BLANK = r"[ \t\n\f\r]"
# A bar is a digit to Masterminds, so that a range that follows ``||`` at once takes it along.
_PARTIAL = rf"v?([0-9xX*|]+)(?:\.([0-9xX*|]+))?(?:\.([0-9xX*|]+))?{_LABELS}"
_COMPARISON = re.compile(rf"(=>|=<|>=|<=|!=|~>|[=><~^]|){_BLANK}*{_PARTIAL}(?={_BLANK}|,|\Z)")
_BETWEEN = re.compile(rf"{_BLANK}+(?:,{_BLANK}*)?|,{_BLANK}*")
_HYPHEN = re.compile(rf"{_BLANK}*({_PARTIAL}){_BLANK}+-{_BLANK}+({_PARTIAL}){_BLANK}*")
_MOST = 2**64  # of each number, in Go
_MAX_GROUPS = 32  # alternatives, of Masterminds itself
_MAX_LENGTH = 512  # an honest constraint fits many times over


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A version; equality and order leave the build metadata out (semver, section 10).

    Attributes:
        major: the first number.
        minor: the second.
        patch: the third.
        prerelease: what follows ``-``, or ``""``.
        text: the version as it was written.

    """

    major: int
    minor: int
    patch: int
    prerelease: str = ""
    text: str = ""

    @property
    def numbers(self) -> tuple[int, int, int]:
        """The three numbers."""
        return self.major, self.minor, self.patch

    def _key(self) -> tuple[object, ...]:
        parts = tuple(
            (0, int(part), "") if part.isdigit() else (1, 0, part) for part in self.prerelease.split(".") if part
        )
        return (*self.numbers, not self.prerelease, parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return self.text or ".".join(map(str, self.numbers)) + (f"-{self.prerelease}" if self.prerelease else "")


def parse_version(text: str) -> Version | None:
    """Parse a version; None when the text is not one."""
    found = _VERSION.match(text) if len(text) <= _MAX_LENGTH else None
    if found is None:
        return None
    numbers = [int(found[at] or 0) for at in (1, 2, 3)]
    prerelease = found[4] or ""
    padded = any(len(part) > 1 and part.isdigit() and part[0] == "0" for part in prerelease.split("."))
    if padded or max(numbers) >= _MOST:
        return None
    return Version(numbers[0], numbers[1], numbers[2], prerelease, text)


@dataclass(frozen=True, slots=True)
class _Comparison:
    operator: str
    version: Version
    minor_open: bool = False
    patch_open: bool = False
    any_open: bool = False

    def admits(self, version: Version) -> bool:
        return self._differs(version) if self.operator == "!=" else _OPERATORS[self.operator](self, version)

    def _differs(self, version: Version) -> bool:
        if not self.any_open or version.major != self.version.major:
            return version != self.version
        if self.minor_open:
            return False
        if version.minor != self.version.minor:
            return True
        return version.prerelease != self.version.prerelease if self.patch_open else version != self.version

    def _greater(self, version: Version) -> bool:
        if not self.any_open or version.major != self.version.major:
            return version > self.version
        if self.minor_open:
            return False
        return version.minor > self.version.minor if self.patch_open else version > self.version

    def _less_or_equal(self, version: Version) -> bool:
        if not self.any_open:
            return version <= self.version
        if version.major > self.version.major:
            return False
        return version.major < self.version.major or self.minor_open or version.minor <= self.version.minor

    def _tilde(self, version: Version) -> bool:
        if version < self.version:
            return False
        if self.version.numbers == (0, 0, 0) and not self.minor_open and not self.patch_open:
            return True  # so reads Masterminds: a bare wildcard, and ~0.0.0, admit everything
        same_minor = version.minor == self.version.minor or self.minor_open
        return version.major == self.version.major and same_minor

    def _equal(self, version: Version) -> bool:
        return self._tilde(version) if self.any_open else version == self.version

    def _caret(self, version: Version) -> bool:
        mine = self.version
        if version < mine:
            return False
        if mine.major > 0 or self.minor_open:
            return version.major == mine.major
        if version.major > 0:
            return False
        if mine.minor > 0 or self.patch_open:
            return version.minor == mine.minor
        return version.minor == 0 and version.patch == mine.patch


_OPERATORS: dict[str, Callable[[_Comparison, Version], bool]] = {
    "=": _Comparison._equal,  # noqa: SLF001  # the table belongs to the class
    ">": _Comparison._greater,  # noqa: SLF001  # same
    "<": lambda comparison, version: version < comparison.version,
    ">=": lambda comparison, version: version >= comparison.version,
    "<=": _Comparison._less_or_equal,  # noqa: SLF001  # same
    "~": _Comparison._tilde,  # noqa: SLF001  # same
    "^": _Comparison._caret,  # noqa: SLF001  # same
}
_SPELLINGS = {"": "=", "=>": ">=", "=<": "<=", "~>": "~"}


@dataclass(frozen=True, slots=True)
class Constraint:
    """Alternatives of comparisons that must all hold.

    Attributes:
        text: the constraint as it was written.

    """

    text: str
    _alternatives: tuple[tuple[_Comparison, ...], ...]

    def admits(self, version: Version) -> bool:
        """Tell whether a version satisfies the constraint."""
        return any(_all_admit(group, version) for group in self._alternatives)


def _all_admit(group: tuple[_Comparison, ...], version: Version) -> bool:
    """Tell whether a version fits all; a pre-release only where one of them names a pre-release."""
    if version.prerelease and not any(each.version.prerelease for each in group):
        return False
    return all(each.admits(version) for each in group)


def parse_constraint(text: str) -> Constraint:
    """Parse a constraint.

    Raises:
        ValueError: the text is not a constraint.

    """
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"improper constraint: longer than {_MAX_LENGTH} characters")
    parts = _HYPHEN.sub(lambda found: f">= {found[1]}, <= {found[7]} ", text).split("||")
    if len(parts) > _MAX_GROUPS:
        raise ValueError(f"too many constraint groups (max {_MAX_GROUPS})")
    return Constraint(text, tuple(map(_alternative, parts)))


def _alternative(part: str) -> tuple[_Comparison, ...]:
    comparisons: list[_Comparison] = []
    position, end = len(part) - len(part.lstrip(" \t\n\f\r")), len(part.rstrip(" \t\n\f\r"))
    while True:
        found = _COMPARISON.match(part, position, end)
        if found is None:
            raise ValueError(f"improper constraint: {part}")
        comparison = _comparison(found)
        if comparison is None:
            raise ValueError("constraint parser error")
        comparisons.append(comparison)
        if found.end() == end:
            return tuple(comparisons)
        between = _BETWEEN.match(part, found.end(), end)
        position = end if between is None else between.end()


def _comparison(found: re.Match[str]) -> _Comparison | None:
    operator = _SPELLINGS.get(found[1], found[1])
    major, minor, patch, prerelease = found[2], found[3], found[4], found[5] or ""
    if _is_open(major):
        version = parse_version(f"0.0.0{'-' if prerelease else ''}{prerelease}")
        return None if version is None else _Comparison(operator, version, any_open=True)
    numbers = f"{major}.0.0" if _is_open(minor) else f"{major}.{minor}.{'0' if _is_open(patch) else patch}"
    version = parse_version(f"{numbers}{'-' if prerelease else ''}{prerelease}")
    if version is None:
        return None
    return _Comparison(
        operator,
        version,
        minor_open=_is_open(minor),
        patch_open=not _is_open(minor) and _is_open(patch),
        any_open=_is_open(patch) or _is_open(minor),
    )


def _is_open(part: str | None) -> bool:
    return part is None or part in ("x", "X", "*")


def chosen(texts: Collection[str], wanted: str) -> str:
    """Choose a version as Helm does: that very text first, else the newest that the constraint admits.

    Args:
        texts: the versions there are.
        wanted: a version or a constraint; ``""`` means any.

    Returns:
        One of the texts, or ``""`` for none.

    Raises:
        ValueError: the constraint cannot be read.

    """
    if wanted in texts:
        return wanted
    found = newest(texts, parse_constraint(wanted or "*"))
    return found[0] if found else ""


def newest(texts: Iterable[str], constraint: Constraint) -> list[str]:
    """Return the texts of the highest version that satisfies the constraint; several when they are equal versions."""
    versions = [version for version in map(parse_version, texts) if version and constraint.admits(version)]
    if not versions:
        return []
    top = max(versions)
    return [version.text for version in versions if version == top]
