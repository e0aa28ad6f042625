"""A chart from a chart repository, released into a namespace with values of our own."""

from nixernetes import gitops

bitnami = gitops.HelmRepository(
    name="bitnami",
    url="https://charts.bitnami.com/bitnami",
)

postgres = gitops.HelmRelease(
    name="postgres",
    namespace="databases",
    chart={"name": "postgresql", "version": "13.0.0"},
    source_ref=bitnami,
    values={
        "auth": {"existingSecret": "postgres"},
        "primary": {"persistence": {"size": "50Gi"}},
    },
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
        environments=["production"],
    ),
    resources=[bitnami, postgres],
)

if __name__ == "__main__":
    print(bitnami, postgres, sep="\n---\n")
