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
    automated: Bool | None = None


class SyncStrategyForce(Spec):
    """Whether objects are deleted and made again where they cannot be changed."""

    force: Bool | None = None


class SyncStrategy(Spec):
    """Plain apply, or apply with hooks (the default)."""

    apply: SyncStrategyForce | None = None
    hook: SyncStrategyForce | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.apply is not None and self.hook is not None:
            raise ValueError("give one of apply and hook")
        return self


class SyncOperationResource(Spec):
    """One object to sync."""

    group: Text | None = None
    kind: Text
    name: Text
    namespace: Text | None = None


class SyncOperation(Spec):
    """What to sync; without resources everything, without revision the target revision."""

    revision: Text | None = None
    revisions: Many[Text] | None = None
    prune: Bool | None = None
    dry_run: Bool | None = None
    sync_strategy: SyncStrategy | None = None
    resources: Many[SyncOperationResource] | None = None
    source: ApplicationSource | None = None
    sources: Many[ApplicationSource] | None = None
    manifests: Many[Text] | None = None
    sync_options: Many[SyncOption] | None = None
    auto_heal_attempts_count: Int | None = None


class Operation(Spec):
    """A request to sync."""

    initiated_by: InitiatedBy | None = None
    info: Many[Info] | None = None
    retry: RetryStrategy | None = None
    sync: SyncOperation | None = None
