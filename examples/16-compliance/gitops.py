"""Compliance labels applied to all resources, on both engines; a profile that is kept, and a waiver for what is not."""

from datetime import date
from typing import Any

from nixernetes import compliance, gitops

LABELS = {"app": "checkout"}
container = {
    "name": "checkout",
    "image": "nginxinc/nginx-unprivileged:1.27",
    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "64Mi"}},
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
checkout = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "checkout"},
    "spec": {
        "selector": {"matchLabels": LABELS},
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {
                "automountServiceAccountToken": False,
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [container],
            },
        },
    },
}
deny: dict[str, Any] = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "default-deny"},
    "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
}
collector: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "collector"},
    "spec": {
        "selector": {"matchLabels": {"app": "collector"}},
        "template": {
            "metadata": {"labels": {"app": "collector"}},
            "spec": {
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [{**container, "name": "collector"}],
                "volumes": [{"name": "proc", "hostPath": {"path": "/proc"}}],
            },
        },
    },
}

platform = gitops.Platform(
    name="shop",
    owner="payments",
    engine="both",
    repository=gitops.GitOpsRepository(
        name="platform-config", url="https://github.com/myorg/platform-config", environments=["production"]
    ),
    compliance=compliance.Profile(
        "production",
        framework="SOC2",
        without=["mesh.mtls"],
        waivers=[
            compliance.Waiver(
                control=check,
                match="DaemonSet/checkout/collector",
                owner="payments",
                reason="reads /proc of the node",
                until=date(2030, 1, 31),
            )
            for check in ("psa.host-path", "psa.volume-types")
        ],
    ),
    apps=[gitops.App(name="checkout", namespace="checkout", manifests=[checkout, collector, deny])],
)
