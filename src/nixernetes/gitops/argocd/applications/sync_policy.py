"""How an Application syncs (section 1.3).

``SyncPolicy(automated=True)`` is the guide's: sync by itself, delete what left the repository, undo changes that were
made by hand, and try a failed sync again (five times; after 5 s, then twice as long each time, at most 3 minutes). A
dict ``automated={...}`` is taken as it is: ``automated={}`` neither prunes nor heals.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ValidationInfo

from nixernetes.gitops.argocd.applications.sync_options import SyncOption
from nixernetes.gitops.argocd.argo_resource import SecondsOrDuration
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, Many, StringMap, at_least

__all__ = ["Automated", "Backoff", "ManagedNamespaceMetadata", "RetryStrategy", "SyncPolicy"]


class Automated(Spec):
    """Automated sync; an empty block is enough to switch it on."""

    prune: Bool | None = None
    """Whether objects that left the repository are deleted. Argo CD's default: False."""
    self_heal: Bool | None = None
    """Whether changes made by hand are undone. Argo CD's default: False."""
    allow_empty: Bool | None = None
    """Whether a sync may delete everything. Argo CD's default: False."""
    enabled: Bool | None = None
    """Whether automated sync is on. Argo CD's default: True where the block is written."""


class Backoff(Spec):
    """How long to wait before each retry; a bare number means seconds."""

    duration: SecondsOrDuration | None = None
    """The first wait. Argo CD's default: `5s`."""
    factor: Annotated[Int, at_least(1)] | None = None
    """What each wait is multiplied with. Argo CD's default: 2."""
    max_duration: SecondsOrDuration | None = None
    """The longest wait. Argo CD's default: `3m`."""


class RetryStrategy(Spec):
    """How often to try again: a negative limit never gives up, 0 never tries again."""

    limit: Int | None = None
    """How often to try again; a negative number never gives up."""
    backoff: Backoff | None = None
    """How long to wait before each attempt."""
    refresh: Bool | None = None
    """Whether an attempt takes the newest revision, not the one that failed. Argo CD's default: False."""


class ManagedNamespaceMetadata(Spec):
    """Labels and annotations of the namespace that ``CreateNamespace=true`` makes."""

    labels: StringMap | None = None
    """Labels of the namespace."""
    annotations: StringMap | None = None
    """Annotations of the namespace."""


_GUIDE_RETRY = {"limit": 5, "backoff": {"duration": "5s", "factor": 2, "max_duration": "3m"}}


class SyncPolicy(Spec):
    """How an Application syncs.

    ``prune``, ``self_heal`` and ``allow_empty`` may be given beside ``automated=True`` and override what it means.
    """

    automated: Automated | None = None
    """Whether to sync by itself: `True` also prunes, heals and retries; a dict is taken as it is."""
    sync_options: Many[SyncOption] | None = None
    """Options of a sync: `CreateNamespace=true`, `ServerSideApply=true`."""
    retry: RetryStrategy | None = None
    """How often to try a failed sync again."""
    managed_namespace_metadata: ManagedNamespaceMetadata | None = None
    """Labels and annotations of the namespace that `CreateNamespace=true` makes."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields for ``automated=True`` or ``False`` and what may stand beside it."""
        del info
        own = {"selfHeal": "self_heal", "allowEmpty": "allow_empty"}
        renamed = {own.get(name, name): value for name, value in fields.items()}
        flags = {name: renamed.pop(name) for name in ("prune", "self_heal", "allow_empty") if name in renamed}
        automated = renamed.get("automated")
        if not isinstance(automated, bool):
            if flags:
                name = next(iter(flags))
                raise ValueError(f"{name}: is a setting of automated syncs: give automated=True too")
            return renamed
        del renamed["automated"]
        if automated:
            renamed["automated"] = {"prune": True, "self_heal": True, **flags}
            renamed.setdefault("retry", _GUIDE_RETRY)
        elif any(flags.values()):
            raise ValueError("prune, self_heal and allow_empty need automated syncs: give automated=True")
        return renamed
