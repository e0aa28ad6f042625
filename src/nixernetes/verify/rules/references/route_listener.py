"""``route-listener``: a Gateway has a listener that takes the routes which ask for it.

A listener takes a route when its name and port are those that are asked for, when ``allowedRoutes`` admits the
namespace of the route (its own alone, unless it says otherwise), and when one of the route's host names fits into its
own (Gateway API v1.3, ``ParentReference`` and ``Listener``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.api_groups import GATEWAY_API
from nixernetes.objects.fields import at, items_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import GATEWAY, NAMESPACE
from nixernetes.objects.manifest import Json, labels_of
from nixernetes.objects.well_known import NAMESPACE_NAME
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.selection import selects
from nixernetes.verify.references.graph import walked
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


_FILLED_IN: Final = re.compile(r"[${}]|placeholder")  # what only the cluster knows


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for kind, items in cluster.by_kind.items():
            if kind.group == GATEWAY_API and kind.kind.endswith("Route"):
                for item in items:
                    yield from _route(cluster, item)


def _route(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    for path, parent in walked(item.manifest, "spec.parentRefs.[]"):
        if text_at(parent, "kind") not in ("", GATEWAY.kind) or text_at(parent, "group") not in ("", GATEWAY_API):
            continue
        space = text_at(parent, "namespace") or item.namespace
        gateway = cluster.get(ObjectKey(*GATEWAY, space, text_at(parent, "name")))
        if gateway is not None:
            where, message = _refused(cluster, item, gateway, parent)
            if message:
                full = where if where[:1] == ("spec",) else (*path, *where)
                yield Found(cluster=cluster, subject=item, message=message, path=full)


def _refused(cluster: ClusterObjects, route: Placed, gateway: Placed, parent: Json) -> tuple[FieldPath, str]:
    """Return why no listener takes a route, the field first."""
    listeners = objects_at(gateway.manifest, "spec", "listeners")
    name, port = text_at(parent, "sectionName"), at(parent, "port")
    named = [each for each in listeners if not name or text_at(each, "name") == name]
    if not named:
        names = [text_at(each, "name") for each in listeners]
        hint = meant(name, names) or f": it has {', '.join(names) or 'none'}"
        return ("sectionName",), f"{gateway.key} has no listener {name}{hint}"
    of_port = [each for each in named if port is None or at(each, "port") == port]
    if not of_port:
        return ("port",), f"{gateway.key} has no such listener on port {port}"
    open_to = [each for each in of_port if _admits(cluster, gateway, each, route.namespace)]
    if not open_to:
        where: FieldPath = ("namespace",) if text_at(parent, "namespace") else ("name",)
        return where, (
            f"no listener of {gateway.key} takes routes of the namespace {route.namespace}: see its allowedRoutes"
        )
    hosts = [each for each in items_at(route.manifest, "spec", "hostnames") if isinstance(each, str)]
    if hosts and not any(_fits(host, text_at(each, "hostname")) for host in hosts for each in open_to):
        known = ", ".join(sorted({text_at(each, "hostname") for each in open_to}))
        return ("spec", "hostnames", 0), f"no listener of {gateway.key} is for {hosts[0]}: they are for {known}"
    return (), ""


def _admits(cluster: ClusterObjects, gateway: Placed, listener: Json, namespace: str) -> bool:
    """Tell whether a listener takes routes of a namespace, or may: whose labels are not known here."""
    allowed = text_at(listener, "allowedRoutes", "namespaces", "from") or "Same"
    if allowed == "Same":
        return namespace == gateway.namespace
    if allowed != "Selector":
        return allowed == "All"
    found = cluster.get(ObjectKey(*NAMESPACE, "", namespace))
    labels = {NAMESPACE_NAME: namespace, **(labels_of(found.manifest) if found is not None else {})}
    selector = at(listener, "allowedRoutes", "namespaces", "selector")
    return selects(selector, labels) or found is None


def _fits(host: str, listener: str) -> bool:
    """Tell whether the host names of a route and of a listener have one in common; a wildcard stands for a prefix."""
    host, listener = host.lower(), listener.lower()
    if not listener or host == listener or any(_FILLED_IN.search(each) for each in (host, listener)):
        return True
    wild_host, wild_listener = host.removeprefix("*"), listener.removeprefix("*")
    if listener.startswith("*."):
        return wild_host.endswith(wild_listener)
    return host.startswith("*.") and listener.endswith(wild_host)


RULE: Final = Rule(
    name="route-listener",
    topic="ref-missing",
    severity=Severity.ERROR,
    sentence="A Gateway has a listener that accepts its routes.",
    check=_check,
)
