"""How many pods run, and how long: replicas, autoscalers, nodes, schedules, and kinds of others."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.cost.samples import autoscaler, claim, container, obj, template, workload

from nixernetes import cost
from nixernetes.errors import InputError

Data = dict[str, Any]
ONE = template(container("1"))
CORE = Decimal("23.07603")


def counts(*objects: Data, **more: Any) -> tuple[int, int, int]:
    lines = [each for each in cost.estimate(objects, **more).lines if each.resource == "cpu"]
    return tuple(int(sum(each.count[index] for each in lines)) for index in range(3))  # type: ignore[return-value]


def lines(*objects: Data, **more: Any) -> list[tuple[str, str]]:
    found = cost.estimate(objects, **more).lines
    return [(each.status.value, each.reason) for each in found if each.status is not cost.LineStatus.NO_REQUEST]


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "StatefulSet"])
def test_replicas_are_one_unless_written(kind: str) -> None:
    assert counts(workload(ONE, kind)) == (1, 1, 1)
    assert counts(workload({"replicas": 4, **ONE}, kind)) == (4, 4, 4)


@pytest.mark.parametrize(
    ("replicas", "least", "most", "expected"),
    [
        (3, 2, 10, (2, 3, 10)),
        (1, 2, 10, (2, 2, 10)),
        (20, 2, 10, (2, 10, 10)),
        (None, 2, 10, (2, 2, 10)),
        (None, None, 5, (1, 1, 5)),
        (None, 5, 2, (5, 5, 5)),
    ],
)
def test_an_autoscaler_bounds_the_replicas(
    replicas: int | None, least: int | None, most: int, expected: tuple[int, int, int]
) -> None:
    spec = {**ONE, **({} if replicas is None else {"replicas": replicas})}
    assert counts(workload(spec), autoscaler(least, most)) == expected


def test_an_autoscaler_is_off_where_there_are_no_replicas() -> None:
    told = "replicas: 0, so HorizontalPodAutoscaler/shop/web is off"
    assert lines(workload({"replicas": 0, **ONE}), autoscaler(2, 10)) == [("zero", told)]


def test_an_autoscaler_of_another_kind_name_or_namespace_counts_for_nothing() -> None:
    elsewhere = autoscaler(5, 10)
    elsewhere["metadata"]["namespace"] = "other"
    others = (autoscaler(5, 10, kind="StatefulSet"), autoscaler(5, 10, name="other"), elsewhere)
    for index, each in enumerate(others):
        each["metadata"]["name"] = f"scaler-{index}"
    assert counts(workload(ONE), *others) == (1, 1, 1)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, (0, 0, 100)),
        ({"minReplicaCount": 2, "maxReplicaCount": 8}, (2, 3, 8)),
        ({"minReplicaCount": 4, "maxReplicaCount": 8, "idleReplicaCount": 0}, (0, 3, 8)),
    ],
)
def test_keda_scales_down_to_nothing(spec: Data, expected: tuple[int, int, int]) -> None:
    scaled = obj("keda.sh/v1alpha1", "ScaledObject", {"scaleTargetRef": {"name": "web"}, **spec})
    replicas = {"replicas": 3} if spec else {}
    assert counts(workload({**replicas, **ONE}), scaled) == expected


def test_keda_starts_what_has_no_replicas_and_stops_where_it_is_paused() -> None:
    scaled = obj("keda.sh/v1alpha1", "ScaledObject", {"scaleTargetRef": {"name": "web"}, "maxReplicaCount": 4})
    assert counts(workload({"replicas": 0, **ONE}), scaled) == (0, 0, 4)
    scaled["metadata"]["annotations"] = {"autoscaling.keda.sh/paused-replicas": "2"}
    assert counts(workload({"replicas": 3, **ONE}), scaled) == (2, 2, 2)


@pytest.mark.parametrize("replicas", ["3", 1.5, -1, 2**40, True])
def test_replicas_that_are_no_number_make_the_object_unknown(replicas: object) -> None:
    told = [("unknown", "cannot be read: replicas is not a whole number of 0 or more")]
    assert lines(workload({"replicas": replicas, **ONE})) == told


NODES = [
    {"count": 3, "labels": {"pool": "general"}},
    {"count": 2, "labels": {"pool": "gpu"}, "taints": [{"key": "gpu", "value": "true", "effect": "NoSchedule"}]},
    {"count": 4, "labels": {"pool": "cheap", "karpenter.sh/capacity-type": "spot"}},
]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, 7),
        ({"nodeSelector": {"pool": "general"}}, 3),
        ({"tolerations": [{"operator": "Exists"}]}, 9),
        ({"tolerations": [{"key": "gpu", "operator": "Equal", "value": "true"}], "nodeSelector": {"pool": "gpu"}}, 2),
        ({"tolerations": [{"key": "gpu", "operator": "Equal", "value": "no"}]}, 7),
    ],
)
def test_a_daemon_set_runs_on_each_node_that_takes_it(spec: Data, expected: int) -> None:
    daemon = workload(template(container("1"), **spec), "DaemonSet")
    assert counts(daemon, clusters={"prod": {"nodes": NODES}}) == (expected,) * 3


def test_a_daemon_set_costs_less_on_nodes_that_may_be_taken_away() -> None:
    found = cost.estimate([workload(ONE, "DaemonSet")], clusters={"prod": {"nodes": NODES}})
    priced = [(each.price_key, int(each.count.typical)) for each in found.lines if each.price is not None]
    assert priced == [("cpu", 3), ("cpu.spot", 4)]


def test_a_daemon_set_that_fits_nowhere_or_on_nodes_that_nobody_counts() -> None:
    daemon = workload(template(container("1"), nodeSelector={"pool": "none"}), "DaemonSet")
    assert lines(daemon, clusters={"prod": {"nodes": NODES}}) == [("zero", "it fits on none of 9 nodes")]
    told = "nodes unknown: name them with their count in the inventory"
    assert lines(daemon) == [("unpriced", told)]


HOUR = cost.Assumptions(job_duration="1h")


@pytest.mark.parametrize(
    ("spec", "pods"),
    [
        ({}, 1),
        ({"parallelism": 3}, 3),
        ({"parallelism": 3, "completions": 2}, 2),
        ({"completions": 9}, 1),
    ],
)
def test_a_job_runs_its_pods_once(spec: Data, pods: int) -> None:
    found = cost.estimate([workload({**spec, **ONE}, "Job")], assumptions=HOUR)
    assert found.total.monthly == pods * Decimal("0.031611")


def test_a_job_is_shown_and_not_added_where_nobody_says_how_long_it_runs() -> None:
    found = cost.estimate([workload(ONE, "Job")])
    (line,) = found.of(cost.LineStatus.NOT_ADDED)
    assert (line.amount, found.total.monthly) == (1, 0)


def cron(schedule: str, **more: object) -> Data:
    return workload({"schedule": schedule, "jobTemplate": {"spec": ONE}, **more}, "CronJob")


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ("0 * * * *", 730),
        ("@hourly", 730),
        ("0 0 1 * *", 1),
        ("0 0 1 1 *", Fraction(1, 12)),
        ("@every 2h", 365),
        ("0 6 * * MON", Fraction(365, 7 * 12)),
        ("0 6 1 * MON", Fraction(12 * 7 + 365 - 12, 7 * 12)),
    ],
)
def test_a_cron_job_runs_as_often_as_its_schedule_says(schedule: str, hours: Fraction) -> None:
    found = cost.estimate([cron(schedule)], assumptions=HOUR)
    (line,) = [each for each in found.lines if each.resource == "cpu"]
    assert abs(Fraction(line.hours) - hours) < Fraction(1, 10**12)


def test_runs_that_may_not_overlap_take_no_more_than_the_month() -> None:
    day = cost.Assumptions(job_duration="24h")
    overlapping, alone = (
        cost.estimate([cron("0 * * * *", concurrencyPolicy=policy)], assumptions=day).total.monthly
        for policy in ("Allow", "Forbid")
    )
    assert (overlapping, alone) == (24 * CORE, CORE)


def test_what_is_suspended_costs_nothing_and_a_schedule_that_is_none_is_unknown() -> None:
    assert lines(cron("0 * * * *", suspend=True), assumptions=HOUR) == [("zero", "suspend: true")]
    ((status, reason),) = lines(cron("every day"), assumptions=HOUR)
    assert (status, reason.startswith("cannot be read: schedule: ")) == ("unknown", True)


def test_one_job_may_have_a_duration_of_its_own() -> None:
    own = cost.Assumptions(job_duration="1h", job_durations={"CronJob/shop/web": "2h"})
    assert cost.estimate([cron("0 0 1 * *")], assumptions=own).total.monthly == 2 * Decimal("0.031611")


def test_a_rollout_runs_like_a_deployment_and_is_scaled_like_one() -> None:
    rollout = workload({"replicas": 3, **ONE}, "Rollout")
    scaler = autoscaler(2, 6)
    scaler["spec"]["scaleTargetRef"] = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "web"}
    assert counts(rollout) == (3, 3, 3)
    assert counts(rollout, scaler) == (2, 3, 6)


def test_a_rollout_may_run_the_template_of_a_deployment() -> None:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    rollout = workload({"replicas": 3, "workloadRef": {**reference, "scaleDown": "onsuccess"}}, "Rollout")
    assert counts(rollout, workload({"replicas": 3, **ONE})) == (3, 3, 3)
    told = lines(rollout, workload({"replicas": 3, **ONE}))
    assert ("zero", "scaled down by Rollout/shop/web") in told
    assert lines(rollout) == [("unpriced", "its template is that of Deployment/shop/web, which is not there")]


def test_any_kind_with_a_pod_template_is_a_workload() -> None:
    assert counts(obj("apps.kruise.io/v1alpha1", "CloneSet", {"replicas": 5, **ONE})) == (5, 5, 5)
    annotations = {"autoscaling.knative.dev/min-scale": "1", "autoscaling.knative.dev/max-scale": "4"}
    service = {"template": {**ONE["template"], "metadata": {"annotations": annotations}}}
    assert counts(obj("serving.knative.dev/v1", "Service", service)) == (1, 1, 4)


def test_members_that_an_operator_runs_are_priced_as_far_as_they_are_told() -> None:
    cluster = {
        "instances": 3,
        "resources": {"requests": {"cpu": "1", "memory": "2Gi"}},
        "storage": {"size": "10Gi", "storageClass": "fast"},
    }
    book = cost.PriceBook(hourly={"cpu": "1", "memory": "0"}, monthly={"storage.fast": "0.1"})
    found = cost.estimate([obj("postgresql.cnpg.io/v1", "Cluster", cluster)], prices=book)
    assert found.total.monthly == 3 * 730 + 3 * 10 * Decimal("0.1")
    assert "without what the operator adds" in found.lines[0].notes[0]


def test_what_an_operator_runs_is_listed_where_it_is_not_told() -> None:
    ((status, reason),) = lines(obj("monitoring.coreos.com/v1", "Prometheus", {"replicas": 2, "version": "v3"}))
    assert (status, reason) == ("unpriced", "its operator runs 2: what each of them requests is not given")
    workers = {"workers": {"pods": {"containers": [{"name": "a", "image": "b"}]}}}
    ((status, reason),) = lines(obj("train.example.com/v1", "TrainingJob", workers))
    assert (status, "how many pods are made of them is not known" in reason) == ("unpriced", True)


def test_kinds_that_run_nothing_have_no_lines() -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    monitor = obj("monitoring.coreos.com/v1", "ServiceMonitor", {"selector": {}})
    machines = obj("cluster.x-k8s.io/v1beta1", "MachineDeployment", {"replicas": 3, "template": {"spec": {}}})
    assert cost.estimate([config, monitor, machines, claim("1Gi", storageClassName=None)]).total.monthly > 0
    assert cost.estimate([config, monitor, machines]).lines == ()


def test_an_object_that_two_deliveries_bring_is_paid_for_once() -> None:
    assert counts(workload({"replicas": 2, **ONE}), workload({"replicas": 9, **ONE})) == (2, 2, 2)


def test_a_hook_does_not_run_on() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "test", "annotations": {"helm.sh/hook": "test"}}}
    ((status, _),) = lines({**pod, "spec": {"containers": [container("1")]}})
    assert status == "not added"


def test_objects_that_the_api_server_names_are_each_another() -> None:
    job = workload(ONE, "Job")
    job["metadata"] = {"generateName": "migrate-", "namespace": "shop"}
    found = cost.estimate([job, job], assumptions=HOUR)
    assert [each.subject.key.name for each in found.lines if each.resource == "cpu"] == ["migrate-1", "migrate-2"]


@pytest.mark.parametrize(("mode", "told"), [(None, True), ("Auto", True), ("Off", False)])
def test_what_a_vertical_autoscaler_may_change_is_said(mode: str | None, told: bool) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    policy = {} if mode is None else {"updatePolicy": {"updateMode": mode}}
    vertical = obj("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", {"targetRef": target, **policy})
    notes = cost.estimate([workload(ONE), vertical]).lines[0].notes
    assert notes == (("VerticalPodAutoscaler/shop/web may change its requests",) if told else ())


def test_a_rollout_that_doubles_while_it_is_updated_says_so() -> None:
    rollout = workload({"strategy": {"blueGreen": {"activeService": "web"}}, **ONE}, "Rollout")
    assert cost.estimate([rollout]).lines[0].notes == ("blue-green: twice as many while it is updated",)


@pytest.mark.parametrize("given", [{"job_duration": "a day"}, {"job_durations": {"Job/a/b": "1d"}}])
def test_a_duration_that_is_none_is_refused(given: Data) -> None:
    with pytest.raises(InputError, match="is not a duration"):
        cost.Assumptions(**given)
