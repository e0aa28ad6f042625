"""Checks of the network: what is denied, which pods policies select, what is served over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.compliance.checks.check import UNSET, CheckScene, Fault, on_kinds, on_pods
from nixernetes.compliance.objects import AssessedObject
from nixernetes.objects.api_groups import CILIUM, GATEWAY_API
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import GATEWAY, INGRESS, NAMESPACE, NETWORK_POLICY
from nixernetes.objects.manifest import Json, annotations_of
from nixernetes.objects.selectors import matches
from nixernetes.objects.well_known import NGINX_INGRESS

__all__ = ["CHECKS"]

_CILIUM_POLICY: Final = GroupKind(CILIUM, "CiliumNetworkPolicy")
_ROUTE: Final = GroupKind(GATEWAY_API, "HTTPRoute")
_DIRECTIONS: Final = ("Ingress", "Egress")


def _types(policy: AssessedObject) -> list[str]:
    """Return the directions that a policy is about: as it says, else Ingress, and Egress if it has such rules."""
    said = items_at(policy.manifest, "spec", "policyTypes")
    if said:
        return [each for each in said if isinstance(each, str)]
    return ["Ingress", "Egress"] if items_at(policy.manifest, "spec", "egress") else ["Ingress"]


def _default_deny(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    policies = [
        each
        for each in scene.index.within(NETWORK_POLICY, item.namespace)
        if at(each.manifest, "spec", "podSelector") == {}
    ]
    for direction in _DIRECTIONS:
        rules = direction.lower()
        if not any(direction in _types(each) and not items_at(each.manifest, "spec", rules) for each in policies):
            yield Fault((), "a NetworkPolicy that denies by default", f"{rules} is open")


def _selected(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    labels = scene.index.pod(item).labels
    open_to = set(_DIRECTIONS)
    for policy in scene.index.within(NETWORK_POLICY, item.namespace):
        selector = at(policy.manifest, "spec", "podSelector")
        if isinstance(selector, dict) and _matches(selector, labels):
            open_to -= {*_types(policy)}
    for direction in _DIRECTIONS:
        if direction in open_to:
            yield Fault((), "a NetworkPolicy that selects the pods", f"none for {direction}")


def _matches(selector: Json, labels: dict[str, str]) -> bool:
    try:
        return matches(selector, labels)
    except ValueError:
        return False  # the API server refuses it


def _has_policy(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    name = item.key.name
    if not any(scene.index.within(kind, name) for kind in (NETWORK_POLICY, _CILIUM_POLICY)):
        yield Fault((), "a NetworkPolicy in the namespace", "none")


def _ingress_tls(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    if item.key.group_kind == _ROUTE:
        yield from _route_tls(item, scene)
        return
    spec = mapping_at(item.manifest, "spec")
    entries = objects_at(spec, "tls")
    covered = {each for entry in entries for each in items_at(entry, "hosts") if isinstance(each, str)}
    if any(not items_at(entry, "hosts") for entry in entries):
        return  # an entry without hosts is about all of them
    rules = items_at(spec, "rules")
    for number, rule in enumerate(rules):
        host = text_at(rule, "host")
        wildcard = f"*.{host.partition('.')[2]}"
        if host not in covered and wildcard not in covered:
            yield Fault(("spec", "rules", number, "host"), "the host is in spec.tls", host or UNSET)
    if not rules and not entries:
        yield Fault(("spec", "tls"), "TLS")


def _route_tls(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    parents = items_at(item.manifest, "spec", "parentRefs")
    for number, parent in enumerate(parents):
        if text_at(parent, "kind") not in ("", "Gateway"):
            continue
        path = ("spec", "parentRefs", number)
        name = (text_at(parent, "namespace") or item.namespace, text_at(parent, "name"))
        gateway = scene.index.named(GATEWAY, *name)
        if gateway is None:
            yield Fault(path, f"the Gateway {'/'.join(name)} is not in the repository", undecided=True)
            continue
        listeners = [each for each in objects_at(gateway.manifest, "spec", "listeners") if _is_meant(parent, each)]
        if not any(text_at(each, "protocol") in ("HTTPS", "TLS") for each in listeners) and not _redirects(item):
            found = ", ".join(sorted({text_at(each, "protocol") for each in listeners})) or "no listener"
            yield Fault(path, "an HTTPS listener", found)
    if not parents:
        yield Fault(("spec", "parentRefs"), "an HTTPS listener")


def _is_meant(parent: Json, listener: Json) -> bool:
    section, port = at(parent, "sectionName"), at(parent, "port")
    return (not section or at(listener, "name") == section) and (port is None or at(listener, "port") == port)


def _redirects(route: AssessedObject) -> bool:
    """Tell whether a route does nothing but send everybody to HTTPS."""
    rules = objects_at(route.manifest, "spec", "rules")
    return bool(rules) and all(
        any(at(each, "requestRedirect", "scheme") == "https" for each in objects_at(rule, "filters")) for rule in rules
    )


def _snippets(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    for name in sorted(annotations_of(item.manifest)):
        if name.startswith(NGINX_INGRESS) and name.endswith("-snippet"):
            yield Fault(("metadata", "annotations", name), "no snippet", "set")


CHECKS: Final = (
    on_pods("net.default-deny", _default_deny),
    on_pods("net.policy-selects-pod", _selected),
    on_kinds("net.namespace-has-policy", _has_policy, NAMESPACE),
    on_kinds("net.ingress-tls", _ingress_tls, INGRESS, _ROUTE),
    on_kinds("net.ingress-snippets", _snippets, INGRESS),
)
