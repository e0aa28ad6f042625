"""``events``, ``logs`` and ``notifications``: what controllers said, and whom they told.

Controllers here write no other log than what they say: an event each, and what goes wrong in the engine itself.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from nixernetes.app.console.selecting import Selection, chosen_clusters, kinds_called, selected
from nixernetes.app.worlds import World
from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.reports import short_revision
from nixernetes.engine.reports.as_json import notification_as_json
from nixernetes.errors import InputError
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import flag_at, number_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Json

__all__ = ["events", "events_of", "logs", "notifications", "one_line"]

_CONTROLLERS = (
    *("source-controller", "kustomize-controller", "helm-controller", "notification-controller"),
    *("argocd-application-controller", "argocd-applicationset-controller", "argocd-notifications-controller"),
)


def events(world: World, request: Json) -> list[Json]:
    """Return the events that a request chooses, oldest first: by ``targets``, namespace, cluster and ``warnings``.

    Raises:
        InputError: what is named is not there.

    """
    selection = Selection.of(request)
    chosen_clusters(world, selection.cluster)
    only = {(item.cluster, item.key) for item in selected(world, selection)} if selection.wanted else None
    found = [
        event
        for event in world.recorder.recent
        if (only is None or (event.cluster, event.key) in only)
        and selection.namespace in ("", event.key.namespace)
        and selection.cluster in ("", event.cluster)
        and (event.type == "Warning" or not flag_at(request, "warnings"))
    ]
    return [_event(event) for event in found]


def notifications(world: World, request: Json) -> list[Json]:
    """Return the notifications that a request chooses, oldest first: as events are, and ``failed`` those alone.

    Those that could not be delivered are kept longer than the others.

    Raises:
        InputError: what is named is not there.

    """
    selection = Selection.of(request)
    chosen_clusters(world, selection.cluster)
    only = {(item.cluster, item.key) for item in selected(world, selection)} if selection.wanted else None
    outbox = world.outbox
    return [
        notification_as_json(each)
        for each in (outbox.dead if flag_at(request, "failed") else outbox.recent)
        if (only is None or (each.notice.cluster, each.notice.key) in only)
        and selection.namespace in ("", each.notice.key.namespace)
        and selection.cluster in ("", each.notice.cluster)
    ]


def events_of(world: World, cluster: str, key: tuple[str, str, str, str]) -> list[RecordedEvent]:
    """Return the events about one object, oldest first."""
    return [event for event in world.recorder.recent if (event.cluster, event.key) == (cluster, key)]


def logs(world: World, request: Json) -> list[Json]:
    """Return what controllers logged, oldest first: ``controllers``, ``kind``, ``name``, ``level``, ``tail``.

    Raises:
        InputError: a controller, a kind or a cluster is not known.

    """
    wanted = [word for word in request.get("controllers") or [] if isinstance(word, str)]
    controllers = {_controller(world, word) for word in wanted}
    kinds = set(kinds_called(world, text_at(request, "kind"))) if text_at(request, "kind") else None
    cluster, level = text_at(request, "cluster"), text_at(request, "level")
    chosen_clusters(world, cluster)
    if level not in ("", "info", "error"):
        raise InputError(f"unknown level {level!r}: use info or error")
    found = [
        event
        for event in world.recorder.recent
        if (not controllers or event.controller in controllers)
        and cluster in ("", event.cluster)
        and _is_about(event, kinds, text_at(request, "name"), text_at(request, "namespace"))
        and level in ("", _level(event))
    ]
    lines = [_logged(event) for event in found]
    if not (controllers or kinds):
        lines += [{"time": timestamp(world.clock.now()), "level": "error", "message": text} for text in world.faults]
    tail = number_at(request, "tail")
    return lines[-tail:] if tail > 0 else lines


def _controller(world: World, word: str) -> str:
    """Return the controller that is meant; ``kustomize`` is enough.

    Raises:
        InputError: none; pods are simulated and write nothing.

    """
    known = sorted({*_CONTROLLERS, *(event.controller for event in world.recorder.recent if event.controller)})
    found = [name for name in known if word in (name, name.removesuffix("-controller"))]
    if found:
        return found[0]
    bare = word.rpartition("/")[2]
    is_pod = any(
        item["metadata"]["name"] == bare
        for cluster in world.clusters.values()
        for item in cluster.list(GroupKind(*POD))
    )
    if is_pod or "/" in word:
        raise InputError(
            f"{word}: pods are simulated here and write no logs: `nixernetes describe pod {bare}` shows its state; "
            f"only controllers have logs: {', '.join(known)}"
        )
    near = difflib.get_close_matches(word, [*known, *(name.removesuffix("-controller") for name in known)], n=1)
    advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise InputError(f"no controller is called {word!r}: {advice}")


def _is_about(event: RecordedEvent, kinds: Iterable[GroupKind] | None, name: str, namespace: str) -> bool:
    return (
        (kinds is None or event.key.group_kind in kinds)
        and name in ("", event.key.name)
        and namespace in ("", event.key.namespace)
    )


def _level(event: RecordedEvent) -> str:
    return "error" if event.type == "Warning" else "info"


def _event(event: RecordedEvent) -> Json:
    return {
        "time": timestamp(event.time),
        "cluster": event.cluster,
        "type": event.type,
        "reason": event.reason,
        "object": _identity(event),
        "message": one_line(event.message),
        "controller": event.controller,
    }


def _logged(event: RecordedEvent) -> Json:
    return {
        "time": timestamp(event.time),
        "level": _level(event),
        "cluster": event.cluster,
        "controller": event.controller,
        "object": _identity(event),
        "message": one_line(event.message),
    }


def one_line(message: str) -> str:
    """Return a message of several lines, one for each object, as one."""
    return short_revision("; ".join(filter(None, (line.strip() for line in message.splitlines()))))


def _identity(event: RecordedEvent) -> Json:
    key = event.key
    return {"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name}
