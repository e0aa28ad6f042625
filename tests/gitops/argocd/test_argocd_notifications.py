"""Notifications: the ConfigMap, the ready triggers, and one webhook for both engines."""

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.argocd.notifications.catalog import TRIGGERS, catalog
from nixernetes.gitops.argocd.notifications.notifications import NotificationsConfig

URL = "https://slack.example.com/hooks/deployment"


def full() -> NotificationsConfig:
    return NotificationsConfig(
        services={"slack": {"token": "$slack-token"}, "webhook.deploy": {"url": URL}},
        triggers={"on-done": {"when": "true", "send": ["done"], "once_per": "app.metadata.name"}},
        templates={
            "done": {"message": "done", "slack": {"attachments": "[]"}, "webhook": {"deploy": {"method": "POST"}}}
        },
        subscriptions=[{"recipients": ["slack:ops"], "triggers": ["on-done"], "selector": "team=a"}],
        default_triggers=["on-done"],
        context={"argocdUrl": "https://argocd.example.com"},
    )


def test_each_part_is_a_key_with_yaml_text() -> None:
    manifest = full().manifest()
    assert list(manifest["data"]) == [
        *("service.slack", "service.webhook.deploy", "trigger.on-done", "template.done"),
        *("subscriptions", "defaultTriggers", "context"),
    ]
    assert manifest["metadata"] == {"name": "argocd-notifications-cm", "namespace": "argocd"}
    assert manifest["data"]["trigger.on-done"] == '- when: "true"\n  send:\n  - done\n  oncePer: app.metadata.name\n'


def test_text_that_was_read_stays_as_it_is() -> None:
    manifest = full().manifest()
    manifest["data"]["service.slack"] = "{token: $slack-token}   # a comment"
    manifest["data"]["defaultTriggers.slack"] = "[on-done]"
    assert NotificationsConfig.from_manifest(manifest).manifest() == manifest


def test_default_triggers_may_depend_on_the_service() -> None:
    data = NotificationsConfig(default_triggers={"slack": ["on-x"]}).manifest()["data"]
    assert data == {"defaultTriggers.slack": "- on-x\n"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"services": {"slak": {}}}, "'slak' is not a service: did you mean slack?"),
        ({"services": {"slack": {"tokn": "x"}}}, "service slack has no setting tokn: did you mean token?"),
        ({"services": {"slack": {}}}, "service slack: token is missing: give it"),
        ({"services": {"webhook": {"url": URL}}}, "a webhook needs a name of its own: write webhook.<name>"),
        ({"templates": {"a": {"slck": {}}}}, "'slck' is not a service: did you mean slack?"),
        ({"templates": {"a": {}}}, "template.a: is empty: give message, or a part for a service"),
        (
            {"triggers": {"a": [{"when": "true", "send": ["nothing"]}]}},
            "trigger a sends nothing, and there is no such template: add it",
        ),
        ({"entries": {"context": "[1]"}}, "context: must be a mapping"),
    ],
)
def test_what_argo_cd_would_not_understand_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        NotificationsConfig(**fields)
    assert caught.value.message == message


def test_the_ready_triggers_send_ready_templates() -> None:
    config = catalog()
    assert list(config.triggers) == list(TRIGGERS)
    assert not config.services
    assert all(set(item.send) <= config.templates.keys() for items in config.triggers.values() for item in items)


def test_configurations_merge_and_contradictions_are_refused() -> None:
    both = catalog().merged(full()).merged(full())
    assert {"on-done", "on-deployed"} <= both.triggers.keys()
    with pytest.raises(InputError, match=r"two different values of template\.done"):
        full().merged(NotificationsConfig(templates={"done": {"message": "other"}}))


def test_a_webhook_becomes_a_provider_and_an_alert_of_flux() -> None:
    provider, alert = gitops.WebhookNotification(url=URL, insecure_skip_verify=False).flux()
    assert provider.manifest()["spec"] == {"type": "generic", "address": URL}
    assert alert.manifest()["spec"]["providerRef"] == {"name": "webhook"}
    assert {"kind": "Kustomization", "name": "*"} in alert.manifest()["spec"]["eventSources"]


def test_a_webhook_becomes_service_trigger_template_and_subscription_of_argo_cd() -> None:
    found = gitops.WebhookNotification(url=URL, insecure_skip_verify=True).argocd(triggers=["on-deployed"])
    assert found.config.services["webhook.webhook"]["url"] == URL
    assert found.config.services["webhook.webhook"]["insecureSkipVerify"] is True
    assert found.config.triggers["webhook-on-deployed"][0].send == ("webhook-deployed",)
    assert found.config.templates["webhook-deployed"]["webhook"]["webhook"]["method"] == "POST"
    assert found.annotations == {"notifications.argoproj.io/subscribe.webhook-on-deployed.webhook": ""}
    assert catalog().merged(found.config)
    app = gitops.Application(name="a", source={"repo_url": "x", "path": "."}, annotations=found.annotations)
    assert app.annotations == found.annotations


@pytest.mark.parametrize(
    "fields",
    [
        {"insecure_skip_verify": True},
        {"headers": {"Authorization": "hidden"}},
        {"username": "me"},
        {"password": "hidden"},
        {"body": "x"},
        {"retry_max": 1},
        {"method": "PUT"},
    ],
    ids=str,
)
def test_what_flux_cannot_honour_is_an_error_that_says_so(fields: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(fields))}: Flux cannot honour it") as caught:
        gitops.WebhookNotification(url=URL, **fields).flux()
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("fields", [{"secret_name": "a"}, {"ca_secret_name": "a"}, {"severity": "error"}], ids=str)
def test_what_argo_cd_cannot_honour_is_an_error_that_says_so(fields: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(fields))}: Argo CD cannot honour it"):
        gitops.WebhookNotification(url=URL, **fields).argocd()


def test_names_and_triggers_that_argo_cd_cannot_read_are_refused() -> None:
    with pytest.raises(InputError, match="leave dots out"):
        gitops.WebhookNotification(url=URL, name="my.hook").argocd()
    with pytest.raises(InputError, match="too long"):
        gitops.WebhookNotification(url=URL, name="a" * 40).argocd()
    with pytest.raises(InputError, match="there is no trigger on-deployd"):
        gitops.WebhookNotification(url=URL).argocd(triggers=["on-deployd"])


def test_the_url_of_a_webhook_is_never_shown() -> None:
    with pytest.raises(InputError) as caught:
        gitops.WebhookNotification(url="ftp://token-in-here")
    assert "token-in-here" not in str(caught.value)
    assert URL not in repr(gitops.WebhookNotification(url=URL))
