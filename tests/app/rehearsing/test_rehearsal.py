"""A change is rolled out before it is merged: in the order of the engines, with what fails, bounded and cancelled."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.app.console.fleets import ARGOCD_FILES, FLUX_FILES, fleet
from tests.repositories import committed

from nixernetes.app.check import CheckOptions
from nixernetes.app.rehearsing.rehearsal import (
    Rehearsal,
    RehearsalCancelledError,
    RehearsalOptions,
    RehearsalWatch,
    rehearse,
)
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.web.acts.rehearsals import RehearsalPage, Rehearsals
from nixernetes.app.web.reviewing import RepositoryReviews
from nixernetes.errors import InputError

ROOT = Path(__file__).resolve().parents[3]


def edited(repo: Path, name: str, *changes: tuple[str, str]) -> None:
    """Change a file."""
    text = (repo / name).read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (repo / name).write_text(text)


def rehearsed(repo: Path) -> Rehearsal:
    return rehearse(RehearsalOptions(repo=repo), RehearsalWatch())


def objects(found: Rehearsal) -> list[tuple[float, str, str]]:
    """Return what happens to objects, in its order."""
    quiet = ("told", "failed")
    return [(each.after, str(each.key), each.what) for each in found.happenings if each.what not in quiet]


def test_what_flux_does_is_told_in_its_order(tmp_path: Path) -> None:
    repo = fleet(tmp_path, FLUX_FILES)
    edited(repo, "web/web.yaml", ("web:1", "web:2"), ("name: kept", "name: other"))
    before = sorted(path for path in repo.rglob("*") if ".git" not in path.parts)
    found = rehearsed(repo)
    assert (found.began_settled, found.settled, found.notes, found.failing) == (True, True, (), ())
    assert objects(found) == [
        (0.0, "ConfigMap/web/other", "created"),
        (0.0, "Deployment/web/web", "changed"),
        (0.0, "Deployment/web/web", "unavailable"),
        (4.0, "Deployment/web/web", "available"),
    ]
    assert found.took == 4.0
    assert {(course.key.name, course.before, course.after) for course in found.courses} == {
        (name, "ready", "ready") for name in ("fleet", "flux-system", "loose", "web")
    }
    assert sorted(path for path in repo.rglob("*") if ".git" not in path.parts) == before, "nothing is written here"


def test_waves_and_prunes_of_argo_cd_go_one_after_the_other(tmp_path: Path) -> None:
    repo = fleet(tmp_path, ARGOCD_FILES)
    edited(repo, "shop/shop.yaml", ("shop:1", "shop:2"), ("name: first", "name: second"))
    found = rehearsed(repo)
    assert [(key, what) for _, key, what in objects(found)] == [
        ("ConfigMap/shop/first", "deleted"),
        ("ConfigMap/shop/second", "created"),
        ("Deployment/shop/shop", "changed"),
        ("Deployment/shop/shop", "unavailable"),
        ("Deployment/shop/shop", "available"),
    ]
    moments = [after for after, _, _ in objects(found)]
    assert moments == sorted(moments)
    assert moments[1] < moments[2], "the second wave waits"


def test_what_fails_and_what_goes_is_said(tmp_path: Path) -> None:
    repo = fleet(tmp_path, FLUX_FILES)
    edited(repo, "web/web.yaml", ("kind: Deployment", "kind: Nonsense"))
    (repo / "loose" / "loose.yaml").unlink()
    edited(repo, "clusters/prod/apps.yaml", ("name: loose, namespace", "name: looser, namespace"))
    found = rehearsed(repo)
    states = {course.key.name: (course.before, course.after) for course in found.courses}
    assert states["web"] == ("ready", "failed")
    assert states["loose"] == ("ready", "")
    assert states["looser"][0] == ""
    assert any(each.what == "failed" and "web" in str(each.key) for each in found.happenings)


def test_a_step_without_a_change_does_nothing(tmp_path: Path) -> None:
    found = rehearsed(fleet(tmp_path, FLUX_FILES))
    assert (objects(found), found.settled) == ([], True)


def test_a_platform_file_is_built_at_both_revisions(tmp_path: Path) -> None:
    """What the page is opened for may be the file itself: its folder is compared, and run."""
    repo = committed(ROOT / "examples/01-flux", tmp_path / "platform")
    edited(repo, "gitops.py", ("10m", "20m"))
    options = CheckOptions(target=repo / "gitops.py", tools=ToolOptions(offline=True))
    assert RepositoryReviews(options).review({}).counts == {"change": 1}
    found = Rehearsals(RehearsalOptions(repo=repo, tools=options.tools), Machine())
    found.page({})
    found.wait()
    page = found.page({})
    assert (page.state, page.settled, page.notes) == ("done", True, ())
    ready = {each.id.name for each in page.courses if each.after == "ready"}
    assert ready == {"flux-system", "nixernetes-kustomize", "nixernetes-repo", "platform"}


def test_a_revision_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        rehearse(RehearsalOptions(repo=fleet(tmp_path, FLUX_FILES), base="nowhere"), RehearsalWatch())


def test_it_ends_at_once_when_nobody_wants_it(tmp_path: Path) -> None:
    looks = iter(range(10_000))
    watch = RehearsalWatch(lambda: next(looks) < 5)
    with pytest.raises(RehearsalCancelledError):
        rehearse(RehearsalOptions(repo=fleet(tmp_path, FLUX_FILES)), watch)
    assert next(looks) == 6


class Machine:
    """The machine's seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_page_asks_until_it_is_done_and_an_edit_begins_anew(tmp_path: Path) -> None:
    repo = fleet(tmp_path, FLUX_FILES)
    found = Rehearsals(RehearsalOptions(repo=repo), Machine())
    assert found.page({}).state == "running"
    found.wait()
    page = found.page({})
    assert (page.state, page.counts is not None) == ("done", True)
    assert found.page({}) is page, "it is kept"
    edited(repo, "web/web.yaml", ("web:1", "web:2"))
    found.edited()
    assert found.page({}).state == "running"
    found.wait()
    assert (found.page({}).counts or {})["changed"] == 1
    assert found.page({"base": "nowhere"}).state == "running"
    found.wait()
    wrong: RehearsalPage = found.page({"base": "nowhere"})
    assert (wrong.state, "nowhere" in wrong.problem) == ("failed", True)


def test_one_at_a_time_whoever_asks_for_how_many(tmp_path: Path) -> None:
    found = Rehearsals(RehearsalOptions(repo=fleet(tmp_path, FLUX_FILES)), Machine())
    before = threading.active_count()
    for number in range(20):
        assert found.page({"base": f"HEAD~{number}"}).state == "running"
    assert threading.active_count() <= before + 1
    assert "waits" in found.page({"base": "nowhere"}).phase
    found.wait()
    found.page({"base": "nowhere"})
    found.wait()
    assert found.page({"base": "nowhere"}).state == "failed"


def test_it_ends_when_the_page_is_left(tmp_path: Path) -> None:
    machine = Machine()
    found = Rehearsals(RehearsalOptions(repo=fleet(tmp_path, FLUX_FILES)), machine)
    found.page({})
    machine.seconds += 60
    found.wait()
    assert found.page({}).state == "running", "it begins anew when somebody asks again"
    found.edited()
