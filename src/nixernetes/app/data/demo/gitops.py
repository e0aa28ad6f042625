"""The platform of the demo: three regions on a shared base, a web shop, a database and a chart of our own."""

from nixernetes import gitops

REGIONS = {
    "us-east-1": {"server": "https://us-east-cluster.example.com"},
    "eu-west-1": {"server": "https://eu-west-cluster.example.com"},
    "ap-south-1": {"server": "https://ap-south-cluster.example.com"},
}


def workload(kind: str, name: str, image: str, *, failing: bool = False, **more: object) -> dict[str, object]:
    """Return a Deployment or StatefulSet with one container; a failing one crashes in the embedded clusters."""
    labels = {"app": name}
    annotations = {"sim.nixernetes.dev/fail": "CrashLoopBackOff"} if failing else {}
    meta = {"labels": labels, "annotations": annotations}
    template = {"metadata": meta, "spec": {"containers": [{"name": name, "image": image}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template, **more}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def service(name: str) -> dict[str, object]:
    """Return the Service in front of it."""
    spec = {"selector": {"app": name}, "ports": [{"name": "http", "port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def banner(text: str) -> dict[str, object]:
    """Return a ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "banner"}, "data": {"text": text}}


platform = gitops.Platform(
    name="global-platform",
    repository=gitops.GitOpsRepository(
        name="platform-config",
        url="https://github.com/myorg/platform-config",
        structure="hierarchy",
    ),
    clusters=REGIONS,
    engine="both",
    apps=[
        gitops.App(
            name="database",
            namespace="databases",
            manifests=[workload("StatefulSet", "postgres", "postgres:16", serviceName="postgres"), service("postgres")],
        ),
        gitops.App(
            name="shop",
            namespace="production",
            manifests=[workload("Deployment", "shop", "shop:1.0"), service("shop")],
            environments={"us-east-1": {"replicas": 3}},
        ),
        gitops.App(
            name="greeter",
            namespace="production",
            chart=gitops.HelmChartRef(path="greeter"),
            values={"greeting": "hello"},
            environments={"ap-south-1": {"values": {"greeting": "namaste"}}},
        ),
        gitops.App(name="sale", namespace="production", manifests=[banner("everything must go")]),
    ],
)
