"""A repository that Flux polls every minute, and a folder of it that Flux applies every ten minutes."""

from nixernetes import gitops

repo = gitops.GitRepository(
    name="nixernetes-repo",
    url="https://github.com/myorg/nixernetes-config",
    ref={"branch": "main"},
    interval="1m",
)

apps = gitops.Kustomization(
    name="nixernetes-kustomize",
    source_ref=repo,
    path="./apps",
    interval="10m",
    prune=True,
    wait=True,
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
        environments=["production"],
    ),
    resources=[repo, apps],
)

if __name__ == "__main__":
    print(repo, apps, sep="\n---\n")
