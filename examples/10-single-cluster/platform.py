"""One folder of one repository, applied to one cluster by Flux."""

from nixernetes import gitops

platform = gitops.Platform(
    name="platform",
    deployment=gitops.SingleClusterDeployment(
        name="platform",
        git_repository="https://github.com/myorg/config",
        path="./apps",
        namespace="default",
    ),
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
