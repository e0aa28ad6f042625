"""One way to sync for each environment."""

from nixernetes import gitops

repo = {"kind": "GitRepository", "name": "repo"}

dev = gitops.Kustomization(name="dev-apps", source_ref=repo, path="./dev") | gitops.presets.aggressive

staging = gitops.Kustomization(name="staging-apps", source_ref=repo, path="./staging") | gitops.presets.standard

prod = gitops.Kustomization(name="prod-apps", source_ref=repo, path="./prod") | gitops.presets.conservative

laptop = gitops.Kustomization(name="laptop-apps", source_ref=repo, path="./dev", **gitops.presets.development)

config = gitops.GitRepository(name="repo", url="https://github.com/myorg/config")

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
    ),
    clusters={
        "dev": gitops.Cluster(resources=[dev]),
        "laptop": gitops.Cluster(resources=[laptop]),
        "prod": gitops.Cluster(resources=[prod]),
        "staging": gitops.Cluster(resources=[staging]),
    },
    resources=[config],
)

if __name__ == "__main__":
    print(dev, staging, prod, laptop, sep="\n---\n")
