"""Folders with schemas of custom kinds: definitions in YAML, or JSON schemas as the catalogues of kubeconform."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import APIEXTENSIONS_V1
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.sizes import MAX_BYTES

__all__ = ["definitions_in"]

_NAME: Final = re.compile(r"(?P<kind>[a-z0-9]+)_(?P<version>v[a-z0-9]+)\.json")


def definitions_in(folders: Iterable[Path]) -> tuple[Manifest, ...]:
    """Return the CustomResourceDefinitions of folders; a schema of a catalogue becomes one.

    Args:
        folders: the folders; those in them are read, too. A catalogue has ``GROUP/KIND_VERSION.json``.

    Raises:
        InputError: there is no such folder, or a file of it cannot be read.

    """
    found: list[Manifest] = []
    for folder in folders:
        if not folder.is_dir():
            raise InputError("no such folder", subject=str(folder))
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.stat().st_size <= MAX_BYTES:
                found += _definitions(path)
    return tuple(_joined(found))


def _joined(definitions: Iterable[Manifest]) -> Iterator[Manifest]:
    """Yield one definition for each kind, with all its versions: a catalogue has a file for each."""
    found: dict[str, Manifest] = {}
    for crd in definitions:
        name = crd["metadata"]["name"]
        before = found.get(name)
        if before is None:
            found[name] = crd
        else:
            spec = before["spec"]
            found[name] = {**before, "spec": {**spec, "versions": [*spec["versions"], *crd["spec"]["versions"]]}}
    yield from found.values()


def _definitions(path: Path) -> Iterator[Manifest]:
    if path.suffix in (".yaml", ".yml"):
        for document in yamls.parse_all(path.read_bytes(), file=str(path)):
            if isinstance(document.data, dict) and group_kind(document.data) == CUSTOM_RESOURCE_DEFINITION:
                yield document.data
    matched = _NAME.fullmatch(path.name)
    if matched is not None:
        try:
            schema: Json = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise InputError("not JSON", place=str(path)) from error
        yield _from_catalogue(schema, path.parent.name, matched["kind"], matched["version"])


def _from_catalogue(schema: Json, group: str, name: str, version: str) -> Manifest:
    """Return a definition for a schema of a catalogue; its kind stands in small letters, so that case is not known."""
    kinds = schema.get("x-kubernetes-group-version-kind") if isinstance(schema, dict) else None
    kind = text_at(kinds[0], "kind") if isinstance(kinds, list) and kinds else name
    return {
        "apiVersion": APIEXTENSIONS_V1,
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{name}s.{group}"},
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": f"{name}s"},
            "scope": "",
            "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }
