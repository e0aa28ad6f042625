"""``scaled-replicas``: what an autoscaler scales has no ``replicas`` of its own in Git.

Flux applies by server-side apply and takes ``replicas`` back at every reconcile; so does Argo CD with self-heal, unless
``ignoreDifferences`` leaves the field to the autoscaler.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.languages.globs.gobwas import match
from nixernetes.objects.fields import at, flag_at, items_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import FLUX_SSA
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.scaling import scale_target
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_POINTER: Final = "/spec/replicas"


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for scaler in cluster.of(HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT):
            workload = cluster.get(scale_target(scaler))
            if workload is None or workload.owner is None or at(workload.manifest, "spec", "replicas") is None:
                continue
            if _is_left_alone(workload, workload.owner):
                continue
            message = f"{scaler.key} scales it, and each reconcile sets replicas back to what is written: leave it out"
            related = [(view.place(scaler, ("spec", "scaleTargetRef")), "scaled here")]
            path = ("spec", "replicas")
            yield Found(cluster=cluster, subject=workload, message=message, path=path, related=related)


def _is_left_alone(workload: Placed, owner: Delivery) -> bool:
    """Tell whether the delivery leaves ``replicas`` to the autoscaler."""
    if owner.key.group_kind == HELM_RELEASE:
        return True  # Helm patches only what changed between releases
    if owner.key.group_kind != APPLICATION:
        return annotations_of(workload.manifest).get(FLUX_SSA, "").lower() == "ifnotpresent"
    if not flag_at(owner.manifest, "spec", "syncPolicy", "automated", "selfHeal"):
        return True
    for entry in objects_at(owner.manifest, "spec", "ignoreDifferences"):
        named = (text_at(entry, "group"), text_at(entry, "kind"), text_at(entry, "name"))
        key = workload.key
        if not match(named[0], key.group) or not match(named[1], key.kind) or named[2] not in ("", key.name):
            continue
        if _POINTER in items_at(entry, "jsonPointers") or any(
            "replicas" in str(each) for each in items_at(entry, "jqPathExpressions")
        ):
            return True
        if items_at(entry, "managedFieldsManagers"):
            return True
    return False


RULE: Final = Rule(
    name="scaled-replicas",
    topic="hpa",
    severity=Severity.WARNING,
    sentence="A workload with an autoscaler has no replicas in Git.",
    check=_check,
)
