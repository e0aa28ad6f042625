"""What came of a request: each request gives what to wait for, and whoever waits asks until it is done.

A question never waits itself: it reads the object and says whether its engine has handled the request.
"""

from __future__ import annotations

from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.worlds import World
from nixernetes.engine.reports import short_revision
from nixernetes.health.conditions import condition
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_REFRESH, FLUX_REQUESTED_AT

__all__ = ["is_removal", "outcome", "request_flux", "waiting_for", "waiting_for_removal"]

_REMOVED = "deleted:"  # what the token of a request begins with that is done when the object of that uid is gone
_MANAGER = "flux"
_COMPLETED = ("Succeeded", "Failed", "Error")


def request_flux(world: World, item: LiveObject) -> Json:
    """Ask for a reconcile of an object of Flux, as ``flux reconcile`` does; return what to wait for."""
    cluster = world.clusters[item.cluster]
    changed = manifests.copy(cluster.get(item.key) or item.object)
    stamps = annotations_of(changed)
    token = _token(timestamp(world.clock.now()), stamps.get(FLUX_REQUESTED_AT, ""))
    changed["metadata"]["annotations"] = {**stamps, FLUX_REQUESTED_AT: token}
    cluster.update(changed, manager=_MANAGER)
    return waiting_for(item.cluster, item.key, token)


def waiting_for(cluster: str, key: ObjectKey, token: str = "") -> Json:
    """Return what :func:`outcome` is asked with: the object, and the token of the request, ``""`` for Argo CD."""
    return {"cluster": cluster, "object": list(key), "token": token}


def waiting_for_removal(item: LiveObject) -> Json:
    """Return what :func:`outcome` is asked with about a deletion."""
    return waiting_for(item.cluster, item.key, _REMOVED + text_at(item.object, "metadata", "uid"))


def is_removal(token: str) -> bool:
    """Tell whether a token is that of a deletion."""
    return token.startswith(_REMOVED)


def outcome(world: World, wait: Json) -> Json:
    """Return how a request stands: ``done``; where it is, ``ok``, ``message``, and ``lines`` with details."""
    cluster = world.clusters.get(text_at(wait, "cluster"))
    key = ObjectKey(*(part for part in items_at(wait, "object") if isinstance(part, str)))
    live = cluster.get(key) if cluster is not None else None
    token = text_at(wait, "token")
    if live is None:
        return _done(f"{key} is gone", ok=is_removal(token))
    if is_removal(token):
        is_another = text_at(live, "metadata", "uid") != token.removeprefix(_REMOVED)
        return _done(f"{key} is gone, and there is another one of its name", ok=True) if is_another else {"done": False}
    if key.group_kind == APPLICATION:
        return _of_application(live)
    return _of_flux(live, token)


def _of_flux(live: Manifest, token: str) -> Json:
    if flag_at(live, "spec", "suspend"):
        return _done("it is suspended: resume it first", ok=False)
    if token and text_at(live, "status", "lastHandledReconcileAt") != token:
        return {"done": False}
    ready, moving = condition(live, "Ready"), condition(live, "Reconciling").is_true
    if not (ready.is_true or ready.is_false) or (ready.is_true and moving):
        return {"done": False}
    return _done(short_revision(ready.message), ok=ready.is_true)


def _of_application(live: Manifest) -> Json:
    if at(live, "operation") or ARGOCD_REFRESH in annotations_of(live):
        return {"done": False}
    state = mapping_at(live, "status", "operationState")
    phase = text_at(state, "phase")
    if phase and phase not in _COMPLETED:
        return {"done": False}
    status = "/".join(filter(None, (text_at(live, "status", part, "status") for part in ("sync", "health"))))
    words = [f"{phase}: {text_at(state, 'message')}".strip(": ") if phase else "", f"now {status}" if status else ""]
    lines = [
        "  ".join(
            filter(
                None,
                (
                    f"{text_at(each, 'kind')}/{text_at(each, 'namespace')}/{text_at(each, 'name')}".replace("//", "/"),
                    text_at(each, "status") or text_at(each, "hookPhase"),
                    text_at(each, "message"),
                ),
            )
        )
        for each in objects_at(state, "syncResult", "resources")
    ]
    return {"done": True, "ok": phase in ("", "Succeeded"), "message": "; ".join(filter(None, words)), "lines": lines}


def _done(message: str, *, ok: bool) -> Json:
    return {"done": True, "ok": ok, "message": message, "lines": []}


def _token(now: str, before: str) -> str:
    """Return a token that differs from the one before, also twice in one second."""
    return f"{before}+" if before.startswith(now) else now
