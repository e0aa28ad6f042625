"""Artifacts and charts out of a registry, from the declaration to what the command prints, with the real helm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.adapters.registry_server import RegistryServer, archive, served

from nixernetes.cli.render import main
from nixernetes.objects.manifest import Json

server = pytest.fixture(served)
CHART = {
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
    "web/templates/map.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\ndata:\n"
        "  kube: '{{ .Capabilities.KubeVersion.Version }}'\n"
        "  crd: '{{ .Capabilities.APIVersions.Has \"example.com/v1\" }}'\n"
        "  name: '{{ .Values.name }}'\n"
    ),
}
LOGIN = """apiVersion: v1
kind: Secret
metadata: {name: login, namespace: flux-system}
stringData: {username: me, password: pw}
"""
FLUX = """apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: apps, namespace: flux-system}
spec: {url: oci://HOST/apps, ref: {REF}, interval: 1m, secretRef: {name: login}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {url: oci://HOST/charts, type: oci, secretRef: {name: login}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./, sourceRef: {kind: OCIRepository, name: apps}, interval: 1m, prune: true}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  interval: 1m
  chart: {spec: {chart: web, version: 1.x, sourceRef: {kind: HelmRepository, name: charts}}}
  values: {name: flux}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: again, namespace: flux-system}
spec: {interval: 1m, chartRef: {kind: OCIRepository, name: chart}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: chart, namespace: flux-system}
spec: {url: oci://HOST/charts/web, ref: {semver: '>=1'}, interval: 1m, secretRef: {name: login}}
"""
ARGOCD = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  source: {repoURL: HOST/charts, chart: web, targetRevision: 1.2.3, helm: {valuesObject: {name: argocd}}}
  destination: {server: https://kubernetes.default.svc, namespace: web}
"""
REPOSITORY = """apiVersion: v1
kind: Secret
metadata:
  name: charts
  namespace: argocd
  labels: {argocd.argoproj.io/secret-type: repository}
stringData: {url: HOST/charts, type: helm, enableOCI: 'true', username: me, password: pw}
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def digest(server: RegistryServer) -> str:
    """Fill the registry, which asks who is there; the digest is that of the artifact of manifests."""
    server.push("charts/web", ["1.2.3"], archive(CHART))
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: web}\ndata: {a: '1'}\n"
    found = server.push("apps", ["v1"], archive({"config.yaml": config}))
    server.password = True
    return found


def _written(folder: Path, server: RegistryServer, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text.replace("HOST", server.host))
    return folder


def _data(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Json]:
    main([*map(str, arguments), "-o", "json"])
    return {item["metadata"]["name"]: item.get("data") for item in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize("reference", ["tag: v1", "digest: DIGEST"])
def test_flux_renders_artifacts_and_charts_of_a_registry_that_asks_who_is_there(
    tmp_path: Path, server: RegistryServer, digest: str, capsys: pytest.CaptureFixture[str], reference: str
) -> None:
    flux = FLUX.replace("REF", reference.replace("DIGEST", digest))
    repo = _written(tmp_path / "r", server, {"start/all.yaml": flux, "start/login.yaml": LOGIN})
    arguments = ("--all", "--repo", repo, "--kube-version", "1.29.4", "--api-versions", "example.com/v1")
    assert _data(capsys, *arguments) == {
        "settings": {"a": "1"},
        "web": {"kube": "v1.29.4", "crd": "true", "name": "flux"},
        "again": {"kube": "v1.29.4", "crd": "true", "name": ""},
    }


def test_without_the_secret_each_delivery_says_so(
    tmp_path: Path, server: RegistryServer, digest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del digest
    repo = _written(tmp_path / "r", server, {"start/all.yaml": FLUX.replace("REF", "tag: v1")})
    with pytest.raises(SystemExit):
        main(["--all", "--repo", str(repo)])
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert all("secret 'flux-system/login': secrets \"login\" not found" in line for line in told)
    assert "Kustomization/flux-system/apps (start/all.yaml:11): not rendered: OCIRepository/flux-system/apps" in told[0]
    assert server.seen == []


def test_argo_cd_pulls_a_chart_as_its_repository_secret_says(
    tmp_path: Path, server: RegistryServer, digest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del digest
    repo = _written(tmp_path / "r", server, {"argocd/web.yaml": ARGOCD, "argocd/charts.yaml": REPOSITORY})
    found = _data(capsys, "Application/argocd/web", "--repo", repo, "--kube-version", "1.29.4")
    assert found["web"] == {"kube": "v1.29.4", "crd": "false", "name": "argocd"}


def test_mapped_artifacts_and_charts_are_not_asked_for(
    tmp_path: Path, server: RegistryServer, digest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del digest
    flux = FLUX.replace("REF", "tag: v9").replace("secretRef: {name: login}", "timeout: 1m")
    repo = _written(tmp_path / "r", server, {"start/all.yaml": flux})
    (tmp_path / "web.tgz").write_bytes(archive(CHART))
    _written(tmp_path / "apps", server, {"a.yaml": LOGIN.replace("Secret", "ConfigMap")})
    host = f"oci://{server.host}"
    mapped = [f"{host}/apps={tmp_path}/apps", f"{host}/charts/web={tmp_path}/web.tgz"]
    found = _data(capsys, "--all", "--repo", repo, *(part for each in mapped for part in ("--source", each)))
    assert {"login", "web", "again"} <= set(found)
    assert server.seen == []


@pytest.mark.parametrize("scheme", ["oci://", ""])
def test_a_chart_is_mapped_as_argo_cd_spells_its_registry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], scheme: str
) -> None:
    (tmp_path / "argocd").mkdir()
    (tmp_path / "argocd" / "web.yaml").write_text(ARGOCD.replace("HOST", "registry.example"))
    (tmp_path / "web.tgz").write_bytes(archive(CHART))
    mapped = f"{scheme}registry.example/charts/web={tmp_path}/web.tgz"
    found = _data(capsys, "Application/argocd/web", "--repo", tmp_path, "--source", mapped)
    assert found["web"]["name"] == "argocd"
