"""The objects of one cluster as the deliveries bring them, indexed once: by identity, by kind, and with their owners.

An object of an Application or a release that names no namespace goes to that of its destination, where its kind has
namespaces. What a delivery brings to another cluster (``kubeConfig``, another destination) is that cluster's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nixernetes.objects.api_groups import FLUX_DOMAIN
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.deliveries import Delivery
from nixernetes.render.given_values import GivenValues
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.seal import Seal

__all__ = ["ClusterObjects", "Placed", "placed_objects", "target_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An object where it goes.

    Attributes:
        key: who it is on the cluster.
        manifest: the object as it is rendered.
        origin: where it came from.
        owner: the delivery that brings it; None for what starts the cluster.
        seal: what SOPS encrypted in it; None for nothing.

    """

    key: ObjectKey
    manifest: Manifest
    origin: Origin
    owner: Delivery | None = None
    seal: Seal | None = None

    @property
    def namespace(self) -> str:
        """The namespace that it goes to, or ``""``."""
        return self.key.namespace


@dataclass(frozen=True, kw_only=True)
class ClusterObjects:
    """What one cluster is given.

    Attributes:
        name: the cluster; for one that only deliveries name, as they name it.
        hub: the cluster whose deliveries these are.
        placed: the objects, in the order of their deliveries.
        deliveries: the deliveries that bring something here, whether or not they could be rendered.
        given: the ConfigMaps and Secrets that the user gives: something outside of Git makes them.
        is_remote: whether it is another cluster than the one that holds the deliveries.
        memo: answers that are worked out once, by who works them out.

    """

    name: str
    hub: str
    placed: tuple[Placed, ...]
    deliveries: tuple[Delivery, ...]
    given: GivenValues = field(default_factory=GivenValues)
    is_remote: bool = False
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    _hidden: dict[tuple[str, ObjectKey | None, str], bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def by_key(self) -> dict[ObjectKey, list[Placed]]:
        """The objects by identity; several where several deliveries bring one."""
        found: dict[ObjectKey, list[Placed]] = {}
        for item in self.placed:
            found.setdefault(item.key, []).append(item)
        return found

    @cached_property
    def by_kind(self) -> dict[GroupKind, list[Placed]]:
        """The objects by kind."""
        found: dict[GroupKind, list[Placed]] = {}
        for item in self.placed:
            found.setdefault(item.key.group_kind, []).append(item)
        return found

    @cached_property
    def _brought(self) -> dict[ObjectKey, list[Placed]]:
        found: dict[ObjectKey, list[Placed]] = {}
        for item in self.placed:
            if item.owner is not None:
                found.setdefault(item.owner.key, []).append(item)
        return found

    def brought_by(self, delivery: ObjectKey) -> Sequence[Placed]:
        """Return the objects that a delivery brings here, in its order."""
        return self._brought.get(delivery, ())

    def of(self, *kinds: GroupKind) -> Iterator[Placed]:
        """Yield the objects of some kinds."""
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    def get(self, key: ObjectKey) -> Placed | None:
        """Return an object, or None."""
        found = self.by_key.get(key)
        return found[0] if found else None

    def has(self, key: ObjectKey) -> bool:
        """Tell whether some delivery brings an object."""
        return key in self.by_key

    @cached_property
    def unrendered(self) -> tuple[Delivery, ...]:
        """The deliveries that could not be rendered: nobody knows what they bring."""
        return tuple(each for each in self.deliveries if each.problem)

    def may_have(self, namespace: str, *, besides: ObjectKey | None = None, group: str = "") -> bool:
        """Tell whether a delivery that could not be rendered may bring something to a namespace, ``""`` for none.

        Args:
            namespace: the namespace.
            besides: a delivery that is left out: it does not bring what it waits for.
            group: the API group of what is asked for; charts bring nothing of Flux, unless they are about Flux.

        """
        asked = (namespace, besides, group if group.endswith(FLUX_DOMAIN) else "")
        known = self._hidden.get(asked)
        if known is None:
            known = self._hidden[asked] = self._may_have(*asked)
        return known

    def _may_have(self, namespace: str, besides: ObjectKey | None, group: str) -> bool:
        is_of_flux = bool(group)
        return any(
            _reaches(each, namespace)
            for each in self.unrendered
            if each.key != besides and not (is_of_flux and _is_chart(each) and not _is_flux(each))
        )


def _is_chart(delivery: Delivery) -> bool:
    """Tell whether a delivery brings charts alone: a release, or an Application whose sources are charts."""
    if delivery.key.group_kind == HELM_RELEASE:
        return True
    charts = _charts(delivery.manifest)
    return delivery.key.group_kind == APPLICATION and bool(charts) and all(charts)


def _charts(application: Manifest) -> list[str]:
    """Return the charts of an Application's sources, ``""`` for one of files; what others only read is left out."""
    spec = mapping_at(application, "spec")
    sources = objects_at(spec, "sources") or [mapping_at(spec, "source")]
    brings = (each for each in sources if text_at(each, "chart") or text_at(each, "path") or not text_at(each, "ref"))
    return [text_at(each, "chart") for each in brings]


def _is_flux(delivery: Delivery) -> bool:
    """Tell whether a chart is about Flux itself: ``flux2``, ``flux2-sync``, ``flux-instance``."""
    spec = mapping_at(delivery.manifest, "spec")
    named = (text_at(spec, "chart", "spec", "chart"), text_at(spec, "chartRef", "name"), delivery.key.name)
    charts = _charts(delivery.manifest) if delivery.key.group_kind == APPLICATION else ()
    return any("flux" in name for name in (*named, *charts))


def _reaches(delivery: Delivery, namespace: str) -> bool:
    """Tell whether what a delivery brings may go to a namespace; charts stay in theirs, but for what has none."""
    spec = mapping_at(delivery.manifest, "spec")
    if delivery.key.group_kind == HELM_RELEASE:
        return not namespace or namespace == (text_at(spec, "targetNamespace") or delivery.key.namespace)
    if delivery.key.group_kind == APPLICATION and _is_chart(delivery):
        return not namespace or namespace == text_at(spec, "destination", "namespace")
    if delivery.key.group_kind == KUSTOMIZATION:
        target = text_at(spec, "targetNamespace")
        return not target or not namespace or target == namespace
    return True


def target_of(delivery: Manifest, hub: str, servers: dict[str, str]) -> str:
    """Return the cluster that a delivery brings its objects to.

    Args:
        delivery: the delivery.
        hub: the cluster that holds it.
        servers: names and API server URLs of the known clusters, to their names.

    """
    spec = mapping_at(delivery, "spec")
    if group_kind(delivery) in (KUSTOMIZATION, HELM_RELEASE):
        secret = text_at(spec, "kubeConfig", "secretRef", "name") or text_at(spec, "kubeConfig", "configMapRef", "name")
        return f"{hub}/{secret}" if mapping_at(spec, "kubeConfig") else hub
    if group_kind(delivery) != APPLICATION:
        return hub
    destination = mapping_at(spec, "destination")
    named = text_at(destination, "server") or text_at(destination, "name")
    if not named or named in ("in-cluster", "https://kubernetes.default.svc"):
        return hub
    return servers.get(named.rstrip("/"), named)


def placed_objects(
    items: Iterable[Rendered], owner: Delivery | None, is_namespaced: Callable[[Manifest], bool]
) -> list[Placed]:
    """Return objects where their delivery puts them.

    Args:
        items: the objects.
        owner: the delivery.
        is_namespaced: tells whether the kind of an object has namespaces.

    """
    default = _default_namespace(owner)
    found = []
    for item in items:
        key = key_of(item.manifest)
        if not is_namespaced(item.manifest):
            key = key._replace(namespace="")
        elif not key.namespace:
            key = key._replace(namespace=default)
        found.append(Placed(key=key, manifest=item.manifest, origin=item.origin, owner=owner, seal=item.seal))
    return found


def _default_namespace(owner: Delivery | None) -> str:
    if owner is None:
        return ""
    spec = mapping_at(owner.manifest, "spec")
    if owner.key.group_kind == HELM_RELEASE:
        return text_at(spec, "targetNamespace") or owner.key.namespace
    if owner.key.group_kind == APPLICATION:
        return text_at(spec, "destination", "namespace")
    return ""


def owners(items: Sequence[Placed]) -> list[Delivery]:
    """Return the deliveries that bring objects, each once."""
    found: dict[ObjectKey, Delivery] = {}
    for item in items:
        if item.owner is not None:
            found.setdefault(item.owner.key, item.owner)
    return list(found.values())
