"""One folder of one repository, applied to one cluster by Flux."""

from nixernetes import gitops

deployment = gitops.SingleClusterDeployment(
    name="platform",
    git_repository="https://github.com/myorg/config",
    path="./apps",
    namespace="default",
)

platform = gitops.Platform(
    name="platform",
    deployment=deployment,
    apps=[
        gitops.App(
            name="hello",
            manifests=[
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "hello"},
                    "data": {"greeting": "hello"},
                }
            ],
        )
    ],
)
