"""Charts whose templates are Applications: an app of apps that somebody starts with ``argocd app create``.

Where nothing else of a repository starts a cluster, such a chart does, by an Application that is made for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import ARGOPROJ_V1ALPHA1
from nixernetes.objects.fields import mappings_in, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, IN_CLUSTER
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.made_sources import MADE_URL
from nixernetes.render.estate.reach import brought_path

__all__ = ["app_charts", "made_application", "urls_of_chart"]

_APPLICATION: Final = re.compile(rb"^\s*kind:\s*[\"']?Application(?:Set)?\b", re.MULTILINE)


def app_charts(index: DocumentIndex) -> list[str]:
    """Return the folders of the charts whose templates are Applications or ApplicationSets."""
    tree = index.tree
    return [
        folder
        for folder in index.folders
        if tree.is_file(f"{folder}/Chart.yaml")
        and any(_APPLICATION.search(index.read(path)) for path in tree.walk(f"{folder}/templates"))
    ]


def made_application(folder: str) -> Manifest:
    """Return the Application that brings a chart of this repository to Argo CD."""
    name = folder.rpartition("/")[2]
    return {
        "apiVersion": ARGOPROJ_V1ALPHA1,
        "kind": "Application",
        "metadata": {"name": name, "namespace": ARGOCD_NAMESPACE},
        "spec": {
            "project": "default",
            "source": {"repoURL": f"https://{MADE_URL}argocd/{name}", "targetRevision": "HEAD", "path": folder},
            "destination": {"server": IN_CLUSTER, "namespace": ARGOCD_NAMESPACE},
            "syncPolicy": {"automated": {}},
        },
    }


def urls_of_chart(index: DocumentIndex, folder: str) -> list[str]:
    """Return the ``repoURL`` of a chart's values, where these name folders that are here."""
    path = f"{folder}/values.yaml"
    try:
        values = yamls.parse_first(index.read(path), file=path)
    except InputError:
        return []
    mappings = list(mappings_in(values))
    is_here = any(index.tree.is_dir(name) for name in _folders_named(mappings))
    return list(dict.fromkeys(url for each in mappings for url in (text_at(each, "repoURL"),) if url and is_here))


def _folders_named(mappings: list[dict[str, Json]]) -> Iterator[str]:
    for mapping in mappings:
        for field in ("path", "name"):
            folder = brought_path(text_at(mapping, field))
            if folder:
                yield folder
