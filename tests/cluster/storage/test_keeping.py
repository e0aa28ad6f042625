"""What was kept is there again, all of it; what could not be kept was never there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.cluster.samples import config_map
from tests.cluster.storage.memory import MemoryChanges

from nixernetes.cluster.api import ApiError, Event, EventType
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.storage.kept_cluster import KeptCluster
from nixernetes.cluster.storage.opening import OpenedCluster, open_cluster
from nixernetes.cluster.storage.port import StorageError
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import API_SERVICE, NAMESPACE
from nixernetes.objects.manifest import Manifest

CONFIG_MAPS = GroupKind("", "ConfigMap")
WIDGET = GroupKind("example.com", "Widget")


def opened(store: MemoryChanges) -> OpenedCluster:
    found = open_cluster("test", VirtualClock(), store)
    for name in namespaces.FIRST:
        found.cluster.namespace(name)
    found.journal.keep()
    return found


def definition(*fields: str) -> Manifest:
    spec: Any = {"type": "object", "properties": {field: {"type": "string"} for field in fields}}
    schema = {"type": "object", "properties": {"spec": spec}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget", "singular": "widget", "listKind": "WidgetList"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


def widget(**spec: str) -> Manifest:
    meta = {"name": "w", "namespace": "default"}
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": meta, "spec": spec}


def service(name: str) -> Manifest:
    meta = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [{"port": 80}]}}


def state(cluster: KeptCluster) -> tuple[int, list[Manifest], list[GroupKind]]:
    return cluster.revision, cluster.written(), cluster.kinds()


def test_a_cluster_goes_on_where_it_ended() -> None:
    store = MemoryChanges()
    before = opened(store)
    before.cluster.create(definition("a"), manager="k")
    owner = before.cluster.apply(config_map("c", a="1"), manager="one")
    owned = config_map("d")
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "c", "uid": owner["metadata"]["uid"]}
    owned["metadata"]["ownerReferences"] = [reference]
    before.cluster.create(owned, manager="k")
    before.cluster.apply(widget(a="x"), manager="k")
    address = before.cluster.create(service("one"), manager="k")["spec"]["clusterIP"]
    before.cluster.delete(key_of(before.cluster.create(config_map("gone"), manager="k")))
    before.journal.keep()

    after = opened(store)
    assert state(after.cluster) == state(before.cluster)
    assert after.cluster.dependents(owner["metadata"]["uid"]) == [key_of(owned)]
    assert after.cluster.create(service("two"), manager="k")["spec"]["clusterIP"] != address
    with pytest.raises(ApiError, match="conflict"):
        after.cluster.apply(config_map("c", a="2"), manager="two")
    with pytest.raises(ApiError, match="not declared"):
        after.cluster.apply(widget(b="x"), manager="k")
    made = after.cluster.create(config_map("gone"), manager="k")
    assert int(made["metadata"]["resourceVersion"]) == after.cluster.revision > before.cluster.revision


def test_watches_go_on_from_revisions_before_the_restart() -> None:
    store = MemoryChanges()
    before = opened(store)
    first = before.cluster.create(config_map("c", a="1"), manager="k")
    since = before.cluster.revision
    second = before.cluster.update({**first, "data": {"a": "2"}}, manager="k")
    before.cluster.delete(key_of(second))
    before.journal.keep()

    after = opened(store)
    after.cluster.create(config_map("d"), manager="k")
    found = [(one.event.type, one.event.object["metadata"]["name"]) for one in after.history.since(since, CONFIG_MAPS)]
    assert found == [(EventType.MODIFIED, "c"), (EventType.DELETED, "c"), (EventType.ADDED, "d")]
    assert after.history.rows_at(since, CONFIG_MAPS) == {("default", "c"): first}
    assert after.history.oldest == 1


def test_who_goes_on_from_the_restart_does_not_wait_for_the_past() -> None:
    store = MemoryChanges()
    before = opened(store)
    before.cluster.create(config_map("c"), manager="k")
    before.journal.keep()
    asked = []
    store.changes = lambda: asked.append(1) or []  # type: ignore[method-assign,func-returns-value]
    after = opened(store)
    began = after.cluster.revision
    after.cluster.create(config_map("d"), manager="k")
    assert not after.history.forgot(began)
    assert [one.event.object["metadata"]["name"] for one in after.history.since(began, CONFIG_MAPS)] == ["d"]
    assert not asked
    assert after.history.forgot(began - 1)
    assert asked


def test_a_store_that_forgot_leaves_a_history_that_begins_later() -> None:
    store = MemoryChanges()
    before = opened(store)
    for number in range(5):
        before.cluster.create(config_map(f"c{number}"), manager="k")
    before.journal.keep()
    kept = store.changes()
    store.changes = lambda: kept[-2:]  # type: ignore[method-assign]
    assert opened(store).history.oldest == before.cluster.revision - 2


def test_what_cannot_be_kept_did_not_happen() -> None:
    store = MemoryChanges()
    found = opened(store)
    cluster, journal = found.cluster, found.journal
    cluster.create(definition("a"), manager="k")
    cluster.apply(config_map("c", a="1"), manager="one")
    cluster.create(config_map("d"), manager="one")
    journal.keep()
    before = state(cluster)

    store.is_full = True
    cluster.apply(config_map("c", a="2"), manager="one")
    cluster.delete(ObjectKey("", "ConfigMap", "default", "d"))
    cluster.create(config_map("e"), manager="k")
    cluster.apply(widget(a="x"), manager="k")
    cluster.delete(ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "widgets.example.com"))
    assert cluster.is_namespaced(WIDGET) is None
    with pytest.raises(StorageError):
        journal.keep()

    assert state(cluster) == before
    assert not journal.waits
    found.history.cut()
    assert found.history.all_since(before[0]) == []
    store.is_full = False
    assert cluster.apply(widget(a="y"), manager="k")["metadata"]["resourceVersion"] == str(before[0] + 1)
    journal.keep()
    assert state(opened(store).cluster) == state(cluster)


def test_a_definition_is_taken_back_with_its_kind() -> None:
    store = MemoryChanges()
    found = opened(store)
    store.is_full = True
    found.cluster.create(definition("a"), manager="k")
    with pytest.raises(StorageError):
        found.journal.keep()
    assert found.cluster.is_namespaced(WIDGET) is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["apply", "create", "delete", "owned", "keep", "fail"]), st.integers(0, 3)), max_size=30
)


class Mirror:
    """What somebody knows who only listens."""

    def __init__(self, cluster: KeptCluster) -> None:
        self.known = {key_of(item): item for item in cluster.written()}
        cluster.watch(self._note)

    def _note(self, event: Event) -> None:
        if event.type is EventType.DELETED:
            del self.known[key_of(event.object)]
        else:
            self.known[key_of(event.object)] = event.object


@settings(max_examples=60, deadline=None, derandomize=True)
@given(STEPS)
def test_memory_is_what_the_store_knows_whatever_fails(steps: list[tuple[str, int]]) -> None:
    """And who listens knows the same."""
    store = MemoryChanges()
    found = opened(store)
    mirror = Mirror(found.cluster)
    for number, (verb, which) in enumerate(steps):
        try:
            change(found, store, verb, which, number)
        except (ApiError, StorageError):
            continue
    store.is_full = True
    try:
        found.journal.keep()
    except StorageError:
        found.history.cut()
    assert state(open_cluster("test", VirtualClock(), store).cluster) == state(found.cluster)
    assert mirror.known == {key_of(item): item for item in found.cluster.written()}
    assert [one.revision for one in found.history.all_since(0)] == [*range(2, found.cluster.revision + 1)]


def change(found: OpenedCluster, store: MemoryChanges, verb: str, which: int, number: int) -> None:
    name = f"c{which}"
    if verb in ("keep", "fail"):
        store.is_full = verb == "fail"
        try:
            found.journal.keep()
        finally:
            found.history.cut()
    elif verb == "apply":
        found.cluster.apply(config_map(name, a=str(number)), manager="k", force=True)
    elif verb == "delete":
        found.cluster.delete(ObjectKey("", "ConfigMap", "default", name))
    else:
        manifest = config_map(name)
        owner = found.cluster.get(ObjectKey("", "ConfigMap", "default", "c0"))
        if verb == "owned" and owner is not None:
            reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "c0", "uid": owner["metadata"]["uid"]}
            manifest["metadata"]["ownerReferences"] = [reference]
        found.cluster.create(manifest, manager="k")


def test_what_a_server_has_by_itself_takes_nothing_away_when_it_is_changed() -> None:
    """An APIService is no change, and has a version all the same: not that of the first change."""
    store = MemoryChanges()
    before = open_cluster("c", VirtualClock(), store)
    before.cluster.namespace("default")
    (service,) = [each for each in before.cluster.list(API_SERVICE) if each["metadata"]["name"] == "v1.apps"]
    labelled = {**service, "metadata": {**service["metadata"], "labels": {"a": "b"}}}
    before.cluster.update(labelled, manager="me")
    before.journal.keep()
    revisions = [change.revision for change in store.changes()]
    assert int(service["metadata"]["resourceVersion"]) not in revisions
    after = open_cluster("c", VirtualClock(), store).cluster
    default = ObjectKey(*NAMESPACE, "", "default")
    assert after.get(default) == before.cluster.get(default)
    assert after.get(key_of(service)) == before.cluster.get(key_of(service))


def test_a_kind_that_a_kept_definition_defines_is_served_as_that_says() -> None:
    store = MemoryChanges()
    before = open_cluster("c", VirtualClock(), store, alone=False)
    before.cluster.create(definition("size"), manager="me")
    before.journal.keep()
    after = open_cluster("c", VirtualClock(), store, alone=False).cluster
    made = widget(size="1", nope="1")
    after.serve(key_of(made).group_kind, namespaced=True)
    assert after.create(made, manager="me")["spec"] == {"size": "1"}


def test_who_comes_later_is_told_of_all_that_was_kept() -> None:
    store, told = MemoryChanges(), list[Event]()
    before = open_cluster("c", VirtualClock(), store, alone=False)
    before.journal.keep()
    after = open_cluster("c", VirtualClock(), store, alone=False)
    after.cluster.watch(told.append)
    after.cluster.recall()
    assert [event.object for event in told] == before.cluster.written()
    assert {event.type for event in told} == {EventType.ADDED}
    assert not after.journal.waits
