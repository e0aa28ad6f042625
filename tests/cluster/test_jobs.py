"""Jobs and CronJobs run as their controllers have it."""

from collections.abc import Callable
from typing import Any

import pytest

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest

Run = Callable[[float], None]
JOBS = GroupKind("batch", "Job")
PODS = GroupKind("", "Pod")
KEY = ObjectKey("batch", "Job", "default", "work")
CRON = ObjectKey("batch", "CronJob", "default", "tick")


def template(*, fails: bool = False, **spec: Any) -> Json:
    notes = {"sim.nixernetes.dev/fail": "Error"} if fails else {}
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "work:1"}]}
    return {"metadata": {"annotations": notes}, "spec": {**pod, **spec}}


def job(*, fails: bool = False, **spec: Any) -> Manifest:
    meta = {"name": "work", "namespace": "default"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": meta,
        "spec": {"template": template(fails=fails), **spec},
    }


def cron(schedule: str = "*/5 * * * *", *, fails: bool = False, slow: bool = False, **spec: Any) -> Manifest:
    inner = template(fails=fails)
    if slow:
        inner["metadata"]["annotations"] = {"sim.nixernetes.dev/ready-after": "12m"}
    meta = {"name": "tick", "namespace": "default"}
    wanted = {"schedule": schedule, "jobTemplate": {"spec": {"template": inner}}, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta, "spec": wanted}


def status(cluster: EmbeddedCluster, key: ObjectKey = KEY) -> Json:
    found = cluster.get(key)
    assert found is not None
    return found.get("status") or {}


def held(cluster: EmbeddedCluster, key: ObjectKey = KEY) -> dict[str, str]:
    """Return the conditions that hold, with their reasons."""
    return {
        each["type"]: each["reason"] for each in status(cluster, key).get("conditions", []) if each["status"] == "True"
    }


def test_an_indexed_job_has_a_pod_for_each_index(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(job(completions=4, parallelism=2, completionMode="Indexed"), manager="test")
    run(1)
    (first, second) = cluster.list(PODS)
    index = "batch.kubernetes.io/job-completion-index"
    assert [pod["metadata"]["annotations"][index] for pod in (first, second)] == ["0", "1"]
    assert first["spec"]["hostname"] == "work-0"
    assert first["spec"]["containers"][0]["env"][0]["name"] == "JOB_COMPLETION_INDEX"
    run(30)
    assert status(cluster)["completedIndexes"] == "0-3"
    assert status(cluster)["succeeded"] == 4


def test_indexes_that_fail_are_told(cluster: EmbeddedCluster, run: Run) -> None:
    spec = {"completions": 2, "parallelism": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 0}
    cluster.create(job(fails=True, **spec), manager="test")
    run(30)
    assert status(cluster)["failedIndexes"] == "0,1"
    assert held(cluster)["Failed"] == "FailedIndexes"


def test_a_job_has_its_time(cluster: EmbeddedCluster, run: Run) -> None:
    late = job(activeDeadlineSeconds=10)
    late["spec"]["template"]["metadata"]["annotations"] = {"sim.nixernetes.dev/ready-after": "1h"}
    cluster.create(late, manager="test")
    run(9)
    assert held(cluster) == {}
    run(5)
    assert held(cluster)["Failed"] == "DeadlineExceeded"
    assert cluster.list(PODS) == []


def test_a_job_goes_when_it_has_been_done_for_long_enough(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(job(ttlSecondsAfterFinished=60), manager="test")
    run(30)
    assert "Complete" in held(cluster)
    run(60)
    assert cluster.get(KEY) is None


def test_a_job_is_suspended_and_goes_on(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(job(suspend=True), manager="test")
    run(10)
    assert held(cluster) == {"Suspended": "JobSuspended"}
    assert cluster.list(PODS) == []
    live = cluster.get(KEY)
    assert live is not None
    cluster.update({**live, "spec": {**live["spec"], "suspend": False}}, manager="test")
    run(10)
    assert "Complete" in held(cluster)


def test_pods_that_are_gone_stay_counted(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(job(completions=2), manager="test")
    run(3)
    (done, _) = sorted(cluster.list(PODS), key=lambda pod: pod["status"]["phase"], reverse=True)
    assert done["status"]["phase"] == "Succeeded"
    cluster.delete(ObjectKey("", "Pod", "default", done["metadata"]["name"]))
    run(10)
    assert status(cluster)["succeeded"] == 2


def test_a_cron_job_starts_a_job_at_each_of_its_times(cluster: EmbeddedCluster, clock: VirtualClock, run: Run) -> None:
    cluster.create(cron(), manager="test")
    run(16 * 60)
    found = cluster.list(JOBS)
    assert len(found) == 3
    assert all("batch.kubernetes.io/cronjob-scheduled-timestamp" in each["metadata"]["annotations"] for each in found)
    told = status(cluster, CRON)
    assert told["lastScheduleTime"].endswith(":00Z")
    assert told["lastSuccessfulTime"] > told["lastScheduleTime"]
    assert "active" not in told
    run(30 * 60)
    assert len(cluster.list(JOBS)) == 3  # the usual limit of the history
    assert clock.now().minute % 5 == 1


def test_failed_jobs_are_kept_up_to_their_limit(cluster: EmbeddedCluster, run: Run) -> None:
    inner = cron(fails=True, failedJobsHistoryLimit=2)
    inner["spec"]["jobTemplate"]["spec"]["backoffLimit"] = 0
    cluster.create(inner, manager="test")
    run(31 * 60)
    assert len(cluster.list(JOBS)) == 2


@pytest.mark.parametrize(("policy", "active"), [("Allow", 3), ("Forbid", 1), ("Replace", 1)])
def test_jobs_run_beside_each_other_as_they_may(cluster: EmbeddedCluster, run: Run, policy: str, active: int) -> None:
    cluster.create(cron(slow=True, concurrencyPolicy=policy), manager="test")
    run(16 * 60)
    assert len(status(cluster, CRON).get("active", [])) == active


def test_a_suspended_cron_job_starts_nothing(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.create(cron(suspend=True), manager="test")
    run(60 * 60)
    assert cluster.list(JOBS) == []


def test_times_are_those_of_the_time_zone(cluster: EmbeddedCluster, clock: VirtualClock, run: Run) -> None:
    cluster.create(cron("30 9 * * *", timeZone="Asia/Kolkata"), manager="test")
    run(25 * 3600)
    (made,) = cluster.list(JOBS)
    stamp = made["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"]
    assert stamp.endswith("T09:30:00+05:30")
    assert status(cluster, CRON)["lastScheduleTime"].endswith("T04:00:00Z")
    assert clock.now()


def rule(action: str, **more: Json) -> Json:
    return {"rules": [{"action": action, **more}]}


def test_a_failure_that_a_rule_is_about_ends_the_job_at_once(cluster: EmbeddedCluster, run: Run) -> None:
    codes = {"containerName": "c", "operator": "In", "values": [1, 42]}
    cluster.create(job(fails=True, podFailurePolicy=rule("FailJob", onExitCodes=codes)), manager="test")
    run(30)
    assert held(cluster)["Failed"] == "PodFailurePolicy"
    (pod,) = cluster.list(PODS)
    failed = next(each for each in status(cluster)["conditions"] if each["type"] == "Failed")
    where = f"pod default/{pod['metadata']['name']} failed with exit code 1 matching FailJob rule at index 0"
    assert failed["message"] == f"Container c for {where}"


def test_a_failure_that_is_ignored_does_not_count(cluster: EmbeddedCluster, run: Run) -> None:
    codes = {"operator": "NotIn", "values": [2]}
    made = job(fails=True, backoffLimit=0, podFailurePolicy=rule("Ignore", onExitCodes=codes))
    cluster.create(made, manager="test")
    run(30)
    assert held(cluster) == {}
    assert "failed" not in status(cluster)
    assert len(cluster.list(PODS)) > 2, "each of them was replaced"


def test_an_index_is_given_up_for_a_rule(cluster: EmbeddedCluster, run: Run) -> None:
    codes = {"operator": "In", "values": [1]}
    spec = {"completions": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 5, "parallelism": 2}
    made = job(fails=True, podFailurePolicy=rule("FailIndex", onExitCodes=codes), **spec)
    cluster.create(made, manager="test")
    run(30)
    assert status(cluster)["failedIndexes"] == "0,1"
    assert len(cluster.list(PODS)) == 2, "no index was tried again"


def test_too_many_indexes_that_fail_end_a_job(cluster: EmbeddedCluster, run: Run) -> None:
    spec = {"completions": 5, "completionMode": "Indexed", "backoffLimitPerIndex": 0, "maxFailedIndexes": 1}
    cluster.create(job(fails=True, **spec), manager="test")
    run(60)
    assert held(cluster)["Failed"] == "MaxFailedIndexesExceeded"
    assert status(cluster)["failedIndexes"] == "0,1"


@pytest.mark.parametrize(
    ("wanted", "done"),
    [
        ({"succeededIndexes": "0"}, "0"),
        ({"succeededCount": 2}, "0,1"),
        ({"succeededIndexes": "0-3", "succeededCount": 1}, "0"),
    ],
)
def test_a_job_may_succeed_early(cluster: EmbeddedCluster, run: Run, wanted: Json, done: str) -> None:
    spec = {"completions": 5, "completionMode": "Indexed", "successPolicy": {"rules": [wanted]}}
    cluster.create(job(**spec), manager="test")
    run(60)
    assert held(cluster) == {"SuccessCriteriaMet": "SuccessPolicy", "Complete": "SuccessPolicy"}
    assert status(cluster)["completedIndexes"] == done
    assert status(cluster)["conditions"][0]["message"] == "Matched rules at index 0"
