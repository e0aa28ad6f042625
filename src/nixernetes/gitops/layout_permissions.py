"""What the platform's own AppProject has to allow, read off the manifests of its apps: no more than they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nixernetes.gitops.layout_apps import Content
from nixernetes.gitops.layout_model import Delivery
from nixernetes.gitops.platform import Platform
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["cluster_kinds", "object_namespaces"]


def cluster_kinds(
    platform: Platform, deliveries: Iterable[Delivery], contents: Mapping[str, Content]
) -> list[dict[str, str]]:
    """Return the cluster-scoped kinds that the deliveries bring, as an AppProject lists them, sorted."""
    kinds = {GroupKind(item.get("group", ""), item["kind"]) for item in platform.cluster_resources if "kind" in item}
    for delivery in deliveries:
        if delivery.create_namespace:
            kinds.add(GroupKind("", "Namespace"))
    for content in contents.values():
        found = (group_kind(manifest) for manifest in content.manifests())
        kinds.update(kind for kind in found if is_cluster_scoped(kind))
    return [{"group": kind.group, "kind": kind.kind} for kind in sorted(kinds)]


def object_namespaces(deliveries: Iterable[Delivery], contents: Mapping[str, Content]) -> Iterator[tuple[str, str]]:
    """Yield pairs of cluster and namespace that manifests name themselves, where their app does not."""
    for delivery in deliveries:
        content = contents.get(delivery.name)
        if delivery.namespace or content is None:
            continue
        for manifest in content.manifests():
            key = key_of(manifest)
            named = key.namespace or manifest.get("namespace")  # the second: a kustomization.yaml
            if isinstance(named, str) and named and not is_cluster_scoped(key.group_kind):
                yield delivery.site.name, named
