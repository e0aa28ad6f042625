"""JSON patches (RFC 6902) as Kustomize's library applies them: negative list positions count from the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.nodes import MISSING, without_empty

__all__ = ["Operation", "apply", "parse"]

_OPERATIONS = frozenset(("add", "remove", "replace", "move", "copy", "test"))


class Operation(NamedTuple):
    """One step of a patch."""

    op: str
    path: str
    value: Json
    source: str


def parse(text: str, *, file: str = "") -> list[Operation]:
    """Read a patch, JSON or YAML: the first document, as Kustomize does.

    Raises:
        InputError: text that is not a list of operations.

    """
    documents = yamls.parse_all(text, file=file)
    data = documents[0].data if documents else None
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise KustomizeError("a JSON patch must be a list of operations", place=file)
    return [_operation(row) for row in data]


def _operation(row: Json) -> Operation:
    return Operation(
        op=str(row.get("op", "unknown")),
        path=str(row.get("path", "")),
        value=row.get("value", MISSING),
        source=str(row.get("from", "")),
    )


def apply(manifest: Manifest, operations: Sequence[Operation]) -> Manifest:
    """Return the manifest with all operations applied; parts that they do not touch are shared.

    Raises:
        KustomizeError: an operation that does not apply.

    """
    result: Json = without_empty(manifest)
    for operation in operations:
        result = _apply(result, operation)
    if not isinstance(result, dict):
        raise KustomizeError("a JSON patch must leave an object")
    return result


def _apply(document: Json, step: Operation) -> Json:
    value = None if step.value is MISSING else step.value
    match step.op:
        case "add":
            return _edit(document, step, step.path, lambda node, key: _add(node, key, value, step.path))
        case "remove":
            return _edit(document, step, step.path, lambda node, key: _remove(node, key, step.path))
        case "replace":
            return _edit(document, step, step.path, lambda node, key: _replace(node, key, value, step.path))
        case "move":
            moved = _get(document, step, step.source)
            document = _edit(document, step, step.source, lambda node, key: _remove(node, key, step.source))
            return _edit(document, step, step.path, lambda node, key: _add(node, key, moved, step.path))
        case "copy":
            copied = _get(document, step, step.source)
            return _edit(document, step, step.path, lambda node, key: _add(node, key, copied, step.path))
        case "test":
            return _test(document, step)
        case _:
            raise KustomizeError(f"Unexpected kind: {step.op}")


def _test(document: Json, step: Operation) -> Json:
    try:
        found = _get(document, step, step.path)
    except KustomizeError:
        found = None
    expected = None if step.value is MISSING else step.value
    if found != expected or type(found) is not type(expected):
        raise KustomizeError(f"testing value {step.path} failed: test failed")
    return document


def _tokens(path: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def _edit(document: Json, step: Operation, path: str, change: _Change) -> Json:
    tokens = _tokens(path)
    if not tokens:
        raise KustomizeError(f"{step.op} operation does not apply: doc is missing path: {path!r}")
    return _descend(document, tokens, step, path, change)


def _descend(node: Json, tokens: list[str], step: Operation, path: str, change: _Change) -> Json:
    token = tokens[0]
    if not isinstance(node, (dict, list)):
        raise _missing_path(step, path)
    if len(tokens) == 1:
        return change(node, token)
    child = _child(node, token)
    if not isinstance(child, (dict, list)):
        raise _missing_path(step, path)
    fresh = _descend(child, tokens[1:], step, path, change)
    if isinstance(node, dict):
        return {**node, token: fresh}
    items = list(node)
    items[int(token)] = fresh
    return items


def _missing_path(step: Operation, path: str) -> KustomizeError:
    return KustomizeError(f'{step.op} operation does not apply: doc is missing path: "{path}": missing value')


def _child(node: Json, token: str) -> Json:
    if isinstance(node, dict):
        return node.get(token, MISSING)
    if not token.lstrip("-").isdigit():
        return MISSING
    position = int(token)
    return node[position] if -len(node) <= position < len(node) else MISSING


def _get(document: Json, step: Operation, path: str) -> Json:
    node = document
    for token in _tokens(path):
        node = _child(node, token) if isinstance(node, (dict, list)) else MISSING
        if node is MISSING:
            raise _missing_path(step, path)
    return node


class _Change(Protocol):
    def __call__(self, node: Json, key: str, /) -> Json: ...


def _position(token: str, length: int, path: str) -> int:
    if not token.lstrip("-").isdigit():
        raise KustomizeError(f"value was not a proper array index: '{token}' in path {path}")
    position = int(token)
    if position < -length or position > length:
        raise KustomizeError(f"Unable to access invalid index: {token}: invalid index referenced (path {path})")
    return position + length if position < 0 else position


def _add(node: Json, key: str, value: Json, path: str) -> Json:
    if isinstance(node, dict):
        return {**node, key: value}
    if key == "-":
        return [*node, value]
    position = _position(key, len(node) if not key.startswith("-") else len(node) + 1, path)
    if position > len(node):
        raise KustomizeError(f"Unable to access invalid index: {key}: invalid index referenced (path {path})")
    return [*node[:position], value, *node[position:]]


def _remove(node: Json, key: str, path: str) -> Json:
    if isinstance(node, dict):
        if key not in node:
            raise KustomizeError(
                f"error in remove for path: '{path}': Unable to remove nonexistent key: {key}: missing value"
            )
        return {name: value for name, value in node.items() if name != key}
    position = _position(key, len(node), path)
    if position >= len(node):
        raise KustomizeError(f"Unable to access invalid index: {key}: invalid index referenced (path {path})")
    return [*node[:position], *node[position + 1 :]]


def _replace(node: Json, key: str, value: Json, path: str) -> Json:
    if _child(node, key) is MISSING:
        raise KustomizeError(f"replace operation does not apply: doc is missing key: {path}: missing value")
    if isinstance(node, dict):
        return {**node, key: value}
    items = list(node)
    items[int(key)] = value
    return items
