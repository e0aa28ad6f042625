"""Semantic versions (k8s.io/apiserver ``pkg/cel/library/semverlib.go``, blang/semver)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.values import Opaque
from nixernetes.languages.go_quoting import go_quoted

__all__ = ["SEMVERS", "Semver"]

_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") | _DIGITS
_LONGEST = 1_000
_NAMES = ("major", "minor", "patch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Semver(Opaque):
    """A version; what is built on does not count when versions are compared."""

    type_name: ClassVar[str] = "kubernetes.Semver"
    numbers: tuple[int, int, int]
    pre: tuple[str, ...] = ()
    build: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Semver) and self.order() == other.order()

    def __hash__(self) -> int:
        return hash(self.order())

    def __str__(self) -> str:
        text = ".".join(map(str, self.numbers))
        text += f"-{'.'.join(self.pre)}" if self.pre else ""
        return text + (f"+{'.'.join(self.build)}" if self.build else "")

    def order(self) -> tuple[object, ...]:
        """Return what versions are sorted by: a release comes after what precedes it, numbers before words."""
        parts = tuple((0, int(part), "") if _DIGITS.issuperset(part) else (1, 0, part) for part in self.pre)
        return (self.numbers, not self.pre, parts)


def _parse(text: str) -> Semver:
    if not text:
        raise EvaluationError("Version string empty")
    if len(text) > _LONGEST:
        raise EvaluationError("Version string is too long")
    parts = text.split(".", 2)
    if len(parts) != 3:
        raise EvaluationError("No Major.Minor.Patch elements found")
    patch, _, build = parts[2].partition("+")
    patch, dash, pre = patch.partition("-")
    major, minor, last = (_number(name, part) for name, part in zip(_NAMES, (parts[0], parts[1], patch), strict=True))
    builds = tuple(build.split(".")) if "+" in parts[2] else ()
    for each in builds:
        if not each:
            raise EvaluationError("Build meta data is empty")
        if not _LETTERS.issuperset(each):
            raise EvaluationError(f"Invalid character(s) found in build meta data {go_quoted(each)}")
    pres = tuple(_prerelease(each) for each in pre.split(".")) if dash else ()
    return Semver(numbers=(major, minor, last), pre=pres, build=builds)


def _number(name: str, text: str) -> int:
    quoted = go_quoted(text)
    if not _DIGITS.issuperset(text):
        raise EvaluationError(f"Invalid character(s) found in {name} number {quoted}")
    if len(text) > 1 and text[0] == "0":
        capital = name.capitalize()
        raise EvaluationError(f"{capital} number must not contain leading zeroes {quoted}")
    if not text or int(text) >= 2**64:
        reason = "invalid syntax" if not text else "value out of range"
        raise EvaluationError(f"strconv.ParseUint: parsing {quoted}: {reason}")
    return int(text)


def _prerelease(text: str) -> str:
    if not text:
        raise EvaluationError("Prerelease is empty")
    if _DIGITS.issuperset(text):
        if len(text) > 1 and text[0] == "0":
            raise EvaluationError(f"Numeric PreRelease version must not contain leading zeroes {go_quoted(text)}")
    elif not _LETTERS.issuperset(text):
        raise EvaluationError(f"Invalid character(s) found in prerelease {go_quoted(text)}")
    return text


def _normalized(text: str) -> str:
    """Make what people write a version: ``v1.02`` is 1.2.0."""
    parts = text.removeprefix("v").split(".", 2)
    for index, part in enumerate(parts):
        if len(part) > 1:
            bare = part.lstrip("0")
            parts[index] = bare if bare and bare[0] in _DIGITS else f"0{bare}"
    if len(parts) < 3:
        if "+" in parts[-1] or "-" in parts[-1]:
            raise EvaluationError("short version cannot contain PreRelease/Build meta data")
        parts += ["0"] * (3 - len(parts))
    return ".".join(parts)


def _semver(text: str, normalize: bool = False) -> Semver:
    return _parse(_normalized(text) if normalize else text)


def _is_semver(text: str, normalize: bool = False) -> bool:
    try:
        _semver(text, normalize)
    except EvaluationError:
        return False
    return True


def _compare(one: Semver, other: Semver) -> int:
    first, second = one.order(), other.order()
    return -1 if first < second else int(first > second)


_TYPE = "kubernetes.Semver"
SEMVERS = Library(
    name="kubernetes.Semver",
    functions=(
        function("semver", f"(string) -> {_TYPE}", _semver),
        function("semver", f"(string, bool) -> {_TYPE}", _semver),
        function("isSemver", "(string) -> bool", _is_semver),
        function("isSemver", "(string, bool) -> bool", _is_semver),
        function("isGreaterThan", f"{_TYPE}.({_TYPE}) -> bool", lambda one, other: _compare(one, other) > 0),
        function("isLessThan", f"{_TYPE}.({_TYPE}) -> bool", lambda one, other: _compare(one, other) < 0),
        function("compareTo", f"{_TYPE}.({_TYPE}) -> int", _compare),
        function("major", f"{_TYPE}.() -> int", lambda one: one.numbers[0]),
        function("minor", f"{_TYPE}.() -> int", lambda one: one.numbers[1]),
        function("patch", f"{_TYPE}.() -> int", lambda one: one.numbers[2]),
    ),
    constants={_TYPE: type_constant(_TYPE)},
)
