"""What is done to one release, and what its HelmRelease says of how it went (Flux, section 10.4)."""

from __future__ import annotations

from dataclasses import replace

from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.flux.controller import FluxController, backoff
from nixernetes.engine.flux.helm.actions import Desired, base_of
from nixernetes.engine.flux.helm.cluster import HelmError
from nixernetes.engine.flux.helm.helm_4_words import as_helm_4
from nixernetes.engine.flux.helm.release_pass import (
    ReleasePass,
    note_digests,
    rollback_target,
    showing,
)
from nixernetes.engine.flux.helm.settings import ignores_tests, retry_interval
from nixernetes.engine.flux.helm.state import HelmAction, settings_of
from nixernetes.engine.flux.helm.storage import Release, snapshot
from nixernetes.engine.results import Result, RetryAfter
from nixernetes.errors import NixernetesError
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects.durations import format_duration
from nixernetes.objects.manifest import Json
from nixernetes.render.flux.helm_release import PostRenderError

__all__ = ["Attempts", "truncated"]

_PAST = {
    HelmAction.INSTALL: "Install",
    HelmAction.UPGRADE: "Upgrade",
    HelmAction.ROLLBACK: "Rollback",
    HelmAction.UNINSTALL: "Uninstall",
}
_KEPT = 5  # revisions, and entries of status.history


class Attempts:
    """Runs actions on one release.

    Args:
        controller: who tells of them.
        work: the pass over the HelmRelease.

    """

    def __init__(self, controller: FluxController[HelmRelease], work: ReleasePass) -> None:
        self._controller = controller
        self._work = work
        self._subject = work.subject

    def perform(self, action: HelmAction, last: Release | None) -> Pause[Result | None]:
        """Do what was decided; return a result when the reconcile must end here."""
        match action:
            case HelmAction.UNLOCK if last is not None:
                now = self._controller.context.clock.now()
                self._work.storage.put(replace(last, status="failed", description="Release unlocked"), now)
                self._work.done.pop()
                self._remember(replace(last, status="failed"), "unlock")
                return None
            case HelmAction.ADOPT:
                self._subject.status["history"] = []
                return (yield from self._change(HelmAction.UPGRADE, None))
            case HelmAction.TEST if last is not None:
                yield from self._test(last)
                return None
            case HelmAction.UNINSTALL if last is not None:
                self._forget_older()
                return (yield from self._uninstall(last))
            case HelmAction.ROLLBACK:
                self._forget_older()
                return (yield from self._change(action, rollback_target(self._work)))
            case _:
                return (yield from self._change(action, None))

    def _forget_older(self) -> None:
        """Keep of the history what a remediation may need: up to the release before the one that failed."""
        self._subject.status["history"] = truncated(self._subject.status.get("history") or [])

    def _change(self, action: HelmAction, target: Release | None) -> Pause[Result | None]:
        """Install, upgrade or roll back; return a result when the reconcile must end here."""
        work, subject, settings = self._work, self._subject, settings_of(self._subject.spec, action)
        if action is not HelmAction.ROLLBACK:
            subject.status["lastAttemptedReleaseAction"] = str(action)
            subject.drop("TestSuccess", "Remediated")
        if action is HelmAction.INSTALL:
            subject.status.pop("history", None)
        text = f"Running '{action}' action with timeout of {format_duration(settings.timeout)}"
        held = work.storage.releases(work.desired.name)
        before, base = held[-1] if held else None, base_of(held)
        if target is not None:
            steps = work.actions.rollback(target, settings)
        elif action is HelmAction.INSTALL:
            steps = work.actions.install(work.desired, settings)
        else:
            steps = work.actions.upgrade(work.desired, settings)
        subject.mark("Reconciling", "True", "Progressing", text)
        note_digests(subject)
        try:
            release = yield from showing(subject, steps, text)
        except NixernetesError as error:
            stored = work.storage.last(work.desired.name)
            new = stored if stored is not None and (before is None or stored.version > before.version) else None
            told_base = isinstance(error, HelmError) and error.told_base
            told = base.version if base is not None and told_base else 0
            return self._action_failed(action, new, _words(error, work.desired, subject.spec), told=told)
        replaced = base.version if base is not None and action is HelmAction.UPGRADE else 0
        self._remember(release, str(action), replaced)
        if action is HelmAction.ROLLBACK:
            back = target or release
            text = f"Helm rollback to previous release {back.full_name} with chart {back.chart} succeeded"
            self._remediated("RollbackSucceeded", text)
            subject.mark("Ready", "False", "RollbackSucceeded", text)
        else:
            text = f"Helm {action} succeeded for release {release.full_name} with chart {release.chart}"
            subject.mark("Released", "True", f"{_PAST[action]}Succeeded", text)
            subject.mark("Ready", "True", f"{_PAST[action]}Succeeded", text)
            self._controller.event(subject, "Normal", f"{_PAST[action]}Succeeded", text, work.facts)
        return None

    def _remediated(self, reason: str, text: str) -> None:
        self._subject.mark("Remediated", "True", reason, text)
        self._controller.event(self._subject, "Normal", reason, text, self._work.facts)

    def _count(self, *counters: str) -> None:
        status = self._subject.status
        for counter in counters:
            status[counter] = int(status.get(counter) or 0) + 1

    def _action_failed(self, action: HelmAction, stored: Release | None, why: str, *, told: int = 0) -> Result | None:
        work, subject, desired = self._work, self._subject, self._work.desired
        reason = f"{_PAST[action]}Failed"
        text = f"Helm {action} failed for release {desired.namespace}/{desired.name} with chart {work.chart}: {why}"
        kind = "Remediated" if action is HelmAction.ROLLBACK else "Released"
        subject.mark(kind, "False", reason, text)
        subject.mark("Ready", "False", reason, text)
        self._controller.event(subject, "Warning", reason, text, work.facts)
        self._count("failures")
        later = backoff(int(subject.status["failures"]))
        if stored is None:
            return RetryAfter(later, text)
        self._remember(stored, str(action))
        history = subject.status["history"]
        subject.status["history"] = [_observed(one) if one["version"] == told else one for one in history]
        if action is HelmAction.ROLLBACK:
            return RetryAfter(later, text)
        if action in (HelmAction.INSTALL, HelmAction.UPGRADE):
            self._count(f"{action}Failures")
            asked = retry_interval(subject.spec, str(action))
            if asked is not None:
                subject.observe()
                subject.mark("Reconciling", "True", "ProgressingWithRetry", f"retrying after {format_duration(asked)}")
                return RetryAfter(asked, text)
        return None

    def _uninstall(self, last: Release) -> Pause[Result | None]:
        settings = settings_of(self._subject.spec, HelmAction.UNINSTALL)
        try:
            text = f"Running 'uninstall' action with timeout of {format_duration(settings.timeout)}"
            yield from showing(self._subject, self._work.actions.uninstall(last, settings), text)
        except HelmError as error:
            return self._action_failed(HelmAction.UNINSTALL, None, error.message)
        # What is seen last of a release that leaves the storage is that it is going.
        self._remember(replace(last, status="uninstalling"), "uninstall-remediation")
        text = f"Helm uninstall remediation for release {last.full_name} with chart {last.chart} succeeded"
        self._remediated("UninstallSucceeded", text)
        return None

    def _test(self, last: Release) -> Pause[None]:
        work, subject, status = self._work, self._subject, self._subject.status
        name = f"release {last.full_name} with chart {last.chart}"
        try:
            ran = yield from work.actions.test(last, settings_of(subject.spec, HelmAction.TEST))
        except HelmError as error:
            text = f"Helm test failed for {name}: {error.message}"
            hooks = work.actions.tested(last, settings_of(subject.spec, HelmAction.TEST))
            attempted = HelmAction(status.get("lastAttemptedReleaseAction", "install"))
            ignored = settings_of(subject.spec, attempted).remediation.ignore_tests
            self._count("failures", *([] if ignored or not hooks else [f"{attempted}Failures"]))
            reason, word = "TestFailed", "False"
        else:
            told = f"{len(ran)} test {'hook' if len(ran) == 1 else 'hooks'} completed successfully"
            text = f"Helm test succeeded for {name}: {told if ran else 'no test hooks'}"
            hooks = {one["metadata"]["name"]: {"phase": "Succeeded"} for one in ran}
            reason, word = "TestSucceeded", "True"
        status["history"] = [{**status["history"][0], "testHooks": hooks}, *status["history"][1:]]
        subject.mark("TestSuccess", word, reason, text)
        if word == "True" or not ignores_tests(subject.spec):
            subject.mark("Ready", word, reason, text)
        self._controller.event(subject, "Normal" if word == "True" else "Warning", reason, text, work.facts)

    def _remember(self, release: Release, action: str, replaced: int = 0) -> None:
        """Put a revision at the head of ``status.history`` and note what it holds.

        Args:
            release: the revision.
            action: what made it.
            replaced: the version that an upgrade has replaced; 0 for none.

        """
        status = self._subject.status
        rest = [one for one in status.get("history") or [] if one["version"] != release.version]
        if release.status == "deployed":
            over = [one["status"] == "deployed" or one["version"] == replaced for one in rest]
            rest = [_superseded(one, action) if ended else one for one, ended in zip(rest, over, strict=True)]
        digest = self._work.oci_digest(release)
        entry = snapshot(release, action, release.config_digest) | ({"ociDigest": digest} if digest else {})
        status["history"] = [entry, *rest][:_KEPT]
        status["inventory"] = inventory.entries([*release.objects, *release.definitions])


def _superseded(entry: Json, action: str) -> Json:
    """Return an entry once another release has followed: written anew, by a rollback as its own."""
    kept = {**entry, "action": "rollback"} if action == "rollback" else _observed(entry)
    return {**kept, "status": "superseded"}


def _observed(entry: Json) -> Json:
    """Return an entry that Helm has written anew: without the action that made it."""
    return {name: value for name, value in entry.items() if name != "action"}


def _words(error: NixernetesError, desired: Desired, spec: HelmRelease) -> str:
    """Return what helm-controller says of an action that failed; values from Secrets are never told."""
    if isinstance(error, PostRenderError):
        return error.words
    told = all(each.kind != "Secret" for each in spec.values_from or ())
    return as_helm_4(error.message, desired.values if told else None)


def truncated(history: list[Json]) -> list[Json]:
    """Return a history up to the release that the latest one followed (``Snapshots.Truncate`` of api/v2)."""
    for position, entry in enumerate(history[1:], 2):
        if entry["status"] in ("deployed", "superseded"):
            return history[:position]
    return history[:_KEPT]
