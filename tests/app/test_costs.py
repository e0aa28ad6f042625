"""Costs are of what is rendered: by delivery, cluster and owner; suspended, unknown and remote things are told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.changes.revisions import GOTK, application, kustomization, release
from tests.repositories import MOMENT, repository_of

from nixernetes.adapters.repositories.git_write import commit_folder
from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.costs.estimating import CostOptions, cost_of, cost_of_change
from nixernetes.cost.reports import CostReport

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "a:1", resources: {requests: {cpu: "1", memory: 1Gi}}}]}
"""
TWO = Decimal(2) * (Decimal("23.07603") + Decimal("3.09301"))
ROOT = "clusters/prod/flux-system/gotk-sync.yaml"


def priced(folder: Path, files: dict[str, str], **more: str) -> CostReport:
    return cost_of(CostOptions(target=repository_of(files, folder, "repo"), **more))  # type: ignore[arg-type]


def statuses(report: CostReport) -> list[tuple[str, str]]:
    return [(each.status.value, each.reason) for each in report.estimate.lines]


def test_each_figure_names_its_delivery_and_its_place(tmp_path: Path) -> None:
    report = priced(tmp_path, {ROOT: GOTK + kustomization(), "apps/web.yaml": "# a comment\n" + WEB % "web"})
    subject = report.estimate.lines[0].subject
    assert (subject.cluster, subject.app) == ("prod", "Kustomization/flux-system/apps")
    assert subject.place == "apps/web.yaml:2"
    assert report.estimate.total.monthly == TWO


@pytest.mark.parametrize("more", ["prune: true, suspend: true", "prune: true"])
def test_what_a_suspended_delivery_brings_costs_nothing(tmp_path: Path, more: str) -> None:
    report = priced(tmp_path, {ROOT: GOTK + kustomization(more=more), "apps/web.yaml": WEB % "web"})
    is_suspended = "suspend" in more
    assert report.estimate.total.monthly == (0 if is_suspended else TWO)
    if is_suspended:
        assert statuses(report) == [("zero", "Kustomization/flux-system/apps is suspended")]


def test_what_a_suspended_delivery_would_create_costs_nothing(tmp_path: Path) -> None:
    inner = kustomization("inner", path="./inner")
    files = {
        ROOT: GOTK + kustomization(more="prune: true, suspend: true"),
        "apps/inner.yaml": inner,
        "inner/web.yaml": WEB % "web",
    }
    assert statuses(priced(tmp_path, files)) == [("zero", "Kustomization/flux-system/apps is suspended")]


def test_an_application_that_is_skipped_costs_nothing(tmp_path: Path) -> None:
    skipped = application(more=', annotations: {argocd.argoproj.io/skip-reconcile: "true"}')
    report = priced(tmp_path, {"argocd/shop.yaml": skipped, "shop/web.yaml": WEB % "web"})
    assert [each[0] for each in statuses(report)] == ["zero"]


def test_what_cannot_be_rendered_is_unknown_and_makes_budgets_so(tmp_path: Path) -> None:
    files = {
        ROOT: GOTK + kustomization() + release(chart="./charts/none"),
        "apps/web.yaml": WEB % "web",
        "nixernetes.yaml": "cost: {budgets: [{cluster: prod, monthly: 500 USD}, {cluster: dev, monthly: 1}]}",
    }
    report = priced(tmp_path, files)
    assert [(each.cluster, each.delivery) for each in report.estimate.unknown] == [("prod", "HelmRelease/web/web")]
    assert [each.status for each in report.verdicts] == ["unknown", "kept"]
    found = checked(CheckOptions(target=tmp_path / "repo")).report.findings
    assert [each.rule for each in found if each.topic == "cost"] == ["cost/unpriced"]


def test_the_label_of_a_delivery_names_who_pays(tmp_path: Path) -> None:
    owned = kustomization().replace("{name: apps,", "{name: apps, labels: {nixernetes.io/owner: payments},")
    report = priced(tmp_path, {ROOT: GOTK + owned, "apps/web.yaml": WEB % "web"})
    assert [each.name for each in report.groups] == ["payments"]


def test_each_cluster_has_its_own_region_owner_and_environment(tmp_path: Path) -> None:
    book = '[hourly]\ncpu = 1\nmemory = 0\n[[price]]\nkey = "cpu"\nvalue = 2\nregion = "eu"\n'
    settings = "cost: {prices: prices.toml}\nclusters:\n  prod: {region: eu, owner: a, environment: production}\n"
    east = GOTK.replace("./clusters/prod", "./clusters/east") + kustomization()
    files = {
        ROOT: GOTK + kustomization(),
        ROOT.replace("prod", "east"): east,
        "apps/web.yaml": WEB % "web",
        "prices.toml": book,
        "nixernetes.yaml": settings,
    }
    report = priced(tmp_path, files)
    found = {
        each.subject.cluster: (each.monthly.typical, each.subject.team, each.subject.environment)
        for each in report.estimate.lines
        if each.resource == "cpu"
    }
    assert found == {"prod": (2920, "a", "production"), "east": (1460, "unowned", "east")}
    one = cost_of(CostOptions(target=tmp_path / "repo", cluster="east"))
    assert one.estimate.total.monthly == 1460


def test_an_object_that_two_deliveries_bring_is_paid_for_once(tmp_path: Path) -> None:
    files = {
        ROOT: GOTK + kustomization() + kustomization("again"),
        "apps/web.yaml": WEB % "web",
    }
    assert priced(tmp_path, files).estimate.total.monthly == TWO


def test_what_goes_to_another_cluster_is_paid_for_there(tmp_path: Path) -> None:
    away = kustomization(more="prune: true, kubeConfig: {secretRef: {name: east}}")
    report = priced(tmp_path, {ROOT: GOTK + away, "apps/web.yaml": WEB % "web"})
    assert {each.subject.cluster for each in report.estimate.lines} == {"prod/east"}


def test_a_finding_of_a_budget_is_excused_like_any_other(tmp_path: Path) -> None:
    settings = """\
cost:
  budgets:
    # nixernetes: ignore[cost/budget-exceeded] the sale of may
    - {monthly: 1 USD, severity: block}
    - {team: unowned, monthly: 2 USD, severity: block}
exceptions:
  - {rule: cost/budget-exceeded, path: nixernetes.yaml, reason: a trial}
"""
    files = {ROOT: GOTK + kustomization(), "apps/web.yaml": WEB % "web", "nixernetes.yaml": settings}
    priced(tmp_path, files)
    report = checked(CheckOptions(target=tmp_path / "repo")).report
    assert [each for each in report.findings if each.topic == "cost"] == []
    assert report.suppressed == 2


def test_what_cannot_be_rendered_on_one_side_has_neither_come_nor_gone(tmp_path: Path) -> None:
    files = {ROOT: GOTK + kustomization(), "apps/inner.yaml": kustomization("inner", path="./inner")}
    files |= {"inner/web.yaml": WEB % "web"}
    settings = "cost: {budgets: [{change: 1 USD, severity: block}]}"
    priced(tmp_path, files | {"nixernetes.yaml": settings})
    repository = tmp_path / "repo"
    (repository / "apps/broken.yaml").write_text("a: [")
    broken = cost_of_change(CostOptions(target=repository, base="HEAD"))
    assert (broken.delta.amount, broken.delta.changes) == (0, ())
    assert broken.delta.left_out == ("prod/Kustomization/flux-system/apps",)
    commit_folder(repository, "second", "A <a@example.com>", MOMENT)
    (repository / "apps/broken.yaml").unlink()
    mended = cost_of_change(CostOptions(target=repository, base="HEAD"))
    assert [each.status for each in mended.verdicts] == ["kept"]


def test_a_budget_of_changes_blocks_what_is_new(tmp_path: Path) -> None:
    files = {ROOT: GOTK + kustomization(), "apps/web.yaml": WEB % "web"}
    priced(tmp_path, files | {"nixernetes.yaml": "cost: {budgets: [{change: 50 USD, severity: block}]}"})
    (tmp_path / "repo/apps/more.yaml").write_text(WEB % "more")
    report = cost_of_change(CostOptions(target=tmp_path / "repo", base="HEAD"))
    assert report.is_blocked
    assert "the change adds +52.34 USD a month to everything" in report.verdicts[0].message


def test_the_example_keeps_its_budgets() -> None:
    report = cost_of(CostOptions(target=Path(__file__).resolve().parents[2] / "examples/15-costs"))
    assert [each.name for each in report.groups] == ["discovery", "shared", "payments"]
    assert [each.status for each in report.verdicts] == ["kept", "kept", "kept"]
    assert (report.estimate.currency, report.estimate.open_lines) == ("EUR", ())


PLATFORM = """\
from nixernetes import gitops

container = {"name": "web", "resources": {"requests": {"cpu": 1}}}
web = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {"selector": {}, "template": {"spec": {"containers": [container]}}},
}
platform = gitops.Platform(
    name="acme",
    owner="platform-team",
    repository=gitops.GitOpsRepository(name="fleet", url="https://github.com/acme/fleet", environments=["production"]),
    apps=[gitops.App(name="shop", namespace="shop", manifests=[web])],
)
"""


def test_the_owner_of_a_platform_pays_for_what_names_no_other(tmp_path: Path) -> None:
    (tmp_path / "gitops.py").write_text(PLATFORM)
    (tmp_path / "nixernetes.yaml").write_text("cost: {budgets: [{team: platform-team, monthly: 1 USD}]}")
    report = cost_of(CostOptions(target=tmp_path))
    assert [each.name for each in report.groups] == ["platform-team"]
    findings = checked(CheckOptions(target=tmp_path)).report.findings
    assert "cost/budget-exceeded" in {each.rule for each in findings}
    (tmp_path / "nixernetes.yaml").write_text("cost: {owner: others}")
    assert [each.name for each in cost_of(CostOptions(target=tmp_path)).groups] == ["others"]
