"""Namespaces: those that every cluster has, and what Kubernetes puts into each."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.manifest import Manifest

__all__ = ["FIRST", "active", "api_service", "contents"]

FIRST: Final = ("default", "kube-node-lease", "kube-public", "kube-system")


def active(name: str) -> Manifest:
    """Return a namespace that can be used."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name},
    }


def contents(namespace: str) -> tuple[Manifest, ...]:
    """Return what controllers of Kubernetes make in each namespace: its account, and the cluster's certificates."""
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "default", "namespace": namespace},
    }
    roots = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "kube-root-ca.crt", "namespace": namespace},
        "data": {"ca.crt": "embedded"},
    }
    return account, roots


def api_service() -> Manifest:
    """Return the Service by which pods find the API server."""
    ports = [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}]
    labels = {"component": "apiserver", "provider": "kubernetes"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": labels},
        "spec": {"clusterIP": "10.96.0.1", "ipFamilyPolicy": "SingleStack", "ports": ports},
    }
