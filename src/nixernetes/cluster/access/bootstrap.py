"""The roles that every cluster has, and to whom they are bound, those of its own controllers among them.

After kubernetes v1.34.4, ``plugin/pkg/auth/authorizer/rbac/bootstrappolicy``. ``data/policy.txt`` says them in short:

- ``role NAME`` or ``role NAMESPACE/NAME``, with ``to=`` the roles that gather it and ``of=`` what it gathers itself;
- below it a rule a line: verbs, API groups, resources, and names; or verbs and paths. ``READ``, ``WRITE`` and ``ALL``
  stand for verbs, ``""`` for the core group;
- ``bind NAME KIND/ROLE`` with the subjects: ``user=``, ``group=``, ``account=NAMESPACE/NAME``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["bindings", "everything", "roles"]

_VERBS: Final[Mapping[str, str]] = {
    "READ": "get,list,watch",
    "WRITE": "create,delete,deletecollection,patch,update",
    "ALL": "create,delete,deletecollection,get,list,patch,update,watch",
}
_LABELS: Final = {"kubernetes.io/bootstrapping": "rbac-defaults"}
_KEPT: Final = {"rbac.authorization.kubernetes.io/autoupdate": "true"}
_ADDED: Final = f"{RBAC}/aggregate-to-"
_SUBJECTS: Final = {"user": "User", "group": "Group", "account": "ServiceAccount"}


@cache
def roles() -> Mapping[str, Manifest]:
    """Return the ClusterRoles by name."""
    return {each["metadata"]["name"]: each for each in everything() if each["kind"] == "ClusterRole"}


@cache
def bindings() -> Mapping[str, Manifest]:
    """Return the ClusterRoleBindings by name."""
    return {each["metadata"]["name"]: each for each in everything() if each["kind"] == "ClusterRoleBinding"}


@cache
def everything() -> tuple[Manifest, ...]:
    """Return all of it, what is in namespaces, too; roles before what binds them."""
    found = tuple(_read(resources.files("nixernetes.cluster.access").joinpath("data/policy.txt").read_text()))
    by_name = {each["metadata"]["name"]: each for each in found if each["kind"] == "ClusterRole"}
    return tuple(_gathered(each, by_name) if "aggregationRule" in each else each for each in found)


def _read(text: str) -> Iterator[Manifest]:
    role: Manifest = {}
    for line in text.splitlines():
        if line.startswith("  "):
            role["rules"].append(_rule(*line.split()))
            continue
        if role:
            yield role
        word, name, *more = line.split()
        role = _role(name, more) if word == "role" else {}
        if word == "bind":
            yield _binding(name, more[0], more[1:])


def _rule(verbs: str, *rest: str) -> Json:
    told: Json = {"verbs": _VERBS.get(verbs, verbs).split(",")}
    if rest[0].startswith("/") or len(rest) == 1:
        return {**told, "nonResourceURLs": list(rest)}
    groups, wanted, *names = rest
    told |= {"apiGroups": ["" if group == '""' else group for group in groups.split(",")]}
    told |= {"resources": wanted.split(",")}
    return {**told, **({"resourceNames": names[0].split(",")} if names else {})}


def _named(name: str, kind: str, labels: Mapping[str, str]) -> Manifest:
    namespace, slash, bare = name.rpartition("/")
    meta = {"name": bare, "labels": {**_LABELS, **labels}, "annotations": _KEPT}
    if slash:
        meta["namespace"] = namespace
    return {"apiVersion": f"{RBAC}/v1", "kind": kind if slash else f"Cluster{kind}", "metadata": meta}


def _role(name: str, options: Iterable[str]) -> Manifest:
    told = dict(option.split("=") for option in options)
    labels = {f"{_ADDED}{told['to']}": "true"} if "to" in told else {}
    role: Manifest = {**_named(name, "Role", labels), "rules": []}
    if "of" in told:
        selector = {"matchLabels": {f"{_ADDED}{told['of']}": "true"}}
        role["aggregationRule"] = {"clusterRoleSelectors": [selector]}
    return role


def _gathered(role: Manifest, known: Mapping[str, Manifest]) -> Manifest:
    """Return a role with the rules of those that it gathers, as the controller writes them: by name, each once."""
    (selector,) = role["aggregationRule"]["clusterRoleSelectors"]
    (label,) = selector["matchLabels"]
    rules: list[Json] = []
    for _, each in sorted(known.items()):
        if label in each["metadata"]["labels"] and each is not role:
            found = _gathered(each, known) if "aggregationRule" in each else each
            rules += [rule for rule in found["rules"] if rule not in rules]
    return {**role, "rules": rules}


def _binding(name: str, role: str, subjects: Iterable[str]) -> Manifest:
    kind, _, bound = role.partition("/")
    return {
        **_named(name, "RoleBinding", {}),
        "roleRef": {"apiGroup": RBAC, "kind": kind, "name": bound},
        "subjects": [_subject(*each.split("=")) for each in subjects],
    }


def _subject(kind: str, name: str) -> Json:
    namespace, slash, bare = name.partition("/")
    if kind == "account":
        return {"kind": _SUBJECTS[kind], "namespace": namespace, "name": bare}
    del slash
    return {"apiGroup": RBAC, "kind": _SUBJECTS[kind], "name": name}
