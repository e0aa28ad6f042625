"""What an Application waits for is told with its reason."""

from __future__ import annotations

import pytest

from nixernetes.engine.reports.argocd import application_delivery
from nixernetes.objects.manifest import Json


def _warnings(*entries: tuple[str, str, str]) -> tuple[str, ...]:
    resources = [
        {"group": group, "kind": kind, "name": kind.lower(), "status": "Synced", "health": {"status": health}}
        for group, kind, health in entries
    ]
    status: Json = {"sync": {"status": "Synced"}, "health": {"status": "Progressing"}, "resources": resources}
    item = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "web"}, "status": status}
    return application_delivery("c", item, objects=True, origin=lambda *_: None).warnings


def test_kinds_that_no_controller_looks_after_are_named_once() -> None:
    found = _warnings(
        ("gateway.networking.k8s.io", "HTTPRoute", "Progressing"),
        ("gateway.networking.k8s.io", "HTTPRoute", "Progressing"),
        ("postgresql.cnpg.io", "Cluster", "Unknown"),
        ("cert-manager.io", "Certificate", "Healthy"),
    )
    assert found == ("nothing writes the status of Cluster, HTTPRoute: embedded clusters run no operators",)


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("apps", "Deployment"),
        ("", "Service"),
        ("argoproj.io", "Application"),
        ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ],
)
def test_what_a_controller_still_works_on_is_no_warning(group: str, kind: str) -> None:
    assert _warnings((group, kind, "Progressing")) == ()
