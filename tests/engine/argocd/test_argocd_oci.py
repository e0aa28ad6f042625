"""Applications whose sources are in OCI registries (Argo CD, sections 1.1 and 16)."""

from __future__ import annotations

from tests.engine.argocd.conftest import Plane
from tests.engine.argocd.samples import application, config_map

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tree import MemoryTree

URL = "oci://registry.example.com/config"
CHARTS = "registry.example.com/charts"
WHO = Credentials(username="robot", password="word")


def _app(name: str = "web", **source: Json) -> Manifest:
    app = application(name, automated={}, options=("CreateNamespace=true",))
    app["spec"]["source"] = source
    app["spec"]["destination"] = {"server": IN_CLUSTER, "namespace": "production"}
    return app


def _login(plane: Plane, kind: str, url: str, **more: str) -> None:
    meta = {"name": kind, "namespace": "argocd", "labels": {"argocd.argoproj.io/secret-type": kind}}
    data = {"url": url, "username": "robot", "password": "word", **more}
    plane.apply({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data})


def _chart() -> Chart:
    files = {"Chart.yaml": "name: web\nversion: 1.0.0\n", "templates/a.yaml": yamls.dump(config_map("from-chart"))}
    return Chart(name="web", version="1.0.0", tree=MemoryTree(files))


def test_a_chart_of_a_registry_is_pulled_as_its_repository_secret_says(plane: Plane) -> None:
    plane.charts.add(f"oci://{CHARTS}", _chart())
    _login(plane, "repository", CHARTS, type="helm", name="charts", enableOCI="true")
    plane.apply(_app(repoURL=CHARTS, chart="web", targetRevision="1.0.0"))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert plane.get("ConfigMap", "production", "from-chart") is not None
    assert set(plane.charts.asked) == {(f"oci://{CHARTS}", WHO)}


def test_charts_of_http_repositories_are_pulled_with_shared_credentials(plane: Plane) -> None:
    plane.charts.add("https://charts.example.com/team", _chart())
    _login(plane, "repo-creds", "https://charts.example.com")
    plane.apply(_app(repoURL="https://charts.example.com/team", chart="web", targetRevision="1.0.0"))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert set(plane.charts.asked) == {("https://charts.example.com/team", WHO)}


def test_an_artifact_is_synced_at_its_digest(plane: Plane) -> None:
    digest = plane.registries.push(URL, "v1", {"apps/a.yaml": yamls.dump(config_map("a"))})
    plane.apply(_app(repoURL=URL, path="apps", targetRevision="v1"))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert plane.status("web")["sync"]["revision"] == digest
    assert {who for _, who in plane.registries.asked} == {ANONYMOUS}


def test_a_tag_that_moves_is_seen_at_the_next_refresh(plane: Plane) -> None:
    plane.registries.push(URL, "v1", {"a.yaml": yamls.dump(config_map("a"))})
    plane.apply(_app(repoURL=URL, path=".", targetRevision="v1"))
    assert plane.settle()
    digest = plane.registries.push(URL, "v1", {"b.yaml": yamls.dump(config_map("b"))})
    plane.run(300)
    assert plane.status("web")["sync"]["revision"] == digest
    assert plane.get("ConfigMap", "production", "b") is not None


def test_a_chart_in_an_artifact_is_rendered_as_a_chart(plane: Plane) -> None:
    chart = {f"web/{path}": _chart().tree.read(path) for path in _chart().tree.walk()}
    plane.registries.push(URL, "1.0.0", chart)
    plane.apply(_app(repoURL=URL, path=".", targetRevision="1.0.0"))
    assert plane.settle()
    assert plane.status("web")["sourceType"] == "Helm"
    assert plane.get("ConfigMap", "production", "from-chart") is not None


def test_a_registry_that_refuses_is_a_comparison_error(plane: Plane) -> None:
    plane.registries.failing[URL] = "unauthorized"
    plane.apply(_app(repoURL=URL, path=".", targetRevision="v1"))
    plane.run(60)
    found = plane.conditions("web")
    assert [kind for kind, _ in found] == ["ComparisonError"]
    assert "unauthorized" in found[0][1]
