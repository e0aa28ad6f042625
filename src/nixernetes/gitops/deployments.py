"""Deployments: one path of one repository to one cluster, or one path to each of several.

It is the ``deployment`` of a platform, which writes what delivers the paths, and its apps, if it has any, below them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.flux.scalars import Duration, HttpUrl, NonEmpty
from nixernetes.gitops.workloads import dns_label

__all__ = ["ClusterPath", "Engine", "MultiClusterDeployment", "SingleClusterDeployment"]

Engine = Literal["flux", "argocd", "both"]


def clean_path(path: str) -> str:
    """Return a path of the repository without ``./`` and trailing ``/``; the root is ``""``.

    Raises:
        ValueError: it is absolute or leads out of the repository.

    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or "\\" in path:
        raise ValueError(f"path {path!r} leads out of the repository: write it relative to the repository's root")
    return "/".join(parts)


RepositoryPath = Annotated[str, BeforeValidator(lambda value: clean_path(value) if isinstance(value, str) else value)]


class ClusterPath(DeclaredPart):
    """A cluster of a deployment: its API server and the path it runs.

    Attributes:
        server: the URL of its API server, as Argo CD knows it.
        path: the folder of the repository; ``clusters/<name>`` when left out.

    """

    server: HttpUrl = ""
    path: RepositoryPath | None = None


def _clusters(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: ClusterPath(**item) if isinstance(item, Mapping) else item for name, item in value.items()}


class SingleClusterDeployment(DeclaredPart):
    """One folder of a repository, applied to one cluster.

    Attributes:
        name: its name: of the cluster, of the GitRepository and Kustomization, or of the Application.
        git_repository: the URL of the repository.
        path: the folder.
        namespace: where the objects go that do not say it themselves (Argo CD), or all of them (Flux).
        branch: the branch to follow.
        engine: who delivers.
        server: the API server of the cluster, as Argo CD knows it; its own cluster when left out.
        interval: how often Flux fetches is ``source_interval``, how often it applies ``interval``.

    """

    name: str
    git_repository: str
    path: RepositoryPath = ""
    namespace: str = "default"
    branch: NonEmpty = "main"
    engine: Engine = "flux"
    server: HttpUrl = ""
    interval: Duration = "10m"
    source_interval: Duration = "1m"

    @model_validator(mode="after")
    def _valid(self) -> Self:
        dns_label(self.name, "name")
        dns_label(self.namespace, "namespace")
        return self

    @property
    def clusters(self) -> Mapping[str, ClusterPath]:
        """The one cluster, by its name."""
        server = {"server": self.server} if self.server else {}
        return {self.name: ClusterPath(path=self.path, **server)}


class MultiClusterDeployment(DeclaredPart):
    """One repository, and a folder of it for each of several clusters.

    With Argo CD: an AppProject and one Application a cluster, in the cluster that runs Argo CD. With Flux: a
    GitRepository and a Kustomization in each cluster.

    Attributes:
        name: its name: of the AppProject, and the first part of the names of the Applications.
        git_repository: the URL of the repository.
        clusters: name to server and path.
        namespace: where the objects go that do not say it themselves (Argo CD), or all of them (Flux, when given).
        branch: the branch to follow.
        engine: who delivers.
        interval: how often Flux fetches is ``source_interval``, how often it applies ``interval``.

    """

    name: str
    git_repository: str
    clusters: Annotated[dict[str, ClusterPath], BeforeValidator(_clusters), Field(min_length=1)]
    namespace: str = "default"
    branch: NonEmpty = "main"
    engine: Engine = "argocd"
    interval: Duration = "10m"
    source_interval: Duration = "1m"

    @model_validator(mode="after")
    def _valid(self) -> Self:
        for name in (self.name, *self.clusters):
            dns_label(name, "name")
        dns_label(self.namespace, "namespace")
        return self
