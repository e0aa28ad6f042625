"""OpenTelemetry: a span for an event, in a trace for each Alert and revision (``otel.go``).

The message is OTLP's ``ExportTraceServiceRequest`` in protobuf. The id of a span is a hash of the event, where the SDK
draws lots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, event_body
from nixernetes.engine.notices.encoding import basic_login
from nixernetes.engine.notices.requests import Exchange, WebRequest, accepted

__all__ = ["open_telemetry"]

_UNTRACED: Final = "HelmRepository"
_SEMANTICS: Final = "https://opentelemetry.io/schemas/1.34.0"
_INTERNAL, _OK, _ERROR = 1, 1, 2
_SAMPLED: Final = 0x301  # sampled, and the parent is known to be remote


def open_telemetry(dispatch: Dispatch) -> Exchange:
    """Export a span that begins with the event."""
    if dispatch.event.key.kind == _UNTRACED:
        return
    parts = urlsplit(dispatch.address)
    url = parts._replace(path=parts.path if parts.path.strip("/") else "/v1/traces").geturl()
    headers = {"Content-Type": "application/x-protobuf", **dispatch.login.headers}
    secret = dispatch.api_token
    if dispatch.login.headers and not dispatch.login.headers.get("Authorization"):
        user = dispatch.username
        if not user:
            headers["Authorization"] = f"Bearer {secret}"
        elif secret:
            headers["Authorization"] = basic_login(user, secret)
    accepted((yield WebRequest(url=url, headers=headers, body=_export(dispatch))))


def _export(dispatch: Dispatch) -> bytes:
    namespace, name, uid = dispatch.alert
    resource = _attributes(
        1,
        (
            ("service.instance.id", uid),
            ("service.name", f"{namespace}/{name}"),
            ("service.namespace", namespace),
        ),
    )
    spans = _field(1, _field(1, b"flux:notification-controller")) + _field(2, _span(dispatch))
    whole = _field(1, resource) + _field(2, spans) + _field(3, _SEMANTICS.encode())
    return _field(1, whole)


def _span(dispatch: Dispatch) -> bytes:
    event, key = dispatch.event, dispatch.event.key
    trace = hashlib.sha256(f"{dispatch.alert[2]}:{_revision(dispatch)}".encode()).digest()[:16]
    identity = hashlib.sha256(event_body(dispatch)).digest()[:8]
    nanos = int(event.time.timestamp()) * 1_000_000_000
    facts = (
        ("object.uid", event.uid),
        ("object.kind", key.kind),
        ("object.name", key.name),
        ("object.namespace", key.namespace),
        *dispatch.facts,
    )
    told = _field(2, dispatch.message.encode(errors="replace")) if dispatch.is_error else b""
    return b"".join(
        (
            _field(1, trace),
            _field(2, identity),
            _field(5, f"{key.kind}: {key.namespace}/{key.name}".encode()),
            _number(6, _INTERNAL),
            _fixed(7, nanos),
            _fixed(8, nanos),
            _attributes(9, facts),
            _field(15, told + _number(3, _ERROR if dispatch.is_error else _OK)),
            _varint(16 << 3 | 5) + _SAMPLED.to_bytes(4, "little"),
        )
    )


def _revision(dispatch: Dispatch) -> str:
    facts = dispatch.metadata
    if "oci-digest" in facts and "app-version" in facts:
        return f"{facts['app-version']}@{facts['oci-digest']}"
    return facts.get("revision", "unknown")


def _attributes(number: int, facts: Iterable[tuple[str, str]]) -> bytes:
    return b"".join(
        _field(number, _field(1, name.encode()) + _field(2, _field(1, text.encode(errors="replace"))))
        for name, text in facts
    )


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _fixed(number: int, value: int) -> bytes:
    return _varint(number << 3 | 1) + value.to_bytes(8, "little")


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:  # seven bits a byte
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))
