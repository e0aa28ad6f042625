"""Clusters on a shared base, delivered by Flux and by Argo CD from the same declaration; one app is a chart of ours."""

from nixernetes import gitops

labels = {"app": "app1"}

repository = gitops.GitOpsRepository(
    name="platform-config",
    url="https://github.com/myorg/platform-config",
    environments=["us-east-1", "eu-west-1"],
    structure="hierarchy",
)

platform = gitops.Platform(
    name="platform",
    repository=repository,
    clusters={
        "us-east-1": gitops.Cluster(server="https://us-east-cluster.example.com"),
        "eu-west-1": gitops.Cluster(server="https://eu-west-cluster.example.com"),
    },
    engine="both",
    apps=[
        gitops.App(
            name="app1",
            namespace="apps",
            manifests=[
                {
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    "metadata": {"name": "app1"},
                    "spec": {
                        "replicas": 1,
                        "selector": {"matchLabels": labels},
                        "template": {
                            "metadata": {"labels": labels},
                            "spec": {"containers": [{"name": "app1", "image": "nginx:1.27"}]},
                        },
                    },
                }
            ],
            environments={"us-east-1": gitops.AppOverrides(replicas=3)},
        ),
        gitops.App(
            name="app2",
            namespace="charts",
            chart=gitops.HelmChartRef(path="charts/app2"),
            values={"greeting": "hello"},
            environments={"eu-west-1": gitops.AppOverrides(values={"greeting": "bonjour"})},
        ),
        gitops.App(
            name="postgres",
            namespace="databases",
            chart=gitops.HelmChartRef(
                name="postgresql", repository="https://charts.bitnami.com/bitnami", version="13.0.0"
            ),
            values={"primary": {"persistence": {"size": "50Gi"}}},
            clusters=["us-east-1"],
        ),
    ],
)
