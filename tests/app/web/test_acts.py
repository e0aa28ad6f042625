"""What the page tells of a deletion before it, what it shows while something goes on, and what waits for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.app.console.fleets import ARGOCD_FILES, FLUX_FILES, fleet
from tests.app.console.worlds import settled
from tests.repositories import MOMENT

from nixernetes.adapters.repositories.git_write import commit_folder
from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.console import control
from nixernetes.app.web.pages import answer
from nixernetes.app.web.running import RunningPages
from nixernetes.app.worlds import World
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CONFIG_MAP

APP = {"cluster": "management", "group": "argoproj.io", "kind": "Application", "namespace": "argocd"}
WEB = {"cluster": "prod", "group": "kustomize.toolkit.fluxcd.io", "kind": "Kustomization", "namespace": "flux-system"}


class Page:
    """The page of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._pages = RunningPages(world, "fleet")

    def asked(self, name: str, /, **about: str) -> Any:
        found = answer(self._pages, WebQuestion(name=name, about=about), self._pages)
        return json.loads(found.body) | {"httpStatus": found.status}

    def acted(self, do: str, target: dict[str, str], **options: Any) -> Any:
        body = json.dumps({"do": do, "targets": [target], **options}).encode()
        found = answer(self._pages, WebQuestion(name="actions", body=body), self._pages)
        return json.loads(found.body)["results"][0] if found.status == 200 else json.loads(found.body)


@pytest.fixture(name="argocd")
def a_world_of_argocd(tmp_path: Path) -> Iterator[Page]:
    with settled(fleet(tmp_path, ARGOCD_FILES)) as world:
        yield Page(world)


@pytest.fixture(name="flux")
def a_world_of_flux(tmp_path: Path) -> Iterator[Page]:
    with settled(fleet(tmp_path, FLUX_FILES)) as world:
        yield Page(world)


def test_what_goes_and_what_stays_is_told(argocd: Page, flux: Page) -> None:
    told = argocd.asked("removal", **APP, name="shop", cascade="foreground")
    assert [(each["id"]["name"], each["why"]) for each in told["stays"]] == [("kept", "Delete=false")]
    assert told["going"] == len(told["goes"]) == 4
    assert "the last wave first" in told["says"][0]
    told = flux.asked("removal", **WEB, name="web", cascade="orphan")
    assert (told["going"], told["staying"]) == (0, 3)
    assert "Kustomization/flux-system reconciles within 10m" in told["again"][0]
    assert flux.asked("removal", **WEB, name="web", cascade="all")["httpStatus"] == 404
    assert flux.asked("removal", **WEB, name="gone", cascade="")["httpStatus"] == 404


def test_a_sync_of_chosen_objects_tells_of_each_with_its_wave(argocd: Page) -> None:
    names = ("shop", "kept")
    kinds = (("apps", "Deployment"), ("", "ConfigMap"))
    chosen = [
        {"cluster": "management", "group": group, "kind": kind, "namespace": "shop", "name": name}
        for name, (group, kind) in zip(names, kinds, strict=True)
    ]
    result = argocd.acted("sync", {**APP, "name": "shop"}, resources=chosen)
    assert result["ok"]
    argocd.world.run_for(timedelta(seconds=30))
    found = argocd.asked("outcome", **APP, name="shop", asked=result["token"])
    assert found["done"]
    assert [(row["name"], row["status"], row["wave"]) for row in found["rows"]] == [
        ("ConfigMap/shop/kept", "Synced", 1),
        ("Deployment/shop/shop", "Synced", 2),
    ]


def test_a_reconcile_tells_what_became_of_each_object(flux: Page) -> None:
    cluster = flux.world.clusters["prod"]
    cluster.delete(ObjectKey(*CONFIG_MAP, "web", "kept"))
    result = flux.acted("sync", {**WEB, "name": "web"})
    flux.world.run_for(timedelta(seconds=30))
    rows = flux.asked("outcome", **WEB, name="web", asked=result["token"])["rows"]
    assert ("ConfigMap/web/kept", "created") in [(row["name"], row["status"]) for row in rows]


def test_a_prune_that_waits_for_a_person_is_shown_and_confirmed(argocd: Page) -> None:
    repository = argocd.world.repository
    file = repository / "asked" / "asked.yaml"
    file.write_text(file.read_text().partition("---")[2])
    commit_folder(repository, "second", "A <a@example.com>", MOMENT)
    control.push(argocd.world)
    argocd.world.run_for(timedelta(minutes=1))
    page = argocd.asked("delivery", **APP, name="asked")
    assert page["confirms"] == "waiting for pruning confirmation of /ConfigMap/precious"
    found = argocd.asked("outcome", **APP, name="asked", asked="")
    assert (found["done"], found["waits"]) == (False, page["confirms"])
    assert argocd.acted("confirm", {**APP, "name": "asked"})["ok"]
    argocd.world.run_for(timedelta(minutes=1))
    assert argocd.asked("delivery", **APP, name="asked")["confirms"] == ""
    assert argocd.world.clusters["management"].get(ObjectKey(*CONFIG_MAP, "asked", "precious")) is None


def test_a_deletion_that_waits_for_a_person_says_so(argocd: Page) -> None:
    result = argocd.acted("delete", {**APP, "name": "asked"}, cascade="background")
    assert (result["ok"], result["waits"], result["token"]) == (True, True, "deleted")
    argocd.world.run_for(timedelta(seconds=10))
    found = argocd.asked("outcome", **APP, name="asked", asked="deleted")
    assert (found["done"], found["waits"]) == (
        False,
        "the deletion waits for a confirmation, for ConfigMap/asked/precious",
    )
    assert argocd.acted("delete", {**APP, "name": "free"}, cascade="sideways")["error"].startswith("cascade:")
