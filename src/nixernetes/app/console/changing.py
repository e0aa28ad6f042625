"""What a user changes by hand: ``suspend``, ``resume``, ``scale``, ``edit``; drift, for engines to see.

Fields and field managers are those of ``flux``, ``argocd`` and ``kubectl``: engines answer as on a real cluster.
"""

from __future__ import annotations

from typing import Final

from nixernetes.app.console import origins
from nixernetes.app.console.listing import resource
from nixernetes.app.console.outcomes import request_flux
from nixernetes.app.console.selecting import LiveObject, Selection, one, selected
from nixernetes.app.console.showing import shown, unhidden
from nixernetes.app.worlds import World
from nixernetes.cluster.api import ApiError
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, flag_at, mapping_at, number_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APPLICATION, DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["editable", "replace", "restart", "resume", "scale", "set_suspended", "suspend", "undone"]

_RESTARTED: Final = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
_RESTARTED_AT: Final = "kubectl.kubernetes.io/restartedAt"
_SCALED: Final = (DEPLOYMENT, STATEFUL_SET, REPLICA_SET)


def suspend(world: World, selection: Selection, *, everything: bool = False) -> Json:
    """Suspend objects of Flux, and automated syncs of Applications; return ``messages``.

    Args:
        world: the world.
        selection: the objects.
        everything: whether a kind without a name means all of it.

    Raises:
        InputError: nothing is named, or a kind cannot be suspended.

    """
    messages = []
    for item in _suspendable(world, selection, everything=everything):
        set_suspended(world, item, wanted=True)
        what = "automated sync off" if item.key.group_kind == APPLICATION else "suspended"
        messages.append(f"{item.cluster}: {item.key} {what}")
    return {"messages": messages}


def resume(world: World, selection: Selection, *, everything: bool = False) -> Json:
    """Resume what :func:`suspend` suspended; return ``messages``, and in ``wait`` what to wait for.

    Raises:
        InputError: as :func:`suspend`.

    """
    messages, waits = [], []
    for item in _suspendable(world, selection, everything=everything):
        set_suspended(world, item, wanted=False)
        if item.key.group_kind == APPLICATION:
            messages.append(f"{item.cluster}: {item.key} automated sync on")
            continue
        messages.append(f"{item.cluster}: {item.key} resumed")
        waits.append(request_flux(world, item))
    return {"messages": messages, "wait": waits}


def scale(world: World, selection: Selection, replicas: int) -> Json:
    """Set how many pods a workload wants; return ``messages`` and ``advice``.

    Raises:
        InputError: it cannot be scaled, or the number is none.

    """
    item = one(world, selection)
    if item.key.group_kind not in _SCALED:
        names = ", ".join(kind.kind for kind in _SCALED)
        raise InputError(f"{item.key} cannot be scaled: {names} can")
    if replicas < 0:
        raise InputError(f"--replicas {replicas}: 0 or more")
    changed = manifests.copy(item.object)
    before = number_at(changed, "spec", "replicas", default=1)
    changed["spec"]["replicas"] = replicas
    _update(world, item, changed, "kubectl-scale")
    return {"messages": [f"{resource(item.key)} scaled from {before} to {replicas}"], "advice": undone(world, item)}


def restart(world: World, selection: Selection) -> Json:
    """Have the pods of a workload replaced, as ``kubectl rollout restart`` does; return ``messages``.

    Raises:
        InputError: its pods cannot be replaced.

    """
    item = one(world, selection)
    if item.key.group_kind not in _RESTARTED:
        names = ", ".join(kind.kind for kind in _RESTARTED)
        raise InputError(f"{item.key} cannot be restarted: {names} can")
    changed = manifests.copy(item.object)
    meta = changed["spec"]["template"].setdefault("metadata", {})
    meta["annotations"] = {**mapping_at(meta, "annotations"), _RESTARTED_AT: timestamp(world.clock.now())}
    _update(world, item, changed, "kubectl-rollout")
    return {"messages": [f"{resource(item.key)} restarted"]}


def editable(world: World, selection: Selection) -> Json:
    """Return the one object that is meant: ``cluster``, and ``object`` with secret values hidden."""
    item = one(world, selection)
    return {"cluster": item.cluster, "object": shown(world, item)}


def replace(world: World, cluster: str, edited: Json) -> Json:
    """Store an object as it was edited; what is still hidden in it stays as it is. Return ``messages``.

    Raises:
        InputError: it is another object, or the cluster refuses it.

    """
    if cluster not in world.clusters or not isinstance(edited, dict):
        raise InputError("the edited text is not an object: it needs apiVersion, kind and metadata")
    key = key_of(edited)
    live = world.clusters[cluster].get(key)
    if live is None:
        raise InputError(f"{key} is not there: an edit changes neither kind, namespace nor name")
    item = LiveObject(cluster, live)
    changed = unhidden(edited, live)
    _update(world, item, changed, "kubectl-edit")
    return {"messages": [f"{resource(key)} edited"], "advice": undone(world, item)}


def _suspendable(world: World, selection: Selection, *, everything: bool) -> list[LiveObject]:
    if not selection.wanted or not (everything or all(wanted.name for wanted in selection.wanted)):
        one(world, Selection(wanted=selection.wanted[:1]))  # says what is missing
    found = selected(world, selection)
    for item in found:
        kind = item.key.group_kind
        if not kind.group.endswith(".toolkit.fluxcd.io") and kind != APPLICATION:
            raise InputError(f"{item.key} cannot be suspended: objects of Flux and Applications can")
    return found


def set_suspended(world: World, item: LiveObject, *, wanted: bool) -> None:
    """Suspend one object, or resume it.

    Raises:
        InputError: it is an Application without automated sync, or the cluster refuses it.

    """
    changed = manifests.copy(item.object)
    if item.key.group_kind != APPLICATION:
        if flag_at(changed, "spec", "suspend") != wanted:
            changed["spec"]["suspend"] = wanted
            _update(world, item, changed, "flux")
        return
    if not isinstance(at(changed, "spec", "syncPolicy", "automated"), dict):
        raise InputError(f"{item.key} has no automated sync to switch: `nixernetes sync {item.key.name}` syncs it")
    changed["spec"]["syncPolicy"]["automated"]["enabled"] = not wanted
    _update(world, item, changed, "argocd-server")


def _update(world: World, item: LiveObject, changed: Manifest, manager: str) -> None:
    try:
        world.clusters[item.cluster].update(changed, manager=manager)
    except ApiError as error:
        raise InputError(f"the cluster refuses it: {error.message}") from error


def undone(world: World, item: LiveObject) -> list[str]:
    """Say who will undo a change by hand, and how to see it at once."""
    by = origins.of(world, item)
    if by is None or by.owner is None:
        return []
    delivery = world.clusters[by.place].get(by.owner)
    kind, name = by.owner.kind, by.owner.name
    if delivery is None:
        return []
    if by.owner.group_kind == APPLICATION:
        policy = mapping_at(delivery, "spec", "syncPolicy", "automated")
        heals = "undoes that by itself" if flag_at(policy, "selfHeal") else "shows it as OutOfSync"
        return [f"{kind}/{name} {heals}: `nixernetes sync {name}` undoes it now"]
    where = f" --cluster {by.place}" if len(world.clusters) > 1 else ""
    if flag_at(delivery, "spec", "suspend"):
        return [f"{kind}/{name} is suspended: `nixernetes resume {kind.lower()} {name}{where}` undoes it"]
    interval = text_at(delivery, "spec", "interval")
    when = f" within {interval}" if interval else ""
    return [f"{kind}/{name} reconciles{when}: `nixernetes reconcile {kind.lower()} {name}{where}` does it now"]
