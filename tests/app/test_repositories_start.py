"""Real repositories and small failing ones: what starts them, and that render and up agree about it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app import targets, up
from nixernetes.app.rendering.render_deliveries import Query, render
from nixernetes.render.estate import Note

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
CORPORA = {
    "argoproj+argocd-example-apps": ["management"],
    "controlplaneio-fluxcd+d1-fleet": ["prod-eu", "prod-us", "staging"],
    "controlplaneio-fluxcd+d2-fleet": ["prod-eu", "prod-us", "staging", "update"],
    "fluxcd+flux2-kustomize-helm-example": ["production", "staging"],
    "fluxcd+flux2-monitoring-example": ["test"],
    "fluxcd+flux2-multi-tenancy": ["production", "staging"],
    "ionfury+homelab": ["dev", "integration", "live"],
    "onedr0p+home-ops": ["cluster"],
    "theboarderline+tidalwave-argocd": ["management"],
    "theepicsaxguy+homelab": ["management"],
}
CASES = {
    "a08b-78ok": ["hub", "management", "spoke"],
    "b01-cm": ["management"],
    "c01-kustboot": ["management"],
    "c02-nons": ["management"],
    "c03-kustpatch": ["management"],
    "d05-boolname": ["management"],
    "h01-rootpatch": ["dev"],
    "h02-collapse": ["prod", "staging"],
    "h03-fluxinstance": ["dev"],
    "h04-archive": ["dev"],
    "l01-two": ["dev", "prod"],
}
CONVERGE = ["b01-cm", "c01-kustboot", "c02-nons", "c03-kustpatch", *[name for name in CASES if name[0] in "hl"]]


def copied(source: Path, place: Path) -> Path:
    """Make a Git repository of a folder."""
    repo = place / source.name
    shutil.copytree(source, repo)
    for path in [repo, *repo.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    init_repository(repo, branch="main")
    commit_folder(repo, "import", "A <a@b>", MOMENT)
    return repo


def started(repo: Path) -> tuple[list[str], tuple[Note, ...]]:
    """Return the clusters that start in ``up``, and what is said."""
    with targets.prepare(repo, targets.RunOptions()) as prepared:
        return sorted(each.name for each in prepared.blueprint.clusters), prepared.notes


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("name", CORPORA)
def test_real_repositories_start_alike_in_render_and_up(name: str, tmp_path: Path) -> None:
    repo = copied(SHARED / "corpora" / name, tmp_path)
    names, notes = started(repo)
    assert names == CORPORA[name]
    assert [note.cluster for note in notes if note.is_problem] == ["integration"] * (name == "ionfury+homelab")
    found = render(Query(repo=repo, wanted=()))
    assert sorted(each.name for each in found.clusters) == names
    assert [note for note in notes if note in found.notes] == list(found.notes)


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_small_repositories_start_alike_in_render_and_up(name: str, tmp_path: Path) -> None:
    repo = copied(SHARED / "field" / "cases" / name, tmp_path)
    names, _ = started(repo)
    assert names == CASES[name]
    found = render(Query(repo=repo))
    assert sorted(each.name for each in found.clusters) == names
    assert not [item.problem for each in found.clusters for item in each.deliveries if item.problem]


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("name", CONVERGE)
def test_small_repositories_converge(name: str, tmp_path: Path) -> None:
    repo = copied(SHARED / "field" / "cases" / name, tmp_path)
    with targets.prepare(repo, targets.RunOptions()) as prepared:
        assert up.once(prepared.blueprint, prepared.outside).ok


def repository(place: Path, files: dict[str, str]) -> Path:
    """Make a Git repository of files."""
    for path, text in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    init_repository(place, branch="main")
    commit_folder(place, "first", "A <a@b>", MOMENT)
    return place


def application(cluster: str) -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\n"
        f"spec:\n  project: default\n  source: {{repoURL: 'https://git.example/fleet', path: {cluster}}}\n"
        "  destination: {name: in-cluster, namespace: default}\n  syncPolicy: {automated: {}}\n"
    )


def test_clusters_with_an_argo_cd_each_run_side_by_side(tmp_path: Path) -> None:
    files = {f"clusters/{name}/argocd/web.yaml": application(name) for name in ("blue", "green")}
    files |= {
        f"{name}/cm.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"
        for name in ("blue", "green")
    }
    with targets.prepare(repository(tmp_path, files), targets.RunOptions()) as prepared:
        outcome = up.once(prepared.blueprint, prepared.outside)
    assert outcome.ok
    brought = {item.cluster: [entry.key.name for entry in item.objects] for item in outcome.report.deliveries}
    assert brought == {"blue": ["blue"], "green": ["green"]}


def test_an_operators_argo_cd_runs_in_its_own_namespace(tmp_path: Path) -> None:
    operated = (
        "apiVersion: argoproj.io/v1beta1\nkind: ArgoCD\nmetadata: {name: a, namespace: openshift-gitops}\n"
        "spec: {kustomizeBuildOptions: --load-restrictor LoadRestrictionsNone}\n"
    )
    files = {
        "gitops/argocd.yaml": operated,
        "gitops/web.yaml": application("web").replace("namespace: argocd", "namespace: openshift-gitops"),
        "web/kustomization.yaml": "resources: [../cm.yaml]\n",
        "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    }
    with targets.prepare(repository(tmp_path, files), targets.RunOptions()) as prepared:
        outcome = up.once(prepared.blueprint, prepared.outside)
    assert outcome.ok
    (item,) = outcome.report.deliveries
    assert (item.key.namespace, [entry.key.name for entry in item.objects]) == ("openshift-gitops", ["a"])


def test_kinds_that_nobody_defines_are_served_and_named(tmp_path: Path) -> None:
    widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, namespace: default}\n"
    files = {"clusters/blue/argocd/web.yaml": application("web"), "web/widget.yaml": widget}
    repo = repository(tmp_path, files)
    with targets.prepare(repo, targets.RunOptions()) as prepared:
        assert up.once(prepared.blueprint, prepared.outside).ok
    assert [note.message for note in prepared.notes] == [
        "served without their definitions, which are not here: Widget.example.com"
    ]
    with targets.prepare(repo, targets.RunOptions(assume_crds=False)) as prepared:
        assert not up.once(prepared.blueprint, prepared.outside).ok
    assert prepared.notes == ()


def test_what_a_cluster_refuses_of_its_start_is_told_and_ends_nothing(tmp_path: Path) -> None:
    refused = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}\n"
    files = {
        "clusters/blue/argocd/web.yaml": application("web"),
        "clusters/blue/argocd/cm.yaml": refused,
        "web/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
    }
    with targets.prepare(repository(tmp_path, files), targets.RunOptions()) as prepared:
        outcome = up.once(prepared.blueprint, prepared.outside)
    assert [item.state for item in outcome.report.deliveries] == ["ready"]
    (told,) = outcome.refused
    assert told.startswith("blue: clusters/blue/argocd/cm.yaml:1: ConfigMap/nowhere/a: the cluster refuses it: ")
    assert not outcome.ok


def test_a_revision_of_a_repository_runs(tmp_path: Path) -> None:
    files = {
        "clusters/blue/argocd/web.yaml": application("web"),
        "web/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    }
    repo = repository(tmp_path, files)
    (repo / "web" / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n")
    commit_folder(repo, "second", "A <a@b>", MOMENT)
    for rev, name in (("", "b"), ("HEAD~1", "a")):
        with targets.prepare(repo, targets.RunOptions(rev=rev)) as prepared:
            (item,) = up.once(prepared.blueprint, prepared.outside).report.deliveries
        assert [entry.key.name for entry in item.objects] == [name]
