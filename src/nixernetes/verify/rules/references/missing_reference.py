"""``missing-reference``: what an object names exists on its cluster, or something there makes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.api_groups import FLUX_DOMAIN, NETWORKING, RBAC, SCHEDULING
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CONFIG_MAP, PRIORITY_CLASS, REPLICA_SET, SECRET, SERVICE, SERVICE_ACCOUNT
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import CARRIERS
from nixernetes.verify.references.applied_by_hand import is_applied_by_hand
from nixernetes.verify.references.graph import NamedObject, data_keys, is_filled, references
from nixernetes.verify.references.made import MadeObjects, made_in
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_EVERYWHERE: Final = ((SERVICE_ACCOUNT, "default"), (CONFIG_MAP, "kube-root-ca.crt"), (SERVICE, "kubernetes"))
_BUILT_IN_ROLES: Final = ("view", "edit", "admin", "cluster-admin", "extension-apiserver-authentication-reader")
_SCALED: Final = (*CARRIERS, REPLICA_SET)
_CORE: Final = ("", "apps", "batch", "autoscaling", "policy", RBAC, NETWORKING, SCHEDULING)
_IN_NAMESPACES: Final = (CONFIG_MAP, SECRET, SERVICE_ACCOUNT)
_CONTROL_PLANE: Final = ("kube-system", "kube-public")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        made = made_in(view, cluster)
        for reference in references(cluster):
            if reference.subject.owner is None and reference.row.target == SECRET:
                continue  # a bootstrap's Secrets are given by hand
            found = list(_asked(cluster, reference, made))
            if not found or cluster.has(reference.target) or not is_applied_by_hand(view, reference.target):
                yield from found


def _asked(cluster: ClusterObjects, reference: NamedObject, made: MadeObjects) -> Iterator[Found]:
    target = reference.target
    found = cluster.get(target)
    if found is not None:
        if is_filled(found.manifest):
            return
        yield from _key_missing(cluster, reference, data_keys(found.manifest), "has")
    elif made.has(target):
        keys = made.keys(target)
        if keys is not None:
            yield from _key_missing(cluster, reference, keys, "will have")
    elif not reference.row.keys or not reference.key_path:  # of one with several keys it is said once
        if _is_known(cluster, reference, made):
            return
        yield _missing(cluster, reference)


def _is_known(cluster: ClusterObjects, reference: NamedObject, made: MadeObjects) -> bool:
    """Tell whether something that nobody declares exists nonetheless, or may."""
    target, row = reference.target, reference.row
    if _is_everywhere(target):
        return True
    is_core = target.group in _CORE
    is_of_operator = not is_core and not target.group.endswith(FLUX_DOMAIN)
    if (is_of_operator or row.only_among or row.namespace == "-") and not cluster.by_kind.get(target.group_kind):
        return True  # kinds of operators, and classes: only where some are declared can one be missing
    if is_core and target.namespace in _CONTROL_PLANE and target.namespace != reference.subject.namespace:
        return True
    if row.only_near and not meant(target.name, _names_like(cluster, target)):
        return True
    if is_core and not target.namespace and reference.subject.namespace == "" and row.target in _IN_NAMESPACES:
        return _is_anywhere(cluster, target, made)
    return made.may_have(target) or cluster.may_have(target.namespace, group=target.group)


def _is_everywhere(target: ObjectKey) -> bool:
    """Tell whether every cluster has something, or whether another rule speaks of it."""
    if (target.group_kind, target.name) in _EVERYWHERE or target.name.startswith("system:"):
        return True
    if target.group == RBAC and (target.name in _BUILT_IN_ROLES or (target.kind == "Role" and not target.namespace)):
        return True  # a Role for a whole cluster is refused: ``invalid-object`` says so
    return target.group_kind == PRIORITY_CLASS and target.name.startswith("system-")


def _names_like(cluster: ClusterObjects, target: ObjectKey) -> list[str]:
    """Return the names of the objects of a kind in a namespace; in any, where none is named."""
    return [
        key.name
        for key in cluster.by_key
        if key.group_kind == target.group_kind and target.namespace in ("", key.namespace)
    ]


def _is_anywhere(cluster: ClusterObjects, target: ObjectKey, made: MadeObjects) -> bool:
    """Tell whether some namespace has an object: what names it has none, and its operator runs somewhere."""
    spaces = {key.namespace for key in cluster.by_key}
    return any(
        cluster.has(there) or made.has(there) or made.may_have(there)
        for there in (target._replace(namespace=space) for space in spaces)
    )


def _missing(cluster: ClusterObjects, reference: NamedObject) -> Found:
    target = reference.target
    names = _names_like(cluster, target)
    elsewhere = sorted(
        key.namespace for key in cluster.by_key if key[:2] == target[:2] and key.name == target.name and key.namespace
    )
    hint = meant(target.name, names)
    if elsewhere:
        hint = f": it is in the namespace {elsewhere[0]}"
    return Found(
        cluster=cluster,
        subject=reference.subject,
        message=f"{target} does not exist, and nothing in the repository makes it{hint}",
        path=reference.path,
        severity=reference.row.severity,
        topic=_topic(reference.subject.key) or _topic(target),
    )


def _topic(target: ObjectKey) -> str:
    if target.group == RBAC:
        return "rbac"
    if target.group.startswith("notification."):
        return "notification"
    if target.group.startswith("image."):
        return "image-automation"
    return ""


def _key_missing(cluster: ClusterObjects, reference: NamedObject, keys: frozenset[str], has: str) -> Iterator[Found]:
    if not reference.key or reference.key in keys or reference.target.group_kind not in (CONFIG_MAP, SECRET):
        return
    known = ", ".join(sorted(keys)[:5]) or "none"
    yield Found(
        cluster=cluster,
        subject=reference.subject,
        message=f"{reference.target} has no key {reference.key}: it {has} {known}",
        path=reference.key_path,
        severity=reference.row.severity,
    )


RULE: Final = Rule(
    name="missing-reference",
    topic="ref-missing",
    severity=Severity.ERROR,
    sentence="What an object refers to exists on its cluster, or something declared there makes it.",
    check=_check,
)
