"""Checks of roles and bindings: what a rule allows, with the rule and the word in it that allows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from nixernetes.compliance.checks.check import CheckScene, ComplianceCheck, Fault, on_kinds
from nixernetes.compliance.objects import AssessedObject
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, CERTIFICATES, RBAC
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING
from nixernetes.objects.manifest import Json

__all__ = ["CHECKS"]

_READ: Final = ("get", "list", "watch")
_WRITE: Final = ("create", "update", "patch", "delete", "deletecollection")
_RUNNERS: Final = (
    ("", "pods"),
    ("", "replicationcontrollers"),
    *(("apps", each) for each in ("deployments", "statefulsets", "daemonsets", "replicasets")),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
)


class _Right(NamedTuple):
    """Verbs on some resources, each with its API group."""

    verbs: Sequence[str]
    resources: Sequence[tuple[str, str]]


def _wildcards(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    for number, rule in enumerate(items_at(item.manifest, "rules")):
        for field in ("verbs", "resources", "apiGroups"):
            for place, each in enumerate(items_at(rule, field)):
                if each == "*":
                    yield Fault(("rules", number, field, place), "what is meant, by name", "*")


def _without(name: str, demand: str, *rights: _Right) -> ComplianceCheck:
    """Return a check that a role does not give some rights."""

    def judge(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
        if _is_listed(str(item.key), scene.options.roles):
            return
        for number, rule in enumerate(items_at(item.manifest, "rules")):
            for right in rights:
                place = _granted(rule, right)
                if place is not None:
                    verb = items_at(rule, "verbs")[place]
                    yield Fault(("rules", number, "verbs", place), demand, verb)
                    break

    return on_kinds(name, judge, ROLE, CLUSTER_ROLE)


def _granted(rule: Json, right: _Right) -> int | None:
    """Return the place of the verb by which a rule gives a right, or None."""
    groups, resources = items_at(rule, "apiGroups"), items_at(rule, "resources")
    if not any(
        (group in groups or "*" in groups) and _names(resources, resource) for group, resource in right.resources
    ):
        return None
    verbs = items_at(rule, "verbs")
    return next((place for place, each in enumerate(verbs) if each == "*" or each in right.verbs), None)


def _names(resources: Sequence[Json], resource: str) -> bool:
    _, slash, subresource = resource.partition("/")
    return "*" in resources or resource in resources or (bool(slash) and f"*/{subresource}" in resources)


def _escalate(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    if _is_listed(str(item.key), scene.options.roles):
        return
    for number, rule in enumerate(items_at(item.manifest, "rules")):
        for place, each in enumerate(items_at(rule, "verbs")):
            if each in ("bind", "impersonate", "escalate") or (each == "*" and _is_about_rights(rule)):
                yield Fault(("rules", number, "verbs", place), "no bind, impersonate or escalate", each)


def _is_about_rights(rule: Json) -> bool:
    """Tell whether a rule is about what verbs beyond those of data mean something for."""
    groups, resources = items_at(rule, "apiGroups"), items_at(rule, "resources")
    roles = {"*", RBAC} & {str(each) for each in groups} and {"*", "roles", "clusterroles"} & {*map(str, resources)}
    people = {"*", ""} & {*map(str, groups)} and {"*", "users", "groups", "serviceaccounts"} & {*map(str, resources)}
    return bool(roles or people)


def _cluster_admin(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    if text_at(item.manifest, "roleRef", "name") != "cluster-admin":
        return
    for number, subject in enumerate(objects_at(item.manifest, "subjects")):
        name = _subject(subject, item.namespace)
        if not _is_listed(name, scene.options.admins):
            yield Fault(("subjects", number, "name"), "a subject of the list compliance.admins", name)


def _subject(subject: Json, namespace: str) -> str:
    kind, name = text_at(subject, "kind"), text_at(subject, "name")
    space = text_at(subject, "namespace") or namespace
    return f"{kind}/{space}/{name}" if kind == "ServiceAccount" else f"{kind}/{name}"


def _masters(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    for number, subject in enumerate(objects_at(item.manifest, "subjects")):
        if text_at(subject, "kind") == "Group" and text_at(subject, "name") == "system:masters":
            yield Fault(("subjects", number, "name"), "another group", "system:masters")


def _is_listed(name: str, patterns: Sequence[str]) -> bool:
    return any(name == each or glob_match(each, name) for each in patterns)


_WEBHOOKS: Final = tuple((ADMISSIONREGISTRATION, f"{kind}webhookconfigurations") for kind in ("validating", "mutating"))
_EXEC: Final = (("", "pods/exec"),)
CHECKS: Final = (
    on_kinds("rbac.cluster-admin", _cluster_admin, CLUSTER_ROLE_BINDING, ROLE_BINDING),
    on_kinds("rbac.wildcards", _wildcards, ROLE, CLUSTER_ROLE),
    _without("rbac.secrets", "no get, list or watch on secrets", _Right(_READ, (("", "secrets"),))),
    _without("rbac.create-pods", "no create on what runs pods", _Right(("create",), _RUNNERS)),
    _without("rbac.exec", "no create or get on pods/exec", _Right(("create", "get"), _EXEC)),
    on_kinds("rbac.escalate", _escalate, ROLE, CLUSTER_ROLE),
    _without("rbac.create-pv", "no create on persistentvolumes", _Right(("create",), (("", "persistentvolumes"),))),
    _without("rbac.nodes-proxy", "nothing on nodes/proxy", _Right((*_READ, *_WRITE), (("", "nodes/proxy"),))),
    _without(
        "rbac.csr-approve",
        "no update on certificatesigningrequests/approval",
        _Right(("update", "patch"), ((CERTIFICATES, "certificatesigningrequests/approval"),)),
    ),
    _without("rbac.webhooks", "no write on webhook configurations", _Right(_WRITE, _WEBHOOKS)),
    _without(
        "rbac.sa-token", "no create on serviceaccounts/token", _Right(("create",), (("", "serviceaccounts/token"),))
    ),
    on_kinds("rbac.system-masters", _masters, CLUSTER_ROLE_BINDING, ROLE_BINDING),
)
