"""``kustomize.buildOptions`` of an Argo CD, wherever a repository says it.

In ConfigMap ``argocd-cm`` (an object, a patch of it, a ``configMapGenerator``), in the values of the chart ``argo-cd``
(``configs.cm``, or ``server.config`` of old versions; in a HelmRelease, an Application, ``helmCharts`` or a file of
values), or in ``spec.kustomizeBuildOptions`` of an ArgoCD object, as OpenShift's operator reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, mapping_at, mappings_in, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import APP_PART_OF
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.references import folder_of
from nixernetes.render.kustomization_files import FILE_NAMES
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import join

__all__ = ["BuildOptionsFound", "build_options", "options_of", "with_build_options"]

_KEY: Final = "kustomize.buildOptions"
_CONFIG: Final = "argocd-cm"
_SPEAKS: Final = re.compile(rb"[bB]uildOptions")
_POINTERS: Final = (f"/data/{_KEY}", "/spec/kustomizeBuildOptions")
_PARAMETER: Final = re.compile(r"(?:.*\.)?(?:configs\.cm|server\.config)\.kustomize\\\.buildOptions\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptionsFound:
    """Flags, and where they are written."""

    text: str
    origin: Origin


def build_options(index: DocumentIndex) -> list[BuildOptionsFound]:
    """Return all flags that a repository speaks of, in order of the files."""
    return [
        BuildOptionsFound(text=text, origin=Origin(file=path, line=document.line))
        for path in index.holding(_SPEAKS)
        for document in index.lenient(path)
        for text in _in_document(document.data, index, path)
    ]


def options_of(found: Sequence[BuildOptionsFound], folders: Sequence[str]) -> BuildOptionsFound | None:
    """Return the flags that count for a cluster: those below its own folders before those that are nobody's."""
    inside = [each for each in found if any(_is_below(each.origin.file, folder) for folder in folders)]
    return next(iter((*inside, *found)), None)


def with_build_options(
    bootstrap: Sequence[Rendered], namespace: str, found: BuildOptionsFound | None
) -> tuple[tuple[Rendered, ...], str]:
    """Return what starts a cluster with the flags in its ``argocd-cm``, and the flags.

    Args:
        bootstrap: what starts the cluster; flags in an ``argocd-cm`` of it count.
        namespace: where Argo CD is.
        found: flags that are written elsewhere.

    """
    key = ObjectKey("", "ConfigMap", namespace, _CONFIG)
    known = next((item for item in bootstrap if key_of(item.manifest) == key), None)
    said = text_at(known.manifest, "data", _KEY) if known is not None else ""
    if said or found is None:
        return tuple(bootstrap), said
    if known is None:
        made = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": _CONFIG, "namespace": namespace, "labels": {APP_PART_OF: "argocd"}},
            "data": {_KEY: found.text},
        }
        return (Rendered(manifest=made, origin=found.origin), *bootstrap), found.text
    data = {**mapping_at(known.manifest, "data"), _KEY: found.text}
    completed = Rendered(manifest={**known.manifest, "data": data}, origin=known.origin)
    return tuple(completed if item is known else item for item in bootstrap), found.text


def _in_document(data: Json, index: DocumentIndex, path: str) -> Iterator[str]:
    yield from _in_json_patch(data)
    if not isinstance(data, dict):
        return
    if text_at(data, "kind") == "ConfigMap" and text_at(data, "metadata", "name") == _CONFIG:
        yield from _given(text_at(data, "data", _KEY))
    elif text_at(data, "kind") == "ArgoCD":
        yield from _given(text_at(data, "spec", "kustomizeBuildOptions"))
    elif path.rpartition("/")[2] in FILE_NAMES:
        yield from _in_kustomization(data, index, path)
    yield from _in_values(data)
    yield from _in_texts(data)


def _in_values(data: Json) -> Iterator[str]:
    for mapping in mappings_in(data):
        for path in (("configs", "cm"), ("server", "config")):
            yield from _given(text_at(mapping, *path, _KEY))
        if _PARAMETER.match(text_at(mapping, "name")):
            yield from _given(text_at(mapping, "value"))


def _in_texts(data: Manifest) -> Iterator[str]:
    """Look into values that are written as a text, as Applications may."""
    for mapping in mappings_in(data.get("spec")):
        yield from _in_values(_parsed(text_at(mapping, "values")))


def _in_json_patch(data: Json) -> Iterator[str]:
    for operation in data if isinstance(data, list) else ():
        if text_at(operation, "path") in _POINTERS and text_at(operation, "op") in ("add", "replace"):
            yield from _given(text_at(operation, "value"))


def _in_kustomization(content: Json, index: DocumentIndex, path: str) -> Iterator[str]:
    for name in ("patches", "patchesJson6902", "patchesStrategicMerge"):
        for entry in items_at(content, name):
            text = entry if isinstance(entry, str) else text_at(entry, "patch")
            if "\n" in text or "{" in text:
                yield from _in_document(_parsed(text), index, "")
    yield from _generated(content, index, folder_of(path))


def _parsed(text: str) -> Json:
    try:
        return yamls.parse(text) if _SPEAKS.search(text.encode(errors="replace")) else None
    except InputError:
        return None


def _generated(kustomization: Json, index: DocumentIndex, folder: str) -> Iterator[str]:
    for entry in items_at(kustomization, "configMapGenerator"):
        if text_at(entry, "name") != _CONFIG:
            continue
        for literal in items_at(entry, "literals"):
            key, _, value = str(literal).partition("=")
            if key == _KEY:
                yield from _given(value.strip("\"'"))
        for file in items_at(entry, "files"):
            key, separator, name = str(file).partition("=")
            if (key if separator else key.rpartition("/")[2]) == _KEY:
                yield from _given(_content(index, folder, name if separator else key).strip())
        for name in (*items_at(entry, "envs"), *([entry["env"]] if text_at(entry, "env") else [])):
            lines = _content(index, folder, str(name)).splitlines()
            yield from (value for line in lines for key, _, value in (line.partition("="),) if key.strip() == _KEY)


def _content(index: DocumentIndex, folder: str, name: str) -> str:
    try:
        return index.read(join(folder, name)).decode(errors="replace")
    except InputError:
        return ""


def _given(text: str) -> Iterator[str]:
    if text.strip():
        yield text.strip()


def _is_below(file: str, folder: str) -> bool:
    return not folder or file.startswith(f"{folder}/")
