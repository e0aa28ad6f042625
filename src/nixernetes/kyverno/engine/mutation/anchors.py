"""Anchors of a strategic merge patch, decided on the object that is patched (Kyverno, ``strategicPreprocessing.go``).

What comes out is a patch without anchors, for Kustomize's strategic merge. ``+(key)`` keeps the key where the object
has none; a condition ``(key)`` or ``<(key)`` that is not met empties the whole patch, but inside a list it only drops
the element. For each element of the object that meets the conditions of an element of the patch, that one is repeated
with the name of the former; elements with anchors are then taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.patterns import mismatch
from nixernetes.objects.manifest import Json, copy

__all__ = ["settled_patch"]

_ANCHOR: Final = re.compile(r"([+<=X^])?\((.+)\)")
_MOST: Final = 10_000  # elements of a list times those of its patch


class _UnmetError(Exception):
    """A condition of the patch is not met; a global one concerns everything around it."""

    def __init__(self, *, is_global: bool) -> None:
        super().__init__()
        self.is_global = is_global


def settled_patch(patch: Json, manifest: Json) -> Json:
    """Return the patch for an object, without anchors; ``{}`` where a condition is not met.

    Raises:
        InputError: where Kyverno breaks off as well.

    """
    held = copy(patch)
    try:
        _walk(held, manifest)
    except _UnmetError:
        return {}
    if isinstance(held, dict):
        for key in list(held):
            if _emptied(held[key], is_conditional=_is_condition(key)):
                del held[key]
    return held


@lru_cache(maxsize=4096)
def _parsed(key: str) -> tuple[str, str]:
    """Return the modifier of an anchor (``()`` for a plain condition, ``""`` for none) and its key; 4,096 are kept."""
    found = _ANCHOR.fullmatch(key.strip())
    return (found[1] or "()", found[2]) if found else ("", key)


def _is_condition(key: str) -> bool:
    return _parsed(key)[0] in ("()", "<")


def _is_global(key: str) -> bool:
    return _parsed(key)[0] == "<"


def _is_anchor(key: str) -> bool:
    return bool(_parsed(key)[0])


def _holds(node: Json, wanted: Callable[[str], bool]) -> bool:
    if isinstance(node, dict):
        return any(wanted(key) or _holds(item, wanted) for key, item in node.items())
    if isinstance(node, list):
        return any(_holds(item, wanted) for item in node)
    return isinstance(node, str) and "(" in node and wanted(node)


def _walk(patch: Json, value: Json) -> None:
    if isinstance(patch, dict):
        held = value if isinstance(value, dict) else {}
        _add(patch, held)
        for modifier in ("<", "()"):
            _demand(patch, held, modifier)
        for key in [each for each in patch if not _is_anchor(each)]:
            _walk(patch[key], held.get(key))
    elif isinstance(patch, list) and patch and isinstance(patch[0], dict):
        _walk_list(patch, value if isinstance(value, list) else None)


def _add(patch: dict[str, Json], held: dict[str, Json]) -> int:
    """Keep ``+(key)`` as ``key`` where the object has none, drop it otherwise; return how many there were."""
    found = [key for key in patch if _parsed(key)[0] == "+"]
    for anchored in found:
        key, value = _parsed(anchored)[1], patch.pop(anchored)
        if key not in held:
            patch[key] = value
    return len(found)


def _demand(patch: dict[str, Json], held: dict[str, Json], modifier: str) -> None:
    for anchored in [key for key in patch if _parsed(key)[0] == modifier]:
        key, wanted = _parsed(anchored)[1], patch[anchored]
        if key not in held:
            raise _UnmetError(is_global=modifier == "<")
        inner = held[key]
        if isinstance(wanted, dict) and _add(wanted, inner if isinstance(inner, dict) else {}):
            continue
        if mismatch(wanted, inner) is not None:
            raise _UnmetError(is_global=modifier == "<")


def _walk_list(patch: list[Json], elements: list[Json] | None) -> None:
    if len(patch) * len(elements or ()) > _MOST:
        raise InputError(f"a list of {len(elements or ()):,} items is too long for a patch of {len(patch):,} elements")
    for wanted in list(patch):
        if not _holds(wanted, _is_anchor):
            continue
        is_met, unmet = False, False
        held = copy(
            wanted
        )  # one for all: what ``+()`` became for an element it stays for those after it, as in Kyverno
        for element in [None] if elements is None else elements:
            try:
                _walk(held, element)
            except _UnmetError as error:
                unmet = unmet or error.is_global
                continue
            is_met = True
            name = element["name"] if isinstance(element, dict) and "name" in element else None
            if name is not None and not _holds(wanted, _is_global):
                fresh = copy(held)
                if isinstance(fresh, dict) and not _unconditioned(fresh):
                    patch.append({**fresh, "name": name})
        if unmet and not is_met:
            raise _UnmetError(is_global=True)


def _unconditioned(node: Json) -> bool:
    """Take the conditions out of maps in maps, and what is empty then; tell whether nothing is left."""
    if not isinstance(node, dict):
        return False
    for key in list(node):
        if _is_condition(key) or _unconditioned(node[key]):
            del node[key]
    return not node


def _emptied(node: Json, *, is_conditional: bool = False) -> bool:
    """Take out what has anchors; tell whether nothing is left."""
    if isinstance(node, dict):
        return _emptied_map(node)
    return _emptied_list(node) if isinstance(node, list) else is_conditional


def _emptied_map(node: dict[str, Json]) -> bool:
    kept = False
    for key in [each for each in node if _is_condition(each)]:
        if _emptied(node[key], is_conditional=True):
            del node[key]
        else:
            kept = True
    if kept:
        for key in [each for each in node if _is_condition(each)]:
            node[_parsed(key)[1]] = node.pop(key)
    for key in list(node):
        if _emptied(node[key]):
            del node[key]
    return not node


def _emptied_list(node: list[Json]) -> bool:
    """Take elements out while their places shift, as Kyverno does: two with anchors may leave another one behind."""
    was_empty = not node
    for index, element in enumerate(list(node)):
        if _holds(element, _is_anchor) or _emptied(element):
            if index >= len(node):
                raise InputError(f"runtime error: slice bounds out of range [{index + 1}:{len(node)}]")
            del node[index]
    return not node and not was_empty
