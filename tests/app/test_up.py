"""A platform or a repository runs in embedded clusters, to its end."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared
from typer.testing import CliRunner

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app import targets, up
from nixernetes.app.reload import Reloader
from nixernetes.app.worlds import World, make_world
from nixernetes.cli.commands import app
from nixernetes.cli.main import main
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.engine.reports import Report, from_json, to_json
from nixernetes.errors import InputError
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.estate import DocumentIndex, undefined_kinds
from nixernetes.render.tree import MemoryTree

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DEMO = Path(targets.__file__).parent / "data" / "demo"
WORKLOADS = (
    GroupKind("apps", "Deployment"),
    GroupKind("apps", "StatefulSet"),
    GroupKind("", "Service"),
    GroupKind("", "ConfigMap"),
)


def once(path: Path, engine: str = "", **options: Json) -> tuple[up.RunOutcome, World]:
    with targets.prepare(path, targets.RunOptions(engine=engine, **options)) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        settled = world.run_until_settled(up.LIMIT)
    outcome = up.RunOutcome(report=world.report(), settled=settled, took=up.LIMIT, faults=tuple(world.faults))
    return outcome, world


def workloads(cluster: EmbeddedCluster) -> dict[ObjectKey, Json]:
    """Return what users declared, without what an engine writes on it."""
    found = {}
    for kind in WORKLOADS:
        for item in cluster.list(kind):
            if item["metadata"]["name"] != "kube-root-ca.crt" and "argocd" not in item["metadata"]["namespace"]:
                found[key_of(item)] = {k: v for k, v in item.items() if k not in ("metadata", "status")}
                for name in ("clusterIP", "clusterIPs"):
                    found[key_of(item)].get("spec", {}).pop(name, None)
    return found


def test_both_engines_deliver_the_same_workloads_to_the_same_clusters() -> None:
    _, by_flux = once(DEMO, "flux")
    _, by_argocd = once(DEMO, "argocd")
    for name, cluster in by_flux.clusters.items():
        delivered = workloads(cluster)
        assert len(delivered) >= 6
        assert delivered == workloads(by_argocd.clusters[name])


ORDERED = """
from nixernetes import gitops

def workload(name):
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": name, "image": f"{name}:1"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}

platform = gitops.Platform(
    name="p",
    engine="both",
    repository=gitops.GitOpsRepository(name="c", url="https://example.com/x/c", environments=["one"]),
    apps=[
        gitops.App(name="db", namespace="shop", manifests=[workload("db")], interval="5m", argocd={"info": []}),
        gitops.App(name="web", namespace="shop", manifests=[workload("web")], depends_on=["db"], labels={"a": "b"}),
    ],
)
"""


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_an_app_waits_for_those_that_it_depends_on(engine: str, tmp_path: Path) -> None:
    (tmp_path / "gitops.py").write_text(ORDERED)
    assert once(tmp_path, engine)[0].ok
    failing = WorkloadProfile(failures={"db:*": Failure.CRASH})
    outcome, world = once(tmp_path, engine, profile=failing)
    assert not outcome.ok
    assert [item["metadata"]["name"] for item in world.clusters["one"].list(WORKLOADS[0])] == ["db"]


def test_equal_runs_have_equal_bytes() -> None:
    first, second = (json.dumps(to_json(once(DEMO, "flux")[0].report)) for _ in range(2))
    assert first == second


def test_a_report_survives_its_json() -> None:
    report = once(DEMO, "argocd")[0].report
    assert isinstance(report, Report)
    assert from_json(to_json(report)) == report


def test_what_never_gets_ready_ends_the_run_with_the_reason() -> None:
    failing = WorkloadProfile(failures={"shop:*": Failure.IMAGE_PULL})
    outcome, _ = once(DEMO, "flux", profile=failing)
    assert outcome.settled
    assert not outcome.ok
    failed = {item.key.name: item.message for item in outcome.report.deliveries if item.state == "failed"}
    assert set(failed) == {"shop"}
    assert "health check failed" in failed["shop"]
    assert "Deployment/production/shop status: 'Failed'" in failed["shop"]


def test_an_edit_of_the_platform_rolls_out_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "platform"))
    file = folder / "gitops.py"
    with targets.prepare(file, targets.RunOptions(engine="flux")) as prepared:
        assert prepared.platform is not None
        clock = VirtualClock()
        world = make_world(prepared.blueprint, clock, prepared.outside)
        world.run_until_settled(up.LIMIT)
        reloader = Reloader(prepared.platform, file)
        text = file.read_text()
        file.write_text(text + "\nplatform = 1\n")
        reloader(world)
        assert "not a Platform" in reloader.problem
        assert world.settled()
        file.write_text(text.replace("shop:1.0", "shop:2.0-edited"))
        clock.advance(up.LIMIT)
        reloader._next = 0.0  # it looks once a second
        reloader(world)
        assert reloader.problem == ""
        world.run_until_settled(up.LIMIT)
        shop = world.clusters["eu-west-1"].get(ObjectKey("apps", "Deployment", "production", "shop"))
        assert shop is not None
        assert shop["spec"]["template"]["spec"]["containers"][0]["image"] == "shop:2.0-edited"


def built(tmp_path: Path) -> Path:
    """Return a repository that was built and committed."""
    repository = tmp_path / "repository"
    init_repository(repository)
    result = CliRunner().invoke(app, ["build", str(EXAMPLES / "12-flat-repository"), "--output-dir", str(repository)])
    assert result.exit_code == 0
    commit_folder(repository, "Build", "Test <test@example.com>", datetime(2026, 1, 1, tzinfo=UTC))
    return repository


def test_a_repository_runs_without_the_platform_that_it_was_built_from(tmp_path: Path) -> None:
    outcome, world = once(built(tmp_path))
    assert sorted(world.clusters) == ["development", "production", "staging"]
    assert outcome.ok


def test_a_source_that_disappears_and_comes_back_loses_nothing(tmp_path: Path) -> None:
    repository = built(tmp_path)
    _, world = once(repository)
    before = workloads(world.clusters["production"])
    away = repository.rename(tmp_path / "away")
    world.runtime.advance(world.clock.now() + up.LIMIT / 60)
    broken = [item for item in world.report().deliveries if item.key.kind == "GitRepository"]
    assert all(item.state == "failed" and "is not there" in item.message for item in broken)
    assert workloads(world.clusters["production"]) == before
    away.rename(repository)
    world.run_for(timedelta(minutes=20))
    assert world.report().ready


def imported(name: str, tmp_path: Path) -> Path:
    """Return a repository of others, committed."""
    repository = tmp_path / name
    shutil.copytree(SHARED / "corpora" / name, repository)
    for path in [repository, *repository.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    init_repository(repository)
    commit_folder(repository, "Import", "Test <test@example.com>", datetime(2026, 1, 1, tzinfo=UTC))
    return repository


@needs_shared
def test_a_cluster_that_others_bootstrapped_starts_and_says_what_it_lacks(tmp_path: Path) -> None:
    repository = imported("fluxcd+flux2-multi-tenancy", tmp_path)
    outcome, world = once(repository)
    assert sorted(world.clusters) == ["production", "staging"]
    root = [item for item in outcome.report.deliveries if item.key.name == "flux-system"]
    assert {item.state for item in root} == {"ready"}
    assert not outcome.ok
    assert outcome.faults == ()


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["nixernetes", *words])
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    output = capsys.readouterr()
    return code, output.out, output.err


def test_up_once_prints_a_tree_and_exits_0(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(monkeypatch, capsys, "up", str(EXAMPLES / "10-single-cluster"), "--once")
    assert code == 0
    assert "ConfigMap/default/hello  Current" in out
    assert "converged: 3 of 3 deliveries ready" in out
    assert "\x1b" not in out


def test_up_once_exits_1_and_json_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["up", str(DEMO), "--once", "-o", "json", "--engine", "flux", "--fail", "shop:*=CrashLoopBackOff"]
    code, out, _ = run(monkeypatch, capsys, *words)
    value = json.loads(out)
    assert (code, value["converged"], value["settled"]) == (1, False, True)
    states = {item["name"]: item["state"] for item in value["deliveries"]}
    assert (states["shop"], states["database"]) == ("failed", "ready")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        ([str(EXAMPLES)], "is not a Git repository"),
        ([str(DEMO), "--engine", "spinnaker"], "unknown engine 'spinnaker': use flux or argocd"),
        ([str(DEMO), "--source", "x"], "--source: 'x' is not URL=PATH"),
        ([str(DEMO), "--fail", "x=y"], "--fail: 'y': use one of ImagePullBackOff"),
        ([str(DEMO), "--ready-after", "1d"], "'1d' is not a duration"),
        ([str(DEMO), "-o", "yaml"], "unknown output 'yaml': use json"),
        ([str(DEMO), "-o", "json"], "add --once"),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(monkeypatch, capsys, "up", *words)
    assert code == 1
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_a_repository_with_nothing_to_start_says_how_to_name_a_folder(tmp_path: Path) -> None:
    init_repository(tmp_path)
    (tmp_path / "a.yaml").write_text("a: 1\n")
    commit_folder(tmp_path, "x", "Test <test@example.com>", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(InputError, match="nothing to start"):
        targets.prepare(tmp_path, targets.RunOptions())
    with pytest.raises(InputError, match="holds no object of Flux or Argo CD"):
        targets.prepare(tmp_path, targets.RunOptions(clusters={"one": "."}))


def test_undefined_kinds_can_be_served_without_their_definitions() -> None:
    widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, namespace: b}\n"
    issuer = "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: a}\n"
    tree = MemoryTree(
        {
            "a.yaml": widget + "---\n" + issuer,
            "b.yaml": "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: c}\n",
            "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
            "deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: c}\n",
            "template.yaml": "{{ if }}",
        }
    )
    assert undefined_kinds(DocumentIndex(tree)) == {
        GroupKind("cert-manager.io", "ClusterIssuer"): False,
        GroupKind("example.com", "Widget"): True,
    }


@needs_shared
def test_a_repository_runs_with_the_kinds_that_others_define(tmp_path: Path) -> None:
    repository = imported("fluxcd+flux2-kustomize-helm-example", tmp_path)
    outcome, world = once(repository, assume_crds=True)
    (root,) = [
        item
        for item in outcome.report.deliveries
        if (item.cluster, item.key.name) == ("staging", "flux-system") and item.key.kind == "Kustomization"
    ]
    assert root.state == "ready"
    assert world.clusters["staging"].get(
        ObjectKey("kustomize.toolkit.fluxcd.io", "Kustomization", "flux-system", "apps")
    )


def test_a_folder_can_be_named_as_the_start_of_a_cluster(tmp_path: Path) -> None:
    init_repository(tmp_path)
    kustomization: Manifest = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system"},
        "spec": {
            "interval": "10m",
            "path": "./apps",
            "prune": True,
            "sourceRef": {"kind": "GitRepository", "name": "home"},
        },
    }
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "ks.yaml").write_text(json.dumps(kustomization))
    (tmp_path / "apps").mkdir()
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}
    (tmp_path / "apps" / "a.yaml").write_text(json.dumps(settings))
    commit_folder(tmp_path, "x", "Test <test@example.com>", datetime(2026, 1, 1, tzinfo=UTC))
    outcome, world = once(tmp_path, clusters={"home": "start"})
    assert outcome.ok
    assert world.clusters["home"].get(ObjectKey("", "ConfigMap", "default", "a")) is not None


def test_a_repository_of_flux_clusters_and_a_control_plane_runs_both(tmp_path: Path) -> None:
    repository, kustomization = (
        (
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
            "metadata: {name: flux-system, namespace: flux-system}\n"
            "spec: {interval: 1m, url: 'https://git.example/fleet', ref: {branch: main}}\n"
        ),
        (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
            "metadata: {name: flux-system, namespace: flux-system}\n"
            "spec: {interval: 1m, path: clusters/NAME, prune: true, "
            "sourceRef: {kind: GitRepository, name: flux-system}}\n"
        ),
    )
    root = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: root, namespace: argocd}\n"
        "spec:\n  project: default\n  syncPolicy: {automated: {}}\n"
        "  source: {repoURL: 'https://git.example/fleet', path: apps, targetRevision: main}\n"
        "  destination: {server: 'https://kubernetes.default.svc', namespace: default}\n"
    )
    files = {
        f"clusters/{name}/flux-system/sync.yaml": f"{repository}---\n{kustomization.replace('NAME', name)}"
        for name in ("blue", "green")
    }
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: default}\n"
    for path, text in {**files, "argocd/root.yaml": root, "apps/web.yaml": config}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    init_repository(tmp_path)
    commit_folder(tmp_path, "first", "A <a@b>", datetime(2026, 1, 1, tzinfo=UTC))
    outcome, world = once(tmp_path)
    assert outcome.settled
    assert sorted(world.clusters) == ["blue", "green", "management"]
    assert world.clusters["management"].get(ObjectKey("", "ConfigMap", "default", "web"))
    assert not world.clusters["green"].get(ObjectKey("", "ConfigMap", "default", "web"))


def test_the_same_run_of_a_repository_is_told_again_without_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repository = built(tmp_path)
    first = run(monkeypatch, capsys, "up", str(repository), "--once")
    with monkeypatch.context() as patched:
        patched.setattr(targets, "prepare", None)
        assert run(monkeypatch, capsys, "up", str(repository), "--once") == first
    assert json.loads(run(monkeypatch, capsys, "up", str(repository), "--once", "-o", "json")[1])["converged"]
    (repository / "README.md").write_text("edited\n")
    assert "not committed" in run(monkeypatch, capsys, "up", str(repository), "--once")[2]
