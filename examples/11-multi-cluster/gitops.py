"""One repository manages three clusters: an AppProject, and one Application a cluster."""

from nixernetes import gitops

deployment = gitops.MultiClusterDeployment(
    name="global-platform",
    git_repository="https://github.com/myorg/config",
    clusters={
        "us-east-1": {
            "server": "https://us-east-cluster.example.com",
            "path": "clusters/us-east-1",
        },
        "eu-west-1": {
            "server": "https://eu-west-cluster.example.com",
            "path": "clusters/eu-west-1",
        },
        "ap-south-1": {
            "server": "https://ap-south-cluster.example.com",
            "path": "clusters/ap-south-1",
        },
    },
)

platform = gitops.Platform(
    name="global",
    deployment=deployment,
    apps=[
        gitops.App(
            name="greeting",
            manifests=[
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "greeting"},
                    "data": {"text": "hello"},
                }
            ],
            environments={
                "ap-south-1": {
                    "patches": [
                        {
                            "apiVersion": "v1",
                            "kind": "ConfigMap",
                            "metadata": {"name": "greeting"},
                            "data": {"text": "namaste"},
                        }
                    ]
                }
            },
        )
    ],
)
