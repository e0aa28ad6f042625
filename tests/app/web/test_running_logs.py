"""Logs on the page of a run: what ``kubectl logs`` prints, and what was written about one delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.app.console.worlds import settled

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.serving.worlds import show_controllers
from nixernetes.app.web.pages import answer
from nixernetes.app.web.running import RunningPages
from nixernetes.app.worlds import World

CONTROLLERS = {"flux": ("flux-system", "kustomize-controller"), "argocd": ("argocd", "argocd-repo-server")}
SHOP = {"cluster": "eu-west-1", "group": "apps", "kind": "Deployment", "namespace": "production", "name": "shop"}


@pytest.fixture(name="world", scope="module", params=["flux", "argocd"])
def a_world(request: pytest.FixtureRequest) -> Iterator[World]:
    with settled(engine=request.param) as world:
        show_controllers(world)
        world.run_for(timedelta(minutes=2))
        yield world


def asked(world: World, status: int = 200, /, **about: str) -> Any:
    """Return what the API answers."""
    found = answer(RunningPages(world, "demo"), WebQuestion(name="logs", about=about))
    assert found.status == status, found.body
    return json.loads(found.body)


def a_delivery(world: World) -> dict[str, str]:
    """Return the name of something that is delivered."""
    wanted = "Application" if world.argocd else "Kustomization"
    row = next(row for row in world.report().deliveries if row.key.kind == wanted)
    key = row.key
    return {
        "cluster": row.cluster,
        "group": key.group,
        "kind": key.kind,
        "namespace": key.namespace,
        "name": key.name,
    }


def test_lines_about_a_delivery_are_its_own_alone(world: World) -> None:
    about = a_delivery(world)
    page = asked(world, **about)
    assert page["source"] == "controllers"
    assert page["lines"]
    for line in page["lines"]:
        assert about["name"] in line["text"]
        assert line["controller"]


def test_who_follows_is_told_only_what_came_since(world: World) -> None:
    about = a_delivery(world)
    cursor = asked(world, **about)["cursor"]
    assert asked(world, **about, after=cursor)["lines"] == []
    world.run_for(timedelta(minutes=30))
    later = asked(world, **about, after=cursor)
    assert later["lines"]
    assert int(later["cursor"]) > int(cursor)


def test_the_end_of_a_log_is_given_and_how_much_is_left_out(world: World) -> None:
    about = a_delivery(world)
    whole = asked(world, **about, tail="2000")
    last = asked(world, **about, tail="1")
    assert last["lines"] == whole["lines"][-1:]
    assert last["leftOut"] == len(whole["lines"]) - 1


def test_a_controller_has_the_log_that_kubectl_prints(world: World) -> None:
    engine = "argocd" if world.argocd else "flux"
    namespace, _ = CONTROLLERS[engine]
    kind, name = ("StatefulSet", "argocd-application-controller") if world.argocd else ("Deployment", _)
    cluster = world.control_plane or "eu-west-1"
    page = asked(world, cluster=cluster, group="apps", kind=kind, namespace=namespace, name=name)
    assert page["source"] == "container"
    assert [pod["phase"] for pod in page["pods"]] == ["Running"]
    assert page["pod"] == page["pods"][0]["name"]
    assert page["container"] in page["pods"][0]["containers"]
    held = world.logs.lines(cluster, name)
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
