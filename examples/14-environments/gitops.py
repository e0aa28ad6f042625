"""Environments kept apart: a branch, a namespace and a sync interval for each; a webhook hears of all of them."""

from nixernetes import gitops

notification = gitops.WebhookNotification(
    url="https://slack.example.com/hooks/deployment",
    insecure_skip_verify=False,
)

web = gitops.App(
    name="web",
    namespace="web",
    manifests=[
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "web"},
            "data": {"greeting": "hello"},
        }
    ],
    environments={
        "development": {"namespace": "web-dev", "preset": gitops.presets.aggressive},
        "staging": {"namespace": "web-staging", "preset": gitops.presets.standard},
        "production": {"preset": gitops.presets.conservative},
    },
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform-config",
        url="https://github.com/myorg/platform-config",
    ),
    environments={
        "development": {"branch": "develop"},
        "staging": {"branch": "staging"},
        "production": {"branch": "main"},
    },
    engine="both",
    apps=[web],
    resources=[notification],
)
