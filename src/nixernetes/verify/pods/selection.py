"""Which pods a selector means: label selectors of the API, over the pod templates of a namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from nixernetes.objects.api_groups import (
    CERT_MANAGER,
    CILIUM,
    EXTERNAL_SECRETS,
    FLUX_DOMAIN,
    ISTIO_SECURITY,
    KYVERNO,
    TRAEFIK,
    TRUST_MANAGER,
)
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.pods.workloads import PodTemplate, pod_templates

__all__ = ["has_strangers", "may_run_pods", "selected", "selects"]

# groups and kinds of operators that configure, and run nothing
_WITHOUT_PODS: Final = (
    CERT_MANAGER,
    EXTERNAL_SECRETS,
    KYVERNO,
    "bitnami.com",
    CILIUM,
    "metallb.io",
    "networking.istio.io",
    ISTIO_SECURITY,
    TRAEFIK,
    TRUST_MANAGER,
    "isindir.github.com",
)
_KINDS_WITHOUT_PODS: Final = (
    *("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "ScrapeConfig", "AlertmanagerConfig"),
    *("ScaledObject", "TriggerAuthentication", "AppProject", "AnalysisTemplate", "Rollout", "GrafanaDashboard"),
)


_ANY: Final = ("", "")
_ByLabel: TypeAlias = dict[tuple[str, str, str], list[tuple[PodTemplate, dict[str, str]]]]


def selects(selector: Json, labels: Mapping[str, str]) -> bool:
    """Tell whether a ``LabelSelector`` matches labels; the empty one matches all (``LabelSelectorAsSelector``)."""
    wanted = mapping_at(selector, "matchLabels")
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_holds(each, labels) for each in objects_at(selector, "matchExpressions"))


def _holds(requirement: Mapping[str, Json], labels: Mapping[str, str]) -> bool:
    key, operator, values = (
        text_at(requirement, "key"),
        text_at(requirement, "operator"),
        items_at(requirement, "values"),
    )
    match operator:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False


def selected(cluster: ClusterObjects, namespace: str, selector: Json) -> Iterator[PodTemplate]:
    """Yield the pod templates of a namespace that a ``LabelSelector`` matches."""
    label = next(iter(mapping_at(selector, "matchLabels").items()), _ANY)
    for pod, labels in _by_label(cluster).get((namespace, *label), ()) if isinstance(label[1], str) else ():
        if selects(selector, labels):
            yield pod


def _by_label(cluster: ClusterObjects) -> _ByLabel:
    """Return the pod templates of a cluster by namespace and label, all of a namespace without one; made once."""
    known: _ByLabel | None = cluster.memo.get(__name__)
    if known is None:
        known = cluster.memo[__name__] = {}
        for pod in pod_templates(cluster):
            labels = pod.labels
            for label in (_ANY, *labels.items()):
                known.setdefault((pod.owner.namespace, *label), []).append((pod, labels))
    return known


def has_strangers(cluster: ClusterObjects, namespace: str) -> bool:
    """Tell whether pods may run in a namespace that cannot be known here: of operators, or of what is not rendered."""
    if cluster.may_have(namespace):
        return True
    return any(item.namespace == namespace and may_run_pods(item.key.group_kind) for item in cluster.placed)


def may_run_pods(kind: GroupKind) -> bool:
    """Tell whether objects of a custom kind may run pods or make Services."""
    if "." not in kind.group or kind.group.endswith((".k8s.io", FLUX_DOMAIN)):
        return False
    return kind.group not in _WITHOUT_PODS and kind.kind not in _KINDS_WITHOUT_PODS
