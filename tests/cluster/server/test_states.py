"""States that may not follow each other, and generations that a server counts."""

from typing import Any

import pytest
from tests.cluster.server.client import MERGE, STRATEGIC, ApiClient

JOBS = "/apis/batch/v1/namespaces/default/jobs"
TEMPLATE = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox:1"}]}}
BEGAN = "2026-01-01T00:00:00Z"
ENDED = "2026-01-01T00:01:00Z"


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    found = ApiClient()
    found.made(
        JOBS,
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": TEMPLATE}},
    )
    return found


def condition(kind: str, status: str = "True") -> dict[str, str]:
    return {"type": kind, "status": status, "lastTransitionTime": BEGAN}


def told(client: ApiClient, status: object) -> list[str]:
    """Return what is refused of a status."""
    answer = client.read("PATCH", f"{JOBS}/j/status", {"status": status}, media=MERGE)
    return [f"{each['field']}: {each['message']}" for each in answer.get("details", {}).get("causes", [])]


def test_a_job_completes_with_its_times_and_its_criteria(client: ApiClient) -> None:
    assert told(client, {"conditions": [condition("Complete")]}) == [
        "status.completionTime: Required value: completionTime is required for Complete jobs",
        (
            "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true "
            "condition"
        ),
        "status.startTime: Required value: startTime is required for finished job",
    ]
    done = {
        "startTime": BEGAN,
        "completionTime": ENDED,
        "conditions": [condition("SuccessCriteriaMet"), condition("Complete")],
    }
    assert told(client, done) == []


def test_a_job_that_failed_stays_so(client: ApiClient) -> None:
    failed = {"startTime": BEGAN, "failed": 1, "conditions": [condition("FailureTarget"), condition("Failed")]}
    assert told(client, failed) == []
    found = told(client, {"failed": 0, "conditions": [condition("FailureTarget")]})
    assert found == [
        "status.conditions: Invalid value: cannot disable the terminal Failed=True condition",
        "status.failed: Invalid value: 0: cannot decrease the failed counter",
    ]


@pytest.mark.parametrize(
    ("indexes", "wrong"),
    [
        ("0,2", ""),
        ("0-2", 'too large index: "2"'),
        ("1,0", "non-increasing order, previous: 1, current: 0"),
        ("x", 'cannot convert string to integer for index: "x"'),
    ],
)
def test_indexes_are_in_order_and_known(client: ApiClient, indexes: str, wrong: str) -> None:
    count = 3 if not wrong else 2
    spec = {"template": TEMPLATE, "completionMode": "Indexed", "completions": count, "parallelism": count}
    client.made(JOBS, {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "i"}, "spec": spec})
    answer = client.read("PATCH", f"{JOBS}/i/status", {"status": {"completedIndexes": indexes}}, media=MERGE)
    assert (f"error parsing completedIndexes: {wrong}" in answer.get("message", "")) is bool(wrong)


def test_what_a_job_is_does_not_change(client: ApiClient) -> None:
    changed = {"spec": {"template": {"spec": {"nodeSelector": {"a": "b"}}}}}
    assert client.ask("PATCH", f"{JOBS}/j", changed, media=STRATEGIC).status == 422
    spec = {"template": TEMPLATE, "suspend": True}
    client.made(JOBS, {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "s"}, "spec": spec})
    assert client.ask("PATCH", f"{JOBS}/s", changed, media=STRATEGIC).status == 200


def test_the_template_of_a_daemon_set_is_counted(client: ApiClient) -> None:
    path = "/apis/apps/v1/namespaces/default/daemonsets"
    labels = {"app": "d"}
    template: dict[str, Any] = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "c", "image": "nginx:1"}]},
    }
    spec = {"selector": {"matchLabels": labels}, "template": template}
    made = client.made(path, {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}, "spec": spec})
    counted = "deprecated.daemonset.template.generation"
    assert made["metadata"]["annotations"] == {counted: "1"}
    image = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "nginx:2"}]}}}}
    changed = client.read("PATCH", f"{path}/d", image, media=STRATEGIC)
    assert changed["metadata"]["annotations"] == {counted: "2"}
    partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    assert "annotations" not in client.read("GET", f"{path}/d", accept=partial)["metadata"]
