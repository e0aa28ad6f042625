"""source-controller: HelmRepository (Flux, section 1.5)."""

from __future__ import annotations

from datetime import timedelta

from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import Steps, duration
from nixernetes.engine.flux.sources import conditions
from nixernetes.engine.flux.sources.controller import AUTHENTICATION_FAILED, SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done
from nixernetes.errors import InputError, RemoteError
from nixernetes.gitops.flux.sources.helm_repository import HelmRepository

__all__ = ["HelmRepositoryController"]


class HelmRepositoryController(SourceController[HelmRepository]):
    """Polls the index of an HTTP repository; an OCI repository is static, and only used."""

    model = HelmRepository

    def wants_finalizer(self, subject: Subject[HelmRepository]) -> bool:
        """Tell whether the finalizer is set: not on a static object (source-controller v1.9.6)."""
        return bool(subject.fault) or subject.spec.type != "oci"

    def run(self, subject: Subject[HelmRepository]) -> Steps:
        """Bring the stored index up to date."""
        if subject.spec.type == "oci":
            return Done()
        try:
            credentials = self.credentials(subject.live)
        except InputError as error:
            return self.fail(subject, "FetchFailed", AUTHENTICATION_FAILED, error.message)
        try:
            revision = self.context.builder.sources.revision(subject.live, credentials)
        except RemoteError as error:
            text = f"failed to fetch Helm repository index: {error.message}"
            return self.fail(subject, "FetchFailed", "Failed", text)
        self.succeeded(subject.key)
        self._store(subject, revision)
        conditions.succeed(subject, "Succeeded", f"stored artifact: revision '{revision}'")
        return Done(duration(subject.spec.interval, timedelta(minutes=1)))
        yield

    def _store(self, subject: Subject[HelmRepository], revision: str) -> None:
        sha = revision.partition(":")[2]
        artifact = Artifact(revision=revision, file=f"index-{sha}.yaml", content=revision)
        self.context.artifacts.put(subject.key, artifact)
        if subject.artifact.get("revision") == revision:
            return
        advertised = artifact.status(subject.key, self.context.clock.now()) | {"digest": revision}
        subject.status["artifact"] = advertised
        facts = {"source.toolkit.fluxcd.io/revision": revision, "source.toolkit.fluxcd.io/digest": revision}
        text = f"stored fetched index of unknown size from '{subject.spec.url}'"
        self.event(subject, "Normal", "NewArtifact", text, facts)
