"""The fields of an Application's spec, which ApplicationSet templates have too (section 1)."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, ValidationInfo, model_validator

from nixernetes.gitops.argocd.applications.sources import (
    ApplicationSource,
    DirectorySource,
    HelmSource,
    KustomizeSource,
    PluginSource,
)
from nixernetes.gitops.argocd.applications.sync_policy import SyncPolicy
from nixernetes.gitops.argocd.projects.permissions import IN_CLUSTER
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, guide, is_lenient
from nixernetes.gitops.values import Int, Many, Text, at_least, matching

__all__ = [
    "ApplicationFields",
    "ApplicationSpec",
    "Destination",
    "DrySource",
    "HydrateTo",
    "IgnoreDifferences",
    "Info",
    "SourceHydrator",
    "SyncSource",
]


class Destination(Spec):
    """The cluster, by server or by name, and the namespace of objects that name none.

    In Python the cluster may be left out: it is the one that Argo CD runs in.
    """

    server: Text | None = None
    name: Text | None = None
    namespace: Text | None = None

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with the in-cluster server when no cluster is named."""
        del info
        return fields if fields.get("server") or fields.get("name") else {"server": IN_CLUSTER.server, **fields}

    @model_validator(mode="after")
    def _one_cluster(self, info: ValidationInfo) -> Self:
        if self.server and self.name and not is_lenient(info):
            raise ValueError(
                f"application destination can't have both name and server defined: {self.name} {self.server}: give one"
            )
        return self


class IgnoreDifferences(Spec):
    """Fields whose differences do not count, by JSON pointer, jq expression or field manager."""

    kind: Text
    group: Text | None = None
    name: Text | None = None
    namespace: Text | None = None
    json_pointers: Many[Text] | None = None
    jq_path_expressions: Many[Text] | None = None
    managed_fields_managers: Many[Text] | None = None


class Info(Spec):
    """A line that the web page shows; a URL becomes a link."""

    name: Text
    value: Text


class DrySource(Spec):
    """Where the hydrator reads what it renders."""

    repo_url: Text
    target_revision: Text
    path: Text
    helm: HelmSource | None = None
    kustomize: KustomizeSource | None = None
    directory: DirectorySource | None = None
    plugin: PluginSource | None = None


class SyncSource(Spec):
    """Where the rendered manifests are, from which Argo CD syncs."""

    target_branch: Text
    path: Annotated[
        Text,
        Field(min_length=1),
        matching(r"^.{2,}|[^./]$", "must be a folder in the repository, not its root: every environment has its own"),
    ]
    repo_url: Text | None = Field(default=None, alias="repoURL")


class HydrateTo(Spec):
    """The branch that the hydrator writes to, when it is not the one that is synced."""

    target_branch: Text


class SourceHydrator(Spec):
    """Renders one source and pushes the manifests to a branch, before they are synced from there."""

    dry_source: DrySource
    sync_source: SyncSource
    hydrate_to: HydrateTo | None = None


class ApplicationFields(Spec):
    """The spec of an Application."""

    project: Text = guide("default")
    source: ApplicationSource | None = None
    sources: Many[ApplicationSource] | None = None
    source_hydrator: SourceHydrator | None = None
    destination: Destination
    sync_policy: SyncPolicy | None = None
    ignore_differences: Many[IgnoreDifferences] | None = None
    info: Many[Info] | None = None
    revision_history_limit: Annotated[Int, at_least(0)] | None = None

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with a project given as an object by name, and the destination that was left out."""
        found = {"destination": cls.home(info), **fields}
        project = found.get("project")
        if isinstance(project, Resource):
            if project.KIND != "AppProject":
                raise ValueError(f"project: is a {project.KIND}, and may only be an AppProject or its name")
            found["project"] = project.name
        return found

    @classmethod
    def home(cls, info: ValidationInfo) -> dict[str, str]:
        """Return the destination when none is given: the cluster that Argo CD runs in."""
        del info
        return {"server": IN_CLUSTER.server}


class ApplicationSpec(ApplicationFields):
    """The spec in an ApplicationSet's template; fields may hold placeholders, overrides may leave out the source."""
