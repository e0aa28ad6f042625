"""Three environments side by side, each with full copies of its apps: a folder of YAML, and a Kustomize overlay."""

from nixernetes import gitops

repository = gitops.GitOpsRepository(
    name="platform-config",
    url="https://github.com/myorg/platform-config",
    environments=["development", "staging", "production"],
    structure="flat",
)

platform = gitops.Platform(
    name="platform",
    repository=repository,
    apps=[
        gitops.App(
            name="app1",
            namespace="apps",
            folders="app1",
            environments={
                "development": gitops.AppOverrides(images={"nginx": ":1.28-alpine"}),
                "production": gitops.AppOverrides(replicas=3),
            },
        ),
        gitops.App(
            name="app2",
            namespace="apps",
            kustomize="app2/base",
            environments={"production": gitops.AppOverrides(kustomize="app2/overlays/production")},
            depends_on=["app1"],
        ),
    ],
)
