"""Policies of Kyverno for every cluster, delivered before what they judge, on both engines."""

from nixernetes import gitops, kyverno

LABELS = {"app": "checkout"}
checkout = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "checkout"},
    "spec": {
        "selector": {"matchLabels": LABELS},
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {
                "securityContext": {"runAsNonRoot": True},
                "containers": [
                    {
                        "name": "checkout",
                        "image": "nginxinc/nginx-unprivileged:1.27",
                        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                    }
                ],
            },
        },
    },
}

platform = gitops.Platform(
    name="shop",
    engine="both",
    repository=gitops.GitOpsRepository(
        name="platform-config",
        url="https://github.com/myorg/platform-config",
        environments=["staging", "production"],
        structure="flat",
    ),
    policies=[
        kyverno.library.security_baseline(enforcement="enforce"),
        kyverno.library.add_default_labels({"team": "payments"}),
    ],
    apps=[
        gitops.App(name="checkout", namespace="checkout", manifests=[checkout]),
        gitops.App(name="greeting", namespace="greeting", chart=gitops.HelmChartRef(path="charts/greeting")),
    ],
)
