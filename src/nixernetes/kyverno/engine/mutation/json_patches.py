"""``patchesJson6902`` as Kyverno applies them (``evanphx/json-patch`` 5, with three of its options).

Negative positions count from the end, ``remove`` of what is not there is fine, and ``add`` makes the parents that are
missing. ``replace`` of what is not there is refused, unlike in Kubernetes' own version of that library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Final, cast

from nixernetes.errors import InputError
from nixernetes.languages import json_pointer
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json, Manifest, copy
from nixernetes.objects.sizes import CopyBudget, clipped
from nixernetes.objects.yamls import parse_first

__all__ = ["json_patched"]

_OPERATIONS: Final = ("add", "remove", "replace", "move", "copy", "test")
_LONGEST: Final = 1_000  # position in a list that ``add`` makes
_WORDS: Final = {str: "string", bool: "bool", int: "number", float: "number", dict: "object"}


def json_patched(manifest: Manifest, patch: str) -> Manifest:
    """Return the object with a patch applied, which is text in YAML or JSON.

    Raises:
        InputError: the patch is broken or does not apply; the words are those of the library.

    """
    steps = _decoded(patch)
    document = copy(manifest)
    budget = CopyBudget()
    for step in steps:
        document = _applied(document, step, budget)
    return cast("Manifest", document)


def _decoded(patch: str) -> list[dict[str, Json]]:
    try:
        found = parse_first(patch)
    except InputError as error:
        raise InputError(f"failed to decode patches: {error.message}") from error
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        wrong = found if not isinstance(found, list) else next(each for each in found if not isinstance(each, dict))
        wanted = "Patch" if wrong is found else "Operation"
        word = _WORDS.get(type(wrong), "array")
        raise InputError(
            f"failed to decode patches: json: cannot unmarshal {word} into Go value of type jsonpatch.{wanted}"
        )
    for step in found:
        if text_at(step, "op") not in _OPERATIONS:
            told = clipped(json.dumps(step, sort_keys=True, separators=(",", ":")))
            raise InputError(f"failed to decode patches: invalid operation {told}: unsupported operation")
    return found


def _applied(document: Json, step: Mapping[str, Json], budget: CopyBudget) -> Json:
    op, path = text_at(step, "op"), text_at(step, "path")
    value = step.get("value")
    budget.spend(value, len(json_pointer.steps(path)) if path else 0)
    if op == "test":
        _test(document, path, value)
        return document
    if not path:
        if op in ("add", "replace") and isinstance(value, dict):
            return copy(value)
        raise InputError(f"{op} operation does not apply: the path is empty")
    if op in ("move", "copy"):
        source = text_at(step, "from")
        value = _found(document, source, op)
        budget.spend(value, 0)
        if op == "move":
            _remove(document, source, is_strict=True)
        if not isinstance(_parent(document, path)[0], dict | list):
            raise _missing(op, "destination path", path)
        head = f"error in move for path: '{clipped(path)}'" if op == "move" else "error while adding value during copy"
        _put(*_parent(document, path), copy(value), head)
        return document
    if op == "remove":
        _remove(document, path, is_strict=False)
    elif op == "replace":
        _replace(document, path, copy(value))
    else:
        _add(document, path, copy(value))
    return document


def _parent(document: Json, path: str) -> tuple[Json, str]:
    """Return what holds the place of a path, None if nothing does, and the last step."""
    steps = json_pointer.steps(path)
    node = document
    for step in steps[:-1]:
        node = _child(node, step)
    return node, steps[-1]


def _child(node: Json, step: str) -> Json:
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list):
        place = _place(step, len(node))
        return node[place] if place is not None and place < len(node) else None
    return None


def _place(step: str, length: int) -> int | None:
    if not step.removeprefix("-").isdecimal() or len(step) > 9:
        return None
    place = int(step)
    place += length if place < 0 else 0
    return place if 0 <= place <= length else None


def _missing(op: str, what: str, path: str) -> InputError:
    return InputError(f"{op} operation does not apply: doc is missing {what}: {clipped(path)}: missing value")


def _is_there(node: Json, last: str) -> bool:
    if isinstance(node, dict):
        return last in node
    place = _place(last, len(node)) if isinstance(node, list) else None
    return place is not None and place < len(node)


def _found(document: Json, path: str, op: str) -> Json:
    if not path:
        return document
    node, last = _parent(document, path)
    if not isinstance(node, dict | list):
        raise _missing(op, "from path", path if op == "move" else f'"{path}"')
    head = f"error in move for path: '{last}'" if op == "move" else f"error in copy for from: '{clipped(path)}'"
    _check_position(node, last, head)
    if not _is_there(node, last):
        words = f"unable to get nonexistent key: {last}: missing value"
        raise InputError(f"{head}: {words if isinstance(node, dict) else _wrong_index(last)}")
    return _child(node, last)


def _wrong_index(step: str) -> str:
    return f"Unable to access invalid index: {clipped(step)}: invalid index referenced"


def _check_position(node: Json, step: str, head: str) -> None:
    """Refuse a step into a list that is no number, ``-`` included: only ``add`` knows the place behind the last."""
    if isinstance(node, list) and not step.removeprefix("-").isdecimal():
        words = f'strconv.Atoi: parsing "{clipped(step)}": invalid syntax'
        raise InputError(f"{head}: {words}")


def _remove(document: Json, path: str, *, is_strict: bool) -> None:
    node, last = _parent(document, path)
    _check_position(node, last, f"error in remove for path: '{clipped(path)}'")
    if not isinstance(node, dict | list) or not _is_there(node, last):
        if is_strict:
            raise _missing("remove", "path", path)
        return
    if isinstance(node, dict):
        del node[last]
    else:
        del node[cast("int", _place(last, len(node)))]


def _replace(document: Json, path: str, value: Json) -> None:
    node, last = _parent(document, path)
    if not isinstance(node, dict | list):
        raise _missing("replace", "path", path)
    if not _is_there(node, last):
        raise _missing("replace", "key", path)
    if isinstance(node, dict):
        node[last] = value
    else:
        node[cast("int", _place(last, len(node)))] = value


def _add(document: Json, path: str, value: Json) -> None:
    """Put a value in its place; parents that are missing are made, and lists are filled up with null."""
    steps = json_pointer.steps(path)
    node = document
    for step, following in pairwise(steps):
        inner = _child(node, step)
        if inner is None:
            _fill(node, step)
            inner = [] if _is_position(following) else {}
            _fill(inner, following)
            _put(node, step, inner, f"error in add for path: '{clipped(path)}'")
        node = inner
    _put(node, steps[-1], value, f"error in add for path: '{clipped(path)}'")


def _fill(node: Json, step: str) -> None:
    if isinstance(node, list) and step.isdecimal() and int(step[:9]) < _LONGEST:
        node += [None] * (int(step) - len(node))


def _is_position(step: str) -> bool:
    """Tell whether a step is a place in a list that ``add`` would make.

    Raises:
        InputError: the place is so far behind that nobody means it.

    """
    if step.isdecimal() and (len(step) > 9 or int(step) >= _LONGEST):
        raise InputError(f"add operation does not apply: a list would be made with more than {_LONGEST:,} items")
    if step.startswith("-") and step[1:].isdecimal() and int(step) < -1:
        words = f"Unable to ensure path for negative index other than -1: {clipped(step)}: invalid index referenced"
        raise InputError(words)
    return step in ("-", "-1") or step.isdecimal()


def _put(node: Json, step: str, value: Json, head: str) -> None:
    """Put a value at a step; ``head`` begins the message where it cannot be put there."""
    if isinstance(node, dict):
        node[step] = value
    elif isinstance(node, list):
        if step != "-" and not step.removeprefix("-").isdecimal():
            words = f"value was not a proper array index: '{clipped(step)}'"
            raise InputError(f'{head}: {words}: strconv.Atoi: parsing "{clipped(step)}": invalid syntax')
        place = len(node) if step == "-" else _place(step, len(node) + step.startswith("-"))
        if place is None:
            raise InputError(f"{head}: {_wrong_index(step)}")
        node.insert(place, value)
    else:
        raise InputError(f"{head}: there is neither a map nor a list")


def _test(document: Json, path: str, value: Json) -> None:
    found: Json = None
    if path:
        node, last = _parent(document, path)
        if not isinstance(node, dict | list):
            raise InputError(f"test operation does not apply: is missing path: {clipped(path)}: missing value")
        _check_position(node, last, f"error in test for path: '{clipped(path)}'")
        if isinstance(node, list) and not _is_there(node, last):
            raise InputError(f"error in test for path: '{clipped(path)}': {_wrong_index(last)}")
        found = _child(node, last)
    else:
        found = document
    if found != value or isinstance(found, bool) != isinstance(value, bool):
        raise InputError(f"testing value {clipped(path)} failed: test failed")
