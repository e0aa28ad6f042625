"""YAML documents into resources: what is empty is dropped, lists are opened, the rest must be a Kubernetes object."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from nixernetes.languages.kyaml.nodes import MISSING, is_null, text_of
from nixernetes.objects import yamls
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.provenance import Origin
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.resource import BuildResource

__all__ = ["checked", "metadata_as_go", "resources_of"]


def resources_of(documents: Iterable[yamls.Document], file: str, schemas: OpenApi) -> list[BuildResource]:
    """Return the resources of the documents of one file.

    Raises:
        KustomizeError: a document that is not an object with kind and name; the place names file and line.

    """
    opened = list(documents)
    rows = [(item, document.line) for document in opened for item in _unwrapped(document.data, len(opened) == 1)]
    pending = deque((manifest, line) for manifest, line in rows if _is_filled(manifest, file, line))
    result: list[BuildResource] = []
    while pending:
        manifest, line = pending.popleft()
        items = _items(manifest, file, line)
        if items is None:
            origin = Origin(file=file, line=line if file else 0)
            result.append(BuildResource(manifest=manifest, schemas=schemas, source=origin))
        else:
            pending.extend((item, line) for item in items if _is_filled(item, file, line))
    return result


def _unwrapped(data: Json, alone: bool) -> list[Json]:
    """Open a ``List`` or ``ResourceList`` that is the only document (as kyaml's reader does)."""
    if alone and isinstance(data, dict) and data.get("kind") in ("ResourceList", "List"):
        items = data.get("items")
        if isinstance(items, list):
            return items
    return [data]


def _is_filled(manifest: Json, file: str, line: int) -> bool:
    if is_null(manifest) or manifest in ({}, []):
        return False
    checked(manifest, file, line)
    return True


def checked(manifest: Json, file: str = "", line: int = 0) -> Manifest:
    """Return a manifest that has a kind and, unless it is a list, a name.

    Raises:
        KustomizeError: it has not.

    """
    place = f"{file}:{line}" if file and line else file
    if not isinstance(manifest, dict):
        raise KustomizeError("missing Resource metadata: a Kubernetes object is expected", place=place)
    kind = manifest.get("kind")
    if is_null(kind) or not text_of(kind):
        words = f"missing kind in object {metadata_as_go(manifest)}"
        text = "missing kind in object: every manifest needs apiVersion, kind and a name"
        raise KustomizeError(text, place=place, words=words)
    if text_of(kind).endswith("List"):
        return manifest
    meta = manifest.get("metadata")
    name = meta.get("name") if isinstance(meta, dict) else None
    if is_null(name) or not text_of(name):
        words = f"missing metadata.name in object {metadata_as_go(manifest)}"
        raise KustomizeError(f"missing metadata.name in object of kind {text_of(kind)}", place=place, words=words)
    return manifest


def metadata_as_go(data: Manifest) -> str:
    """Return the metadata of an object as Go prints it (``ResourceMeta`` of kyaml)."""
    meta = mapping_at(data, "metadata")
    maps = (
        " ".join(f"{name}:{text}" for name, text in sorted(found.items()))
        for found in (labels_of(data), annotations_of(data))
    )
    labels, annotations = (f"map[{text}]" for text in maps)
    place = f"{{{text_at(meta, 'name')} {text_at(meta, 'namespace')}}}"
    return f"{{{{{text_at(data, 'apiVersion')} {text_at(data, 'kind')}}} {{{place} {labels} {annotations}}}}}"


def _items(manifest: Manifest, file: str, line: int) -> list[Json] | None:
    kind = text_of(manifest.get("kind", MISSING))
    if not kind.endswith("List") or "items" not in manifest:
        return None
    items = manifest["items"]
    if is_null(items):
        return []
    if not isinstance(items, list):
        raise KustomizeError(f"expected array in {kind}/items, but found another type", place=f"{file}:{line}")
    return items
