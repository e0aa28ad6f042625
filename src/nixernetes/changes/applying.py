"""Whether a change in Git reaches the cluster: what is suspended, held back by the object, or no upgrade does not.

helm-controller compares the chart's name and version, the values, post-renderers and common metadata with the release
that is there (``internal/reconcile/state.go``); a chart out of a Git repository or Bucket gets a new version only where
its ``Chart.yaml`` says so, unless ``reconcileStrategy`` is ``Revision`` (source-controller, HelmChart).
"""

from __future__ import annotations

from typing import Final

from nixernetes.changes.deletion import flux_controls, is_automated
from nixernetes.changes.sides import ClusterSide
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind
from nixernetes.objects.kinds import APPLICATION, CONFIG_MAP, HELM_CHART, HELM_RELEASE, KUSTOMIZATION, SECRET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import StepKind
from nixernetes.objects.well_known import FLUX_SSA, HELM_HOOK
from nixernetes.render.deliveries import Delivery
from nixernetes.render.flux.helm_release import is_crd, release_name
from nixernetes.render.rendered import Rendered
from nixernetes.verify.objects import Placed

__all__ = [
    "chart_of",
    "holds_back",
    "is_reinstalled",
    "is_upgraded",
    "keeps_chart",
    "release_target",
    "rendered_chart",
    "skips_hook",
    "waits_for_sync",
]

_RECONCILE: Final = "kustomize.toolkit.fluxcd.io/reconcile"
_DIGESTED: Final = ("values", "postRenderers", "commonMetadata")


def holds_back(item: Placed, before: Placed | None, owner: Delivery) -> str:
    """Return why what is in Git for an object does not reach the cluster, or ``""``.

    Args:
        item: the object as it is in Git now.
        before: the object as it was; None for a new one.
        owner: the delivery that brings it.

    """
    kind, spec = owner.key.group_kind, mapping_at(owner.manifest, "spec")
    if kind in (KUSTOMIZATION, HELM_RELEASE) and flag_at(spec, "suspend"):
        return f"{owner.key} is suspended"
    if kind == KUSTOMIZATION:
        if flux_controls(item.manifest, _RECONCILE) == "disabled":
            return f"it has {_RECONCILE}: disabled"
        policy = flux_controls(item.manifest, FLUX_SSA).lower()
        if policy == "ignore" or (policy == "ifnotpresent" and before is not None):
            return f"it has {FLUX_SSA}: {flux_controls(item.manifest, FLUX_SSA)}"
    if kind == HELM_RELEASE and is_crd(Rendered(manifest=item.manifest, origin=item.origin)):
        return _definition_policy(spec, before)
    return ""


def skips_hook(item: Placed, *, installs: bool) -> str:
    """Return why Helm does not run a hook when it installs, or upgrades, a release; ``""`` for what is no hook.

    The events are those of ``helm.sh/hook`` (``pkg/release/v1/hook.go`` in Helm 4): a hook runs at its own alone.
    """
    written = text_at(item.manifest, "metadata", "annotations", HELM_HOOK)
    events = {each.strip() for each in written.split(",")} - {""}
    verb = "install" if installs else "upgrade"
    if not events or events & {f"pre-{verb}", f"post-{verb}"}:
        return ""
    return f"an {verb} does not run it ({HELM_HOOK}: {written})"


def _definition_policy(spec: Json, before: Placed | None) -> str:
    """Return why an upgrade leaves a definition of ``crds/`` alone; an install creates it."""
    policy = text_at(spec, "upgrade", "crds") or "Skip"
    if policy == "Skip" or (policy == "Create" and before is not None):
        return f"an upgrade leaves the definitions of crds/ alone (upgrade.crds: {policy})"
    return ""


def waits_for_sync(owner: Delivery | None) -> bool:
    """Tell whether somebody must sync by hand before a change is applied."""
    return owner is not None and owner.key.group_kind == APPLICATION and not is_automated(owner.manifest)


def chart_of(delivery: Delivery, side: ClusterSide) -> str:
    """Return the chart that a delivery is rendered from, with its version, as ``web-1.2.0``; ``""`` for none."""
    return rendered_chart(delivery) or side.charts.get(delivery.key, "")


def rendered_chart(delivery: Delivery) -> str:
    """Return what the origins of a delivery's objects say of its chart, ``""`` where it brings none."""
    for item in delivery.manifests:
        for step in reversed(item.origin.chain):
            if step.kind is StepKind.CHART:
                return step.name
    return ""


def is_upgraded(before: Delivery, after: Delivery, base: ClusterSide, head: ClusterSide) -> bool:
    """Tell whether helm-controller upgrades a release between two states of it."""
    if _follows_revisions(after.manifest, head):
        return True
    now = chart_of(after, head)
    if chart_of(before, base) != now or not now:
        return True
    old, new = mapping_at(before.manifest, "spec"), mapping_at(after.manifest, "spec")
    if any(old.get(name) != new.get(name) for name in _DIGESTED) or release_target(before) != release_target(after):
        return True
    return _values_read(before, base) != _values_read(after, head)


def keeps_chart(before: Delivery, after: Delivery, base: ClusterSide, head: ClusterSide) -> bool:
    """Tell whether a release keeps the chart that was built, whatever has changed in the files of the chart.

    source-controller builds a chart of a Git repository anew where its version is another one, or the HelmChart.
    """
    now = chart_of(after, head)
    same = bool(now) and chart_of(before, base) == now
    same = same and at(before.manifest, "spec", "chart") == at(after.manifest, "spec", "chart")
    return same and not _follows_revisions(after.manifest, head)


def _follows_revisions(release: Manifest, side: ClusterSide) -> bool:
    """Tell whether each revision of the source makes a new version of the chart."""
    spec, namespace = mapping_at(release, "spec"), text_at(release, "metadata", "namespace")
    reference = mapping_at(spec, "chartRef")
    if not reference:
        return text_at(spec, "chart", "spec", "reconcileStrategy") == "Revision"
    if text_at(reference, "kind") != HELM_CHART.kind:
        return True
    key = ObjectKey(
        HELM_CHART.group, HELM_CHART.kind, text_at(reference, "namespace") or namespace, text_at(reference, "name")
    )
    chart = side.placed.get(key)
    return chart is None or text_at(chart.manifest, "spec", "reconcileStrategy") == "Revision"


def _values_read(delivery: Delivery, side: ClusterSide) -> list[Json]:
    """Return what ``valuesFrom`` reads."""
    found: list[Json] = []
    for reference in objects_at(delivery.manifest, "spec", "valuesFrom"):
        kind = SECRET if text_at(reference, "kind") == SECRET.kind else CONFIG_MAP
        placed = side.placed.get(ObjectKey(kind.group, kind.kind, delivery.key.namespace, text_at(reference, "name")))
        content = None if placed is None else [placed.manifest.get("data"), placed.manifest.get("stringData")]
        found.append([reference, content])
    return found


def release_target(delivery: Delivery) -> tuple[str, str, str]:
    """Return what tells a release from another: its name, namespace and the namespace of its storage."""
    spec, own = mapping_at(delivery.manifest, "spec"), delivery.key.namespace
    return (
        release_name(delivery.manifest),
        text_at(spec, "targetNamespace") or own,
        text_at(spec, "storageNamespace") or own,
    )


def is_reinstalled(before: Delivery, after: Delivery, base: ClusterSide, head: ClusterSide) -> str:
    """Return why a release is uninstalled and installed anew though its HelmRelease stays, or ``""``."""
    for name, old, new in zip(
        ("name", "namespace", "storage namespace"), release_target(before), release_target(after), strict=True
    ):
        if old != new:
            return f"the {name} of the release changes from {old} to {new}"
    strategy = text_at(after.manifest, "spec", "upgrade", "chartNameChangeStrategy")
    charts = chart_of(before, base), chart_of(after, head)
    names = [_short(chart) for chart in charts] if all(charts) else [_asked(each) for each in (before, after)]
    old_chart, new_chart = names
    if old_chart and new_chart and old_chart != new_chart and strategy != "InPlaceUpdate":
        return f"the chart changes from {old_chart} to {new_chart}"
    return ""


def _short(chart: str) -> str:
    """Return the name of a chart of which the version is known too: ``web-api`` of ``web-api-1.2.0``."""
    name, _, version = chart.rpartition("-")
    while name and not version[:1].isdigit():
        name, _, version = name.rpartition("-")
    return name or chart


def _asked(delivery: Delivery) -> str:
    return text_at(delivery.manifest, "spec", "chart", "spec", "chart")


def ignored_fields(item: Placed, owner: Delivery) -> tuple[str, ...]:
    """Return the JSON pointers of an object that its Application leaves as they are in the cluster."""
    if owner.key.group_kind != APPLICATION:
        return ()
    spec = mapping_at(owner.manifest, "spec")
    if "RespectIgnoreDifferences=true" not in items_at(spec, "syncPolicy", "syncOptions"):
        return ()
    found: list[str] = []
    kind = group_kind(item.manifest)
    for rule in objects_at(spec, "ignoreDifferences"):
        fits = (
            text_at(rule, "kind") in ("*", kind.kind)
            and text_at(rule, "group") in ("*", kind.group)
            and text_at(rule, "name") in ("", item.key.name)
            and text_at(rule, "namespace") in ("", item.key.namespace)
        )
        pointers = at(rule, "jsonPointers")
        if fits and isinstance(pointers, list):
            found += [each for each in pointers if isinstance(each, str)]
    return tuple(found)
