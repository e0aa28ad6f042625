"""One cluster at two revisions, object by object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from nixernetes.changes.applying import (
    chart_of,
    holds_back,
    ignored_fields,
    is_reinstalled,
    is_upgraded,
    keeps_chart,
    skips_hook,
    waits_for_sync,
)
from nixernetes.changes.change import Action, Held, ObjectChange
from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.deletion import Fate, Fates, flux_controls, is_kept_by_helm, prunes, sync_options
from nixernetes.changes.fields import FieldChange, changed_fields
from nixernetes.changes.immutable import refused
from nixernetes.changes.randomness import is_random
from nixernetes.changes.sealed import sealed_fields
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.changes.syncing import made_anew, unsynced
from nixernetes.languages import json_pointer
from nixernetes.objects.fields import flag_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest, copy
from nixernetes.objects.provenance import StepKind
from nixernetes.render.deliveries import Delivery
from nixernetes.schemas.stored import stored
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import Placed

__all__ = ["Walk", "is_forced"]

_FORCED: Final = "kustomize.toolkit.fluxcd.io/force"
_ANEW: Final = "Force=true,Replace=true: each sync deletes it and creates it again"
_NO_UPGRADE: Final = "helm-controller upgrades nothing: neither the chart's version nor the values change"


@dataclass(kw_only=True)
class Walk:
    """One cluster, object by object.

    Attributes:
        base: the platform before.
        head: it now.
        name: the cluster.
        sides: the cluster before and now.
        fates: what becomes of what leaves Git.

    """

    base: Side
    head: Side
    name: str
    sides: tuple[ClusterSide, ClusterSide]
    fates: Fates
    _changes: list[ObjectChange] = field(default_factory=list)
    _held: list[Held] = field(default_factory=list)
    _upgrades: dict[ObjectKey, bool] = field(default_factory=dict)
    _reinstalls: dict[ObjectKey, str] = field(default_factory=dict)

    def run(self) -> ClusterComparison:
        """Return what happens."""
        before, after = self.sides
        for key in sorted({*before.placed, *after.placed}):
            old, new = before.placed.get(key), after.placed.get(key)
            if old is None and new is not None:
                self._created(new)
            elif new is None and old is not None:
                self._left(old)
            elif old is not None and new is not None:
                self._both(old, new)
        changes, unpruned = self._without_refused_prunes()
        changes = self._synced(changes)
        return ClusterComparison(
            name=self.name,
            base=before,
            head=after,
            changes=tuple(changes),
            held=tuple(self._held),
            unpruned=tuple(unpruned),
        )

    def _synced(self, changes: list[ObjectChange]) -> list[ObjectChange]:
        """Return the changes with what the syncs of Applications make anew, and without what no sync comes for."""
        before, after = self.sides
        waiting = set()
        for each, reason in unsynced(changes, after):
            waiting.add(each.key)
            self._held.append(Held(key=each.key, cluster=self.name, owner=each.owner, reason=reason))
        found = {each.key: each for each in changes if each.key not in waiting}
        self._changes = []
        for old, new in made_anew(changes, before, after):
            known = found.pop(new.key, None)
            fields = known.fields if known is not None else ()
            states = known.stored if known is not None else ({}, {})
            self._add(Action.REPLACE, old, new, fields=fields, states=states, reason=_ANEW)
        return (
            sorted([*found.values(), *self._changes], key=lambda each: each.key) if self._changes else [*found.values()]
        )

    def _created(self, new: Placed) -> None:
        before = self.sides[0]
        owner = new.owner
        if owner is None and self._is_start_unknown():
            return  # it may be what a root that fails brings again
        if owner is not None:
            known = before.deliveries.get(owner.key)
            if (known is not None and before.is_unknown(known)) or (known is None and self._was_unknown(owner)):
                return
            reason = holds_back(new, None, owner)
            if known is not None and not reason and self._is_no_upgrade(owner):
                reason = _NO_UPGRADE
            if known is None and owner.key.group_kind == HELM_RELEASE and "upgrade" in reason:
                reason = ""  # an install creates what an upgrade leaves alone
            if owner.key.group_kind == HELM_RELEASE and not reason:
                reason = skips_hook(new, installs=known is None or bool(self._reinstall(owner)))
                reason = reason or self._unbuilt(new, self.head, self.base)
            if reason:
                self._hold(new, reason)
                return
        self._add(Action.CREATE, None, new, reason=_by_hand(owner))

    def _unbuilt(self, item: Placed, side: Side, other: Side) -> str:
        """Return why a template that only one side has makes no difference, or ``""``: the chart is not built anew."""
        owner = item.owner
        before, after = (each.deliveries.get(owner.key) if owner is not None else None for each in self.sides)
        if before is None or after is None or after.key.group_kind != HELM_RELEASE or self._reinstall(after):
            return ""
        chain = side.view.origin(item).chain
        file = next((step.file for step in chain if step.kind is StepKind.CHART and step.file), "")
        is_own = side.view.places.tree.is_file(file) and not other.view.places.tree.is_file(file)
        if not file or not is_own or not keeps_chart(before, after, *self.sides):
            return ""
        return f"its chart is still {chart_of(after, self.sides[1])}, and is built again only with another version"

    def _was_unknown(self, owner: Delivery) -> bool:
        """Tell whether a delivery may have been there before: what creates it could not be rendered."""
        before = self.sides[0]
        parents = [before.deliveries[key] for key in owner.parents if key in before.deliveries]
        return any(before.is_unknown(each) for each in parents)

    def _left(self, old: Placed) -> None:
        if old.owner in (None, self.sides[0].deliveries.get(old.key)) and self.head.broken_start(self.name):
            return  # what starts the cluster could not be built
        fate, reason = self._fate(old)
        if fate is Fate.DELETED:
            if old.owner is not None and self._is_no_upgrade(old.owner):
                self._hold(old, _NO_UPGRADE)
            elif unbuilt := self._unbuilt(old, self.base, self.head):
                self._hold(old, unbuilt)
            else:
                self._add(Action.DELETE, old, None, reason=reason)
        elif fate is Fate.ORPHANED:
            self._add(Action.ORPHAN, old, None, reason=reason)
        elif fate is Fate.KEPT:
            self._hold(old, reason)

    def _fate(self, old: Placed) -> tuple[Fate, str]:
        """Return what becomes of an object; what a delivery brought to another cluster than now stays behind."""
        owner = old.owner
        now = self.sides[1].deliveries.get(owner.key) if owner is not None else None
        if now is not None and not self.sides[1].is_unknown(now):
            target = self.head.target(self.sides[1], now)
            if target != self.name:
                return Fate.ORPHANED, f"{now.key} goes to {target} now"
        return self.fates.of(old)

    def _both(self, old: Placed, new: Placed) -> None:
        before, after = self.sides
        if old.owner is not None and self._is_unknown_now(old.owner) and new.owner in (None, old.owner):
            return
        if new.owner is None and old.owner is not None and self._is_start_unknown():
            return
        olds = {each.key: each for each in before.owners(old.key)}
        news = {each.key: each for each in after.owners(new.key)}
        owner = new.owner
        if olds and news and not olds.keys() & news.keys():
            self._moved(old, new, next(iter(olds.values())))
            return
        fields, states = self._difference(old, new)
        fields += sealed_fields(old, new, self.base, self.head)
        reinstall = self._reinstall(owner)
        reason = holds_back(new, old, owner) if owner is not None else ""
        if reinstall and not reason and not is_kept_by_helm(old):
            self._add(Action.REPLACE, old, new, fields=fields, states=states, reason=reinstall)
            return
        if not fields:
            return
        if not reason and owner is not None and self._is_no_upgrade(owner):
            reason = _NO_UPGRADE
        if not reason and owner is not None and owner.key.group_kind == HELM_RELEASE:
            reason = skips_hook(new, installs=False)
        if reason:
            self._hold(new, reason)
            return
        forced = owner is not None and bool(refused(*states, old, new)) and is_forced(new, owner)
        action = Action.REPLACE if forced else Action.CHANGE
        why = "an immutable field changes, and it is forced" if forced else _by_hand(owner)
        if is_random(new, self.head):
            why = "; ".join(filter(None, (why, "its template makes new values at each rendering")))
        self._add(action, old, new, fields=fields, states=states, reason=why)

    def _is_start_unknown(self) -> bool:
        """Tell whether what starts the cluster is not known now: its folder, or a root of its deliveries."""
        roots = (each for each in self.sides[1].deliveries.values() if not each.parents)
        return bool(self.head.broken_start(self.name)) or any(each.problem for each in roots)

    def _is_unknown_now(self, owner: Delivery) -> bool:
        now = self.sides[1].deliveries.get(owner.key)
        return now is not None and self.sides[1].is_unknown(now)

    def _moved(self, old: Placed, new: Placed, owner: Delivery) -> None:
        now = self.sides[1].deliveries.get(owner.key)
        if now is not None and self.sides[1].is_unknown(now):
            return  # it may bring the object still
        fields, states = self._difference(old, new)
        self._add(Action.MOVE, old, new, fields=fields, states=states)

    def _reinstall(self, owner: Delivery | None) -> str:
        """Return why a release is installed anew though its HelmRelease is still there, or ``""``."""
        if owner is None or owner.key.group_kind != HELM_RELEASE:
            return ""
        if owner.key not in self._reinstalls:
            before = self.sides[0].deliveries.get(owner.key)
            unknown = before is None or bool(before.problem) or bool(owner.problem)
            self._reinstalls[owner.key] = (
                "" if unknown or before is None else is_reinstalled(before, owner, *self.sides)
            )
        return self._reinstalls[owner.key]

    def _is_no_upgrade(self, owner: Delivery) -> bool:
        """Tell whether a release stays as it is, whatever its chart would render now."""
        if owner.key.group_kind != HELM_RELEASE:
            return False
        if owner.key not in self._upgrades:
            before, after = (side.deliveries.get(owner.key) for side in self.sides)
            known = before is not None and after is not None
            self._upgrades[owner.key] = not known or is_upgraded(before, after, *self.sides)  # type: ignore[arg-type]
        return not self._upgrades[owner.key]

    def _difference(self, old: Placed, new: Placed) -> tuple[tuple[FieldChange, ...], tuple[Manifest, Manifest]]:
        if old.manifest == new.manifest:
            return (), ({}, {})
        states = [
            stored(item.manifest, side.view.definitions.get(item.key.group_kind))
            for item, side in ((old, self.base), (new, self.head))
        ]
        for pointer in ignored_fields(new, new.owner) if new.owner is not None else ():
            way = json_pointer.steps(pointer)
            states = [copy(state) for state in states]
            for state in states:
                json_pointer.remove(state, way)
        before, after = states
        return changed_fields(old.manifest, new.manifest, before, after), (before, after)

    def _hold(self, item: Placed, reason: str) -> None:
        owner = str(item.owner.key) if item.owner is not None else ""
        self._held.append(Held(key=item.key, cluster=self.name, owner=owner, reason=reason))

    def _add(
        self,
        action: Action,
        old: Placed | None,
        new: Placed | None,
        *,
        fields: tuple[FieldChange, ...] = (),
        states: tuple[Manifest, Manifest] = ({}, {}),
        reason: str = "",
    ) -> None:
        item = new or old
        if item is None:
            return
        was = old.owner if old is not None else None
        self._changes.append(
            ObjectChange(
                action=action,
                key=item.key,
                cluster=self.name,
                owner=str(item.owner.key) if item.owner is not None else "",
                previous_owner=str(was.key) if action is Action.MOVE and was is not None else "",
                fields=fields,
                reason=reason,
                place=self._place(old, new, fields),
                before=old,
                after=new,
                stored=states,
            )
        )

    def _place(self, old: Placed | None, new: Placed | None, fields: tuple[FieldChange, ...]) -> Place:
        side, item = (self.head, new) if new is not None else (self.base, old)
        if item is None:
            return Place()
        place = side.view.place(item, fields[0].place if len(fields) == 1 else ())
        return place if place.file else side.view.place(item)

    def _without_refused_prunes(self) -> tuple[list[ObjectChange], list[Delivery]]:
        """Return the changes without those that Argo CD refuses: it does not delete all that an Application has."""
        refusing = [
            delivery
            for delivery in self.sides[1].deliveries.values()
            if delivery.key.group_kind == APPLICATION
            and not delivery.problem
            and prunes(delivery.manifest)
            and not flag_at(delivery.manifest, "spec", "syncPolicy", "automated", "allowEmpty")
            and not self.sides[1].brought_by(delivery.key)
            and any(each.action is Action.DELETE and each.owner == str(delivery.key) for each in self._changes)
        ]
        names = {str(each.key) for each in refusing}
        kept = []
        for each in self._changes:
            if each.action is Action.DELETE and each.owner in names:
                reason = "Argo CD does not delete all that an Application has (allowEmpty is not set)"
                self._held.append(Held(key=each.key, cluster=self.name, owner=each.owner, reason=reason))
            else:
                kept.append(each)
        return kept, refusing


def _by_hand(owner: Delivery | None) -> str:
    return f"waits for a sync of {owner.key}" if owner is not None and waits_for_sync(owner) else ""


def is_forced(item: Placed, owner: Delivery) -> bool:
    """Tell whether an object is made anew where a field that never changes is changed."""
    kind: GroupKind = owner.key.group_kind
    if kind == KUSTOMIZATION:
        word = flux_controls(item.manifest, _FORCED).lower()
        return flag_at(owner.manifest, "spec", "force") or word == "enabled"
    if kind == APPLICATION:
        return "Force=true" in sync_options(item.manifest)
    return False
