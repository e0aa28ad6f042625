"""What is to be sent is recorded without its secrets, and leaves the machine only where a notifier is there."""

from __future__ import annotations

from datetime import UTC, datetime

from nixernetes.engine.notices.requests import Exchange, ForeignMessage, Parcel, WebReply, WebRequest, accepted
from nixernetes.engine.outbox import Notice, Outbox
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import ObjectKey
from nixernetes.testing import RecordingNotifier

URL = "https://chat.example/hooks/s3cret-path"
NOTICE = Notice(
    time=datetime(2026, 1, 1, tzinfo=UTC),
    cluster="production",
    key=ObjectKey("apps", "Deployment", "shop", "web"),
    reason="Healthy",
    message="all is well",
    receiver="slack:ops",
)


def _post(body: str = "{}", url: str = URL) -> Exchange:
    headers = {"Authorization": "Bearer s3cret-path", "Content-Type": "application/json"}
    accepted((yield WebRequest(url=url, headers=headers, body=body.encode())))


def _parcel(body: str = "{}", *hidden: str, url: str = URL) -> Parcel:
    return Parcel(exchange=lambda: _post(body, url), hidden=frozenset(hidden))


def test_without_a_notifier_all_is_recorded_and_nothing_sent() -> None:
    outbox = Outbox()
    outbox.send(NOTICE, _parcel('{"a": "b"}', "s3cret-path"))
    (held,) = outbox.recent
    assert (held.outcome, held.host, held.notice) == ("recorded", "https://chat.example", NOTICE)
    assert not outbox.sends
    (request,) = held.requests
    assert (request.method, request.url, request.body) == ("POST", "https://chat.example/hooks/***", '{"a": "b"}')
    assert dict(request.headers) == {"Authorization": "***", "Content-Type": "application/json"}


def test_secrets_are_hidden_however_they_are_spelled() -> None:
    outbox = Outbox()
    secret = 'a"b<c> é/d'
    texts = [
        '{"x": "a\\"b\\u003cc\\u003e \\u00e9/d"}',
        "x=a%22b%3Cc%3E+%C3%A9%2Fd&y",
        "a%22b%3Cc%3E%20%C3%A9/d",
        secret,
    ]
    for text in texts:
        outbox.send(NOTICE, _parcel(text, secret))
    shown = [held.requests[0].body for held in outbox.recent]
    assert shown == ['{"x": "***"}', "x=***&y", "***", "***"]


def test_a_login_in_an_address_is_not_shown() -> None:
    outbox = Outbox()
    outbox.send(NOTICE, _parcel(url="https://user:word@chat.example/x"))
    assert outbox.recent[0].requests[0].url == "https://chat.example/x"


def test_an_address_that_is_a_secret_tells_its_host_alone() -> None:
    outbox = Outbox()
    outbox.send(NOTICE, _parcel("{}", URL))
    outbox.send(NOTICE, _parcel("{}", URL, url=f"{URL}/annotations?x=1"))
    shown = [held.requests[0].url for held in outbox.recent]
    assert shown == ["https://chat.example/***", "https://chat.example/***/annotations?x=1"]


def test_what_was_sent_and_what_failed_is_told_apart_and_kept_apart() -> None:
    notifier, told = RecordingNotifier(), list[NixernetesError]()
    outbox = Outbox(notifier)
    outbox.send(NOTICE, _parcel(), told.append)
    notifier.failing[URL] = "nobody answers"
    outbox.send(NOTICE, _parcel(), told.append)
    assert [each.outcome for each in outbox.recent] == ["sent", "failed"]
    assert [each.error for each in outbox.dead] == ["nobody answers"]
    assert [error.message for error in told] == ["nobody answers"]


def test_older_ones_are_counted_and_dead_letters_outlive_them() -> None:
    notifier = RecordingNotifier()
    outbox = Outbox(notifier, keep=3)
    notifier.failing[URL] = "gone"
    outbox.send(NOTICE, _parcel())
    notifier.failing.clear()
    for _ in range(4):
        outbox.send(NOTICE, _parcel())
    assert (outbox.count, len(outbox.recent), len(outbox.dead)) == (5, 3, 1)


def test_a_conversation_is_shown_as_if_its_questions_found_nothing() -> None:
    def talk() -> Exchange:
        answer = yield WebRequest(method="GET", url=URL, reads=True, granted=WebReply(body=b"[]"))
        assert answer.body == b"[]"
        yield ForeignMessage(protocol="NATS", address="nats://bus:4222", subject="flux", body=b"\x00\x01")

    outbox = Outbox()
    outbox.send(NOTICE, Parcel(exchange=talk))
    first, second = outbox.recent[0].requests
    assert (first.method, second.method, second.url) == ("GET", "NATS", "nats://bus:4222")
    assert (dict(second.headers), second.body) == ({"subject": "flux"}, "<2 bytes>")
