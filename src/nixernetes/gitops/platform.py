"""The platform: everything that one ``gitops.py`` declares.

``compile_platform`` turns it into the files of its repository, ``bootstrap`` says what a fresh cluster needs to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App, dns_label
from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.deployments import MultiClusterDeployment, SingleClusterDeployment
from nixernetes.gitops.flux.scalars import HttpUrl
from nixernetes.gitops.marking.label_values import label_value_problem
from nixernetes.gitops.marking.marks import Marking
from nixernetes.gitops.notification import WebhookNotification
from nixernetes.gitops.repository import GitOpsRepository
from nixernetes.gitops.resource import Resource
from nixernetes.objects.api_groups import ARGOPROJ, FLUX_TOOLKIT

__all__ = ["Cluster", "Platform"]


def _resource(value: object) -> object:
    if isinstance(value, Resource | WebhookNotification):
        return value
    raise ValueError(f"is a {type(value).__name__}: give an object such as gitops.GitRepository(...)")


def _policies(value: object) -> object:
    """Return policies as one list, whatever lists they came in, each an object, a manifest or a path."""
    if isinstance(value, list | tuple):
        found: list[object] = []
        for item in value:
            inner = _policies(item)
            found += inner if isinstance(inner, list) else [inner]
        return found
    return _policy(value)


def _policy(value: object) -> object:
    if isinstance(value, str | Path):
        return Path(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Resource) and not value.group_kind().group.endswith((FLUX_TOOLKIT, ARGOPROJ)):
        return value
    raise ValueError(f"is a {type(value).__name__}: give a policy such as kyverno.ValidatingPolicy(...), or a path")


def _listed(value: object) -> object:
    found = _policies(value)
    return found if isinstance(found, list) else [found]


def _marking(value: object) -> object:
    if value is None or isinstance(value, Marking):
        return value
    raise ValueError(f"is a {type(value).__name__}: give compliance.labels(...) or compliance.Profile(...)")


Resources = tuple[Annotated[Any, BeforeValidator(_resource)], ...]


class Cluster(DeclaredPart):
    """A cluster, or an environment that has one of its own."""

    server: HttpUrl = ""
    """The URL of its API server, as Argo CD knows it. Left out, Argo CD knows it by name, and the only cluster of a
    platform is the one that Argo CD runs in."""
    branch: str = ""
    """The branch that it follows. Default: the repository's."""
    resources: Resources = ()
    """Flux objects for this cluster only."""


def _clusters(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: Cluster(**item) if isinstance(item, Mapping) else item for name, item in value.items()}
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return {name: Cluster() for name in value}
    return value


class Platform(DeclaredPart):
    """A GitOps platform: what runs where, and who delivers it."""

    name: str
    """Its name; the AppProject of its Applications has it too."""
    repository: GitOpsRepository | None = None
    """The repository that it is built into."""
    deployment: SingleClusterDeployment | MultiClusterDeployment | None = None
    """Instead of a repository: the one folder, or one folder a cluster, that apps are written to."""
    clusters: Annotated[dict[str, Cluster], BeforeValidator(_clusters)] = Field(default_factory=dict)
    """Cluster to its settings, or a list of names. Default: the repository's environments."""
    environments: Annotated[dict[str, Cluster], BeforeValidator(_clusters)] = Field(default_factory=dict)
    """Another word for `clusters`."""
    apps: tuple[App, ...] = ()
    """The workloads."""
    resources: Resources = ()
    """Flux objects for every cluster, Argo CD objects for the one that runs Argo CD; a WebhookNotification is told of
    everything that the platform delivers."""
    engine: Literal["flux", "argocd", "both"] | None = None
    """Who delivers: `flux`, `argocd` or `both`. Default: the deployment's, else `flux`."""
    owner: str = ""
    """Who answers for it: what compliance labels name where they do not name somebody themselves."""
    compliance: Annotated[Any, BeforeValidator(_marking)] = None
    """`compliance.labels(...)` or `compliance.Profile(...)`: what every object of every delivery bears."""
    policies: Annotated[tuple[Any, ...], BeforeValidator(_listed)] = ()
    """Policies for every cluster, delivered before everything else: objects such as `kyverno.ValidatingPolicy(...)`,
    lists of them such as `kyverno.library.security_baseline()`, manifests, and YAML files or folders of them."""
    policies_depend_on: tuple[str, ...] = ()
    """Apps and resources that come before the policies, since those need them. The app of the chart `kyverno` need not
    be named."""
    cluster_resources: tuple[dict[str, str], ...] = ()
    """Kinds without a namespace (`{"group": ..., "kind": ...}`) that Argo CD must let the apps bring, besides those
    that can be seen in their manifests: those of charts and of custom kinds."""

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return dns_label(value)

    @field_validator("owner")
    @classmethod
    def _owner(cls, value: str) -> str:
        problem = label_value_problem(value)
        if problem:
            raise ValueError(problem)
        return value

    def to_yaml(self) -> str:
        """Return what is delivered as YAML, each manifest under the path that it is built to, Secrets included.

        What apps bring in files, overlays and charts is left out: ``nixernetes build`` reads those, and writes all.

        Raises:
            PlatformError: what is wrong with the platform.

        """
        from nixernetes.gitops.layout.yaml_text import yaml_text  # noqa: PLC0415  # the compiler knows platforms

        return yaml_text(self, secrets=True)

    def __str__(self) -> str:
        """Return the manifests with the values of Secrets hidden; of a platform that is wrong, what is wrong."""
        from nixernetes.gitops.layout.yaml_text import yaml_text  # noqa: PLC0415  # the compiler knows platforms

        try:
            return yaml_text(self, secrets=False).rstrip()
        except InputError as error:
            return f"{self!r}\n{error}"

    @property
    def engines(self) -> frozenset[str]:
        """The engines it is built for: ``flux``, ``argocd``."""
        chosen = self.engine or (self.deployment.engine if self.deployment is not None else "flux")
        return frozenset(("flux", "argocd")) if chosen == "both" else frozenset((chosen,))
