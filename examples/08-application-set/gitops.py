"""The same app on every cluster, and what Argo CD needs to know to get there."""

from nixernetes import gitops

repository = gitops.RepositorySecret(
    name="config",
    url="https://github.com/myorg/config",
    username="git",
    password="read from your secret store",  # noqa: S106  # a sentence, not a password
)

cluster = gitops.ClusterSecret(
    name="us-east-1",
    server="https://us-east-cluster.example.com",
    config={"aws_auth_config": {"cluster_name": "us-east-1", "role_arn": "arn:aws:iam::123456789012:role/argocd"}},
    labels={"environment": "production"},
)

everywhere = gitops.ApplicationSet(
    name="web",
    go_template=True,
    go_template_options=["missingkey=error"],
    generators=[
        {
            "matrix": {
                "generators": [
                    {"clusters": {"selector": {"match_labels": {"environment": "production"}}}},
                    {
                        "git": {
                            "repo_url": "https://github.com/myorg/config",
                            "revision": "main",
                            "directories": [{"path": "apps/*"}],
                        }
                    },
                ]
            }
        }
    ],
    template={
        "name": "{{.path.basename}}-{{.nameNormalized}}",
        "project": "platform-team",
        "source": {
            "repo_url": "https://github.com/myorg/config",
            "path": "{{.path.path}}",
            "target_revision": "main",
        },
        "destination": {"server": "{{.server}}", "namespace": "{{.path.basename}}"},
        "sync_policy": gitops.SyncPolicy(automated=True, sync_options=["CreateNamespace=true"]),
    },
)

team = gitops.AppProject(
    name="platform-team",
    source_repos=["https://github.com/myorg/config"],
    destinations=[{"server": "https://us-east-cluster.example.com", "namespace": "*"}],
    cluster_resource_whitelist=["Namespace"],
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
    ),
    clusters={"us-east-1": {"server": "https://us-east-cluster.example.com"}},
    engine="argocd",
    resources=[cluster, team, everywhere],
)

if __name__ == "__main__":
    print(repository, cluster, everywhere, sep="\n---\n")  # a secret value is never printed by accident
