"""Those who watch systems: Alertmanager, Grafana, Datadog, Opsgenie, PagerDuty, Sentry."""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import urlsplit

from nixernetes.engine.flux.notifications.providers.dispatches import (
    Dispatch,
    ProviderError,
    event_body,
    reason_in_words,
)
from nixernetes.engine.notices.encoding import JSON_BODY, basic_login, go_json
from nixernetes.engine.notices.requests import Exchange, WebRequest, accepted
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.manifest import Json

__all__ = ["alertmanager", "datadog", "grafana", "opsgenie", "pagerduty", "sentry"]

_NO_END: Final = "0001-01-01T00:00:00Z"  # Go's zero time, which it does not leave out
_PROGRESSING: Final = "Progressing"
_SDK: Final = {"name": "sentry.go", "version": "0.46.2"}


def alertmanager(dispatch: Dispatch) -> Exchange:
    """Post an alert that fires; a reason is one word to Alertmanager, with one capital."""
    event, labels = dispatch.event, dict(dispatch.metadata)
    notes = {"message": dispatch.message}
    if "summary" in labels:
        notes["summary"] = labels.pop("summary")
    labels |= {
        "alertname": f"Flux{event.key.kind}{_titled(event.reason)}",
        "severity": dispatch.severity,
        "reason": event.reason,
        "kind": event.key.kind,
        "name": event.key.name,
        "namespace": event.key.namespace,
        "reportingcontroller": event.controller,
    }
    alert = {
        "status": "firing",
        "labels": dict(sorted(labels.items())),
        "annotations": dict(sorted(notes.items())),
        "startsAt": timestamp(event.time),
        "endsAt": _NO_END,
    }
    headers = dict(JSON_BODY)
    if dispatch.username and dispatch.login.password:
        headers["Authorization"] = basic_login(dispatch.username, dispatch.login.password)
    elif dispatch.login.token:
        headers["Authorization"] = f"Bearer {dispatch.login.token}"
    accepted((yield WebRequest(url=dispatch.address, headers=headers, body=go_json([alert]))))


def _titled(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


def grafana(dispatch: Dispatch) -> Exchange:
    """Post an annotation; a colon parts name and value of a tag, so it stands nowhere else."""
    key = dispatch.event.key
    facts = [f"{name.replace(':', '|')}: {text.replace(':', '|')}" for name, text in dispatch.facts]
    where = [f"kind: {key.kind}", f"name: {key.name}", f"namespace: {key.namespace}"]
    body = {
        "when": int(dispatch.event.time.timestamp()),
        "text": dispatch.subject,
        "tags": ["flux", dispatch.event.controller, *facts, *where],
    }
    headers = dict(JSON_BODY)
    if dispatch.login.token:
        headers["Authorization"] = f"Bearer {dispatch.login.token}"
    elif dispatch.username and dispatch.login.password:
        headers["Authorization"] = basic_login(dispatch.username, dispatch.login.password)
    accepted((yield WebRequest(url=dispatch.address, headers=headers, body=go_json(body))))


def datadog(dispatch: Dispatch) -> Exchange:
    """Create an event."""
    if not dispatch.login.token:
        raise ProviderError("token cannot be empty")
    event = dispatch.event
    tags = [
        f"flux_reporting_controller:{event.controller}",
        f"flux_reason:{event.reason}",
        f"kube_kind:{event.key.kind}",
        f"kube_name:{event.key.name}",
        f"kube_namespace:{event.key.namespace}",
        *(f"{name}:{text}" for name, text in dispatch.facts),
    ]
    body = {
        "alert_type": dispatch.severity,
        "date_happened": int(event.time.timestamp()),
        "source_type_name": "fluxcd",
        "tags": [tag.lower() for tag in tags],
        "text": dispatch.message,
        "title": f"Events from the {event.key.kind} {event.key.name}/{event.key.namespace}",
    }
    parts = urlsplit(dispatch.address)
    headers = {**JSON_BODY, "Accept": "application/json", "Dd-Api-Key": dispatch.login.token}
    url = f"{parts.scheme}://{parts.netloc}/api/v1/events"
    accepted((yield WebRequest(url=url, headers=headers, body=go_json(body))))


def opsgenie(dispatch: Dispatch) -> Exchange:
    """Create an alert."""
    if not dispatch.login.token:
        raise ProviderError("empty Opsgenie apikey/token")
    key = dispatch.event.key
    details = dict(sorted({**dispatch.metadata, "severity": dispatch.severity}.items()))
    body = {"message": f"{key.kind}/{key.name}", "description": dispatch.message, "details": details}
    headers = {**JSON_BODY, "Authorization": f"GenieKey {dispatch.login.token}"}
    accepted((yield WebRequest(url=dispatch.address, headers=headers, body=go_json(body))))


def pagerduty(dispatch: Dispatch) -> Exchange:
    """Trigger an incident, or resolve the one of the object; what went well is told as a change, too."""
    if dispatch.event.reason == _PROGRESSING:
        return
    parts = urlsplit(dispatch.address)
    base = f"{parts.scheme}://{parts.netloc}/v2"
    incident: dict[str, Json] = {
        "routing_key": dispatch.channel,
        "event_action": "trigger" if dispatch.is_error else "resolve",
        **({"dedup_key": dispatch.event.uid} if dispatch.event.uid else {}),
    }
    key = dispatch.event.key
    told = {
        "summary": f"{reason_in_words(dispatch)}: {key.kind.lower()}/{key.name.lower()}",
        "source": f"Flux {dispatch.event.controller}",
    }
    moment = {"timestamp": timestamp(dispatch.event.time)}
    details = {"message": dispatch.message, "metadata": dict(dispatch.facts) or None}
    if dispatch.is_error:
        place = {"component": key.name, "group": key.kind}
        incident["payload"] = {**told, "severity": "error", **moment, **place, "custom_details": details}
    accepted((yield WebRequest(url=f"{base}/enqueue", headers=JSON_BODY, body=go_json(incident))))
    if not dispatch.is_error:
        change = {"routing_key": dispatch.channel, "payload": {**told, **moment, "custom_details": details}}
        accepted((yield WebRequest(url=f"{base}/change/enqueue", headers=JSON_BODY, body=go_json(change))))


def sentry(dispatch: Dispatch) -> Exchange:
    """Send an envelope: an error as an event, all else as a transaction.

    The facts of ``sentry.go``; what the library says of the machine that it runs on is left out. Ids are hashes of the
    event where the library draws lots.
    """
    parts = urlsplit(dispatch.address)
    if not dispatch.address:
        raise ProviderError("DSN cannot be empty")
    if not parts.username or not parts.path.strip("/"):
        raise ProviderError("the DSN is not valid: it is https://<public key>@<host>/<project>")
    prefix, _, project = parts.path.rstrip("/").rpartition("/")
    host = parts.netloc.rpartition("@")[2]
    seed = hashlib.sha256(event_body(dispatch)).hexdigest()
    moment = timestamp(dispatch.event.time)
    item = _failure(dispatch) if dispatch.is_error else _transaction(dispatch, seed)
    item |= {"event_id": seed[:32], "platform": "go", "sdk": _SDK, "timestamp": moment}
    payload = go_json(dict(sorted(item.items())))
    head = go_json({"event_id": seed[:32], "sent_at": moment, "dsn": dispatch.address, "sdk": _SDK})
    kind = "event" if dispatch.is_error else "transaction"
    body = b"\n".join((head, go_json({"type": kind, "length": len(payload)}), payload, b""))
    auth = f"Sentry sentry_version=7, sentry_client=sentry.go/0.46.2, sentry_key={parts.username}"
    headers = {"Content-Type": "application/x-sentry-envelope", "X-Sentry-Auth": auth}
    url = f"{parts.scheme}://{host}{prefix}/api/{project}/envelope/"
    accepted((yield WebRequest(url=url, headers=headers, body=body)))


def _summary(dispatch: Dispatch) -> str:
    key = dispatch.event.key
    return f"{key.kind}: {key.namespace}/{key.name}"


def _failure(dispatch: Dispatch) -> dict[str, Json]:
    return {
        "contexts": {"metadata": dict(dispatch.facts)},
        "environment": dispatch.channel or "production",
        "level": "error",
        "message": dispatch.message,
        "server_name": dispatch.event.controller,
        "transaction": _summary(dispatch),
    }


def _transaction(dispatch: Dispatch, seed: str) -> dict[str, Json]:
    event, key = dispatch.event, dispatch.event.key
    tags = {
        "flux_involved_object_kind": key.kind,
        "flux_involved_object_namespace": key.namespace,
        "flux_involved_object_name": key.name,
        "flux_reporting_controller": event.controller,
        "flux_reporting_instance": f"{event.controller}-0",
        "flux_reason": event.reason,
        **dispatch.metadata,
    }
    moment = timestamp(event.time)
    trace = {"op": "event", "origin": "manual", "span_id": seed[32:48], "trace_id": seed[:32]}
    span = {**trace, "start_timestamp": moment, "tags": dict(sorted(tags.items())), "timestamp": moment}
    return {
        "contexts": {"trace": trace},
        "environment": dispatch.channel or "production",
        "level": "info",
        "message": dispatch.message,
        "spans": [span],
        "start_timestamp": moment,
        "tags": dict(sorted(tags.items())),
        "transaction": _summary(dispatch),
        "type": "transaction",
    }
