"""``cross-namespace``: where Flux is told to refuse references to other namespaces, there are none.

``--no-cross-namespace-refs=true`` of a controller, or ``multitenant`` of a FluxInstance, makes it refuse them with
AccessDenied (Flux v2.7, multi-tenancy lockdown).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import flag_at, items_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    ALERT,
    DEPLOYMENT,
    FLUX_INSTANCE,
    HELM_RELEASE,
    IMAGE_POLICY,
    IMAGE_UPDATE_AUTOMATION,
    KUSTOMIZATION,
    RECEIVER,
)
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import containers, template_of
from nixernetes.verify.references.graph import walked
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_FLAG: Final = "--no-cross-namespace-refs"
_REFERENCES: Final[dict[GroupKind, tuple[str, tuple[str, ...]]]] = {
    KUSTOMIZATION: ("kustomize-controller", ("spec.sourceRef",)),
    HELM_RELEASE: ("helm-controller", ("spec.chart.spec.sourceRef", "spec.chartRef")),
    IMAGE_POLICY: ("image-reflector-controller", ("spec.imageRepositoryRef",)),
    IMAGE_UPDATE_AUTOMATION: ("image-automation-controller", ("spec.sourceRef",)),
    ALERT: ("notification-controller", ("spec.eventSources.[]",)),
    RECEIVER: ("notification-controller", ("spec.resources.[]",)),
}


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        strict = _strict(cluster)
        for kind, (controller, paths) in _REFERENCES.items():
            for item in cluster.of(kind) if controller in strict else ():
                for pattern in paths:
                    for path, entry in walked(item.manifest, pattern):
                        space = text_at(entry, "namespace")
                        if space and space != item.namespace:
                            message = (
                                f"can't access '{text_at(entry, 'kind')}/{space}/{text_at(entry, 'name')}', "
                                f"cross-namespace references have been blocked ({_FLAG} of {controller})"
                            )
                            where = (*path, "namespace")
                            yield Found(cluster=cluster, subject=item, message=message, path=where)


def _strict(cluster: ClusterObjects) -> frozenset[str]:
    """Return the controllers that refuse references to other namespaces."""
    if any(flag_at(each.manifest, "spec", "cluster", "multitenant") for each in cluster.of(FLUX_INSTANCE)):
        return frozenset(controller for controller, _ in _REFERENCES.values())
    found = set()
    for item in cluster.of(DEPLOYMENT):
        pod = template_of(item)
        for _, container in containers(pod) if pod is not None and item.key.name.endswith("-controller") else ():
            if {_FLAG, f"{_FLAG}=true"} & {str(each) for each in items_at(container, "args")}:
                found.add(item.key.name)
    return frozenset(found)


RULE: Final = Rule(
    name="cross-namespace",
    topic="tenancy",
    severity=Severity.ERROR,
    sentence="Nothing refers to another namespace where Flux refuses that.",
    check=_check,
)
