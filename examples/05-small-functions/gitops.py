"""Seconds of an interval, the name in a URL, whether a URL is one, and what a set of resources holds."""

from nixernetes import gitops

seconds = gitops.sync_interval_seconds("10m")
name = gitops.repository_name("https://github.com/myorg/config.git")
valid = gitops.is_git_url("git@github.com:myorg/config.git")

repo = gitops.GitRepository(name=name, url="https://github.com/myorg/config")
apps = gitops.Kustomization(name="apps", source_ref=repo, path="./apps")
summary = gitops.deployment_summary([repo, apps])

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
    print(seconds, name, valid)
    print(summary)
