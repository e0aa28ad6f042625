"""The top-level ``operation`` of an Application: a sync that somebody asks for (section 8.1)."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from nixernetes.gitops.argocd.applications.application_fields import Info
from nixernetes.gitops.argocd.applications.sources import ApplicationSource
from nixernetes.gitops.argocd.applications.sync_options import SyncOption
from nixernetes.gitops.argocd.applications.sync_policy import RetryStrategy
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, Many, Text

__all__ = ["InitiatedBy", "Operation", "SyncOperation", "SyncOperationResource", "SyncStrategy", "SyncStrategyForce"]


class InitiatedBy(Spec):
    """Who asked."""

    username: Text | None = None
    """The user."""
    automated: Bool | None = None
    """Whether nobody asked, and it is an automated sync."""


class SyncStrategyForce(Spec):
    """Whether objects are deleted and made again where they cannot be changed."""

    force: Bool | None = None
    """Whether objects are deleted and made again where they cannot be changed. Argo CD's default: False."""


class SyncStrategy(Spec):
    """Plain apply, or apply with hooks (the default)."""

    apply: SyncStrategyForce | None = None
    """Apply without hooks."""
    hook: SyncStrategyForce | None = None
    """Apply with hooks, which is Argo CD's default."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.apply is not None and self.hook is not None:
            raise ValueError("give one of apply and hook")
        return self


class SyncOperationResource(Spec):
    """One object to sync."""

    group: Text | None = None
    """The API group. Left out, the core group."""
    kind: Text
    """The kind."""
    name: Text
    """The name."""
    namespace: Text | None = None
    """The namespace. The Application's destination when left out."""


class SyncOperation(Spec):
    """What to sync; without resources everything, without revision the target revision."""

    revision: Text | None = None
    """The revision to sync. Argo CD takes the target revision for none."""
    revisions: Many[Text] | None = None
    """The revisions to sync, one for each of several sources."""
    prune: Bool | None = None
    """Whether objects that left the repository are deleted. Argo CD's default: False."""
    dry_run: Bool | None = None
    """Whether only to try. Argo CD's default: False."""
    sync_strategy: SyncStrategy | None = None
    """Whether hooks are run."""
    resources: Many[SyncOperationResource] | None = None
    """The only objects to sync. All when left out."""
    source: ApplicationSource | None = None
    """A source other than the Application's, for this sync only."""
    sources: Many[ApplicationSource] | None = None
    """Sources other than the Application's, for this sync only."""
    manifests: Many[Text] | None = None
    """Manifests to sync in place of the repository's, as text."""
    sync_options: Many[SyncOption] | None = None
    """Options of the sync: `ServerSideApply=true`."""
    auto_heal_attempts_count: Int | None = None
    """How often Argo CD has tried to undo changes already. It writes this itself."""


class Operation(Spec):
    """A request to sync."""

    initiated_by: InitiatedBy | None = None
    """Who asked."""
    info: Many[Info] | None = None
    """Lines about the request."""
    retry: RetryStrategy | None = None
    """How often to try again. Argo CD does not, when left out."""
    sync: SyncOperation | None = None
    """What to sync."""
