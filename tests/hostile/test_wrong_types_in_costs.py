"""A value of a wrong type makes an object unknown, or is read as nothing; it never ends an estimate."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st
from tests.cost.samples import autoscaler, claim, container, obj, template, workload
from tests.wrong_types import changes

from nixernetes import cost
from nixernetes.cost.amounts import exact_sum
from nixernetes.cost.formats.data import delta_json, estimate_csv, estimate_json
from nixernetes.cost.formats.markdown import delta_markdown
from nixernetes.cost.formats.page import estimate_html
from nixernetes.cost.formats.text import delta_text, estimate_text
from nixernetes.cost.reports import CostReport, DeltaReport

SPOT = {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot"]}
REQUIRED = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [SPOT]}]}}
POD = template(
    {"name": "a", "resources": {"requests": {"cpu": "1", "nvidia.com/gpu": 1}, "limits": {"cpu": 2, "memory": "1Gi"}}},
    initContainers=[container("100m", "64Mi", restartPolicy="Always"), container("2")],
    nodeSelector={"disk": "ssd"},
    affinity={"nodeAffinity": REQUIRED},
    tolerations=[{"key": "gpu", "operator": "Exists"}],
    volumes=[{"name": "scratch", "ephemeral": {"volumeClaimTemplate": claim("1Gi")}}],
    resources={"requests": {"cpu": "3"}},
    overhead={"cpu": "100m"},
    runtimeClassName="kata",
)
LIMITS = {"type": "Container", "default": {"cpu": "1"}, "max": {"memory": "2Gi"}}
OBJECTS: list[Any] = [
    workload({"replicas": 3, **POD}),
    autoscaler(2, 10),
    workload({"replicas": 2, "volumeClaimTemplates": [claim("10Gi", storageClassName="fast")], **POD}, "StatefulSet"),
    workload(POD, "DaemonSet", "agent"),
    workload({"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"parallelism": 2, **POD}}}, "CronJob"),
    workload({"completions": 3, **POD}, "Job"),
    workload({"workloadRef": {"kind": "Deployment", "name": "web", "scaleDown": "onsuccess"}}, "Rollout"),
    obj("keda.sh/v1alpha1", "ScaledObject", {"scaleTargetRef": {"name": "web"}, "maxReplicaCount": 3}, "keda"),
    obj("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", {"targetRef": {"name": "web"}, "updatePolicy": {}}),
    obj("v1", "LimitRange", {"limits": [LIMITS]}),
    obj("node.k8s.io/v1", "RuntimeClass", {}, "kata", overhead={"podFixed": {"cpu": "50m"}}),
    obj("v1", "Service", {"type": "LoadBalancer", "loadBalancerClass": "nlb"}),
    obj("networking.k8s.io/v1", "Ingress", {"ingressClassName": "alb"}, metadata={"annotations": {"a": "b"}}),
    obj("gateway.networking.k8s.io/v1", "Gateway", {"gatewayClassName": "alb"}),
    obj(
        "postgresql.cnpg.io/v1",
        "Cluster",
        {"instances": 3, "resources": {"requests": {"cpu": 1}}, "storage": {"size": "1Gi"}},
    ),
    obj("example.com/v1", "Trainer", {"workers": {"containers": [{"image": "a"}]}}),
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"nixernetes.io/owner": "a"}}},
    {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "fast", "annotations": {"a": "b"}},
    },
]
NODES = {"prod": {"nodes": [{"count": 3, "labels": {"disk": "ssd"}}, {"count": 1, "labels": {"a": "b"}}]}}
TAKEN = cost.Assumptions(job_duration="1h", load_balancer_classes=frozenset({"alb"}))


def estimate(objects: list[Any]) -> cost.Estimate:
    known = [each for each in objects if isinstance(each, dict) and isinstance(each.get("kind"), str) and each["kind"]]
    return cost.estimate({"prod": known}, clusters=NODES, assumptions=TAKEN)


SOUND = estimate(OBJECTS)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(changes(OBJECTS))
def test_a_wrong_type_never_ends_an_estimate(changed: list[Any]) -> None:
    odd = estimate(changed)
    for base, head in ((SOUND, odd), (odd, SOUND)):
        delta = cost.compare(base, head)
        assert exact_sum(each.amount for each in delta.changes) == delta.amount
        for each in delta.changed:
            assert exact_sum(cause.amount for cause in each.causes) == each.amount
        assert delta_text(DeltaReport(delta=delta))
        assert delta_json(DeltaReport(delta=delta))
        assert delta_markdown(DeltaReport(delta=delta))
    report = CostReport(estimate=odd, everything=True)
    for write in (estimate_text, estimate_json, estimate_csv, estimate_html):
        assert write(report)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.data())
def test_several_wrong_types_at_once_do_neither(data: st.DataObject) -> None:
    changed = OBJECTS
    for _ in range(4):
        changed = data.draw(changes(changed))
    assert estimate(changed).total.monthly >= 0


def test_what_is_sound_has_no_object_that_cannot_be_read() -> None:
    assert SOUND.of(cost.LineStatus.UNKNOWN) == ()


def test_the_largest_numbers_that_are_taken_are_counted_exactly() -> None:
    huge = workload({"replicas": 2**31 - 1, **template(container("999999999999999999", "999999999999999999"))})
    found = cost.estimate([huge])
    assert found.total.monthly == exact_sum(each.monthly.typical for each in found.lines)
    assert cost.compare(cost.estimate([]), found).amount == found.total.monthly
    assert estimate_text(CostReport(estimate=found))
