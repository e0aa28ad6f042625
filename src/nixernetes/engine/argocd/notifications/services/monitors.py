"""Those who watch systems: Alertmanager, Grafana, New Relic, Opsgenie, PagerDuty."""

from __future__ import annotations

from typing import Final

from nixernetes.engine.argocd.notifications.services.letters import Letter, listed, present
from nixernetes.engine.notices.encoding import JSON_BODY, basic_login, go_json
from nixernetes.engine.notices.requests import Exchange, WebRequest, accepted
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["alertmanager", "grafana", "newrelic", "opsgenie", "pagerduty", "pagerduty_v2"]

_OK: Final = 200
_TARGET: Final = "127.0.0.1:9093"
_EVENTS: Final = "https://events.pagerduty.com/v2/enqueue"
_INCIDENTS: Final = "https://api.pagerduty.com/incidents"


def alertmanager(letter: Letter) -> Exchange:
    """Post an alert to every target; one that takes it is enough."""
    part = letter.part("alertmanager")
    labels = mapping_at(part, "labels")
    if not labels:
        raise InputError("notification alertmanager no config: the template says nothing for alertmanager")
    source = text_at(part, "generatorURL")
    if source.startswith("git@"):
        source = f"https://{source.removeprefix('git@').replace(':', '/', 1)}"
    alert = {
        "labels": dict(sorted(labels.items())),
        "annotations": dict(sorted(mapping_at(part, "annotations").items())) or None,
        "generatorURL": source,
        "startsAt": timestamp(letter.now),
    }
    headers = dict(JSON_BODY)
    login = mapping_at(letter.settings, "basicAuth")
    if login:
        headers["Authorization"] = basic_login(text_at(login, "username"), text_at(login, "password"))
    elif letter.setting("bearerToken"):
        headers["Authorization"] = f"Bearer {letter.setting('bearerToken')}"
    scheme, path = letter.setting("scheme") or "http", letter.setting("apiPath") or "/api/v2/alerts"
    targets = [str(each) for each in listed(at(letter.settings, "targets"))] or [_TARGET]
    taken = 0
    for target in targets:
        answer = yield WebRequest(url=f"{scheme}://{target}{path}", headers=headers, body=go_json([alert]))
        taken += answer.status == _OK
    if not taken:
        raise RemoteError("no events were successfully received by alertmanager")


def grafana(letter: Letter) -> Exchange:
    """Create an annotation; the recipient is its tags."""
    body = {
        "time": int(letter.now.timestamp()) * 1000,
        "isRegion": False,
        "tags": letter.recipient.split("|"),
        "text": letter.message,
    }
    headers = {**JSON_BODY, "Authorization": f"Bearer {letter.setting('apiKey')}"}
    url = f"{letter.setting('apiUrl').rstrip('/')}/annotations"
    answer = yield WebRequest(url=url, headers=headers, body=go_json(body))
    if answer.status != _OK:
        raise RemoteError(f"the notification was refused with status {answer.status}")


def newrelic(letter: Letter) -> Exchange:
    """Mark a deployment of an application; what is answered counts for nothing."""
    if not letter.setting("apiKey"):
        raise InputError("apiKey is missing")
    part = letter.part("newrelic")
    if not part:
        raise InputError("config is missing: the template says nothing for newrelic")
    deployment = {
        "revision": text_at(part, "revision"),
        **present(
            changelog=text_at(part, "changelog"),
            description=text_at(part, "description") or letter.message,
            user=text_at(part, "user"),
        ),
    }
    api = letter.setting("apiURL").removesuffix("/") or "https://api.newrelic.com"
    url = f"{api}/v2/applications/{letter.recipient}/deployments.json"
    headers = {**JSON_BODY, "X-Api-Key": letter.setting("apiKey")}
    yield WebRequest(url=url, headers=headers, body=go_json({"deployment": deployment}))


def opsgenie(letter: Letter) -> Exchange:
    """Create an alert for a team."""
    key = letter.address_of("apiKeys", "API key")
    part = letter.part("opsgenie")
    if part and not text_at(part, "description"):
        raise InputError("opsgenie notification description is missing")
    body = {
        "message": letter.message,
        **present(
            alias=text_at(part, "alias"),
            description=text_at(part, "description"),
            responders=[{"type": "team", "id": letter.recipient, "username": ""}],
            visibleTo=[_responder(each) for each in listed(at(part, "visibleTo"))],
            actions=listed(at(part, "actions")),
            tags=listed(at(part, "tags")),
            details=dict(sorted(mapping_at(part, "details").items())),
            entity=text_at(part, "entity"),
            source="Argo CD",
            priority=text_at(part, "priority"),
            user=text_at(part, "user"),
            note=text_at(part, "note"),
        ),
    }
    host = letter.setting("apiUrl") or "api.opsgenie.com"
    url = host if host.startswith(("http://", "https://")) else f"https://{host}"
    kind = "application/json"
    headers = {"Accept": kind, "Content-Type": f"{kind}; charset=utf-8", "Authorization": f"GenieKey {key}"}
    accepted((yield WebRequest(url=f"{url.rstrip('/')}/v2/alerts", headers=headers, body=go_json(body) + b"\n")))


def _responder(found: Json) -> Json:
    said = present(type=text_at(found, "type"), name=text_at(found, "name"), id=text_at(found, "id"))
    return {**said, "username": text_at(found, "username")}


def pagerduty(letter: Letter) -> Exchange:
    """Open an incident of a service."""
    part = letter.part("pagerduty")
    if not part:
        raise InputError("the template says nothing for pagerduty")
    incident: dict[str, Json] = {
        "type": "incident",
        "title": text_at(part, "title"),
        "service": {"id": letter.recipient, "type": "service_reference"},
        "priority": {**present(id=text_at(part, "priorityId")), "type": "priority"},
        **present(urgency=text_at(part, "urgency")),
        "body": {"type": "incident_details\t", **present(details=text_at(part, "body"))},  # the tab is the real one's
    }
    headers = {
        "Accept": "application/vnd.pagerduty+json;version=2",
        **JSON_BODY,
        "Authorization": f"Token token={letter.setting('token')}",
        "From": letter.setting("from"),
    }
    accepted((yield WebRequest(url=_INCIDENTS, headers=headers, body=go_json({"incident": incident}))))


def pagerduty_v2(letter: Letter) -> Exchange:
    """Trigger an event of a service."""
    key = letter.address_of("serviceKeys", "API key")
    part = letter.part("pagerdutyv2")
    if not part:
        raise InputError("no config found for pagerdutyv2: the template says nothing for it")
    payload = {
        "summary": text_at(part, "summary"),
        "source": text_at(part, "source"),
        "severity": text_at(part, "severity"),
        **present(component=text_at(part, "component"), group=text_at(part, "group")),
        **({"class": text_at(part, "class")} if text_at(part, "class") else {}),
    }
    body = {
        "routing_key": key,
        "event_action": "trigger",
        **present(dedup_key=text_at(part, "dedupKey"), client="ArgoCD", client_url=text_at(part, "url")),
        "payload": payload,
    }
    accepted((yield WebRequest(url=_EVENTS, headers=JSON_BODY, body=go_json(body))))
