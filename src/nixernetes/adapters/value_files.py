"""The ConfigMaps and Secrets that the user gives in files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.declared_shapes import check_declared
from nixernetes.render.given_values import GivenValues
from nixernetes.render.rendered import Rendered, is_opened
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.resources import opened_item

__all__ = ["given_values"]

_REMEDY = (
    "only ConfigMaps and Secrets are values: write a document with kind, metadata.name and data, as substituteFrom or "
    "valuesFrom names it (chart values go into the key values.yaml of its data)"
)


def given_values(files: Sequence[Path], keys: Keys, supplied: Sequence[Manifest] = ()) -> GivenValues:
    """Return the ConfigMaps and Secrets of files; the last of equal ones counts.

    Args:
        files: YAML files; a ``List`` stands for its items.
        keys: who decrypts what SOPS encrypted in them.
        supplied: objects beside them; those of files win.

    Raises:
        InputError: a file cannot be read, is not YAML, holds something else, or is encrypted and nobody has its key.

    """
    found = [item for file in files for item in _read(file, keys)]
    opened = (key_of(item.manifest) for item in found if is_opened(item))
    return GivenValues((*supplied, *(item.manifest for item in found)), opened)


def _read(file: Path, keys: Keys) -> Iterator[Rendered]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", subject=str(file)) from error
    for document in yamls.parse_all(data, file=str(file)):
        for item in _items(document.data):
            yield _checked(item, f"{file}:{document.line}", keys)


def _items(data: Json) -> list[Json]:
    if data is None:
        return []
    if isinstance(data, dict) and data.get("kind") in ("List", "ConfigMapList", "SecretList"):
        items = data.get("items")
        return items if isinstance(items, list) else [items]
    return [data]


def _checked(item: Json, place: str, keys: Keys) -> Rendered:
    meta = item.get("metadata") if isinstance(item, dict) else None
    if not isinstance(meta, dict) or item.get("apiVersion") != "v1" or item.get("kind") not in ("ConfigMap", "Secret"):
        raise InputError(_REMEDY, place=place)
    check_declared(item, place)
    opened = opened_item(Rendered(manifest=item, origin=Origin(file=place)), keys)
    if opened.seal is not None and opened.seal.reason:
        text = f"is encrypted with SOPS: {opened.seal.reason}: have its key at hand, or give the values in plain text"
        raise InputError(text, subject=str(key_of(item)), place=place)
    return opened
