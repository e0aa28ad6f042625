"""Writes docs/images/states-*.svg: the state machines of the engine, drawn from their tables.

Run it again when a table changes. The tables know nothing of a drawing: where a state stands is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from math import hypot
from pathlib import Path

from nixernetes.engine.argocd.operation_phases import OPERATION
from nixernetes.engine.flux.helm.state import RELEASE
from nixernetes.engine.state_machines import StateMachine

__all__ = ["PICTURES"]

TARGET = Path(__file__).parent.parent / "docs" / "images"
Place = tuple[float, float]

# Where each state of a machine stands, in columns and rows; a machine without places is drawn as rows.
OPERATION_PLACES: Mapping[str, Place] = {
    "": (0, 1),
    "Running": (1.25, 1),
    "Terminating": (1.25, 2.1),
    "Succeeded": (2.6, 0),
    "Failed": (2.6, 2.1),
    "Error": (2.6, 1),
}
COLUMN, ROW, LEFT, TOP, STEP = 230, 120, 90, 60, 52  # pixels
WIDE, HIGH = 108, 34
STYLE = (
    ".b{fill:#fff;stroke:#cbd5e1}.n{fill:#f1f5f9;stroke:#475569;stroke-width:1.4}.t{fill:#0f172a;font-weight:600}"
    ".e{fill:none;stroke:#64748b;stroke-width:1.4}.w{fill:#334155;font-size:11.5px}.h{stroke:#fff;stroke-width:4;"
    "paint-order:stroke}text{font:13px system-ui,sans-serif;text-anchor:middle;dominant-baseline:central}"
)


def graph_of(machine: StateMachine, places: Mapping[str, Place]) -> str:
    """Return a picture of a state machine as a graph.

    Args:
        machine: the table.
        places: where each of its states stands; a state without a place is an error.

    """
    events: dict[tuple[str, str], list[str]] = {}
    for state, event, to in machine.arrows():
        events.setdefault((state, to), []).append(event)
    wrong = {state for arrow in events for state in arrow} ^ set(places)
    if wrong:
        raise ValueError(f"{machine.name}: these states have no place, or are not states: {sorted(wrong)}")
    at = {state: (LEFT + column * COLUMN, TOP + row * ROW) for state, (column, row) in places.items()}
    arrows = [line for each, words in events.items() for line in _arrow(at, each, words, both=each[::-1] in events)]
    nodes = [line for state, place in at.items() for line in _node(state, place)]
    width, height = max(x for x, _ in at.values()) + LEFT, max(y for _, y in at.values()) + TOP
    return _picture(machine, width, height, [*arrows, *nodes])


def rows_of(machine: StateMachine) -> str:
    """Return a picture of a state machine as rows: a state, what is done about it, and what it can end in."""
    ends: dict[tuple[str, str], list[str]] = {}
    for state, event, to in machine.arrows():
        ends.setdefault((state, event), []).append(to)
    lines: list[str] = []
    told = ""
    for row, ((state, event), states) in enumerate(ends.items()):
        y = 40 + STEP * row
        lines += _node(state, (LEFT, y)) if state != told else []
        start, end = LEFT + WIDE / 2 + 2, LEFT + 222 - WIDE / 2 - 4
        lines.append(f'<path class="e" marker-end="url(#a)" d="M{start:g} {y}L{end:g} {y}"/>')
        lines += _words((start + end) / 2 - 4, y, [event])
        for column, to in enumerate(states):
            lines += _node(to, (LEFT + 222 + column * (WIDE + 14), y))
        told = state
    width = LEFT + 222 + max(map(len, ends.values())) * (WIDE + 14) - WIDE / 2 + 22
    return _picture(machine, width, 40 + STEP * len(ends) - 12, lines)


def _picture(machine: StateMachine, width: float, height: float, lines: Sequence[str]) -> str:
    wide, high = round(width), round(height)
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    head = '<marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    found = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(machine.name)}: its states</title><style>{STYLE}</style>",
        f'<defs>{head}<path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>',
        f'<rect class="b" x=".5" y=".5" width="{wide - 1}" height="{high - 1}" rx="8"/>',
        *lines,
        "</svg>",
    ]
    return "\n".join(found) + "\n"


def _node(state: str, place: Place) -> Iterator[str]:
    x, y = place
    if not state:
        yield f'<circle class="t" cx="{x:g}" cy="{y:g}" r="7"/>'
        return
    yield f'<rect class="n" x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}" width="{WIDE}" height="{HIGH}" rx="17"/>'
    yield f'<text class="t" x="{x:g}" y="{y:g}">{escape(state)}</text>'


def _arrow(at: Mapping[str, Place], arrow: tuple[str, str], words: list[str], *, both: bool) -> Iterator[str]:
    (x, y), (to_x, to_y) = at[arrow[0]], at[arrow[1]]
    if arrow[0] == arrow[1]:
        top = y - HIGH / 2
        yield f'<path class="e" marker-end="url(#a)" d="M{x - 22:g} {top:g}c-6 -30 50 -30 44 -1"/>'
        yield from _words(x, top - 30, words)
        return
    away = hypot(to_x - x, to_y - y)
    side_x, side_y = -(to_y - y) / away, (to_x - x) / away  # to the right of the way
    bend = 26 if both else 0
    mid = ((x + to_x) / 2 + side_x * bend, (y + to_y) / 2 + side_y * bend)
    start, end = _edge((x, y), mid, arrow[0]), _edge((to_x, to_y), mid, arrow[1])
    way = f"M{start[0]:.1f} {start[1]:.1f}Q{mid[0]:.1f} {mid[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    yield f'<path class="e" marker-end="url(#a)" d="{way}"/>'
    yield from _words((start[0] + end[0]) / 4 + mid[0] / 2, (start[1] + end[1]) / 4 + mid[1] / 2, words)


def _edge(centre: Place, towards: Place, state: str) -> Place:
    """Return where a line from the centre of a state leaves it."""
    x, y = towards[0] - centre[0], towards[1] - centre[1]
    wide, high = (WIDE / 2 + 2, HIGH / 2 + 2) if state else (9, 9)
    scale = min(wide / abs(x) if x else 9e9, high / abs(y) if y else 9e9)
    return centre[0] + x * scale, centre[1] + y * scale


def _words(x: float, y: float, words: list[str]) -> Iterator[str]:
    for number, word in enumerate(words):
        yield f'<text class="w h" x="{x:.1f}" y="{y + 14 * (number - (len(words) - 1) / 2):.1f}">{escape(word)}</text>'


PICTURES: Mapping[str, Callable[[], str]] = {
    "states-operation": lambda: graph_of(OPERATION, OPERATION_PLACES),
    "states-release": lambda: rows_of(RELEASE),
}

if __name__ == "__main__":
    for name, drawn in PICTURES.items():
        (TARGET / f"{name}.svg").write_text(drawn())
