"""The pages of a running world: what its clusters and engines say, for both engines, without secret values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.app.console.worlds import settled

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.web.pages import answer
from nixernetes.app.web.running import RunningPages
from nixernetes.app.worlds import World
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, DEPLOYMENT, SECRET

SHOP = ObjectKey(*DEPLOYMENT, "production", "shop")


@pytest.fixture(name="world", scope="module", params=["flux", "argocd"])
def a_world(request: pytest.FixtureRequest) -> Iterator[World]:
    with settled(engine=request.param) as world:
        yield world


def asked(world: World, page: str, /, **about: str) -> Any:
    """Return what the API answers."""
    pages = RunningPages(world, "demo")
    found = answer(pages, WebQuestion(name=page, about=about), pages)
    assert found.status == 200, found.body
    return json.loads(found.body)


def acted(world: World, do: str, *lines: Any, **options: Any) -> Any:
    """Return what comes of a request about deliveries."""
    pages = RunningPages(world, "demo")
    body = json.dumps({"do": do, "targets": [line["id"] for line in lines], **options}).encode()
    found = answer(pages, WebQuestion(name="actions", body=body), pages)
    return json.loads(found.body) | {"status": found.status}


def about(line: Any) -> dict[str, str]:
    """Return what names a delivery in a URL."""
    return {part: line["id"][part] for part in ("cluster", "kind", "namespace", "name")}


def shop(world: World) -> Any:
    """Return the line of the delivery that brings the shop to one cluster."""
    lines = asked(world, "fleet")["deliveries"]
    return next(
        line
        for line in lines
        if line["destination"] == "eu-west-1"
        and line["id"]["kind"] in ("Kustomization", "Application")
        and any(each["id"]["name"] == "shop" and each["id"]["kind"] == "Deployment" for each in tree(world, line))
    )


def tree(world: World, line: Any) -> Any:
    """Return the lines of the tree of a delivery."""
    return asked(world, "delivery", **about(line))["tree"]


def test_the_fleet_says_how_everything_stands(world: World) -> None:
    fleet = asked(world, "fleet")
    assert (fleet["mode"], fleet["title"]) == ("run", "demo")
    assert {line["state"] for line in fleet["deliveries"]} == {"ready"}
    places = {card["name"] for card in fleet["clusters"]}
    assert {line["destination"] for line in fleet["deliveries"]} <= places
    for card in fleet["clusters"]:
        held = [line for line in fleet["deliveries"] if line["destination"] == card["name"]]
        assert sum(card["states"].values()) == len(held)
        assert (card["lastChange"] != "") == bool(held)


def test_a_delivery_has_its_tree_down_to_pods_and_its_history(world: World) -> None:
    page = asked(world, "delivery", **about(shop(world)))
    roles = [line["role"] for line in page["tree"]]
    kinds = {line["id"]["kind"]: line["depth"] for line in page["tree"]}
    assert roles.count("delivery") == 1
    assert kinds["Deployment"] < kinds["ReplicaSet"] < kinds["Pod"]
    assert page["history"]
    assert page["events"]
    assert any(fact["label"] == "Commit" for fact in page["facts"])


def test_an_object_has_what_is_wanted_and_what_is_there_and_its_line(world: World) -> None:
    by = {f"by-{part}": value for part, value in about(shop(world)).items()}
    page = asked(
        world,
        "object",
        cluster="eu-west-1",
        group="apps",
        kind="Deployment",
        namespace="production",
        name="shop",
        **by,
    )
    assert page["desired"].startswith("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n")
    assert "status:" in page["live"]
    assert "managedFields" not in page["live"]
    assert (page["diff"], page["diffSays"]) == ([], "")
    assert ".yaml:" in page["origin"]["text"]


def test_drift_is_shown_field_by_field_and_a_sync_heals_it(world: World) -> None:
    line = shop(world)
    cluster = world.clusters["eu-west-1"]
    live = cluster.get(SHOP)
    assert live is not None
    before = live["spec"]["replicas"]
    cluster.update({**live, "spec": {**live["spec"], "replicas": 7}}, manager="somebody")
    by = {f"by-{part}": value for part, value in about(line).items()}
    name = {"cluster": "eu-west-1", "group": "apps", "kind": "Deployment", "namespace": "production", "name": "shop"}
    assert {"path": "spec.replicas", "live": "7", "desired": str(before)} in asked(world, "object", **name, **by)[
        "diff"
    ]
    (result,) = acted(world, "sync", line)["results"]
    assert result["ok"], result
    world.run_for(timedelta(minutes=5))
    assert asked(world, "outcome", **about(line), asked=result["token"])["done"]
    assert asked(world, "object", **name, **by)["diff"] == []


def test_suspend_and_resume_show_in_the_fleet(world: World) -> None:
    line = shop(world)
    assert acted(world, "suspend", line)["results"][0]["ok"]
    assert shop(world)["suspended"] is True
    assert acted(world, "resume", line)["results"][0]["ok"]
    assert shop(world)["suspended"] is False
    world.run_for(timedelta(minutes=5))


def test_what_one_refuses_ends_nothing(world: World) -> None:
    line = shop(world)
    gone = {"id": {**line["id"], "name": "gone"}}
    found = acted(world, "refresh", gone, line)["results"]
    assert [each["ok"] for each in found] == [False, True]
    assert "is not there any more" in found[0]["message"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"do":"delete","targets":[]}', b'{"do":"sync","targets":[]}', b'{"do":"sync"}', b"\xff"],
)
def test_a_request_of_another_form_is_refused(world: World, body: bytes) -> None:
    pages = RunningPages(world, "demo")
    found = answer(pages, WebQuestion(name="actions", body=body), pages)
    assert found.status == 400
    assert json.loads(found.body)["error"]


def test_what_is_not_there_is_said(world: World) -> None:
    pages = RunningPages(world, "demo")
    for name in ("delivery", "object", "nothing", "../fleet", ""):
        found = answer(pages, WebQuestion(name=name, about={"cluster": "eu-west-1", "name": "x"}), pages)
        assert found.status == 404
        assert json.loads(found.body)["error"]


def test_a_fault_of_ours_is_an_answer(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever looks must not end what runs."""

    class Broken(RunningPages):
        def fleet(self, since: int | None = None) -> Any:
            raise KeyError(since)

    found = answer(Broken(world, "demo"), WebQuestion(name="fleet"))
    assert found.status == 500
    assert "a fault of ours: KeyError" in json.loads(found.body)["error"]
    assert "Traceback" in caplog.text


def test_secret_values_never_leave_the_server(world: World) -> None:
    cluster = world.clusters["eu-west-1"]
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "keys", "namespace": "production"},
        "stringData": {"password": "hunter2-hunter2"},
    }
    cluster.apply(secret, manager="somebody")
    name = {"cluster": "eu-west-1", "group": "", "kind": "Secret", "namespace": "production", "name": "keys"}
    page = asked(world, "object", **name)
    assert "password: '***'" in page["live"]
    text = json.dumps(page)
    assert "hunter2" not in text
    assert "aHVudGVyM" not in text
    cluster.delete(ObjectKey(*SECRET, "production", "keys"))


def test_what_happened_is_told_the_latest_first(world: World) -> None:
    lines = asked(world, "activity")["lines"]
    times = [line["time"] for line in lines]
    assert times == sorted(times, reverse=True)
    assert any(line["isDelivery"] for line in lines)
    assert {line["id"]["cluster"] for line in lines} <= set(world.clusters)


def test_the_run_can_be_looked_at_again(world: World) -> None:
    pages = RunningPages(world, "demo")
    pages.note()
    line = shop(world)
    body = json.dumps({"do": "suspend", "targets": [line["id"]]}).encode()
    answer(pages, WebQuestion(name="actions", body=body), pages)
    world.run_for(timedelta(seconds=10))
    pages.note()
    resumed = json.dumps({"do": "resume", "targets": [line["id"]]}).encode()
    answer(pages, WebQuestion(name="actions", body=resumed), pages)
    world.run_for(timedelta(minutes=5))
    found = json.loads(answer(pages, WebQuestion(name="timeline"), pages).body)
    first = found["moments"][0]
    assert {found["deliveries"][each["delivery"]]["name"] for each in first["changes"]} == {
        each["id"]["name"] for each in asked(world, "fleet")["deliveries"]
    }
    if line["engine"] == "flux":
        (change,) = found["moments"][1]["changes"]
        assert (change["state"], change["cause"]) == ("suspended", "asked")


def test_what_is_not_ready_is_told_by_its_reasons(world: World) -> None:
    page = asked(world, "reasons")
    fleet = asked(world, "fleet")["deliveries"]
    unready = [line["id"]["name"] for line in fleet if line["state"] not in ("ready", "suspended")]
    told = [each["id"]["name"] for line in page["reasons"] for each in (*line["deliveries"], *line["heldUp"])]
    assert sorted(told) == sorted(unready)
    assert (page["ready"], page["total"]) == (len(fleet) - len(unready), len(fleet))
    assert all(line["why"] and line["remedy"] for line in page["reasons"])


def test_notifications_are_told_without_what_may_hold_a_token(world: World) -> None:
    page = asked(world, "notifications")
    assert page["sends"] is False
    assert page["leftOut"] == 0
    for line in page["lines"]:
        assert line["outcome"] == "recorded"
        assert line["host"].count("/") == 2


def name_of(kind: str, name: str) -> Any:
    """Return an object of the shop, as a target."""
    return {"id": {"cluster": "eu-west-1", "group": "apps", "kind": kind, "namespace": "production", "name": name}}


def test_a_workload_is_restarted_and_an_object_deleted_comes_again(world: World) -> None:
    cluster = world.clusters["eu-west-1"]
    assert acted(world, "restart", name_of("Deployment", "shop"))["results"][0]["ok"]
    live = cluster.get(SHOP)
    assert live is not None
    assert "kubectl.kubernetes.io/restartedAt" in live["spec"]["template"]["metadata"]["annotations"]
    (refused,) = acted(world, "restart", name_of("ReplicaSet", "nothing"))["results"]
    assert not refused["ok"]
    (scaled,) = acted(world, "scale", name_of("Deployment", "shop"), replicas=3)["results"]
    assert "scaled from" in scaled["message"]
    (deleted,) = acted(world, "delete", name_of("Deployment", "shop"))["results"]
    assert deleted["ok"]
    assert cluster.get(SHOP) is None
    line = next(
        each
        for each in asked(world, "fleet")["deliveries"]
        if each["destination"] == "eu-west-1" and each["id"]["name"].removesuffix("-eu-west-1") == "shop"
    )
    assert acted(world, "sync", line)["results"][0]["ok"]
    world.run_for(timedelta(minutes=5))
    assert cluster.get(SHOP) is not None


def test_only_an_application_rolls_back_or_ends_its_operation(world: World) -> None:
    line = shop(world)
    for do in ("rollback", "terminate"):
        (result,) = acted(world, do, line, entry=0)["results"]
        assert not result["ok"], "no operation runs, and automated sync is on"
        assert ("only an Application" in result["message"]) is (line["engine"] == "flux")


def test_a_sync_of_one_object_leaves_the_others(world: World) -> None:
    line = shop(world)
    if line["engine"] == "flux":
        return
    resources = [name_of("Deployment", "shop")["id"]]
    assert acted(world, "sync", line, resources=resources, force=True, replace=True)["results"][0]["ok"]
    world.run_for(timedelta(minutes=2))
    app = world.clusters[line["id"]["cluster"]].get(
        ObjectKey(*APPLICATION, line["id"]["namespace"], line["id"]["name"])
    )
    assert app is not None
    operation = app["status"]["operationState"]["operation"]["sync"]
    assert [each["kind"] for each in operation["resources"]] == ["Deployment"]
    assert operation["syncStrategy"] == {"hook": {"force": True}}
    assert "Replace=true" in operation["syncOptions"]
