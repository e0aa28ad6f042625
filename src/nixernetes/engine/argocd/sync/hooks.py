"""What the annotations of an object say about hooks, waves and options.

The rules are those of Argo CD 3.5's gitops-engine: ``pkg/sync/hook``, ``hook/helm``, ``ignore``, ``syncwaves`` and
``resource/annotations.go``; those of deletion are in ``controller/hook.go``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from nixernetes.engine.argocd import moments
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import (
    ARGOCD_HOOK,
    ARGOCD_HOOK_DELETE_POLICY,
    ARGOCD_SYNC_OPTIONS,
    ARGOCD_SYNC_WAVE,
    HELM_HOOK,
    HELM_HOOK_DELETE_POLICY,
    HELM_HOOK_WEIGHT,
    HELM_RESOURCE_POLICY,
)

__all__ = [
    "APPROVED",
    "FINALIZER",
    "annotation_option",
    "delete_policies",
    "has_annotation_option",
    "hook_types",
    "is_approved",
    "is_deletion_hook",
    "is_hook",
    "is_ignored",
    "is_kept",
    "is_skipped",
    "option",
    "phases",
    "wave_of",
]

FINALIZER = "argocd.argoproj.io/hook-finalizer"
APPROVED = "argocd.argoproj.io/deletion-approved"
DELETE_POLICY = ARGOCD_HOOK_DELETE_POLICY

_READ = frozenset(
    (
        *(ARGOCD_HOOK, ARGOCD_SYNC_WAVE, DELETE_POLICY, ARGOCD_SYNC_OPTIONS),
        *(HELM_HOOK, HELM_HOOK_DELETE_POLICY, HELM_HOOK_WEIGHT, HELM_RESOURCE_POLICY),
    )
)
_PHASES = ("PreSync", "Sync", "PostSync", "SyncFail")
_SKIP = "Skip"
_HELM_TYPES = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
}
_POLICIES = ("BeforeHookCreation", "HookSucceeded", "HookFailed")
_HELM_POLICIES = {
    "before-hook-creation": "BeforeHookCreation",
    "hook-succeeded": "HookSucceeded",
    "hook-failed": "HookFailed",
}
_DELETIONS = {"PreDelete": "pre-delete", "PostDelete": "post-delete"}
_LIMIT = 2**63  # of Go's int
_NUMBER = re.compile(r"[+-]?[0-9]+")  # what Go's Atoi reads


def _text(obj: Manifest, annotation: str) -> str:
    """Return an annotation, or ``""``; asked many times for each object, of which few have one."""
    meta = obj.get("metadata")
    found = meta.get("annotations") if isinstance(meta, dict) else None
    text = found.get(annotation) if isinstance(found, dict) else None
    return text if isinstance(text, str) else ""


def is_marked(obj: Manifest) -> bool:
    """Tell whether an object carries any annotation that this module reads: most have none."""
    meta = obj.get("metadata")
    found = meta.get("annotations") if isinstance(meta, dict) else None
    return isinstance(found, dict) and not _READ.isdisjoint(found)


def _words(obj: Manifest, annotation: str) -> list[str]:
    """Return the words of an annotation, each once."""
    text = _text(obj, annotation)
    if not text:
        return []
    words = (word.strip() for word in text.split(","))
    return list(dict.fromkeys(word for word in words if word))


def hook_types(obj: Manifest) -> tuple[str, ...]:
    """Return the types of a hook that a sync knows, as written; Helm's count when Argo CD's annotation has none."""
    own = [word for word in _words(obj, ARGOCD_HOOK) if word in (*_PHASES, _SKIP)]
    return tuple(own or [_HELM_TYPES[word] for word in _words(obj, HELM_HOOK) if word in _HELM_TYPES])


def is_skipped(obj: Manifest) -> bool:
    """Tell whether an object says ``Skip`` and nothing else: it is shown, and never applied."""
    return hook_types(obj) == (_SKIP,)


def is_hook(obj: Manifest) -> bool:
    """Tell whether an object is a hook, even if of no phase: the annotation decides, whatever it says.

    ``crd-install`` is Helm 2's word for an ordinary resource.
    """
    meta = obj.get("metadata")
    annotations = meta.get("annotations") if isinstance(meta, dict) else None
    if not isinstance(annotations, dict):
        return False
    if ARGOCD_HOOK in annotations:
        return not is_skipped(obj)
    return bool(annotations.get(HELM_HOOK, "crd-install") != "crd-install")


def is_ignored(obj: Manifest) -> bool:
    """Tell whether an object is a hook of a kind that no sync knows; such an object is left alone."""
    return is_hook(obj) and not hook_types(obj)


def phases(obj: Manifest) -> tuple[str, ...]:
    """Return in which phases of a sync an object takes part, in their order."""
    if not is_hook(obj):
        return () if is_skipped(obj) else ("Sync",)
    types = hook_types(obj)
    return tuple(phase for phase in _PHASES if phase in types)


def is_deletion_hook(obj: Manifest, kind: str) -> bool:
    """Tell whether an object is a hook of the deletion of its Application (``PreDelete`` or ``PostDelete``)."""
    return kind in _words(obj, ARGOCD_HOOK) or _DELETIONS[kind] in _words(obj, HELM_HOOK)


def delete_policies(obj: Manifest) -> tuple[str, ...]:
    """Return when a hook is deleted, by Argo CD's and Helm's word; BeforeHookCreation when nothing is known."""
    own = [word for word in _words(obj, DELETE_POLICY) if word in _POLICIES]
    helm = [_HELM_POLICIES[word] for word in _words(obj, HELM_HOOK_DELETE_POLICY) if word in _HELM_POLICIES]
    return tuple(own + helm) or ("BeforeHookCreation",)


def wave_of(obj: Manifest) -> int:
    """Return the sync wave; Helm's hook weight is one, too, and what Go's ``Atoi`` does not read counts as 0."""
    for name in (ARGOCD_SYNC_WAVE, HELM_HOOK_WEIGHT):
        text = _text(obj, name)
        if text and _NUMBER.fullmatch(text) and abs(int(text)) < _LIMIT:
            return int(text)
    return 0


def annotation_option(obj: Manifest, name: str) -> str:
    """Return the value of a sync option that an object carries, or ``""``; the first one counts."""
    return next((word[len(name) + 1 :] for word in _words(obj, ARGOCD_SYNC_OPTIONS) if word.startswith(f"{name}=")), "")


def has_annotation_option(obj: Manifest | None, text: str) -> bool:
    """Tell whether an object carries a sync option, as ``name=value``."""
    return obj is not None and text in _words(obj, ARGOCD_SYNC_OPTIONS)


def is_kept(obj: Manifest) -> bool:
    """Tell whether Helm is to leave an object where it is (``helm.sh/resource-policy: keep``)."""
    return _text(obj, HELM_RESOURCE_POLICY) == "keep"


def is_approved(app: Manifest, since: datetime) -> bool:
    """Tell whether a person approved deletions of an Application after a moment."""
    approved = moments.parse(annotations_of(app).get(APPROVED))
    return approved is not None and approved >= since


def option(options: Iterable[str], name: str) -> str:
    """Return the value of an option of an operation or an Application, or ``""``; the first one counts."""
    return next((text[len(name) + 1 :] for text in options if text.startswith(f"{name}=")), "")
