"""Finds drift: each object as its delivery would write it once more, held against the object on the cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.changes.change import Action, NotVerified
from nixernetes.changes.deletion import is_automated
from nixernetes.changes.fields import ABSENT, FieldChange, changed_fields
from nixernetes.changes.live.drift import Deviation, Drift, DriftedField, DriftReport, Unclaimed
from nixernetes.changes.live.field_writers import added_by_others, creators, writers_of
from nixernetes.changes.live.refusals import read_refusal
from nixernetes.changes.live.report import LiveComparison, LiveQuestion, live_comparison
from nixernetes.changes.live.trials import DryRun
from nixernetes.changes.live.writes import delivery_managers
from nixernetes.changes.randomness import is_random
from nixernetes.engine.argocd.sync.hooks import is_hook
from nixernetes.objects.fields import flag_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.schema import Field
from nixernetes.objects.well_known import HELM_HOOK
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.objects import Placed

__all__ = ["drift"]

_MASKS: Final = (("*** (before)", "*** (Git)"), ("*** (after)", "*** (cluster)"))


def drift(
    question: LiveQuestion,
    beside: tuple[Unclaimed, ...],
    behind: Mapping[ObjectKey, str],
    root_of: Callable[[Manifest], Field | None],
    *,
    is_applied: bool,
) -> DriftReport:
    """Return what on a cluster is not what Git says.

    Args:
        question: the cluster, and Git.
        beside: the objects that no delivery has.
        behind: deliveries that have applied another revision.
        root_of: gives the type of an object whose kind is defined on the cluster.
        is_applied: whether some delivery has applied this revision.

    """
    found = live_comparison(question)
    looker = _Looker(question, found, root_of)
    items = [item for _, item in sorted(question.cluster.placed.items()) if item.owner is not None]
    drifts = [each for item in items for each in looker.look(item)]
    return DriftReport(
        cluster=question.cluster.objects.name,
        context=question.state.context,
        revision=question.name,
        is_applied=is_applied,
        drifts=tuple(sorted([*drifts, *looker.left()], key=lambda each: each.key)),
        additions=tuple(each for item in items for each in looker.additions(item)),
        beside=beside,
        behind=tuple(sorted(behind.items())),
        failed=tuple((key, each.problem) for key, each in sorted(question.cluster.deliveries.items()) if each.problem),
        unverified=(*found.report.unverified, *looker.unverified),
    )


class _Looker:
    """Looks at objects one by one.

    Args:
        question: the cluster, and Git.
        found: what the deliveries would change.
        root_of: gives the type of an object.

    """

    def __init__(
        self, question: LiveQuestion, found: LiveComparison, root_of: Callable[[Manifest], Field | None]
    ) -> None:
        self._question = question
        self._secrecy = found.secrecy
        self._root_of = root_of
        self._changes = {each.key: each for each in found.report.changes}
        self._held = {each.key: each for cluster in found.report.comparison.clusters for each in cluster.held}
        self._side = found.cluster
        self.unverified: list[NotVerified] = []

    def look(self, item: Placed) -> Iterator[Drift]:
        """Yield how an object of Git deviates."""
        owner, live = self._owner(item), self._live(item.key)
        if owner is None or item.key in self._question.skipped or _is_any_hook(item.manifest):
            return
        if live is None:
            is_missing = item.key in self._held or self._action(item.key) is Action.CREATE
            if is_missing:
                yield self._drift(item, owner, Deviation.MISSING)
            return
        trial = self._trial(item)
        fields = self._fields(item, live, trial) if trial is not None else ()
        if fields:
            yield self._drift(item, owner, Deviation.CHANGED, fields)

    def left(self) -> Iterator[Drift]:
        """Yield what deliveries still have and Git does not."""
        for key, change in self._changes.items():
            if change.action in (Action.DELETE, Action.ORPHAN):
                reason = change.reason if change.action is Action.ORPHAN else ""
                yield from self._left(key, change.owner, reason)
        for key, held in self._held.items():
            if key not in self._side.placed:
                yield from self._left(key, held.owner, held.reason)

    def additions(self, item: Placed) -> Iterator[Drift]:
        """Yield what others wrote into an object, and its delivery leaves alone."""
        owner, live = self._owner(item), self._live(item.key)
        trial = self._question.trials.get(item.key)
        if owner is None or live is None or trial is None or trial.error is not None or _is_any_hook(item.manifest):
            return
        rest = added_by_others(live, (item.manifest, trial.after), delivery_managers(owner.key), self._root_of(live))
        if rest is trial.after:
            return
        fields = tuple(
            self._field(each, live, trial.after) for each in changed_fields(item.manifest, live, rest, trial.after)
        )
        if fields:
            place = self._question.head.view.place(item)
            yield Drift(key=item.key, owner=str(owner.key), deviation=Deviation.CHANGED, fields=fields, place=place)

    def _left(self, key: ObjectKey, owner: str, reason: str) -> Iterator[Drift]:
        live = self._live(key)
        if live is not None and not _is_any_hook(live):
            yield Drift(key=key, owner=owner, deviation=Deviation.LEFT, writers=creators(live), kept=reason)

    def _drift(
        self, item: Placed, owner: Delivery, deviation: Deviation, fields: tuple[DriftedField, ...] = ()
    ) -> Drift:
        return Drift(
            key=item.key,
            owner=str(owner.key),
            deviation=deviation,
            fields=fields,
            place=self._question.head.view.place(item),
            kept=self._kept(item.key, owner),
        )

    def _kept(self, key: ObjectKey, owner: Delivery) -> str:
        """Return why a delivery leaves an object as it is; ``""`` where it changes it back."""
        held = self._held.get(key)
        if held is not None:
            return held.reason
        if owner.key.group_kind == APPLICATION:
            if not is_automated(owner.manifest):
                return f"waits for a sync of {owner.key}"
            if not flag_at(owner.manifest, "spec", "syncPolicy", "automated", "selfHeal"):
                return f"{owner.key} has no selfHeal: it stays until the next sync"
        return ""

    def _trial(self, item: Placed) -> DryRun | None:
        """Return how a write of an object went that can be compared."""
        trial = self._question.trials.get(item.key)
        if trial is None:
            return None
        if trial.error is not None:
            found = read_refusal(trial.error, item, self._side)
            if found.is_sure:
                self._say(item, f"the server refuses what Git says, so nothing can be compared: {found.reason}")
            return None
        if trial.before != trial.after and is_random(item, self._question.head):
            self._say(item, "its template makes new values at each rendering")
            return None
        return trial

    def _say(self, item: Placed, reason: str) -> None:
        owner = str(item.owner.key) if item.owner is not None else ""
        self.unverified.append(
            NotVerified(
                cluster=self._side.objects.name,
                subject=str(item.key),
                reason=str(self._secrecy.hide(reason)),
                owner=owner,
            )
        )

    def _fields(self, item: Placed, live: Manifest, trial: DryRun) -> tuple[DriftedField, ...]:
        found = changed_fields(item.manifest, live, trial.after, trial.before)
        return tuple(self._field(each, live, trial.before) for each in found)

    def _field(self, change: FieldChange, live: Manifest, state: Manifest) -> DriftedField:
        hidden = self._secrecy.hidden(change)
        return DriftedField(
            change=replace(hidden, before=_masked(hidden.before), after=_masked(hidden.after)),
            writers=() if change.after is ABSENT else writers_of(live, change.place, state),
        )

    def _action(self, key: ObjectKey) -> Action | None:
        found = self._changes.get(key)
        return None if found is None else found.action

    def _live(self, key: ObjectKey) -> Manifest | None:
        return self._question.state.objects.get(key)

    def _owner(self, item: Placed) -> Delivery | None:
        """Return the delivery of an object as it will be: it may be suspended on the cluster alone."""
        return None if item.owner is None else self._side.deliveries.get(item.owner.key, item.owner)


def _is_any_hook(manifest: Manifest) -> bool:
    return is_hook(manifest) or HELM_HOOK in annotations_of(manifest)


def _masked(value: Json) -> Json:
    if isinstance(value, str):
        for old, new in _MASKS:
            value = value.replace(old, new)
    return value
