"""helm-controller: HelmRelease (Flux, section 10; the order of steps is that of 10.3)."""

from __future__ import annotations

from dataclasses import replace

from nixernetes.cluster.api import ApiError
from nixernetes.engine.flux import dependencies
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.flux.applying.expressions import NO_EXPRESSIONS, HealthExpressions
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Context, FluxController, Steps, backoff
from nixernetes.engine.flux.dependencies import DependencyError
from nixernetes.engine.flux.helm.actions import Actions, Desired
from nixernetes.engine.flux.helm.chart_reference import ChartReferences, NotReadyError
from nixernetes.engine.flux.helm.cluster import HelmCluster, HelmError
from nixernetes.engine.flux.helm.desired import desired_release, not_honoured
from nixernetes.engine.flux.helm.drift import correct_drift
from nixernetes.engine.flux.helm.release_pass import (
    ReleasePass,
    note_request,
    requested,
    rollback_target,
    showing,
    summarise,
)
from nixernetes.engine.flux.helm.settings import ignores_tests, retry_interval
from nixernetes.engine.flux.helm.state import ExhaustedError, HelmAction, Observed, next_action, settings_of
from nixernetes.engine.flux.helm.storage import Release, Storage, snapshot
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects import manifest as manifests
from nixernetes.objects.durations import format_duration, parse_duration
from nixernetes.render.flux.helm_release import release_name
from nixernetes.render.notes import PreviewNote

__all__ = ["HelmReleaseController"]

_GROUP = "helm.toolkit.fluxcd.io"
_PAST = {
    HelmAction.INSTALL: "Install",
    HelmAction.UPGRADE: "Upgrade",
    HelmAction.ROLLBACK: "Rollback",
    HelmAction.UNINSTALL: "Uninstall",
}
_KEPT = 5


class HelmReleaseController(FluxController[HelmRelease]):
    """Installs, upgrades, tests, mends and uninstalls releases."""

    model = HelmRelease
    component = "helm-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._references = ChartReferences(context.api, context.artifacts)

    def run(self, subject: Subject[HelmRelease]) -> Steps:
        """Reconcile one HelmRelease."""
        try:
            expressions = HealthExpressions(subject.spec.health_check_exprs or ())
        except InputError as error:
            subject.stall("InvalidCELExpression", error.message)
            self.event(subject, "Warning", "ConfigurationError", error.message)
            return Stalled(error.message)
        try:
            self._references.ensure(subject)
        except ApiError as error:
            text = f"failed to apply the HelmChart: {error.message}"
            subject.mark("Ready", "False", "ArtifactFailed", text)
            return self.retry(subject.key, text)
        subject.mark("Reconciling", "True", "Progressing", "Fulfilling prerequisites")
        subject.drop("Stalled")
        ready = self._prerequisites(subject)
        if not isinstance(ready, Desired):
            return ready
        if subject.spec.kube_config:
            return self._elsewhere(subject, ready)
        storage = Storage(self.api, subject.spec.storage_namespace or subject.namespace)
        actions = Actions(HelmCluster(self.api, self.context.clock), storage, self.context.clock, expressions)
        yield from self._move(subject, ready)
        work = ReleasePass(subject, ready, storage, actions)
        self._begin(work)
        return (yield from self._loop(work))

    def finalize(self, subject: Subject[HelmRelease]) -> Steps:
        """Uninstall the release and delete its HelmChart (Flux, section 10.6)."""
        status = subject.status
        if not subject.spec.suspend and status.get("storageNamespace"):
            try:
                yield from self._uninstall_recorded(subject)
            except HelmError as error:
                text = f"failed to uninstall: {error.message}"
                subject.mark("Released", "False", "UninstallFailed", text)
                subject.mark("Ready", "False", "UninstallFailed", text)
                subject.save()
                self.event(subject, "Warning", "UninstallFailed", text)
                return self.retry(subject.key, text)
        self._references.remove(subject)
        return Done()

    def _uninstall_recorded(self, subject: Subject[HelmRelease]) -> Pause[None]:
        status = subject.status
        history = status.get("history") or []
        name = history[0]["name"] if history else release_name(subject.live)
        storage = Storage(self.api, status["storageNamespace"])
        last = storage.last(name)
        if last is None or last.status == "uninstalled":
            return
        actions = Actions(HelmCluster(self.api, self.context.clock), storage, self.context.clock, NO_EXPRESSIONS)
        yield from actions.uninstall(last, settings_of(subject.spec, HelmAction.UNINSTALL))
        text = f"Helm uninstall succeeded for release {last.full_name} with chart {last.chart}"
        self.event(subject, "Normal", "UninstallSucceeded", text)

    def _elsewhere(self, subject: Subject[HelmRelease], desired: Desired) -> Result:
        """Render what goes to a cluster that is not run here, and leave it at that."""
        try:
            desired.render(upgrade=False)
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
            later = format_duration(REQUEUE_DEPENDENCY)
            text = f"dependencies do not meet ready condition ({error.message}): retrying in {later}"
            subject.mark("Ready", "False", "DependencyNotReady", error.message)
            self.event(subject, "Normal", "DependencyNotReady", text)
            return Waiting(REQUEUE_DEPENDENCY, error.message)
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
        here = [one for one in history if one["status"] != "uninstalled"]
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
        subject, spec = work.subject, work.subject.spec
        forced = requested(subject, "forceAt", "lastHandledForceAt")
        for part, field in (("forceAt", "lastHandledForceAt"), ("resetAt", "lastHandledResetAt")):
            note_request(subject, part, field)
        while True:
            last = work.storage.last(work.desired.name)
            seen = Observed(last, subject.status, in_sync=self._in_sync(work, last), forced=forced)
            try:
                action = next_action(spec, seen)
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
            failure = yield from self._perform(work, action, last)
            if failure is not None:
                return failure

    def _perform(self, work: ReleasePass, action: HelmAction, last: Release | None) -> Pause[Result | None]:
        match action:
            case HelmAction.UNLOCK if last is not None:
                work.storage.put(
                    replace(last, status="failed", description="Release unlocked"), self.context.clock.now()
                )
                work.done.pop()
                self._remember(work, replace(last, status="failed"), "unlock")
                return None
            case HelmAction.ADOPT:
                work.subject.status["history"] = []
                return (yield from self._change(work, HelmAction.UPGRADE, None))
            case HelmAction.TEST if last is not None:
                yield from self._test(work, last)
                return None
            case HelmAction.UNINSTALL if last is not None:
                return (yield from self._uninstall(work, last))
            case HelmAction.ROLLBACK:
                return (yield from self._change(work, action, rollback_target(work)))
            case _:
                return (yield from self._change(work, action, None))

    def _change(self, work: ReleasePass, action: HelmAction, target: Release | None) -> Pause[Result | None]:
        """Install, upgrade or roll back; return a result when the reconcile must end here."""
        subject, settings = work.subject, settings_of(work.subject.spec, action)
        if action is not HelmAction.ROLLBACK:
            subject.status["lastAttemptedReleaseAction"] = str(action)
        text = f"Running '{action}' action with timeout of {format_duration(settings.timeout)}"
        before = work.storage.last(work.desired.name)
        if target is not None:
            steps = work.actions.rollback(target, settings)
        elif action is HelmAction.INSTALL:
            steps = work.actions.install(work.desired, settings)
        else:
            steps = work.actions.upgrade(work.desired, settings)
        try:
            release = yield from showing(subject, steps, text)
        except (HelmError, NixernetesError) as error:
            stored = work.storage.last(work.desired.name)
            new = stored if stored is not None and (before is None or stored.version > before.version) else None
            return self._action_failed(work, action, new, error.message)
        self._remember(work, release, str(action))
        if action is HelmAction.ROLLBACK:
            text = f"Helm rollback to previous release {release.full_name} with chart {release.chart} succeeded"
            subject.mark("Remediated", "True", "RollbackSucceeded", text)
            subject.mark("Ready", "False", "RollbackSucceeded", text)
            self.event(subject, "Normal", "RollbackSucceeded", text, work.facts)
        else:
            text = f"Helm {action} succeeded for release {release.full_name} with chart {release.chart}"
            subject.drop("Remediated", "TestSuccess")
            subject.mark("Released", "True", f"{_PAST[action]}Succeeded", text)
            subject.mark("Ready", "True", f"{_PAST[action]}Succeeded", text)
            self.event(subject, "Normal", f"{_PAST[action]}Succeeded", text, work.facts)
        maximum = subject.spec.max_history
        work.storage.prune(work.desired.name, _KEPT if maximum is None else maximum)
        return None

    def _action_failed(self, work: ReleasePass, action: HelmAction, stored: Release | None, why: str) -> Result | None:
        subject, status = work.subject, work.subject.status
        desired = work.desired
        reason = f"{_PAST[action]}Failed"
        text = f"Helm {action} failed for release {desired.namespace}/{desired.name} with chart {work.chart}: {why}"
        kind = "Remediated" if action is HelmAction.ROLLBACK else "Released"
        subject.mark(kind, "False", reason, text)
        subject.mark("Ready", "False", reason, text)
        self.event(subject, "Warning", reason, text, work.facts)
        status["failures"] = int(status.get("failures") or 0) + 1
        if stored is None:
            subject.mark("Reconciling", "True", "ProgressingWithRetry", text)
            return RetryAfter(backoff(int(status["failures"])), text)
        self._remember(work, stored, str(action))
        if action in (HelmAction.INSTALL, HelmAction.UPGRADE):
            counter = f"{action}Failures"
            status[counter] = int(status.get(counter) or 0) + 1
            later = retry_interval(subject.spec, str(action))
            if later is not None:
                subject.mark("Reconciling", "True", "ProgressingWithRetry", f"retrying after {format_duration(later)}")
                return RetryAfter(later, text)
        if action is HelmAction.ROLLBACK:
            return RetryAfter(backoff(int(status["failures"])), text)
        return None

    def _uninstall(self, work: ReleasePass, last: Release) -> Pause[Result | None]:
        subject = work.subject
        settings = settings_of(subject.spec, HelmAction.UNINSTALL)
        try:
            text = f"Running 'uninstall' action with timeout of {format_duration(settings.timeout)}"
            yield from showing(subject, work.actions.uninstall(last, settings), text)
        except HelmError as error:
            return self._action_failed(work, HelmAction.UNINSTALL, None, error.message)
        self._remember(work, replace(last, status="uninstalled"), "uninstall")
        text = f"Helm uninstall remediation for release {last.full_name} with chart {last.chart} succeeded"
        subject.mark("Remediated", "True", "UninstallSucceeded", text)
        subject.mark("Ready", "False", "UninstallSucceeded", text)
        self.event(subject, "Normal", "UninstallSucceeded", text, work.facts)
        return None

    def _test(self, work: ReleasePass, last: Release) -> Pause[None]:
        subject, status = work.subject, work.subject.status
        name = f"release {last.full_name} with chart {last.chart}"
        try:
            ran = yield from work.actions.test(last, settings_of(subject.spec, HelmAction.TEST))
        except HelmError as error:
            text = f"Helm test failed for {name}: {error.message}"
            hooks = {"test": {"phase": "Failed"}}
            counter = f"{status.get('lastAttemptedReleaseAction', 'install')}Failures"
            status["failures"] = int(status.get("failures") or 0) + 1
            status[counter] = int(status.get(counter) or 0) + 1
            reason, word = "TestFailed", "False"
        else:
            text = f"Helm test succeeded for {name}: {len(ran)} test hooks completed successfully"
            hooks = {one["metadata"]["name"]: {"phase": "Succeeded"} for one in ran}
            reason, word = "TestSucceeded", "True"
        status["history"] = [{**status["history"][0], "testHooks": hooks}, *status["history"][1:]]
        subject.mark("TestSuccess", word, reason, text)
        if word == "True" or not ignores_tests(subject.spec):
            subject.mark("Ready", word, reason, text)
        self.event(subject, "Normal" if word == "True" else "Warning", reason, text, work.facts)

    def _remember(self, work: ReleasePass, release: Release, action: str) -> None:
        """Put a revision at the head of ``status.history`` and note what it holds."""
        status = work.subject.status
        rest = [one for one in status.get("history") or [] if one["version"] != release.version]
        if release.status == "deployed":
            rest = [one | {"status": "superseded"} if one["status"] == "deployed" else one for one in rest]
        digest = work.oci_digest(release)
        entry = snapshot(release, action, release.config_digest) | ({"ociDigest": digest} if digest else {})
        status["history"] = [entry, *rest][:_KEPT]
        if release.status == "uninstalled":
            status.pop("inventory", None)
        else:
            status["inventory"] = inventory.entries(release.objects)

    def _in_sync(self, work: ReleasePass, last: Release | None) -> bool:
        if last is None:
            return False
        held = (last.chart_name, last.chart_version, last.config_digest)
        if held != (work.desired.chart.name, work.desired.chart.version, work.digest):
            return False
        seen = work.subject.status.get("observedPostRenderersDigest")
        return seen in (None, _post_rendering(work.subject.spec))

    def _finished(self, work: ReleasePass, last: Release | None) -> Steps:
        subject = work.subject
        yield from ()
        if last is not None:
            try:
                correct_drift(self, work.subject, HelmCluster(self.api, self.context.clock), last)
            except NixernetesError as error:
                subject.mark("Ready", "False", "DriftDetected", error.message)
                return self.retry(subject.key, error.message)
        if subject.spec.post_renderers or subject.spec.common_metadata:
            subject.status["observedPostRenderersDigest"] = _post_rendering(subject.spec)
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
        subject.mark("Reconciling", "True", "ProgressingWithRetry", "retrying")
        return RetryAfter(backoff(failures), ready.get("message", "retrying"))

    def _exhausted(self, work: ReleasePass, error: ExhaustedError) -> Stalled:
        subject = work.subject
        subject.drop("Reconciling")
        subject.mark("Stalled", "True", error.reason, error.message)
        subject.observe()
        self.event(subject, "Warning", error.reason, error.message, work.facts)
        return Stalled(error.message)


def _post_rendering(spec: HelmRelease) -> str:
    common = spec.common_metadata
    return manifests.digest(
        [[one.data() for one in spec.post_renderers or ()], {} if common is None else common.data()]
    )
