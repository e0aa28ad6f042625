"""Waiting for health: it fails early or in time, moves nothing on, and dependents wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.engine.flux.conftest import TemplateCharts, World, config_map, deployment

from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.health.kstatus import Status, compute


@pytest.fixture
def failing() -> World:
    return World(TemplateCharts(), profile=WorkloadProfile(failures={"bad:*": Failure.IMAGE_PULL}))


def _job(name: str, image: str) -> str:
    return f"""
apiVersion: batch/v1
kind: Job
metadata: {{name: {name}, namespace: default}}
spec:
  backoffLimit: 0
  template:
    spec: {{restartPolicy: Never, containers: [{{name: a, image: "{image}"}}]}}
"""


def test_a_deployment_that_never_becomes_ready_fails_at_the_timeout(failing: World) -> None:
    failing.commit({"apps/web.yaml": deployment("web", image="bad:1")})
    failing.repository()
    failing.kustomization(wait=True, timeout="1m", retryInterval="2m")
    failing.run(seconds=59)
    assert failing.condition("Kustomization", "apps")[0] == "Unknown"
    failing.run(seconds=1)
    assert failing.condition("Kustomization", "apps") == (
        "False",
        "HealthCheckFailed",
        "health check failed after 1m0s: timeout waiting for: [Deployment/default/web status: 'InProgress']",
    )
    assert failing.condition("Kustomization", "apps", "Healthy")[:2] == ("False", "HealthCheckFailed")
    assert failing.settle()


def test_the_last_applied_revision_stays_and_dependents_wait(failing: World) -> None:
    good = failing.commit({"apps/web.yaml": deployment("web"), "more/a.yaml": config_map("a")})
    failing.repository()
    failing.kustomization(wait=True, timeout="1m", retryInterval="1m")
    failing.kustomization("more", path="./more", dependsOn=[{"name": "apps"}])
    assert failing.settle()
    failing.commit({"apps/web.yaml": deployment("web", image="bad:1"), "more/a.yaml": config_map("a", v="2")})
    failing.run(minutes=10)
    status = failing.status("Kustomization", "apps")
    assert status["lastAppliedRevision"] == good
    assert status["lastAttemptedRevision"] != good
    assert failing.condition("Kustomization", "more")[1] == "DependencyNotReady"
    assert (failing.get("ConfigMap", "a", "default") or {}).get("data") in (None, {})


def test_a_failed_job_fails_early() -> None:
    world = World(TemplateCharts(), profile=WorkloadProfile(failures={"bad:*": Failure.ERROR}))
    world.commit({"apps/a.yaml": _job("a", "good:1"), "apps/b.yaml": _job("b", "bad:1")})
    world.repository()
    world.kustomization(wait=True, timeout="5m")
    world.run(minutes=1)
    assert (
        "failed early due to stalled resources: [Job/default/b status: 'Failed']"
        in (world.condition("Kustomization", "apps")[2])
    )


def test_only_the_listed_objects_are_checked(failing: World) -> None:
    failing.commit({"apps/a.yaml": deployment("good"), "apps/b.yaml": deployment("bad", image="bad:1")})
    failing.repository()
    failing.kustomization(healthChecks=[{"kind": "Deployment", "name": "good", "namespace": "default"}])
    assert failing.settle()
    assert failing.condition("Kustomization", "apps")[0] == "True"


def test_a_commit_during_the_checks_is_applied_after_them(failing: World) -> None:
    failing.commit({"apps/web.yaml": deployment("web", image="bad:1")})
    failing.repository()
    failing.kustomization(wait=True, timeout="5m", retryInterval="1h")
    failing.run(minutes=1)
    revision = failing.commit({"apps/web.yaml": deployment("web")})
    failing.run(minutes=3, seconds=30)
    assert failing.condition("Kustomization", "apps")[0] == "Unknown"
    failing.run(minutes=2)
    assert failing.condition("Kustomization", "apps")[2] == f"Applied revision: {revision}"


def test_a_kustomization_waits_for_the_kustomizations_it_applies(world: World) -> None:
    child = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: child, namespace: flux-system}
spec: {interval: 10m, prune: true, wait: true, path: ./web, sourceRef: {kind: GitRepository, name: repo}}
"""
    world.commit({"apps/child.yaml": child, "web/web.yaml": deployment("web")})
    world.repository()
    world.kustomization(wait=True)
    world.run(seconds=0)
    assert world.condition("Kustomization", "apps")[0] == "Unknown"
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_a_flux_object_that_was_never_reconciled_is_in_progress() -> None:
    manifest = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "a", "generation": 1},
    }
    assert compute(manifest).status is Status.IN_PROGRESS


def test_time_goes_by_while_it_waits_and_others_work(failing: World) -> None:
    failing.commit({"apps/web.yaml": deployment("web", image="bad:1"), "more/a.yaml": config_map("a")})
    failing.repository()
    failing.kustomization(wait=True, timeout="30m", interval="1h")
    failing.kustomization("more", path="./more", interval="1m")
    failing.run(minutes=9)
    assert failing.status("Kustomization", "more")["history"][0]["totalReconciliations"] == 10
    assert failing.condition("Kustomization", "apps")[0] == "Unknown"


def test_a_deployment_past_its_progress_deadline_fails_early(failing: World) -> None:
    failing.commit({"apps/web.yaml": deployment("web", image="bad:1")})
    failing.repository()
    failing.kustomization(wait=True, timeout="30m", interval="1h")
    failing.run(minutes=11)
    assert (
        "failed early due to stalled resources: [Deployment/default/web status: 'Failed']"
        in (failing.condition("Kustomization", "apps")[2])
    )


def test_an_expiring_job_that_is_gone_counts_as_done(world: World) -> None:
    text = _job("once", "good:1").replace(
        "spec:\n  backoffLimit", "spec:\n  ttlSecondsAfterFinished: 0\n  backoffLimit"
    )
    world.commit({"apps/job.yaml": text})
    world.repository()
    world.kustomization(wait=True, timeout="1m")
    world.run(minutes=1, seconds=30)
    assert world.condition("Kustomization", "apps")[0] == "True"
    assert world.clock.now().minute * timedelta(minutes=1) <= timedelta(minutes=2)
