"""Server-side apply: who applies a field owns it, and what its owner no longer applies goes away."""

import copy

import pytest
from hypothesis import given, strategies as st
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.api import ApiError, Event
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.languages.structured_merge import merge
from nixernetes.objects import schema as schemas
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json

SETTINGS = ObjectKey("", "ConfigMap", "default", "settings")


def owners(cluster: EmbeddedCluster, key: ObjectKey) -> dict[str, Json]:
    found = cluster.get(key)
    assert found is not None
    return {entry["manager"]: entry["fieldsV1"] for entry in found["metadata"]["managedFields"]}


def data(cluster: EmbeddedCluster) -> Json:
    found = cluster.get(SETTINGS)
    assert found is not None
    return found.get("data")


def test_applying_twice_is_applying_once(cluster: EmbeddedCluster) -> None:
    events: list[Event] = []
    first = cluster.apply(workload(), manager="flux")
    cluster.watch(events.append)
    assert cluster.apply(copy.deepcopy(workload()), manager="flux") is first
    assert events == []


def test_a_field_that_its_only_owner_drops_is_removed(cluster: EmbeddedCluster) -> None:
    cluster.apply(config_map(a="1", b="2"), manager="flux")
    cluster.apply(config_map(a="1"), manager="flux")
    assert data(cluster) == {"a": "1"}


def test_a_field_that_another_manager_owns_too_stays(cluster: EmbeddedCluster) -> None:
    cluster.apply(config_map(a="1", b="2"), manager="flux")
    cluster.apply(config_map(b="2"), manager="other")
    cluster.apply(config_map(a="1"), manager="flux")
    assert data(cluster) == {"a": "1", "b": "2"}


def test_a_conflict_names_manager_and_field_and_force_takes_the_field(cluster: EmbeddedCluster) -> None:
    cluster.apply(config_map(a="1"), manager="flux")
    with pytest.raises(ApiError, match=r'Apply failed with 1 conflict: conflict with "flux": \.data\.a') as caught:
        cluster.apply(config_map(a="2"), manager="other")
    assert caught.value.reason == "Conflict"
    cluster.apply(config_map(a="2"), manager="other", force=True)
    assert data(cluster) == {"a": "2"}
    assert list(owners(cluster, SETTINGS)) == ["other"]


def test_an_edit_by_hand_takes_the_fields_it_changes_and_no_others(cluster: EmbeddedCluster) -> None:
    live = copy.deepcopy(cluster.apply(workload(), manager="flux"))
    live["spec"]["replicas"] = 9
    cluster.update(live, manager="kubectl-edit")
    found = owners(cluster, key_of(live))
    assert found["kubectl-edit"] == {"f:spec": {"f:replicas": {}}}
    assert "f:replicas" not in found["flux"]["f:spec"]


def test_lists_with_keys_merge_item_by_item(cluster: EmbeddedCluster) -> None:
    cluster.apply(workload(), manager="flux")
    sidecar = workload()
    sidecar["spec"] = {"template": {"spec": {"containers": [{"name": "sidecar", "image": "s:1"}]}}}
    merged = cluster.apply(sidecar, manager="injector")
    assert [item["name"] for item in merged["spec"]["template"]["spec"]["containers"]] == ["web", "sidecar"]
    without = copy.deepcopy(sidecar)
    without["spec"]["template"]["spec"]["containers"] = []
    merged = cluster.apply(without, manager="injector")
    assert [item["name"] for item in merged["spec"]["template"]["spec"]["containers"]] == ["web"]


def test_a_dry_run_returns_the_object_and_stores_nothing(cluster: EmbeddedCluster) -> None:
    would = cluster.apply(config_map(a="1"), manager="flux", dry_run=True)
    assert would["data"] == {"a": "1"}
    assert cluster.get(SETTINGS) is None


def test_generation_counts_changes_of_the_spec_and_nothing_else(cluster: EmbeddedCluster) -> None:
    first = cluster.apply(workload(), manager="flux")
    labelled = workload()
    labelled["metadata"]["labels"] = {"a": "b"}
    second = cluster.apply(labelled, manager="flux")
    status = cluster.update({**second, "status": {"replicas": 1}}, manager="c", subresource="status")
    third = cluster.apply(workload(replicas=3), manager="flux")
    assert [item["metadata"]["generation"] for item in (first, second, status, third)] == [1, 1, 1, 2]
    versions = [int(item["metadata"]["resourceVersion"]) for item in (first, second, status, third)]
    assert versions == sorted(set(versions))


def test_an_update_of_an_old_version_is_a_conflict(cluster: EmbeddedCluster) -> None:
    old = cluster.apply(config_map(a="1"), manager="flux")
    cluster.apply(config_map(a="2"), manager="flux")
    with pytest.raises(ApiError, match="the object has been modified"):
        cluster.update(old, manager="kubectl")


def test_an_object_that_was_handed_out_never_changes(cluster: EmbeddedCluster) -> None:
    first = cluster.apply(workload(), manager="flux")
    before = copy.deepcopy(first)
    cluster.apply(workload(replicas=5), manager="flux")
    assert first == before


def test_secrets_are_stored_encoded(cluster: EmbeddedCluster) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "default"},
        "stringData": {"password": "hunter2"},
    }
    stored = cluster.apply(secret, manager="flux")
    assert stored["data"] == {"password": "aHVudGVyMg=="}
    assert "stringData" not in stored
    assert cluster.apply(copy.deepcopy(secret), manager="flux") is stored


values = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2"]), max_size=4)


@given(st.lists(st.tuples(st.sampled_from(["x", "y"]), values), min_size=1, max_size=6))
def test_each_manager_sees_what_it_applied_last(steps: list[tuple[str, dict[str, str]]]) -> None:
    cluster = EmbeddedCluster(name="p", clock=VirtualClock())
    for manager, wanted in steps:
        stored = cluster.apply(config_map(**wanted), manager=manager, force=True)
        assert (stored.get("data") or {}).items() >= wanted.items()
    held: dict[str, dict[str, str]] = {}
    for manager, wanted in steps:
        for other, theirs in held.items():
            if other != manager:
                held[other] = {k: v for k, v in theirs.items() if wanted.get(k, v) == v}
        held[manager] = wanted
    everything = {k: v for theirs in held.values() for k, v in theirs.items()}
    assert (data(cluster) or {}) == everything


@pytest.mark.parametrize(
    ("live", "applied", "merged"),
    [
        ("abc", "cba", "cba"),
        ("abcd", "dx", "abcdx"),
        ("axb", "ba", "xba"),
        ("abc", "zab", "zabc"),
        ("ax", "az", "axz"),
        ("", "ba", "ba"),
        ("ab", "", "ab"),
        ("abcde", "eca", "bdeca"),
    ],
)
def test_keyed_items_merge_in_the_order_of_the_api_server(live: str, applied: str, merged: str) -> None:
    schema = schemas.of("apps/v1", "Deployment")
    for name in ("spec", "template", "spec", "containers"):
        schema = schema.field(name) if schema is not None else None
    found = merge([{"name": name} for name in live], [{"name": name} for name in applied], schema)
    assert "".join(item["name"] for item in found) == merged
