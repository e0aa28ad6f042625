"""source-controller: GitRepository (Flux, sections 1.3, 1.4 and 1.6)."""

from __future__ import annotations

from datetime import timedelta

from nixernetes.engine.flux import kinds, source_conditions
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import FluxController, Steps, duration
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.ports import Snapshot
from nixernetes.engine.results import Done, Stalled
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.identity import ObjectKey
from nixernetes.render.ignore import filter_source
from nixernetes.render.sources import ref_of

__all__ = ["GitRepositoryController", "revision_of"]

_UNSUPPORTED = {
    "verify": "commit signatures are not verified by this engine",
    "include": "including other repositories is not done by this engine",
    "recurseSubmodules": "submodules are not fetched by this engine",
}


def revision_of(commit: str, reference: str) -> str:
    """Return the revision in Flux's format (section 1.2): ``main@sha1:<hash>``, or ``sha1:<hash>`` without a name."""
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    return f"{reference}@{algorithm}:{commit}" if reference else f"{algorithm}:{commit}"


class GitRepositoryController(FluxController):
    """Polls a repository at its interval and stores what its ref names."""

    kind = kinds.GIT_REPOSITORY
    component = "source-controller"

    def run(self, subject: Subject) -> Steps:
        """Bring the artifact up to the revision that the ref names now."""
        for field, fact in _UNSUPPORTED.items():
            if subject.spec.get(field):
                text = f"spec.{field}: {fact}; remove it, or run this source on a real cluster"
                subject.stall("UnsupportedField", text)
                self.event(subject, "Warning", "UnsupportedField", text)
                return Stalled(text)
        try:
            self._fetch(subject)
        except (InputError, RemoteError) as error:
            text = f"failed to checkout and determine revision: {error.message}"
            source_conditions.fail(subject, "FetchFailed", "GitOperationFailed", text)
            self.event(subject, "Warning", "GitOperationFailed", text)
            return self.retry(subject.key, text)
        self.succeeded(subject.key)
        return Done(duration(subject.spec.get("interval"), timedelta(minutes=1)))
        yield

    def forgotten(self, key: ObjectKey) -> None:
        """Remove the stored artifact."""
        super().forgotten(key)
        self.context.artifacts.drop(key)

    def _fetch(self, subject: Subject) -> None:
        spec, store = subject.spec, self.context.artifacts
        source, ref, url = self.context.ports.source, ref_of(spec), spec.get("url") or ""
        failed = subject.is_true("FetchFailed")
        commit, reference = source.resolve(url, ref)
        revision, ignore = revision_of(commit, reference), spec.get("ignore")
        held = store.get(subject.key)
        current = held is not None and held.revision == revision and subject.status.get("observedIgnore") == ignore
        paths = spec.get("sparseCheckout") or []
        if not current or (subject.status.get("observedSparseCheckout") or []) != paths:
            snapshot = source.snapshot(url, ref)
            revision = revision_of(snapshot.commit, snapshot.reference)
            self._store(subject, snapshot, revision)
        elif failed:
            self.event(subject, "Normal", "Succeeded", f"stored artifact for revision '{revision}'")
        source_conditions.succeed(subject, "Succeeded", f"stored artifact for revision '{revision}'")

    def _store(self, subject: Subject, snapshot: Snapshot, revision: str) -> None:
        spec, status = subject.spec, subject.status
        tree = filter_source(snapshot.tree, spec.get("ignore"), sparse=spec.get("sparseCheckout") or ())
        artifact = Artifact(revision=revision, file=f"{snapshot.commit}.tar.gz", content=tree.id, tree=tree)
        self.context.artifacts.put(subject.key, artifact)
        advertised = artifact.status(subject.key, self.context.clock.now())
        before = status.get("artifact") or {}
        if any(before.get(part) != advertised[part] for part in ("revision", "digest")):
            status["artifact"] = advertised
            first = (snapshot.message.splitlines() or [""])[0]
            group = "source.toolkit.fluxcd.io"
            facts = {f"{group}/revision": revision, f"{group}/digest": advertised["digest"]}
            self.event(subject, "Normal", "NewArtifact", f"stored artifact for commit '{first}'", facts)
        for field, observed in (("ignore", "observedIgnore"), ("sparseCheckout", "observedSparseCheckout")):
            status.pop(observed, None)
            if spec.get(field):
                status[observed] = spec[field]
