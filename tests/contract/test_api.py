"""What every ``Api`` keeps: embedded clusters, clusters over HTTP, and the real one that environment variables name.

``NIXERNETES_TEST_KUBECONFIG`` names a kubeconfig whose current context the suite may write to: it makes a namespace of
its own, one custom kind, and removes both.
"""

from __future__ import annotations

import os
import queue
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.real_api_server import API_SERVER, ETCD, has_real_api_server, real_api_server

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.cluster.api import Api, ApiError, Event, EventType
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.testing import cluster as served_cluster

REAL = "NIXERNETES_TEST_KUBECONFIG"
CONFIG_MAP = GroupKind("", "ConfigMap")
DEPLOYMENT = GroupKind("apps", "Deployment")
LONG = 20.0  # seconds until a change is given up


class Place:
    """A cluster, and a namespace in it that is the test's own."""

    def __init__(self, api: Api, namespace: str) -> None:
        self.api = api
        self.namespace = namespace

    def key(self, name: str, kind: GroupKind = CONFIG_MAP) -> ObjectKey:
        return ObjectKey(*kind, self.namespace, name)

    def config_map(self, name: str, labels: Json = None, **data: str) -> Manifest:
        meta = {"name": name, "namespace": self.namespace, **({"labels": labels} if labels else {})}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}

    def deployment(self, **spec: Json) -> Manifest:
        template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web", "namespace": self.namespace},
            "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template, **spec},
        }


@pytest.fixture(scope="module", params=["embedded", "http", "real"])
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    if request.param == "embedded":
        yield EmbeddedCluster(name="test", clock=VirtualClock())
        return
    with ExitStack() as stack:
        if request.param == "http":
            file = stack.enter_context(served_cluster()).kubeconfig
        elif os.environ.get(REAL):
            file = Path(os.environ[REAL])
        elif has_real_api_server():
            file = stack.enter_context(real_api_server())
        else:
            pytest.skip(f"{REAL} names no kubeconfig, and {API_SERVER} and {ETCD} no programs")
        connection = ApiConnection(read_kubeconfig(file, {}).context())
        client = KubeClient(connection, may_write=True, watched=[CONFIG_MAP, DEPLOYMENT])
        stack.callback(client.close)
        yield client


@pytest.fixture
def place(api: Api) -> Iterator[Place]:
    name = f"contract-{uuid.uuid4().hex[:8]}"
    api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, manager="contract")
    yield Place(api, name)
    api.delete(ObjectKey("", "Namespace", "", name))


def refused(error: pytest.ExceptionInfo[ApiError]) -> str:
    return error.value.reason


def test_what_is_created_is_read_as_the_server_completed_it(place: Place) -> None:
    made = place.api.create(place.config_map("a", x="1"), manager="contract")
    assert made["metadata"]["uid"]
    assert made["metadata"]["resourceVersion"]
    assert place.api.get(place.key("a")) == made


def test_what_is_not_there_is_none(place: Place) -> None:
    assert place.api.get(place.key("nothing")) is None
    assert place.api.get(place.key("nothing", GroupKind("unknown.example", "Thing"))) is None
    assert place.api.get(ObjectKey("", "ConfigMap", "", "no-namespace")) is None


def test_what_is_there_is_not_created_again(place: Place) -> None:
    place.api.create(place.config_map("a"), manager="contract")
    with pytest.raises(ApiError, match=r'configmaps "a" already exists') as error:
        place.api.create(place.config_map("a"), manager="contract")
    assert refused(error) == "AlreadyExists"


def test_an_object_needs_its_namespace_and_its_kind(place: Place) -> None:
    lost = {**place.config_map("a"), "metadata": {"name": "a", "namespace": "not-there"}}
    with pytest.raises(ApiError, match=r'namespaces "not-there" not found') as error:
        place.api.create(lost, manager="contract")
    assert refused(error) == "NotFound"
    unknown = {"apiVersion": "unknown.example/v1", "kind": "Thing", "metadata": {"name": "a"}}
    with pytest.raises(ApiError, match=r'no matches for kind "Thing" in version "unknown\.example/v1"') as error:
        place.api.apply(unknown, manager="contract")
    assert refused(error) == "NoMatch"


def test_lists_are_sorted_and_chosen_by_namespace_and_labels(place: Place) -> None:
    for name, tier in (("b", "web"), ("a", "web"), ("c", "data")):
        place.api.create(place.config_map(name, labels={"tier": tier, "part": "x"}), manager="contract")
    labels = {"tier": "web", "part": "x"}
    found = place.api.list(CONFIG_MAP, namespace=place.namespace, labels=labels)
    assert [item["metadata"]["name"] for item in found] == ["a", "b"]
    assert {(item["apiVersion"], item["kind"]) for item in found} == {("v1", "ConfigMap")}
    everywhere = place.api.list(CONFIG_MAP, labels=labels)
    places = [(item["metadata"]["namespace"], item["metadata"]["name"]) for item in everywhere]
    assert places == sorted(places)
    assert (place.namespace, "a") in places
    assert place.api.list(GroupKind("unknown.example", "Thing")) == []


def test_kinds_are_discovered(place: Place) -> None:
    assert place.api.is_namespaced(DEPLOYMENT) is True
    assert place.api.is_namespaced(GroupKind("", "Namespace")) is False
    assert place.api.is_namespaced(GroupKind("unknown.example", "Thing")) is None
    assert place.api.is_served({"apiVersion": "apps/v1", "kind": "Deployment"})
    assert not place.api.is_served({"apiVersion": "apps/v1beta1", "kind": "Deployment"})


def test_an_apply_merges_and_notes_its_manager(place: Place) -> None:
    place.api.apply(place.config_map("a", x="1"), manager="one")
    place.api.apply(place.config_map("a", y="2"), manager="two")
    live = place.api.apply(place.config_map("a", x="3"), manager="one")
    assert live["data"] == {"x": "3", "y": "2"}
    assert {each["manager"] for each in live["metadata"]["managedFields"]} == {"one", "two"}


def test_an_apply_takes_away_what_its_manager_applied_before(place: Place) -> None:
    place.api.apply(place.config_map("a", x="1", y="2"), manager="one")
    assert place.api.apply(place.config_map("a", x="1"), manager="one")["data"] == {"x": "1"}


def test_the_same_apply_again_changes_nothing(place: Place) -> None:
    first = place.api.apply(place.deployment(replicas=0), manager="one")
    again = place.api.apply(place.deployment(replicas=0), manager="one")
    assert again["metadata"]["generation"] == first["metadata"]["generation"]
    assert again["spec"] == first["spec"]


def test_a_field_of_another_manager_is_taken_by_force_alone(place: Place) -> None:
    place.api.apply(place.config_map("a", x="1"), manager="one")
    with pytest.raises(ApiError, match='conflict with "one"') as error:
        place.api.apply(place.config_map("a", x="2"), manager="two")
    assert refused(error) == "Conflict"
    assert error.value.details is not None
    assert [(each.reason, each.field) for each in error.value.details.causes] == [("FieldManagerConflict", ".data.x")]
    assert place.api.apply(place.config_map("a", x="2"), manager="two", force=True)["data"] == {"x": "2"}


def test_a_dry_run_tells_what_would_be_and_stores_nothing(place: Place) -> None:
    told = place.api.apply(place.deployment(replicas=0), manager="one", dry_run=True)
    assert told["spec"]["strategy"]["type"] == "RollingUpdate"
    assert place.api.get(place.key("web", DEPLOYMENT)) is None
    place.api.apply(place.config_map("a", x="1"), manager="one")
    assert place.api.apply(place.config_map("a", x="2"), manager="one", dry_run=True)["data"] == {"x": "2"}
    live = place.api.get(place.key("a"))
    assert live is not None
    assert live["data"] == {"x": "1"}


def test_what_breaks_a_rule_of_its_kind_is_invalid(place: Place) -> None:
    with pytest.raises(ApiError, match=r"spec\.replicas: Invalid value: -1") as error:
        place.api.create(place.deployment(replicas=-1), manager="contract")
    assert refused(error) == "Invalid"
    assert error.value.details is not None
    assert [each.field for each in error.value.details.causes] == ["spec.replicas"]


def test_an_update_replaces_and_creates_nothing(place: Place) -> None:
    with pytest.raises(ApiError) as error:
        place.api.update(place.config_map("a", x="1"), manager="contract")
    assert refused(error) == "NotFound"
    place.api.create(place.config_map("a", x="1"), manager="contract")
    assert place.api.update(place.config_map("a", y="2"), manager="contract")["data"] == {"y": "2"}


def test_an_update_for_an_older_state_is_a_conflict(place: Place) -> None:
    old = place.api.create(place.config_map("a", x="1"), manager="contract")
    place.api.update(place.config_map("a", x="2"), manager="contract")
    with pytest.raises(ApiError, match="the object has been modified") as error:
        place.api.update({**old, "data": {"x": "3"}}, manager="contract")
    assert refused(error) == "Conflict"


def test_an_update_of_the_status_leaves_the_spec(place: Place) -> None:
    live = place.api.create(place.deployment(replicas=0, paused=True), manager="contract")
    changed = {**live, "spec": {**live["spec"], "replicas": 5}, "status": {"observedGeneration": 1}}
    del changed["metadata"]["resourceVersion"]
    told = place.api.update(changed, manager="contract", subresource="status")
    assert told["spec"]["replicas"] == 0
    assert told["status"]["observedGeneration"] == 1


def test_what_is_deleted_is_gone_and_not_deleted_twice(place: Place) -> None:
    place.api.create(place.config_map("a"), manager="contract")
    place.api.delete(place.key("a"))
    assert place.api.get(place.key("a")) is None
    with pytest.raises(ApiError, match=r'configmaps "a" not found') as error:
        place.api.delete(place.key("a"))
    assert refused(error) == "NotFound"


def test_a_finalizer_holds_what_is_deleted(place: Place) -> None:
    held = place.config_map("a")
    held["metadata"]["finalizers"] = ["contract.example/wait"]
    place.api.create(held, manager="contract")
    place.api.delete(place.key("a"))
    live = place.api.get(place.key("a"))
    assert live is not None
    assert live["metadata"]["deletionTimestamp"]
    place.api.update({**live, "metadata": {**live["metadata"], "finalizers": []}}, manager="contract")
    assert place.api.get(place.key("a")) is None


def test_a_watch_tells_changes_in_their_order_with_what_was_before(place: Place) -> None:
    place.api.create(place.config_map("before", x="1"), manager="contract")
    told: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def take(event: Event) -> None:
        if event.object["kind"] == "ConfigMap" and event.object["metadata"]["namespace"] == place.namespace:
            told.put(event)

    place.api.watch(take)
    place.api.create(place.config_map("a", x="1"), manager="contract")
    place.api.update(place.config_map("a", x="2"), manager="contract")
    place.api.delete(place.key("a"))
    mine: list[Event] = []
    while len(mine) < 3:
        event = told.get(timeout=LONG)
        if event.object["metadata"]["name"] != "kube-root-ca.crt":  # which a controller writes into namespaces
            mine.append(event)
    assert [event.type for event in mine] == [EventType.ADDED, EventType.MODIFIED, EventType.DELETED]
    assert [event.object["data"]["x"] for event in mine] == ["1", "2", "2"]
    assert mine[0].old is None
    assert mine[1].old is not None
    assert mine[1].old["data"] == {"x": "1"}


def test_a_kind_is_known_once_its_definition_is_there(place: Place) -> None:
    group = f"{place.namespace}.example"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"}
    kind = GroupKind(group, "Thing")
    assert place.api.is_namespaced(kind) is None
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }
    established = place.api.create(definition, manager="contract")
    try:
        key = ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", f"things.{group}")
        for _ in range(1000):  # a server needs a moment: each question takes a while
            if place.api.is_namespaced(kind) is not None:
                break
            established = place.api.get(key) or established
        assert place.api.is_namespaced(kind) is True
        meta = {"name": "a", "namespace": place.namespace}
        thing = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": meta, "size": 3}
        assert place.api.apply(thing, manager="contract")["size"] == 3
        assert [item["size"] for item in place.api.list(kind, namespace=place.namespace)] == [3]
    finally:
        place.api.delete(ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", f"things.{group}"))
