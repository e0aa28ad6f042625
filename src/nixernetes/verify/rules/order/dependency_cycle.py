"""``dependency-cycle``: no delivery waits for itself, directly, through others, or through what brings it.

A parent that waits (``wait``, or a health check of its child) is ready only when its child is; a child that depends on
its parent is applied only when the parent is ready. kustomize-controller v1.9 checks dependencies before it builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION
from nixernetes.render.deliveries import Delivery
from nixernetes.render.dependency_circles import circle_of, circle_text, dependencies_of, never_ready
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.platform.clusters:
        here = view.hubs[cluster.name]
        known = {each.key: each for each in cluster.deliveries if each.key.group_kind in (KUSTOMIZATION, HELM_RELEASE)}
        manifests = {key: each.manifest for key, each in known.items()}
        told: set[tuple[ObjectKey, ...]] = set()
        for key in never_ready(manifests):
            line = circle_of(key, manifests.get)
            if line and line not in told:
                told.add(line)
                message = f"dependsOn is a circle: {circle_text(line)}: none of them is ever ready, so remove one"
                yield Found(cluster=here, subject=known[line[0]], message=message, path=("spec", "dependsOn"))
        for key, delivery in known.items():
            for index, needed in enumerate(dependencies_of(delivery.manifest)):
                if needed in delivery.parents and needed in known and _waits_for(known[needed], key, known):
                    message = f"it depends on {needed}, which brings it and waits for it: neither is ever ready"
                    path = ("spec", "dependsOn", index, "name")
                    yield Found(cluster=here, subject=delivery, message=message, path=path)


def _waits_for(parent: Delivery, child: ObjectKey, known: Mapping[ObjectKey, Delivery]) -> bool:
    """Tell whether a parent, directly or through others that it waits for, is ready only after a child."""
    if flag_at(parent.manifest, "spec", "wait"):
        return True
    checks = objects_at(parent.manifest, "spec", "healthChecks")
    names = {(text_at(each, "kind"), text_at(each, "namespace"), text_at(each, "name")) for each in checks}
    line = [child, *(known[child].parents if child in known else ())]
    return any((key.kind, key.namespace, key.name) in names for key in line if key != parent.key)


RULE: Final = Rule(
    name="dependency-cycle",
    topic="dependency-cycle",
    severity=Severity.ERROR,
    sentence="No delivery waits for itself, directly or through others.",
    check=_check,
)
