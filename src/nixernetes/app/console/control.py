"""What one may ask of a running world, by name: a request is a JSON object with ``do`` and its arguments.

An answer is an object, with ``error`` where it was refused. Questions are ``get`` (the report), ``table``, ``objects``,
``names``, ``find``, ``describe``, ``trace``, ``events``, ``notifications``, ``logs``, ``history``, ``edit`` (what to
edit), ``complete`` and ``outcome`` (of a request that answered with ``wait``); requests are ``sync``, ``refresh``,
``reconcile``, ``suspend``, ``resume``, ``scale``, ``replace``, ``delete``, ``confirm``, ``clock``, ``fail`` and
``heal``. Names follow ``kubectl``, ``flux`` and ``argocd``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Final

from nixernetes.app.console import (
    changing,
    completing,
    describing,
    happenings,
    histories,
    listing,
    removing,
    steering,
    tracing,
)
from nixernetes.app.console.outcomes import outcome, request_flux, waiting_for
from nixernetes.app.console.selecting import LiveObject, Selection, one, selected
from nixernetes.app.worlds import World
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.engine import reports
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.fields import at, flag_at, mapping_at, number_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, GIT_REPOSITORY
from nixernetes.objects.manifest import Json

__all__ = ["answer", "push", "reconcile", "refresh", "sync"]

_FLUX = ".toolkit.fluxcd.io"


def answer(world: World, request: Json) -> Json:
    """Do what a request asks; an error becomes ``{"error": text}``."""
    asked = _ANSWERS.get(text_at(request, "do"))
    if asked is None:
        return {"error": f"unknown request {text_at(request, 'do')!r}: is it this version of Nixernetes?"}
    try:
        return asked(world, request)
    except NixernetesError as error:
        return {"error": str(error)}


def _asked(request: Json, field: str) -> str:
    found = text_at(request, field)
    if not found:
        raise InputError(f"broken request: {field} is missing")
    return found


def sync(world: World, name: str, *, prune: bool = False, revision: str = "", dry_run: bool = False) -> Json:
    """Start a manual sync of an Application (``name`` or ``namespace/name``); return ``message`` and ``wait``.

    Raises:
        InputError: Argo CD does not run here, or there is no such Application.
        NixernetesError: another operation is in progress.

    """
    api, key = _application(world, name)
    from nixernetes.engine.argocd.requests import request_sync  # noqa: PLC0415  # takes long to import

    request_sync(api, key.namespace, key.name, prune=prune, revision=revision, dry_run=dry_run, clock=world.clock)
    return {"message": f"{key}: sync started", "wait": [_waiting(api, key)]}


def refresh(world: World, name: str, *, hard: bool = False) -> Json:
    """Ask for a fresh comparison of an Application; return ``message`` and ``wait``."""
    api, key = _application(world, name)
    from nixernetes.engine.argocd.requests import request_refresh  # noqa: PLC0415  # takes long to import

    request_refresh(api, key.namespace, key.name, hard=hard)
    return {"message": f"{key}: {'hard ' if hard else ''}refresh requested", "wait": [_waiting(api, key)]}


def reconcile(world: World, selection: Selection, *, source: bool = False) -> Json:
    """Ask for a reconcile of an object of Flux, as ``flux reconcile`` does; return ``message`` and ``wait``.

    Args:
        world: the world.
        selection: the object.
        source: whether its source is meant instead.

    Raises:
        InputError: no such object, or several; or it is suspended, or not of Flux.

    """
    item = one(world, selection)
    if item.key.group_kind == APPLICATION:
        raise InputError(f"{item.key} is of Argo CD: `nixernetes sync {item.key.name}` syncs it")
    if not item.key.group.endswith(_FLUX):
        raise InputError(f"{item.key} is not of Flux: `nixernetes trace {_typed(item.key)}` names what delivers it")
    if flag_at(item.object, "spec", "suspend"):
        raise InputError(f"{item.key} is suspended: `nixernetes resume {_typed(item.key)}` resumes it")
    found = tracing.source_of(world, item) if source else item
    if found is None:
        raise InputError(f"{item.key} has no source that is there: leave --with-source out")
    return {"message": f"{found.cluster}: {found.key}: reconciliation requested", "wait": [request_flux(world, found)]}


def _typed(key: ObjectKey) -> str:
    return f"{key.kind.lower()} {key.name}"


def _waiting(api: EmbeddedCluster, key: ObjectKey) -> Json:
    return waiting_for(api.name, key)


def push(world: World) -> None:
    """Tell every engine that its repositories may have changed, as a webhook would."""
    for cluster in world.clusters.values():
        for item in cluster.list(GIT_REPOSITORY) if cluster.is_namespaced(GIT_REPOSITORY) is not None else []:
            request_flux(world, LiveObject(cluster.name, item))
    for name in world.argocd:
        plane = world.clusters[name]
        from nixernetes.engine.argocd.requests import request_refresh  # noqa: PLC0415  # takes long to import

        for item in plane.list(APPLICATION):
            key = key_of(item)
            request_refresh(plane, key.namespace, key.name)


def _application(world: World, name: str) -> tuple[EmbeddedCluster, ObjectKey]:
    """Return the control plane of an Application, and its identity."""
    if not world.argocd:
        raise InputError("Argo CD does not run here: `nixernetes reconcile` is for Flux objects", subject=name)
    namespace, _, bare = name.rpartition("/")
    planes = [world.clusters[plane] for plane in world.argocd]
    known = [(plane, key_of(item)) for plane in planes for item in plane.list(APPLICATION)]
    found = [(plane, key) for plane, key in known if key.name == bare and namespace in ("", key.namespace)]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{key.namespace}/{key.name}" for _, key in found)
        raise InputError(f"several Applications are named {bare}: choose one of {places}")
    names = sorted({key.name for _, key in known})
    near = difflib.get_close_matches(bare, names, n=1, cutoff=0.5)
    advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(names) or 'none'}"
    raise InputError(f'no Application is named "{name}": {advice}')


def _with_selection(question: Callable[[World, Selection], Json], field: str) -> Callable[[World, Json], Json]:
    """Return what answers a question about the objects that a request chooses, in one field."""
    return lambda world, request: {field: question(world, Selection.of(request))}


def _sync(world: World, request: Json) -> Json:
    prune, dry_run = flag_at(request, "prune"), flag_at(request, "dry_run")
    return sync(world, _asked(request, "name"), prune=prune, revision=text_at(request, "revision"), dry_run=dry_run)


def _reconcile(world: World, request: Json) -> Json:
    return reconcile(world, Selection.of(request), source=flag_at(request, "source"))


def _delete(world: World, request: Json) -> Json:
    cascade = removing.cascade_called(text_at(request, "cascade"))
    asked = removing.preview if flag_at(request, "dry_run") else removing.delete
    return asked(world, Selection.of(request), cascade)


def _table(world: World, request: Json) -> Json:
    return {"tables": listing.tables(world, Selection.of(request), wide=flag_at(request, "wide"))}


def _find(world: World, selection: Selection) -> Json:
    return [{"cluster": item.cluster, "object": list(item.key)} for item in selected(world, selection)]


_ANSWERS: Final[Mapping[str, Callable[[World, Json], Json]]] = {
    "get": lambda world, _: {"report": reports.to_json(world.report())},
    "table": _table,
    "objects": _with_selection(listing.objects, "items"),
    "names": _with_selection(listing.names, "names"),
    "find": _with_selection(_find, "found"),
    "describe": _with_selection(describing.describe, "described"),
    "trace": _with_selection(tracing.trace, "traces"),
    "history": _with_selection(histories.history, "histories"),
    "events": lambda world, request: {"events": happenings.events(world, request)},
    "notifications": lambda world, request: {"notifications": happenings.notifications(world, request)},
    "logs": lambda world, request: {"lines": happenings.logs(world, request)},
    "complete": lambda world, request: {"words": completing.completions(world, request)},
    "outcome": lambda world, request: outcome(world, mapping_at(request, "wait")),
    "sync": _sync,
    "refresh": lambda world, request: refresh(world, _asked(request, "name"), hard=flag_at(request, "hard")),
    "reconcile": _reconcile,
    "suspend": lambda world, request: changing.suspend(
        world, Selection.of(request), everything=flag_at(request, "all")
    ),
    "resume": lambda world, request: changing.resume(world, Selection.of(request), everything=flag_at(request, "all")),
    "scale": lambda world, request: changing.scale(world, Selection.of(request), number_at(request, "replicas")),
    "edit": lambda world, request: changing.editable(world, Selection.of(request)),
    "replace": lambda world, request: changing.replace(world, text_at(request, "cluster"), at(request, "object")),
    "delete": _delete,
    "clock": steering.clock,
    "fail": steering.fail,
    "heal": steering.heal,
    "confirm": lambda world, request: removing.confirm(world, Selection.of(request)),
}
