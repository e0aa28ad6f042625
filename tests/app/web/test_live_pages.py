"""The pages of clusters that others run, read over HTTPS through a kubeconfig: alike for both engines, read-only."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from tests.app.console.worlds import settled

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.live.clusters import Contexts, chosen_contexts, opened
from nixernetes.app.serving.worlds import ServedWorld
from nixernetes.app.web.live.pages import LivePages
from nixernetes.app.web.live.views import LiveReading
from nixernetes.app.web.pages import answer
from nixernetes.app.web.values import DeliveryPage, FleetPage, ObjectName
from nixernetes.app.worlds import World
from nixernetes.cluster.api import ApiError
from nixernetes.objects.identity import GroupKind, key_of
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Manifest

if TYPE_CHECKING:
    from nixernetes.adapters.kube.client import KubeClient

SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "keys", "namespace": "default"},
    "stringData": {"password": "hunter2-hunter2"},
}


@pytest.fixture(name="world", scope="module", params=["flux", "argocd"])
def a_world(request: pytest.FixtureRequest) -> Iterator[World]:
    with settled(engine=request.param) as world:
        for cluster in world.clusters.values():
            cluster.apply(SECRET, manager="somebody")
        yield world


@pytest.fixture(name="pages", scope="module")
def the_pages(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePages]:
    over = threading.Event()
    with ServedWorld(tmp_path_factory.mktemp("served") / "kubeconfig") as served, ExitStack() as stack:
        served.step(world)
        world.run_for(timedelta(minutes=1))  # until the pods of the controllers are there
        owner = threading.Thread(target=lambda: [served.step(world) for _ in iter(lambda: over.wait(0.002), True)])
        owner.start()
        contexts = Contexts(kubeconfig=served.file, are_all=True)
        clients = {name: stack.enter_context(opened(contexts, name))[1] for name in chosen_contexts(contexts)}
        pages = LivePages(clients)
        assert pages.look()
        yield pages
        over.set()
        owner.join()


def asked(pages: LivePages, page: str, /, **about: str) -> Any:
    """Return what the API answers."""
    found = answer(pages, WebQuestion(name=page, about=about))
    assert found.status == 200, found.body
    return json.loads(found.body)


def line_of(pages: LivePages, name: str) -> Any:
    """Return the line of a delivery."""
    lines = asked(pages, "fleet")["deliveries"]
    return next(line for line in lines if line["id"]["name"].startswith(name) and line["objects"])


def test_the_fleet_is_that_of_every_context(pages: LivePages, world: World) -> None:
    fleet = asked(pages, "fleet")
    assert fleet["mode"] == "live"
    assert {card["name"] for card in fleet["clusters"]} == set(world.clusters)
    assert {line["state"] for line in fleet["deliveries"]} == {"ready"}
    assert fleet["notes"] == []
    assert not pages.look(), "nothing has changed since"


def test_a_delivery_has_its_objects_and_what_controllers_made(pages: LivePages) -> None:
    line = line_of(pages, "shop")
    about = {part: line["id"][part] for part in ("cluster", "kind", "namespace", "name")}
    page = asked(pages, "delivery", **about)
    kinds = {each["id"]["kind"]: each["depth"] for each in page["tree"]}
    assert kinds["Deployment"] == 1
    if line["engine"] == "flux":  # the objects of an Application are on other clusters
        assert kinds["Deployment"] < kinds["ReplicaSet"] < kinds["Pod"]
    assert all(each["available"] is not False for each in page["tree"])
    assert page["conditions"] or line["engine"] == "argocd"


def test_secret_values_never_leave_the_server(pages: LivePages, world: World) -> None:
    name = {
        "cluster": next(iter(world.clusters)),
        "group": "",
        "kind": "Secret",
        "namespace": "default",
        "name": "keys",
    }
    page = asked(pages, "object", **name)
    assert "password: '***'" in page["live"]
    assert page["desired"] is None
    assert "hunter2" not in json.dumps(page)
    assert "aHVudGVyM" not in json.dumps(page)


def test_nothing_can_be_changed(pages: LivePages) -> None:
    body = json.dumps({"do": "sync", "targets": [line_of(pages, "shop")["id"]]}).encode()
    assert answer(pages, WebQuestion(name="actions", body=body)).status == 404


def test_what_is_not_there_is_said(pages: LivePages, world: World) -> None:
    for about in ({"cluster": "nothing"}, {"cluster": next(iter(world.clusters)), "name": "nothing"}):
        for page in ("delivery", "object"):
            told = {"kind": "Kustomization", "namespace": "flux-system", "name": "x", **about}
            found = answer(pages, WebQuestion(name=page, about=told))
            assert found.status == 404
            assert json.loads(found.body)["error"]


def test_logs_are_read_of_pods_and_of_controllers_about_a_delivery(pages: LivePages, world: World) -> None:
    wanted = "Application" if world.argocd else "Kustomization"
    line = next(each for each in asked(pages, "fleet")["deliveries"] if each["id"]["kind"] == wanted)
    page = asked(pages, "logs", **line["id"])
    assert page["source"] == "controllers"
    assert page["lines"]
    assert all(line["id"]["name"] in each["text"] for each in page["lines"])
    assert asked(pages, "logs", **line["id"], after=page["cursor"])["lines"] == []
    pod = next(each for each in world.clusters[line["id"]["cluster"]].list(POD) if "controller" in key_of(each).name)
    about = ObjectName.of(line["id"]["cluster"], key_of(pod))
    own = asked(pages, "logs", cluster=about.cluster, kind="Pod", namespace=about.namespace, name=about.name)
    assert own["pod"] == about.name
    assert own["says"] == ""


def test_pods_of_which_nothing_is_known_have_no_lines(pages: LivePages) -> None:
    shop = {"cluster": "eu-west-1", "group": "apps", "kind": "Deployment", "namespace": "production", "name": "shop"}
    page = asked(pages, "logs", **shop)
    assert page["lines"] == []
    assert page["container"] in page["pods"][0]["containers"]


def test_every_view_is_made_of_clusters_as_they_are(pages: LivePages, world: World) -> None:
    clusters = {each["card"]["name"]: each for each in asked(pages, "clusters")["clusters"]}
    assert set(clusters) == set(world.clusters)
    held = clusters[world.control_plane or "eu-west-1"]
    assert held["version"].startswith("v1.")
    assert {each["state"] for each in held["controllers"]} == {"ready"}
    line = line_of(pages, "shop")
    about = {part: line["id"][part] for part in ("cluster", "kind", "namespace", "name")}
    nodes = {each["id"]["kind"]: each for each in asked(pages, "network", **about)["nodes"]}
    if not world.argocd:  # what an Application delivers elsewhere is not asked for
        assert nodes["Deployment"]["text"] == "1 pod, ready"
    order = asked(pages, "order", **about)
    assert order["stages"] or "another cluster" in order["says"][-1]
    assert asked(pages, "sources")["sources"]
    assert bool(asked(pages, "projects")["projects"]) == bool(world.argocd)
    assert asked(pages, "policies") == {"policies": [], "says": []}


class _Forbidding:
    """A cluster that shows nothing."""

    def list(self, kind: GroupKind) -> list[Manifest]:
        raise ApiError("Forbidden", f"{kind.kind} is forbidden")


def test_what_may_not_be_listed_is_not_verified() -> None:
    client = cast("KubeClient", _Forbidding())
    reading = LiveReading(
        {"prod": client}, lambda: FleetPage(mode="live", title="", time="", clusters=(), deliveries=()), _no_delivery
    )
    assert reading.list("prod", POD) == []
    assert reading.unread() == ["prod: pods cannot be listed: Forbidden: Pod is forbidden"]


def _no_delivery(wanted: ObjectName) -> DeliveryPage:
    raise AssertionError(wanted)
