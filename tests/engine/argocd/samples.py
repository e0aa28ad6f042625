"""Manifests that tests deploy."""

from __future__ import annotations

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import IN_CLUSTER

URL = "https://github.com/myorg/config"


def config_map(name: str, namespace: str = "", **annotations: str) -> Manifest:
    meta: Json = {"name": name}
    if namespace:
        meta["namespace"] = namespace
    if annotations:
        meta["annotations"] = {
            f"argocd.argoproj.io/{key.replace('_', '-')}": value for key, value in annotations.items()
        }
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"key": "value"}}


def deployment(name: str, replicas: int = 1, image: str = "web:1", **annotations: str) -> Manifest:
    labels = {"app": name}
    base = config_map(name, **annotations)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": base["metadata"],
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": image}]}},
        },
    }


def namespace(name: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def application(
    name: str,
    path: str = "apps",
    *,
    project: str = "default",
    to: str = "production",
    server: str = IN_CLUSTER,
    automated: Json = None,
    options: tuple[str, ...] = (),
    **spec: Json,
) -> Manifest:
    policy: Json = {}
    if automated is not None:
        policy["automated"] = automated
    if options:
        policy["syncOptions"] = list(options)
    policy.update(spec.pop("policy", {}))
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd", **spec.pop("meta", {})},
        "spec": {
            "project": project,
            "source": {"repoURL": URL, "path": path, "targetRevision": "main"},
            "destination": {"server": server, "namespace": to},
            **({"syncPolicy": policy} if policy else {}),
            **spec,
        },
    }


def project(name: str, **spec: Json) -> Manifest:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {"sourceRepos": [URL], "destinations": [{"server": "*", "namespace": "*"}], **spec},
    }
