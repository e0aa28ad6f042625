"""source-controller: GitRepository (Flux, sections 1.3, 1.4 and 1.6), and Bucket where the user gives its files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from nixernetes.engine.flux import kinds, source_conditions
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Context, Steps, duration
from nixernetes.engine.flux.source_controller import SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Waiting
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.identity import ObjectKey
from nixernetes.render.flux.fetched import Fetched
from nixernetes.render.flux.included import Include, includes_of

__all__ = ["BucketController", "GitRepositoryController"]


_INCLUDED = "observedInclude"


class GitRepositoryController(SourceController):
    """Polls a repository at its interval and stores what its ref names."""

    kind = kinds.GIT_REPOSITORY
    failed_reason = "GitOperationFailed"
    failed_text = "failed to checkout and determine revision"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._included: dict[ObjectKey, list[str]] = {}

    def forgotten(self, key: ObjectKey) -> None:
        """Remove the stored artifact, and what is known of included ones."""
        super().forgotten(key)
        self._included.pop(key, None)

    def run(self, subject: Subject) -> Steps:
        """Bring the artifact up to the revision that the ref names now."""
        included: list[Artifact] = []
        for include in includes_of(subject.spec) if self.kind == kinds.GIT_REPOSITORY else ():
            artifact = self._include(subject, include)
            if isinstance(artifact, Waiting):
                return artifact
            included.append(artifact)
        try:
            self._fetch(subject, included)
        except (InputError, RemoteError) as error:
            text = f"{self.failed_text}: {error.message}"
            return self.fail(subject, "FetchFailed", self.failed_reason, text)
        self.succeeded(subject.key)
        return Done(duration(subject.spec.get("interval"), timedelta(minutes=1)))
        yield

    def _include(self, subject: Subject, include: Include) -> Artifact | Waiting:
        """Return the artifact of an included repository, or wait for it as source-controller does."""
        key = ObjectKey(*kinds.GIT_REPOSITORY, subject.namespace, include.name)
        if self.api.get(key) is None:
            missing = f'gitrepositories.{key.group} "{key.name}" not found'
            reason, text = "NotFound", f"could not get resource for include '{include.name}': {missing}"
        else:
            artifact = self.context.artifacts.get(key)
            if artifact is not None and artifact.tree is not None:
                return artifact
            reason, text = "NoArtifact", f"no artifact available for include '{include.name}'"
        source_conditions.fail(subject, "IncludeUnavailable", reason, text)
        return Waiting(REQUEUE_DEPENDENCY, text)

    def _fetch(self, subject: Subject, included: Sequence[Artifact]) -> None:
        spec, store, sources = subject.spec, self.context.artifacts, self.context.builder.sources
        failed = subject.is_true("FetchFailed")
        revision, ignore = sources.revision(subject.live), spec.get("ignore")
        held = store.get(subject.key)
        current = held is not None and held.revision == revision and subject.status.get("observedIgnore") == ignore
        paths = spec.get("sparseCheckout") or []
        trees = [artifact.tree for artifact in included if artifact.tree is not None]
        known = [tree.id for tree in trees]
        changed = known != self._included.get(subject.key, []) or spec.get("include") != subject.status.get(_INCLUDED)
        if not current or changed or (subject.status.get("observedSparseCheckout") or []) != paths:
            found = sources.fetched(subject.live, revision=revision, included=trees)
            revision = found.revision
            self._included[subject.key] = known
            self._store(subject, found)
            self.note(subject, [*(note.text for note in sources.not_verified(subject.live)), *found.notes])
        elif failed:
            self.event(subject, "Normal", "Succeeded", f"stored artifact for revision '{revision}'")
        source_conditions.succeed(subject, "Succeeded", f"stored artifact for revision '{revision}'")

    def _store(self, subject: Subject, found: Fetched) -> None:
        spec, status = subject.spec, subject.status
        artifact = Artifact(
            revision=found.revision, file=f"{found.name}.tar.gz", content=found.tree.id, tree=found.tree
        )
        self.advertise(subject, artifact, f"stored artifact for commit '{found.message}'")
        for field, observed in (
            ("ignore", "observedIgnore"),
            ("sparseCheckout", "observedSparseCheckout"),
            ("include", _INCLUDED),
        ):
            status.pop(observed, None)
            if spec.get(field):
                status[observed] = spec[field]


class BucketController(GitRepositoryController):
    """Stores the files that the user gives in place of a bucket; nobody is asked for others."""

    kind = kinds.BUCKET
    failed_reason = "BucketOperationFailed"
    failed_text = "failed to fetch the bucket"
