"""Semantic versions and their constraints, as the Masterminds library of Flux, Argo CD and Helm reads them.

Versions are read leniently (``v1``, ``1.2``). A constraint is ``||`` of comma- or space-separated comparisons:
``=``, ``!=``, ``>``, ``<``, ``>=``, ``<=``, ``~``, ``^``, wildcards (``1.x``, ``*``) and ranges (``1.2 - 2.3``).
A version with a pre-release satisfies only comparisons that name a pre-release themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import total_ordering

__all__ = ["Constraint", "Version", "chosen", "newest", "parse_constraint", "parse_version"]

_VERSION = re.compile(
    r"v?(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?(?:\.(0|[1-9]\d*))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?\Z"
)
_PARTIAL = r"v?([0-9xX*]+)(?:\.([0-9xX*]+))?(?:\.([0-9xX*]+))?(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?"
_COMPARISON = re.compile(rf"(=>|=<|>=|<=|==|!=|~>|[=><~^]|)\s*{_PARTIAL}(?=[\s,]|\Z)")
_HYPHEN = re.compile(rf"\s*({_PARTIAL})\s+-\s+({_PARTIAL})\s*")
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
    return Version(int(found[1]), int(found[2] or 0), int(found[3] or 0), found[4] or "", text)


@dataclass(frozen=True, slots=True)
class _Comparison:
    operator: str
    version: Version
    minor_open: bool = False
    patch_open: bool = False
    any_open: bool = False

    def admits(self, version: Version) -> bool:
        if self.operator == "!=":
            return self._differs(version)
        if version.prerelease and not self.version.prerelease:
            return False
        return _OPERATORS[self.operator](self, version)

    def _differs(self, version: Version) -> bool:
        if not self.any_open:
            return version != self.version
        if version.prerelease and not self.version.prerelease:
            return False
        if version.major != self.version.major:
            return True
        if self.minor_open:
            return False
        if version.minor != self.version.minor:
            return True
        return not self.patch_open or version.prerelease != self.version.prerelease

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
        if mine.numbers == (0, 0, 0) and self.any_open and not self.minor_open and not self.patch_open:
            return True
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
_SPELLINGS = {"": "=", "==": "=", "=>": ">=", "=<": "<=", "~>": "~"}


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
        return any(all(each.admits(version) for each in group) for group in self._alternatives)


def parse_constraint(text: str) -> Constraint:
    """Parse a constraint.

    Raises:
        ValueError: the text is not a constraint.

    """
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"improper constraint: longer than {_MAX_LENGTH} characters")
    return Constraint(text, tuple(_alternative(part, text) for part in text.split("||")))


def _alternative(part: str, whole: str) -> tuple[_Comparison, ...]:
    part = _HYPHEN.sub(lambda found: f" >={found[1]},<={found[7]} ", part)
    position = 0
    comparisons: list[_Comparison] = []
    while True:
        while position < len(part) and part[position] in " \t,":
            position += 1
        if position == len(part) and comparisons:
            return tuple(comparisons)
        found = _COMPARISON.match(part, position)
        comparison = _comparison(found) if found else None
        if found is None or comparison is None:
            raise ValueError(f"improper constraint: {whole}")
        comparisons.append(comparison)
        position = found.end()


def _comparison(found: re.Match[str]) -> _Comparison | None:
    operator = _SPELLINGS.get(found[1], found[1])
    major, minor, patch, prerelease = found[2], found[3], found[4], found[5] or ""
    if _is_open(major):
        return _Comparison(operator, Version(0, 0, 0, prerelease), any_open=True)
    if _is_open(minor):
        version = parse_version(f"{major}.0.0")
    else:
        version = parse_version(f"{major}.{minor}.{'0' if _is_open(patch) else patch}")
    if version is None:
        return None
    version = Version(*version.numbers, prerelease)
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
