"""Gateway API: what a Gateway and the parents of a route say of it."""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import at, entries, is_same, reach, size, spelled, truth
from nixernetes.objects.manifest import Json

__all__ = ["gateway", "grpc_route", "http_route"]


def gateway(obj: Json, _: Json) -> Said | None:
    """Judge a Gateway: its own conditions, then those of its listeners."""
    conditions, listeners = at(obj, "status", "conditions"), at(obj, "status", "listeners")
    trouble = _trouble(conditions, "Gateway", lambda: "")
    for _position, listener in entries(listeners):
        trouble = trouble or _trouble(at(listener, "conditions"), "Listener", lambda: "Listener: ")
    if trouble:
        return trouble
    known = conditions is not None or size(listeners)
    return Said("Healthy", "Gateway is healthy") if known else Said("Progressing", "Waiting for Gateway status")


def http_route(obj: Json, _: Json) -> Said | None:
    """Judge an HTTPRoute: what a parent says of an earlier generation does not count."""
    return _route(obj, "HTTPRoute", lambda parent: _is_observed(obj, parent))


def grpc_route(obj: Json, _: Json) -> Said | None:
    """Judge a GRPCRoute."""
    return _route(obj, "GRPCRoute", lambda _parent: True)


def _route(obj: Json, kind: str, counts: Callable[[Json], bool]) -> Said:
    found = [parent for _position, parent in entries(at(obj, "status", "parents"))]
    heard = [parent for parent in found if at(parent, "conditions") is not None and counts(parent)]
    for parent in heard:
        trouble = _trouble(at(parent, "conditions"), "Route", _named(parent))
        if trouble:
            return trouble
    if any(size(at(parent, "conditions")) for parent in heard):
        return Said("Healthy", f"{kind} is healthy")
    return Said("Progressing", f"Waiting for {kind} status")


def _named(parent: Json) -> Callable[[], str]:
    def name() -> str:
        found = reach(parent, "parentRef", "name")
        return f"Parent {spelled(found) if truth(found) else ''}: "

    return name


def _is_observed(obj: Json, parent: Json) -> bool:
    generation, conditions = reach(obj, "metadata", "generation"), at(parent, "conditions")
    if generation is None:
        return True
    seen = [at(each, "observedGeneration") for _position, each in entries(conditions)]
    return bool(seen) and all(each is None or is_same(each, generation) for each in seen)


def _trouble(conditions: Json, what: str, start: Callable[[], str]) -> Said | None:
    """Return the first condition that does not hold, as a message with a start."""
    for name in ("ResolvedRefs", "Accepted"):
        for _position, each in entries(conditions):
            if at(each, "type") == name and at(each, "status") == "False":
                return _said("Degraded", at(each, "message"), f"Failed condition: {name}", start)
    for _position, each in entries(conditions):
        if at(each, "type") == "Programmed" and at(each, "status") != "True":
            return _said("Progressing", at(each, "message"), f"{what} is still being programmed", start)
    return None


def _said(status: str, message: Json, otherwise: str, start: Callable[[], str]) -> Said:
    text = message if truth(message) else otherwise
    beginning = start()
    return Said(status, beginning + spelled(text) if beginning else text)
