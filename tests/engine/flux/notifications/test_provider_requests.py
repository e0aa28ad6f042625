"""Each type of Provider sends the requests that notification-controller 1.9.3 sends.

``recorded.json`` holds what its own senders asked a server for four events: names of cases are below. Go walks a map
in no order, so the orders of lists and lines are set aside, and of Sentry and OpenTelemetry what the libraries draw by
lot or read off the machine.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, ProviderError, login_of
from nixernetes.engine.flux.notifications.providers.table import begins
from nixernetes.engine.notices.requests import WebReply, WebRequest
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json

_RECORDED: Json = json.loads(Path(__file__).with_name("recorded.json").read_text())
_REVISION = "main@sha1:8a9156325322a124e55a369b59063470310ebbd8"
_EVENTS = {
    "info": ("ReconciliationSucceeded", "Applied <revision> & more_ü:\nConfigMap/default/a created"),
    "error": ("HealthCheckFailed", "health check failed"),
    "progressing": ("Progressing", "applying"),
    "bare": ("ArtifactFailed2Times", "no facts"),
}
_FACTS = {
    "info": {"revision": _REVISION},
    "error": {"revision": _REVISION, "summary": "prod *cluster*", "change_request": "7"},
    "progressing": {"revision": _REVISION, "change_request": "7"},
    "bare": {},
}
_HEADERS = '{"X-Team": "web", "Authorization": "Bearer s3cret"}'
# The name of a case: type, address, channel, user name, Secret.
_CASES: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "generic": ("generic", "/hook", "", "", {"headers": _HEADERS}),
    "generic-hmac": ("generic-hmac", "/hook", "", "", {"token": "key"}),
    "slack": ("slack", "/hook", "ops", "", {}),
    "slack-token": ("slack", "/chat.postMessage", "", "bot", {"token": "xoxb"}),
    "discord": ("discord", "/api/webhooks/1/abc", "ops", "bot", {}),
    "rocket": ("rocket", "/hook", "ops", "", {}),
    "msteams": ("msteams", "/hook", "", "", {}),
    "googlechat": ("googlechat", "/hook?key=1", "", "", {}),
    "webex": ("webex", "/v1/messages", "room", "", {"token": "tok"}),
    "sentry": ("sentry", "http://pub@HOST/42", "prod", "", {}),
    "lark": ("lark", "/hook", "", "", {}),
    "matrix": ("matrix", "", "!room:example.org", "", {"token": "tok"}),
    "opsgenie": ("opsgenie", "/v2/alerts", "", "", {"token": "tok"}),
    "alertmanager": ("alertmanager", "/api/v2/alerts/", "", "", {}),
    "alertmanager-basic": ("alertmanager", "/api/v2/alerts/", "", "", {"username": "u", "password": "p"}),
    "alertmanager-token": ("alertmanager", "/api/v2/alerts/", "", "", {"token": "tok"}),
    "grafana": ("grafana", "/api/annotations", "", "", {"token": "tok"}),
    "grafana-basic": ("grafana", "/api/annotations", "", "", {"username": "u", "password": "p"}),
    "pagerduty": ("pagerduty", "/ignored", "routing", "", {}),
    "datadog": ("datadog", "", "", "", {"token": "tok"}),
    "github": ("github", "/foo/bar", "", "", {"token": "tok"}),
    "githubdispatch": ("githubdispatch", "/foo/bar", "", "", {"token": "tok"}),
    "githubpullrequestcomment": ("githubpullrequestcomment", "/foo/bar", "", "", {"token": "tok"}),
    "gitlab": ("gitlab", "/foo/bar/baz.git", "", "", {"token": "tok"}),
    "gitlabmergerequestcomment": (
        "gitlabmergerequestcomment",
        "/foo/bar",
        "",
        "",
        {"username": "x", "password": "tok"},
    ),
    "gitea": ("gitea", "/foo/bar", "", "", {"token": "tok"}),
    "giteapullrequestcomment": ("giteapullrequestcomment", "/foo/bar", "", "", {"token": "tok"}),
    "bitbucket": ("bitbucket", "/foo/bar.git", "", "", {"token": "user:pass"}),
    "bitbucketserver": ("bitbucketserver", "/ctx/scm/proj/repo.git", "", "", {"token": "tok"}),
    "bitbucketserver-basic": ("bitbucketserver", "/scm/proj/repo.git", "", "", {"username": "u", "password": "p"}),
    "azuredevops": ("azuredevops", "/org/proj/_git/repo", "", "", {"token": "tok"}),
    "zulip": ("zulip", "/x", "ops/flux/apps", "", {"username": "bot@x", "password": "p"}),
    "otel": ("otel", "/v1/traces", "", "", {"headers": '{"X-Team": "web"}', "token": "tok"}),
    "otel-bare": ("otel", "", "", "", {"token": "tok"}),
    "telegram": ("telegram", "", "-100:7", "", {"token": "123:abc"}),
}


def _dispatch(case: str, event: str) -> Dispatch:
    kind, path, channel, user, secret = _CASES[case]
    address = "" if kind == "telegram" else path if path.startswith("http") else f"http://HOST{path}"
    reason, message = _EVENTS[event]
    fields = {"address": address, "channel": channel, "username": user}
    spec = {"type": kind, **{name: text for name, text in fields.items() if text}}
    return Dispatch(
        provider=Provider.from_data({"name": "hook", "namespace": "flux-system", **spec}),
        uid="0c9c2e41-d2f9-4f9b-9c41-bebc1984d67a",
        address=address,
        login=login_of(secret),
        event=RecordedEvent(
            time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            type="Warning" if event == "error" else "Normal",
            reason=reason,
            message=message,
            api_version="kustomize.toolkit.fluxcd.io/v1",
            key=ObjectKey("kustomize.toolkit.fluxcd.io", "Kustomization", "flux-system", "apps"),
            uid="1a2b3c4d-0000-4000-8000-000000000001",
            resource_version="42",
            controller="kustomize-controller",
        ),
        metadata=_FACTS[event],
        commit_status="kustomization/apps/0c9c2e41",
        alert=("flux-system", "all", "9f0c1d2e-0000-4000-8000-000000000002"),
    )


def _sent(dispatch: Dispatch) -> tuple[list[Json], str]:
    found: list[Json] = []
    try:
        exchange = begins(dispatch)()
        request = next(exchange)
        while True:
            assert isinstance(request, WebRequest)
            found.append(_as_recorded(request))
            request = exchange.send(request.granted)
    except StopIteration:
        return found, ""
    except NixernetesError as error:
        return found, error.message


def _as_recorded(request: WebRequest) -> Json:
    url = request.url
    for host in ("https://api.telegram.org", "https://api.bitbucket.org"):
        url = url.replace(host, "http://HOST")
    is_text = "protobuf" not in request.headers.get("Content-Type", "")
    body = request.body.decode() if is_text else base64.b64encode(request.body).decode()
    return {"method": request.method, "url": url, "headers": dict(request.headers), "body": body}


def _unordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_unordered, value), key=lambda item: json.dumps(item, sort_keys=True))
    return sorted(value.split("\n")) if isinstance(value, str) and "\n" in value else value


def _comparable(request: Json) -> Json:
    headers = {name.lower(): text for name, text in request["headers"].items() if name != "X-Sentry-Auth"}
    body = request["body"]
    if "sentry" in headers.get("content-type", ""):
        body = ""
    elif "protobuf" in headers.get("content-type", ""):
        body = _steady(base64.b64decode(body))
    elif body.startswith(("{", "[")):
        body = _unordered(json.loads(body))
    return {"method": request["method"], "url": request["url"], "headers": headers, "body": body}


def _steady(span: bytes) -> Json:
    """Return a span without its id and its end, and its attributes in no order."""
    begin = span.index(b"\x0a\x10") + 18
    end = span.index(b"\x2a\x1f", begin)
    stop = span.index(b"\x41", end)
    return sorted(span[:begin] + span[end:stop] + span[stop + 9 :])


@pytest.mark.parametrize("name", sorted(_RECORDED))
def test_a_type_sends_what_the_real_controller_sends(name: str) -> None:
    case, _, event = name.partition(" ")
    sent, error = _sent(_dispatch(case, event))
    wanted = _RECORDED[name]
    assert bool(error) is wanted["error"]
    if not error:
        assert list(map(_comparable, sent)) == list(map(_comparable, wanted["requests"]))


def test_what_the_real_controller_signs_is_signed_alike() -> None:
    wanted = _RECORDED["generic-hmac info"]["requests"]
    assert _sent(_dispatch("generic-hmac", "info"))[0][0]["body"] == wanted[0]["body"]


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        (
            "github",
            [{"context": "kustomization/apps/0c9c2e41", "state": "success", "description": "reconciliation succeeded"}],
        ),
        (
            "gitlab",
            [
                {
                    "sha": _REVISION[-40:],
                    "status": "success",
                    "description": "reconciliation succeeded",
                    "name": "kustomization/apps/0c9c2e41",
                }
            ],
        ),
        ("bitbucket", {"state": "SUCCESSFUL", "description": "reconciliation succeeded"}),
    ],
)
def test_a_status_that_is_there_already_is_not_set_again(case: str, answer: Json) -> None:
    exchange = begins(_dispatch(case, "info"))()
    next(exchange)
    with pytest.raises(StopIteration):
        exchange.send(WebReply(body=json.dumps(answer).encode()))


def test_ones_own_comment_is_written_anew() -> None:
    exchange = begins(_dispatch("githubpullrequestcomment", "error"))()
    next(exchange)
    exchange.send(WebReply(body=b'{"login": "flux"}'))
    marker = "<!-- flux-pr-comment-key:0c9c2e41-d2f9-4f9b-9c41-bebc1984d67a/Kustomization/flux-system/apps -->"
    others = [
        {"id": 1, "user": {"login": "somebody"}, "body": marker},
        {"id": 2, "user": {"login": "flux"}, "body": "another"},
        {"id": 3, "user": {"login": "flux"}, "body": f"{marker}\n\nbefore"},
    ]
    request = exchange.send(WebReply(body=json.dumps(others).encode()))
    assert isinstance(request, WebRequest)
    assert (request.method, request.url) == ("PATCH", "http://HOST/api/v3/repos/foo/bar/issues/comments/3")


def test_slack_refuses_with_status_200() -> None:
    dispatch = _dispatch("slack-token", "info")
    exchange = begins(Dispatch(**{**_fields(dispatch), "address": "https://slack.com/api/chat.postMessage"}))()
    next(exchange)
    with pytest.raises(RemoteError, match="channel_not_found"):
        exchange.send(WebReply(body=b'{"ok": false, "error": "channel_not_found"}'))


def _fields(dispatch: Dispatch) -> Json:
    names = ("provider", "uid", "address", "login", "event", "metadata", "commit_status", "alert")
    return {name: getattr(dispatch, name) for name in names}


@pytest.mark.parametrize(
    ("case", "changed", "word"),
    [
        ("telegram", {"login": login_of({})}, "empty Telegram token"),
        ("opsgenie", {"login": login_of({})}, "empty Opsgenie"),
        ("github", {"login": login_of({})}, "github token or github app details"),
        ("gitlab", {"login": login_of({})}, "gitlab token cannot be empty"),
        ("bitbucket", {"login": login_of({"token": "one"})}, "expected to be <user>:<password>"),
        ("github", {"address": "https://github.com/only"}, "invalid repository id"),
        ("bitbucketserver", {"address": "https://git.example.com/proj/repo.git"}, "not http"),
        ("azuredevops", {"address": "https://dev.azure.com/org/repo"}, "invalid repository id"),
    ],
)
def test_what_a_provider_lacks_is_told(case: str, changed: Json, word: str) -> None:
    with pytest.raises(ProviderError, match=word):
        next(begins(Dispatch(**{**_fields(_dispatch(case, "info")), **changed}))())


def test_a_github_app_asks_for_a_token_of_its_installation() -> None:
    secret = {"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "pem"}
    exchange = begins(Dispatch(**{**_fields(_dispatch("github", "info")), "login": login_of(secret)}))()
    request = next(exchange)
    assert isinstance(request, WebRequest)
    assert request.url == "https://api.github.com/app/installations/2/access_tokens"
    assert request.signed_by == ("1", "pem")
    second = exchange.send(WebReply(status=201, body=b'{"token": "ght"}'))
    assert isinstance(second, WebRequest)
    assert second.headers["Authorization"] == "Bearer ght"
