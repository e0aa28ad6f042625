"""A pod that needs what is not there is held up, in the words of scheduler and kubelet, until it is there."""

from collections.abc import Callable

import pytest
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadSimulator
from nixernetes.engine.runtime import Runtime
from nixernetes.health import kstatus
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest

Run = Callable[[float], None]
PODS = GroupKind("", "Pod")
ENV: Json = {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a"}}}
NO_SECRET = 'MountVolume.SetUp failed for volume "v" : secret "nope" not found'
NO_CLAIM = (
    'Unschedulable: 0/1 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/1 nodes are '
    "available: 1 Preemption is not helpful for scheduling."
)


def needing(*, volume: Json = None, init: Json = None, account: str = "", **container: Json) -> Manifest:
    manifest = workload(replicas=1)
    spec = manifest["spec"]["template"]["spec"]
    spec["containers"][0] |= container
    spec |= {"volumes": [{"name": "v", **volume}]} if volume else {}
    spec |= {"initContainers": [{"name": "first", "image": "i:1", **init}]} if init else {}
    spec |= {"serviceAccountName": account} if account else {}
    return manifest


def status(cluster: EmbeddedCluster, manifest: Manifest) -> str:
    found = cluster.get(key_of(manifest))
    assert found is not None
    return str(kstatus.compute(found).status)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (
            needing(envFrom=[{"configMapRef": {"name": "settings"}}]),
            'container web (web:1): CreateContainerConfigError: configmap "settings" not found',
        ),
        (
            needing(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "token", "key": "a"}}}]),
            'container web (web:1): CreateContainerConfigError: secret "token" not found',
        ),
        (
            needing(init={"envFrom": [{"secretRef": {"name": "token"}}]}),
            'container first (i:1): CreateContainerConfigError: secret "token" not found',
        ),
        (needing(volume={"secret": {"secretName": "nope"}}), f"container web (web:1): ContainerCreating: {NO_SECRET}"),
        (
            needing(volume={"projected": {"sources": [{"secret": {"name": "nope"}}]}}),
            f"container web (web:1): ContainerCreating: {NO_SECRET}",
        ),
        (needing(volume={"persistentVolumeClaim": {"claimName": "data"}}), NO_CLAIM),
    ],
)
def test_a_pod_waits_for_what_is_missing(cluster: EmbeddedCluster, run: Run, manifest: Manifest, said: str) -> None:
    cluster.apply(manifest, manager="flux")
    run(30)
    assert status(cluster, manifest) == "InProgress"
    assert [why_not_ready(pod) for pod in cluster.list(PODS)] == [said]


@pytest.mark.parametrize(
    "manifest",
    [
        needing(envFrom=[{"configMapRef": {"name": "settings", "optional": True}}]),
        needing(volume={"secret": {"secretName": "nope", "optional": True}}),
        needing(volume={"configMap": {"name": "kube-root-ca.crt"}}),
        needing(account="default"),
    ],
)
def test_what_is_optional_or_there_holds_nothing_up(cluster: EmbeddedCluster, run: Run, manifest: Manifest) -> None:
    cluster.apply(manifest, manager="flux")
    run(30)
    assert status(cluster, manifest) == "Current"


def test_a_pod_starts_as_soon_as_what_it_needs_is_there_and_has_its_key(cluster: EmbeddedCluster, run: Run) -> None:
    manifest = needing(env=[ENV])
    cluster.apply(manifest, manager="flux")
    run(30)
    cluster.apply(config_map(b="1"), manager="flux")
    run(30)
    (pod,) = cluster.list(PODS)
    assert "couldn't find key a in ConfigMap default/settings" in why_not_ready(pod)
    cluster.apply(config_map(a="1"), manager="flux")
    run(5)
    assert status(cluster, manifest) == "Current"


def test_a_running_pod_does_not_mind_that_what_it_was_made_of_goes(cluster: EmbeddedCluster, run: Run) -> None:
    manifest = needing(env=[ENV])
    cluster.apply(config_map(a="1"), manager="flux")
    cluster.apply(manifest, manager="flux")
    run(30)
    cluster.delete(ObjectKey("", "ConfigMap", "default", "settings"))
    run(30)
    assert status(cluster, manifest) == "Current"


def test_no_pod_is_made_without_its_account(cluster: EmbeddedCluster, run: Run) -> None:
    manifest = needing(account="robot")
    cluster.apply(manifest, manager="flux")
    run(5)
    assert cluster.list(PODS) == []
    (replica_set,) = cluster.list(GroupKind("apps", "ReplicaSet"))
    (failed,) = replica_set["status"]["conditions"]
    assert failed["message"].endswith(
        'error looking up service account default/robot: serviceaccount "robot" not found'
    )
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot", "namespace": "default"}}
    cluster.apply(account, manager="flux")
    run(5)
    assert status(cluster, manifest) == "Current"


def test_what_an_operator_makes_holds_nothing_up(cluster: EmbeddedCluster, clock: VirtualClock) -> None:
    runtime = Runtime(clock)
    runtime.add_process(WorkloadSimulator(cluster, clock, is_made=lambda key: key.name == "nope"))
    manifest = needing(volume={"secret": {"secretName": "nope"}})
    cluster.apply(manifest, manager="flux")
    runtime.advance(clock.now().replace(year=clock.now().year + 1))
    assert status(cluster, manifest) == "Current"
