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
    """The URL of the cluster's API server. Instead of `name`. Default: the cluster that Argo CD runs in."""
    name: Text | None = None
    """The cluster's name. Instead of `server`."""
    namespace: Text | None = None
    """The namespace of objects that name none."""

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
    """The kind; `*` is any."""
    group: Text | None = None
    """The API group. Left out, the core group."""
    name: Text | None = None
    """The object's name. Any when left out."""
    namespace: Text | None = None
    """The object's namespace. Any when left out."""
    json_pointers: Many[Text] | None = None
    """JSON pointers of the fields: `/spec/replicas`."""
    jq_path_expressions: Many[Text] | None = None
    """The jq paths of the fields: `.spec.template.spec.containers[].image`."""
    managed_fields_managers: Many[Text] | None = None
    """Field managers whose fields do not count: `kube-controller-manager`."""


class Info(Spec):
    """A line that the web page shows; a URL becomes a link."""

    name: Text
    """What the line is called."""
    value: Text
    """What it says."""


class DrySource(Spec):
    """Where the hydrator reads what it renders."""

    repo_url: Text
    """The URL of the Git repository."""
    target_revision: Text
    """The branch, tag or commit."""
    path: Text
    """The folder."""
    helm: HelmSource | None = None
    """How Helm renders the chart."""
    kustomize: KustomizeSource | None = None
    """What Kustomize changes."""
    directory: DirectorySource | None = None
    """How a plain folder is read."""
    plugin: PluginSource | None = None
    """The plugin that renders."""


class SyncSource(Spec):
    """Where the rendered manifests are, from which Argo CD syncs."""

    target_branch: Text
    """The branch that is synced."""
    path: Annotated[
        Text,
        Field(min_length=1),
        matching(r"^.{2,}|[^./]$", "must be a folder in the repository, not its root: every environment has its own"),
    ]
    """The folder of that branch; not its root."""
    repo_url: Text | None = Field(default=None, alias="repoURL")
    """The URL of the repository to push to. Argo CD takes the one that is read for none."""


class HydrateTo(Spec):
    """The branch that the hydrator writes to, when it is not the one that is synced."""

    target_branch: Text
    """The branch to push to; a pull request brings it to the one that is synced."""


class SourceHydrator(Spec):
    """Renders one source and pushes the manifests to a branch, before they are synced from there."""

    dry_source: DrySource
    """What is read and rendered."""
    sync_source: SyncSource
    """Where the manifests are synced from."""
    hydrate_to: HydrateTo | None = None
    """Where the manifests are pushed to first. Argo CD takes the synced branch for none."""


class ApplicationFields(Spec):
    """The spec of an Application."""

    project: Text = guide("default")
    """The AppProject, or its name. Default: `default`."""
    source: ApplicationSource | None = None
    """Where the manifests come from."""
    sources: Many[ApplicationSource] | None = None
    """Several sources, whose manifests are put together. Instead of `source`."""
    source_hydrator: SourceHydrator | None = None
    """A source whose manifests are rendered and pushed to a branch first. Instead of `source`."""
    destination: Destination
    """The cluster and the namespace. Default: the cluster that Argo CD runs in."""
    sync_policy: SyncPolicy | None = None
    """Whether and how to sync by itself. Left out, somebody has to ask for each sync."""
    ignore_differences: Many[IgnoreDifferences] | None = None
    """Fields whose differences do not count."""
    info: Many[Info] | None = None
    """Lines that the web page shows."""
    revision_history_limit: Annotated[Int, at_least(0)] | None = None
    """How many syncs are remembered. Argo CD's default: 10."""

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
