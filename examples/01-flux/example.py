"""A repository that Flux polls every minute, and a folder of it that Flux applies every ten minutes."""

from nixernetes import gitops
from nixernetes.objects import yamls

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

if __name__ == "__main__":
    print(yamls.dump_all([repo.manifest(), apps.manifest()]))
