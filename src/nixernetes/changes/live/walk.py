"""A cluster as it runs beside the same in Git, object by object: what a merge changes, as the server tried it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.changes.applying import holds_back
from nixernetes.changes.change import Action, NotVerified
from nixernetes.changes.fields import FieldChange, changed_fields
from nixernetes.changes.live.refusals import read_refusal
from nixernetes.changes.live.trials import DryRun, is_invalid
from nixernetes.changes.walk import Walk, is_forced
from nixernetes.engine.argocd.sync.hooks import is_hook, phases
from nixernetes.engine.flux.applying.controls import is_left_alone
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.objects import Placed

__all__ = ["LiveWalk"]

_BY_HAND = "applied by hand: a merge does not bring it"


@dataclass(kw_only=True)
class LiveWalk(Walk):
    """One cluster that runs, object by object.

    Attributes:
        trials: what the server made of each write.
        skipped: objects of which nothing can be said, with the reason.
        upgrades: whether a release is upgraded, as far as that is known.
        unverified: what could not be known.
        refused: the objects of which the server refuses what is in Git, with its words.

    """

    trials: Mapping[ObjectKey, DryRun]
    skipped: Mapping[ObjectKey, str]
    upgrades: Mapping[ObjectKey, bool]
    unverified: list[NotVerified] = field(default_factory=list)
    refused: list[tuple[ObjectKey, str]] = field(default_factory=list)

    def _created(self, new: Placed) -> None:
        if self._is_skipped(new):
            return
        if new.owner is None:
            self._hold(new, f"{_BY_HAND}, and it is not there")
        elif _is_argocd_hook(new):
            self._hold(new, f"a hook: each sync runs it ({', '.join(phases(new.manifest)) or 'no phase'})")
        else:
            super()._created(new)
            self._tell_error(new, is_there=False)

    def _both(self, old: Placed, new: Placed) -> None:
        if self._is_skipped(new) or _is_argocd_hook(new):
            return
        if new.owner is None:
            return
        if new.owner.key.group_kind == KUSTOMIZATION and is_left_alone(old.manifest):
            trial = self.trials.get(new.key)
            if trial is None or trial.before != trial.after:
                self._hold(new, "the object on the cluster is marked to be left alone")
            return
        super()._both(old, new)
        self._tell_error(new, is_there=True, old=old)

    def _left(self, old: Placed) -> None:
        if old.owner is not None:
            super()._left(old)

    def _is_no_upgrade(self, owner: Delivery) -> bool:
        return owner.key.group_kind == HELM_RELEASE and not self.upgrades.get(owner.key, True)

    def _difference(self, old: Placed, new: Placed) -> tuple[tuple[FieldChange, ...], tuple[Manifest, Manifest]]:
        trial = self.trials.get(new.key)
        if trial is None or trial.error is not None:
            return (), ({}, {})
        fields = changed_fields(old.manifest, new.manifest, trial.before, trial.after)
        return fields, (trial.before, trial.after)

    def _is_skipped(self, new: Placed) -> bool:
        reason = self.skipped.get(new.key)
        if reason is not None:
            self._unknown(new, reason)
        return reason is not None

    def _unknown(self, item: Placed, reason: str) -> None:
        owner = str(item.owner.key) if item.owner is not None else ""
        self.unverified.append(NotVerified(cluster=self.name, subject=str(item.key), reason=reason, owner=owner))

    def _tell_error(self, new: Placed, *, is_there: bool, old: Placed | None = None) -> None:
        """Say of an object whose write was not tried, or refused, what that means; unless it is held anyway."""
        trial = self.trials.get(new.key)
        if new.owner is None or (self._held and self._held[-1].key == new.key):
            return
        is_known = bool(self._changes) and self._changes[-1].key == new.key
        if trial is None:
            self._unknown(new, "its write was not tried")
            return
        if trial.error is None or (not is_there and not is_known):
            return
        found = read_refusal(trial.error, new, self.sides[1])
        if is_there and is_invalid(trial.error) and is_forced(new, new.owner):
            self._add(Action.REPLACE, old, new, reason="the server refuses to change it, and it is forced")
        elif not found.is_sure:
            self._unknown(new, found.reason)
        else:
            self.refused.append((new.key, found.reason))
            if not is_known and not holds_back(new, old, new.owner):
                self._add(Action.CHANGE, old, new, reason="the server refuses it")


def _is_argocd_hook(item: Placed) -> bool:
    return item.owner is not None and item.owner.key.group_kind == APPLICATION and is_hook(item.manifest)
