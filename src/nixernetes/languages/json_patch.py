"""JSON patches (RFC 6902) as the library applies them that Kubernetes and Kustomize share (``evanphx/json-patch``).

It is more lenient than the RFC: negative list positions count from the end, ``replace`` adds a key that is not there,
``copy`` of such a key gives null, and ``test`` of one finds null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

from nixernetes.errors import InputError
from nixernetes.languages import json_pointer
from nixernetes.languages.json_pointer import ABSENT
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest, copy
from nixernetes.objects.sizes import CopyBudget, clipped

__all__ = ["FailedTestError", "PatchOperation", "apply", "parse"]

_OPERATIONS = frozenset(("add", "remove", "replace", "move", "copy", "test"))
_INDEX = re.compile(r"[+-]?[0-9]{1,9}\Z")  # no list is longer, and Python refuses to read very long numbers


class FailedTestError(InputError):
    """The operation ``test`` found another value."""


class PatchOperation(NamedTuple):
    """One step of a patch."""

    op: str
    path: str
    value: Json
    source: str


def parse(text: str, *, file: str = "") -> list[PatchOperation]:
    """Read a patch, JSON or YAML: the first document.

    Text that begins with ``[`` is JSON, and nothing but JSON.

    Raises:
        InputError: text that is not a list of operations.

    """
    if text.startswith("["):
        _check_json(text, file)
    data = yamls.parse_first(text, file=file)
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise InputError("a JSON patch must be a list of operations", place=file)
    return [_operation(row) for row in data]


def _check_json(text: str, file: str) -> None:
    try:
        json.loads(text, parse_int=str)  # Python refuses to read very long numbers
    except (ValueError, RecursionError) as error:
        raise InputError("a patch that begins with [ must be JSON: write it as a YAML list", place=file) from error


def _operation(row: Json) -> PatchOperation:
    return PatchOperation(
        op=str(row.get("op", "unknown")),
        path=str(row.get("path", "")),
        value=row.get("value", ABSENT),
        source=str(row.get("from", "")),
    )


def apply(manifest: Manifest, operations: Sequence[PatchOperation]) -> Manifest:
    """Return the manifest with all operations applied; the arguments are left alone.

    Raises:
        InputError: an operation that does not apply, or copies that grow beyond what is read from a file.

    """
    result: Json = copy(manifest)
    budget = CopyBudget()
    for operation in operations:
        if operation.op == "replace" and not operation.path:
            result = _replaced_whole(result, operation, budget)
        else:
            _apply(result, operation, budget)
    return cast("Manifest", result)


def _replaced_whole(document: Json, step: PatchOperation, budget: CopyBudget) -> Json:
    """Return what replaces the document; a value that is no container changes nothing."""
    if isinstance(step.value, list):
        raise InputError("replace operation does not apply: a list in place of the object")
    if not isinstance(step.value, dict):
        return document
    _spend(step, step.value, budget)
    return copy(step.value)


def _apply(document: Json, step: PatchOperation, budget: CopyBudget) -> None:
    """Change a document that nobody else holds: each step costs what it moves, not what there is."""
    match step.op:
        case "add":
            _put(document, step, step.value, _add, budget)
        case "remove":
            _edit(document, step, step.path, _remove)
        case "replace":
            _put(document, step, step.value, _replace, budget)
        case "move":
            moved = _member(document, step, step.source)
            _edit(document, step, step.source, _remove)
            _put(document, step, moved, _add, budget)
        case "copy":
            _put(document, step, _member(document, step, step.source), _add, budget)
        case "test":
            _test(document, step)
        case _:
            raise InputError(f"Unexpected kind: {clipped(step.op)}")


def _put(document: Json, step: PatchOperation, value: Json, change: _Put, budget: CopyBudget) -> None:
    value = None if value is ABSENT else value
    _spend(step, value, budget)
    fresh = copy(value)
    _edit(document, step, step.path, lambda node, key, path: change(node, key, fresh, path))


def _spend(step: PatchOperation, value: Json, budget: CopyBudget) -> None:
    try:
        budget.spend(value, len(json_pointer.steps(step.path)))
    except InputError as error:
        raise InputError(f"{step.op} operation does not apply: {error.message}") from error


def _test(document: Json, step: PatchOperation) -> None:
    found = _member(document, step, step.path) if step.path else document
    expected = None if step.value is ABSENT else step.value
    if found != expected or type(found) is not type(expected):
        raise FailedTestError(f"testing value {clipped(step.path)} failed: test failed")


def _edit(document: Json, step: PatchOperation, path: str, change: _Change) -> None:
    node, key = _holder(document, step, path)
    change(node, key, clipped(path))


def _holder(document: Json, step: PatchOperation, path: str) -> tuple[Json, str]:
    """Return the map or list that holds what a path names, and the last token."""
    tokens = json_pointer.steps(path)
    node = document if tokens else ABSENT
    for token in tokens[:-1]:
        node = _child(node, token) if isinstance(node, (dict, list)) else ABSENT
    if not isinstance(node, (dict, list)):
        raise _missing_path(step, path)
    return node, tokens[-1]


def _missing_path(step: PatchOperation, path: str) -> InputError:
    told = clipped(path) if step.op in ("replace", "test") else f'"{clipped(path)}"'  # as evanphx/json-patch has it
    subject = "" if step.op == "test" else "doc "
    return InputError(f"{step.op} operation does not apply: {subject}is missing path: {told}: missing value")


def _child(node: Json, token: str) -> Json:
    if isinstance(node, dict):
        return node.get(token, ABSENT)
    if not _INDEX.match(token):
        return ABSENT
    position = int(token)
    return node[position] if -len(node) <= position < len(node) else ABSENT


def _member(document: Json, step: PatchOperation, path: str) -> Json:
    """Return what a path names; None for a key that is not there, as the library's maps answer."""
    node, key = _holder(document, step, path)
    found = _child(node, key)
    if found is not ABSENT:
        return found
    if isinstance(node, list):
        raise InputError(
            f"error in {step.op} for path: '{clipped(path)}': Unable to access invalid index: {clipped(key)}: "
            "invalid index referenced"
        )
    return None


class _Change(Protocol):
    def __call__(self, node: Json, key: str, path: str, /) -> None: ...


class _Put(Protocol):
    def __call__(self, node: Json, key: str, value: Json, path: str, /) -> None: ...


def _position(token: str, length: int, path: str) -> int:
    if not _INDEX.match(token):
        raise InputError(f"value was not a proper array index: '{clipped(token)}' in path {path}")
    position = int(token)
    if position < -length or position > length:
        raise InputError(f"Unable to access invalid index: {token}: invalid index referenced (path {path})")
    return position + length if position < 0 else position


def _add(node: Json, key: str, value: Json, path: str) -> None:
    if isinstance(node, dict):
        node[key] = value
    elif key == "-":
        node.append(value)
    else:
        position = _position(key, len(node) if not key.startswith("-") else len(node) + 1, path)
        if position > len(node):
            raise InputError(f"Unable to access invalid index: {key}: invalid index referenced (path {path})")
        node.insert(position, value)


def _remove(node: Json, key: str, path: str) -> None:
    if isinstance(node, dict):
        if key not in node:
            raise InputError(
                f"error in remove for path: '{path}': Unable to remove nonexistent key: {clipped(key)}: missing value"
            )
        del node[key]
        return
    position = _position(key, len(node), path)
    if position >= len(node):
        raise InputError(f"Unable to access invalid index: {key}: invalid index referenced (path {path})")
    del node[position]


def _replace(node: Json, key: str, value: Json, path: str) -> None:
    if isinstance(node, list) and _child(node, key) is ABSENT:
        raise InputError(f"replace operation does not apply: doc is missing key: {path}: missing value")
    node[key if isinstance(node, dict) else int(key)] = value
