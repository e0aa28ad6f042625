"""``missing-namespace``: the namespace that an object goes to exists, or its delivery makes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import flag_at, items_at, mapping_at, text_at
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION, NAMESPACE
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.argocd.application_sources import application_sources
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_EVERYWHERE: Final = ("default", "kube-system", "kube-public", "kube-node-lease", "flux-system", ARGOCD_NAMESPACE)
_UNFILLED: Final = ("<no value>", "{{")
_CREATE: Final = "CreateNamespace=true"


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        if cluster.is_remote and cluster.name not in view.hubs:
            continue  # what else it holds is not in this repository
        if view.is_target(cluster) and not cluster.by_kind.get(NAMESPACE) and not _made(cluster):
            continue  # its namespaces are not in this repository
        if any(_may_make_namespaces(each) for each in cluster.unrendered):
            continue
        yield from _asked(cluster)


def _may_make_namespaces(delivery: Delivery) -> bool:
    """Tell whether what could not be rendered may bring namespaces; charts seldom do."""
    if delivery.key.group_kind == HELM_RELEASE:
        return False
    if delivery.key.group_kind == APPLICATION:
        try:
            return not all("chart" in source for source in application_sources(delivery.manifest))
        except InputError:
            return True
    return True


def _asked(cluster: ClusterObjects) -> Iterator[Found]:
    """Yield a finding for each namespace that is missing: where a delivery names it, else where an object does."""
    known = {item.key.name for item in cluster.of(NAMESPACE)} | {*_EVERYWHERE, *_made(cluster)}
    missing: dict[str, tuple[Placed | Delivery, FieldPath]] = {}
    for item in cluster.placed:
        owner, namespace = item.owner, item.namespace
        if owner is None or not namespace or namespace in known or namespace.startswith(_UNFILLED):
            continue  # of what is left unfilled ``empty-application-set`` speaks
        found = _subject(item, owner, namespace)
        first = missing.setdefault(namespace, found)
        if isinstance(first[0], Placed) and not isinstance(found[0], Placed):
            missing[namespace] = found
    for namespace, (subject, path) in missing.items():
        message = f"the namespace {namespace} does not exist, and nothing makes it{meant(namespace, known)}"
        yield Found(cluster=cluster, subject=subject, message=message, path=path)


def _made(cluster: ClusterObjects) -> set[str]:
    """Return the namespaces that deliveries make for themselves."""
    found = set()
    for each in cluster.deliveries:
        spec = mapping_at(each.manifest, "spec")
        if each.key.group_kind == APPLICATION and _CREATE in items_at(spec, "syncPolicy", "syncOptions"):
            found.add(text_at(spec, "destination", "namespace"))
        if each.key.group_kind == HELM_RELEASE and flag_at(spec, "install", "createNamespace"):
            found.add(text_at(spec, "targetNamespace") or each.key.namespace)
    return found


def _subject(item: Placed, owner: Delivery, namespace: str) -> tuple[Placed | Delivery, FieldPath]:
    """Return who says the namespace: the delivery where it is its destination, else the object."""
    if owner.key.group_kind == APPLICATION and text_at(owner.manifest, "spec", "destination", "namespace") == namespace:
        return owner, ("spec", "destination", "namespace")
    if (
        owner.key.group_kind in (HELM_RELEASE, KUSTOMIZATION)
        and text_at(owner.manifest, "spec", "targetNamespace") == namespace
    ):
        return owner, ("spec", "targetNamespace")
    return item, ("metadata", "namespace")


RULE: Final = Rule(
    name="missing-namespace",
    topic="namespace-missing",
    severity=Severity.ERROR,
    sentence="The namespace that an object goes to exists, or its delivery makes it.",
    check=_check,
)
