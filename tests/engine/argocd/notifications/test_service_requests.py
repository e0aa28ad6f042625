"""Each notification service sends the requests that argoproj/notifications-engine (0.5.1, May 2026) sends.

``recorded.json`` holds what its own services asked a server; the cases are below. Of JSON the order of keys is set
aside, of moments and ids that are drawn by lot their values, and what libraries add of empty fields.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from nixernetes.engine.argocd.notifications.functions import TEMPLATE_FUNCTIONS, variables
from nixernetes.engine.argocd.notifications.services.letters import Letter
from nixernetes.engine.argocd.notifications.services.table import SERVICE_TYPES, parcel_of
from nixernetes.engine.argocd.notifications.templates import filled_in
from nixernetes.engine.notices.requests import ForeignMessage, WebReply, WebRequest
from nixernetes.errors import InputError, NixernetesError, RemoteError
from nixernetes.gitops.argocd.notifications.services import SERVICES
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

_RECORDED: Json = json.loads(Path(__file__).with_name("recorded.json").read_text())
_NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_APP = {
    "metadata": {"name": "web"},
    "spec": {"source": {"repoURL": "git@github.com:org/repo.git"}},
    "status": {"operationState": {"syncResult": {"revision": "0123456789abcdef0123456789abcdef01234567"}}},
}
_CARDS = "[{header: {title: T}, sections: [{widgets: [{textParagraph: {text: x}}]}]}]"
_ACTION = '[{"@type":"OpenUri","name":"n","targets":[{"os":"default","uri":"https://x"}]}]'
_TEAMS = {"title": "t", "facts": '[{"name":"a","value":"b"}]', "sections": '[{"x":1}]', "potentialAction": _ACTION}
_FLOWS = {
    **_TEAMS,
    "themeColor": "Good",
    "facts": '[{"name":"a","value":3}]',
    "sections": '[{"facts":[{"name":"c","value":"d"}]}]',
}
_ALERT = {
    "description": "d",
    "priority": "P1",
    "alias": "a",
    "note": "n",
    "tags": ["t"],
    "actions": ["x"],
    "details": {"b": "c", "a": "{{.app.metadata.name}}"},
    "visibleTo": [{"id": "i", "type": "user"}],
    "entity": "e",
    "user": "u",
}
_GITHUB = {
    "status": {"state": "success", "label": "cd/{{.app.metadata.name}}", "targetURL": "https://x"},
    "deployment": {
        "state": "success",
        "environment": "prod",
        "environmentURL": "https://e",
        "logURL": "https://l",
        "requiredContexts": [],
        "autoMerge": True,
    },
    "pullRequestComment": {"content": "hello {{.app.metadata.name}}", "commentTag": "tag"},
    "checkRun": {
        "name": "c",
        "conclusion": "success",
        "started_at": "2026-01-02T03:04:05Z",
        "output": {"title": "t", "summary": "s"},
    },
    "repositoryDispatch": {"event_type": "e", "client_payload": '{"a": 1}'},
}
_TITLED = '[{"title":"{{.app.metadata.name}}","color":"#18be52","fields":[{"title":"a","value":"b","short":true}]}]'
_BLOCKS = '[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]'
_BASIC = "basicAuth: {username: u, password: p}"
_HOST = "http://HOST"
# The name of a case: type, settings, template, service, recipient.
_CASES: dict[str, tuple[str, str, Json, str, str]] = {
    "webhook-plain": (
        "webhook",
        f"{{url: {_HOST}/base/, headers: [{{name: X-Team, value: web}}], {_BASIC}}}",
        {"message": "hello {{.app.metadata.name}}"},
        "hook",
        "",
    ),
    "webhook": (
        "webhook",
        f"url: {_HOST}/base/",
        {
            "webhook": {
                "hook": {
                    "method": "PUT",
                    "path": "/x/{{.app.metadata.name}}",
                    "body": '{"a": "{{.app.metadata.name}}"}',
                }
            }
        },
        "hook",
        "",
    ),
    "webhook-other": (
        "webhook",
        f"url: {_HOST}/base",
        {"message": "hello", "webhook": {"other": {"method": "PUT"}}},
        "hook",
        "",
    ),
    "slack": (
        "slack",
        f"{{token: tok, apiURL: {_HOST}/slack/, username: bot, icon: ':rocket:'}}",
        {"message": "hi & <b>", "slack": {"attachments": _TITLED}},
        "slack",
        "ops",
    ),
    "slack-plain": (
        "slack",
        f"{{token: tok, apiURL: {_HOST}/slack/, disableUnfurl: true}}",
        {"message": "hi"},
        "slack",
        "ops",
    ),
    "slack-blocks": (
        "slack",
        f"{{token: tok, apiURL: {_HOST}/slack/, icon: 'https://x.org/i.png'}}",
        {"message": "hi", "slack": {"notifyBroadcast": True, "groupingKey": "k", "blocks": _BLOCKS}},
        "slack",
        "ops",
    ),
    "mattermost": (
        "mattermost",
        f"{{token: tok, apiURL: '{_HOST}'}}",
        {"message": "hi", "mattermost": {"attachments": '[{"a":1}]'}},
        "mattermost",
        "chan",
    ),
    "mattermost-plain": ("mattermost", f"{{token: tok, apiURL: '{_HOST}'}}", {"message": "hi"}, "mattermost", "chan"),
    "rocketchat": (
        "rocketchat",
        f"{{email: e@x, password: p, serverUrl: '{_HOST}', icon: ':x:', alias: al}}",
        {"message": "hi", "rocketchat": {"attachments": '[{"title":"a"}]'}},
        "rocketchat",
        "#ops",
    ),
    "rocketchat-room": (
        "rocketchat",
        f"{{email: e@x, password: p, serverUrl: '{_HOST}'}}",
        {"message": "hi"},
        "rocketchat",
        "room",
    ),
    "grafana": ("grafana", f"{{apiUrl: '{_HOST}/api', apiKey: k}}", {"message": "hi"}, "grafana", "a|b"),
    "newrelic": (
        "newrelic",
        f"{{apiURL: '{_HOST}', apiKey: k}}",
        {"message": "hi", "newrelic": {"changelog": "c", "user": "me"}},
        "newrelic",
        "123",
    ),
    "opsgenie": (
        "opsgenie",
        "{apiUrl: HOST, apiKeys: {team: k}}",
        {"message": "hi", "opsgenie": _ALERT},
        "opsgenie",
        "team",
    ),
    "opsgenie-plain": ("opsgenie", "{apiUrl: HOST, apiKeys: {team: k}}", {"message": "hi"}, "opsgenie", "team"),
    "opsgenie-nobody": ("opsgenie", "{apiUrl: HOST, apiKeys: {team: k}}", {"message": "hi"}, "opsgenie", "other"),
    "teams": (
        "teams",
        f"recipientUrls: {{ch: '{_HOST}/teams'}}",
        {"message": "hi", "teams": {**_TEAMS, "themeColor": "#00ff00"}},
        "teams",
        "ch",
    ),
    "teams-plain": ("teams", f"recipientUrls: {{ch: '{_HOST}/teams'}}", {"message": "hi"}, "teams", "ch"),
    "teams-template": (
        "teams",
        f"recipientUrls: {{ch: '{_HOST}/teams'}}",
        {"message": "hi", "teams": {"template": '{"q":1}'}},
        "teams",
        "ch",
    ),
    "teams-workflows-bad": (
        "teams-workflows",
        "recipientUrls: {ch: 'https://x.org/hook'}",
        {"message": "hi"},
        "teams-workflows",
        "ch",
    ),
    "googlechat": (
        "googlechat",
        f"webhooks: {{sp: '{_HOST}/chat?key=1&token=2'}}",
        {"message": "hi", "googlechat": {"threadKey": "tk"}},
        "googlechat",
        "sp",
    ),
    "googlechat-cards": (
        "googlechat",
        f"webhooks: {{sp: '{_HOST}/chat?key=1'}}",
        {"message": "hi", "googlechat": {"cards": _CARDS}},
        "googlechat",
        "sp",
    ),
    "alertmanager": (
        "alertmanager",
        "{targets: [HOST], bearerToken: b}",
        {"message": "hi", "alertmanager": {"labels": {"a": "{{.app.metadata.name}}"}, "annotations": {"m": "x"}}},
        "alertmanager",
        "",
    ),
    "webex": ("webex", f"{{token: t, apiURL: '{_HOST}'}}", {"message": "hi"}, "webex", "a@b.org"),
    "webex-room": ("webex", f"{{token: t, apiURL: '{_HOST}/'}}", {"message": "hi"}, "webex", "room"),
    "pushover": (
        "pushover",
        "token: KzGDORePKggMaC0QOYAMyEEuzJnyUi",
        {"message": "hi"},
        "pushover",
        "gznej3rKEVAvPUxu9vvNnqpmZpokzF",
    ),
    "github": (
        "github",
        f"{{appID: 1, installationID: 2, enterpriseBaseURL: '{_HOST}/api/v3', privateKey: pem}}",
        {"message": "hi", "github": _GITHUB},
        "github",
        "",
    ),
}
_FLOW_CASES: dict[str, Json] = {
    "teams-workflows": _FLOWS,
    "teams-workflows-plain": {},
    "teams-workflows-card": {"adaptiveCard": '{"z": 1, "a": [2]}'},
}
_ANSWERS = {
    "/api/v1/login": b'{"status":"success","data":{"authToken":"T","userId":"U"}}',
    "/access_tokens": b'{"token":"ght"}',
    "/pulls": b'[{"number":5}]',
    "/deployments": b'{"id":9}',
}


def _letter(case: str) -> tuple[str, Letter]:
    kind, settings, template, service, recipient = _CASES[case]
    data = {"app": _APP, "recipient": recipient, **variables(_NOW)}
    note = filled_in({"tmpl": template}, ["tmpl"], data, TEMPLATE_FUNCTIONS)
    letter = Letter(service=service, recipient=recipient, settings=yamls.parse(settings), note=note, now=_NOW)
    return kind, letter


def _sent(kind: str, letter: Letter) -> tuple[list[WebRequest], str]:
    found: list[WebRequest] = []
    exchange = parcel_of(kind, letter, frozenset()).exchange()
    try:
        request = next(exchange)
        while True:
            assert isinstance(request, WebRequest)
            found.append(request)
            request = exchange.send(_answer(request))
    except StopIteration:
        return found, ""
    except NixernetesError as error:
        return found, error.message


def _answer(request: WebRequest) -> WebReply:
    if request.method == "POST" or request.url.endswith("/pulls"):
        for end, body in _ANSWERS.items():
            if request.url.endswith(end):
                return WebReply(status=201 if "token" in end else 200, body=body)
    return request.granted


def _comparable(method: str, url: str, headers: Json, body: str) -> Json:
    plain = url.replace("https://api.pushover.net", _HOST).replace("https://HOST", _HOST)
    kind = headers.get("Content-Type", "")
    shown: Json = body
    if "form" in kind:
        shown = {name: _plain(text) for name, text in parse_qsl(body, keep_blank_values=True)}
    elif "json" in kind and body.strip() not in ("", "null"):
        shown = _plain(body)
    return {"method": method, "url": plain, "headers": headers, "body": shown}


def _plain(text: str) -> Json:
    try:
        return _without_chance(json.loads(text))
    except ValueError:
        return text


def _without_chance(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_chance(item) for item in value]
    if not isinstance(value, dict):
        return value
    dropped = ("startsAt", "time", "cardId", "collapsed")
    return {key: _without_chance(item) for key, item in value.items() if key not in dropped and item is not None}


@pytest.mark.parametrize("case", sorted(_CASES))
def test_a_service_sends_what_the_real_one_sends(case: str) -> None:
    sent, error = _sent(*_letter(case))
    wanted = _RECORDED[case]
    assert bool(error) is bool(wanted["error"]), error
    ours = [_comparable(each.method, each.url, dict(each.headers), each.body.decode()) for each in sent]
    theirs = [_comparable(each["method"], each["url"], each["headers"], each["body"]) for each in wanted["requests"]]
    if case == "github":  # the library asks for the token its own way
        ours, theirs = ours[1:], theirs[1:]
    assert ours == theirs


@pytest.mark.parametrize("case", sorted(_FLOW_CASES))
def test_a_workflow_of_teams_gets_what_the_real_one_sends(case: str) -> None:
    note = {"message": "hi", "teams-workflows": _FLOW_CASES[case]}
    settings = {"recipientUrls": {"ch": "https://x.flow.microsoft.com/y"}}
    letter = Letter(service="teams-workflows", recipient="ch", settings=settings, note=note, now=_NOW)
    sent, error = _sent("teams-workflows", letter)
    assert not error
    assert json.loads(sent[0].body) == json.loads(_RECORDED[case]["requests"][0]["body"])


def _first(kind: str, settings: Json, note: Json, recipient: str) -> WebRequest | ForeignMessage:
    letter = Letter(service=kind, recipient=recipient, settings=settings, note=note, now=_NOW)
    return next(parcel_of(kind, letter, frozenset()).exchange())


def test_pagerduty_opens_an_incident() -> None:
    part = {"title": "t", "body": "b", "urgency": "high", "priorityId": "p"}
    request = _first("pagerduty", {"token": "tok", "from": "a@b.c"}, {"message": "", "pagerduty": part}, "svc")
    assert isinstance(request, WebRequest)
    assert (request.url, request.headers["Authorization"]) == ("https://api.pagerduty.com/incidents", "Token token=tok")
    assert json.loads(request.body)["incident"]["service"] == {"id": "svc", "type": "service_reference"}


def test_pagerduty_v2_triggers_an_event() -> None:
    part = {"summary": "s", "severity": "critical", "source": "web", "dedupKey": "d", "url": "https://x"}
    request = _first("pagerdutyv2", {"serviceKeys": {"svc": "key"}}, {"message": "", "pagerdutyv2": part}, "svc")
    assert isinstance(request, WebRequest)
    assert json.loads(request.body) == {
        "routing_key": "key",
        "event_action": "trigger",
        "dedup_key": "d",
        "client": "ArgoCD",
        "client_url": "https://x",
        "payload": {"summary": "s", "source": "web", "severity": "critical"},
    }


def test_telegram_writes_to_a_thread_of_a_chat() -> None:
    letter = Letter(service="telegram", recipient="-100|7", settings={"token": "t"}, note={"message": "hi"}, now=_NOW)
    sent, error = _sent("telegram", letter)
    assert not error
    assert [each.url for each in sent] == [
        "https://api.telegram.org/bott/getMe",
        "https://api.telegram.org/bott/sendMessage",
    ]
    assert sent[1].body == b"chat_id=-100&message_thread_id=7&parse_mode=Markdown&text=hi"


def test_mail_goes_to_all_recipients() -> None:
    settings = {"host": "mail", "port": 587, "username": "u", "password": "p", "from": "a@b.c", "html": True}
    note = {"message": "m", "email": {"subject": "s", "body": "<b>"}}
    found = _first("email", settings, note, "x@y.z, q@y.z")
    assert isinstance(found, ForeignMessage)
    assert (found.address, found.subject, found.body, found.login) == ("mail:587", "x@y.z, q@y.z", b"<b>", ("u", "p"))
    assert found.headers == {"Subject": "s", "Subtype": "html"}


def test_every_service_of_the_vocabulary_is_known() -> None:
    assert set(SERVICES) == SERVICE_TYPES


def test_alertmanager_needs_one_target_that_takes_the_alert() -> None:
    kind, letter = _letter("alertmanager")
    settings = {**letter.settings, "targets": ["one", "two"]}
    both = Letter(service=kind, recipient="", settings=settings, note=letter.note, now=_NOW)
    exchange = parcel_of(kind, both, frozenset()).exchange()
    next(exchange)
    exchange.send(WebReply(status=500))
    with pytest.raises(StopIteration):
        exchange.send(WebReply(status=200))
    exchange = parcel_of(kind, both, frozenset()).exchange()
    next(exchange)
    exchange.send(WebReply(status=500))
    with pytest.raises(RemoteError, match="no events were successfully received"):
        exchange.send(WebReply(status=500))


def test_a_type_that_argocd_does_not_have_is_refused() -> None:
    _, letter = _letter("webex")
    with pytest.raises(InputError, match="service type 'sms' is not supported"):
        parcel_of("sms", letter, frozenset())
