"""source-controller: GitRepository (Flux, sections 1.3, 1.4 and 1.6), and Bucket where the user gives its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Context, Steps
from nixernetes.engine.flux.sources import conditions
from nixernetes.engine.flux.sources.controller import SourceController
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Stalled, Waiting
from nixernetes.errors import InputError, RemoteError
from nixernetes.gitops.flux.sources.bucket import Bucket
from nixernetes.gitops.flux.sources.git_repository import GitRepository
from nixernetes.gitops.resource import Resource
from nixernetes.objects import kinds
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json
from nixernetes.render.flux.fetched import Fetched
from nixernetes.render.flux.ignore import SPARSE_FAILED
from nixernetes.render.flux.included import Include, includes_of

__all__ = ["BucketController", "GitRepositoryController"]

_NO_APP = "secretRef with github app data must be specified when provider is set to github"
_CONSTRAINT = "semver parse error: improper constraint: "


class GitRepositoryController(SourceController[GitRepository | Bucket]):
    """Polls a repository at its interval and stores what its ref names."""

    model: type[GitRepository | Bucket] = GitRepository
    failed_reason = "GitOperationFailed"
    failed_text = "failed to checkout and determine revision"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._included: dict[ObjectKey, list[str]] = {}

    def forgotten(self, key: ObjectKey) -> None:
        """Remove the stored artifact, and what is known of included ones."""
        super().forgotten(key)
        self._included.pop(key, None)

    def run(self, subject: Subject[GitRepository | Bucket]) -> Steps:
        """Bring the artifact up to the revision that the ref names now."""
        spec = subject.spec
        if isinstance(spec, GitRepository) and spec.provider == "github" and spec.secret_ref is None:
            conditions.fail(subject, "FetchFailed", "InvalidProviderConfiguration", _NO_APP)
            subject.stall("InvalidProviderConfiguration", _NO_APP)
            self.event(subject, "Warning", "InvalidProviderConfiguration", _NO_APP)
            return Stalled(_NO_APP)
        included: list[Artifact] = []
        for include in includes_of(subject.live["spec"]) if self.model is GitRepository else ():
            artifact = self._include(subject, include)
            if isinstance(artifact, Waiting):
                return artifact
            included.append(artifact)
        try:
            self._fetch(subject, included)
        except (InputError, RemoteError) as error:
            is_whole = error.message.startswith(SPARSE_FAILED)
            text = error.message if is_whole else f"{self.failed_text}: {_as_go_git(subject, error.message)}"
            return self.fail(subject, "FetchFailed", self.failed_reason, text)
        self.succeeded(subject.key)
        return Done(parse_duration(subject.spec.interval))
        yield

    def unchanged(self, subject: Subject[Resource], took: timedelta, again: timedelta | None) -> None:
        """Tell that the remote has nothing new: of a repository, nothing was fetched for that."""
        if self.model is not GitRepository:
            super().unchanged(subject, took, again)
            return
        text = f"no changes since last reconcilation: observed revision '{text_at(subject.artifact, 'revision')}'"
        self.trace(subject, "GitOperationSucceeded", text)

    def _include(self, subject: Subject[GitRepository | Bucket], include: Include) -> Artifact | Waiting:
        """Return the artifact of an included repository, or wait for it as source-controller does."""
        key = ObjectKey(*kinds.GIT_REPOSITORY, subject.namespace, include.name)
        if self.api.get(key) is None:
            missing = f'{key.kind}.{key.group} "{key.name}" not found'
            reason, text = "NotFound", f"could not get resource for include '{include.name}': {missing}"
        else:
            artifact = self.context.artifacts.get(key)
            if artifact is not None and artifact.tree is not None:
                return artifact
            reason, text = "NoArtifact", f"no artifact available for include '{include.name}'"
        conditions.fail(subject, "IncludeUnavailable", reason, text)
        self.event(subject, "Normal", reason, text)
        return Waiting(REQUEUE_DEPENDENCY, text)

    def _fetch(self, subject: Subject[GitRepository | Bucket], included: Sequence[Artifact]) -> None:
        sources, failed = self.context.builder.sources, subject.is_true("FetchFailed")
        revision = sources.revision(subject.live)
        held = self.context.artifacts.get(subject.key)
        trees = [artifact.tree for artifact in included if artifact.tree is not None]
        known = [tree.id for tree in trees]
        is_observed = all(subject.status.get(field) == value for field, value in _observed(subject.spec).items())
        is_current = held is not None and held.revision == revision and known == self._included.get(subject.key, [])
        if not is_current or not is_observed:
            found = sources.fetched(subject.live, revision=revision, included=trees)
            revision = found.revision
            self._included[subject.key] = known
            self._store(subject, found)
            self.note(subject, [*(note.text for note in sources.not_verified(subject.live)), *found.notes])
        elif failed:
            self.event(subject, "Normal", "Succeeded", f"stored artifact for commit '{revision}'")
        conditions.succeed(subject, "Succeeded", f"stored artifact for revision '{revision}'")

    def _store(self, subject: Subject[GitRepository | Bucket], found: Fetched) -> None:
        artifact = Artifact(
            revision=found.revision, file=f"{found.name}.tar.gz", content=found.tree.id, tree=found.tree
        )
        self.advertise(subject, artifact, f"stored artifact for commit '{found.message}'")
        for field, value in _observed(subject.spec).items():
            subject.status.pop(field, None)
            if value:
                subject.status[field] = value


def _as_go_git(subject: Subject[GitRepository | Bucket], message: str) -> str:
    """Return why a ref was not found in the words of the library that source-controller clones with."""
    constraint = message.removeprefix(_CONSTRAINT)
    if constraint != message:
        return f'{_CONSTRAINT}"{constraint}"'
    if message.startswith("couldn't find remote ref"):
        name = text_at(subject.live, "spec", "ref", "name")
        if name:
            return f"unable to resolve ref '{name}' to a specific commit"
        return f"unable to clone '{subject.live['spec'].get('url')}': {message}"
    missing = message.removeprefix("object not found: ")
    return message if missing == message else f"unable to resolve commit object for '{missing}': object not found"


def _observed(spec: GitRepository | Bucket) -> Mapping[str, Json]:
    """Return what an artifact was made with besides its revision, by the field of the status that keeps it."""
    if isinstance(spec, Bucket):
        return {"observedIgnore": spec.ignore or None}
    paths, include = list(spec.sparse_checkout or ()), [each.data() for each in spec.include or ()]
    return {
        "observedIgnore": spec.ignore or None,
        "observedSparseCheckout": paths or None,
        "observedInclude": include or None,
        "observedRecurseSubmodules": spec.recurse_submodules or None,
    }


class BucketController(GitRepositoryController):
    """Stores the files that the user gives in place of a bucket; nobody is asked for others."""

    model = Bucket
    failed_reason = "BucketOperationFailed"
    failed_text = "failed to fetch the bucket"
