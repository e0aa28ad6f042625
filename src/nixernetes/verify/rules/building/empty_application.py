"""``empty-application``: an Application of a folder with manifests brings some of them.

Argo CD reads the files of the folder itself, unless ``directory.recurse`` is set, and of these what ``include`` and
``exclude`` leave (reposerver, ``findManifests``). Nothing is an error: the Application is Synced and Healthy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import flag_at, mapping_at, text_at
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.application_sources import application_sources
from nixernetes.render.deliveries import Delivery
from nixernetes.render.tree import join
from nixernetes.verify.findings import Severity
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_ENDINGS: Final = (".yaml", ".yml", ".json")
_TOOLS: Final = ("helm", "kustomize", "plugin", "chart", "ref")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind != APPLICATION or delivery.problem or delivery.manifests:
            continue
        for path, source in _sources(delivery):
            message = _passed_over(view, source)
            if message:
                yield Found(cluster=cluster, subject=delivery, message=message, path=(*path, "path"))


def _sources(delivery: Delivery) -> list[tuple[FieldPath, Json]]:
    try:
        sources = application_sources(delivery.manifest)
    except InputError:
        return []
    several = "sources" in mapping_at(delivery.manifest, "spec")
    return [(("spec", "sources", i) if several else ("spec", "source"), each) for i, each in enumerate(sources)]


def _passed_over(view: PlatformView, source: Json) -> str:
    """Return why nothing is read of a folder that holds manifests; ``""`` where it holds none, or is built."""
    urls = {each.removesuffix(".git") for each in view.platform.estate.urls}
    if text_at(source, "repoURL").removesuffix(".git") not in urls or any(source.get(tool) for tool in _TOOLS):
        return ""
    tree = view.platform.estate.index.tree
    try:
        folder = join("", text_at(source, "path").lstrip("/"))
    except InputError:
        return ""
    files = [file for file in tree.walk(folder) if file.endswith(_ENDINGS) and view.platform.estate.index.lenient(file)]
    beside = [file for file in files if file.rpartition("/")[0] == folder]
    if any(file.rpartition("/")[2] in ("Chart.yaml", "kustomization.yaml", "kustomization.yml") for file in beside):
        return ""
    if beside and any(text_at(source, "directory", part) for part in ("include", "exclude")):
        return f"it brings nothing: include and exclude leave none of {len(beside)} files"
    if files and not beside and not flag_at(source, "directory", "recurse"):
        return f"it brings nothing: all manifests are in folders below, as {files[0]}; set directory.recurse: true"
    return ""


RULE: Final = Rule(
    name="empty-application",
    topic="path-missing",
    severity=Severity.WARNING,
    sentence="An Application with a folder of manifests applies some of them.",
    check=_check,
)
