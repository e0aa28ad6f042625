"""Beside an API server that stands alone, controllers collect garbage, and fill and empty namespaces."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.cluster.controllers.installing import controllers
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.runtime import Runtime
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

Run = Callable[[float], None]


@pytest.fixture
def cluster(clock: VirtualClock) -> EmbeddedCluster:
    return EmbeddedCluster(name="alone", clock=clock, alone=True)


@pytest.fixture
def run(cluster: EmbeddedCluster, clock: VirtualClock) -> Run:
    runtime = Runtime(clock)
    parts = controllers(cluster, "PEM")
    runtime.add_process(WorkloadSimulator(cluster, clock, WorkloadProfile(nodes=0), parts=parts))
    return lambda seconds: runtime.advance(clock.now() + timedelta(seconds=seconds)) and None


def owned(name: str, owner: Manifest, **reference: bool) -> Manifest:
    manifest = config_map(name)
    meta = owner["metadata"]
    told = {"apiVersion": "v1", "kind": "ConfigMap", "name": meta["name"], "uid": meta["uid"], **reference}
    manifest["metadata"]["ownerReferences"] = [told]
    return manifest


def names(cluster: EmbeddedCluster) -> set[str]:
    return {one["metadata"]["name"] for one in cluster.list(GroupKind("", "ConfigMap"), namespace="default")}


def test_without_controllers_nothing_is_filled_and_nothing_collected(cluster: EmbeddedCluster) -> None:
    owner = cluster.create(config_map("owner"), manager="m")
    cluster.create(owned("kid", owner), manager="m")
    cluster.delete(key_of(owner))
    assert names(cluster) == {"kid"}


def test_a_namespace_gets_its_account_and_the_roots_and_gets_them_back(cluster: EmbeddedCluster, run: Run) -> None:
    run(1)
    account, roots = ObjectKey("", "ServiceAccount", "default", "default"), ("", "ConfigMap", "default")
    assert cluster.get(account) is not None
    cluster.delete(account)
    cluster.delete(ObjectKey(*roots, "kube-root-ca.crt"))
    run(1)
    assert cluster.get(account) is not None
    found = cluster.get(ObjectKey(*roots, "kube-root-ca.crt"))
    assert found is not None
    assert found["data"] == {"ca.crt": "PEM"}


@pytest.mark.parametrize(
    ("propagation", "left"),
    [(Propagation.BACKGROUND, set()), (Propagation.FOREGROUND, set()), (Propagation.ORPHAN, {"kid"})],
)
def test_what_an_object_owns_goes_with_it_or_is_let_go(
    cluster: EmbeddedCluster, run: Run, propagation: Propagation, left: set[str]
) -> None:
    owner = cluster.create(config_map("owner"), manager="m")
    cluster.create(owned("kid", owner), manager="m")
    cluster.delete(key_of(owner), propagation=propagation)
    run(1)
    assert names(cluster) - {"kube-root-ca.crt"} == left
    for each in cluster.list(GroupKind("", "ConfigMap"), namespace="default"):
        assert "ownerReferences" not in each["metadata"]


def test_an_owner_waits_for_what_blocks_it_and_for_nothing_else(cluster: EmbeddedCluster, run: Run) -> None:
    for blocks in (True, False):
        owner = cluster.create(config_map("owner"), manager="m")
        kid = owned("kid", owner, blockOwnerDeletion=blocks)
        kid["metadata"]["finalizers"] = ["example.com/hold"]
        cluster.create(kid, manager="m")
        cluster.delete(key_of(owner), propagation=Propagation.FOREGROUND)
        run(1)
        assert ("owner" in names(cluster)) is blocks
        live = cluster.get(key_of(kid))
        assert live is not None
        assert "deletionTimestamp" in live["metadata"]
        cluster.replace(key_of(kid), {**live, "metadata": {**live["metadata"], "finalizers": []}})
        run(1)
        assert names(cluster) == {"kube-root-ca.crt"}


def test_owners_that_are_not_there_are_taken_off_and_what_has_no_other_goes(cluster: EmbeddedCluster, run: Run) -> None:
    owner = cluster.create(config_map("owner"), manager="m")
    lost = {"metadata": {"name": "gone", "uid": "22222222-2222-2222-2222-222222222222"}}
    cluster.create(owned("lost", lost), manager="m")
    both = owned("both", owner)
    both["metadata"]["ownerReferences"] += owned("x", lost)["metadata"]["ownerReferences"]
    cluster.create(both, manager="m")
    run(1)
    assert names(cluster) == {"owner", "both", "kube-root-ca.crt"}
    found = cluster.get(key_of(both))
    assert found is not None
    assert [each["name"] for each in found["metadata"]["ownerReferences"]] == ["owner"]


def test_a_namespace_that_goes_says_what_keeps_it(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.namespace("held")
    held = {**config_map("held"), "metadata": {"name": "held", "namespace": "held", "finalizers": ["example.com/x"]}}
    cluster.create(held, manager="m")
    cluster.delete(ObjectKey("", "Namespace", "", "held"))
    run(1)
    place = cluster.get(ObjectKey("", "Namespace", "", "held"))
    assert place is not None
    told = {one["type"]: (one["status"], one["message"]) for one in place["status"]["conditions"]}
    assert place["status"]["phase"] == "Terminating"
    assert told["NamespaceContentRemaining"] == (
        "True",
        "Some resources are remaining: configmaps. has 1 resource instances",
    )
    assert told["NamespaceFinalizersRemaining"] == (
        "True",
        "Some content in the namespace has finalizers remaining: example.com/x in 1 resource instances",
    )
    with pytest.raises(ApiError, match="because it is being terminated"):
        cluster.create({**config_map("late"), "metadata": {"name": "late", "namespace": "held"}}, manager="m")
    live = cluster.get(key_of(held))
    assert live is not None
    cluster.replace(key_of(held), {**live, "metadata": {**live["metadata"], "finalizers": []}})
    run(1)
    assert cluster.get(ObjectKey("", "Namespace", "", "held")) is None


def test_jobs_leave_their_pods_when_nothing_is_said(cluster: EmbeddedCluster, run: Run) -> None:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "x"}]}}
    job = cluster.create(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "j", "namespace": "default"},
            "spec": {"template": template},
        },
        manager="m",
    )
    run(1)
    cluster.delete(key_of(job), propagation=None)
    run(1)
    assert cluster.get(key_of(job)) is None
    assert len(cluster.list(GroupKind("", "Pod"))) == 1


def test_pods_of_a_cluster_without_nodes_stay_pending(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(workload(), manager="m")
    run(60)
    assert {one["status"]["phase"] for one in cluster.list(GroupKind("", "Pod"))} == {"Pending"}
