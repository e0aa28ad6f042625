"""How a delivery writes an object: what is sent, by which field manager, and in which way.

Flux and Helm 4 apply on the server, by force. Argo CD applies as kubectl does on the client, on the server where it is
told to (``ServerSideApply=true``), or replaces (``Replace=true``). The controller of ApplicationSets gives an
Application its whole spec.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nixernetes.engine.argocd.comparison.compare import MANAGER as ARGOCD_MANAGER
from nixernetes.engine.argocd.comparison.tracking import Tracking, instance_name
from nixernetes.engine.argocd.sync.hooks import has_annotation_option
from nixernetes.engine.flux.applying.normalising import normalised
from nixernetes.engine.flux.kustomize.builds import stamped
from nixernetes.engine.flux.resource_set import marked_by_set
from nixernetes.errors import InputError
from nixernetes.gitops.decoding import decoded_as
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.deliveries import Delivery
from nixernetes.render.rendered import Rendered
from nixernetes.verify.objects import Placed

__all__ = ["DeliveryWrite", "Way", "delivery_managers", "write_of"]

_MANAGERS: Final = {
    KUSTOMIZATION: "kustomize-controller",
    HELM_RELEASE: "helm-controller",
    RESOURCE_SET: "flux-operator",
    APPLICATION: ARGOCD_MANAGER,
    APPLICATION_SET: "argocd-applicationset-controller",
}


class Way(StrEnum):
    """In which way an object is written."""

    SERVER = "server-side apply"
    CLIENT = "client-side apply"
    REPLACE = "replace"
    SPEC = "spec"
    """The spec is replaced, labels and annotations are added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryWrite:
    """One write.

    Attributes:
        manifest: what is sent.
        manager: the field manager.
        way: how.

    """

    manifest: Manifest
    manager: str
    way: Way = Way.SERVER


def write_of(item: Placed, owner: Delivery, live: Manifest | None, tracking: Tracking) -> DeliveryWrite:
    """Return how the delivery of an object writes it.

    Args:
        item: the object.
        owner: its delivery.
        live: the object as it is on the cluster; None where it is not there.
        tracking: how Argo CD marks what is an Application's.

    Raises:
        InputError: the delivery or the object cannot be read.

    """
    kind, manifest = owner.key.group_kind, _placed(item)
    manager = _MANAGERS.get(kind)
    if manager is None:
        raise InputError(f"it is not known how {owner.key} writes", subject=str(item.key))
    if kind == KUSTOMIZATION:
        spec = decoded_as(Kustomization, owner.manifest)
        if spec.resource is None:
            raise InputError(f"{owner.key} cannot be read: {spec.problem}", subject=str(item.key))
        return DeliveryWrite(manifest=normalised(stamped(manifest, owner.key, spec.resource)), manager=manager)
    if kind == RESOURCE_SET:
        marked = marked_by_set(Rendered(manifest=manifest), owner.key).manifest
        return DeliveryWrite(manifest=normalised(marked), manager=manager)
    if kind == HELM_RELEASE:
        return DeliveryWrite(manifest=manifest, manager=manager)
    if kind == APPLICATION_SET:
        return DeliveryWrite(manifest=manifest, manager=manager, way=Way.SPEC)
    instance = instance_name(owner.key.namespace, owner.key.name, ARGOCD_NAMESPACE)
    namespace = text_at(owner.manifest, "spec", "destination", "namespace")
    marked = tracking.mark(manifest, instance, item.key, namespace)
    return DeliveryWrite(manifest=marked, manager=manager, way=_argocd_way(marked, owner, live))


def _placed(item: Placed) -> Manifest:
    """Return an object with the namespace that it goes to, and none where its kind has none."""
    meta, namespace = mapping_at(item.manifest, "metadata"), item.key.namespace
    if meta.get("namespace", "") == namespace:
        return item.manifest
    rest = {name: value for name, value in meta.items() if name != "namespace"}
    return {**item.manifest, "metadata": {**rest, **({"namespace": namespace} if namespace else {})}}


def _argocd_way(manifest: Manifest, owner: Delivery, live: Manifest | None) -> Way:
    options = items_at(owner.manifest, "spec", "syncPolicy", "syncOptions")

    def asks(option: str) -> bool:
        if has_annotation_option(manifest, option.replace("=true", "=false")):
            return False
        return option in options or has_annotation_option(manifest, option)

    if asks("Replace=true") or has_annotation_option(live, "Replace=true"):
        return Way.REPLACE
    return Way.SERVER if asks("ServerSideApply=true") or _was_applied_on_server(live) else Way.CLIENT


def _was_applied_on_server(live: Manifest | None) -> bool:
    """Tell whether Argo CD's own fields are those of a server-side apply, as in clusters of ``nixernetes up``."""
    entries: Sequence[Manifest] = objects_at(live, "metadata", "managedFields")
    return any((text_at(each, "manager"), text_at(each, "operation")) == (ARGOCD_MANAGER, "Apply") for each in entries)


def delivery_managers(owner: ObjectKey) -> tuple[str, ...]:
    """Return the field managers under which a delivery's controller writes; older releases had other names."""
    known = _MANAGERS.get(owner.group_kind, "")
    former = {
        APPLICATION: ("argocd-application-controller",),
        HELM_RELEASE: ("helm", "Helm"),
        APPLICATION_SET: ("argocd-applicationset-controller",),
    }
    return tuple(filter(None, (known, *former.get(owner.group_kind, ()))))
