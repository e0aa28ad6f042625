"""Alerts send the events that match to their providers; Receivers have a path of their own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from tests.engine.flux.conftest import World, config_map

from nixernetes.engine.notices.requests import Parcel
from nixernetes.objects.manifest import Json

_HOOK = "https://hooks.example.com/flux"


def _alert(world: World, *, kind: str = "generic", **spec: Json) -> None:
    world.put("Provider", "hook", {"type": kind, "address": _HOOK, **spec.pop("provider", {})})
    base = {"providerRef": {"name": "hook"}, "eventSources": [{"kind": "Kustomization", "name": "*"}]}
    world.put("Alert", "all", {**base, **spec})


def _deliver(world: World) -> None:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()


def test_a_generic_provider_gets_the_event(world: World) -> None:
    _alert(world, eventMetadata={"team": "web"})
    _deliver(world)
    first = world.notifier.posts[0]
    assert (first.url, first.headers["Gotk-Component"]) == (_HOOK, "kustomize-controller")
    event = json.loads(first.body)
    assert event["involvedObject"]["kind"] == "Kustomization"
    assert (event["severity"], event["message"]) == ("info", "ConfigMap/default/a created")
    assert event["metadata"]["team"] == "web"
    assert event["metadata"]["revision"].startswith("main@sha1:")


def test_only_the_kinds_and_names_of_the_alert_are_sent(world: World) -> None:
    _alert(world, eventSources=[{"kind": "GitRepository", "name": "repo"}])
    _deliver(world)
    assert [json.loads(post.body)["reason"] for post in world.notifier.posts] == ["NewArtifact"]


def test_error_alerts_hear_errors_only(world: World) -> None:
    _alert(world, eventSeverity="error")
    _deliver(world)
    assert world.notifier.posts == []
    world.kustomization(path="./nowhere")
    world.settle()
    assert json.loads(world.notifier.posts[0].body)["severity"] == "error"


def test_exclusions_drop_and_inclusions_select(world: World) -> None:
    _alert(world, inclusionList=["created"], exclusionList=["Secret"])
    _deliver(world)
    assert [json.loads(post.body)["message"] for post in world.notifier.posts] == ["ConfigMap/default/a created"]


def test_slack_is_spared_the_status_updates(world: World) -> None:
    _alert(world, kind="slack", provider={"channel": "ops"})
    _deliver(world)
    assert len(world.notifier.posts) == 1
    body = json.loads(world.notifier.posts[0].body)
    assert (body["channel"], body["attachments"][0]["color"]) == ("ops", "good")
    assert body["attachments"][0]["author_name"] == "kustomization/apps.flux-system"


def test_a_signature_covers_the_very_bytes(world: World) -> None:
    token = base64.b64encode(b"key").decode()
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "t", "namespace": "flux-system"}}
    world.cluster.apply({**secret, "data": {"token": token}}, manager="user")
    _alert(world, kind="generic-hmac", provider={"secretRef": {"name": "t"}})
    _deliver(world)
    post = world.notifier.posts[0]
    digest = hmac.new(b"key", str(post.body).encode(), hashlib.sha256).hexdigest()
    assert post.headers["X-Signature"] == f"sha256={digest}"


@pytest.mark.parametrize(("kind", "word"), [("zoom", "provider zoom not supported"), ("slack", "no address")])
def test_what_cannot_be_sent_is_told_on_the_alert(world: World, kind: str, word: str) -> None:
    _alert(world, kind=kind, provider={} if kind == "zoom" else {"address": ""})
    _deliver(world)
    assert world.notifier.posts == []
    assert any(word in text for text in world.messages("NotificationDispatchFailed"))


def test_a_receiver_that_refuses_never_disturbs_a_reconcile(world: World) -> None:
    _alert(world)
    world.notifier.failing[_HOOK] = "503"
    _deliver(world)
    assert world.condition("Kustomization", "apps")[0] == "True"


def test_the_same_event_is_sent_once_in_five_minutes(world: World) -> None:
    _alert(world)
    world.repository()
    world.commit({"other/a.yaml": config_map("a")})
    world.kustomization(interval="1m", path="./nowhere")
    world.run(minutes=4)
    assert len(world.notifier.posts) == 1
    world.run(minutes=4)
    assert len(world.notifier.posts) == 2


def test_a_receiver_has_a_path_made_of_its_token(world: World) -> None:
    world.repository()
    spec = {
        "type": "github",
        "secretRef": {"name": "token"},
        "resources": [{"kind": "GitRepository", "name": "repo"}],
    }
    world.put("Receiver", "hook", spec)
    world.run(seconds=1)
    assert world.condition("Receiver", "hook")[1] == "TokenNotFound"
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token", "namespace": "flux-system"}}
    world.cluster.apply({**secret, "data": {"token": base64.b64encode(b"abc").decode()}}, manager="user")
    world.run(minutes=5)
    digest = hashlib.sha256(b"abchookflux-system").hexdigest()
    assert world.status("Receiver", "hook")["webhookPath"] == f"/hook/{digest}"


def test_bytes_in_the_secret_of_a_provider_that_are_no_text_are_left_out(world: World) -> None:
    _alert(world, provider={"secretRef": {"name": "hook"}})
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "hook", "namespace": "flux-system"}}
    data = {"ca.crt": base64.b64encode(b"\xff\xfe").decode(), "address": base64.b64encode(b"https://other").decode()}
    world.cluster.apply({**secret, "data": data}, manager="user")
    _deliver(world)
    assert world.notifier.posts[0].url == "https://other"


def _secret(world: World, name: str, **data: str) -> None:
    meta = {"name": name, "namespace": "flux-system"}
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data}
    world.cluster.apply(manifest, manager="user", force=True)


def test_a_commit_status_is_named_by_an_expression(world: World) -> None:
    _secret(world, "hook", token="ghp")
    spec = {
        "address": "https://github.com/org/fleet",
        "secretRef": {"name": "hook"},
        "commitStatusExpr": "event.involvedObject.name + '/' + event.metadata.team + '/' + alert.metadata.name",
    }
    _alert(world, kind="github", provider=spec, eventMetadata={"team": "web"})
    _deliver(world)
    (post,) = world.notifier.posts
    assert post.url.startswith("https://api.github.com/repos/org/fleet/statuses/")
    assert json.loads(post.body) == {
        "state": "success",
        "description": "reconciliation succeeded",
        "context": "apps/web/all",
    }


def test_a_commit_status_is_named_after_the_object_and_the_provider(world: World) -> None:
    _secret(world, "hook", token="glpat")
    _alert(world, kind="gitlab", provider={"address": "https://gitlab.com/a/b/c", "secretRef": {"name": "hook"}})
    _deliver(world)
    uid = (world.get("Provider", "hook") or {})["metadata"]["uid"]
    assert json.loads(world.notifier.posts[0].body)["name"] == f"kustomization/apps/{uid.partition('-')[0]}"


@pytest.mark.parametrize(
    ("text", "word"), [("event.involvedObject.name +", "failed to evaluate"), ("event.metadata.none", "no such key")]
)
def test_a_status_without_a_name_is_told_on_the_alert(world: World, text: str, word: str) -> None:
    _secret(world, "hook", token="ghp")
    spec = {"address": "https://github.com/org/fleet", "secretRef": {"name": "hook"}, "commitStatusExpr": text}
    _alert(world, kind="github", provider=spec)
    _deliver(world)
    assert world.notifier.posts == []
    assert any(word in message for message in world.messages("NotificationDispatchFailed"))


def test_comments_need_the_number_of_a_request(world: World) -> None:
    _secret(world, "hook", token="ghp")
    spec = {"address": "https://github.com/org/fleet", "secretRef": {"name": "hook"}}
    _alert(world, kind="githubpullrequestcomment", provider=spec)
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization()
    world.settle()
    assert world.notifier.posts == []
    live = world.get("Kustomization", "apps") or {}
    annotated = {**live["metadata"], "annotations": {"event.toolkit.fluxcd.io/change_request": "7"}}
    world.cluster.update({**live, "metadata": annotated}, manager="user")
    world.commit({"apps/b.yaml": config_map("b")})
    world.run(minutes=20)
    assert world.notifier.posts[0].url == "https://api.github.com/repos/org/fleet/issues/7/comments"


def test_a_channel_goes_by_the_proxy_and_the_certificates_of_its_secrets(world: World) -> None:
    taken: list[Parcel] = []
    take = world.notifier.take
    world.notifier.take = lambda number, parcel: (taken.append(parcel), take(number, parcel))[1]  # type: ignore[method-assign]
    _secret(world, "proxy", address="http://proxy:3128", username="u", password="p@ss")
    _secret(world, "certs", **{"ca.crt": "CA"})
    spec = {"proxySecretRef": {"name": "proxy"}, "certSecretRef": {"name": "certs"}, "timeout": "3s"}
    _alert(world, provider=spec)
    _deliver(world)
    channel = taken[0].channel
    assert (channel.proxy, channel.ca, channel.seconds) == ("http://u:p%40ss@proxy:3128", "CA", 3.0)
    assert channel.resending.times == 4


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ({"proxySecretRef": {"name": "none"}}, "not found"),
        ({"proxySecretRef": {"name": "empty"}}, "failed to get proxy URL"),
        ({"certSecretRef": {"name": "none"}}, "not found"),
        ({"secretRef": {"name": "broken"}}, "not a YAML map"),
    ],
)
def test_a_provider_whose_secrets_are_missing_says_so(world: World, spec: Json, word: str) -> None:
    _secret(world, "empty", other="x")
    _secret(world, "broken", headers="- a")
    _alert(world, provider=spec)
    _deliver(world)
    assert world.notifier.posts == []
    assert any(word in message for message in world.messages("NotificationDispatchFailed"))


def test_half_of_a_login_makes_the_token_count_for_nothing(world: World) -> None:
    _secret(world, "hook", token="t", username="alone")
    _alert(world, kind="opsgenie", provider={"secretRef": {"name": "hook"}})
    _deliver(world)
    assert world.notifier.posts == []
    assert any("empty Opsgenie apikey/token" in message for message in world.messages("NotificationDispatchFailed"))


def test_keys_of_the_metadata_that_two_layers_set_are_told(world: World) -> None:
    _alert(world, eventMetadata={"revision": "mine", "team": "web"}, summary="all of it")
    _deliver(world)
    assert json.loads(world.notifier.posts[0].body)["metadata"]["revision"].startswith("main@sha1:")
    assert any("metadata key conflicts detected" in message for message in world.messages("MetadataAppendFailed"))


def test_a_broken_regular_expression_is_told_and_the_others_count(world: World) -> None:
    _alert(world, inclusionList=["(", "created"])
    _deliver(world)
    assert len(world.notifier.posts) == 1
    assert "failed to compile inclusion regex: (" in world.messages("InvalidConfig")
