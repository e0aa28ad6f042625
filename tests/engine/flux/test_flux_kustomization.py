"""The guide's words about Flux, made true: polled, applied, healthy, pruned, healed, ordered, suspended."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import URL, World, config_map, deployment

from nixernetes.engine.reports.reading import report
from nixernetes.objects import kinds
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json


def test_a_repository_is_polled_every_minute(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.run(minutes=5, seconds=1)
    assert world.source.polls.count(URL) == 1 + 1 + 5  # the first one resolves and fetches


def test_a_commit_is_applied_within_a_minute(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization()
    assert world.settle()
    revision = world.commit({"apps/a.yaml": config_map("a", v="2")})
    world.run(minutes=1)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "2"}
    assert world.condition("Kustomization", "apps") == (
        "True",
        "ReconciliationSucceeded",
        f"Applied revision: {revision}",
    )


def test_drift_is_healed_at_the_interval_and_not_before(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    live = world.get("ConfigMap", "a", "default") or {}
    world.cluster.update({**live, "data": {"v": "hand", "more": "hand"}}, manager="kubectl-edit")
    world.run(minutes=9)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "hand", "more": "hand"}
    world.run(minutes=1, seconds=1)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "1"}
    assert "ConfigMap/default/a configured" in world.messages()


def test_what_leaves_the_repository_is_pruned(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a"), "apps/b.yaml": config_map("b")})
    world.repository()
    world.kustomization()
    world.settle()
    world.commit({"apps/a.yaml": config_map("a")})
    world.run(minutes=1)
    assert world.get("ConfigMap", "b", "default") is None
    assert "ConfigMap/default/b deleted" in world.messages()
    entries = world.status("Kustomization", "apps")["inventory"]["entries"]
    assert entries == [{"id": "default_a__ConfigMap", "v": "v1"}]


def test_without_prune_it_stays(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a"), "apps/b.yaml": config_map("b")})
    world.repository()
    world.kustomization(prune=False)
    world.settle()
    world.commit({"apps/a.yaml": config_map("a")})
    world.run(minutes=1)
    assert world.get("ConfigMap", "b", "default") is not None


def test_wait_means_ready_only_when_deployments_are_healthy(world: World) -> None:
    world.commit({"apps/web.yaml": deployment("web")})
    world.repository()
    world.kustomization(wait=True)
    world.run(seconds=0)
    assert world.condition("Kustomization", "apps")[0] == "Unknown"
    assert "lastAppliedRevision" not in world.status("Kustomization", "apps")
    assert world.settle()
    assert world.condition("Kustomization", "apps", "Healthy")[:2] == ("True", "Succeeded")
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_a_namespace_that_is_missing_fails_the_apply_and_nothing_of_the_stage_is_applied(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a"), "apps/b.yaml": config_map("b", namespace="nowhere")})
    world.repository()
    world.kustomization(retryInterval="2m")
    assert world.settle()
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "ReconciliationFailed")
    assert message == 'ConfigMap/nowhere/b not found: namespaces "nowhere" not found'
    assert world.get("ConfigMap", "a", "default") is None
    world.cluster.namespace("nowhere")
    world.run(minutes=2)
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_dependencies_come_first(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a"), "base/web.yaml": deployment("web")})
    world.repository()
    world.kustomization("apps", dependsOn=[{"name": "base"}])
    world.kustomization("base", path="./base", wait=True)
    world.run(seconds=0)
    assert world.condition("Kustomization", "apps") == (
        "False",
        "DependencyNotReady",
        "dependency 'flux-system/base' is not ready",
    )
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_a_circle_of_dependencies_is_told_by_each_of_it(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization("one", dependsOn=[{"name": "two"}])
    world.kustomization("two", dependsOn=[{"name": "one"}])
    world.settle()
    for one, other in (("one", "two"), ("two", "one")):
        assert world.condition("Kustomization", one)[2] == f"dependency 'flux-system/{other}' is not ready"
        notes = world.flux.notes.of(ObjectKey(*kinds.KUSTOMIZATION, "flux-system", one))
        assert notes == ("dependsOn is a circle: one -> two -> one: remove one of them",)


def test_suspended_objects_keep_what_they_applied_when_deleted(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()
    world.kustomization(suspend=True)
    world.run(minutes=1)
    key = world.get("Kustomization", "apps") or {}
    assert key["spec"]["suspend"]
    world.delete("Kustomization", "apps")
    world.run(minutes=1)
    assert world.get("Kustomization", "apps") is None
    assert world.get("ConfigMap", "a", "default") is not None


def test_deleting_a_kustomization_prunes_what_it_applied(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()
    world.delete("Kustomization", "apps")
    world.run(minutes=1)
    assert world.get("Kustomization", "apps") is None
    assert world.get("ConfigMap", "a", "default") is None


def test_an_object_that_moves_to_another_kustomization_is_not_pruned(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a"), "more/b.yaml": config_map("b")})
    world.repository()
    world.kustomization("apps")
    world.kustomization("more", path="./more")
    world.settle()
    world.commit({"apps/c.yaml": config_map("c"), "more/b.yaml": config_map("b"), "more/a.yaml": config_map("a")})
    world.run(minutes=1)
    world.kustomization("more", path="./more", interval="5m")
    world.run(minutes=10)
    labels = (world.get("ConfigMap", "a", "default") or {})["metadata"]["labels"]
    assert labels["kustomize.toolkit.fluxcd.io/name"] == "more"


def test_a_source_that_disappears_keeps_its_artifact_and_comes_back(world: World) -> None:
    revision = world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    world.source.failing[URL] = "connection refused"
    world.run(minutes=2)
    assert world.condition("GitRepository", "repo") == (
        "False",
        "GitOperationFailed",
        "failed to checkout and determine revision: connection refused",
    )
    assert world.status("GitRepository", "repo")["artifact"]["revision"] == revision
    assert world.condition("Kustomization", "apps")[0] == "True"
    assert world.settle()
    del world.source.failing[URL]
    revision = world.commit({"apps/a.yaml": config_map("a", v="2")})
    world.run(minutes=16)
    assert world.condition("GitRepository", "repo")[0] == "True"
    assert world.condition("Kustomization", "apps")[2] == f"Applied revision: {revision}"


def test_a_requested_reconcile_runs_at_once_and_is_acknowledged(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository(interval="1h")
    world.kustomization()
    world.settle()
    revision = world.commit({"apps/a.yaml": config_map("a", v="2")})
    world.repository_annotations({"reconcile.fluxcd.io/requestedAt": "now"})
    world.run(seconds=1)
    assert world.status("GitRepository", "repo")["lastHandledReconcileAt"] == "now"
    assert world.condition("Kustomization", "apps")[2] == f"Applied revision: {revision}"


def test_immutable_fields_fail_unless_forced(world: World) -> None:
    def job(image: str) -> str:
        return f"""
apiVersion: batch/v1
kind: Job
metadata: {{name: once, namespace: default}}
spec: {{template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: {image}}}]}}}}}}
"""

    world.commit({"apps/job.yaml": job("a:1")})
    world.repository()
    world.kustomization()
    world.settle()
    world.commit({"apps/job.yaml": job("a:2")})
    world.run(minutes=1)
    assert world.condition("Kustomization", "apps")[1] == "ReconciliationFailed"
    assert "dry-run failed (Invalid)" in world.condition("Kustomization", "apps")[2]
    world.kustomization(force=True)
    world.run(minutes=1)
    assert world.condition("Kustomization", "apps")[0] == "True"
    assert "Job/default/once created" in world.messages()


def test_an_unknown_path_is_told(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(path="./nowhere")
    assert world.settle()
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", "ArtifactFailed")
    assert message.startswith("kustomization path not found: stat nowhere")


def test_objects_that_ask_to_be_left_alone_are(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    live = world.get("ConfigMap", "a", "default") or {}
    meta = {**live["metadata"], "annotations": {"kustomize.toolkit.fluxcd.io/reconcile": "disabled"}}
    world.cluster.update({**live, "metadata": meta, "data": {"v": "hand"}}, manager="kubectl-edit")
    world.delete("Kustomization", "apps")
    world.run(minutes=11)
    assert (world.get("ConfigMap", "a", "default") or {})["data"] == {"v": "hand"}


def test_a_run_that_changes_nothing_says_unchanged(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization()
    world.settle()
    before = (world.get("ConfigMap", "a", "default") or {})["metadata"]["resourceVersion"]
    world.run(minutes=35)
    assert (world.get("ConfigMap", "a", "default") or {})["metadata"]["resourceVersion"] == before
    history = world.status("Kustomization", "apps")["history"]
    assert (len(history), history[0]["totalReconciliations"]) == (1, 4)


def test_kinds_that_are_not_reconciled_say_so(world: World) -> None:
    policy = "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: policy, namespace: default}\n"
    world.commit({"apps/policy.yaml": f"{policy}spec: {{imageRepositoryRef: {{name: a}}, policy: {{}}}}\n"})
    world.repository()
    world.kustomization(wait=True)
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"
    told = "ImagePolicy is not reconciled: this engine scans no registries; a real cluster does"
    assert world.messages("NotVerified") == [told]
    rows = {each.key.kind: each for each in report("", {"dev": world.cluster}).deliveries}
    assert rows["Kustomization"].warnings == (told,)


def test_a_bucket_has_the_files_that_stand_for_it(world: World) -> None:
    world.put("Bucket", "store", {"bucketName": "a", "endpoint": "example.com", "interval": "1m"})
    world.kustomization(sourceRef={"kind": "Bucket", "name": "store"})
    world.settle()
    assert world.condition("Bucket", "store")[1] == "BucketOperationFailed"
    commit = world.source.commit("example.com", {"apps/a.yaml": config_map("a")})
    world.run(hours=1)
    assert world.condition("Kustomization", "apps")[2].endswith(commit)


def test_pruning_tells_of_what_stays_too(world: World) -> None:
    kept = config_map("kept").replace(
        "name: kept", "name: kept\n  labels: {kustomize.toolkit.fluxcd.io/prune: disabled}"
    )
    world.commit({"apps/a.yaml": config_map("a"), "apps/b.yaml": kept})
    world.repository()
    world.kustomization()
    world.settle()
    world.commit({"apps/c.yaml": config_map("c")})
    world.run(minutes=2)
    assert "ConfigMap/default/kept skipped\nConfigMap/default/a deleted" in world.messages("Progressing")


def test_a_suspended_object_that_was_ready_notes_its_generation(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()
    world.kustomization(suspend=True)
    world.repository(suspend=True)
    world.run(minutes=1)
    assert world.status("Kustomization", "apps")["observedGeneration"] == 2
    assert world.status("GitRepository", "repo")["observedGeneration"] == 2


@pytest.mark.parametrize(
    ("spec", "fact"),
    [
        ({"postBuild": {"substitute": {"x": "1"}}}, "post build failed for 'ConfigMap.v1.[noGrp]/a': envsubst error: "),
        ({"dependsOn": [{"name": "base", "readyExpr": "'a'"}]}, "configuration error: terminal error: failed to eval"),
        ({"healthCheckExprs": [{"apiVersion": "v1", "current": "a =="}]}, "status evaluator for healthchecks[0]: fail"),
    ],
)
def test_a_kustomization_is_refused_in_the_words_of_its_controller(world: World, spec: Json, fact: str) -> None:
    world.commit({"apps/a.yaml": config_map("a", text="${none}"), "base/b.yaml": config_map("b")})
    world.repository()
    world.kustomization("base", path="./base")
    world.settle()
    world.kustomization(**spec)
    world.run(minutes=1)
    assert fact in world.condition("Kustomization", "apps")[2]


def test_common_metadata_is_no_part_of_what_was_built(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    for team in ("a", "b"):
        world.kustomization(commonMetadata={"labels": {"team": team}})
        world.settle()
    assert len(world.status("Kustomization", "apps")["history"]) == 1


@pytest.mark.parametrize(
    ("spec", "fact"),
    [
        ({"components": ["/comp"]}, ("BuildFailed", "component path '/comp' must be local and relative")),
        ({"commonMetadata": {"labels": {"a b": "c"}}}, ("ReconciliationFailed", "ConfigMap/default/a dry-run failed")),
    ],
)
def test_what_an_api_server_lets_pass_is_refused_by_the_controller(world: World, spec: Json, fact: Json) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(**spec)
    world.run(minutes=1)
    status, reason, message = world.condition("Kustomization", "apps")
    assert (status, reason) == ("False", fact[0])
    assert message.startswith(fact[1])


def test_github_needs_the_secret_of_its_app(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository(provider="github")
    world.run(minutes=1)
    assert world.condition("GitRepository", "repo", "Stalled")[1] == "InvalidProviderConfiguration"


def test_a_config_map_holds_one_mebibyte(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a", text="x" * ((1 << 20) + 1))})
    world.repository()
    world.kustomization()
    world.run(minutes=1)
    fact = 'ConfigMap "a" is invalid: []: Too long: may not be more than 1048576 bytes'
    assert world.condition("Kustomization", "apps")[2].endswith(fact)
