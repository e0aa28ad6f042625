"""Requests are handled and their outcome is told; changes by hand are drift that engines undo."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.app.console.worlds import ask, error, outcome, settled

from nixernetes.app.worlds import World
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CONFIG_MAP, DEPLOYMENT
from nixernetes.objects.manifest import Json

SHOP = ObjectKey(*DEPLOYMENT, "production", "shop")
HERE = {"cluster": "eu-west-1"}


@pytest.fixture(scope="module")
def flux() -> Iterator[World]:
    """A world of its own: it is changed here."""
    with settled(engine="flux") as world:
        yield world


def _shop(world: World) -> Json:
    found = world.clusters["eu-west-1"].get(SHOP)
    assert found is not None
    return found


def _reconciled(world: World, *words: str, **more: Json) -> Json:
    (wait,) = ask(world, "reconcile", *words, **HERE, **more)["wait"]
    return outcome(world, wait)


def test_a_reconcile_tells_its_outcome_and_its_source_can_go_first(flux: World) -> None:
    requested = ask(flux, "reconcile", "ks", "shop", **HERE, source=True)
    assert requested["message"] == "eu-west-1: GitRepository/flux-system/platform-config: reconciliation requested"
    found = outcome(flux, requested["wait"][0])
    assert (found["ok"], found["message"][:15]) == (True, "stored artifact")
    found = _reconciled(flux, "ks", "shop")
    assert (found["ok"], found["message"][:22]) == (True, "Applied revision: main")


def test_two_requests_in_one_second_are_two(flux: World) -> None:
    first, second = (ask(flux, "reconcile", "ks", "shop", **HERE)["wait"][0] for _ in range(2))
    assert first["token"] != second["token"]
    assert outcome(flux, second)["ok"]


def test_a_scaled_workload_is_put_back_and_who_does_that_is_said(flux: World) -> None:
    before = _shop(flux)["spec"]["replicas"]
    told = ask(flux, "scale", "deploy/shop", replicas=7, **HERE)
    assert told["messages"] == [f"deployment.apps/shop scaled from {before} to 7"]
    assert "`nixernetes reconcile kustomization shop --cluster eu-west-1` does it now" in told["advice"][0]
    assert _shop(flux)["spec"]["replicas"] == 7
    assert _reconciled(flux, "ks", "shop")["ok"]
    assert _shop(flux)["spec"]["replicas"] == before


def test_a_suspended_delivery_lets_drift_be_until_it_is_resumed(flux: World) -> None:
    assert ask(flux, "suspend", "ks", "shop", **HERE)["messages"] == [
        "eu-west-1: Kustomization/flux-system/shop suspended"
    ]
    assert "is suspended: `nixernetes resume kustomization shop`" in error(flux, "reconcile", "ks", "shop", **HERE)
    before = _shop(flux)["spec"]["replicas"]
    told = ask(flux, "scale", "deploy/shop", replicas=7, **HERE)
    assert "`nixernetes resume kustomization shop --cluster eu-west-1` undoes it" in told["advice"][0]
    flux.run_for(timedelta(hours=1))
    assert _shop(flux)["spec"]["replicas"] == 7
    (wait,) = ask(flux, "resume", "ks", "shop", **HERE)["wait"]
    assert outcome(flux, wait)["ok"]
    assert _shop(flux)["spec"]["replicas"] == before


def test_a_deleted_object_comes_back(flux: World) -> None:
    key = ObjectKey(*CONFIG_MAP, "production", "banner")
    told = ask(flux, "delete", "cm", "banner", **HERE)
    assert told["messages"] == ["configmap/banner deleted"]
    assert flux.clusters["eu-west-1"].get(key) is None
    assert _reconciled(flux, "ks", "sale")["ok"]
    assert flux.clusters["eu-west-1"].get(key) is not None


def test_an_edit_is_stored_and_what_is_hidden_stays_as_it_is(flux: World) -> None:
    cluster = flux.clusters["eu-west-1"]
    cluster.create(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "s", "namespace": "default"},
            "data": {"a": "YQ==", "b": "Yg=="},
        },
        manager="kubectl",
    )
    shown = ask(flux, "edit", "secret", "s", **HERE)
    assert shown["object"]["data"] == {"a": "***", "b": "***"}
    edited = {**shown["object"], "data": {"a": "***", "b": "Yw=="}}
    assert ask(flux, "replace", cluster=shown["cluster"], object=edited)["messages"] == ["secret/s edited"]
    live = cluster.get(ObjectKey("", "Secret", "default", "s"))
    assert live is not None
    assert live["data"] == {"a": "YQ==", "b": "Yw=="}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"spec": {"replicas": "three"}}, "the cluster refuses it: "),
        (
            {"metadata": {"name": "other", "namespace": "production"}},
            "an edit changes neither kind, namespace nor name",
        ),
    ],
)
def test_an_edit_that_cannot_be_stored_is_refused(flux: World, change: Json, told: str) -> None:
    shown = ask(flux, "edit", "deploy", "shop", **HERE)
    changed = {**shown["object"], **change}
    if "spec" in change:
        changed["spec"] = {**shown["object"]["spec"], **change["spec"]}
    assert told in error(flux, "replace", cluster=shown["cluster"], object=changed)
    assert "is not an object" in error(flux, "replace", cluster="eu-west-1", object="text")


def test_what_fails_is_told_with_why(flux: World) -> None:
    cluster = flux.clusters["eu-west-1"]
    shown = ask(flux, "edit", "ks", "sale", **HERE)
    spec = {**shown["object"]["spec"], "path": "./nowhere"}
    ask(flux, "suspend", "ks", "flux-system", **HERE)
    ask(flux, "replace", cluster="eu-west-1", object={**shown["object"], "spec": spec})
    found = _reconciled(flux, "ks", "sale")
    assert not found["ok"]
    assert "path not found" in found["message"]
    del cluster


def test_a_sync_tells_each_object_and_a_refresh_how_it_stands(argocd: World) -> None:
    (wait,) = ask(argocd, "sync", name="shop-eu-west-1")["wait"]
    found = outcome(argocd, wait)
    assert found["message"] == "Succeeded: successfully synced (all tasks run); now Synced/Healthy"
    assert any("Deployment/production/shop  Synced" in line for line in found["lines"])
    (wait,) = ask(argocd, "refresh", name="argocd/shop-eu-west-1", hard=True)["wait"]
    assert outcome(argocd, wait)["ok"]


def test_the_automated_sync_of_an_application_is_switched(argocd: World) -> None:
    told = ask(argocd, "suspend", "app", "shop-eu-west-1")
    assert told["messages"] == ["management: Application/argocd/shop-eu-west-1 automated sync off"]
    ask(argocd, "scale", "deploy/shop", replicas=9, **HERE)
    argocd.run_for(timedelta(minutes=10))
    assert _shop(argocd)["spec"]["replicas"] == 9
    ask(argocd, "resume", "app", "shop-eu-west-1")
    argocd.run_for(timedelta(minutes=10))
    assert _shop(argocd)["spec"]["replicas"] != 9
