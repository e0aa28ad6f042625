"""``service-account``: the ServiceAccount that a delivery acts as exists, and may do what the delivery does.

Rights are read from the Roles and bindings of the platform. ``cluster-admin`` may do all; ``admin`` and ``edit`` may do
what is built in and has a namespace (``edit`` not RBAC); what else is bound is not known, and may do all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.engine.flux.lockdown import is_of_controller, lockdown_by
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import (
    CLUSTER_ROLE_BINDING,
    DEPLOYMENT,
    FLUX_INSTANCE,
    HELM_RELEASE,
    KUSTOMIZATION,
    ROLE_BINDING,
    SERVICE_ACCOUNT,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE
from nixernetes.render.deliveries import Delivery
from nixernetes.schemas.plurals import plurals_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_BINDINGS: Final = (ROLE_BINDING, CLUSTER_ROLE_BINDING)
_NAMESPACED_RIGHTS: Final = ("admin", "edit")
_CONTROLLERS: Final = {KUSTOMIZATION: "kustomize-controller", HELM_RELEASE: "helm-controller"}
_SYSTEM: Final = ("kube-system", "flux-system", "argocd")
_WRITING: Final = frozenset(("create", "patch", "update", "*"))


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        component = _CONTROLLERS.get(delivery.key.group_kind)
        if component is None or mapping_at(delivery.manifest, "spec", "kubeConfig"):
            continue
        named = text_at(delivery.manifest, "spec", "serviceAccountName")
        name = named or _default_account(cluster, component)
        account = ObjectKey(*SERVICE_ACCOUNT, delivery.key.namespace, name)
        if not name or is_of_controller(account, (item.manifest for item in cluster.of(*_BINDINGS))):
            continue
        if not named:
            yield from _tenant(cluster, delivery, account, component)
        elif not cluster.has(account) and name != "default":
            if not cluster.may_have(account.namespace):
                yield _missing(cluster, delivery, account)
        else:
            yield from _refused(cluster, delivery, account)
    yield from _subjects(view)


def _default_account(cluster: ClusterObjects, component: str) -> str:
    deployment = cluster.get(ObjectKey(*DEPLOYMENT, FLUX_NAMESPACE, component))
    instances = (item.manifest for item in cluster.of(FLUX_INSTANCE))
    return lockdown_by(component, deployment.manifest if deployment else None, instances).account


def _tenant(cluster: ClusterObjects, delivery: Delivery, account: ObjectKey, component: str) -> Iterator[Found]:
    """Yield that the account of deliveries without one may not do what this one does."""
    for found in _refused(cluster, delivery, account):
        what = found.message.partition(", which ")[2]
        message = f"it names no serviceAccountName, so {component} acts as {account}, which {what}"
        yield Found(cluster=cluster, subject=delivery, message=message, path=("spec",))
        return


def _missing(cluster: ClusterObjects, delivery: Delivery, account: ObjectKey) -> Found:
    known = [item.key.name for item in cluster.of(SERVICE_ACCOUNT) if item.namespace == account.namespace]
    hint = meant(account.name, known) or (f": is it {known[0]}?" if len(known) == 1 else "")
    message = f"it acts as {account}, which does not exist{hint}"
    return Found(cluster=cluster, subject=delivery, message=message, path=("spec", "serviceAccountName"))


def _refused(cluster: ClusterObjects, delivery: Delivery, account: ObjectKey) -> Iterator[Found]:
    bindings = [item for item in cluster.of(*_BINDINGS) if _binds(item, account)]
    if cluster.may_have(account.namespace):
        return
    told: set[GroupKind] = set()
    for item in cluster.brought_by(delivery.key):
        if item.key.group_kind in told:
            continue
        if not any(_allows(cluster, binding, item.key) for binding in bindings):
            told.add(item.key.group_kind)
            what = f"{item.key.kind} in {item.namespace}" if item.namespace else item.key.kind
            message = f"{delivery.key} acts as {account}, which may not create a {what}"
            yield Found(cluster=cluster, subject=item, message=message, path=("kind",))


def _binds(binding: Placed, account: ObjectKey) -> bool:
    for subject in objects_at(binding.manifest, "subjects"):
        kind, name = text_at(subject, "kind"), text_at(subject, "name")
        if kind == "ServiceAccount" and name == account.name:
            return (text_at(subject, "namespace") or binding.namespace) == account.namespace
        if kind == "User" and name == f"system:serviceaccount:{account.namespace}:{account.name}":
            return True
        if kind == "Group" and name in ("system:serviceaccounts", f"system:serviceaccounts:{account.namespace}"):
            return True
    return False


def _allows(cluster: ClusterObjects, binding: Placed, key: ObjectKey) -> bool:
    if binding.key.kind == "RoleBinding" and key.namespace != binding.namespace:
        return False
    reference = mapping_at(binding.manifest, "roleRef")
    kind, name = text_at(reference, "kind"), text_at(reference, "name")
    role = cluster.get(ObjectKey(RBAC, kind, binding.namespace if kind == "Role" else "", name))
    if role is not None:
        return any(_covers(rule, key) for rule in objects_at(role.manifest, "rules")) or _is_aggregated(role.manifest)
    if name in _NAMESPACED_RIGHTS:
        return bool(key.namespace) and (key.group != RBAC or name == "admin")
    return name != "view"


def _is_aggregated(role: Manifest) -> bool:
    return bool(mapping_at(role, "aggregationRule"))


def _covers(rule: Json, key: ObjectKey) -> bool:
    groups, resources = items_at(rule, "apiGroups"), items_at(rule, "resources")
    if not _WRITING & {str(each) for each in items_at(rule, "verbs")}:
        return False
    return ("*" in groups or key.group in groups) and any(
        each == "*" or each in plurals_of(key.kind) for each in resources
    )


def _subjects(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(*_BINDINGS):
            for index, subject in enumerate(objects_at(item.manifest, "subjects")):
                name = text_at(subject, "name")
                space = text_at(subject, "namespace") or item.namespace
                if text_at(subject, "kind") != "ServiceAccount" or name == "default" or not space:
                    continue
                account = ObjectKey("", "ServiceAccount", space, name)
                if cluster.has(account) or cluster.may_have(space):
                    continue
                twin = _twin(cluster, account)
                if twin:
                    message = f"its subject {account} does not exist: there is {twin}"
                    yield Found(
                        cluster=cluster,
                        subject=item,
                        message=message,
                        path=("subjects", index, "namespace"),
                        severity=Severity.WARNING,
                        topic="rbac",
                    )
                    continue
                if not _is_ours(cluster, space):
                    continue
                known = [each.key.name for each in cluster.of(SERVICE_ACCOUNT) if each.namespace == space]
                message = f"its subject {account} does not exist{meant(name, known)}"
                yield Found(
                    cluster=cluster,
                    subject=item,
                    message=message,
                    path=("subjects", index, "name"),
                    severity=Severity.WARNING,
                    topic="rbac",
                )


def _twin(cluster: ClusterObjects, account: ObjectKey) -> str:
    """Return the account of the same name in a namespace that is spelled like one that nothing here knows."""
    if account.namespace in _SYSTEM or any(key.namespace == account.namespace for key in cluster.by_key):
        return ""
    if cluster.has(ObjectKey("", "Namespace", "", account.namespace)):
        return ""
    twins = [each.key for each in cluster.of(SERVICE_ACCOUNT) if each.key.name == account.name]
    spelled = [key for key in twins if _is_misspelt(account.namespace, key.namespace)]
    return str(spelled[0]) if spelled else ""


def _is_misspelt(written: str, known: str) -> bool:
    """Tell whether a name is another with letters too many, too few or swapped; ``team-b`` is not ``team-a``."""
    is_near = len(written) != len(known) or (written != known and sorted(written) == sorted(known))
    return is_near and bool(meant(written, [known]))


def _is_ours(cluster: ClusterObjects, namespace: str) -> bool:
    """Tell whether the platform brings workloads or accounts to a namespace, so that it should know its accounts."""
    if namespace in _SYSTEM:
        return False
    return any(item.namespace == namespace for item in cluster.of(SERVICE_ACCOUNT, DEPLOYMENT))


RULE: Final = Rule(
    name="service-account",
    topic="tenancy",
    severity=Severity.ERROR,
    sentence="The ServiceAccount that a delivery acts as exists, and may do what the delivery does.",
    check=_check,
)
