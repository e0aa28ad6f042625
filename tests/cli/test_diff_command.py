"""`nixernetes diff` on the command line: revisions, views, reports, exit statuses, and platforms in code."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.changes.revisions import claim, config, deployment, flux
from typer.testing import CliRunner

from nixernetes.cli.commands import app

PLATFORM = """\
from nixernetes import gitops
from shops import shop

platform = gitops.Platform(
    name="acme",
    engine="flux",
    repository=gitops.GitOpsRepository(name="fleet", url="https://github.com/acme/fleet", environments=["production"]),
    apps=[gitops.App(name="shop", namespace="shop", manifests=[shop])],
)
"""
SHOP = "shop = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'shop'}, 'data': {'a': '%s'}}\n"


def git(folder: Path, *words: str) -> None:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a branch that changes an image and removes a claim, and an edit that is not committed."""
    git(tmp_path, "init", "-qb", "main", ".")
    commit(tmp_path, flux(deployment(image="a:1") + claim() + config()), "first")
    git(tmp_path, "switch", "-qc", "feature")
    commit(tmp_path, {"apps/all.yaml": deployment(image="a:2") + config()}, "second")
    (tmp_path / "apps/all.yaml").write_text(deployment(image="a:2") + config(data="a: edited"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["diff", *words])
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("words", "is_edited"),
    [((), True), (("main",), True), (("main", "HEAD"), False), (("main..feature",), False), (("main...HEAD",), False)],
)
def test_revisions_are_named_as_for_git(words: tuple[str, ...], is_edited: bool) -> None:
    told = run(*words, "--name-only").splitlines()
    assert "change Deployment/shop/shop prod" in told
    assert "delete PersistentVolumeClaim/shop/data prod" in told
    assert ("change ConfigMap/shop/settings prod" in told) is is_edited


@pytest.mark.usefixtures("repository")
def test_views_and_statuses() -> None:
    assert "1 changed, 1 deleted on 1 cluster; 1 danger" in run("main", "HEAD", "--stat")
    assert run("main", "HEAD", "--images") == "Deployment/shop/shop on prod (web): a:1 → a:2\n"
    assert "danger data-loss PersistentVolumeClaim/shop/data" in run("main", "HEAD", "--fail-on", "danger", status=1)
    run("main", "HEAD", "--fail-on", "change", status=1)
    run("main", "main", "--fail-on", "change")
    assert "no such revision: nowhere" in run("nowhere", status=2)
    assert "never, change, danger" in run("--fail-on", "all", status=2)


def test_several_reports_at_once(repository: Path) -> None:
    assert run("main", "HEAD", "-o", "json=a.json", "-o", "markdown=a.md", "-o", "html=a.html", "--name-only")
    data = json.loads((repository / "a.json").read_text())
    assert data["counts"] == {"change": 1, "delete": 1}
    assert [each["topic"] for each in data["findings"] if each["severity"] == "error"] == ["data-loss"]
    assert (repository / "a.md").read_text().startswith("<!-- nixernetes diff -->\n")
    assert "<script" not in (repository / "a.html").read_text()


def test_a_comment_is_cut_where_the_host_would_refuse_it(repository: Path) -> None:
    for letter in "xy":
        many = "".join(config(f"settings-{number}", data=f'a: "{letter * 500}"') for number in range(400))
        commit(repository, {"apps/all.yaml": many}, letter)
    run("HEAD~1", "HEAD", "-o", "markdown=a.md")
    text = (repository / "a.md").read_text()
    assert len(text) <= 65_000
    assert "more objects are cut" in text
    assert "y" * 500 in text
    assert text.count("<details>") == text.count("</details>")


def test_a_platform_in_code_is_built_on_both_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-qb", "main", ".")
    commit(tmp_path, {"infra/gitops.py": PLATFORM, "infra/shops.py": SHOP % "before"}, "first")
    (tmp_path / "infra/shops.py").write_text(SHOP % "after")
    monkeypatch.chdir(tmp_path / "infra")
    assert "data.a: before → after" in run()
    (tmp_path / "infra/shops.py").write_text("shop = 3 +\n")
    git(tmp_path, "commit", "-qam", "broken")
    (tmp_path / "infra/shops.py").write_text(SHOP % "mended")
    assert run("HEAD", status=2).startswith("nixernetes: HEAD:shops.py:1: not valid Python")
    assert sorted(path.name for path in tmp_path.rglob("*.py")) == ["gitops.py", "shops.py"]
