"""`nixernetes cost` on the command line: views, formats, changes, budgets, recommendations, platforms, statuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest
from tests.changes.revisions import flux
from typer.testing import CliRunner

from nixernetes.cli.commands import app

OBJECTS = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {nixernetes.io/owner: payments}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "a:1", resources: {requests: {cpu: 500m, memory: 512Mi}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
        - {name: agent, image: "a:1", resources: {requests: {cpu: 100m, memory: 128Mi}}}
"""
SETTINGS = """\
clusters:
  prod: {nodes: [{count: 5}], environment: production}
cost:
  budgets:
    - {team: payments, monthly: 30 USD, severity: block}
"""
PLATFORM = """\
from nixernetes import gitops

web = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "replicas": %d,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "a:1", "resources": {"requests": {"cpu": 1}}}]},
        },
    },
}
platform = gitops.Platform(
    name="acme",
    engine="flux",
    repository=gitops.GitOpsRepository(name="fleet", url="https://github.com/acme/fleet", environments=["production"]),
    apps=[gitops.App(name="shop", namespace="shop", manifests=[web])],
)
"""


def git(folder: Path, *words: str) -> None:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a commit")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a Deployment and a DaemonSet."""
    git(tmp_path, "init", "-qb", "main", ".")
    commit(tmp_path, flux(OBJECTS))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, status: int = 0, command: str = "cost") -> str:
    result = CliRunner().invoke(app, [command, *words])
    assert result.exit_code == status, result.output
    return result.output


def change(folder: Path) -> None:
    text = OBJECTS.replace("replicas: 3", "replicas: 5").replace("cpu: 500m", "cpu: 250m")
    (folder / "apps/all.yaml").write_text(text)


def test_a_repository_without_settings_is_priced(repository: Path) -> None:
    text = run()
    assert run(str(repository)) == text
    assert text.startswith("TEAM      MONTHLY")
    assert "39.25 USD a month" in text
    assert "prod/DaemonSet/shop/agent: unpriced: nodes unknown" in text


def test_views_and_ranges_are_of_the_same_total(repository: Path) -> None:
    (repository / "nixernetes.yaml").write_text("clusters: {prod: {nodePools: [{name: a, count: 5}]}}")
    for by in ("team", "namespace", "app", "cluster", "env", "kind"):
        text = run("--by", by)
        assert text.splitlines()[0].startswith(by.upper())
        assert "52.72 USD a month" in text
    assert "shared" in run()
    assert "shared" not in run("--spread-shared").partition("\n\n")[0]
    assert "AT LIMITS" in run("--range")
    assert "5 x 100m" in run("-v")


def test_formats_go_to_files_and_to_the_terminal(repository: Path) -> None:
    printed = run(
        "-o", "json", "-o", "html=a.html", "-o", "markdown=a.md", "-o", "csv=a.csv", "-o", "focus=a-focus.csv"
    )
    data = json.loads(printed)
    assert data["total"]["monthly"] == "39.25356"
    assert data["lines"][0]["place"].startswith("apps/all.yaml:")
    assert {each["app"] for each in data["lines"]} == {"Kustomization/flux-system/apps"}
    assert "<svg" in (repository / "a.html").read_text()
    assert (repository / "a.md").read_text().startswith("<!-- nixernetes cost -->")
    rows = csv.DictReader(io.StringIO((repository / "a-focus.csv").read_text()))
    assert {each["x_NixernetesForecast"] for each in rows} == {"true"}
    assert "2026-03-01T00:00:00Z" in run("-o", "focus", "--month", "2026-02")


def test_a_change_of_what_lies_on_disk_and_of_revisions(repository: Path) -> None:
    change(repository)
    text = run("diff", "HEAD")
    assert "prod/Deployment/shop/web: -2.68: replicas 3->5 (+26.17), cpu 500m->250m (-28.85)" in text
    git(repository, "commit", "-qam", "second")
    assert run("diff", "HEAD~1..HEAD") == text
    assert run("diff", "HEAD~1", "HEAD", "--repo", str(repository)) == text
    assert json.loads(run("diff", "HEAD~1", "HEAD", "-o", "json"))["change"] == "-2.6759975"
    assert "change  0.00 USD a month" in run("diff", "HEAD", "HEAD")


def test_a_budget_that_blocks_fails_and_a_change_that_saves_does_not(repository: Path) -> None:
    (repository / "nixernetes.yaml").write_text(SETTINGS)
    assert "exceeded: team payments costs 39.25 USD a month" in run(status=1)
    change(repository)
    assert "the change adds nothing to it" in run("diff", "HEAD")
    (repository / "apps/all.yaml").write_text(OBJECTS.replace("replicas: 3", "replicas: 4"))
    assert "reserve less, or raise the budget" in run("diff", "HEAD", status=1)


def test_check_and_diff_say_the_same(repository: Path) -> None:
    (repository / "nixernetes.yaml").write_text(SETTINGS)
    assert "nixernetes.yaml:5:1: error cost/budget-exceeded: team payments costs 39.25" in run(
        status=1, command="check"
    )
    change(repository)
    found = json.loads(run("HEAD", "-o", "json", command="diff"))
    assert [each["rule"] for each in found["findings"] if each["rule"].startswith("cost/")] == ["cost/budget-exceeded"]
    assert (found["fixed"], found["cost"]["change"]) == ([], "-2.6759975")
    text = run("HEAD", "-o", "markdown", command="diff")
    assert "**Cost**: -2.68 USD a month (-5.1 %)" in text
    assert "| prod/Deployment/shop/web | 1.5 -> 1.25 | cpu core |" in text
    assert "cost: -2.68 USD a month (-5.1 %), 50.05 after, at opencost-default" in run("HEAD", command="diff")


def test_a_change_that_costs_nothing_is_not_spoken_of(repository: Path) -> None:
    (repository / "apps/all.yaml").write_text(OBJECTS.replace("a:1", "a:2"))
    assert "**Cost**" not in run("HEAD", "-o", "markdown", command="diff")
    assert "cost:" not in run("HEAD", command="diff")


def test_unpriced_items_fail_a_budget_where_that_is_asked_for(repository: Path) -> None:
    (repository / "nixernetes.yaml").write_text("cost: {budgets: [{monthly: 500 USD}]}")
    assert "unknown: whether everything keeps its budget is not known: prod/DaemonSet/shop/agent" in run()
    run("--unpriced", "fail", status=1)
    (repository / "nixernetes.yaml").write_text("cost: {unpriced: fail, budgets: [{monthly: 500 USD}]}")
    run(status=1)
    run("--unpriced", "warn")
    assert "error cost/unpriced" in run(status=1, command="check")


def test_without_a_budget_unpriced_items_fail_where_that_is_asked_for(repository: Path) -> None:
    run("--unpriced", "fail", status=1)
    (repository / "nixernetes.yaml").write_text("clusters: {prod: {nodes: [{count: 5}]}}")
    run("--unpriced", "fail")


def test_prices_come_from_the_command_line_or_the_settings(repository: Path) -> None:
    (repository / "prices.toml").write_text('name = "acme"\ncurrency = "EUR"\n[hourly]\ncpu = 1\nmemory = 0\n')
    assert "1095.00 EUR a month" in run("--prices", "prices.toml")
    (repository / "nixernetes.yaml").write_text("cost: {prices: prices.toml}")
    assert "1095.00 EUR a month" in run()
    assert "at the prices of oracle" in run("--prices", "oracle")


def test_recommendations_are_figures_and_patches(repository: Path) -> None:
    subject = {"kind": "Deployment", "namespace": "shop", "name": "web", "container": "web"}
    advice = {"requests": {"cpu": {"value": 0.25}}}
    (repository / "krr.json").write_text(json.dumps({"scans": [{"object": subject, "recommended": advice}]}))
    text = run("--recommendations", "krr.json")
    assert "39.25 USD a month now, 21.95 if that were followed: -17.31 (-44.1 %)." in text
    assert "cpu: 250m" in run("--recommendations", "krr.json", "-o", "patches")
    assert "unknown format 'html'" in run("--recommendations", "krr.json", "-o", "html", status=2)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--by", "owner"), "use team, namespace, app, cluster, env, kind, node"),
        (("-o", "yaml"), "unknown format 'yaml': use text, table, json"),
        (("diff", "HEAD", "-o", "focus"), "unknown format 'focus'"),
        (("diff", "a", "b", "c"), "give two revisions"),
        (("diff", "nowhere"), "no such revision: nowhere"),
        (("a", "b"), "give one repository"),
        (("nowhere",), "no such file or folder"),
        (("--prices", "aws"), "neither a file nor a shipped price book"),
        (("--month", "may"), "is not a month"),
        (("--unpriced", "ignore"), "use fail or warn"),
        (("--cluster", "a", "--cluster", "b"), "name one cluster"),
        (("--recommendations", "none.json"), "none.json: cannot be read"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_cannot_be_run_says_why(words: tuple[str, ...], told: str) -> None:
    assert told in run(*words, status=2)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("cost: {budgets: [{team: a}]}", "nixernetes.yaml:1: a budget needs a limit"),
        ("cost:\n  budgets:\n    - {monthly: 5 EUR}", "nixernetes.yaml:3: the budget of everything: is in EUR"),
        ("cost: {budget: []}", "nixernetes.yaml:1: cost.budget: unknown key: is it budgets?"),
        ("cost: {assume: {jobDuration: a day}}", "cost.assume.jobDuration: not a duration"),
        ("cost: {prices: none.toml}", "nixernetes.yaml:1: none.toml: is neither a file"),
        ("cost: {severity: block}", "unknown key"),
        ("clusters: {prod: {nodes: [{labels: {}}]}}", "clusters.prod.nodes[0].count: is missing"),
    ],
)
def test_settings_that_are_wrong_are_told_with_their_line(repository: Path, settings: str, told: str) -> None:
    (repository / "nixernetes.yaml").write_text(settings)
    assert told in run(status=2).replace(f"{repository}/", "")


def test_a_platform_in_code_is_priced_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-qb", "main", ".")
    commit(tmp_path, {"gitops.py": PLATFORM % 2})
    monkeypatch.chdir(tmp_path)
    assert "46.15 USD a month" in run()
    (tmp_path / "gitops.py").write_text(PLATFORM % 3)
    assert "replicas 2->3 (+23.08)" in run("diff", "HEAD")


def test_nodes_cost_what_they_do_whatever_is_requested(repository: Path) -> None:
    (repository / "prices.toml").write_text('[hourly]\n"node.general" = "0.1"\n"node.gpu" = 2\ncpu = 1\nmemory = 0\n')
    pools = "{name: general, count: 3}, {name: gpu, count: 1}, {name: odd, count: 2}, {name: many}"
    (repository / "nixernetes.yaml").write_text(f"clusters: {{prod: {{nodePools: [{pools}]}}}}")
    text = run("--by", "node", "--prices", "prices.toml")
    assert "at least 1679.00 USD a month" in text
    assert "prices has no price of node.odd" in text
    assert "prod/Node/many: unpriced: the number of nodes is not given" in text
    assert "A forecast and not a bill: the nodes, whatever is requested of them" in text
    data = json.loads(run("--by", "node", "--prices", "prices.toml", "-o", "json"))
    assert [(each["name"], each["monthly"]["typical"]) for each in data["groups"][:2]] == [
        ("prod/gpu", "1460"),
        ("prod/general", "219"),
    ]
