"""Small manifests that the tests of compliance assess."""

from typing import Any

Manifest = dict[str, Any]


def deployment(name: str, *contexts: Manifest, namespace: str = "app", **spec: Any) -> Manifest:
    """Return a Deployment with a container for each security context."""
    containers = [
        {"name": f"c{number}", "image": "ghcr.io/myorg/web:1", "securityContext": context}
        for number, context in enumerate(contexts)
    ]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers, **spec}}},
    }


def network_policy(name: str = "deny", namespace: str = "app", **spec: Any) -> Manifest:
    """Return a NetworkPolicy."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def role(*rules: Manifest, kind: str = "Role") -> Manifest:
    """Return a Role."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": "r", "namespace": "app"},
        "rules": list(rules),
    }


def obj(api: str, kind: str, name: str = "x", namespace: str = "app", **fields: Any) -> Manifest:
    """Return an object of any kind."""
    meta = {"name": name, **({"namespace": namespace} if namespace else {}), **fields.pop("metadata", {})}
    return {"apiVersion": api, "kind": kind, "metadata": meta, **fields}
