"""``validate.pattern``: a pattern with anchors, held against an object (Kyverno, ``pkg/engine/validate``, ``anchor``).

The first mismatch is the answer: a failure with its path, or a skip where an anchor says that the pattern is not about
this object. As in Kyverno a skip is told from a failure by how it came about, however deeply it is wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from nixernetes.kyverno.engine.scalars import is_matched, shown
from nixernetes.kyverno.engine.wildcards import has_wildcard, matches
from nixernetes.objects.manifest import Json

__all__ = ["Mismatch", "anchor_of", "mismatch", "phases_of"]

_ANCHOR: Final = re.compile(r"([+<=X^])?\((.+)\)")
_DEEPEST: Final = 200
_NO_LIST: Final = "resource does not satisfy the expected overlay pattern"
_LIST_WANTED: Final = "Existence ^ () anchor can be used only on list/array type resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Why an object does not fit a pattern.

    Attributes:
        path: where, such as ``/spec/containers/0/image/``.
        reason: the words of Kyverno.
        status: ``fail``, ``skip`` or ``error``, as the row of the rule has it.
        direct: whether an anchor said so itself, and not something below it.
        negated: whether a ``X()`` anchor was there.

    """

    path: str
    reason: str
    status: str = "fail"
    direct: bool = False
    negated: bool = False


def mismatch(pattern: Json, value: Json) -> Mismatch | None:
    """Return why a value does not fit a pattern, None if it does."""
    walk = _Walk()
    found = walk.element(pattern, value, "/", 0)
    if found is None or found.status == "skip" or found.negated:
        return found
    missing = walk.anchors - walk.met
    if missing:
        return Mismatch(path="", reason=found.reason, status="error")
    return found if found.path else Mismatch(path="", reason=found.reason, status="error")


@lru_cache(maxsize=4096)
def anchor_of(key: str) -> tuple[str, str]:
    """Return the kind of an anchor (``()`` for a condition, ``""`` for none) and its key."""
    found = _ANCHOR.fullmatch(key.strip())
    return (found[1] or "()", found[2]) if found else ("", key)


def _has_anchors(pattern: Json) -> bool:
    if isinstance(pattern, dict):
        return any(
            anchor_of(key)[0] in ("()", "<", "=", "X", "^") or _has_anchors(item) for key, item in pattern.items()
        )
    return isinstance(pattern, list) and any(_has_anchors(item) for item in pattern)


class _Walk:
    """One comparison, with the keys of condition and existence anchors that were met on the way."""

    def __init__(self) -> None:
        self.anchors: set[str] = set()
        self.met: set[str] = set()

    def element(self, pattern: Json, value: Json, path: str, depth: int) -> Mismatch | None:
        if depth > _DEEPEST:
            return Mismatch(path=path, reason=f"pattern is nested more than {_DEEPEST} deep", status="fail")
        if isinstance(pattern, dict):
            if not isinstance(value, dict):
                told = f"Path: {path}. Expected map[string]interface {{}}, found {_go_type(value)}"
                return Mismatch(path=path, reason=f"pattern and resource have different structures. {told}")
            return self.mapping(_expanded(pattern, value), value, path, depth)
        if isinstance(pattern, list):
            if not isinstance(value, list):
                return Mismatch(path=path, reason=f"validation rule failed at path {path}, {_NO_LIST}")
            return self.sequence(pattern, value, path, depth)
        values = value if isinstance(value, list) else [value]
        for each in values:
            if not is_matched(pattern, each):
                told = f"resource value '{shown(value)}' does not match '{shown(pattern)}'"
                return Mismatch(path=path, reason=f"{told} at path {path}")
        return None

    def mapping(self, pattern: Mapping[str, Json], value: Mapping[str, Json], path: str, depth: int) -> Mismatch | None:
        first, others = phases_of(pattern)
        skips: list[Mismatch] = []
        applied = 0
        for key in first:
            found = self.anchored(key, pattern[key], value, path, depth)
            if found is None:
                applied += 1
            elif found.status == "skip":
                skips.append(found)
            elif not any(skip.direct for skip in skips):
                return found
        if skips and (not applied or any(skip.direct for skip in skips)):
            return _joined(skips, path)
        for key in others:
            found = self.anchored(key, pattern[key], value, path, depth)
            if found is not None:
                return found
        return None

    def anchored(self, key: str, pattern: Json, value: Mapping[str, Json], path: str, depth: int) -> Mismatch | None:
        kind, name = anchor_of(key)
        below = f"{path}{name}/"
        if kind in ("", "+"):
            return self.plain(key, pattern, value, path, depth)
        if kind in ("()", "^"):
            self.anchors.add(name)
            if name in value:
                self.met.add(name)
        if kind == "()":
            if name not in value:
                text = "conditional anchor mismatch: conditional anchor key doesn't exist in the resource"
                return Mismatch(path=below, reason=text, status="skip", direct=True)
            return _as_skip("conditional anchor mismatch", self.element(pattern, value[name], below, depth + 1))
        if kind == "X":
            reason = f"negation anchor matched in resource: {below} is not allowed"
            return Mismatch(path=below, reason=reason, negated=True) if name in value else None
        if name not in value:
            return None
        if kind == "<":
            return _as_skip("global anchor mismatch", self.element(pattern, value[name], below, depth + 1))
        if kind == "=":
            return _wrapped(self.element(pattern, value[name], below, depth + 1))
        return self.existing(pattern, value[name], below, depth)

    def plain(self, key: str, pattern: Json, value: Mapping[str, Json], path: str, depth: int) -> Mismatch | None:
        if pattern == "*":
            if key in value and value[key] is not None:
                return None
            return Mismatch(path=path, reason=f"{path}/{key} not found")
        return _wrapped(self.element(pattern, value.get(key), f"{path}{key}/", depth + 1))

    def existing(self, pattern: Json, value: Json, path: str, depth: int) -> Mismatch | None:
        if not isinstance(value, list) or not isinstance(pattern, list):
            return Mismatch(path=path, reason=f"invalid resource type {_go_type(value)}: {_LIST_WANTED}")
        for wanted in pattern:
            places = enumerate(value)
            if not any(self.element(wanted, each, f"{path}{index}/", depth + 1) is None for index, each in places):
                return Mismatch(path=path, reason=f"existence anchor validation failed at path {path}")
        return None

    def sequence(self, pattern: list[Json], value: list[Json], path: str, depth: int) -> Mismatch | None:
        if not pattern:
            return Mismatch(path=path, reason="pattern Array empty")
        if isinstance(pattern[0], dict):
            return self.elements(pattern[0], value, path, depth)
        if not isinstance(pattern[0], list):
            return self.element(pattern[0], value, path, depth + 1)
        if len(value) < len(pattern):
            told = f"resource Array len is {len(value)} and pattern Array len is {len(pattern)}"
            return Mismatch(path="", reason=f"validate Array failed, array length mismatch, {told}")
        skips: list[Mismatch] = []
        for index, (wanted, each) in enumerate(zip(pattern, value, strict=False)):
            found = self.element(wanted, each, f"{path}{index}/", depth + 1)
            if found is not None and found.status != "skip":
                return _wrapped(found)
            skips += [found] if found is not None else []
        return _joined(skips, path) if len(skips) == len(pattern) else None

    def elements(self, pattern: Json, value: list[Json], path: str, depth: int) -> Mismatch | None:
        skips: list[Mismatch] = []
        for index, each in enumerate(value):
            found = self.element(pattern, each, f"{path}{index}/", depth + 1)
            if found is None:
                continue
            if found.status != "skip":
                return _wrapped(found)
            skips.append(found)
        return _joined(skips, path) if skips and len(skips) == len(value) else None


_Phases: TypeAlias = tuple[list[str], list[str]]
_PHASES: dict[int, tuple[Mapping[str, Json], _Phases]] = {}  # of patterns that are held, so that no other has their id
_MOST: Final = 4096


def phases_of(pattern: Mapping[str, Json]) -> _Phases:
    """Return the keys of a pattern in the order in which they are looked at; worked out once for each of 4,096."""
    known = _PHASES.get(id(pattern))
    if known is not None and known[0] is pattern:
        return known[1]
    if len(_PHASES) >= _MOST:
        _PHASES.clear()
    found = _sorted_phases(pattern)
    _PHASES[id(pattern)] = (pattern, found)
    return found


def _sorted_phases(pattern: Mapping[str, Json]) -> _Phases:
    first = sorted(key for key in pattern if anchor_of(key)[0] in ("()", "^", "=", "X"))
    front: list[str] = []
    rest: list[str] = []
    for key in sorted(set(pattern) - set(first)):
        if anchor_of(key)[0] == "<" or _has_anchors(pattern[key]):
            front.insert(0, key)
        else:
            rest.append(key)
    return first, front + rest


def _wrapped(found: Mismatch | None) -> Mismatch | None:
    if found is None or not found.direct:
        return found
    return Mismatch(path=found.path, reason=found.reason, status=found.status, negated=found.negated)


def _as_skip(word: str, found: Mismatch | None) -> Mismatch | None:
    if found is None:
        return None
    return Mismatch(path=found.path, reason=f"{word}: {found.reason}", status="skip", direct=True)


def _joined(skips: list[Mismatch], path: str) -> Mismatch:
    return Mismatch(path=path, reason="; ".join(skip.reason for skip in skips), status="skip")


def _expanded(pattern: dict[str, Json], value: Mapping[str, Json]) -> dict[str, Json]:
    """Replace wildcard keys below ``metadata.labels`` and ``annotations`` by the keys of the object that fit."""
    key = next((each for each in pattern if anchor_of(each)[1] == "metadata"), "")
    found = value.get("metadata")
    if not key or not isinstance(pattern[key], dict) or not isinstance(found, dict):
        return pattern
    changed = dict(pattern[key])
    for field, keys in pattern[key].items():
        name = anchor_of(field)[1]
        held = found.get(name)
        if name in ("labels", "annotations") and isinstance(keys, dict) and isinstance(held, dict):
            changed[field] = {_fitting(each, held): item for each, item in keys.items()}
    return {**pattern, key: changed}


def _fitting(key: str, held: Mapping[str, Json]) -> str:
    kind, name = anchor_of(key)
    if not has_wildcard(name):
        return key
    fit = next((each for each in sorted(held) if matches(name, each)), name)
    return fit if not kind else f"{kind.strip('()')}({fit})"


def _go_type(value: Json) -> str:
    if value is None:
        return "<nil>"
    names = {
        bool: "bool",
        int: "int64",
        float: "float64",
        str: "string",
        list: "[]interface {}",
        dict: "map[string]interface {}",
    }
    return names[type(value)]
