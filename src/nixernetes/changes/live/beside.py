"""Objects that no delivery has, in the namespaces that Git declares: made by hand, or by somebody's controller.

What Kubernetes itself makes in a namespace, what another object owns and what Helm keeps of its releases are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.changes.live.drift import Unclaimed
from nixernetes.changes.live.field_writers import creators, is_platform
from nixernetes.changes.live.state import LiveState
from nixernetes.changes.sides import ClusterSide
from nixernetes.cluster.validation import resource_name
from nixernetes.objects.api_groups import FLUX_HELM, FLUX_KUSTOMIZE
from nixernetes.objects.fields import flag_at, items_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION, NAMESPACE, RESOURCE_SET, SECRET
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, FLUX_NAMESPACE, FLUX_OPERATOR_RESOURCE_SET, HELM_HOOK

__all__ = ["declared_namespaces", "is_beside", "objects_beside"]

_ENGINES: Final = (FLUX_NAMESPACE, ARGOCD_NAMESPACE)  # who installed them made what is there
_MADE: Final = (("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default"))
_MARKS: Final = {  # the labels by which Flux marks what a delivery has: /name and /namespace
    KUSTOMIZATION: FLUX_KUSTOMIZE,
    HELM_RELEASE: FLUX_HELM,
    RESOURCE_SET: FLUX_OPERATOR_RESOURCE_SET,
}


def declared_namespaces(cluster: ClusterSide) -> list[str]:
    """Return the namespaces that Git declares, as objects or to be created by a delivery, sorted."""
    found = {key.name for key in cluster.placed if key.group_kind == NAMESPACE}
    for delivery in cluster.objects.deliveries:
        spec = delivery.manifest.get("spec")
        if delivery.key.group_kind == HELM_RELEASE and flag_at(spec, "install", "createNamespace"):
            found.add(text_at(spec, "targetNamespace") or delivery.key.namespace)
        elif delivery.key.group_kind == APPLICATION and _creates(delivery.manifest):
            found.add(text_at(spec, "destination", "namespace"))
    return sorted(name for name in found if name and name not in _ENGINES and not name.startswith("kube-"))


def _creates(application: Manifest) -> bool:
    return "CreateNamespace=true" in items_at(application, "spec", "syncPolicy", "syncOptions")


def is_beside(item: Manifest) -> bool:
    """Tell whether an object may be of nobody: no other object has it, and neither Kubernetes nor Helm made it."""
    labels, key = labels_of(item), key_of(item)
    if objects_at(item, "metadata", "ownerReferences") or HELM_HOOK in annotations_of(item):
        return False
    if (key.kind, key.name) in _MADE or (group_kind(item) == SECRET and labels.get("owner") == "helm"):
        return False
    writers = creators(item)
    return not writers or not all(is_platform(each.manager) for each in writers)


def objects_beside(cluster: ClusterSide, state: LiveState, found: Iterable[Manifest]) -> tuple[Unclaimed, ...]:
    """Return the objects that no delivery has, sorted.

    Args:
        cluster: the cluster as it is in Git.
        state: what was read of it.
        found: objects of its declared namespaces; their metadata is enough.

    """
    held = {key for keys in state.holds.values() for key in keys}
    unread = {subject for subject, _ in state.unknown}
    names = frozenset(declared_namespaces(cluster))
    beside = {}
    for item in found:
        key = key_of(item)
        if key.namespace not in names or key in held or key in cluster.placed or not is_beside(item):
            continue
        if state.settings.tracking.method != "label" and state.settings.tracking.owner(item):
            continue
        maker = _marked(item)
        if maker is not None and resource_name(maker.group_kind) in unread:
            continue  # it may have it still
        beside[key] = Unclaimed(
            key=key,
            created=text_at(item, "metadata", "creationTimestamp"),
            writers=creators(item),
            left_by=str(maker or ""),
        )
    return tuple(beside[key] for key in sorted(beside))


def _marked(item: Manifest) -> ObjectKey | None:
    """Return the delivery of Flux whose mark an object carries."""
    labels = labels_of(item)
    for kind, prefix in _MARKS.items():
        name = labels.get(f"{prefix}/name")
        if name:
            return ObjectKey(*kind, labels.get(f"{prefix}/namespace", ""), name)
    return None
