"""source-controller: GitRepository (Flux, sections 1.3, 1.4 and 1.6), and Bucket where the user gives its files."""

from __future__ import annotations

from datetime import timedelta

from nixernetes.engine.flux import kinds, source_conditions
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import Steps, duration
from nixernetes.engine.flux.source_controller import SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.fetched import Fetched

__all__ = ["BucketController", "GitRepositoryController"]


class GitRepositoryController(SourceController):
    """Polls a repository at its interval and stores what its ref names."""

    kind = kinds.GIT_REPOSITORY
    failed_reason = "GitOperationFailed"
    failed_text = "failed to checkout and determine revision"

    def run(self, subject: Subject) -> Steps:
        """Bring the artifact up to the revision that the ref names now."""
        refused = self.refuse(subject, self.context.builder.sources.unsupported(subject.live))
        if refused is not None:
            return refused
        try:
            self._fetch(subject)
        except (InputError, RemoteError) as error:
            text = f"{self.failed_text}: {error.message}"
            return self.fail(subject, "FetchFailed", self.failed_reason, text)
        self.succeeded(subject.key)
        return Done(duration(subject.spec.get("interval"), timedelta(minutes=1)))
        yield

    def _fetch(self, subject: Subject) -> None:
        spec, store, sources = subject.spec, self.context.artifacts, self.context.builder.sources
        failed = subject.is_true("FetchFailed")
        revision, ignore = sources.revision(subject.live), spec.get("ignore")
        held = store.get(subject.key)
        current = held is not None and held.revision == revision and subject.status.get("observedIgnore") == ignore
        paths = spec.get("sparseCheckout") or []
        if not current or (subject.status.get("observedSparseCheckout") or []) != paths:
            found = sources.fetched(subject.live, revision=revision)
            revision = found.revision
            self._store(subject, found)
        elif failed:
            self.event(subject, "Normal", "Succeeded", f"stored artifact for revision '{revision}'")
        source_conditions.succeed(subject, "Succeeded", f"stored artifact for revision '{revision}'")

    def _store(self, subject: Subject, found: Fetched) -> None:
        spec, status = subject.spec, subject.status
        artifact = Artifact(
            revision=found.revision, file=f"{found.name}.tar.gz", content=found.tree.id, tree=found.tree
        )
        self.advertise(subject, artifact, f"stored artifact for commit '{found.message}'")
        for field, observed in (("ignore", "observedIgnore"), ("sparseCheckout", "observedSparseCheckout")):
            status.pop(observed, None)
            if spec.get(field):
                status[observed] = spec[field]


class BucketController(GitRepositoryController):
    """Stores the files that the user gives in place of a bucket; nobody is asked for others."""

    kind = kinds.BUCKET
    failed_reason = "BucketOperationFailed"
    failed_text = "failed to fetch the bucket"
