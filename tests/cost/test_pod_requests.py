"""What a pod asks for is the scheduler's sum: sidecars, init containers, overhead, requests of the pod, defaults."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cost.samples import container, obj, template, workload

from nixernetes import cost
from nixernetes.cost.pods.limit_ranges import container_defaults
from nixernetes.cost.pods.requests import ContainerDefaults, RequestSource, pod_requests
from nixernetes.errors import InputError
from nixernetes.languages.quantities import NANO

Data = dict[str, Any]


def cores(spec: Data, defaults: ContainerDefaults | None = None, **overhead: str) -> float:
    return pod_requests(spec, defaults, overhead)["cpu"].nano / NANO


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ([], 1.0),
        ([container("3")], 3.0),
        ([container("3", restartPolicy="Always")], 4.0),
        ([container("2"), container("1", restartPolicy="Always")], 2.0),
        ([container("1", restartPolicy="Always"), container("2")], 3.0),
        ([container("1", restartPolicy="Always"), container("2", restartPolicy="Always"), container("0.5")], 4.0),
    ],
)
def test_init_containers_peak_and_sidecars_stay(init: list[Data], expected: float) -> None:
    assert cores({"containers": [container("0.4"), container("0.6")], "initContainers": init}) == expected


def test_a_sidecar_that_starts_later_does_not_add_to_an_earlier_peak() -> None:
    spec = {
        "containers": [container("100m")],
        "initContainers": [container("1"), container("500m", restartPolicy="Always")],
    }
    assert cores(spec) == 1.0


def test_the_overhead_of_the_runtime_is_added_and_that_of_the_pod_wins() -> None:
    assert cores({"containers": [container("1")]}, cpu="250m") == 1.25
    assert cores({"containers": [container("1")], "overhead": {"cpu": "100m"}}, cpu="250m") == 1.1


def test_requests_of_the_pod_stand_in_place_of_the_sum() -> None:
    spec = {"containers": [container("1"), {"name": "silent"}], "resources": {"requests": {"cpu": "3"}}}
    found = pod_requests(spec)["cpu"]
    assert (found.nano, found.missing) == (3 * NANO, ())


def test_a_limit_of_the_pod_stands_for_a_request_that_no_container_makes() -> None:
    spec = {"containers": [{"name": "silent"}], "resources": {"limits": {"memory": "1Gi"}}}
    found = pod_requests(spec)["memory"]
    assert (str(found), found.source) == ("1Gi", RequestSource.LIMIT)


def test_devices_are_not_requested_by_the_pod_itself() -> None:
    spec = {"containers": [container()], "resources": {"requests": {"nvidia.com/gpu": "2"}}}
    assert pod_requests(spec)["nvidia.com/gpu"].nano == 0


def test_a_limit_comes_before_the_defaults_of_a_namespace() -> None:
    defaults = ContainerDefaults(requests={"cpu": NANO // 10}, limits={})
    limited = {"name": "main", "resources": {"limits": {"cpu": "2"}}}
    assert cores({"containers": [limited]}, defaults) == 2.0
    assert cores({"containers": [{"name": "main"}]}, defaults) == 0.1


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"defaultRequest": {"cpu": "1"}, "default": {"cpu": "2"}, "max": {"cpu": "3"}, "min": {"cpu": "0.5"}}, 1),
        ({"default": {"cpu": "2"}, "max": {"cpu": "3"}, "min": {"cpu": "0.5"}}, 2),
        ({"max": {"cpu": "3"}, "min": {"cpu": "0.5"}}, 3),
        ({"min": {"cpu": "0.5"}}, 0.5),
    ],
)
def test_a_limit_range_is_completed_as_the_api_server_does(item: Data, expected: float) -> None:
    found = container_defaults([{"metadata": {"name": "a"}, "spec": {"limits": [{"type": "Container", **item}]}}])
    assert found.requests["cpu"] == expected * NANO


def test_limits_of_pods_and_claims_are_no_defaults() -> None:
    found = container_defaults([{"spec": {"limits": [{"type": "Pod", "default": {"cpu": "1"}}]}}])
    assert found == ContainerDefaults()


def test_who_asks_for_nothing_is_told_and_costs_at_least_nothing() -> None:
    found = cost.estimate([workload({"replicas": 2, **template(container("1"), {"name": "silent"})})])
    told = [(each.resource, each.reason) for each in found.of(cost.LineStatus.NO_REQUEST)]
    assert told == [
        ("cpu", "no cpu request of container silent"),
        ("memory", "no memory request of containers main, silent"),
    ]
    assert all(each.ceiling is None for each in found.lines)


@pytest.mark.parametrize("value", ["1,5", "abc", "", "-1", True, [], {}, "1e999", "9" * 200, "1 Gi"], ids=repr)
def test_what_is_no_quantity_makes_the_object_unknown_and_says_where(value: object) -> None:
    broken = {"name": "main", "resources": {"requests": {"cpu": value}}}
    found = cost.estimate([workload(template(broken)), workload(template(container("1")), name="other")])
    (line,) = found.of(cost.LineStatus.UNKNOWN)
    assert line.reason.startswith("cannot be read: main: requests.cpu: ")
    assert found.total.monthly > 0


def test_a_bad_limit_range_makes_what_it_is_for_unknown() -> None:
    ranges = obj("v1", "LimitRange", {"limits": [{"type": "Container", "default": {"cpu": "x"}}]})
    found = cost.estimate([workload(template(container("1"))), ranges])
    assert [each.status for each in found.lines] == ["unknown"]


def test_a_quantity_that_is_refused_is_not_quoted() -> None:
    with pytest.raises(InputError) as caught:
        pod_requests({"containers": [{"name": "a", "resources": {"limits": {"cpu": "hunter2"}}}]})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("written", ["512Mi", "512M", "1G", "1Gi", "1500k", "100Ki", "128974849", "500m", "0"])
def test_amounts_are_shown_as_people_write_them(written: str) -> None:
    assert str(pod_requests({"containers": [container(memory=written)]})["memory"]) == written
