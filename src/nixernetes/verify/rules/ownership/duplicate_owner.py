"""``duplicate-owner``: each object of a cluster is brought by one delivery.

Two owners overwrite each other at every reconcile, and whichever is pruned first deletes the other's object. Flux may
be told to share (``kustomize.toolkit.fluxcd.io/ssa: Merge``, ``IfNotPresent``, ``Ignore``); an object without a fixed
name (``generateName``) is a new one each time. Two releases of one name share their storage (helm-controller v1.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import ARGOCD_HOOK, FLUX_SSA
from nixernetes.render.argocd.application_sources import REPEATED
from nixernetes.render.flux.helm_release import is_hook
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.objects import ClusterObjects, Placed, owners
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_TWICE: Final = 2
_SHARED: Final = ("merge", "ifnotpresent", "ignore")
_DELIVERIES: Final = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        pairs: dict[tuple[ObjectKey, ObjectKey], list[list[Placed]]] = {}
        for key, items in cluster.by_key.items():
            sharing = [item for item in items if not _is_shared(item)]
            by = owners(sharing)
            if key.name and len(by) > 1:
                pairs.setdefault((by[0].key, by[1].key), []).append(sharing)
        for (first, second), found in pairs.items():
            yield _pair(view, cluster, first, second, found)
        yield from _releases(view, cluster)
        yield from _repeated(view, cluster)
        yield from _overwritten(cluster)


def _is_shared(item: Placed) -> bool:
    return annotations_of(item.manifest).get(FLUX_SSA, "").lower() in _SHARED


def _pair(
    view: PlatformView, cluster: ClusterObjects, first: ObjectKey, second: ObjectKey, found: Sequence[list[Placed]]
) -> Found:
    items = found[0]
    one = next(item for item in items if item.owner is not None and item.owner.key == first)
    other = next(item for item in items if item.owner is not None and item.owner.key == second)
    more = f", and {len(found) - 1} more objects of it" if len(found) > 1 else ""
    is_delivery = one.key.group_kind in _DELIVERIES and one.manifest != other.manifest
    fate = "they overwrite each other" if one.manifest != other.manifest else "pruning one deletes it for both"
    return Found(
        cluster=cluster,
        subject=one,
        message=f"{first} and {second} both bring it{more}: {fate}, so leave it to one of them",
        path=("metadata", "name"),
        severity=Severity.ERROR if is_delivery else None,
        related=[(view.place(other), f"brought by {second}")],
    )


def _repeated(view: PlatformView, cluster: ClusterObjects) -> Iterator[Found]:
    """Yield objects that one delivery brings twice: Argo CD warns and takes the last, Helm fails at the second."""
    for key, items in cluster.by_key.items():
        if not key.name or len(items) < _TWICE:
            continue
        mine: dict[ObjectKey, list[Placed]] = {}
        for item in items:
            if (
                item.owner is not None
                and not is_hook(item.manifest)
                and ARGOCD_HOOK not in annotations_of(item.manifest)
            ):
                mine.setdefault(item.owner.key, []).append(item)
        for owner, twins in mine.items():
            first, *others = twins
            if others:
                yield Found(
                    cluster=cluster,
                    subject=first,
                    message=f"{owner} brings it {len(twins)} times: only one of them counts, so remove the others",
                    path=("metadata", "name"),
                    related=[(view.place(each), "and here") for each in others],
                )


def _overwritten(cluster: ClusterObjects) -> Iterator[Found]:
    """Yield objects that an Application brings several times: Argo CD warns, and only the last counts."""
    for delivery in cluster.deliveries:
        names = [each.text.partition(f" {REPEATED}")[0] for each in delivery.notes if REPEATED in each.text]
        wanted = {(name.partition("/")[0], name.rpartition("/")[2]) for name in names}
        for item in cluster.brought_by(delivery.key) if wanted else ():
            if (item.key.kind, item.key.name) in wanted:
                message = f"{delivery.key} brings it several times, and only the last of them counts: leave one"
                yield Found(cluster=cluster, subject=item, message=message, path=("metadata", "name"))


def _releases(view: PlatformView, cluster: ClusterObjects) -> Iterator[Found]:
    known: dict[tuple[str, str], Placed] = {}
    for item in cluster.of(HELM_RELEASE):
        spec = item.manifest.get("spec")
        target = text_at(spec, "targetNamespace")
        name = text_at(spec, "releaseName") or (f"{target}-{item.key.name}" if target else item.key.name)
        storage = (text_at(spec, "storageNamespace") or item.namespace, name)
        before = known.setdefault(storage, item)
        if before.key != item.key:
            place: Place = view.place(before, ("spec", "releaseName"))
            yield Found(
                cluster=cluster,
                subject=item,
                message=f"{before.key} has the release {name} in {storage[0]} too: they overwrite each other's history",
                path=("spec", "releaseName"),
                severity=Severity.ERROR,
                related=[(place, f"release {name} of {before.key}")],
            )


RULE: Final = Rule(
    name="duplicate-owner",
    topic="duplicate-owner",
    severity=Severity.WARNING,
    sentence="Each object of a cluster belongs to one delivery.",
    check=_check,
)
