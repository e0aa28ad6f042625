"""A timeline: what changed when and why, bounded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nixernetes.app.web import timelines
from nixernetes.app.web.timelines import Timeline
from nixernetes.app.web.values import ObjectName
from nixernetes.engine.reports import DeliveryRow
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import KUSTOMIZATION

BEGAN = VirtualClock().now()
KEY = ObjectKey(*KUSTOMIZATION, "flux-system", "web")


def row(state: str = "ready", revision: str = "main@sha1:aaa", message: str = "", key: ObjectKey = KEY) -> DeliveryRow:
    """Return how a delivery stands."""
    return DeliveryRow(cluster="prod", key=key, state=state, status="True", revision=revision, message=message)


def told(timeline: Timeline) -> list[list[tuple[str, str]]]:
    """Return states and causes, moment by moment."""
    return [[(each.state, each.cause) for each in moment.changes] for moment in timeline.page(BEGAN).moments]


def at(seconds: float) -> Any:
    """Return a moment of the run."""
    return BEGAN + timedelta(seconds=seconds)


def test_each_change_has_its_cause() -> None:
    timeline = Timeline(BEGAN)
    timeline.note(at(1), [row("progressing", "")])
    timeline.note(at(2), [row()])
    timeline.note(at(3), [row("progressing", "main@sha1:bbb")])
    timeline.note(at(4), [row("ready", "main@sha1:bbb")])
    timeline.asked([ObjectName.of("prod", KEY)])
    timeline.note(at(5), [row("suspended", "main@sha1:bbb")])
    timeline.note(at(6), [], [("prod", KEY)])
    assert told(timeline) == [
        [("progressing", "new")],
        [("ready", "")],
        [("progressing", "commit")],
        [("ready", "")],
        [("suspended", "asked")],
        [("gone", "")],
    ]


def test_a_moment_at_which_nothing_changed_is_none() -> None:
    timeline = Timeline(BEGAN)
    for second in range(5):
        timeline.note(at(second), [row(message=f"Applied again {second}")])
    assert len(told(timeline)) == 1
    timeline.note(at(9), [row("failed", message="one")])
    timeline.note(at(10), [row("failed", message="two")])
    assert len(told(timeline)) == 3, "another failure is something new"


def test_what_is_older_is_summed_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(timelines, "_MOST", 3)
    timeline = Timeline(BEGAN)
    other = ObjectKey(*KUSTOMIZATION, "flux-system", "other")
    for second in range(10):
        state = "ready" if second % 2 else "progressing"
        timeline.note(at(second), [row(state), row(key=other)])
    page = timeline.page(at(20))
    assert len(page.moments) == 4
    assert page.moments[0].time == page.began
    assert [(each.delivery, each.state) for each in page.moments[0].changes] == [(0, "progressing"), (1, "ready")]
    assert [page.deliveries[each.delivery].name for each in page.moments[0].changes] == ["web", "other"]
