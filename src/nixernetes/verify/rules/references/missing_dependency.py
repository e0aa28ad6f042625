"""``missing-dependency``: what a delivery depends on exists, with its kind and namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET
from nixernetes.render.deliveries import Delivery
from nixernetes.render.dependency_circles import dependencies_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_DELIVERIES: Final = (KUSTOMIZATION, HELM_RELEASE, RESOURCE_SET)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        for index, needed in enumerate(_needed(delivery)):
            is_hidden = cluster.may_have(needed.namespace, besides=delivery.key, group=needed.group)
            if cluster.has(needed) or is_hidden or needed.group_kind not in _DELIVERIES:
                continue
            same = [key for key in cluster.by_key if key.group_kind in _DELIVERIES]
            twin = next((key for key in same if key.name == needed.name), None)
            hint = meant(needed.name, [key.name for key in same if key.group_kind == needed.group_kind])
            if twin is not None and delivery.key.group_kind != RESOURCE_SET:
                what = "a dependency is always of the same kind" if twin.kind != needed.kind else "name its namespace"
                hint = f": there is {twin}; {what}"
            message = f"it depends on {needed}, which does not exist, so that it is never applied{hint}"
            yield Found(cluster=cluster, subject=delivery, message=message, path=("spec", "dependsOn", index, "name"))


def _needed(delivery: Delivery) -> Iterator[ObjectKey]:
    """Yield what a delivery depends on; a ResourceSet names objects of any kind (Flux Operator v0.38)."""
    if delivery.key.group_kind in (KUSTOMIZATION, HELM_RELEASE):
        yield from dependencies_of(delivery.manifest)
    if delivery.key.group_kind == RESOURCE_SET:
        for each in objects_at(delivery.manifest, "spec", "dependsOn"):
            group = split_api_version(text_at(each, "apiVersion"))[0]
            space = text_at(each, "namespace") or delivery.key.namespace
            yield ObjectKey(group, text_at(each, "kind"), space, text_at(each, "name"))


RULE: Final = Rule(
    name="missing-dependency",
    topic="dependency-missing",
    severity=Severity.ERROR,
    sentence="What a Kustomization or HelmRelease depends on exists.",
    check=_check,
)
