"""Who decides the health of an object, in the order of the verdicts themselves."""

from __future__ import annotations

import pytest

from nixernetes.gitops.flux.health import HealthCheckExpr
from nixernetes.health.argocd import Assessor
from nixernetes.health.deciding import argocd_rule, flux_rule
from nixernetes.objects.manifest import Json, Manifest


def an_object(kind: str = "Deployment", group: str = "apps", **more: Json) -> Manifest:
    """Return an object that has been observed."""
    made: Manifest = {
        "apiVersion": f"{group}/v1" if group else "v1",
        "kind": kind,
        "metadata": {"name": "a", "generation": 1},
        "status": {"observedGeneration": 1},
    }
    return {**made, **more}


@pytest.mark.parametrize(
    ("item", "name"),
    [
        (an_object(metadata={"name": "a", "deletionTimestamp": "2026-01-01T00:00:00Z"}), "it is being deleted"),
        (
            an_object(metadata={"name": "a", "generation": 2}),
            "status.observedGeneration lags behind metadata.generation",
        ),
        (an_object(status={"conditions": [{"type": "Stalled", "status": "True"}]}), "the condition Stalled"),
        (an_object(), "the rule for Deployment"),
        (
            an_object("Certificate", "cert-manager.io", status={"conditions": [{"type": "Ready", "status": "False"}]}),
            "the condition Ready",
        ),
        (an_object("Widget", "example.com"), "nothing says otherwise: it is there, so it is current"),
    ],
)
def test_kstatus_decides_by_its_first_rule_that_applies(item: Manifest, name: str) -> None:
    found = flux_rule(item)
    assert (found.language, found.name) == ("kstatus", name)


def test_an_expression_of_the_delivery_wins() -> None:
    rule = HealthCheckExpr(api_version="example.com/v1beta1", kind="Widget", current="status.done", failed="status.bad")
    found = flux_rule(an_object("Widget", "example.com"), [rule])
    assert (found.language, found.source) == ("CEL", "current: status.done\nfailed: status.bad")
    assert flux_rule(an_object("Other", "example.com"), [rule]).language == "kstatus"


def test_argo_cd_asks_the_users_script_first_then_its_own() -> None:
    data = {"resource.customizations.health.apps_Deployment": "return {status = 'Healthy'}"}
    scripted = argocd_rule(an_object(), Assessor.from_settings(data))
    assert scripted is not None
    assert (scripted.language, scripted.name) == (
        "Lua",
        "resource.customizations.health.apps_Deployment in argocd-cm",
    )
    assert scripted.source == "return {status = 'Healthy'}"
    own = argocd_rule(an_object(), Assessor())
    assert own is not None
    assert (own.language, own.name) == ("Argo CD", "the rule for Deployment")
    bundled = argocd_rule(an_object("Certificate", "cert-manager.io"), Assessor())
    assert bundled is not None
    assert bundled.name == "the script that it comes with for cert-manager.io/Certificate"
    assert argocd_rule(an_object("Widget", "example.com"), Assessor()) is None
    leaving = an_object(metadata={"name": "a", "deletionTimestamp": "2026-01-01T00:00:00Z"})
    deleted = argocd_rule(leaving, Assessor())
    assert deleted is not None
    assert deleted.name == "it is being deleted"
