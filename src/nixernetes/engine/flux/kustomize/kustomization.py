"""kustomize-controller (Flux, sections 2, 6 to 9): the order of steps is that of section 2.3."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta

from nixernetes.cluster.api import Outcome
from nixernetes.engine.flux import dependencies
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.applying.apply import Applier
from nixernetes.engine.flux.applying.prune import PruneError
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Context, FluxController, Steps, duration
from nixernetes.engine.flux.dependencies import TERMINAL, DependencyError, ReadyExprError
from nixernetes.engine.flux.impersonating import acting_for
from nixernetes.engine.flux.kustomize import history
from nixernetes.engine.flux.kustomize.builds import Build, Builds, owner_labels
from nixernetes.engine.flux.kustomize.rollout import KustomizationPass, Rollout, StepError, facts_of
from nixernetes.engine.flux.lockdown import lockdown_of
from nixernetes.engine.flux.statuses import artifact_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.gitops.resource import Resource
from nixernetes.health.expressions import HealthExpressions
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE
from nixernetes.objects.durations import format_duration, parse_duration
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.render.flux.kustomization import RenderError
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.notes import PreviewNote
from nixernetes.render.tree import Tree

__all__ = ["KustomizationController"]

_LEAST_TIMEOUT = timedelta(seconds=30)
_OF_KUSTOMIZE = "invalid Kustomization: "
_UNREADABLE = f"{_OF_KUSTOMIZE}json: cannot unmarshal "
_NO_PATH = "kustomization path not found"
_ELSEWHERE = "spec.kubeConfig sends it to a cluster that is not run here: it is built, and not applied"


class KustomizationController(FluxController[Kustomization]):
    """Builds, applies, prunes and checks Kustomizations."""

    model = Kustomization
    component = "kustomize-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._builds = Builds(context.builder)
        self._applier = Applier(context.api, context.clock, self.component)

    def forgotten(self, key: ObjectKey) -> None:
        """Drop what is remembered of a Kustomization."""
        super().forgotten(key)
        self._builds.forget(key)

    def suspended(self, subject: Subject[Resource]) -> None:
        """Note the generation of one that is ready, too (kustomize-controller v1.9.6, ``finalizeStatus``)."""
        if subject.is_true("Ready"):
            subject.drop("Reconciling")
            subject.observe()
        super().suspended(subject)

    def run(self, subject: Subject[Kustomization]) -> Steps:
        """Reconcile one Kustomization."""
        try:
            expressions = HealthExpressions(subject.spec.health_check_exprs or ())
        except InputError as error:
            return self._terminal(subject, "InvalidCELExpression", TERMINAL + error.message)
        subject.drop("Stalled")
        found = self._source(subject)
        if not isinstance(found, tuple):
            return found
        tree, revision, origin = found
        try:
            dependencies.check(self.api, subject, revision)
        except DependencyError as error:
            subject.mark("Ready", "False", "DependencyNotReady", error.message)
            self.context.notes.record(subject.key, [error.remedy] if error.remedy else [])
            text = f"Dependencies do not meet ready condition, retrying in {format_duration(REQUEUE_DEPENDENCY)}"
            self.event(subject, "Normal", "DependencyNotReady", text, facts_of(revision, origin))
            return Waiting(REQUEUE_DEPENDENCY, error.message)
        except ReadyExprError as error:
            return self._terminal(subject, "InvalidCELExpression", TERMINAL + error.message)
        now = self.context.clock.now()
        work = KustomizationPass(subject, tree, revision, origin, now, _timeout(subject.spec), expressions)
        return (yield from self._pass(work))

    def _applier_of(self, subject: Subject[Kustomization]) -> Applier:
        """Return who applies: the controller, or an account, whose rights are asked anew each time."""
        api = acting_for(self.context.api, subject.namespace, subject.spec.service_account_name, self.component)
        return self._applier if api is self.context.api else Applier(api, self.context.clock, self.component)

    def finalize(self, subject: Subject[Kustomization]) -> Steps:
        """Remove what was applied, as the deletion policy says (Flux, section 7.3)."""
        spec, status = subject.spec, subject.status
        policy = spec.deletion_policy or "MirrorPrune"
        removes = spec.prune if policy == "MirrorPrune" else policy in ("Delete", "WaitForTermination")
        keys = inventory.keys(status)
        if spec.suspend or not removes or not keys:
            self._applier_of(subject).forget(keys)
            return Done()
        facts = facts_of(text_at(status, "lastAppliedRevision"), text_at(status, "lastAppliedOriginRevision"))
        try:
            done = self._applier_of(subject).prune(keys, owner_labels(subject.key))
        except PruneError as error:
            self.event(subject, "Warning", _reason(subject, "error"), "pruning for deleted resource failed", facts)
            return self.retry(subject.key, error.message)
        if done:
            self.event(subject, "Normal", _reason(subject, "info"), "\n".join(map(str, done)), facts)
        if policy == "WaitForTermination":
            deleted = [change.key for change in done if change.outcome is Outcome.DELETED]
            yield from self._wait_gone(subject, deleted)
        return Done()

    def _wait_gone(self, subject: Subject[Kustomization], keys: list[ObjectKey]) -> Generator[Waiting, None, None]:
        limit = self.context.clock.now() + _timeout(subject.spec)
        while any(self.api.get(key) is not None for key in keys):
            if self.context.clock.now() >= limit:
                self.event(subject, "Warning", "ReconciliationFailed", "timeout waiting for deleted resources to go")
                return
            yield Waiting(timedelta(seconds=2), "termination of deleted resources")

    def _terminal(self, subject: Subject[Kustomization], reason: str, text: str) -> Stalled:
        subject.stall(reason, text)
        self.event(subject, "Warning", reason, text)
        return Stalled(text)

    def _source(self, subject: Subject[Kustomization]) -> tuple[Tree, str, str] | Result:
        """Return the files, the revision, and the revision that these were made from."""
        key = dependencies.source_key(subject.spec)
        if key.namespace != subject.namespace and lockdown_of(self.api, self.component).refuses_foreign:
            place = f"{key.kind}/{key.namespace}/{key.name}"
            text = f"can't access '{place}', cross-namespace references have been blocked"
            return self._terminal(subject, "AccessDenied", text)
        source = self.api.get(key)
        if source is None:
            text = f'{key.kind}.{key.group} "{key.name}" not found'
            subject.mark("Ready", "False", "ArtifactFailed", text)
            return RetryAfter(_retry(subject.spec), text)
        artifact = self.context.artifacts.get(key)
        if not artifact_of(source):
            return self._no_artifact(subject, "Source artifact not found")
        if artifact is None or artifact.tree is None:
            return self._no_artifact(subject, "Source is not ready, artifact not found")
        return artifact.tree, artifact.revision, artifact.origin_revision

    @staticmethod
    def _no_artifact(subject: Subject[Kustomization], fact: str) -> Waiting:
        text = f"{fact}, retrying in {format_duration(REQUEUE_DEPENDENCY)}"
        subject.mark("Ready", "False", "ArtifactFailed", text)
        return Waiting(REQUEUE_DEPENDENCY, text)

    def _pass(self, work: KustomizationPass) -> Steps:
        subject, status = work.subject, work.subject.status
        subject.mark("Reconciling", "True", "Progressing", work.words("Fetching manifests"))
        try:
            build = self._build(work)
            if subject.spec.kube_config:
                return self._elsewhere(work)
            yield from Rollout(self, self._applier_of(subject), work).run(build)
        except StepError as failure:
            return self._failed(work, failure)
        status["lastAppliedRevision"] = work.revision
        status.pop("lastAppliedOriginRevision", None)
        if work.origin:
            status["lastAppliedOriginRevision"] = work.origin
        subject.drop("Reconciling")
        subject.mark("Ready", "True", "ReconciliationSucceeded", f"Applied revision: {work.revision}")
        subject.observe()
        self._remember(work, "ReconciliationSucceeded")
        took = self.context.clock.now() - work.started
        interval = parse_duration(subject.spec.interval)
        text = f"Reconciliation finished in {format_duration(took)}, next run in {format_duration(interval)}"
        facts = {**work.facts, f"{FLUX_KUSTOMIZE}/commit_status": "update"}
        self.event(subject, "Normal", "ReconciliationSucceeded", text, facts)
        return Done(interval)

    def _elsewhere(self, work: KustomizationPass) -> Result:
        """Leave what goes to a cluster that is not run here at its build."""
        subject = work.subject
        subject.drop("Reconciling", "Healthy")
        text = f"Built revision: {work.revision}, not applied: it goes to another cluster"
        subject.mark("Ready", "True", "ReconciliationSucceeded", text)
        subject.status["lastAppliedRevision"] = work.revision
        subject.observe()
        return Done(parse_duration(subject.spec.interval))

    def _failed(self, work: KustomizationPass, failure: StepError) -> RetryAfter:
        subject = work.subject
        subject.mark("Ready", "False", failure.reason, failure.message)
        held = subject.condition("Reconciling")
        if held:
            subject.mark("Reconciling", "True", "ProgressingWithRetry", held["message"])
        self._remember(work, failure.reason)
        self.event(subject, "Warning", failure.reason, failure.message, work.facts)
        return RetryAfter(_retry(subject.spec), failure.message)

    def _remember(self, work: KustomizationPass, status: str) -> None:
        if not work.digest:
            return
        now = self.context.clock.now()
        work.subject.status["history"] = history.upsert(
            work.subject.status.get("history"),
            digest=work.digest,
            status=status,
            moment=now,
            took=now - work.started,
            metadata={"revision": work.revision} | ({"originRevision": work.origin} if work.origin else {}),
        )

    def _build(self, work: KustomizationPass) -> Build:
        subject = work.subject
        notes: dict[PreviewNote, None] = {}
        subject.mark("Reconciling", "True", "Progressing", work.words("Building manifests"))
        try:
            build = self._builds.build(subject, work.tree, replace(self.context.declared, noted=notes.setdefault))
        except NixernetesError as error:
            if _NO_PATH in error.message:
                subject.mark("Reconciling", "True", "Progressing", work.words("Fetching manifests"))
                raise StepError("ArtifactFailed", error.message) from error
            subject.status["lastAttemptedRevision"] = work.revision
            # The status has Flux's own words; where in the repository it is stands beside it.
            place = [f"{error.place} is where its build fails"] if error.place else []
            self.context.notes.record(subject.key, place)
            raise StepError("BuildFailed", _build_problem(error)) from error
        subject.status["lastAttemptedRevision"] = work.revision
        work.digest = build.digest
        elsewhere = [_ELSEWHERE] if subject.spec.kube_config else []
        self.note(subject, [*elsewhere, *map(str, notes)], build.not_verified)
        return build


def _reason(subject: Subject[Kustomization], severity: str) -> str:
    """Return the reason of an event: that of Ready, or how severe it is (kustomize-controller v1.9.6, ``event``)."""
    return str(subject.condition("Ready").get("reason") or severity)


def _build_problem(error: NixernetesError) -> str:
    """Return why a build failed, as kustomize-controller says it.

    It reads the file at ``spec.path`` itself before it builds (``kustomize_generator.go`` of fluxcd/pkg/kustomize).
    """
    if not isinstance(error, KustomizeError):
        return error.words if isinstance(error, RenderError) else error.message
    if error.words.startswith(_UNREADABLE):
        return "error unmarshaling JSON: while decoding JSON: " + error.words.removeprefix(_OF_KUSTOMIZE)
    return f"kustomize build failed: {error.words}"


def _timeout(spec: Kustomization) -> timedelta:
    default = parse_duration(spec.interval) - timedelta(seconds=30)
    return max(duration(spec.timeout, default), _LEAST_TIMEOUT)


def _retry(spec: Kustomization) -> timedelta:
    return parse_duration(spec.retry_interval or spec.interval)
