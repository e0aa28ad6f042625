"""Deployments: one path of one repository to one cluster, or one path to each of several.

It is the ``deployment`` of a platform, which writes what delivers the paths, and its apps, if it has any, below them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from nixernetes.gitops.apps.workloads import dns_label
from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.flux.scalars import Duration, HttpUrl, NonEmpty

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
    """A cluster of a deployment: its API server and the path it runs."""

    server: HttpUrl = ""
    """The URL of its API server, as Argo CD knows it. Left out, Argo CD knows the cluster by its name."""
    path: RepositoryPath | None = None
    """The folder of the repository that it runs. Default: `clusters/<name>`."""


def _clusters(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: ClusterPath(**item) if isinstance(item, Mapping) else item for name, item in value.items()}


class _Deployment(DeclaredPart):
    """What both kinds of deployment can do."""

    def to_yaml(self) -> str:
        """Return what delivers the folders as YAML, each manifest under the path that it is built to.

        Raises:
            PlatformError: what is wrong with it.

        """
        from nixernetes.gitops.platform import Platform  # noqa: PLC0415  # a platform knows deployments

        return Platform(name=self.__dict__["name"], deployment=self).to_yaml()


class SingleClusterDeployment(_Deployment):
    """One folder of a repository, applied to one cluster."""

    name: str
    """Its name: of the cluster, of the GitRepository and Kustomization, or of the Application."""
    git_repository: str
    """The URL of the repository."""
    path: RepositoryPath = ""
    """The folder of the repository. Default: its root."""
    namespace: str = "default"
    """Where objects go that do not say it themselves (Argo CD), or all of them (Flux). Default: `default`."""
    branch: NonEmpty = "main"
    """The branch to follow. Default: `main`."""
    engine: Engine = "flux"
    """Who delivers: `flux`, `argocd` or `both`. Default: `flux`."""
    server: HttpUrl = ""
    """The URL of the cluster's API server, as Argo CD knows it. Default: the cluster that Argo CD runs in."""
    interval: Duration = "10m"
    """How often Flux applies the folder. Default: `10m`."""
    source_interval: Duration = "1m"
    """How often Flux fetches the repository. Default: `1m`."""

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


class MultiClusterDeployment(_Deployment):
    """One repository, and a folder of it for each of several clusters.

    With Argo CD: an AppProject and one Application a cluster, in the cluster that runs Argo CD. With Flux: a
    GitRepository and a Kustomization in each cluster.
    """

    name: str
    """Its name: of the AppProject, and the first part of the names of the Applications."""
    git_repository: str
    """The URL of the repository."""
    clusters: Annotated[dict[str, ClusterPath], BeforeValidator(_clusters), Field(min_length=1)]
    """Cluster to its API server and its folder."""
    namespace: str = "default"
    """Where objects go that do not say it themselves (Argo CD), or all of them (Flux, when given). Default:
    `default`."""
    branch: NonEmpty = "main"
    """The branch to follow. Default: `main`."""
    engine: Engine = "argocd"
    """Who delivers: `flux`, `argocd` or `both`. Default: `argocd`."""
    interval: Duration = "10m"
    """How often Flux applies the folders. Default: `10m`."""
    source_interval: Duration = "1m"
    """How often Flux fetches the repository. Default: `1m`."""

    @model_validator(mode="after")
    def _valid(self) -> Self:
        for name in (self.name, *self.clusters):
            dns_label(name, "name")
        dns_label(self.namespace, "namespace")
        return self
