"""Deliveries of a repository: found by themselves, rendered from the files at hand or from a Git revision."""

import json
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.adapters.registries import reachability
from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.rendering.render_deliveries import Query, find, render
from nixernetes.app.toolbox import ToolOptions
from nixernetes.cli.render import main
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd import source as application
from nixernetes.render.kustomize import BuildOptions
from nixernetes.render.tree import Tree

SYNC = """apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {url: "https://git.example/fleet", ref: {branch: main}, interval: 1m}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {path: ./clusters/NAME, sourceRef: {kind: GitRepository, name: flux-system}, interval: 1m, prune: true}
"""
APPS = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./apps
  sourceRef: {kind: GitRepository, name: flux-system}
  interval: 1m
  prune: true
  postBuild: {substituteFrom: [{kind: Secret, name: settings}]}
"""
WEB = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: default}\ndata: {region: '${region}'}\n"
VALUES = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: settings, namespace: flux-system}\nstringData: {region: REGION}\n"
)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _write(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    files = {f"clusters/{name}/flux-system/gotk-sync.yaml": SYNC.replace("NAME", name) for name in ("blue", "green")}
    files |= {f"clusters/{name}/apps.yaml": APPS for name in ("blue", "green")}
    return _write(tmp_path / "fleet", files | {"apps/web.yaml": WEB})


@pytest.fixture
def values(tmp_path: Path) -> Path:
    (tmp_path / "values.yaml").write_text(VALUES.replace("REGION", "eu"))
    return tmp_path / "values.yaml"


def _region(query: Query) -> str:
    (apps,) = find(render(query).clusters, ["Kustomization/flux-system/apps"])
    assert apps.problem == ""
    return str(apps.manifests[0].manifest["data"]["region"])


def test_every_cluster_is_rendered_by_itself(fleet: Path, values: Path) -> None:
    found = render(Query(repo=fleet, options=ToolOptions(values=[values]))).clusters
    assert [each.name for each in found] == ["blue", "green"]
    assert [[str(item.key) for item in each.deliveries] for each in found] == [
        ["Kustomization/flux-system/flux-system", "Kustomization/flux-system/apps"]
    ] * 2


def test_a_delivery_of_several_clusters_needs_the_cluster(fleet: Path, values: Path) -> None:
    wanted = ("Kustomization/flux-system/apps",)
    with pytest.raises(InputError, match=r"several clusters have it \(blue, green\)"):
        find(render(Query(repo=fleet, options=ToolOptions(values=[values]), wanted=wanted)).clusters, wanted)
    assert _region(Query(repo=fleet, options=ToolOptions(values=[values]), wanted=wanted, cluster="blue")) == "eu"
    with pytest.raises(InputError, match="there are blue, green"):
        render(Query(repo=fleet, cluster="red"))


def test_a_changed_value_is_seen_through_the_cache(fleet: Path, values: Path) -> None:
    query = Query(repo=fleet, options=ToolOptions(values=[values]), cluster="blue")
    assert [_region(query), _region(query)] == ["eu", "eu"]
    values.write_text(VALUES.replace("REGION", "us"))
    assert _region(query) == "us"


def test_a_variable_without_a_value_is_empty_only_when_asked(
    fleet: Path, values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values.write_text(VALUES.replace("region:", "other:"))
    asked = ["Kustomization/flux-system/apps", "--repo", str(fleet), "--cluster", "blue", "--values", str(values)]
    with pytest.raises(SystemExit) as left:
        main(asked)
    assert left.value.code == 1
    assert 'variable not set (strict mode): "region"' in capsys.readouterr().err
    main([*asked, "--no-strict-substitute", "-o", "json"])
    assert json.loads(capsys.readouterr().out)[0]["data"] == {"region": None}


def test_a_revision_is_read_without_a_checkout(fleet: Path, values: Path) -> None:
    init_repository(fleet, branch="main")
    commit_folder(fleet, "first", "A <a@b>", MOMENT)
    (fleet / "apps" / "web.yaml").write_text(WEB.replace("${region}", "edited"))
    query = Query(repo=fleet, options=ToolOptions(values=[values]), cluster="blue")
    assert _region(query) == "edited"
    assert _region(Query(repo=fleet, options=ToolOptions(values=[values]), cluster="blue", rev="main")) == "eu"


def test_what_cannot_be_rendered_is_told_and_the_rest_printed(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--all", "--repo", str(fleet), "--cluster", "blue", "-o", "json"])
    printed = capsys.readouterr()
    assert left.value.code == 1
    assert {item["kind"] for item in json.loads(printed.out)} == {"GitRepository", "Kustomization"}
    assert "blue: Kustomization/flux-system/apps (clusters/blue/apps.yaml:1): not rendered: " in printed.err
    assert 'secrets "settings" not found' in printed.err


def test_a_delivery_that_is_not_there_is_told(fleet: Path) -> None:
    with pytest.raises(InputError, match="no such delivery: Kustomization/flux-system/nowhere: "):
        main(["Kustomization/flux-system/nowhere", "--repo", str(fleet)])


def test_files_of_values_hold_config_maps_and_secrets_only(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WEB.replace("ConfigMap", "Deployment"))
    with pytest.raises(InputError, match="only ConfigMaps and Secrets"):
        render(Query(repo=fleet, options=ToolOptions(values=[tmp_path / "wrong.yaml"])))
    with pytest.raises(InputError, match="cannot be read"):
        render(Query(repo=fleet, options=ToolOptions(values=[tmp_path / "nowhere.yaml"])))


def test_a_repository_without_a_bootstrap_starts_with_what_no_delivery_delivers(tmp_path: Path) -> None:
    start = APPS.replace("apps", "children").split("  postBuild")[0]
    child = APPS.replace("path: ./apps", "path: ./web").split("  postBuild")[0]
    plain = WEB.replace("${region}", "eu")
    repo = _write(tmp_path / "r", {"start/ks.yaml": start, "children/apps/ks.yaml": child, "web/web.yaml": plain})
    (cluster,) = render(Query(repo=repo)).clusters
    assert [str(item.key) for item in cluster.deliveries] == [
        "Kustomization/flux-system/children",
        "Kustomization/flux-system/apps",
    ]
    assert all(not item.problem for item in cluster.deliveries)


def test_a_repository_without_deliveries_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no Kustomization"):
        render(Query(repo=_write(tmp_path / "r", {"web.yaml": WEB})))


@needs_shared
@pytest.mark.slow
def test_a_real_repository_is_rendered_down_to_its_leaves() -> None:
    repo = SHARED / "corpora" / "onedr0p+home-ops"
    (cluster,) = render(Query(repo=repo)).clusters
    kustomizations = [item for item in cluster.deliveries if item.key.kind == "Kustomization"]
    # One overlay names files that the reference copy does not hold, one needs a Secret that it does not hold.
    assert [str(item.key) for item in kustomizations if item.problem] == [
        "Kustomization/default/sonarr",
        "Kustomization/network/cloudflare-tunnel",
    ]
    assert len(kustomizations) > 70
    release = next(item for item in cluster.deliveries if item.key.kind == "HelmRelease")
    assert release.manifest["spec"]["upgrade"]["remediation"] == {"remediateLastFailure": True, "retries": 2}
    assert [str(key) for key in release.parents][-2:] == [
        "Kustomization/flux-system/cluster-apps",
        "Kustomization/flux-system/flux-system",
    ]


def test_a_repository_that_cannot_be_reached_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def connect(place: object, timeout: float) -> socket.socket:
        asked.append((place, timeout > 0))
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(reachability.socket, "create_connection", connect)
    repository = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: h, namespace: d}\n"
    repository += "spec: {url: 'https://charts.example', interval: 1m}\n"
    releases = [
        f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: r{number}, namespace: d}}\n"
        "spec: {interval: 1m, chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: h}}}}\n"
        for number in range(3)
    ]
    repo = _write(tmp_path / "r", {"all.yaml": "---\n".join([repository, *releases])})
    (cluster,) = render(Query(repo=repo)).clusters
    assert ["charts.example cannot be reached: refused" in item.problem for item in cluster.deliveries] == [True] * 3
    assert asked == [(("charts.example", 443), True)]


def test_applications_are_kept_and_a_commit_elsewhere_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: NAME, namespace: argocd}\nspec:\n"
        "  project: default\n  destination: {server: https://kubernetes.default.svc, namespace: web}\n"
        "  source: {repoURL: https://git.example/fleet, path: web, targetRevision: main, kustomize: {OPTIONS}}\n"
    )
    stamped = "commonAnnotations: {at: $ARGOCD_APP_REVISION}, commonAnnotationsEnvsubst: true"
    files = {
        "argocd/plain.yaml": app.replace("NAME", "plain").replace("OPTIONS", "namePrefix: p-"),
        "argocd/stamped.yaml": app.replace("NAME", "stamped").replace("OPTIONS", stamped),
        "web/kustomization.yaml": "resources: [web.yaml]\n",
        "web/web.yaml": WEB,
    }
    repo = _write(tmp_path / "fleet", files)
    init_repository(repo, branch="main")
    commit_folder(repo, "first", "A <a@b>", MOMENT)
    built: list[str] = []
    original = application.render_overlay

    def counted(options: Json, tree: Tree, folder: str, environment: Mapping[str, str], how: BuildOptions) -> Json:
        built.append(environment["ARGOCD_APP_NAME"])
        return original(options, tree, folder, environment, how)

    monkeypatch.setattr(application, "render_overlay", counted)
    first = render(Query(repo=repo)).clusters
    assert sorted(built) == ["plain", "stamped"]
    assert render(Query(repo=repo)).clusters == first
    assert sorted(built) == ["plain", "stamped"]
    (repo / "notes.txt").write_text("elsewhere")
    commit_folder(repo, "second", "A <a@b>", MOMENT)
    (stamp,) = find(render(Query(repo=repo)).clusters, ["Application/argocd/stamped"])
    assert sorted(built) == ["plain", "stamped", "stamped"]
    revision = stamp.manifests[0].manifest["metadata"]["annotations"]["at"]
    (old,) = find(first, ["Application/argocd/stamped"])
    assert revision != old.manifests[0].manifest["metadata"]["annotations"]["at"]


def test_argocd_cm_gives_flags_to_kustomize(tmp_path: Path) -> None:
    app = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n"
        "  project: default\n  destination: {server: https://kubernetes.default.svc, namespace: web}\n"
        "  source: {repoURL: https://git.example/fleet, path: web, kustomize: {kubeVersion: 1.30.0}}\n"
    )
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\ndata:\n"
    files = {
        "argocd/app.yaml": app,
        "argocd/argocd-cm.yaml": settings
        + "  kustomize.buildOptions: --enable-helm --load-restrictor=LoadRestrictionsNone\n",
        "web/kustomization.yaml": "resources: [../shared.yaml]\nhelmCharts: [{name: app, releaseName: r}]\n",
        "web/charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        "web/charts/app/templates/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
        "data: {kube: '{{ .Capabilities.KubeVersion }}'}\n",
        "shared.yaml": WEB,
    }
    repo = _write(tmp_path / "fleet", files)
    (web,) = find(render(Query(repo=repo)).clusters, ["Application/argocd/web"])
    assert web.problem == ""
    found = {item.manifest["metadata"]["name"]: item.manifest for item in web.manifests}
    assert found["c"]["data"] == {"kube": "v1.30.0"}
    assert "web" in found
    (repo / "argocd" / "argocd-cm.yaml").write_text(settings + "  kustomize.buildOptions: --enable-helm\n")
    (web,) = find(render(Query(repo=repo)).clusters, ["Application/argocd/web"])
    assert "security; file" in web.problem
    (repo / "argocd" / "argocd-cm.yaml").write_text(settings + "  kustomize.buildOptions: --nonsense\n")
    (web,) = find(render(Query(repo=repo)).clusters, ["Application/argocd/web"])
    assert "'--nonsense' is not known here" in web.problem
