"""What repositories hold reaches no terminal as a command to it, in whatever view; JSON keeps it, escaped."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from rich.console import Console, RenderableType
from rich.text import Text

from nixernetes.cli import view
from nixernetes.cli.console.choices import Choice
from nixernetes.cli.console.ending import ending
from nixernetes.cli.console.screen import screen
from nixernetes.engine import reports
from nixernetes.engine.outbox import Notice, Notification
from nixernetes.engine.removals import Removal
from nixernetes.engine.reports import DeliveryRow, ObjectStatus, Report
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.provenance import Origin

# A clipboard, a colour, a C1 introducer, a change of the writing direction, a bell, half a surrogate.
ESCAPES = "\x1b]52;c;QQ==\x1b\\\x1b[31m\x9b2J\u202e\x07\ud800"
KEY = ObjectKey(ESCAPES, f"Kind{ESCAPES}", f"ns{ESCAPES}", f"name{ESCAPES}")


def _report(state: reports.State) -> Report:
    entry = ObjectStatus(
        key=KEY, status=f"s{ESCAPES}", message=f"m{ESCAPES}", available=False, came=Origin(file=f"f{ESCAPES}", line=1)
    )
    row = DeliveryRow(
        cluster=f"c{ESCAPES}",
        key=KEY,
        state=state,
        status=f"s{ESCAPES}",
        revision=f"main@{ESCAPES}",
        message=f"m{ESCAPES}",
        warnings=(f"w{ESCAPES}",),
        origin=f"o{ESCAPES}",
        objects=(entry,),
    )
    time = datetime(2026, 1, 1, tzinfo=UTC)
    notice = Notice(time=time, cluster=ESCAPES, key=KEY, reason=ESCAPES, message=ESCAPES, receiver=ESCAPES)
    told = Notification(notice=notice, host=f"h{ESCAPES}", outcome="failed", error=f"e{ESCAPES}")
    return Report(
        time=f"t{ESCAPES}",
        deliveries=(row,),
        notifications=(told, replace(told, outcome="recorded")),
        removals=(Removal(time=time, cluster=ESCAPES, owner=f"o{ESCAPES}", key=KEY),),
        not_verified=f"n{ESCAPES}",
    )


VIEWS: dict[str, Callable[[Report], list[RenderableType]]] = {
    "tree": lambda report: [view.tree(report)],
    "lines": lambda report: [view.line(item) for item in view.changes(None, report)],
    "live": lambda report: [screen(report, Choice(), 80, 24, problem) for problem in ("", f"problem{ESCAPES}")],
    "folded": lambda report: [screen(report, Choice(cluster=report.deliveries[0].cluster, search=ESCAPES[:3]), 30, 24)],
    "ending": lambda report: [Text("\n").join([*ending(report, 60), Text("\\x1b")])],
    "summary": lambda report: [*view.summary(report)],
}


@pytest.mark.parametrize("state", ["ready", "progressing", "failed", "suspended"])
@pytest.mark.parametrize("name", VIEWS)
def test_no_view_writes_what_a_terminal_obeys(name: str, state: reports.State) -> None:
    screen = io.StringIO()
    console = Console(file=screen, color_system=None, width=10_000, highlight=False, emoji=False, markup=False)
    for shown in VIEWS[name](_report(state)):
        console.print(shown)
    assert "\\x1b" in screen.getvalue()
    assert not [letter for letter in screen.getvalue() if letter in ESCAPES and not (" " <= letter <= "~")]


def test_json_has_the_very_text() -> None:
    found = json.loads(json.dumps(reports.to_json(_report("failed"))))
    assert found["deliveries"][0]["message"] == f"m{ESCAPES}"
    assert {field.name for field in fields(DeliveryRow)} - {"key"} <= {*found["deliveries"][0]}
