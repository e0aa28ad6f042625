"""The summary of the guide takes deployments as people write them, and says what it assumed."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.cost.samples import container, obj, template, workload

from nixernetes import cost, gitops
from nixernetes.errors import InputError
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.render.rendered import Rendered

WEB = {"replicas": 3, **template(container("500m", "512Mi"))}
FORMS: dict[str, Any] = {
    "a manifest": workload(WEB),
    "several": [workload(WEB), obj("v1", "Service", {"type": "ClusterIP"})],
    "a list": {"apiVersion": "v1", "kind": "List", "items": [workload(WEB)]},
    "a spec": WEB,
    "a manifest without a kind": {"metadata": {"name": "web"}, "spec": WEB},
    "replicas and containers": {"replicas": 3, "containers": [container("500m", "512Mi")]},
    "replicas and resources": {"replicas": 3, "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}}},
    "an app": gitops.App(name="shop", namespace="shop", manifests=[workload(WEB)]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_deployment_may_be(form: str) -> None:
    found = cost.summary(deployments={"web": FORMS[form]})
    assert found.total.monthly == Decimal("39.25356")
    assert found.deployments["web"].monthly == Decimal("39.25356")
    assert (found.currency, found.unpriced) == ("USD", ())


def test_a_summary_is_by_everything_and_tells_its_assumptions() -> None:
    found = cost.summary(deployments={"web": WEB, "none": {"replicas": 0, "containers": []}})
    assert {name: [*groups] for name, groups in found.by.items()} == {
        "team": ["unowned"],
        "namespace": ["(cluster-wide)"],
        "app": ["web", "none"],
        "cluster": [""],
        "env": [""],
        "kind": ["Deployment"],
    }
    assert found.deployments["none"].monthly == 0
    assert "Deployment/none: replicas: 0" in found.notes
    assert found.assumptions[0].startswith("prices of opencost-default in USD: OpenCost")
    assert (found.total.hourly, found.total.annual) == (Decimal("0.053772"), Decimal("471.04272"))


@pytest.mark.parametrize("given", [3, "web", None, {}, {"replicas": 3}, [1], [[[[[[{}]]]]]]])
def test_what_is_no_deployment_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match=r"deployments\['web'\]: is not a deployment: give a manifest"):
        cost.summary(deployments={"web": given})


def test_an_app_that_must_be_rendered_is_refused() -> None:
    chart = gitops.App(
        name="db", namespace="db", chart={"name": "db", "repository": "https://charts.example.com", "version": "1.0.0"}
    )
    with pytest.raises(InputError, match="`nixernetes cost` renders what it runs"):
        cost.summary(deployments={"db": chart})


def test_what_is_rendered_keeps_its_place_and_its_delivery() -> None:
    step = Step(StepKind.DELIVERY, "Kustomization/flux-system/shop")
    rendered = Rendered(manifest=workload(WEB), origin=Origin(file="shop/web.yaml", line=3, chain=(step,)))
    line = cost.estimate([rendered], clusters={"prod": {}}).lines[0]
    subject = line.subject
    assert (subject.app, subject.place, subject.cluster) == (step.name, "shop/web.yaml:3", "prod")


@pytest.mark.parametrize("given", [[3], ["x"], [{"a": 1}], [None]])
def test_what_is_no_manifest_is_refused(given: list[Any]) -> None:
    with pytest.raises(InputError, match="is not a manifest"):
        cost.estimate(given)


@pytest.mark.parametrize(
    "clusters", [{"prod": 3}, {"prod": {"nodes": [{}]}}, {"prod": {"nodes": [3]}}, {"prod": {"nodes": [{"count": -1}]}}]
)
def test_an_inventory_that_is_wrong_is_refused(clusters: Any) -> None:
    with pytest.raises(InputError, match="cluster prod"):
        cost.estimate([], clusters=clusters)


PUBLIC = """
Assumptions Budget BudgetFinding BudgetVerdict ClusterInventory CostCause CostChange CostDelta CostFate CostGroup
CostLine CostSummary CostTotal Estimate LineStatus Price PriceBook Waiver check_budgets compare estimate groups summary
"""


def test_the_public_names_are_these() -> None:
    assert cost.__all__ == PUBLIC.split()
    assert all(getattr(cost, name) is not None for name in cost.__all__)


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys; from nixernetes import cost; sys.exit('decimal' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_platform_is_told_where_it_is_priced() -> None:
    with pytest.raises(InputError, match=r"nixernetes\.testing\.estimated"):
        cost.summary(deployments=[workload(WEB)])  # type: ignore[arg-type]


def test_the_page_runs() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/cost.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    exec(compile("".join(blocks), "docs/cost.md", "exec"), {})  # noqa: S102  # what readers copy
