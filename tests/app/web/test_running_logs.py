"""Logs on the page of a run: what ``kubectl logs`` prints, and what was written about one delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.app.console.worlds import settled
from tests.app.web.shops import shops

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.serving.worlds import show_controllers
from nixernetes.app.web.pages import answer
from nixernetes.app.web.running import RunningPages
from nixernetes.app.worlds import World

SHOP = {"cluster": "prod", "group": "apps", "kind": "Deployment", "namespace": "shop", "name": "shop"}


@pytest.fixture(name="world", scope="module")
def a_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with settled(shops(tmp_path_factory.mktemp("logs"))) as world:
        show_controllers(world)
        world.run_for(timedelta(minutes=2))
        yield world


@pytest.fixture(name="about", params=["Kustomization", "Application"])
def a_delivery(request: pytest.FixtureRequest, world: World) -> dict[str, str]:
    """Return the name of something that is delivered."""
    name = {"Kustomization": "web", "Application": "shop"}[request.param]
    key = next(row.key for row in world.report().deliveries if (row.key.kind, row.key.name) == (request.param, name))
    return {"cluster": "prod", "group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name}


def asked(world: World, status: int = 200, /, **about: str) -> Any:
    """Return what the API answers."""
    found = answer(RunningPages(world, "demo"), WebQuestion(name="logs", about=about))
    assert found.status == status, found.body
    return json.loads(found.body)


def test_lines_about_a_delivery_are_its_own_alone(world: World, about: dict[str, str]) -> None:
    page = asked(world, **about)
    assert page["source"] == "controllers"
    assert page["lines"]
    for line in page["lines"]:
        assert about["name"] in line["text"]
        assert line["controller"]


def test_who_follows_is_told_only_what_came_since(world: World, about: dict[str, str]) -> None:
    cursor = asked(world, **about)["cursor"]
    assert asked(world, **about, after=cursor)["lines"] == []
    world.run_for(timedelta(minutes=30))
    later = asked(world, **about, after=cursor)
    assert later["lines"]
    assert int(later["cursor"]) > int(cursor)


def test_the_end_of_a_log_is_given_and_how_much_is_left_out(world: World, about: dict[str, str]) -> None:
    whole = asked(world, **about, tail="2000")
    last = asked(world, **about, tail="1")
    assert last["lines"] == whole["lines"][-1:]
    assert last["leftOut"] == len(whole["lines"]) - 1


@pytest.mark.parametrize(
    ("kind", "namespace", "name"),
    [
        ("Deployment", "flux-system", "kustomize-controller"),
        ("StatefulSet", "argocd", "argocd-application-controller"),
    ],
)
def test_a_controller_has_the_log_that_kubectl_prints(world: World, kind: str, namespace: str, name: str) -> None:
    page = asked(world, cluster="prod", group="apps", kind=kind, namespace=namespace, name=name)
    assert page["source"] == "container"
    assert [pod["phase"] for pod in page["pods"]] == ["Running"]
    assert page["pod"] == page["pods"][0]["name"]
    assert page["container"] in page["pods"][0]["containers"]
    held = world.logs.lines("prod", name)
    assert [json.loads(line["text"])["msg"] for line in page["lines"]] == [line.message for line in held[-500:]]


def test_a_simulated_pod_says_that_nothing_runs_in_it(world: World) -> None:
    page = asked(world, **SHOP)
    assert page["lines"] == []
    assert "simulated" in page["says"]
    assert page["pods"]


def test_what_is_not_there_is_said(world: World) -> None:
    assert "is not there any more" in asked(world, 404, **{**SHOP, "name": "gone"})["error"]
    assert "no cluster is called" in asked(world, 404, **{**SHOP, "cluster": "nowhere"})["error"]
    assert "has no pod 'gone' any more" in asked(world, 404, **SHOP, pod="gone")["error"]
    assert "container gone is not valid" in asked(world, 404, **SHOP, container="gone")["error"]
    assert asked(world, **{**SHOP, "group": "", "kind": "ConfigMap", "name": "kube-root-ca.crt"} | {"tail": "x"})[
        "says"
    ].startswith("It has no pods")
