"""One Application that brings all others: what stands in its folder are Applications."""

from nixernetes import gitops

system = gitops.AppProject(
    name="system",
    source_repos=["https://github.com/myorg/config"],
    destinations=[{"namespace": "argocd"}],
)

root = gitops.Application(
    name="cluster-bootstrap",
    project=system,
    source={
        "repo_url": "https://github.com/myorg/config",
        "path": "apps",
    },
    sync_policy=gitops.SyncPolicy(automated=True),
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
        environments=["management"],
    ),
    engine="argocd",
    resources=[system, root],
)

if __name__ == "__main__":
    print(system, root, sep="\n---\n")
