"""What the annotations of an object say about hooks, waves and options (sections 8.3, 8.4 and 9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from nixernetes.engine.argocd import moments
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import (
    ARGOCD_HOOK,
    ARGOCD_SYNC_WAVE,
    HELM_HOOK,
    HELM_HOOK_DELETE_POLICY,
    HELM_HOOK_WEIGHT,
    HELM_RESOURCE_POLICY,
)

__all__ = [
    "delete_policies",
    "has_option",
    "hook_types",
    "is_approved",
    "is_hook",
    "is_ignored",
    "option",
    "resource_options",
    "wave_of",
]

APPROVED = "argocd.argoproj.io/deletion-approved"
DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"

_TYPES = frozenset({"PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip"})
_HELM_TYPES = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
    "pre-delete": "PreDelete",
    "post-delete": "PostDelete",
}
_HELM_POLICIES = {
    "before-hook-creation": "BeforeHookCreation",
    "hook-succeeded": "HookSucceeded",
    "hook-failed": "HookFailed",
}


def _words(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def hook_types(obj: Manifest) -> tuple[str, ...]:
    """Return the hook types of an object, Argo CD's own annotation before Helm's; sorted as written, no doubles."""
    annotations = annotations_of(obj)
    own = [word for word in _words(annotations.get(ARGOCD_HOOK)) if word in _TYPES]
    if own:
        return tuple(dict.fromkeys(own))
    helm = [_HELM_TYPES[word] for word in _words(annotations.get(HELM_HOOK)) if word in _HELM_TYPES]
    return tuple(dict.fromkeys(helm))


def is_hook(obj: Manifest) -> bool:
    """Tell whether an object is a hook (``Skip`` too: it is never applied as an ordinary resource)."""
    return bool(hook_types(obj))


def is_ignored(obj: Manifest) -> bool:
    """Tell whether an object has hook types but none that is supported; such an object is left alone.

    ``crd-install`` is Helm 2's word for an ordinary resource.
    """
    words = _words(annotations_of(obj).get(HELM_HOOK))
    return bool(words) and "crd-install" not in words and not is_hook(obj)


def delete_policies(obj: Manifest) -> tuple[str, ...]:
    """Return when a hook is deleted; BeforeHookCreation when nothing is said."""
    annotations = annotations_of(obj)
    own = _words(annotations.get(DELETE_POLICY))
    helm = [_HELM_POLICIES[word] for word in _words(annotations.get(HELM_HOOK_DELETE_POLICY)) if word in _HELM_POLICIES]
    return tuple(own or helm) or ("BeforeHookCreation",)


def wave_of(obj: Manifest) -> int:
    """Return the sync wave; Helm's hook weight is one, too, and what is no integer counts as 0."""
    annotations = annotations_of(obj)
    for name in (ARGOCD_SYNC_WAVE, HELM_HOOK_WEIGHT):
        try:
            return int(annotations[name])
        except (KeyError, ValueError):
            continue
    return 0


def resource_options(obj: Manifest) -> tuple[str, ...]:
    """Return the sync options that an object carries; ``helm.sh/resource-policy: keep`` stands for two of them."""
    annotations = annotations_of(obj)
    found = _words(annotations.get(SYNC_OPTIONS))
    if annotations.get(HELM_RESOURCE_POLICY) == "keep":
        found += ["Delete=false", "Prune=false"]
    return tuple(found)


def is_approved(app: Manifest, since: datetime) -> bool:
    """Tell whether a person approved deletions of an Application after a moment."""
    approved = moments.parse(annotations_of(app).get(APPROVED))
    return approved is not None and approved >= since


def has_option(options: Iterable[str], name: str, value: str) -> bool:
    """Tell whether the options hold ``name=value``."""
    return option(options, name) == value


def option(options: Iterable[str], name: str) -> str:
    """Return the value of an option, or ``""``; the last one counts."""
    values = [text for key, found, text in (item.partition("=") for item in options) if found and key == name]
    return values[-1] if values else ""
