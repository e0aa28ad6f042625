"""A sync that is done only when the objects that matter are healthy."""

from nixernetes import gitops

one = gitops.Kustomization(
    name="nixernetes-kustomize",
    source_ref={"kind": "GitRepository", "name": "nixernetes-repo"},
    path="./apps",
    target_namespace="apps",
    health=gitops.health_checks(kind="Deployment", name="app"),
)

several = gitops.Kustomization(
    name="app",
    source_ref={"kind": "GitRepository", "name": "repo"},
    health=[
        {"api_version": "apps/v1", "kind": "Deployment", "name": "frontend", "namespace": "shop"},
        {"api_version": "apps/v1", "kind": "StatefulSet", "name": "postgres", "namespace": "shop"},
    ],
)

config, shop = (
    gitops.GitRepository(name="nixernetes-repo", url="https://github.com/myorg/nixernetes-config"),
    gitops.GitRepository(name="repo", url="https://github.com/myorg/shop"),
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
        environments=["production"],
    ),
    resources=[config, shop, one, several],
)

if __name__ == "__main__":
    print(one, several, sep="\n---\n")
