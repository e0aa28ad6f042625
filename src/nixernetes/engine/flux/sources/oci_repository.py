"""source-controller: OCIRepository (Flux, sections 1.5 and 1.6).

The registry is asked at every interval which digest the reference names; the layer is fetched, by that digest, only
when it is another one, or when what is kept of it changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import Steps
from nixernetes.engine.flux.sources import conditions
from nixernetes.engine.flux.sources.controller import AUTHENTICATION_FAILED, SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done
from nixernetes.errors import InputError, RemoteError
from nixernetes.gitops.flux.sources.oci_repository import OCIRepository
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.credentials import Credentials

__all__ = ["OciRepositoryController"]

_PULL_FAILED = "OCIArtifactPullFailed"
_LAYER_FAILED = "OCIArtifactLayerOperationFailed"


class OciRepositoryController(SourceController[OCIRepository]):
    """Polls a registry at its interval and stores the layer that the reference names."""

    model = OCIRepository

    def run(self, subject: Subject[OCIRepository]) -> Steps:
        """Bring the artifact up to the digest that the reference names now."""
        sources = self.context.builder.sources
        refused = self.refuse(subject, sources.unsupported(subject.live))
        if refused is not None:
            return refused
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
                text = f"failed to pull artifact from '{subject.spec.url}': {error.message}"
                return self.fail(subject, "FetchFailed", _LAYER_FAILED, text)
        text = f"stored artifact for digest '{revision}'"
        if recovers and not fresh:
            self.event(subject, "Normal", "Succeeded", text)
        self.succeeded(subject.key)
        conditions.succeed(subject, "Succeeded", text)
        return Done(parse_duration(subject.spec.interval))
        yield

    def _holds(self, subject: Subject[OCIRepository], revision: str) -> bool:
        held = self.context.artifacts.get(subject.key)
        return (
            held is not None
            and held.revision == revision
            and subject.artifact.get("revision") == revision
            and all(subject.status.get(field) == value for field, value in _observed(subject.spec).items())
        )

    def _fetch(self, subject: Subject[OCIRepository], revision: str, credentials: Credentials) -> None:
        found = self.context.builder.sources.fetched(subject.live, credentials, revision)
        artifact = Artifact(
            revision=revision,
            file=f"{found.name}.tar.gz",
            content=found.tree.id,
            metadata=found.annotations,
            tree=found.tree,
        )
        text = f"stored artifact with revision '{revision}' from '{subject.spec.url}'"
        self.advertise(subject, artifact, text)
        for field, value in _observed(subject.spec).items():
            subject.status.pop(field, None)
            if value is not None:
                subject.status[field] = value


def _observed(spec: OCIRepository) -> Mapping[str, Json]:
    """Return what an artifact was made with besides its digest, by the field of the status that keeps it."""
    layer = spec.layer_selector
    return {"observedIgnore": spec.ignore, "observedLayerSelector": None if layer is None else layer.data()}
