"""``crd-order``: the definition of a custom resource is on the cluster before the resource is applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, number_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, CUSTOM_RESOURCE_DEFINITION, HELM_RELEASE
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.provenance import StepKind
from nixernetes.objects.well_known import ARGOCD_SYNC_OPTIONS
from nixernetes.render.deliveries import Delivery
from nixernetes.render.flux.helm_release import is_hook
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.ordering import Ordering
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_SKIP: Final = "SkipDryRunOnMissingResource=true"
_USUAL_RETRIES: Final = 5  # of Argo CD, where retry.limit is not set


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        ordering = Ordering(view.held_for(cluster))
        here = _definitions(cluster)
        elsewhere = set(view.definitions) - set(here)
        told: set[tuple[ObjectKey, GroupKind]] = set()
        for item in cluster.placed:
            kind, owner = item.key.group_kind, item.owner
            if owner is None or (owner.key, kind) in told:
                continue
            if kind in here:
                message = _unordered(item, owner, here[kind], ordering)
            elif kind in elsewhere and not cluster.may_have("") and not cluster.is_remote:
                message = f"nothing brings the definition of {kind} to this cluster, only to another"
            else:
                continue
            if message:
                told.add((owner.key, kind))
                is_missing = kind not in here
                severity = Severity.ERROR if is_missing else None
                yield Found(cluster=cluster, subject=item, message=message, path=("kind",), severity=severity)


def _definitions(cluster: ClusterObjects) -> dict[GroupKind, list[Placed]]:
    found: dict[GroupKind, list[Placed]] = {}
    for item in cluster.of(CUSTOM_RESOURCE_DEFINITION):
        spec = mapping_at(item.manifest, "spec")
        found.setdefault(GroupKind(text_at(spec, "group"), text_at(spec, "names", "kind")), []).append(item)
    return found


def _unordered(item: Placed, owner: Delivery, definitions: list[Placed], ordering: Ordering) -> str:
    """Return why a resource may come before its definition; ``""`` where it does not, or nothing is lost by it."""
    bringing = [each.owner for each in definitions if each.owner is not None]
    if len(bringing) < len(definitions):
        return ""  # it is there before anything is delivered
    if any(each.key == owner.key for each in bringing):
        if (  # Argo CD pulls a definition up to the first object of its kind, Flux applies definitions first
            owner.key.group_kind == HELM_RELEASE
            and not is_hook(item.manifest)
            and not any(map(_is_of_crds, definitions))
        ):
            return (
                "its definition is a template of the same chart, and Helm knows every kind before it installs any: put "
                "the definition into crds/, or make one of them a hook"
            )
        return ""
    known = ordering.before(owner.key)
    if any(each.key in known for each in bringing) or _is_patient(item, owner.manifest):
        return ""
    by = bringing[0]
    remedy = _remedy(owner, by, ordering)
    return f"its definition is brought by {by.key}, and nothing applies that before {owner.key}: {remedy}"


def _is_of_crds(definition: Placed) -> bool:
    """Tell whether a definition comes before the templates of its chart: out of ``crds/``, or as a hook."""
    step = next((each for each in definition.origin.chain if each.kind is StepKind.CHART), None)
    return step is None or "/crds/" in f"/{step.file}" or is_hook(definition.manifest)


def _remedy(owner: Delivery, by: Delivery, ordering: Ordering) -> str:
    if owner.key.group_kind == APPLICATION:
        return "give that a lower sync wave, or set SkipDryRunOnMissingResource=true and a retry limit"
    if by.key.group_kind == owner.key.group_kind:
        return f"add {by.key.name} to its dependsOn"
    parent = next((key for key in by.parents if key.group_kind == owner.key.group_kind), None)
    if parent is None:
        return "let one depend on the other"
    needed = f"add {parent.name} to its dependsOn"
    return f"let {parent} wait for it (wait: true)" if parent in ordering.before(owner.key) else needed


def _is_patient(item: Placed, application: Manifest) -> bool:
    """Tell whether Argo CD goes on without the definition, or tries for longer than it does by itself."""
    options = items_at(application, "spec", "syncPolicy", "syncOptions")
    own = annotations_of(item.manifest).get(ARGOCD_SYNC_OPTIONS, "")
    if _SKIP in options or _SKIP in own.replace(" ", ""):
        return True
    limit = number_at(application, "spec", "syncPolicy", "retry", "limit", default=_USUAL_RETRIES)
    return limit < 0 or limit > _USUAL_RETRIES


RULE: Final = Rule(
    name="crd-order",
    topic="crd-order",
    severity=Severity.WARNING,
    sentence="The definition of a custom resource is on the cluster before the resource is applied.",
    check=_check,
)
