"""What is not ready is told with what helps."""

import pytest

from nixernetes.engine.reports import DeliveryRow, ObjectStatus, Report, causes, remedy
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, DEPLOYMENT, HELM_RELEASE, KUSTOMIZATION


def row(message: str, kind: GroupKind = KUSTOMIZATION, name: str = "web", status: str = "False") -> DeliveryRow:
    key = ObjectKey(*kind, "flux-system", name)
    return DeliveryRow(cluster="dev", key=key, state="failed", status=status, message=message)


def report(*rows: DeliveryRow) -> Report:
    return Report(time="", deliveries=rows)


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("dependency 'flux-system/b' is not ready: dependsOn is a circle: a -> b -> a", "remove one dependsOn"),
        ("dependency 'flux-system/ghost' not found: …", "declare flux-system/ghost, or take it out of dependsOn"),
        ("kustomization path not found: stat x: no such file or directory", "spec.path must name a folder"),
        ('ConfigMap/web/c not found: namespaces "web" not found', "declare the Namespace web, or let a delivery that"),
        ('X/a dry-run failed: no matches for kind "X" in version "v1"', "the definition of X must be there first"),
        (
            'dry-run failed: no matches for kind "OCIRepository" in version "source.toolkit.fluxcd.io/v1beta2"',
            "OCIRepository is served as source.toolkit.fluxcd.io/v1: write that version",
        ),
        ("ConfigMap/default/c dry-run failed: failed to create typed patch object", "correct that field"),
        ("failed to checkout and determine revision: unable to clone 'https://x'", "--source URL=PATH"),
        ("failed to determine artifact digest: ghcr.io cannot be reached: no such host", "--source URL=PATH"),
        (
            "kustomize build failed: remote base 'github.com/o/r': no local copy of https://github.com/o/r",
            "--source URL",
        ),
        ("something that nobody foresaw", "`nixernetes describe kustomization/web -n flux-system`"),
    ],
)
def test_a_message_has_its_remedy(message: str, advice: str) -> None:
    item = row(message)
    assert advice in remedy(item, report(item))


def test_who_waits_is_sent_to_whom_it_waits_for() -> None:
    infra = row("kustomization path not found", name="infra")
    item = row("dependency 'flux-system/infra' is not ready")
    advice = remedy(item, report(infra, item))
    assert advice == "it waits for Kustomization/flux-system/infra: mend that first"


@pytest.mark.parametrize(
    ("kind", "means"), [(HELM_RELEASE, "install.createNamespace"), (APPLICATION, "CreateNamespace=true")]
)
def test_each_engine_has_its_own_means_to_create_a_namespace(kind: GroupKind, means: str) -> None:
    item = row('namespaces "web" not found', kind)
    assert means in remedy(item, report(item))


def test_an_application_that_nobody_syncs_is_synced_by_hand() -> None:
    item = row("", APPLICATION, status="OutOfSync/Missing")
    assert "`nixernetes sync web`" in remedy(item, report(item))


def test_an_object_that_is_not_available_is_named_with_its_place() -> None:
    broken = ObjectStatus(
        key=ObjectKey(*DEPLOYMENT, "web", "web"), status="InProgress", message="0/1 available", available=False
    )
    item = DeliveryRow(
        cluster="dev",
        key=ObjectKey(*KUSTOMIZATION, "flux-system", "web"),
        state="failed",
        status="False",
        objects=(broken,),
    )
    assert [*causes(item)] == ["Deployment/web/web InProgress: 0/1 available"]
    assert "`nixernetes describe deployment/web -n web`" in remedy(item, report(item))
