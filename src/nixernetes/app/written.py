"""Manifests as the files of a repository hold them, each with the file and line where it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.declared_shapes import form_problem
from nixernetes.render.rendered import Origin, Rendered
from nixernetes.render.tree import Tree

__all__ = [
    "MADE_URL",
    "bootstrap_source",
    "holds_data",
    "holds_deliveries",
    "missing_sources",
    "origins_of",
    "spec_of",
    "written",
]

_GROUPS = (
    b"kustomize.toolkit.fluxcd.io/",
    b"helm.toolkit.fluxcd.io/",
    b"source.toolkit.fluxcd.io/",
    b"source.extensions.fluxcd.io/",
    b"argoproj.io/",
)
_DATA = (b"ConfigMap", b"Secret", b"ArtifactGenerator")
_DATA_KIND = re.compile(rb"""kind["']?\s*:\s*["']?(?:ConfigMap|Secret|ArtifactGenerator)\b""")
MADE_URL: Final = "https://bootstrap.invalid/"  # begins the URL of a source that nobody declares
_GIT = GroupKind("source.toolkit.fluxcd.io", "GitRepository")
_KUSTOMIZATION = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")


def written(
    tree: Tree, folder: str = "", *, holds: Callable[[bytes], bool] | None = None, lenient: bool = False
) -> Iterator[Rendered]:
    """Yield the objects of a folder and those below, in order; the templates of charts are no objects.

    Args:
        tree: the repository.
        folder: where to look.
        holds: read only files for which this is true; None reads all.
        lenient: whether a file that is no YAML, a template say, is passed over.

    Raises:
        InputError: a file is no YAML.

    """
    for path in tree.walk(folder):
        if path.endswith((".yaml", ".yml")) and not _is_template(tree, path):
            try:
                yield from _objects(tree, path, holds)
            except InputError:
                if not lenient:
                    raise


def holds_deliveries(data: bytes) -> bool:
    """Tell whether a file may hold a delivery or a source; one that does not need not be parsed."""
    return any(group in data for group in _GROUPS)


def holds_data(data: bytes) -> bool:
    """Tell whether a file may hold what lies beside deliveries: a ConfigMap, a Secret, a generator of artifacts."""
    return any(kind in data for kind in _DATA) and _DATA_KIND.search(data) is not None


def origins_of(items: Iterable[Rendered]) -> Mapping[ObjectKey, Origin]:
    """Return where objects are written, by identity; the last of one identity counts, as it is applied last."""
    return {key_of(item.manifest): item.origin for item in items}


def missing_sources(items: Iterable[Manifest]) -> list[Manifest]:
    """Return the GitRepositories that Kustomizations read and nobody declares, as ``flux bootstrap`` would make them.

    They stand for the repository itself, at a URL of their own.
    """
    known = list(items)
    declared = {key_of(item)[2:] for item in known if group_kind(item) == _GIT}
    missing: dict[tuple[str, ...], Manifest] = {}
    for item in known:
        reference = spec_of(item).get("sourceRef") or {}
        if group_kind(item) != _KUSTOMIZATION or reference.get("kind") != "GitRepository":
            continue
        namespace = reference.get("namespace") or key_of(item).namespace or "default"
        key = (namespace, reference.get("name") or "")
        if key not in declared:
            missing[key] = bootstrap_source(*key)
    return list(missing.values())


def spec_of(item: Manifest) -> Json:
    """Return the spec of an object; an empty one where it has not the form of its kind.

    Who looks around in a repository reads nothing into such an object; who renders it says what is wrong.
    """
    spec = item.get("spec")
    return spec if isinstance(spec, dict) and not form_problem(item) else {}


def bootstrap_source(namespace: str, name: str) -> Manifest:
    """Return the GitRepository that stands for the repository itself."""
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"interval": "1m", "url": f"{MADE_URL}{namespace}/{name}", "ref": {"name": "HEAD"}},
    }


def _is_template(tree: Tree, path: str) -> bool:
    before, folder, _ = path.rpartition("/templates/")
    while folder:
        if tree.is_file(f"{before}/Chart.yaml"):
            return True
        before, folder, _ = before.rpartition("/templates/")
    return path.startswith("templates/") and tree.is_file("Chart.yaml")


def _objects(tree: Tree, path: str, holds: Callable[[bytes], bool] | None) -> list[Rendered]:
    data = tree.read(path)
    if holds is not None and not holds(data):
        return []
    return [
        Rendered(manifest=item, origin=Origin(file=path, line=document.line))
        for document in yamls.parse_all(data, file=path)
        for item in _flat(document.data)
    ]


def _flat(data: Json) -> list[Manifest]:
    if not isinstance(data, dict) or not isinstance(data.get("apiVersion"), str):
        return []
    if not isinstance(data.get("kind"), str) or not data["kind"]:
        return []
    if data["kind"] == "List" and isinstance(data.get("items"), list):
        return [item for each in data["items"] for item in _flat(each)]
    return [data] if isinstance(data.get("metadata"), dict) else []
