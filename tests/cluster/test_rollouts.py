"""Deployments roll out within their bounds, keep their revisions, pause, scale and go back."""

from collections.abc import Callable

import pytest
from tests.cluster.samples import workload

from nixernetes.cluster.api import Event
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import GroupKind, key_of
from nixernetes.objects.manifest import Json, Manifest

Run = Callable[[float], None]
SETS = GroupKind("apps", "ReplicaSet")
PODS = GroupKind("", "Pod")
REVISION = "deployment.kubernetes.io/revision"


def deployment(image: str = "web:1", **spec: Json) -> Manifest:
    manifest = workload(**spec)
    manifest["spec"]["template"]["spec"]["containers"][0]["image"] = image
    return manifest


def live(cluster: EmbeddedCluster) -> Manifest:
    found = cluster.get(key_of(workload()))
    assert found is not None
    return found


def by_image(cluster: EmbeddedCluster) -> dict[str, Manifest]:
    return {one["spec"]["template"]["spec"]["containers"][0]["image"]: one for one in cluster.list(SETS)}


def test_a_replica_set_says_which_size_its_deployment_wants(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(deployment(replicas=4), manager="flux")
    run(5)
    (replica_set,) = cluster.list(SETS)
    assert replica_set["metadata"]["annotations"] == {
        "deployment.kubernetes.io/desired-replicas": "4",
        "deployment.kubernetes.io/max-replicas": "5",
        REVISION: "1",
    }
    assert live(cluster)["metadata"]["annotations"][REVISION] == "1"


@pytest.mark.parametrize(
    ("rolling", "most", "least"),
    [
        ({}, 5, 3),
        ({"maxSurge": 0, "maxUnavailable": 2}, 4, 2),
        ({"maxSurge": "50%", "maxUnavailable": 0}, 6, 4),
    ],
)
def test_a_rollout_keeps_to_its_surge_and_to_what_may_be_unavailable(
    cluster: EmbeddedCluster, run: Run, rolling: Json, most: int, least: int
) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    cluster.apply(deployment(replicas=4, strategy=strategy), manager="flux")
    run(5)
    seen: list[tuple[int, int]] = []

    def look(_: Event) -> None:
        asked = sum(one["spec"]["replicas"] for one in cluster.list(SETS))
        seen.append((asked, live(cluster)["status"].get("availableReplicas", 0)))

    cluster.watch(look)
    cluster.apply(deployment("web:2", replicas=4, strategy=strategy), manager="flux")
    run(30)
    assert max(pods for pods, _ in seen) == most
    assert min(available for _, available in seen) == least
    assert [one["status"]["replicas"] for one in cluster.list(SETS) if one["spec"]["replicas"]] == [4]


def test_recreating_lets_the_old_pods_go_first(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(deployment(strategy={"type": "Recreate"}), manager="flux")
    run(5)
    images: list[set[str]] = []
    cluster.watch(lambda _: images.append({one["spec"]["containers"][0]["image"] for one in cluster.list(PODS)}))
    cluster.apply(deployment("web:2", strategy={"type": "Recreate"}), manager="flux")
    run(5)
    assert {"web:1", "web:2"} not in images
    assert images[-1] == {"web:2"}


def test_a_paused_deployment_scales_but_does_not_roll_out(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(deployment(), manager="flux")
    run(5)
    cluster.apply(deployment("web:2", replicas=3, paused=True), manager="flux")
    run(5)
    assert {image: one["spec"]["replicas"] for image, one in by_image(cluster).items()} == {"web:1": 3}
    conditions = {one["type"]: one for one in live(cluster)["status"]["conditions"]}
    assert (conditions["Progressing"]["reason"], conditions["Progressing"]["status"]) == ("DeploymentPaused", "Unknown")
    cluster.apply(deployment("web:2", replicas=3), manager="flux")
    run(10)
    assert {image: one["spec"]["replicas"] for image, one in by_image(cluster).items()} == {"web:1": 0, "web:2": 3}


def test_a_template_that_comes_back_gets_a_new_revision_and_keeps_a_note_of_the_old_one(
    cluster: EmbeddedCluster, run: Run
) -> None:
    for image in ("web:1", "web:2", "web:1"):
        cluster.apply(deployment(image), manager="flux")
        run(10)
    notes = by_image(cluster)["web:1"]["metadata"]["annotations"]
    assert (notes[REVISION], notes["deployment.kubernetes.io/revision-history"]) == ("3", "1")
    assert live(cluster)["metadata"]["annotations"][REVISION] == "3"


def test_pods_count_as_available_once_they_were_ready_for_long_enough(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(deployment(minReadySeconds=10), manager="flux")
    run(5)
    assert live(cluster)["status"]["readyReplicas"] == 2
    assert "availableReplicas" not in live(cluster)["status"]
    run(10)
    assert live(cluster)["status"]["availableReplicas"] == 2


def test_a_rollout_without_a_deadline_tells_no_progress(cluster: EmbeddedCluster, run: Run) -> None:
    cluster.apply(deployment(progressDeadlineSeconds=2**31 - 1), manager="flux")
    run(5)
    assert [one["type"] for one in live(cluster)["status"]["conditions"]] == ["Available"]
