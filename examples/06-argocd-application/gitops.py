"""A project that bounds a team, and an Application that syncs by itself inside of it."""

from nixernetes import gitops

project = gitops.AppProject(
    name="platform-team",
    description="Platform team's applications",
    source_repos=["https://github.com/myorg/config"],
    destinations=[
        {"namespace": "production", "server": "https://kubernetes.default.svc"},
        {"namespace": "staging", "server": "https://kubernetes.default.svc"},
    ],
    cluster_resource_whitelist=["Namespace"],
    cluster_resource_blacklist=[
        {"group": "", "kind": "ResourceQuota"},
        {"group": "", "kind": "NetworkPolicy"},
    ],
)

application = gitops.Application(
    name="my-app",
    namespace="argocd",
    project="platform-team",
    source={
        "repo_url": "https://github.com/myorg/config",
        "path": "apps/my-app",
        "target_revision": "main",
    },
    destination={"namespace": "production"},
    sync_policy=gitops.SyncPolicy(
        automated=True,
        sync_options=["CreateNamespace=true"],
    ),
)

frontend = gitops.AppProject(
    name="frontend-team",
    source_repos=["https://github.com/myorg/frontend"],
    destinations=[
        {"namespace": "frontend-dev"},
        {"namespace": "frontend-staging"},
    ],
)

sync_policy = gitops.SyncPolicy(
    automated=True,
    sync_options=[
        "CreateNamespace=true",  # create the namespace if it is missing
        "PrunePropagationPolicy=orphan",  # leave behind what a deleted object owned
        "RespectIgnoreDifferences=true",  # do not write the fields whose differences are ignored
    ],
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
        environments=["management"],
    ),
    engine="argocd",
    resources=[project, frontend, application],
)

if __name__ == "__main__":
    careful = application.with_fields(name="careful", sync_policy=sync_policy)
    print(project, application, frontend, careful, sep="\n---\n")
