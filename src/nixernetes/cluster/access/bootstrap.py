"""The roles that every cluster has, and to whom they are bound.

After kubernetes v1.34.4, ``plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go``: those that people and their
tools meet. A role says so with its rules, in short: verbs, groups and resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from nixernetes.cluster.access.users import ADMINISTRATORS, AUTHENTICATED, UNAUTHENTICATED
from nixernetes.objects.api_groups import AUTHENTICATION, AUTHORIZATION, COORDINATION, DISCOVERY, NETWORKING, RBAC
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["bindings", "roles"]

_READS: Final = ("get", "list", "watch")
_WRITES: Final = ("create", "delete", "deletecollection", "patch", "update")
_LABELS: Final = {"kubernetes.io/bootstrapping": "rbac-defaults"}
_KEPT: Final = {"rbac.authorization.kubernetes.io/autoupdate": "true"}
_ADDED: Final = f"{RBAC}/aggregate-to-"

_SEEN: Final[Mapping[str, tuple[str, ...]]] = {  # what a reader of a namespace sees
    "": (
        *("configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods"),
        *("replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "services/status"),
        *("bindings", "events", "limitranges", "namespaces/status", "pods/log", "pods/status"),
        *("replicationcontrollers/status", "resourcequotas", "resourcequotas/status", "namespaces"),
    ),
    "apps": (
        *("controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale"),
        *("deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets"),
        *("statefulsets/scale", "statefulsets/status"),
    ),
    "autoscaling": ("horizontalpodautoscalers", "horizontalpodautoscalers/status"),
    "batch": ("cronjobs", "cronjobs/status", "jobs", "jobs/status"),
    DISCOVERY: ("endpointslices",),
    "policy": ("poddisruptionbudgets", "poddisruptionbudgets/status"),
    NETWORKING: ("ingresses", "ingresses/status", "networkpolicies"),
    "metrics.k8s.io": ("pods", "nodes"),
}
_EDITED: Final[Mapping[str, tuple[str, ...]]] = {  # what an editor of a namespace changes
    "": (
        *("pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "configmaps", "events"),
        *("persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale", "secrets"),
        *("serviceaccounts", "services", "services/proxy"),
    ),
    "apps": (
        *("daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets"),
        *("replicasets/scale", "statefulsets", "statefulsets/scale"),
    ),
    "autoscaling": ("horizontalpodautoscalers",),
    "batch": ("cronjobs", "jobs"),
    "policy": ("poddisruptionbudgets",),
    NETWORKING: ("ingresses", "networkpolicies"),
    COORDINATION: ("leases",),
}


def _rule(verbs: Iterable[str], group: str, *resources: str) -> Json:
    return {"verbs": list(verbs), "apiGroups": [group], "resources": list(resources)}


def _rules(verbs: Iterable[str], resources: Mapping[str, tuple[str, ...]]) -> list[Json]:
    return [_rule(verbs, group, *names) for group, names in resources.items()]


def _paths(*urls: str) -> Json:
    return {"verbs": ["get"], "nonResourceURLs": list(urls)}


@cache
def roles() -> Mapping[str, Manifest]:
    """Return the ClusterRoles by name."""
    return {each["metadata"]["name"]: each for each in _roles()}


def _roles() -> Iterator[Manifest]:
    everything = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
    yield _role("cluster-admin", [everything, {"verbs": ["*"], "nonResourceURLs": ["*"]}])
    view = _rules(_READS, _SEEN)
    secret = _rule(
        _READS, "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"
    )
    evict = _rule(("create",), "", "pods/eviction", "serviceaccounts/token")
    edit = [secret, _rule(("impersonate",), "", "serviceaccounts"), evict, *_rules(_WRITES, _EDITED)]
    edit.append(_rule(_READS, COORDINATION, "leases"))
    admin = [
        _rule(("create",), AUTHORIZATION, "localsubjectaccessreviews"),
        _rule((*_WRITES, *_READS), RBAC, "rolebindings", "roles"),
    ]
    yield _role("system:aggregate-to-view", view, adds_to="view")
    yield _role("system:aggregate-to-edit", edit, adds_to="edit")
    yield _role("system:aggregate-to-admin", admin, adds_to="admin")
    yield _role("view", view, of=("view",), adds_to="edit")
    yield _role("edit", [*edit, *view], of=("edit",), adds_to="admin")
    yield _role("admin", [*admin, *edit, *view], of=("admin",))
    reviews = ("selfsubjectaccessreviews", "selfsubjectrulesreviews")
    basic = [_rule(("create",), AUTHORIZATION, *reviews), _rule(("create",), AUTHENTICATION, "selfsubjectreviews")]
    yield _role("system:basic-user", basic)
    documents = ("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", "/version", "/version/")
    yield _role("system:discovery", [_paths("/healthz", "/livez", "/readyz", *documents)])
    yield _role("system:public-info-viewer", [_paths("/healthz", "/livez", "/readyz", "/version", "/version/")])
    events = _rule(("create", "patch", "update"), "", "events")
    tokens = _rule(("create",), "", "serviceaccounts/token", "namespaces", "secrets", "serviceaccounts")
    looks = {"verbs": ["list", "watch"], "apiGroups": ["*"], "resources": ["*"]}
    leases = _rule(("create", "get", "update"), COORDINATION, "leases")
    yield _role("system:kube-controller-manager", [events, leases, tokens, looks])


def _role(name: str, rules: list[Json], *, of: tuple[str, ...] = (), adds_to: str = "") -> Manifest:
    labels = {**_LABELS, **({f"{_ADDED}{adds_to}": "true"} if adds_to else {})}
    role: Manifest = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "labels": labels, "annotations": _KEPT},
        "rules": rules,
    }
    if of:
        selectors = [{"matchLabels": {f"{_ADDED}{each}": "true"}} for each in of]
        role["aggregationRule"] = {"clusterRoleSelectors": selectors}
    return role


@cache
def bindings() -> Mapping[str, Manifest]:
    """Return the ClusterRoleBindings by name."""
    everyone = (AUTHENTICATED, UNAUTHENTICATED)
    bound = {
        "cluster-admin": (ADMINISTRATORS,),
        "system:basic-user": (AUTHENTICATED,),
        "system:discovery": (AUTHENTICATED,),
        "system:public-info-viewer": everyone,
    }
    return {name: _binding(name, groups) for name, groups in bound.items()}


def _binding(name: str, groups: Iterable[str]) -> Manifest:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name, "labels": _LABELS, "annotations": _KEPT},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": name},
        "subjects": [{"apiGroup": RBAC, "kind": "Group", "name": group} for group in groups],
    }
