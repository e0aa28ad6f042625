"""One webhook, told by both engines; and Argo CD's own ways to tell people."""

from nixernetes import gitops
from nixernetes.gitops.argocd.notifications.catalog import catalog

notification = gitops.WebhookNotification(
    url="https://slack.example.com/hooks/deployment",
    insecure_skip_verify=False,
)

provider, alert = notification.flux()

webhook = notification.argocd(triggers=["on-deployed", "on-sync-failed"])
config = (
    catalog().merged(gitops.NotificationsConfig(services={"slack": {"token": "$slack-token"}})).merged(webhook.config)
)

application = gitops.Application(
    name="my-app",
    source={"repo_url": "https://github.com/myorg/config", "path": "apps/my-app"},
    sync_policy=gitops.SyncPolicy(automated=True),
    annotations={
        **webhook.annotations,
        "notifications.argoproj.io/subscribe.on-health-degraded.slack": "platform-alerts",
    },
)

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform",
        url="https://github.com/myorg/platform",
        environments=["production"],
    ),
    engine="both",
    resources=[provider, alert, config, application],
)

if __name__ == "__main__":
    print(provider, alert, config, application, sep="\n---\n")
