"""One way to sync for each environment."""

from nixernetes import gitops

repo = {"kind": "GitRepository", "name": "repo"}

dev = gitops.Kustomization(name="dev-apps", source_ref=repo, path="./dev") | gitops.presets.aggressive

staging = gitops.Kustomization(name="staging-apps", source_ref=repo, path="./staging") | gitops.presets.standard

prod = gitops.Kustomization(name="prod-apps", source_ref=repo, path="./prod") | gitops.presets.conservative

laptop = gitops.Kustomization(name="laptop-apps", source_ref=repo, path="./dev", **gitops.presets.development)

if __name__ == "__main__":
    print(dev, staging, prod, laptop, sep="\n---\n")
