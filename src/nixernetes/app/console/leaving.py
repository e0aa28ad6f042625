"""What deleting an object takes with it, and what stays: told before it is done, by the rules that do it then.

Read from what is there now: finalizers and options of Applications, prune and deletion policy of Kustomizations, the
recorded release of HelmReleases, owner references of everything else. What goes may itself deliver, and is followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.worlds import World
from nixernetes.cluster.kinds import defined_kind
from nixernetes.engine.reports.values import SOURCES
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    CUSTOM_RESOURCE_DEFINITION,
    HELM_RELEASE,
    KUSTOMIZATION,
    NAMESPACE,
)
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import HELM_RESOURCE_POLICY

__all__ = ["AffectedObject", "Cascade", "ExpectedRemoval", "expected"]

_MOST: Final = 5_000  # objects that are followed
_FLUX_DELIVERIES: Final = (KUSTOMIZATION, HELM_RELEASE)


class Cascade(StrEnum):
    """How what depends on an object goes; the words are those of ``kubectl delete --cascade``."""

    AS_IT_SAYS = ""
    FOREGROUND = "foreground"
    BACKGROUND = "background"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedObject:
    """An object that goes or stays.

    Attributes:
        cluster: the cluster that holds it.
        key: who it is.
        why: why it stays, or what it waits for; ``""`` where nothing is to be said.

    """

    cluster: str
    key: ObjectKey
    why: str = ""


@dataclass(slots=True, kw_only=True)
class ExpectedRemoval:
    """What a deletion does.

    Attributes:
        says: what happens, in sentences.
        goes: what goes with the object.
        stays: what it brought or owns, and stays.
        is_cut: whether there is more than is followed.

    """

    says: list[str] = field(default_factory=list)
    goes: list[AffectedObject] = field(default_factory=list)
    stays: list[AffectedObject] = field(default_factory=list)
    is_cut: bool = False


def expected(world: World, item: LiveObject, cascade: Cascade) -> ExpectedRemoval:
    """Return what deleting an object does.

    Args:
        world: the world.
        item: the object.
        cascade: how what depends on it goes.

    """
    walk = _Walk(world)
    walk.follow(item, cascade, is_first=True)
    return walk.found


class _Walk:
    """Follows what goes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: set[tuple[str, ObjectKey]] = set()
        self.found = ExpectedRemoval()

    def follow(self, item: LiveObject, cascade: Cascade, *, is_first: bool = False) -> None:
        """Note what goes with an object that is deleted, and what that takes with it."""
        if (item.cluster, item.key) in self._seen:
            return
        self._seen.add((item.cluster, item.key))
        if len(self._seen) > _MOST:
            self.found.is_cut = True
            return
        says, parts, follows = self._taken(item, cascade)
        self.found.says += says if is_first else ()
        for part, goes in parts:
            live = self._world.clusters[part.cluster].get(part.key)
            if live is None or (part.cluster, part.key) in self._seen:
                continue
            (self.found.goes if goes else self.found.stays).append(part)
            if goes:
                self.follow(LiveObject(part.cluster, live), follows)

    def _taken(
        self, item: LiveObject, cascade: Cascade
    ) -> tuple[list[str], list[tuple[AffectedObject, bool]], Cascade]:
        """Return what is to be said, what goes (True) or stays (False), and how what goes takes more with it."""
        kind = item.key.group_kind
        if kind == APPLICATION:
            return *self._application(item, cascade), Cascade.AS_IT_SAYS
        says, parts = list[str](), list[tuple[AffectedObject, bool]]()
        if kind in _FLUX_DELIVERIES:
            says, parts = (self._kustomization if kind == KUSTOMIZATION else self._release)(item, cascade)
        elif kind in SOURCES:
            says.append(
                "Its artifact goes. What reads it keeps what it has applied, and fails until it is there again."
            )
        elif kind == NAMESPACE:
            held = self._world.clusters[item.cluster].in_namespace(item.key.name)
            parts = [(AffectedObject(cluster=item.cluster, key=key), True) for key in held]
            says.append("Everything in the namespace is deleted with it, whatever applied it.")
        elif kind == CUSTOM_RESOURCE_DEFINITION:
            parts = [(part, True) for part in self._of_kind(item.cluster, defined_kind(item.object))]
            says.append("Every object of the kind goes with its definition, in all namespaces.")
        owned = [*self._owned(item, cascade)]
        if kind == APPLICATION_SET and owned:
            kept = cascade is Cascade.ORPHAN
            says.append(
                "Its Applications stay, and are not generated any more."
                if kept
                else "Its Applications go with it; what each has brought goes where the Application has the finalizer."
            )
        elif owned and kind not in _FLUX_DELIVERIES:
            says.append(_OWNED[cascade])
        return says, [*parts, *owned], cascade if cascade is not Cascade.ORPHAN else Cascade.AS_IT_SAYS

    def _application(self, item: LiveObject, cascade: Cascade) -> tuple[list[str], list[tuple[AffectedObject, bool]]]:
        from nixernetes.engine.argocd.application import ReadApplication  # noqa: PLC0415  # takes long to import
        from nixernetes.engine.argocd.removal.steps import CASCADES, cascade_of, why_kept  # noqa: PLC0415  # same

        held = [str(name) for name in items_at(item.object, "metadata", "finalizers")]
        word = CASCADES.get(cascade, "") if cascade else cascade_of(held)
        place = self._world.destination(item.cluster, item.object)
        options = ReadApplication.decode(item.object).options
        parts, confirmed = list[tuple[AffectedObject, bool]](), 0
        for row in objects_at(item.object, "status", "resources"):
            key = ObjectKey(*(text_at(row, part) for part in ("group", "kind", "namespace", "name")))
            live = self._world.clusters[place].get(key)
            if live is None or key == item.key:
                continue
            why = why_kept(options, live) if word else "the deletion does not cascade"
            waits = flag_at(row, "requiresDeletionConfirmation") and not why
            confirmed += waits
            parts.append(
                (AffectedObject(cluster=place, key=key, why="once it is confirmed" if waits else why), not why)
            )
        if not word:
            return ["Only the Application is deleted: its objects stay, and are not synced any more."], parts
        how = "background" if word == CASCADES["background"] else "foreground"
        says = [f"What it has brought goes first, the last wave first, in the {how}; then the Application."]
        if confirmed:
            says.append("Some of it waits until somebody confirms the deletion (Delete=confirm).")
        return says, parts

    def _kustomization(self, item: LiveObject, cascade: Cascade) -> tuple[list[str], list[tuple[AffectedObject, bool]]]:
        from nixernetes.engine.flux.applying import inventory  # noqa: PLC0415  # takes long to import
        from nixernetes.engine.flux.applying.prune import why_kept  # noqa: PLC0415  # same
        from nixernetes.engine.flux.kustomize.builds import owner_labels  # noqa: PLC0415  # same

        policy = text_at(item.object, "spec", "deletionPolicy") or "MirrorPrune"
        stays = _why_flux_keeps(item.object, cascade)
        if not stays and (
            policy == "Orphan" or (policy == "MirrorPrune" and not flag_at(item.object, "spec", "prune"))
        ):
            stays = "deletionPolicy: Orphan" if policy == "Orphan" else "prune is false"
        parts, labels = list[tuple[AffectedObject, bool]](), owner_labels(item.key)
        for key in inventory.keys(mapping_at(item.object, "status")):
            live = self._world.clusters[item.cluster].get(key)
            why = stays or (why_kept(live, labels) if live is not None else "")
            parts.append((AffectedObject(cluster=item.cluster, key=key, why=why), not why))
        if stays:
            return [f"What it has applied stays, and is not reconciled any more: {stays}."], parts
        waits = ", and waits until all of it is gone" if policy == "WaitForTermination" else ""
        return [f"Flux prunes what it has applied, the last applied first{waits}."], parts

    def _release(self, item: LiveObject, cascade: Cascade) -> tuple[list[str], list[tuple[AffectedObject, bool]]]:
        from nixernetes.engine.flux.helm.storage import Storage  # noqa: PLC0415  # takes long to import

        api = self._world.clusters[item.cluster]
        place = text_at(item.object, "status", "storageNamespace")
        history = objects_at(item.object, "status", "history")
        last = Storage(api, place).last(text_at(history[0], "name")) if place and history else None
        if last is None or last.status == "uninstalled":
            return ["No release of it is installed: nothing else goes."], []
        stays = _why_flux_keeps(item.object, cascade)
        parts = []
        for one in reversed(last.objects):
            kept = annotations_of(one).get(HELM_RESOURCE_POLICY) == "keep"
            why = stays or (f"{HELM_RESOURCE_POLICY}: keep" if kept else "")
            parts.append((AffectedObject(cluster=item.cluster, key=key_of(one), why=why), not why))
        if stays:
            return [f"The release {last.full_name} stays installed, and is not upgraded any more: {stays}."], parts
        more = ""
        if flag_at(item.object, "spec", "uninstall", "keepHistory"):
            more = " Its history is kept."
        return [
            f"Helm uninstalls the release {last.full_name}, the last object first, with its hooks.{more}",
            "Definitions that the chart has in its crds folder stay.",
        ], parts

    def _owned(self, item: LiveObject, cascade: Cascade) -> Iterator[tuple[AffectedObject, bool]]:
        cluster = self._world.clusters[item.cluster]
        own = text_at(item.object, "metadata", "uid")
        for key in sorted(cluster.dependents(own)):
            live = cluster.get(key)
            owners = objects_at(live, "metadata", "ownerReferences")
            if cascade is Cascade.ORPHAN:
                yield AffectedObject(cluster=item.cluster, key=key, why="it is orphaned"), False
            elif any(text_at(owner, "uid") != own for owner in owners):
                yield AffectedObject(cluster=item.cluster, key=key, why="another object owns it, too"), False
            else:
                yield AffectedObject(cluster=item.cluster, key=key), True

    def _of_kind(self, cluster: str, kind: GroupKind) -> Iterator[AffectedObject]:
        for live in self._world.clusters[cluster].list(kind):
            yield AffectedObject(cluster=cluster, key=key_of(live))


_OWNED: Final = {
    Cascade.AS_IT_SAYS: "What it owns goes after it, in the background.",
    Cascade.BACKGROUND: "What it owns goes after it, in the background.",
    Cascade.FOREGROUND: "What it owns goes first; the object itself goes last.",
    Cascade.ORPHAN: "Only this object is deleted: what it owns stays, without an owner.",
}


def _why_flux_keeps(live: Manifest, cascade: Cascade) -> str:
    if flag_at(live, "spec", "suspend"):
        return "it is suspended"
    return "it is suspended first" if cascade is Cascade.ORPHAN else ""
