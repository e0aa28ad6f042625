"""Two teams on two clusters: what they cost, at prices of one's own, and how much they may."""

from nixernetes import gitops

repository = gitops.GitOpsRepository(
    name="platform-config",
    url="https://github.com/myorg/platform-config",
    environments=["staging", "production"],
)


def deployment(name: str, replicas: int, cpu: str, memory: str) -> dict[str, object]:
    """Return a Deployment that says what it asks for."""
    container = {
        "name": name,
        "image": "nginx:1.27",
        "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}},
        },
    }


platform = gitops.Platform(
    name="platform",
    repository=repository,
    engine="flux",
    apps=[
        gitops.App(
            name="checkout",
            namespace="checkout",
            manifests=[deployment("checkout", 2, "500m", "512Mi")],
            common_labels={"nixernetes.io/owner": "payments"},
            environments={"production": gitops.AppOverrides(replicas=6)},
        ),
        gitops.App(
            name="search",
            namespace="search",
            manifests=[deployment("search", 1, "2", "4Gi")],
            common_labels={"nixernetes.io/owner": "discovery"},
            environments={"production": gitops.AppOverrides(replicas=3)},
        ),
    ],
)
