"""Field paths with dots, as ``vars`` and ``replacements`` write them: ``spec.containers.[name=app].image``."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.languages.kyaml.nodes import MISSING, demand_kind, is_null, text_of
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.transformers.field_specs import split_path

__all__ = ["is_list_key", "is_position", "lookup", "split_fields", "split_key"]


def split_fields(path: str) -> list[str]:
    """Split a path at its dots, except behind a backslash and inside ``[...]``."""
    result: list[str] = []
    parts = iter(split_path(path, "."))
    for part in parts:
        if not part.startswith("[") or part.endswith("]"):
            result.append(part)
            continue
        bracketed = [part]
        for more in parts:
            bracketed.append(more)
            if more.endswith("]"):
                break
        text = ".".join(bracketed)
        result.append(text if "=" in text else text.strip("[]"))
    return result


def is_list_key(part: str) -> bool:
    """Tell whether a step is ``[key=value]``."""
    return part.startswith("[") and part.endswith("]")


def is_position(part: str) -> bool:
    """Tell whether a step is a position in a list."""
    return part.isascii() and part.isdigit()


def split_key(part: str) -> tuple[str, str]:
    """Split ``[key=value]``.

    Raises:
        KustomizeError: it has no ``=``.

    """
    key, equals, value = part.removeprefix("[").removesuffix("]").partition("=")
    if not equals:
        raise KustomizeError("list path element must contain fieldName=fieldValue for element to match")
    return key, value


def lookup(node: Json, path: Sequence[str]) -> Json:
    """Return what stands at a path, or ``MISSING``.

    Raises:
        KustomizeError: the path enters what is no mapping or no list, or has a wildcard.

    """
    for part in (step.strip() for step in path):
        if not part:
            continue
        if is_null(node):
            return MISSING
        node = _step(node, part)
        if node is MISSING:
            return MISSING
    return node


def _step(node: Json, part: str) -> Json:
    if part == "*":
        raise KustomizeError("wildcard is not supported in PathGetter")
    if part.startswith("-") and part[1:].isdigit():
        raise KustomizeError(f"array index {part} cannot be negative")
    if is_position(part) or part == "-":
        demand_kind(node, "SequenceNode")
        position = len(node) - 1 if part == "-" else int(part)
        return node[position] if 0 <= position < len(node) else MISSING
    if not is_list_key(part):
        demand_kind(node, "MappingNode")
        return node.get(part, MISSING)
    key, value = split_key(part)
    demand_kind(node, "SequenceNode")
    for item in node:
        if (not key and text_of(item) == value) or (
            isinstance(item, dict) and key in item and text_of(item[key]) == value
        ):
            return item
    return MISSING
