"""What the sources of source-controller share: refusing by name, storing an artifact, dropping it again."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import FluxController
from nixernetes.engine.flux.sources import conditions
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import RetryAfter, Stalled
from nixernetes.gitops.resource import Resource
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.sources.credentials import Credentials

__all__ = ["AUTHENTICATION_FAILED", "SourceController"]

AUTHENTICATION_FAILED = "AuthenticationFailed"
_Kind_contra = TypeVar("_Kind_contra", bound=Resource, contravariant=True)
_REMEDY = "remove it, or run this source on a real cluster"


class SourceController(FluxController[_Kind_contra], ABC):
    """Keeps the artifacts of one kind of source."""

    component = "source-controller"

    def forgotten(self, key: ObjectKey) -> None:
        """Remove the stored artifact."""
        super().forgotten(key)
        self.context.artifacts.drop(key)

    def suspended(self, subject: Subject[Resource]) -> None:
        """Note the generation: nothing more is wanted of it (source-controller v1.9.6, ``ComputeReconcileResult``)."""
        ready = subject.condition("Ready")
        if ready:
            subject.drop("Stalled")
            subject.mark("Ready", ready["status"], ready["reason"], ready["message"])
            subject.observe()
        super().suspended(subject)

    def refuse(self, subject: Subject[_Kind_contra], unsupported: Mapping[str, str]) -> Stalled | None:
        """Stall an object that asks for what is not done here; None when it does not.

        Args:
            subject: the object.
            unsupported: field of the spec to the fact.

        """
        for field, fact in unsupported.items():
            if subject.live["spec"].get(field):
                text = f"spec.{field}: {fact}; {_REMEDY}"
                subject.stall("UnsupportedField", text)
                self.event(subject, "Warning", "UnsupportedField", text)
                return Stalled(text)
        return None

    def fail(self, subject: Subject[_Kind_contra], kind: str, reason: str, text: str) -> RetryAfter:
        """Say why there is no newer artifact, and try again later."""
        conditions.fail(subject, kind, reason, text)
        self.event(subject, "Warning", reason, text)
        return self.retry(subject.key, text)

    def unchanged(self, subject: Subject[Resource], took: timedelta, again: timedelta | None) -> None:
        """Tell that the remote has nothing new."""
        revision = text_at(subject.artifact, "revision")
        if revision:
            text = f"artifact up-to-date with remote revision: '{revision}'"
            self.trace(subject, "ArtifactUpToDate", text)
        else:
            super().unchanged(subject, took, again)

    def credentials(self, source: Manifest) -> Credentials:
        """Return who a source asks as.

        Raises:
            InputError: a Secret is not there, or is malformed.

        """
        return self.context.builder.sources.credentials(source, self.context.declared)

    def advertise(self, subject: Subject[_Kind_contra], artifact: Artifact, text: str) -> None:
        """Store an artifact; when it is another than the advertised one, show it and emit ``NewArtifact``."""
        self.context.artifacts.put(subject.key, artifact)
        shown = artifact.status(subject.key, self.context.clock.now())
        before = subject.artifact
        if any(before.get(part) != shown.get(part) for part in ("revision", "digest", "metadata")):
            subject.status["artifact"] = shown
            facts = {f"{FLUX_SOURCE}/{part}": shown[part] for part in ("revision", "digest")}
            self.event(subject, "Normal", "NewArtifact", text, {**facts, **_origin(artifact)})


def _origin(artifact: Artifact) -> dict[str, str]:
    return {f"{FLUX_SOURCE}/originRevision": artifact.origin_revision} if artifact.origin_revision else {}
