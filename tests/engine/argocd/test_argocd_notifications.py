"""Notifications are sent once for each thing that happens, to those who asked."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from tests.engine.argocd.conftest import Plane
from tests.engine.argocd.samples import application, config_map, namespace

from nixernetes.languages.expr import evaluate
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Manifest

DEPLOYED = """
- when: >-
    app.status.operationState != nil and app.status.operationState.phase in ['Succeeded']
    and app.status.health.status == 'Healthy'
  oncePer: app.status.operationState?.syncResult?.revision
  send: [deployed]
"""


def notifications(**data: str) -> Manifest:
    base = {
        "service.webhook.hook": (
            "url: https://hooks.example.com/x\nheaders: [{name: Authorization, value: Bearer $token}]"
        ),
        "trigger.on-deployed": DEPLOYED,
        "template.deployed": (
            "webhook:\n  hook:\n    method: POST\n    body: |\n"
            '      {"text": "{{.app.metadata.name}} at {{.app.status.sync.revision}} on {{.context.site}}"}\n'
        ),
        "context": "site: lab",
        "subscriptions": "- recipients: [hook]\n  triggers: [on-deployed]\n",
    }
    return {
        **config_map("argocd-notifications-cm", "argocd"),
        "data": {**base, **{k.replace("__", "."): v for k, v in data.items()}},
    }


def secret() -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "argocd-notifications-secret", "namespace": "argocd"},
        "stringData": {"token": "s3cret"},
    }


def test_a_deployment_is_told_once_for_each_revision(plane: Plane) -> None:
    first = plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), notifications(), secret(), application("web", automated={}))
    plane.settle()
    plane.run(300)
    second = plane.commit({"apps/a.yaml": {**config_map("a"), "data": {"key": "new"}}})
    plane.run(300)
    bodies = [post.body for post in plane.notifier.posts]
    assert bodies == [f'{{"text": "web at {revision} on lab"}}\n' for revision in (first, second)]
    assert plane.notifier.posts[0].url == "https://hooks.example.com/x"
    assert plane.notifier.posts[0].headers == {"Authorization": "Bearer s3cret"}


def test_an_application_subscribes_by_annotation_to_slack(plane: Plane) -> None:
    data = {
        "service__slack": "token: $token",
        "template__deployed": "message: done {{.app.metadata.name}} for {{.recipient}}",
        "subscriptions": "[]",
    }
    plane.commit({"apps/a.yaml": config_map("a")})
    meta = {"annotations": {"notifications.argoproj.io/subscribe.on-deployed.slack": "ops;dev"}}
    plane.apply(namespace("production"), notifications(**data), secret(), application("web", automated={}, meta=meta))
    plane.settle()
    assert [post.body for post in plane.notifier.posts] == [
        "channel=dev&text=done+web+for+dev&token=s3cret",
        "channel=ops&text=done+web+for+ops&token=s3cret",
    ]
    assert plane.notifier.posts[0].url == "https://slack.com/api/chat.postMessage"


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (
            {"subscriptions": "- {recipients: ['email:a@b.c'], triggers: [on-deployed]}", "service__email": "{}"},
            "email",
        ),
        ({"trigger__on-deployed": "- {when: 'now() > 1', send: [deployed]}"}, r"function now\(\) is not supported"),
        ({"template__deployed": "webhook: {hook: {body: '{{ call .app.metadata }}'}}"}, "call"),
        ({"trigger__on-deployed": "when: true"}, "cannot be read"),
        ({"context": "[a]"}, "cannot be read"),
        ({"service__webhook.hook": "a: [b"}, r"service\.webhook\.hook"),
    ],
)
def test_what_is_not_supported_is_a_warning_that_names_it(plane: Plane, data: dict[str, str], warning: str) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), notifications(**data), application("web", automated={}))
    plane.settle()
    warnings = [event.message for event in plane.recorder.recent if event.type == "Warning"]
    assert len(warnings) == 1
    assert re.search(warning, warnings[0])
    assert plane.notifier.posts == []


@pytest.mark.parametrize(("once", "told"), [("", 1), ("oncePer: app.metadata.name", 0)])
def test_a_receiver_that_fails_is_tried_again_but_not_for_what_is_sent_once(plane: Plane, once: str, told: int) -> None:
    plane.notifier.failing["https://hooks.example.com/x"] = "503"
    plane.commit({"apps/a.yaml": config_map("a")})
    trigger = DEPLOYED.replace("oncePer: app.status.operationState?.syncResult?.revision", once)
    data = notifications(**{"trigger__on-deployed": trigger})
    plane.apply(namespace("production"), data, secret(), application("web", automated={}))
    assert plane.settle()
    assert plane.notifier.posts == []
    plane.notifier.failing.clear()
    plane.run(61)
    assert len(plane.notifier.posts) == told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("app.a.b == 'x'", True),
        ("app.none?.b == nil", True),
        ("app.a.b in ['y', \"x\"] and not (1 > 2)", True),
        ("app.a.b not in ['x'] || app.list[1] >= 2", True),
        ("app.none != nil and app.none.b == 'x'", False),
        ("app['a']['b']", "x"),
    ],
)
def test_conditions_say_what_expr_says(text: str, value: object) -> None:
    assert evaluate(text, {"app": {"a": {"b": "x"}, "list": [1, 2]}}) == value


@pytest.mark.parametrize(("selector", "told"), [("team in (web),!quiet", True), ("team=api", False)])
def test_a_subscription_selects_applications_by_their_labels(plane: Plane, selector: str, told: bool) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    subscription = f"- recipients: [hook]\n  triggers: [on-deployed]\n  selector: {selector!r}\n"
    web = application("web", automated={})
    web["metadata"]["labels"] = {"team": "web"}
    plane.apply(namespace("production"), notifications(subscriptions=subscription), secret(), web)
    plane.settle()
    plane.run(300)
    assert bool(plane.notifier.posts) is told


def test_a_subscription_with_a_broken_selector_is_told(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    subscription = "- recipients: [hook]\n  triggers: [on-deployed]\n  selector: team in web\n"
    plane.apply(namespace("production"), notifications(subscriptions=subscription), application("web"))
    plane.settle()
    plane.run(300)
    told = "unable to parse requirement: found 'web' expected: '('"
    assert any(told in event.message for event in plane.recorder.recent)
    assert plane.notifier.posts == []


def test_templates_call_functions_and_methods(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    body = (
        "{{call .repo.FullNameByRepoURL .app.spec.source.repoURL}} {{.app.metadata.name | upper}} "
        '{{(call .time.Parse "2026-01-02T03:04:05Z").Local.Format "2006-01-02 15:04"}} '
        "{{(call .repo.GetCommitMetadata .app.status.sync.revision).Message}} "
        '{{call .strings.ReplaceAll .context.site "l" "b"}} {{.context.notificationType}}'
    )
    template = {"webhook": {"hook": {"method": "POST", "body": body}}}
    plane.apply(
        namespace("production"),
        notifications(template__deployed=yamls.dump(template)),
        secret(),
        application("web", automated={}),
    )
    plane.settle()
    (post,) = plane.notifier.posts
    repository = application("web")["spec"]["source"]["repoURL"].removeprefix("https://").split("/", 1)[1]
    assert post.body == f"{repository.removesuffix('.git')} WEB 2026-01-02 03:04 commit bab hook"


def test_what_is_not_known_of_a_commit_is_refused(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    body = "{{(call .repo.GetCommitMetadata .app.status.sync.revision).Tags}}"
    template = {"webhook": {"hook": {"body": body}}}
    data = notifications(template__deployed=yamls.dump(template))
    plane.apply(namespace("production"), data, secret(), application("web", automated={}))
    plane.settle()
    assert plane.notifier.posts == []
    assert any("tags of a commit are not read" in event.message for event in plane.recorder.recent)


def test_several_templates_are_one_message_and_it_is_remembered(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    when = "app.status.health.status == 'Healthy'"
    trigger = f"- {{when: {when}, send: [first, second]}}"
    data = {
        "trigger__on-deployed": trigger,
        "service__webex": "token: $token",
        "template__first": "message: first",
        "template__second": "message: second",
        "subscriptions": "- recipients: ['webex:room']\n  triggers: [on-deployed]\n",
    }
    plane.apply(namespace("production"), notifications(**data), secret(), application("web", automated={}))
    plane.settle()
    (post,) = plane.notifier.posts
    assert json.loads(post.body) == {"roomId": "room", "markdown": "second"}
    digest = base64.urlsafe_b64encode(hashlib.sha1(when.encode(), usedforsecurity=False).digest())
    key = f"on-deployed:[0].{digest.decode().rstrip('=')}:webex:room"
    found = plane.app("web")
    assert json.loads(found["metadata"]["annotations"]["notified.notifications.argoproj.io"]).keys() == {key}


@pytest.mark.parametrize(("enabled", "told"), [("true", 1), ("false", 0)])
def test_a_namespace_may_tell_of_its_own_applications(plane: Plane, enabled: str, told: int) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    own = notifications(subscriptions="[{recipients: [hook], triggers: [on-deployed]}]")
    own["metadata"] = {"name": "argocd-notifications-cm", "namespace": "team"}
    parameters = config_map("argocd-cmd-params-cm", "argocd")
    parameters["data"] = {
        "application.namespaces": "team",
        "notificationscontroller.selfservice.enabled": enabled,
    }
    app = application("web", automated={})
    app["metadata"]["namespace"] = "team"
    project = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "default", "namespace": "argocd"},
        "spec": {
            "sourceRepos": ["*"],
            "destinations": [{"server": "*", "namespace": "*"}],
            "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
            "sourceNamespaces": ["team"],
        },
    }
    plane.apply(namespace("production"), namespace("team"), parameters, project, own, app)
    plane.run(300)
    assert len(plane.notifier.posts) == told


@pytest.mark.parametrize(
    ("annotations", "told"),
    [
        ({"notifications.argoproj.io/subscribe.on-deployed.hook": ""}, 1),
        ({"notifications.argoproj.io/subscribe.hook": "a;b"}, 2),
        (
            {
                "notifications.argoproj.io/subscriptions": (
                    "- trigger: [on-deployed]\n  destinations: [{service: hook, recipients: [a, b, a]}]"
                )
            },
            2,
        ),
        ({"notifications.argoproj.io/subscriptions": "{"}, 0),
        ({"notifications.argoproj.io/subscribe.on-other.hook": ""}, 0),
    ],
)
def test_annotations_subscribe(plane: Plane, annotations: dict[str, str], told: int) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    data = notifications(subscriptions="[]", defaultTriggers="[on-deployed]")
    app = application("web", automated={}, meta={"annotations": annotations})
    plane.apply(namespace("production"), data, secret(), app)
    plane.settle()
    assert len(plane.notifier.posts) == told


def test_settings_of_old_are_read(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    old = {
        "triggers": [{"name": "on-old", "condition": "app.status.health.status == 'Healthy'", "template": "old"}],
        "templates": [{"name": "old", "body": "old {{.app.metadata.name}}"}],
        "subscriptions": [{"recipients": ["old-hook"], "triggers": ["on-old"]}],
    }
    data = {**config_map("argocd-notifications-cm", "argocd"), "data": {"config.yaml": yamls.dump(old)}}
    hooks = {"webhook": [{"name": "old-hook", "url": "https://old.example.com/old-path"}]}
    keys = {**secret(), "stringData": {"notifiers.yaml": yamls.dump(hooks)}}
    plane.apply(namespace("production"), data, keys, application("web", automated={}))
    plane.settle()
    assert [(post.method, post.url, post.body) for post in plane.notifier.posts] == [
        ("GET", "https://old.example.com/old-path", "old web")
    ]
    assert [each.url for held in plane.outbox.recent for each in held.requests] == ["https://old.example.com/***"]


def test_a_message_is_shown_without_what_the_secret_says(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    data = notifications(template__deployed="message: by {{.secrets.token}}")
    plane.apply(namespace("production"), data, secret(), application("web", automated={}))
    plane.settle()
    assert [post.body for post in plane.notifier.posts] == ["by s3cret"]
    assert [held.notice.message for held in plane.outbox.recent] == ["by ***"]
