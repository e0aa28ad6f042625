"""Small manifests for tests of the cluster."""

from nixernetes.objects.manifest import Json, Manifest


def config_map(name: str = "settings", namespace: str = "default", **data: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}


def workload(kind: str = "Deployment", name: str = "web", *, annotations: Json = None, **spec: Json) -> Manifest:
    labels = {"app": name}
    template: Json = {
        "metadata": {"labels": labels, **({"annotations": annotations} if annotations else {})},
        "spec": {"containers": [{"name": name, "image": f"{name}:1", "ports": [{"containerPort": 80}]}]},
    }
    whole = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template, **spec}
    if kind == "DaemonSet":
        del whole["replicas"]
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "default"},
        "spec": whole,
    }
