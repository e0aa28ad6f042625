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
    """Automated sync; the block alone switches it on."""

    prune: Bool | None = None
    self_heal: Bool | None = None
    allow_empty: Bool | None = None
    enabled: Bool | None = None


class Backoff(Spec):
    """How long to wait before each retry; a bare number means seconds."""

    duration: SecondsOrDuration | None = None
    factor: Annotated[Int, at_least(1)] | None = None
    max_duration: SecondsOrDuration | None = None


class RetryStrategy(Spec):
    """How often to try again: a negative limit never gives up, 0 never tries again."""

    limit: Int | None = None
    backoff: Backoff | None = None
    refresh: Bool | None = None


class ManagedNamespaceMetadata(Spec):
    """Labels and annotations of the namespace that ``CreateNamespace=true`` makes."""

    labels: StringMap | None = None
    annotations: StringMap | None = None


_GUIDE_RETRY = {"limit": 5, "backoff": {"duration": "5s", "factor": 2, "max_duration": "3m"}}


class SyncPolicy(Spec):
    """How an Application syncs.

    ``prune``, ``self_heal`` and ``allow_empty`` may be given beside ``automated=True`` and override what it means.
    """

    automated: Automated | None = None
    sync_options: Many[SyncOption] | None = None
    retry: RetryStrategy | None = None
    managed_namespace_metadata: ManagedNamespaceMetadata | None = None

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
