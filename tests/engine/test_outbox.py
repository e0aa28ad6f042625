"""Notifications are recorded; they are posted only where that is asked for."""

from datetime import UTC, datetime

import pytest

from nixernetes.engine.outbox import Notice, Outbox
from nixernetes.errors import RemoteError
from nixernetes.objects.identity import ObjectKey
from nixernetes.testing import RecordingNotifier

NOTICE = Notice(
    time=datetime(2026, 1, 1, tzinfo=UTC),
    cluster="dev",
    key=ObjectKey("", "ConfigMap", "a", "b"),
    reason="Applied",
    message="done",
    receiver="Provider/flux-system/chat",
)
URL = "https://user:pw@chat.example/services/secret-token?key=1"


def test_without_a_notifier_a_message_is_recorded_and_nothing_secret_of_its_address() -> None:
    outbox = Outbox()
    outbox.send(NOTICE, URL, {"Authorization": "Bearer token"}, {"text": "secret"})
    (held,) = outbox.recent
    assert (held.outcome, held.host, held.notice) == ("recorded", "https://chat.example", NOTICE)
    assert not any(word in repr(held) for word in ("secret", "token", "pw"))


def test_with_a_notifier_it_is_posted_and_a_failure_is_kept_and_raised() -> None:
    notifier = RecordingNotifier()
    outbox = Outbox(notifier)
    outbox.send(NOTICE, URL, {}, "text")
    notifier.failing[URL] = "refused"
    with pytest.raises(RemoteError, match="refused"):
        outbox.send(NOTICE, URL, {}, "text")
    assert [(each.outcome, each.error) for each in outbox.recent] == [("sent", ""), ("failed", "refused")]
    assert len(notifier.posts) == 1


def test_the_oldest_are_forgotten_and_counted() -> None:
    outbox = Outbox(keep=2)
    for _ in range(5):
        outbox.send(NOTICE, "no url", {}, "")
    assert (outbox.count, len(outbox.recent), outbox.recent[0].host) == (5, 2, "")
