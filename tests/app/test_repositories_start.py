"""Real repositories and small failing ones: what starts them, and that render and up agree about it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.adapters.git_write import commit_folder, init_repository
from nixernetes.app import targets, up
from nixernetes.app.render_deliveries import Query, render
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
    with targets.prepare(repo, targets.Options()) as prepared:
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
    assert found.notes == notes


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
    with targets.prepare(repo, targets.Options()) as prepared:
        assert up.once(prepared.blueprint, prepared.outside).ok
