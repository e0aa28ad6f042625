"""Who asks a HelmRepository, and who pulls its charts (Flux, section 1.5)."""

from __future__ import annotations

from tests.engine.flux.conftest import URL as CONFIG, World

from nixernetes.objects.manifest import Json
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import Credentials
from nixernetes.render.tree import MemoryTree

URL = "https://charts.example.com"
OCI = "oci://registry.example.com/charts"
WHO = Credentials(username="robot", password="pass", pass_credentials=True)


def _chart() -> Chart:
    return Chart(name="web", version="1.0.0", tree=MemoryTree({"Chart.yaml": "name: web\nversion: 1.0.0\n"}))


def _secret(world: World, **data: str) -> None:
    meta = {"name": "login", "namespace": "flux-system"}
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data}
    world.cluster.apply(manifest, manager="kubectl", force=True)


def _repository(world: World, url: str = URL, **spec: Json) -> None:
    base = {"url": url, "interval": "10m", "secretRef": {"name": "login"}, "passCredentials": True}
    world.put("HelmRepository", "charts", {**base, **spec})


def _helm_chart(world: World, kind: str = "HelmRepository", name: str = "charts", chart: str = "web") -> None:
    spec = {"chart": chart, "version": "*", "interval": "10m", "sourceRef": {"kind": kind, "name": name}}
    world.put("HelmChart", "web", spec)


def test_the_index_and_the_charts_are_asked_for_as_the_secret_says(world: World) -> None:
    world.charts.add(URL, _chart())
    _secret(world, username="robot", password="pass")
    _repository(world)
    _helm_chart(world)
    assert world.settle()
    assert world.condition("HelmChart", "web")[0] == "True"
    assert set(world.charts.asked) == {(URL, WHO)}


def test_a_repository_without_its_secret_fails_to_authenticate(world: World) -> None:
    world.charts.add(URL, _chart())
    _repository(world)
    assert world.settle()
    text = "failed to get authentication secret 'flux-system/login': secrets \"login\" not found"
    assert world.condition("HelmRepository", "charts") == ("False", "AuthenticationFailed", text)
    assert world.charts.asked == []


def test_half_of_a_pair_fails_to_authenticate_and_shows_no_value(world: World) -> None:
    _secret(world, username="robot")
    _repository(world)
    assert world.settle()
    text = "invalid secret data: required fields 'username' and 'password'"
    assert world.condition("HelmRepository", "charts") == ("False", "AuthenticationFailed", text)


def test_a_chart_of_an_oci_repository_is_pulled_with_its_credentials(world: World) -> None:
    world.charts.add(OCI, _chart())
    _secret(world, username="robot", password="pass")
    _repository(world, OCI, type="oci")
    _helm_chart(world)
    assert world.settle()
    assert world.condition("HelmChart", "web")[1] == "ChartPullSucceeded"
    assert set(world.charts.asked) == {(OCI, WHO)}


def test_an_oci_repository_is_static_so_its_charts_tell_what_it_lacks(world: World) -> None:
    _repository(world, OCI, type="oci")
    _helm_chart(world)
    assert world.settle()
    assert world.status("HelmRepository", "charts").get("conditions") is None
    assert world.condition("HelmChart", "web", "FetchFailed")[1] == "AuthenticationFailed"


def test_a_cloud_identity_is_refused_where_the_repository_is_used(world: World) -> None:
    _repository(world, OCI, type="oci", provider="aws")
    _helm_chart(world)
    assert world.settle()
    assert "spec.provider: " in world.condition("HelmChart", "web")[2]


def test_a_dependency_is_pulled_as_the_repository_with_its_url_says(world: World) -> None:
    world.charts.add(URL, _chart())
    _secret(world, username="robot", password="pass")
    _repository(world, f"{URL}/")
    world.charts.failing[f"{URL}/"] = "not asked for its index here"
    meta = f"name: app\nversion: 2.0.0\ndependencies:\n- name: web\n  version: '*'\n  repository: {URL}\n"
    world.source.commit(CONFIG, {"app/Chart.yaml": meta})
    world.repository()
    _helm_chart(world, "GitRepository", "repo", "./app")
    world.settle()
    assert world.condition("HelmChart", "web")[1] == "ChartPackageSucceeded"
    assert (URL, WHO) in world.charts.asked
