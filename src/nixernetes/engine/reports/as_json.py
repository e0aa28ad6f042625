"""A report as JSON data; ``docs/up.md`` documents the fields, which stay as they are."""

from __future__ import annotations

from nixernetes.engine.outbox import Notification
from nixernetes.engine.removals import Removal
from nixernetes.engine.reports.values import DELIVERIES, DeliveryRow, ObjectStatus, Report
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json
from nixernetes.objects.provenance import origin_as_json, origin_from_json

__all__ = ["from_json", "notification_as_json", "to_json"]


def to_json(value: Report) -> Json:
    """Return a report as JSON data."""
    return {
        "time": value.time,
        "ready": value.ready,
        "unavailable": value.unavailable,
        "deliveries": [_delivery(item) for item in value.deliveries],
        "notifications": [notification_as_json(item) for item in value.notifications],
        "removals": [_removal(item) for item in value.removals],
        "notVerified": value.not_verified,
    }


def from_json(value: Json) -> Report:
    """Return the deliveries of the report that :func:`to_json` wrote."""
    groups = {kind.kind: kind.group for kind in DELIVERIES}
    return Report(
        time=value["time"],
        deliveries=tuple(
            DeliveryRow(
                cluster=item["cluster"],
                key=ObjectKey(groups[item["kind"]], item["kind"], item["namespace"], item["name"]),
                state=item["state"],
                status=item["status"],
                revision=item["revision"],
                message=item["message"],
                objects=tuple(map(_read_object, item["objects"])),
                hooks=tuple(_read_identity(each) for each in item["hooks"]),
                warnings=tuple(item["warnings"]),
                origin=item["origin"],
                source=_read_identity(item["source"]) if item["source"] else None,
            )
            for item in value["deliveries"]
        ),
    )


def _read_object(entry: Json) -> ObjectStatus:
    return ObjectStatus(
        key=_read_identity(entry),
        status=entry["status"],
        message=entry["message"],
        available=entry["available"],
        came=origin_from_json(entry["provenance"]),
    )


def _read_identity(entry: Json) -> ObjectKey:
    return ObjectKey(entry["group"], entry["kind"], entry["namespace"], entry["name"])


def _delivery(item: DeliveryRow) -> Json:
    return {
        "cluster": item.cluster,
        "kind": item.key.kind,
        "namespace": item.key.namespace,
        "name": item.key.name,
        "state": item.state,
        "status": item.status,
        "revision": item.revision,
        "message": item.message,
        "warnings": list(item.warnings),
        "origin": item.origin,
        "source": _identity(item.source) if item.source else None,
        "objects": [_object(entry) for entry in item.objects],
        "hooks": [_identity(key) for key in item.hooks],
    }


def _object(entry: ObjectStatus) -> Json:
    return {
        **_identity(entry.key),
        "status": entry.status,
        "message": entry.message,
        "available": entry.available,
        "origin": entry.origin,
        "chain": [str(step) for step in entry.came.chain],
        "provenance": origin_as_json(entry.came),
    }


def notification_as_json(item: Notification) -> Json:
    """Return a notification: what it is about, where it goes, what became of it, and each request."""
    notice = item.notice
    return {
        "time": timestamp(notice.time),
        "cluster": notice.cluster,
        "object": _identity(notice.key),
        "reason": notice.reason,
        "message": notice.message,
        "receiver": notice.receiver,
        "host": item.host,
        "outcome": item.outcome,
        "error": item.error,
        "requests": [
            {"method": each.method, "url": each.url, "headers": dict(each.headers), "body": each.body}
            for each in item.requests
        ],
    }


def _removal(item: Removal) -> Json:
    return {"time": timestamp(item.time), "cluster": item.cluster, "owner": item.owner, "object": _identity(item.key)}


def _identity(key: ObjectKey) -> Json:
    return {"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name}
