"""AppProject: what a team's Applications may use, and where they may go (section 3).

It permits what it was given and nothing else: no list is ever widened. Two things are made right in Python, both of
which only narrow. A destination without server and name is the cluster that Argo CD runs in. And a kind in
``cluster_resource_blacklist`` that has a namespace, such as NetworkPolicy, is also written to
``namespaceResourceBlacklist``, because Argo CD looks for it only there; with its real API group when none was given.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from nixernetes.gitops.argocd.argo_resource import ArgoResource, GoDuration
from nixernetes.gitops.argocd.projects.permissions import IN_CLUSTER
from nixernetes.gitops.argocd.projects.project_kinds import denied, kind_data
from nixernetes.gitops.argocd.projects.project_rules import problems
from nixernetes.gitops.argocd.projects.windows import time_zone
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, Many, Text
from nixernetes.languages.cron import parse_schedule

__all__ = [
    "AppProject",
    "ClusterResource",
    "DestinationServiceAccount",
    "GitSourceIntegrity",
    "GpgPolicy",
    "IntegrityPolicy",
    "IntegrityRepository",
    "JwtToken",
    "NamespaceResource",
    "OrphanedResource",
    "OrphanedResources",
    "ProjectDestination",
    "ProjectRole",
    "SignatureKey",
    "SourceIntegrity",
    "SyncWindow",
]


class ProjectDestination(Spec):
    """A cluster, by server or name, and a namespace; globs, ``!`` denies."""

    server: Text | None = None
    name: Text | None = None
    namespace: Text | None = None

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with the in-cluster server when no cluster is named."""
        del info
        return fields if fields.get("server") or fields.get("name") else {"server": IN_CLUSTER.server, **fields}


class NamespaceResource(Spec):
    """A kind; ``*`` and other shell patterns are allowed."""

    group: Text
    kind: Text


class ClusterResource(NamespaceResource):
    """A cluster-scoped kind, or its objects of some name."""

    name: Text | None = None


class JwtToken(Spec):
    """A token that was issued for a role; times are seconds since 1970."""

    iat: Int
    exp: Int | None = None
    id: Text | None = None


class ProjectRole(Spec):
    """Who may do what with the Applications of the project."""

    name: Text
    description: Text | None = None
    policies: Many[Text] | None = None
    groups: Many[Text] | None = None
    jwt_tokens: Many[JwtToken] | None = None


def _schedule(value: str) -> str:
    parse_schedule(value)
    return value


def _zone(value: str) -> str:
    time_zone(value)
    return value


class SyncWindow(Spec):
    """When Applications may, or may not, sync."""

    kind: Literal["allow", "deny"] | None = None
    schedule: Annotated[Text, AfterValidator(_schedule)] | None = None
    duration: GoDuration | None = None
    applications: Many[Text] | None = None
    namespaces: Many[Text] | None = None
    clusters: Many[Text] | None = None
    manual_sync: Bool | None = None
    time_zone: Annotated[Text, AfterValidator(_zone)] | None = None
    and_operator: Bool | None = None
    description: Annotated[Text, Field(max_length=255)] | None = None
    sync_overrun: Bool | None = None


class OrphanedResource(Spec):
    """Objects that are no orphans; globs."""

    group: Text | None = None
    kind: Text | None = None
    name: Text | None = None


class OrphanedResources(Spec):
    """Whether to warn of objects that belong to no Application."""

    warn: Bool | None = None
    ignore: Many[OrphanedResource] | None = None


class SignatureKey(Spec):
    """A GnuPG key that commits must be signed with."""

    key_id: Text = Field(alias="keyID")


class IntegrityRepository(Spec):
    """A repository; a glob."""

    url: Text = Field(alias="url")


class GpgPolicy(Spec):
    """Whose signatures count."""

    mode: Text
    keys: Many[Text]


class IntegrityPolicy(Spec):
    """How commits of some repositories are verified."""

    repos: Many[IntegrityRepository]
    gpg: GpgPolicy


class GitSourceIntegrity(Spec):
    """How Git commits are verified."""

    policies: Many[IntegrityPolicy]


class SourceIntegrity(Spec):
    """How sources are verified."""

    git: GitSourceIntegrity


class DestinationServiceAccount(Spec):
    """The account that Argo CD acts as in a destination: ``name`` or ``namespace:name``."""

    server: Text
    namespace: Text | None = None
    default_service_account: Text


class AppProject(ArgoResource):
    """What the Applications of a team may use, and where they may go."""

    KIND: ClassVar[str] = "AppProject"
    PLURAL: ClassVar[str] = "appprojects"

    description: Annotated[Text, Field(max_length=255)] | None = None
    source_repos: Many[Text] | None = None
    destinations: Many[ProjectDestination] | None = None
    cluster_resource_whitelist: Many[ClusterResource] | None = None
    cluster_resource_blacklist: Many[ClusterResource] | None = None
    namespace_resource_whitelist: Many[NamespaceResource] | None = None
    namespace_resource_blacklist: Many[NamespaceResource] | None = None
    roles: Many[ProjectRole] | None = None
    sync_windows: Many[SyncWindow] | None = None
    orphaned_resources: OrphanedResources | None = None
    signature_keys: Many[SignatureKey] | None = None
    source_namespaces: Many[Text] | None = None
    permit_only_project_scoped_clusters: Bool | None = None
    destination_service_accounts: Many[DestinationServiceAccount] | None = None
    source_integrity: SourceIntegrity | None = None

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with kinds given by name written out, and denied kinds denied where Argo CD looks."""
        del info
        found = dict(fields)
        for name in _KIND_LISTS:
            if isinstance(found.get(name), list | tuple):
                found[name] = [kind_data(item, allows=name.endswith("whitelist")) for item in found[name]]
        cluster, namespaced = denied(found.get("cluster_resource_blacklist"), found.get("namespace_resource_blacklist"))
        if cluster is not None:
            found["cluster_resource_blacklist"] = cluster
        if namespaced is not None:
            found["namespace_resource_blacklist"] = namespaced
        return found

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> Self:
        # Argo CD enforces these in its own API only: what was applied with kubectl may break them.
        if not (info.context or {}).get("manifest"):
            problem = next(problems(self.name, self.manifest()["spec"]), None)
            if problem is not None:
                raise ValueError(problem)
        return self


_KIND_LISTS = (
    "cluster_resource_whitelist",
    "cluster_resource_blacklist",
    "namespace_resource_whitelist",
    "namespace_resource_blacklist",
)
