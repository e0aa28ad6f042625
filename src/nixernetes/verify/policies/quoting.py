"""What policies quote of the objects that they judge, and make of them: nothing that is secret."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence, Set as AbstractSet
from typing import Final

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.masking import mask_change
from nixernetes.verify.objects import Placed

__all__ = ["masked", "without_secrets"]

_SHORTEST: Final = 3  # characters of a value that is looked for in a message


def without_secrets(text: str, item: Placed) -> str:
    """Return the words of a policy about an object; other words where they hold what is secret in it."""
    if any(value in text for value in _values(item) if len(value) >= _SHORTEST):
        return f"its message quotes the {item.key.kind}, and is not shown"
    return text


def masked(manifest: Manifest, item: Placed) -> Manifest:
    """Return what a policy made of an object, or beside it, without what is secret in either."""
    values = {each for each in _values(item) if len(each) >= _SHORTEST}
    hidden: Manifest = _without(mask_change(manifest, manifest)[0], values)
    return hidden


def _without(value: Json, values: AbstractSet[str]) -> Json:
    if isinstance(value, dict):
        return {key: _without(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, values) for each in value]
    return "***" if any(each in str(value) for each in values) else value


def _values(item: Placed) -> Iterator[str]:
    if item.key.kind == "Secret":
        for name in ("data", "stringData"):
            for value in mapping_at(item.manifest, name).values():
                yield from (str(value), _decoded(str(value)))
    elif item.seal is not None:
        yield from (_at(item.manifest, path) for path in item.seal.paths)


def _at(value: Json, path: Sequence[str | int]) -> str:
    for step in path:
        is_there = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
        if not is_there:
            return ""
        value = value[step]
    return str(value)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
