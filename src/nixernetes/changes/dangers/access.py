"""Permissions that grow: roles that allow more, and bindings that give strong roles or give them to more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from nixernetes.changes.change import Action, ObjectChange
from nixernetes.changes.dangers.scene import ClusterScene
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.verify.findings import Finding, Severity

__all__ = ["find"]

_ROLES: Final = (CLUSTER_ROLE, ROLE)
_BINDINGS: Final = (CLUSTER_ROLE_BINDING, ROLE_BINDING)
_STRONG_ROLES: Final = ("cluster-admin", "admin", "edit")
_ANYONE: Final = ("system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:anonymous")
_STRONG_VERBS: Final = ("*", "escalate", "bind", "impersonate")
_STRONG: Final = ("*", "secrets", "pods/exec", "pods/attach", "serviceaccounts/token", "nodes/proxy")
_WRITES: Final = ("*", "create", "update", "patch", "delete", "deletecollection")
_POWERFUL: Final = (
    "clusterrolebindings",
    "clusterroles",
    "daemonsets",
    "deployments",
    "jobs",
    "mutatingwebhookconfigurations",
    "nodes",
    "pods",
    "rolebindings",
    "roles",
    "statefulsets",
    "validatingwebhookconfigurations",
)  # who may write these may take what their pods, accounts or users have
_MOST: Final = 4  # permissions that are named


def find(scene: ClusterScene) -> Iterator[Finding]:
    """Yield roles and bindings that give more than before."""
    for change in scene.cluster.of(Action.CREATE, Action.CHANGE, Action.REPLACE, Action.MOVE):
        if change.after is None:
            continue
        if change.key.group_kind in _ROLES:
            yield from _role(scene, change)
        elif change.key.group_kind in _BINDINGS:
            yield from _binding(scene, change)


def _role(scene: ClusterScene, change: ObjectChange) -> Iterator[Finding]:
    before = _granted(change.before.manifest) if change.before is not None else set()
    after = _granted(change.after.manifest) if change.after is not None else set()
    grown = sorted(each for each in after - before if not _covers(before, each))
    strong = [each for each in grown if _is_strong(each)]
    if not strong and (not grown or change.before is None):
        return
    shown = strong or grown
    named = "; ".join(_shown(each) for each in shown[:_MOST])
    more = f" and {len(shown) - _MOST} more" if len(shown) > _MOST else ""
    severity = Severity.WARNING if strong else Severity.INFO
    yield scene.say("rbac-escalation", severity, change.key, f"it allows more than before: {named}{more}")


Grant = tuple[str, str, str, str]  # API group, resource, name of an object, verb


def _granted(role: Manifest) -> set[Grant]:
    found: set[Grant] = set()
    for rule in objects_at(role, "rules"):
        verbs = _texts(rule, "verbs")
        names = _texts(rule, "resourceNames") or [""]
        found |= set(product(_texts(rule, "apiGroups"), _texts(rule, "resources"), names, verbs))
        found |= set(product(["url"], _texts(rule, "nonResourceURLs"), [""], verbs))
    return found


def _texts(rule: Json, name: str) -> list[str]:
    return [each for each in items_at(rule, name) if isinstance(each, str)]


def _covers(granted: set[Grant], wanted: Grant) -> bool:
    group, resource, name, verb = wanted
    kind, _, part = resource.partition("/")
    resources = {resource, "*", *([f"*/{part}"] if part else [kind])} - ({kind} if part else set())
    return any(
        (each[0] in (group, "*")) and each[1] in resources and each[2] in (name, "") and each[3] in (verb, "*")
        for each in granted
    )


def _is_strong(grant: Grant) -> bool:
    group, resource, _, verb = grant
    if group == "url":
        return False
    if verb in _STRONG_VERBS or resource in _STRONG:
        return True
    return verb in _WRITES and resource in _POWERFUL


def _shown(grant: Grant) -> str:
    group, resource, name, verb = grant
    of = f" {name}" if name else ""
    return f"{verb} {resource}{of}" + (f" of {group}" if group not in ("", "url") else "")


def _binding(scene: ClusterScene, change: ObjectChange) -> Iterator[Finding]:
    manifest = change.after.manifest if change.after is not None else {}
    before = change.before.manifest if change.before is not None else {}
    role = text_at(manifest, "roleRef", "name")
    old = {_subject(each) for each in objects_at(before, "subjects")}
    new = [each for each in objects_at(manifest, "subjects") if _subject(each) not in old]
    same_role = role == text_at(before, "roleRef", "name")
    subjects = new if same_role else objects_at(manifest, "subjects")
    if not subjects:
        return
    anyone = [text_at(each, "name") for each in subjects if text_at(each, "name").startswith(_ANYONE)]
    names = ", ".join(_subject(each) for each in subjects[:_MOST])
    if anyone:
        message = f"it gives {role} to {', '.join(anyone)}: to everybody"
        yield scene.say("rbac-escalation", Severity.WARNING, change.key, message)
    elif _is_strong_role(scene, change, role):
        yield scene.say("rbac-escalation", Severity.WARNING, change.key, f"it gives {role} to {names}")
    elif change.before is not None:
        yield scene.say("rbac-escalation", Severity.INFO, change.key, f"it gives {role} to {names}")


def _is_strong_role(scene: ClusterScene, change: ObjectChange, role: str) -> bool:
    if role in _STRONG_ROLES:
        return True
    for key, item in scene.cluster.head.placed.items():
        if key.group_kind in _ROLES and key.name == role and key.namespace in ("", change.key.namespace):
            return any("*" in (each[1], each[3]) for each in _granted(item.manifest))
    return False


def _subject(subject: Json) -> str:
    namespace = text_at(subject, "namespace")
    kind, name = text_at(subject, "kind"), text_at(subject, "name")
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
