"""What a Kustomization does to its cluster with one build: apply, prune, wait for health (Flux, sections 6 to 8)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta

from nixernetes.cluster.api import Outcome
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.applying.apply import Applier, ApplyOptions, Pause
from nixernetes.engine.flux.applying.changes import Change, describe
from nixernetes.engine.flux.applying.filing import as_filed
from nixernetes.engine.flux.applying.health import HealthError, wait_healthy
from nixernetes.engine.flux.applying.prune import PruneError
from nixernetes.engine.flux.controller import FluxController
from nixernetes.engine.flux.kustomize.builds import Build, owner_labels
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Waiting
from nixernetes.errors import NixernetesError
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.health.expressions import HealthExpressions
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE
from nixernetes.objects.durations import format_duration
from nixernetes.objects.identity import ObjectKey, key_of, split_api_version
from nixernetes.render.tree import Tree

__all__ = ["KustomizationPass", "Rollout", "StepError", "facts_of"]


def facts_of(revision: str, origin: str = "") -> dict[str, str]:
    """Return what events say of a revision, and of the one that it was made from."""
    named = {"revision": revision, "originRevision": origin}
    return {f"{FLUX_KUSTOMIZE}/{name}": text for name, text in named.items() if text}


class StepError(NixernetesError):
    """One step failed: the reason for Ready, and the text."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(slots=True)
class KustomizationPass:
    """One pass over a Kustomization: what it works on and what it found out on the way."""

    subject: Subject[Kustomization]
    tree: Tree
    revision: str
    origin: str
    started: datetime
    timeout: timedelta
    expressions: HealthExpressions
    digest: str = ""
    applied: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """The metadata of events."""
        return facts_of(self.revision, self.origin)

    def words(self, doing: str) -> str:
        """Return what is said while something is being done."""
        return f"{doing} for revision {self.revision} with a timeout of {format_duration(self.timeout)}"


class Rollout:
    """Brings one build to the cluster.

    Args:
        controller: who tells of it.
        applier: applies objects.
        work: the pass over the Kustomization.

    """

    def __init__(self, controller: FluxController[Kustomization], applier: Applier, work: KustomizationPass) -> None:
        self._controller = controller
        self._api = controller.api
        self._applier = applier
        self._work = work
        self._subject = work.subject

    def run(self, build: Build) -> Pause[None]:
        """Apply, note in the status what is there now, prune what is there no longer, and wait for health.

        Raises:
            StepError: one of them failed.

        """
        changes = yield from self._apply(build)
        stale = self._replace_inventory(build)
        self._prune(stale)
        yield from self._check_health(changes, pruned=bool(stale))

    def _apply(self, build: Build) -> Pause[list[Change]]:
        subject, work = self._subject, self._work
        spec = subject.spec
        subject.mark("Reconciling", "True", "Progressing", work.words("Detecting drift"))
        options = ApplyOptions(force=bool(spec.force), ignore=spec.ignore or (), timeout=work.timeout)
        try:
            steps = self._applier.apply(build.objects, options)
            changes = yield from self._showing("Detecting drift", steps)
        except NixernetesError as error:
            # The status has Flux's own words; where in the repository the object is written stands beside it.
            for item in build.items:
                if error.message.startswith(f"{key_of(item.manifest)} ") and item.origin.file:
                    text = f"{key_of(item.manifest)} is written at {item.origin}"
                    self._controller.context.notes.record_place(subject.key, text)
            raise StepError("ReconciliationFailed", error.message) from error
        work.applied = describe(changes)
        if work.applied:
            self._controller.event(subject, "Normal", "Progressing", work.applied, work.facts)
        return changes

    def _showing(self, doing: str, steps: Pause[list[Change]]) -> Pause[list[Change]]:
        """Run steps; where they pause, the status says what is being done."""
        while True:
            try:
                pause = next(steps)
            except StopIteration as stop:
                changes: list[Change] = stop.value
                return changes
            self._subject.mark("Ready", "Unknown", "Progressing", "Reconciliation in progress")
            self._subject.mark("Reconciling", "True", "Progressing", self._work.words(doing))
            self._subject.save()
            yield pause

    def _replace_inventory(self, build: Build) -> list[ObjectKey]:
        subject, status = self._subject, self._subject.status
        old = inventory.keys(status)
        items = as_filed(self._api, build.items)
        is_same = items is build.items
        entries = build.inventory if is_same else inventory.entries(item.manifest for item in items)["entries"]
        status["inventory"] = {"entries": list(entries)}
        self._controller.context.origins.record(subject.key, items)
        new = {key_of(item.manifest) for item in items}
        return [key for key in old if key not in new]

    def _prune(self, stale: list[ObjectKey]) -> None:
        subject, work = self._subject, self._work
        if not subject.spec.prune:
            self._applier.forget(stale)
            return
        try:
            done = self._applier.prune(stale, owner_labels(subject.key))
        except PruneError as error:
            kept = [{"id": inventory.entry_id(key), "v": self._version(key)} for key in error.kept]
            subject.status["inventory"] = {"entries": [*subject.status["inventory"]["entries"], *kept]}
            raise StepError("PruneFailed", error.message) from error
        if done:
            work.applied = work.applied or "pruned"
            self._controller.event(subject, "Normal", "Progressing", "\n".join(map(str, done)), work.facts)

    def _version(self, key: ObjectKey) -> str:
        live = self._api.get(key)
        return split_api_version(live["apiVersion"])[1] if live is not None else "v1"

    def _check_health(self, changes: list[Change], *, pruned: bool) -> Generator[Waiting, None, None]:
        subject, work = self._subject, self._work
        keys = self._to_check(changes)
        if keys is None:
            subject.drop("Healthy")
            return
        subject.mark("Reconciling", "True", "Progressing", work.words("Running health checks"))
        steps = wait_healthy(self._api, self._controller.context.clock, keys, work.expressions, work.timeout)
        was_healthy, took = subject.is_true("Healthy"), timedelta()
        try:
            while True:
                pause = next(steps)
                subject.mark("Ready", "Unknown", "Progressing", "Reconciliation in progress")
                text = work.words("Running health checks")
                subject.mark("Healthy", "Unknown", "Progressing", text)
                subject.mark("Reconciling", "True", "Progressing", text)
                subject.save()
                yield pause
        except StopIteration as stop:
            took = stop.value
        except HealthError as error:
            subject.mark("Healthy", "False", "HealthCheckFailed", error.fact)
            raise StepError("HealthCheckFailed", error.message) from error
        text = f"Health check passed in {format_duration(took)}"
        new = subject.status.get("lastAppliedRevision") != work.revision
        if not was_healthy or (new and (work.applied or pruned)):
            self._controller.event(subject, "Normal", "Progressing", text, work.facts)
        if not subject.is_true("Healthy") or took:
            subject.mark("Healthy", "True", "Succeeded", text)

    def _to_check(self, changes: list[Change]) -> list[ObjectKey] | None:
        subject = self._subject
        if subject.spec.wait:
            applied = [change.key for change in changes if change.outcome != Outcome.SKIPPED]
            return [key for key in applied if key != subject.key] if applied else None
        if not subject.spec.health_checks:
            return None
        keys = [
            ObjectKey(split_api_version(ref.api_version or "apps/v1")[0], ref.kind, ref.namespace or "", ref.name)
            for ref in subject.spec.health_checks
        ]
        return [key for key in keys if key != subject.key]
