"""Staged server-side apply (Flux, sections 6.1 to 6.5).

Definitions first, then classes, then the rest; a stage whose dry run fails for one object applies none of its objects.
An object whose live version is the one that this very manifest left behind needs neither dry run nor apply.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias, TypeVar

from nixernetes.cluster.api import Api, ApiError, Outcome, filed
from nixernetes.engine.flux.applying import controls, drift, ordering
from nixernetes.engine.flux.applying.changes import Change
from nixernetes.engine.flux.applying.managed_fields import taken_over
from nixernetes.engine.flux.applying.normalising import normalised
from nixernetes.engine.flux.applying.prune import prune
from nixernetes.engine.results import Waiting
from nixernetes.errors import NixernetesError
from nixernetes.gitops.flux.kustomize_parts import IgnoreRule
from nixernetes.health import kstatus
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["Applier", "ApplyError", "ApplyOptions", "Pause", "dry_run_text"]

T = TypeVar("T")
Pause: TypeAlias = Generator[Waiting, None, T]

_POLL = timedelta(seconds=2)
_STAGE_TIMEOUT = timedelta(seconds=60)
_IMMUTABLE = ("is immutable", "immutable field")


class ApplyError(NixernetesError):
    """The cluster refused an object; the message is Flux's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    desired: Manifest
    key: ObjectKey
    outcome: Outcome
    live: Manifest | None = None
    recreate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOptions:
    """How a set is applied.

    Attributes:
        force: make objects anew when an immutable field changes.
        ignore: whose drift is left alone.
        timeout: how long to wait for an object to go before it is made anew.

    """

    force: bool = False
    ignore: Sequence[IgnoreRule] = ()
    timeout: timedelta = timedelta(minutes=5)


class Applier:
    """Applies sets of objects under one field manager, and remembers of each how it left it, as long as it is applied.

    Args:
        api: the cluster.
        clock: for time limits.
        manager: the field manager.

    """

    def __init__(self, api: Api, clock: Clock, manager: str) -> None:
        self._api = api
        self._clock = clock
        self._manager = manager
        self._left: dict[ObjectKey, tuple[Manifest, str]] = {}

    def apply(self, objects: Sequence[Manifest], options: ApplyOptions) -> Pause[list[Change]]:
        """Apply a set in its stages; return what happened, in order of application.

        Raises:
            ApplyError: an object was refused, or a stage did not become ready in time.

        """
        drift.check(options.ignore)
        definitions, classes, rest = ordering.stages(normalised(each) for each in objects)
        changes: list[Change] = []
        for stage, waits in ((definitions, True), (classes, True), (rest, False)):
            done = yield from self._apply_stage(stage, options)
            changes += done
            if waits:
                yield from self._wait_current([change.key for change in done if change.outcome != Outcome.SKIPPED])
        return changes

    @property
    def remembered(self) -> int:
        """How many objects are remembered."""
        return len(self._left)

    def prune(self, stale: Sequence[ObjectKey], owner: Mapping[str, str]) -> list[Change]:
        """Delete what is no longer applied; return what was done: deleted, or left alone.

        Args:
            stale: the objects.
            owner: the labels of the delivery; an object that has others is not its own any more.

        Raises:
            PruneError: deletes were refused; the others have been made.

        """
        self.forget(stale)
        return prune(self._api, stale, owner)

    def forget(self, keys: Iterable[ObjectKey]) -> None:
        """Drop what is remembered of objects that are no longer applied."""
        for key in keys:
            self._left.pop(key, None)

    def _apply_stage(self, stage: Sequence[Manifest], options: ApplyOptions) -> Pause[list[Change]]:
        plans = [self._plan(manifest, options) for manifest in stage]
        for plan in plans:
            if plan.recreate:
                yield from self._remove(plan.key, options.timeout)
            if plan.outcome in (Outcome.CREATED, Outcome.CONFIGURED):
                self._write(plan, options)
        return [Change(plan.key, plan.outcome) for plan in plans]

    def _plan(self, desired: Manifest, options: ApplyOptions) -> _Plan:
        key = filed(self._api, key_of(desired))
        live = self._api.get(key)
        left = self._left.get(key)
        if left is not None and live is not None:
            manifest, version = left
            if manifest is desired and live["metadata"].get("resourceVersion") == version:
                return _Plan(desired=desired, key=key, outcome=Outcome.UNCHANGED)
        if controls.is_left_alone(desired) or controls.is_left_alone(live):
            return _Plan(desired=desired, key=key, outcome=Outcome.SKIPPED)
        if live is not None and controls.creates_only(desired):
            return _Plan(desired=desired, key=key, outcome=Outcome.SKIPPED)
        return self._dry_run(desired, key, live, options)

    def _dry_run(self, desired: Manifest, key: ObjectKey, live: Manifest | None, options: ApplyOptions) -> _Plan:
        try:
            tried = self._api.apply(desired, manager=self._manager, force=True, dry_run=True)
        except ApiError as error:
            if live is not None and _is_immutable(error) and (options.force or controls.forces(desired)):
                return _Plan(desired=desired, key=key, outcome=Outcome.CREATED, live=live, recreate=True)
            written = key_of(desired)
            raise ApplyError(dry_run_text(written, error), subject=str(written)) from error
        if live is None:
            return _Plan(desired=desired, key=key, outcome=Outcome.CREATED)
        foreign = None if controls.keeps_foreign_fields(desired) else taken_over(live, self._manager)
        rules = drift.pointers(options.ignore, desired)
        if () in rules:
            return _Plan(desired=desired, key=key, outcome=Outcome.UNCHANGED)
        if foreign is None and not drift.drifted(live, tried, rules):
            self._left[key] = (desired, live["metadata"].get("resourceVersion", ""))
            return _Plan(desired=desired, key=key, outcome=Outcome.UNCHANGED)
        return _Plan(desired=desired, key=key, outcome=Outcome.CONFIGURED, live=live)

    def _write(self, plan: _Plan, options: ApplyOptions) -> None:
        desired, live = plan.desired, plan.live
        try:
            if live is not None and not plan.recreate:
                foreign = None if controls.keeps_foreign_fields(desired) else taken_over(live, self._manager)
                if foreign is not None:
                    self._api.update(foreign, manager=self._manager)
                payload = drift.payload(desired, live, drift.pointers(options.ignore, desired))
            else:
                payload = desired
            stored = self._api.apply(payload, manager=self._manager, force=True)
        except ApiError as error:
            raise ApplyError(f"{plan.key} apply failed: {error.message}", subject=str(plan.key)) from error
        self._left[plan.key] = (desired, stored["metadata"].get("resourceVersion", ""))

    def _remove(self, key: ObjectKey, timeout: timedelta) -> Pause[None]:
        self._api.delete(key)
        yield from self._until(
            lambda: self._api.get(key) is None, timeout, lambda: f"{key} delete failed: timeout waiting for it to go"
        )

    def _wait_current(self, keys: Sequence[ObjectKey]) -> Pause[None]:
        def late() -> list[str]:
            found = [(key, self._verdict(key)) for key in keys]
            return [f"{key} status: '{verdict}'" for key, verdict in found if verdict is not kstatus.Status.CURRENT]

        yield from self._until(
            lambda: not late(), _STAGE_TIMEOUT, lambda: f"timeout waiting for: [{', '.join(late())}]"
        )

    def _verdict(self, key: ObjectKey) -> kstatus.Status:
        live = self._api.get(key)
        return kstatus.NOT_FOUND.status if live is None else kstatus.compute(live, self._clock.now()).status

    def _until(self, holds: Callable[[], bool], timeout: timedelta, error: Callable[[], str]) -> Pause[None]:
        limit = self._clock.now() + timeout
        while not holds():
            if self._clock.now() >= limit:
                raise ApplyError(error())
            yield Waiting(_POLL, error())


def _is_immutable(error: ApiError) -> bool:
    return error.reason in ("Conflict", "Invalid") or any(text in error.message for text in _IMMUTABLE)


def dry_run_text(key: ObjectKey, error: ApiError) -> str:
    """Return what Flux says of a dry run that was refused."""
    if error.reason == "NotFound":
        fact = "not found" if key.namespace else "namespace not specified"
        return f"{key} {fact}: {error.message}"
    reason = "" if error.reason in ("", "NoMatch") else f" ({error.reason})"
    return f"{key} dry-run failed{reason}: {error.message}"
