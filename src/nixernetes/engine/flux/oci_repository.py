"""source-controller: OCIRepository (Flux, sections 1.5 and 1.6).

The registry is asked at every interval which digest the reference names; the layer is fetched, by that digest, only
when it is another one, or when what is kept of it changes.
"""

from __future__ import annotations

from datetime import timedelta

from nixernetes.engine.flux import kinds, source_conditions
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import Steps, duration
from nixernetes.engine.flux.source_controller import AUTHENTICATION_FAILED, SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources.credentials import Credentials

__all__ = ["OciRepositoryController"]

_PULL_FAILED = "OCIArtifactPullFailed"
_LAYER_FAILED = "OCIArtifactLayerOperationFailed"
_OBSERVED = {"ignore": "observedIgnore", "layerSelector": "observedLayerSelector"}


class OciRepositoryController(SourceController):
    """Polls a registry at its interval and stores the layer that the reference names."""

    kind = kinds.OCI_REPOSITORY

    def run(self, subject: Subject) -> Steps:
        """Bring the artifact up to the digest that the reference names now."""
        sources = self.context.builder.sources
        refused = self.refuse(subject, sources.unsupported(subject.live))
        if refused is not None:
            return refused
        url = subject.spec["url"]
        recovers = subject.is_true("FetchFailed") or subject.is_true("StorageOperationFailed")
        try:
            credentials = self.credentials(subject.live)
        except InputError as error:
            text = f"failed to get credential: {error.message}"
            return self.fail(subject, "FetchFailed", AUTHENTICATION_FAILED, text)
        try:
            revision = sources.revision(subject.live, credentials)
        except RemoteError as error:
            text = f"failed to determine artifact digest: {error.message}"
            return self.fail(subject, "FetchFailed", _PULL_FAILED, text)
        self.note(subject, [note.text for note in sources.not_verified(subject.live)])
        fresh = not self._holds(subject, revision)
        if fresh:
            try:
                self._fetch(subject, revision, credentials)
            except (InputError, RemoteError) as error:
                text = f"failed to pull artifact from '{url}': {error.message}"
                return self.fail(subject, "FetchFailed", _LAYER_FAILED, text)
        text = f"stored artifact for digest '{revision}'"
        if recovers and not fresh:
            self.event(subject, "Normal", "Succeeded", text)
        self.succeeded(subject.key)
        source_conditions.succeed(subject, "Succeeded", text)
        return Done(duration(subject.spec.get("interval"), timedelta(minutes=1)))
        yield

    def _holds(self, subject: Subject, revision: str) -> bool:
        held = self.context.artifacts.get(subject.key)
        return (
            held is not None
            and held.revision == revision
            and (subject.status.get("artifact") or {}).get("revision") == revision
            and all(subject.status.get(seen) == subject.spec.get(part) for part, seen in _OBSERVED.items())
        )

    def _fetch(self, subject: Subject, revision: str, credentials: Credentials) -> None:
        found = self.context.builder.sources.fetched(subject.live, credentials, revision)
        artifact = Artifact(
            revision=revision,
            file=f"{found.name}.tar.gz",
            content=found.tree.id,
            metadata=found.annotations,
            tree=found.tree,
        )
        text = f"stored artifact with revision '{revision}' from '{subject.spec['url']}'"
        self.advertise(subject, artifact, text)
        for part, seen in _OBSERVED.items():
            subject.status.pop(seen, None)
            if subject.spec.get(part) is not None:
                subject.status[seen] = subject.spec[part]
