"""Workloads reach the states that a real cluster would show, when their time has come."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.api import Event
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator, sets
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.cluster.workloads.store import WorkloadStore
from nixernetes.engine.runtime import Runtime
from nixernetes.health import kstatus
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest

Run = Callable[[float], None]
PODS = GroupKind("", "Pod")


def live(cluster: EmbeddedCluster, manifest: Manifest) -> Manifest:
    found = cluster.get(key_of(manifest))
    assert found is not None
    return found


def health(cluster: EmbeddedCluster, manifest: Manifest) -> str:
    return str(kstatus.compute(live(cluster, manifest)).status)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_workload_becomes_current_after_its_delay(cluster: EmbeddedCluster, run: Run, kind: str) -> None:
    manifest = workload(kind)
    cluster.apply(manifest, manager="flux")
    run(1)
    assert health(cluster, manifest) == "InProgress"
    run(10)
    assert health(cluster, manifest) == "Current"


def test_a_deployment_owns_a_replica_set_that_owns_pods(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(workload(), manager="flux")
    run(5)
    (replica_set,) = cluster.list(GroupKind("apps", "ReplicaSet"))
    pods = cluster.list(PODS)
    assert len(pods) == 2
    assert {pod["metadata"]["ownerReferences"][0]["uid"] for pod in pods} == {replica_set["metadata"]["uid"]}
    cluster.delete(key_of(workload()))
    run(0)
    assert cluster.list(PODS) == []


def test_a_rollout_replaces_the_pods_and_scales_the_old_set_down(cluster: EmbeddedCluster, run: Run) -> None:
    manifest = workload()
    cluster.apply(manifest, manager="flux")
    run(5)
    new = workload(name="web")
    new["spec"]["template"]["spec"]["containers"][0]["image"] = "web:2"
    cluster.apply(new, manager="flux")
    run(1)
    assert live(cluster, manifest)["status"]["availableReplicas"] == 2
    assert health(cluster, manifest) == "InProgress"
    run(5)
    assert health(cluster, manifest) == "Current"
    assert {pod["spec"]["containers"][0]["image"] for pod in cluster.list(PODS)} == {"web:2"}
    replicas = sorted(item["spec"]["replicas"] for item in cluster.list(GroupKind("apps", "ReplicaSet")))
    assert replicas == [0, 2]


def test_a_rollout_that_does_not_progress_passes_its_deadline(cluster: EmbeddedCluster, run: Run) -> None:
    manifest = workload(annotations={"sim.nixernetes.dev/fail": "CrashLoopBackOff"}, progressDeadlineSeconds=60)
    cluster.apply(manifest, manager="flux")
    run(59)
    assert health(cluster, manifest) == "InProgress"
    run(2)
    assert health(cluster, manifest) == "Failed"
    conditions = {item["type"]: item for item in live(cluster, manifest)["status"]["conditions"]}
    assert conditions["Progressing"]["reason"] == "ProgressDeadlineExceeded"
    pod = cluster.list(PODS)[0]
    assert pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "CrashLoopBackOff"


@pytest.mark.parametrize(
    ("failure", "phase", "reason"),
    [
        (Failure.IMAGE_PULL, "Pending", "ImagePullBackOff"),
        (Failure.CRASH, "Running", "CrashLoopBackOff"),
        (Failure.UNSCHEDULABLE, "Pending", "Unschedulable"),
        (Failure.NEVER_READY, "Running", ""),
    ],
)
def test_an_image_can_be_told_to_fail(clock: VirtualClock, failure: Failure, phase: str, reason: str) -> None:
    cluster = EmbeddedCluster(name="failing", clock=clock)
    simulator = WorkloadSimulator(cluster, clock, WorkloadProfile(failures={"web:*": failure}))
    cluster.apply(workload(), manager="flux")
    for _ in range(3):
        simulator.run(clock.now())
        clock.advance(timedelta(seconds=5))
    pod = cluster.list(PODS)[0]
    assert pod["status"]["phase"] == phase
    waiting = [
        item["state"].get("waiting", {}).get("reason", "") for item in pod["status"].get("containerStatuses", [])
    ]
    reasons = [item.get("reason", "") for item in pod["status"]["conditions"]]
    assert reason in [*waiting, *reasons]


def test_stateful_pods_come_one_after_the_other_with_their_claims(cluster: EmbeddedCluster, run: Run) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim: Json = {"metadata": {"name": "data"}, "spec": spec}
    cluster.apply(workload("StatefulSet", volumeClaimTemplates=[claim]), manager="flux")
    run(1)
    assert [pod["metadata"]["name"] for pod in cluster.list(PODS)] == ["web-0"]
    run(5)
    assert [pod["metadata"]["name"] for pod in cluster.list(PODS)] == ["web-0", "web-1"]
    claims = cluster.list(GroupKind("", "PersistentVolumeClaim"))
    assert {item["metadata"]["name"]: item["status"]["phase"] for item in claims} == {
        "data-web-0": "Bound",
        "data-web-1": "Bound",
    }


@pytest.mark.parametrize(
    ("fails", "held"), [(False, ["SuccessCriteriaMet", "Complete"]), (True, ["FailureTarget", "Failed"])]
)
def test_a_job_ends(cluster: EmbeddedCluster, run: Run, fails: bool, held: list[str]) -> None:
    annotations = {"sim.nixernetes.dev/fail": "Error"} if fails else {}
    template: Json = {
        "metadata": {"annotations": annotations},
        "spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "migrate:1"}]},
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "migrate", "namespace": "default"},
        "spec": {"template": template, "backoffLimit": 1},
    }
    cluster.apply(job, manager="flux")
    run(30)
    conditions = live(cluster, job)["status"]["conditions"]
    assert [item["type"] for item in conditions if item["status"] == "True"] == held
    assert live(cluster, job)["status"].get("failed", 0) == (2 if fails else 0)


def test_a_load_balancer_gets_an_address(cluster: EmbeddedCluster, run: Run) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
    }
    cluster.apply(service, manager="flux")
    run(1)
    assert live(cluster, service)["status"]["loadBalancer"] == {}
    run(10)
    assert live(cluster, service)["status"]["loadBalancer"]["ingress"]


def test_a_cluster_in_which_nothing_happens_costs_nothing(cluster: EmbeddedCluster, clock: VirtualClock) -> None:
    simulator = WorkloadSimulator(cluster, clock)
    simulator.run(clock.now())
    cluster.apply(config_map(), manager="flux")
    assert simulator.due() is None
    assert cluster.get(ObjectKey("", "ConfigMap", "default", "settings")) is not None


def test_a_disruption_budget_counts_the_pods_it_selects(cluster: EmbeddedCluster, run: Run) -> None:
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"minAvailable": "50%", "selector": {"matchLabels": {"app": "web"}}},
    }
    cluster.apply(budget, manager="flux")
    cluster.apply(workload(), manager="flux")
    run(1)
    assert live(cluster, budget)["status"]["disruptionsAllowed"] == 0
    run(5)
    status = live(cluster, budget)["status"]
    assert (status["expectedPods"], status["currentHealthy"], status["desiredHealthy"]) == (2, 2, 1)
    assert status["disruptionsAllowed"] == 1
    assert status["conditions"][0]["reason"] == "SufficientPods"


def test_an_autoscaler_keeps_its_workload_within_bounds_and_says_when_it_is_gone(
    cluster: EmbeddedCluster, run: Run
) -> None:
    autoscaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {
            "minReplicas": 3,
            "maxReplicas": 5,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        },
    }
    cluster.apply(autoscaler, manager="flux")
    run(1)
    assert live(cluster, autoscaler)["status"]["conditions"][0]["reason"] == "FailedGetScale"
    cluster.apply(workload(), manager="flux")
    run(10)
    assert live(cluster, workload())["spec"]["replicas"] == 3
    conditions = {item["type"]: item["status"] for item in live(cluster, autoscaler)["status"]["conditions"]}
    assert conditions == {"AbleToScale": "True", "ScalingActive": "True", "ScalingLimited": "False"}
    assert live(cluster, autoscaler)["status"]["desiredReplicas"] == 3


def test_an_object_that_cannot_be_handled_is_told_and_the_others_go_on(
    cluster: EmbeddedCluster, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours with one object must not stop a cluster."""
    handle = sets.reconcile_daemon_set

    def broken(store: WorkloadStore, item: Manifest, profile: WorkloadProfile, nodes: None) -> datetime | None:
        if item["metadata"]["name"] == "bad":
            raise KeyError("template")
        return handle(store, item, profile, nodes)

    monkeypatch.setattr(sets, "reconcile_daemon_set", broken)
    told: list[str] = []
    simulator = WorkloadSimulator(cluster, clock, on_error=lambda key, error: told.append(f"{key}: {error!r}"))
    for name in ("bad", "good"):
        cluster.apply(workload("DaemonSet", name), manager="flux")
    Runtime(clock).add_process(simulator)
    simulator.run(clock.now())
    assert told == ["DaemonSet/default/bad: KeyError('template')"]
    assert [pod["metadata"]["ownerReferences"][0]["name"] for pod in cluster.list(PODS)] == ["good"]


def test_a_watcher_that_fails_is_told_and_what_is_stored_stays_whole(clock: VirtualClock) -> None:
    told: list[str] = []
    cluster = EmbeddedCluster(name="c", clock=clock, on_error=lambda key, error: told.append(f"{key}: {error!r}"))
    seen: list[str] = []

    def broken(event: Event) -> None:
        raise ValueError(event.type)

    cluster.watch(broken)
    cluster.watch(lambda event: seen.append(event.object["metadata"]["name"]))
    cluster.apply(config_map("a"), manager="flux")
    assert told == ["ConfigMap/default/a: ValueError(<EventType.ADDED: 'ADDED'>)"]
    assert seen == ["a"]


@pytest.mark.parametrize("kind", ["ReplicaSet", "StatefulSet"])
def test_pods_beyond_what_a_cluster_holds_are_not_made_and_that_is_said(
    cluster: EmbeddedCluster, clock: VirtualClock, kind: str
) -> None:
    told: list[str] = []
    profile = WorkloadProfile(most_pods=3)
    simulator = WorkloadSimulator(cluster, clock, profile, lambda key, error: told.append(f"{key}: {error}"))
    parallel = {"podManagementPolicy": "Parallel"} if kind == "StatefulSet" else {}
    cluster.apply(workload(kind, replicas=1_000_000_000, **parallel), manager="flux")
    simulator.run(clock.now())
    assert len(cluster.list(PODS)) == 3
    assert set(told) == {f"{kind}/default/web: a simulated cluster holds 3 pods: ask for fewer"}


@pytest.mark.parametrize(("limit", "kept"), [(None, 11), (2, 3), (0, 1)])
def test_old_replica_sets_go_beyond_the_history_limit(
    cluster: EmbeddedCluster, run: Run, limit: int | None, kept: int
) -> None:
    for number in range(15):
        manifest = workload(**({} if limit is None else {"revisionHistoryLimit": limit}))
        manifest["spec"]["template"]["spec"]["containers"][0]["image"] = f"web:{number}"
        cluster.apply(manifest, manager="flux")
        run(10)
    sets = cluster.list(GroupKind("apps", "ReplicaSet"))
    revisions = sorted(int(one["metadata"]["annotations"]["deployment.kubernetes.io/revision"]) for one in sets)
    assert revisions == [*range(16 - kept, 16)]


def test_a_template_that_comes_back_gets_the_next_revision(cluster: EmbeddedCluster, run: Run) -> None:
    for image in ("web:1", "web:2", "web:1"):
        manifest = workload()
        manifest["spec"]["template"]["spec"]["containers"][0]["image"] = image
        cluster.apply(manifest, manager="flux")
        run(10)
    revisions = {
        one["spec"]["template"]["spec"]["containers"][0]["image"]: one["metadata"]["annotations"]
        for one in cluster.list(GroupKind("apps", "ReplicaSet"))
    }
    assert revisions["web:1"]["deployment.kubernetes.io/revision"] == "3"
    assert revisions["web:2"]["deployment.kubernetes.io/revision"] == "2"


class _Running:
    """A clock that is later each time it is asked, as those of machines are."""

    def __init__(self) -> None:
        self._now = datetime.fromisoformat("2026-01-01T00:00:00Z")

    def now(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now


def test_what_changed_is_due_on_a_clock_that_never_stands_still() -> None:
    clock = _Running()
    cluster = EmbeddedCluster(name="live", clock=clock)
    runtime = Runtime(clock)
    runtime.add_process(WorkloadSimulator(cluster, clock, WorkloadProfile(ready_after=timedelta(microseconds=1))))
    manifest = workload()
    cluster.apply(manifest, manager="flux")
    for _ in range(20):
        runtime.run_due(limit=50)
    assert health(cluster, manifest) == "Current"
