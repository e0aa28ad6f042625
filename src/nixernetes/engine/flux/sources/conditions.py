"""The condition model of sources (Flux, section 1.6): Ready sums up the others."""

from __future__ import annotations

from nixernetes.engine.flux.subject import Subject
from nixernetes.gitops.resource import Resource

__all__ = ["fail", "succeed"]

_NEGATIVE = ("FetchFailed", "StorageOperationFailed", "IncludeUnavailable", "BuildFailed", "ArtifactOutdated")


def succeed(subject: Subject[Resource], reason: str, message: str) -> None:
    """Say that the artifact in storage is the wanted one."""
    subject.drop("Reconciling", "Stalled", *_NEGATIVE)
    subject.mark("ArtifactInStorage", "True", reason, message)
    subject.mark("Ready", "True", reason, message)
    subject.observe()


def fail(subject: Subject[Resource], kind: str, reason: str, message: str) -> None:
    """Say why there is no newer artifact; the one in storage, if any, stays advertised."""
    subject.drop("Stalled", *_NEGATIVE)
    subject.mark(kind, "True", reason, message)
    subject.mark("Ready", "False", reason, message)
    subject.mark("Reconciling", "True", "ProgressingWithRetry", _progress(subject))


def _progress(subject: Subject[Resource]) -> str:
    """Return what a source is being reconciled for (source-controller v1.9, ``reconcileStorage`` and ``reconcile``)."""
    before = subject.status.get("observedGeneration")
    if isinstance(before, int) and before not in (-1, subject.generation):
        return f"processing object: new generation {before} -> {subject.generation}"
    return "reconciliation in progress" if subject.artifact else "building artifact"
