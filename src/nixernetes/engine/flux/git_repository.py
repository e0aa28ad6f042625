"""source-controller: GitRepository (Flux, sections 1.3, 1.4 and 1.6)."""

from __future__ import annotations

from datetime import timedelta

from nixernetes.engine.flux import kinds, source_conditions
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import Steps, duration
from nixernetes.engine.flux.source_controller import SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.ports import Snapshot
from nixernetes.engine.results import Done
from nixernetes.errors import InputError, RemoteError
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


class GitRepositoryController(SourceController):
    """Polls a repository at its interval and stores what its ref names."""

    kind = kinds.GIT_REPOSITORY

    def run(self, subject: Subject) -> Steps:
        """Bring the artifact up to the revision that the ref names now."""
        refused = self.refuse(subject, _UNSUPPORTED, "remove it, or run this source on a real cluster")
        if refused is not None:
            return refused
        try:
            self._fetch(subject)
        except (InputError, RemoteError) as error:
            text = f"failed to checkout and determine revision: {error.message}"
            return self.fail(subject, "FetchFailed", "GitOperationFailed", text)
        self.succeeded(subject.key)
        return Done(duration(subject.spec.get("interval"), timedelta(minutes=1)))
        yield

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
        first = (snapshot.message.splitlines() or [""])[0]
        self.advertise(subject, artifact, f"stored artifact for commit '{first}'")
        for field, observed in (("ignore", "observedIgnore"), ("sparseCheckout", "observedSparseCheckout")):
            status.pop(observed, None)
            if spec.get(field):
                status[observed] = spec[field]
