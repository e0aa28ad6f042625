"""Who is asked first: Ingresses and the routes of the Gateway API, with the backends that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.app.web.views.reading import Reading
from nixernetes.objects.api_groups import GATEWAY_API
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import GATEWAY, INGRESS, SERVICE
from nixernetes.objects.manifest import Manifest

__all__ = ["ROUTES", "Backend", "Route", "routes_of"]

ROUTES: Final = tuple(
    GroupKind(GATEWAY_API, kind) for kind in ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
)
_MOST_WORDS: Final = 3  # hosts that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """Whom a rule leads to.

    Attributes:
        key: the object; nearly always a Service.
        port: the port that is asked for, by number or name; None for none.
        text: what leads there: a path, a method.

    """

    key: ObjectKey
    port: int | str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An Ingress or a route.

    Attributes:
        key: who it is.
        text: its hosts.
        parents: the Gateways that it is attached to.
        backends: whom it leads to, rule by rule.

    """

    key: ObjectKey
    text: str
    parents: tuple[ObjectKey, ...]
    backends: tuple[Backend, ...]

    def is_near(self, namespaces: set[str]) -> bool:
        """Tell whether it is in some namespaces, or leads there."""
        return self.key.namespace in namespaces or any(each.key.namespace in namespaces for each in self.backends)


def routes_of(reading: Reading, cluster: str) -> Iterator[Route]:
    """Yield the Ingresses and the routes of a cluster."""
    for item in reading.list(cluster, INGRESS):
        yield _ingress(item)
    for kind in ROUTES:
        for item in reading.list(cluster, kind):
            yield _route(item)


def _ingress(item: Manifest) -> Route:
    key, spec = key_of(item), mapping_at(item, "spec")
    hosts = [text_at(rule, "host") or "*" for rule in objects_at(spec, "rules")]
    backends = [
        _of_ingress(key, mapping_at(path, "backend"), f"{text_at(rule, 'host')}{text_at(path, 'path') or '/'}")
        for rule in objects_at(spec, "rules")
        for path in objects_at(rule, "http", "paths")
    ]
    default = mapping_at(spec, "defaultBackend")
    if default:
        backends.append(_of_ingress(key, default, "everything else"))
    return Route(key=key, text=_hosts(hosts), parents=(), backends=tuple(filter(None, backends)))


def _of_ingress(key: ObjectKey, backend: Manifest, text: str) -> Backend | None:
    service = mapping_at(backend, "service")
    if service:
        name, port = text_at(service, "name"), mapping_at(service, "port")
        return Backend(key=ObjectKey(*SERVICE, key.namespace, name), port=_port(port), text=text)
    other = mapping_at(backend, "resource")
    if not other:
        return None
    kind = GroupKind(text_at(other, "apiGroup"), text_at(other, "kind"))
    return Backend(key=ObjectKey(*kind, key.namespace, text_at(other, "name")), port=None, text=text)


def _port(port: Manifest) -> int | str | None:
    number = at(port, "number")
    return number if isinstance(number, int) else text_at(port, "name") or None


def _route(item: Manifest) -> Route:
    key, spec = key_of(item), mapping_at(item, "spec")
    hosts = [each for each in items_at(spec, "hostnames") if isinstance(each, str)]
    parents = [
        ObjectKey(*GATEWAY, text_at(each, "namespace") or key.namespace, text_at(each, "name"))
        for each in objects_at(spec, "parentRefs")
        if text_at(each, "kind") in ("", "Gateway")
    ]
    backends = [
        _of_route(key, reference, _matched(rule))
        for rule in objects_at(spec, "rules")
        for reference in objects_at(rule, "backendRefs")
    ]
    return Route(key=key, text=_hosts(hosts), parents=tuple(dict.fromkeys(parents)), backends=tuple(backends))


def _of_route(key: ObjectKey, reference: Manifest, text: str) -> Backend:
    kind = GroupKind(text_at(reference, "group"), text_at(reference, "kind") or "Service")
    weight, port = at(reference, "weight"), at(reference, "port")
    share = f" (weight {weight})" if isinstance(weight, int) and weight != 1 else ""
    return Backend(
        key=ObjectKey(*kind, text_at(reference, "namespace") or key.namespace, text_at(reference, "name")),
        port=port if isinstance(port, int) else None,
        text=f"{text}{share}",
    )


def _matched(rule: Manifest) -> str:
    """Return what a rule matches, in words."""
    told = []
    for each in objects_at(rule, "matches"):
        method = mapping_at(each, "method")
        named = [text_at(method, part) for part in ("service", "method")]
        words = [text_at(each, "method"), text_at(each, "path", "value"), "/".join(filter(None, named))]
        told.append(" ".join(filter(None, words)))
    return ", ".join(filter(None, told)) or "everything"


def _hosts(hosts: list[str]) -> str:
    found = list(dict.fromkeys(hosts))
    more = f" and {len(found) - _MOST_WORDS} more" if len(found) > _MOST_WORDS else ""
    return ", ".join(found[:_MOST_WORDS]) + more if found else "every host"
