"""What the page tells of a deletion before it, what it shows while something goes on, and what waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.app.console.fleets import ARGOCD_FILES, FLUX_FILES, fleet
from tests.app.console.worlds import settled
from tests.repositories import MOMENT

from nixernetes.adapters.repositories.git_write import commit_folder
from nixernetes.adapters.web_server.access.standing import Grant, Role, Standing
from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.console import changing, control
from nixernetes.app.console.selecting import Selection, wanted_of
from nixernetes.app.timing.pace import SteeredPace
from nixernetes.app.web.pages import answer
from nixernetes.app.web.running import RunningPages
from nixernetes.app.worlds import World
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, POD

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

    def answered(self, question: WebQuestion) -> Any:
        """Return the answer to a question of somebody."""
        return json.loads(answer(self._pages, question, self._pages).body)

    def acted(self, do: str, target: dict[str, str], **options: Any) -> Any:
        body = json.dumps({"do": do, "targets": [target], **options}).encode()
        found = answer(self._pages, WebQuestion(name="actions", body=body), self._pages)
        return json.loads(found.body)["results"][0] if found.status == 200 else json.loads(found.body)

    def note(self) -> None:
        """Take note of how deliveries stand."""
        self._pages.note()

    def changed(self, name: str, /, **request: Any) -> Any:
        return self.changed_by(None, name, **request)

    def changed_by(self, standing: Standing | None, name: str, /, **request: Any) -> Any:
        question = WebQuestion(name=name, body=json.dumps(request).encode(), standing=standing)
        return json.loads(answer(self._pages, question, self._pages).body)

    def by(self, standing: Standing, do: str, target: dict[str, str]) -> Any:
        """Return what comes of a request of somebody about one object."""
        return self.changed_by(standing, "actions", do=do, targets=[target])["results"][0]


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
    assert (result["ok"], result["waits"]) == (True, True)
    argocd.world.run_for(timedelta(seconds=10))
    found = argocd.asked("outcome", **APP, name="asked", asked=result["token"])
    assert (found["done"], found["waits"]) == (
        False,
        "the deletion waits for a confirmation, for ConfigMap/asked/precious",
    )
    assert argocd.acted("delete", {**APP, "name": "free"}, cascade="sideways")["error"].startswith("cascade:")


def test_time_and_faults_are_asked_for_by_requests_of_their_own(flux: Page) -> None:
    assert flux.asked("clock")["isVirtual"] is False
    assert "up --clock virtual" in flux.changed("clock", order="step")["error"]
    flux.world.pace = SteeredPace(lambda: 0.0)
    page = flux.changed("clock", order="+10m")
    assert (page["isVirtual"], page["goal"]) == (True, "2026-01-01T00:10:00Z")
    assert flux.changed("clock", order="pause")["goal"] == ""
    page = flux.changed("faults", do="fail", image="web:*", how="CrashLoopBackOff")
    assert page["faults"] == [{"image": "web:*", "how": "CrashLoopBackOff"}]
    flux.world.run_for(timedelta(seconds=10))
    assert "CrashLoopBackOff" in json.dumps(flux.asked("delivery", **WEB, name="web")["tree"])
    assert flux.changed("faults", do="heal", image="web:*")["faults"] == []
    for wrong in (
        {"do": "fail"},
        {"do": "fail", "image": "a", "how": "Tired"},
        {"do": "fail", "image": "a", "more": 1},
    ):
        assert "error" in flux.changed("faults", **wrong)


def test_an_operator_changes_what_the_grants_name_and_nothing_else(argocd: Page) -> None:
    grant = Grant(clusters=("manage*",), projects=("*",), deliveries=("argocd/shop",))
    ada = Standing(role=Role.OPERATOR, name="ada", grants=(grant,))
    deployment = {"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "shop", "cluster": "management"}
    pod = next(each for each in argocd.asked("delivery", **APP, name="shop")["tree"] if each["id"]["kind"] == "Pod")
    assert argocd.by(ada, "refresh", {**APP, "name": "shop"})["ok"]
    assert argocd.by(ada, "restart", deployment)["ok"]
    assert argocd.by(ada, "delete", pod["id"])["ok"], "what the Deployment of a delivery made is of that delivery"
    others = (
        {**APP, "name": "free"},
        {"cluster": "management", "group": "", "kind": "ConfigMap", "namespace": "free", "name": "free"},
        {"cluster": "management", "group": "", "kind": "Namespace", "namespace": "", "name": "argocd"},
        {"cluster": "elsewhere", "group": "", "kind": "Namespace", "namespace": "", "name": "argocd"},
    )
    for other in others:
        for do in ("delete", "refresh", "suspend", "confirm", "scale"):
            refused = argocd.by(ada, do, other)
            assert not refused["ok"], (do, other)
            assert refused["message"].startswith("ada may not change this"), refused
    for name, request in (("clock", {"order": "step"}), ("faults", {"do": "fail", "image": "a"})):
        assert "time and faults concern all of them" in argocd.changed_by(ada, name, **request)["error"]
    viewer = Standing(role=Role.VIEWER, name="tom", grants=())
    assert not argocd.by(viewer, "refresh", {**APP, "name": "shop"})["ok"]


def test_what_goes_with_an_object_has_to_be_granted_too(tmp_path: Path) -> None:
    loose = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: loose, namespace: web}\n"
    with settled(fleet(tmp_path, FLUX_FILES | {"loose/loose.yaml": loose})) as world:
        page, namespace = (
            Page(world),
            {"cluster": "prod", "group": "", "kind": "Namespace", "namespace": "", "name": "web"},
        )
        own = Grant(clusters=("*",), projects=("*",), deliveries=("flux-system/web",))
        refused = page.by(Standing(role=Role.OPERATOR, name="ada", grants=(own,)), "delete", namespace)
        assert refused["message"] == (
            "ada may not change this: cluster prod, delivery flux-system/loose; ConfigMap/web/loose would go with it"
        )
        both = Grant(clusters=("*",), projects=("*",), deliveries=("flux-system/*o*", "flux-system/web"))
        assert page.by(Standing(role=Role.OPERATOR, name="ada", grants=(both,)), "delete", namespace)["ok"]


def test_what_is_refused_is_not_told_as_asked_for(flux: Page) -> None:
    flux.world.pace = SteeredPace(lambda: 0.0)
    nobody = Standing(role=Role.OPERATOR, name="tom", grants=())
    flux.note()
    flux.by(nobody, "suspend", {**WEB, "name": "web"})
    changing.suspend(flux.world, Selection(wanted=wanted_of(["ks", "web"])))
    flux.note()
    (change,) = flux.asked("timeline")["moments"][-1]["changes"]
    assert (change["state"], change["cause"]) == ("suspended", "")


def test_on_a_steered_clock_each_moment_is_one_of_the_history(flux: Page) -> None:
    """Time stands still, and yet things change: what is done by hand counts as soon as it is done."""
    flux.world.pace = SteeredPace(lambda: 0.0)
    flux.note()
    before = len(flux.asked("timeline")["moments"])
    for do in ("suspend", "resume", "suspend"):  # its controller has not looked yet
        assert flux.acted(do, {**WEB, "name": "web"})["ok"]
        flux.note()
    states = [change["state"] for moment in flux.asked("timeline")["moments"][before:] for change in moment["changes"]]
    assert states == ["suspended", "progressing", "suspended"]


RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cache, namespace: flux-system}
spec:
  interval: 10m
  targetNamespace: cache
  install: {createNamespace: true}
  chart: {spec: {chart: ./charts/cache, sourceRef: {kind: GitRepository, name: fleet}}}
"""
CACHE = """
apiVersion: v1
kind: Pod
metadata: {name: cache}
spec: {containers: [{name: cache, image: "cache:1"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}
"""
NODES = "clusters:\n  prod:\n    nodePools:\n    - {name: small, count: 2, allocatable: {cpu: '4', memory: 8Gi}}\n"
RELEASE_NAME = {"cluster": "prod", "group": "helm.toolkit.fluxcd.io", "kind": "HelmRelease", "namespace": "flux-system"}


def test_a_release_is_deleted_with_what_it_brought(tmp_path: Path) -> None:
    files = {
        "clusters/prod/cache.yaml": RELEASE,
        "charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
        "charts/cache/templates/all.yaml": CACHE,
        "nixernetes.yaml": NODES,
    }
    with settled(fleet(tmp_path, FLUX_FILES | files)) as world:
        page = Page(world)
        own = {**RELEASE_NAME, "name": "cache"}
        (line,) = page.asked("clusters")["clusters"]
        on = {name for node in line["nodes"] for name in node["names"]}
        assert "cache/cache" in on
        assert [node["pods"] for node in line["nodes"]] == [len(node["names"]) for node in line["nodes"]]
        told = page.asked("removal", **own, cascade="")
        assert {each["id"]["name"] for each in told["goes"]} == {"cache"}
        assert {each["id"]["name"]: each["why"] for each in told["stays"]} == {"kept": "helm.sh/resource-policy: keep"}
        assert "flux-system" in told["again"][0]
        assert page.acted("suspend", {**WEB, "name": "flux-system"})["ok"], "or it is brought again"
        assert page.acted("delete", own)["ok"]
        world.run_for(timedelta(seconds=30))
        cluster = world.clusters["prod"]
        assert cluster.get(ObjectKey(own["group"], own["kind"], own["namespace"], "cache")) is None
        assert cluster.get(ObjectKey("", "Pod", "cache", "cache")) is None
        assert cluster.get(ObjectKey("", "ConfigMap", "cache", "kept")) is not None


def test_what_nobody_owns_is_named_as_often_as_argo_cd_counts_it(argocd: Page) -> None:
    cluster = argocd.world.clusters["management"]
    block = {"warn": True, "ignore": [{"kind": "ConfigMap", "name": "left*"}]}
    project = cluster.get(ObjectKey("argoproj.io", "AppProject", "argocd", "default"))
    assert project is not None
    changed = {**project, "spec": {**project["spec"], "orphanedResources": block}}
    changed["metadata"] = {"name": "default", "namespace": "argocd"}
    cluster.apply(changed, manager="test", force=True)
    for name in ("mine", "left-out"):
        meta = {"name": name, "namespace": "shop"}
        cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta}, manager="test")
    argocd.acted("refresh", {**APP, "name": "shop"})
    argocd.world.run_for(timedelta(seconds=30))
    (line,) = [each for each in argocd.asked("projects")["projects"] if each["id"]["name"] == "default"]
    (user,) = [each for each in line["users"] if each["id"]["name"] == "shop"]
    in_shop = [each["name"] for each in line["orphaned"] if each["namespace"] == "shop"]
    assert in_shop == ["mine"]
    assert user["orphans"] == "Application has 1 orphaned resources"


def test_somebody_is_told_what_may_be_changed_before_it_is_asked_for(argocd: Page) -> None:
    grant = Grant(clusters=("*",), projects=("*",), deliveries=("argocd/shop",))
    ada = Standing(role=Role.OPERATOR, name="ada", grants=(grant,))
    told = {}
    for name in ("shop", "free"):
        question = WebQuestion(name="permission", about={**APP, "name": name}, standing=ada)
        told[name] = argocd.answered(question)["refused"]
    assert told["shop"] == ""
    assert told["free"].startswith("ada may not change this")


@pytest.mark.parametrize(
    ("engine", "own", "place"),
    [("flux", {**WEB, "name": "web"}, ("prod", "web")), ("argocd", {**APP, "name": "shop"}, ("management", "shop"))],
)
def test_a_tree_that_is_kept_is_the_tree(
    request: pytest.FixtureRequest, engine: str, own: dict[str, str], place: tuple[str, str]
) -> None:
    """The law of what is kept: whatever happens to an object, its tree is as one that is drawn anew."""
    page: Page = request.getfixturevalue(engine)
    cluster = page.world.clusters[place[0]]
    pod = next(key for key in map(key_of, cluster.list(POD)) if key.namespace == place[1])
    source = {**WEB, "group": "source.toolkit.fluxcd.io", "kind": "GitRepository", "name": "fleet"}
    steps: tuple[Callable[[], object], ...] = (
        lambda: cluster.delete(pod),
        lambda: cluster.delete(ObjectKey("apps", "Deployment", place[1], place[1])),
        lambda: page.acted("suspend", own),
        lambda: page.acted("suspend", source),
        lambda: page.world.run_for(timedelta(minutes=1)),
        lambda: page.acted("resume", own),
        lambda: page.world.run_for(timedelta(minutes=1)),
    )
    seen = []
    for step in steps:
        page.asked("delivery", **own)
        step()
        seen.append(page.asked("delivery", **own)["tree"])
        assert seen[-1] == Page(page.world).asked("delivery", **own)["tree"]
    assert len({json.dumps(tree) for tree in seen}) > 2
