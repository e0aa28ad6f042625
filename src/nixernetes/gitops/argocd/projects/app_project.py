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
    """The URL of the API server; a glob, and `!` before it denies. Default: the cluster that Argo CD runs in."""
    name: Text | None = None
    """The cluster's name; a glob, and `!` before it denies. Instead of `server`."""
    namespace: Text | None = None
    """The namespace; a glob, and `!` before it denies."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with the in-cluster server when no cluster is named."""
        del info
        return fields if fields.get("server") or fields.get("name") else {"server": IN_CLUSTER.server, **fields}


class NamespaceResource(Spec):
    """A kind; ``*`` and other shell patterns are allowed."""

    group: Text
    """The API group; empty is the core group, and `*` any."""
    kind: Text
    """The kind; `*` is any."""


class ClusterResource(NamespaceResource):
    """A cluster-scoped kind, or its objects of some name."""

    name: Text | None = None
    """The name of the objects; a pattern. Any when left out."""


class JwtToken(Spec):
    """A token that was issued for a role; times are seconds since 1970."""

    iat: Int
    """When it was issued, in seconds since 1970."""
    exp: Int | None = None
    """When it expires, in seconds since 1970. Never when left out."""
    id: Text | None = None
    """The token's id."""


class ProjectRole(Spec):
    """Who may do what with the Applications of the project."""

    name: Text
    """The role's name."""
    description: Text | None = None
    """What the role is for."""
    policies: Many[Text] | None = None
    """What it may do: `p, proj:team:deployer, applications, sync, team/*, allow`."""
    groups: Many[Text] | None = None
    """The groups of the login service that have the role."""
    jwt_tokens: Many[JwtToken] | None = None
    """The tokens that were issued for the role. Argo CD writes this itself."""


def _schedule(value: str) -> str:
    parse_schedule(value)
    return value


def _zone(value: str) -> str:
    time_zone(value)
    return value


class SyncWindow(Spec):
    """When Applications may, or may not, sync."""

    kind: Literal["allow", "deny"] | None = None
    """Whether syncs are allowed or denied."""
    schedule: Annotated[Text, AfterValidator(_schedule)] | None = None
    """When the window opens: `0 22 * * *`, as cron has it."""
    duration: GoDuration | None = None
    """How long the window stays open: `1h`."""
    applications: Many[Text] | None = None
    """Applications that it is for; globs."""
    namespaces: Many[Text] | None = None
    """Destination namespaces that it is for; globs."""
    clusters: Many[Text] | None = None
    """Destination clusters that it is for, by server or name; globs."""
    manual_sync: Bool | None = None
    """Whether people may sync outside of the window all the same. Argo CD's default: False."""
    time_zone: Annotated[Text, AfterValidator(_zone)] | None = None
    """The time zone of the schedule: `Europe/Berlin`. Argo CD's default: `UTC`."""
    and_operator: Bool | None = None
    """Whether applications, namespaces and clusters must all fit, not one of them. Argo CD's default: False."""
    description: Annotated[Text, Field(max_length=255)] | None = None
    """What the window is for."""
    sync_overrun: Bool | None = None
    """Whether a sync that has begun may finish when it would no longer be allowed. Argo CD's default: False."""


class OrphanedResource(Spec):
    """Objects that do not count as orphaned; globs."""

    group: Text | None = None
    """The API group; a glob."""
    kind: Text | None = None
    """The kind; a glob."""
    name: Text | None = None
    """The name; a glob."""


class OrphanedResources(Spec):
    """Whether to warn of objects that belong to no Application."""

    warn: Bool | None = None
    """Whether Applications get a warning. Argo CD's default: True where the block is written."""
    ignore: Many[OrphanedResource] | None = None
    """Objects that do not count."""


class SignatureKey(Spec):
    """A GnuPG key that commits must be signed with."""

    key_id: Text = Field(alias="keyID")
    """The id of the GnuPG key."""


class IntegrityRepository(Spec):
    """A repository; a glob."""

    url: Text = Field(alias="url")
    """The URL; a glob."""


class GpgPolicy(Spec):
    """Whose signatures count."""

    mode: Text
    """What must be signed: `none`, `head` (the commit or tag) or `strict` (all commits before it too)."""
    keys: Many[Text]
    """The ids of the GnuPG keys whose signatures count."""


class IntegrityPolicy(Spec):
    """How commits of some repositories are verified."""

    repos: Many[IntegrityRepository]
    """The repositories that the policy is for."""
    gpg: GpgPolicy
    """Whose signatures count."""


class GitSourceIntegrity(Spec):
    """How Git commits are verified."""

    policies: Many[IntegrityPolicy]
    """The policies; the first that fits a repository counts."""


class SourceIntegrity(Spec):
    """How sources are verified."""

    git: GitSourceIntegrity
    """How Git commits are verified."""


class DestinationServiceAccount(Spec):
    """The account that Argo CD acts as in a destination: ``name`` or ``namespace:name``."""

    server: Text
    """The URL of the API server; a glob."""
    namespace: Text | None = None
    """The destination namespace; a glob."""
    default_service_account: Text
    """The service account, `name` or `namespace:name`."""


class AppProject(ArgoResource):
    """What the Applications of a team may use, and where they may go."""

    KIND: ClassVar[str] = "AppProject"
    PLURAL: ClassVar[str] = "appprojects"

    description: Annotated[Text, Field(max_length=255)] | None = None
    """What the project is for, in at most 255 characters."""
    source_repos: Many[Text] | None = None
    """The repositories that its Applications may use; globs, and `!` before one denies. None when left out."""
    destinations: Many[ProjectDestination] | None = None
    """Where its Applications may go. Nowhere when left out."""
    cluster_resource_whitelist: Many[ClusterResource] | None = None
    """Kinds without a namespace that its Applications may bring. None when left out."""
    cluster_resource_blacklist: Many[ClusterResource] | None = None
    """Kinds without a namespace that its Applications may not bring; it wins over the whitelist."""
    namespace_resource_whitelist: Many[NamespaceResource] | None = None
    """Kinds with a namespace that its Applications may bring. All when left out."""
    namespace_resource_blacklist: Many[NamespaceResource] | None = None
    """Kinds with a namespace that its Applications may not bring; it wins over the whitelist."""
    roles: Many[ProjectRole] | None = None
    """Who may do what with its Applications."""
    sync_windows: Many[SyncWindow] | None = None
    """When its Applications may sync. Always when left out."""
    orphaned_resources: OrphanedResources | None = None
    """Whether to warn of objects in its namespaces that belong to no Application. Argo CD does not, when left out."""
    signature_keys: Many[SignatureKey] | None = None
    """GnuPG keys that commits must be signed with. Deprecated: use `source_integrity`."""
    source_namespaces: Many[Text] | None = None
    """Namespaces besides Argo CD's own that its Applications may be in; globs."""
    permit_only_project_scoped_clusters: Bool | None = None
    """Whether only clusters that are registered for the project count. Argo CD's default: False."""
    destination_service_accounts: Many[DestinationServiceAccount] | None = None
    """The service account that Argo CD acts as, by destination."""
    source_integrity: SourceIntegrity | None = None
    """How the sources of its Applications are verified."""

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
