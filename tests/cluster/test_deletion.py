"""Deleting follows owners, waits for finalizers, and empties namespaces."""

import copy

import pytest
from tests.cluster.samples import config_map

from nixernetes.cluster.api import ApiError, EventType, Propagation
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

PARENT = ObjectKey("", "ConfigMap", "default", "parent")
CHILD = ObjectKey("", "ConfigMap", "default", "child")
TEAM = ObjectKey("", "Namespace", "", "team")


def family(cluster: EmbeddedCluster, *finalizers: str) -> None:
    parent = cluster.apply(config_map("parent"), manager="k")
    child = config_map("child")
    child["metadata"]["finalizers"] = list(finalizers)
    child["metadata"]["ownerReferences"] = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": "parent", "uid": parent["metadata"]["uid"]}
    ]
    cluster.apply(child, manager="k")


def without_finalizers(found: Manifest | None) -> Manifest:
    assert found is not None
    changed = copy.deepcopy(found)
    changed["metadata"]["finalizers"] = []
    return changed


def test_dependents_go_with_their_last_owner(cluster: EmbeddedCluster) -> None:
    family(cluster)
    cluster.delete(PARENT)
    assert cluster.get(CHILD) is None


def test_orphans_stay_without_their_owner(cluster: EmbeddedCluster) -> None:
    family(cluster)
    cluster.delete(PARENT, propagation=Propagation.ORPHAN)
    child = cluster.get(CHILD)
    assert child is not None
    assert "ownerReferences" not in child["metadata"]


def test_in_the_foreground_the_owner_waits_for_its_dependents(cluster: EmbeddedCluster) -> None:
    family(cluster, "example.com/hold")
    cluster.delete(PARENT, propagation=Propagation.FOREGROUND)
    parent = cluster.get(PARENT)
    assert parent is not None
    assert parent["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert "deletionTimestamp" in parent["metadata"]
    cluster.update(without_finalizers(cluster.get(CHILD)), manager="k")
    assert cluster.get(CHILD) is None
    assert cluster.get(PARENT) is None


def test_an_object_with_finalizers_stays_until_they_are_gone(cluster: EmbeddedCluster) -> None:
    manifest = config_map()
    manifest["metadata"]["finalizers"] = ["example.com/hold"]
    cluster.apply(manifest, manager="k")
    key = key_of(manifest)
    seen: list[EventType] = []
    cluster.watch(lambda event: seen.append(event.type))
    cluster.delete(key)
    cluster.delete(key)
    assert seen == [EventType.MODIFIED]
    cluster.update(without_finalizers(cluster.get(key)), manager="k")
    assert cluster.get(key) is None
    assert seen == [EventType.MODIFIED, EventType.MODIFIED, EventType.DELETED]


def test_a_namespace_takes_its_content_along(cluster: EmbeddedCluster) -> None:
    cluster.namespace("team")
    cluster.apply(config_map(namespace="team"), manager="k")
    cluster.delete(TEAM)
    assert cluster.get(TEAM) is None
    assert cluster.in_namespace("team") == []


def test_a_namespace_that_goes_away_takes_nothing_new(cluster: EmbeddedCluster) -> None:
    cluster.namespace("team")
    held = config_map(namespace="team")
    held["metadata"]["finalizers"] = ["example.com/hold"]
    cluster.apply(held, manager="k")
    cluster.delete(TEAM)
    namespace = cluster.get(TEAM)
    assert namespace is not None
    assert namespace["status"]["phase"] == "Terminating"
    with pytest.raises(ApiError, match="because it is being terminated") as caught:
        cluster.apply(config_map("late", namespace="team"), manager="k")
    assert caught.value.reason == "Forbidden"
    cluster.update(without_finalizers(cluster.get(key_of(held))), manager="k")
    assert cluster.get(TEAM) is None
