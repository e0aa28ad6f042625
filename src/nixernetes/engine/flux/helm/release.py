"""helm-controller: HelmRelease (Flux, section 10; the order of steps is that of 10.3)."""

from __future__ import annotations

from dataclasses import replace

from nixernetes.cluster.api import Api, ApiError
from nixernetes.engine.flux import dependencies
from nixernetes.engine.flux.applying.apply import Pause, dry_run_text
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Context, FluxController, Steps, backoff
from nixernetes.engine.flux.dependencies import TERMINAL, DependencyError, ReadyExprError
from nixernetes.engine.flux.helm.actions import Actions, Desired
from nixernetes.engine.flux.helm.attempts import Attempts, truncated
from nixernetes.engine.flux.helm.chart_reference import ChartReferences, NotReadyError, foreign_chart
from nixernetes.engine.flux.helm.cluster import HelmCluster, HelmError
from nixernetes.engine.flux.helm.desired import desired_release, not_honoured
from nixernetes.engine.flux.helm.drift import correct_drift
from nixernetes.engine.flux.helm.release_pass import (
    ReleasePass,
    note_digests,
    note_request,
    observed_digests,
    requested,
    rollback_target,
    summarise,
)
from nixernetes.engine.flux.helm.state import ExhaustedError, HelmAction, Observed, next_action, settings_of
from nixernetes.engine.flux.helm.storage import Release, Storage
from nixernetes.engine.flux.impersonating import acting_for, check_listing
from nixernetes.engine.flux.lockdown import lockdown_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.resource import Resource
from nixernetes.health.expressions import NO_EXPRESSIONS, HealthExpressions
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_CHART, SECRET
from nixernetes.render.flux.helm_release import release_name
from nixernetes.render.notes import PreviewNote

__all__ = ["HelmReleaseController"]


class HelmReleaseController(FluxController[HelmRelease]):
    """Installs, upgrades, tests, mends and uninstalls releases."""

    model = HelmRelease
    component = "helm-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._references = ChartReferences(context.api, context.artifacts, self._tell)

    def suspended(self, subject: Subject[Resource]) -> None:
        """Note the generation, too (helm-controller v1.6.3, ``Reconcile``)."""
        subject.observe()
        super().suspended(subject)

    def _terminal(self, subject: Subject[HelmRelease], why: str) -> Stalled:
        """Say that an expression is wrong: only another spec will do."""
        subject.stall("InvalidCELExpression", TERMINAL + why)
        self.event(subject, "Warning", "InvalidCELExpression", why)
        return Stalled(why)

    def run(self, subject: Subject[HelmRelease]) -> Steps:
        """Reconcile one HelmRelease."""
        try:
            expressions = HealthExpressions(subject.spec.health_check_exprs or ())
        except InputError as error:
            return self._terminal(subject, error.message)
        denied = foreign_chart(subject) if lockdown_of(self.api, self.component).refuses_foreign else ""
        if denied:
            subject.stall("AccessDenied", denied)
            self.event(subject, "Warning", "AccessDenied", denied)
            return Stalled(denied)
        try:
            self._references.ensure(subject)
        except ApiError as error:
            key = ObjectKey(*HELM_CHART, *error.subject.split("/")[1:])
            text = f"failed to run server-side apply: {dry_run_text(key, error)}"
            self.event(subject, "Normal", "HelmChartSyncErr", text)
            subject.mark("Ready", "False", "ArtifactFailed", text)
            return self.retry(subject.key, text)
        subject.mark("Reconciling", "True", "Progressing", "Fulfilling prerequisites")
        subject.drop("Stalled")
        ready = self._prerequisites(subject)
        if not isinstance(ready, Desired):
            return ready
        if subject.spec.kube_config:
            return self._elsewhere(subject, ready)
        api, place = self._api_of(subject), subject.spec.storage_namespace or subject.namespace
        storage = Storage(api, place)
        actions = Actions(HelmCluster(api, self.context.clock), storage, self.context.clock, expressions)
        try:
            yield from self._move(subject, ready)
            work = ReleasePass(subject, ready, storage, actions)
            self._begin(work)
            check_listing(api, SECRET, place)
            return (yield from self._loop(work))
        except ApiError as error:
            if error.reason != "Forbidden":
                raise
            return self._unknown(subject, error)

    def _api_of(self, subject: Subject[HelmRelease]) -> Api:
        """Return the cluster as a release writes to it, and to what Helm remembers of it."""
        return acting_for(self.api, subject.namespace, subject.spec.service_account_name, self.component)

    def _unknown(self, subject: Subject[HelmRelease], error: ApiError) -> Result:
        """Say that the account of a release may not look at what Helm remembers of it."""
        why = f"failed to retrieve last release from storage: query: failed to query with labels: {error.message}"
        subject.mark("Ready", "False", "StateError", f"Could not determine release state: {why}")
        return self.retry(subject.key, f"cannot determine release state: {why}")

    def finalize(self, subject: Subject[HelmRelease]) -> Steps:
        """Uninstall the release and delete its HelmChart (Flux, section 10.6)."""
        status = subject.status
        if not subject.spec.suspend and status.get("storageNamespace"):
            try:
                yield from self._uninstall_recorded(subject)
            except HelmError as error:
                text = self._not_uninstalled(subject, error)
                subject.mark("Released", "False", "UninstallFailed", text)
                subject.mark("Ready", "False", "UninstallFailed", text)
                subject.save()
                self.event(subject, "Warning", "UninstallFailed", text)
                return self.retry(subject.key, text)
        if not subject.spec.suspend:
            self._references.remove(subject)
        return Done()

    @staticmethod
    def _not_uninstalled(subject: Subject[HelmRelease], error: HelmError) -> str:
        """Note that the release is going, and return what is said of it."""
        entry, *rest = subject.status.get("history") or [{}]
        if not entry:
            return f"failed to uninstall: {error.message}"
        subject.status["history"] = [{**entry, "action": "uninstall", "status": "uninstalling"}, *rest]
        chart = f"{entry['chartName']}@{entry['chartVersion']}"
        name = f"{entry['namespace']}/{entry['name']}.v{entry['version']}"
        return f"Helm uninstall failed for release {name} with chart {chart}: {error.message}"

    def _uninstall_recorded(self, subject: Subject[HelmRelease]) -> Pause[None]:
        status = subject.status
        history = status.get("history") or []
        name = history[0]["name"] if history else release_name(subject.live)
        api = self._api_of(subject)
        storage = Storage(api, status["storageNamespace"])
        last = storage.last(name)
        if last is None or last.status == "uninstalled":
            return
        actions = Actions(HelmCluster(api, self.context.clock), storage, self.context.clock, NO_EXPRESSIONS)
        yield from actions.uninstall(last, settings_of(subject.spec, HelmAction.UNINSTALL))
        text = f"Helm uninstall succeeded for release {last.full_name} with chart {last.chart}"
        self.event(subject, "Normal", "UninstallSucceeded", text)

    def _tell(self, subject: Subject[HelmRelease], reason: str, text: str) -> None:
        self.event(subject, "Normal", reason, text)

    def _elsewhere(self, subject: Subject[HelmRelease], desired: Desired) -> Result:
        """Render what goes to a cluster that is not run here, and leave it at that."""
        try:
            desired.render(upgrade=False, revision=1)
        except NixernetesError as error:
            subject.mark("Ready", "False", "InstallFailed", error.message)
            return self.retry(subject.key, error.message)
        text = f"rendered {desired.chart.name}@{desired.chart.version}, not installed: it goes to another cluster"
        subject.drop("Reconciling", "Stalled")
        subject.mark("Ready", "True", "InstallSucceeded", text)
        subject.observe()
        self.succeeded(subject.key)
        return Done(parse_duration(subject.spec.interval))

    def _prerequisites(self, subject: Subject[HelmRelease]) -> Desired | Result:
        notes: dict[PreviewNote, None] = {}
        try:
            dependencies.check(self.api, subject)
            chart = self._references.chart(subject)
            digest = self._references.oci_digest(subject)
            declared = replace(self.context.declared, noted=notes.setdefault)
            desired = desired_release(self.context, subject, chart, declared, digest)
            self.note(subject, [*not_honoured(subject.spec), *map(str, notes)])
        except DependencyError as error:
            subject.mark("Ready", "False", "DependencyNotReady", error.message)
            self.context.notes.record(subject.key, [error.remedy] if error.remedy else [])
            self.event(subject, "Normal", "DependencyNotReady", error.message)
            return Waiting(REQUEUE_DEPENDENCY, error.message)
        except ReadyExprError as error:
            return self._terminal(subject, error.message)
        except NotReadyError as error:
            subject.mark("Ready", "False", error.reason, error.message)
            return Waiting(REQUEUE_DEPENDENCY, error.message)
        except InputError as error:
            subject.mark("Ready", "False", "ValuesError", str(error))
            self.event(subject, "Warning", "ValuesError", str(error))
            return self.retry(subject.key, str(error))
        return desired

    def _move(self, subject: Subject[HelmRelease], desired: Desired) -> Pause[None]:
        """Uninstall the previous release when its name, place or storage has changed (step 15)."""
        status = subject.status
        wanted = subject.spec.storage_namespace or subject.namespace
        history = status.get("history") or []
        here = [one for one in history if one["status"] not in ("uninstalled", "uninstalling")]
        moved = bool(here) and (here[0]["name"], here[0]["namespace"]) != (desired.name, desired.namespace)
        other_storage = bool(here) and status.get("storageNamespace") not in (None, wanted)
        renamed = bool(here) and here[0]["chartName"] != desired.chart.name
        upgrade = subject.spec.upgrade
        in_place = upgrade is not None and upgrade.chart_name_change_strategy == "InPlaceUpdate"
        if moved or other_storage or (renamed and not in_place):
            try:
                yield from self._uninstall_recorded(subject)
            except HelmError as error:
                self.event(subject, "Warning", "UninstallFailed", error.message)
                return
            status["history"] = []

    def _begin(self, work: ReleasePass) -> None:
        """Reset the counters where something changed, and note what is attempted (steps 16 and 17)."""
        subject, status = work.subject, work.subject.status
        attempt = (subject.generation, work.desired.chart.version, work.digest)
        before = tuple(status.get(f"lastAttempted{part}") for part in ("Generation", "Revision", "ConfigDigest"))
        if attempt != before or requested(subject, "resetAt", "lastHandledResetAt"):
            for counter in ("failures", "installFailures", "upgradeFailures"):
                status.pop(counter, None)
        status["lastAttemptedGeneration"], status["lastAttemptedRevision"], status["lastAttemptedConfigDigest"] = (
            attempt
        )
        status.pop("lastAttemptedRevisionDigest", None)
        if work.desired.oci_digest:
            status["lastAttemptedRevisionDigest"] = work.desired.oci_digest
        status["storageNamespace"] = subject.spec.storage_namespace or subject.namespace

    def _loop(self, work: ReleasePass) -> Steps:
        subject, attempts = work.subject, Attempts(self, work)
        forced = requested(subject, "forceAt", "lastHandledForceAt")
        for part, field in (("forceAt", "lastHandledForceAt"), ("resetAt", "lastHandledResetAt")):
            note_request(subject, part, field)
        while True:
            last = work.storage.last(work.desired.name)
            seen = Observed(last, subject.status, in_sync=self._in_sync(work, last), forced=forced)
            try:
                action = next_action(subject.spec, seen)
                if action is HelmAction.ROLLBACK:
                    rollback_target(work)
            except ExhaustedError as error:
                return self._exhausted(work, error)
            if action is HelmAction.NONE:
                return (yield from self._finished(work, last))
            if action in work.done or work.done[-1:] in ([HelmAction.ROLLBACK], [HelmAction.UNINSTALL]):
                return self._again(work)
            work.done.append(action)
            forced = False
            failure = yield from attempts.perform(action, last)
            if failure is not None:
                return failure

    def _in_sync(self, work: ReleasePass, last: Release | None) -> bool:
        if last is None:
            return False
        held = (last.chart_name, last.chart_version, last.config_digest)
        if held != (work.desired.chart.name, work.desired.chart.version, work.digest):
            return False
        status = work.subject.status
        return all(status.get(field, "") == digest for field, digest in observed_digests(work.subject.spec).items())

    def _finished(self, work: ReleasePass, last: Release | None) -> Steps:
        subject = work.subject
        yield from ()
        if last is not None:
            try:
                correct_drift(self, work.subject, HelmCluster(self._api_of(work.subject), self.context.clock), last)
            except NixernetesError as error:
                text = f"Could not determine release state: {error.message}"
                subject.mark("Ready", "False", "StateError", text)
                return self.retry(subject.key, text)
        note_digests(subject)
        subject.status["history"] = truncated(subject.status.get("history") or [])
        subject.drop("Reconciling")
        summarise(subject)
        subject.observe()
        self.succeeded(subject.key)
        return Done(parse_duration(subject.spec.interval))

    def _again(self, work: ReleasePass) -> Result:
        """End a reconcile that has remediated, or would repeat itself: the queue brings it back."""
        subject = work.subject
        failures = int(subject.status.get("failures") or 0)
        ready = subject.condition("Ready")
        why = ready.get("message", "retrying")
        subject.mark("Reconciling", "True", "ProgressingWithRetry", why)
        return RetryAfter(backoff(failures), why)

    def _exhausted(self, work: ReleasePass, error: ExhaustedError) -> Stalled:
        subject = work.subject
        subject.drop("Reconciling")
        subject.mark("Stalled", "True", error.reason, error.message)
        subject.observe()
        return Stalled(error.message)
