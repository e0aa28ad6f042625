"""What is not ready is told by its reasons: each once, with who has it and who only waits."""

from __future__ import annotations

from dataclasses import replace

from nixernetes.engine.reports import DeliveryRow, ObjectStatus, Report, Trouble, troubles
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, DEPLOYMENT, HELM_RELEASE, KUSTOMIZATION

_OCI = GroupKind("source.toolkit.fluxcd.io", "OCIRepository")
_GIT = GroupKind("source.toolkit.fluxcd.io", "GitRepository")
_CHART = GroupKind("source.toolkit.fluxcd.io", "HelmChart")
_UNREACHED = "failed to determine artifact digest: ghcr.io cannot be reached"


def row(
    message: str = "",
    *,
    kind: GroupKind = KUSTOMIZATION,
    name: str = "web",
    namespace: str = "flux-system",
    state: str = "failed",
    without: tuple[ObjectKey, ...] = (),
    cluster: str = "dev",
) -> DeliveryRow:
    objects = tuple(ObjectStatus(key=key, status="InProgress", available=False) for key in without)
    key = ObjectKey(*kind, namespace, name)
    return DeliveryRow(cluster=cluster, key=key, state=state, status="False", message=message, objects=objects)


def told(*rows: DeliveryRow) -> list[tuple[list[str], list[str]]]:
    return [
        ([each.key.name for each in trouble.deliveries], [each.key.name for each in trouble.held_up])
        for trouble in found(*rows)
    ]


def found(*rows: DeliveryRow) -> list[Trouble]:
    return list(troubles(rows, Report(time="", deliveries=rows)))


def test_one_reason_of_many_is_told_once_with_all_that_wait_for_it() -> None:
    sources = [row(_UNREACHED, kind=_OCI, name=name, namespace="web") for name in ("a", "b")]
    releases = [
        row(
            f"OCIRepository 'web/{each.key.name}' is not ready: {each.message}",
            kind=HELM_RELEASE,
            name=f"{each.key.name}-app",
        )
        for each in sources
    ]
    above = row("health check failed after 5m: timeout", name="apps", without=tuple(each.key for each in releases[:1]))
    waits = row("dependency 'flux-system/apps' is not ready", name="late")
    assert told(*sources, *releases, above, waits) == [(["a", "b"], ["a-app", "apps", "late", "b-app"])]


def test_who_has_no_source_waits_for_it() -> None:
    source = row("failed to checkout and determine revision", kind=_GIT, name="fleet")
    waits = [
        replace(row(text, kind=kind, name=kind.kind), source=source.key)
        for kind, text in (
            (KUSTOMIZATION, "Source artifact not found, retrying in 30s"),
            (_CHART, "no artifact available for GitRepository source 'fleet'"),
        )
    ]
    own = replace(row("kustomize build failed: x", name="own"), source=source.key)
    assert told(source, *waits, own) == [(["fleet"], ["Kustomization", "HelmChart"]), (["own"], [])]


def test_a_fault_of_its_own_is_never_laid_on_another() -> None:
    source = row(_UNREACHED, kind=_OCI, name="a")
    deployment = ObjectKey(*DEPLOYMENT, "web", "web")
    both = row("health check failed after 5m: timeout", name="both", without=(source.key, deployment))
    own = row("kustomization path not found: stat x", name="own", without=(source.key,))
    assert told(source, both, own) == [(["a"], []), (["both"], []), (["own"], [])]


def test_what_waits_for_something_that_is_ready_or_elsewhere_is_told_itself() -> None:
    waits = row("dependency 'flux-system/infra' is not ready", name="late")
    assert told(waits) == [(["late"], [])]
    assert told(row("broken", name="infra", cluster="other"), waits) == [(["infra"], []), (["late"], [])]


def test_a_circle_is_told_and_ends() -> None:
    rows = [row(f"dependency 'flux-system/{other}' is not ready", name=name) for name, other in ("ab", "ba", "ca")]
    assert told(*rows) == [(["a"], ["c"]), (["b"], [])]


def test_an_application_waits_for_those_that_it_brings() -> None:
    child = row("InvalidSpecError: no project", kind=APPLICATION, name="child", namespace="argocd")
    parent = row(kind=APPLICATION, name="parent", namespace="argocd", state="progressing", without=(child.key,))
    assert told(child, parent) == [(["child"], ["parent"])]


def test_reasons_that_differ_in_anything_stay_apart() -> None:
    one, other = row("a field", name="one"), row("another field", name="other")
    assert [trouble.why for trouble in found(one, other)] == [("a field",), ("another field",)]
