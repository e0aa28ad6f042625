"""The table of deliveries: whole columns at any width, and the message wrapped below its row.

Cluster, kind, name and status are never cut: where a line has not enough room for them, the longest of cluster and name
folds onto more lines inside its column.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from nixernetes.cli.console.shown import MARKS, STYLES
from nixernetes.engine.reports import DeliveryRow, short_revision
from nixernetes.errors import printable

__all__ = ["table_lines", "wrapped"]

_HEADS = ("CLUSTER", "KIND", "NAME", "STATUS")
_GAP = 2
_NARROWEST = 8  # a column that folds keeps so much, whatever the terminal
_INDENT = "    "


def table_lines(rows: Sequence[DeliveryRow], width: int) -> Iterator[Text]:
    """Yield the lines of a table, the heading first; every line fits the width."""
    names = _names(rows)
    cells = [
        (item.cluster, item.key.kind, name, f"{MARKS[item.state]} {item.status}")
        for item, name in zip(rows, names, strict=True)
    ]
    widths = _widths([_HEADS, *cells], width)
    revision = _revision_width(rows, width - sum(widths) - _GAP * len(widths))
    yield from _row((*_HEADS, "REVISION" if revision else ""), widths, "bold", "bold")
    for item, cell in zip(rows, cells, strict=True):
        shown = _short(item) if revision else ""
        yield from _row((*cell, shown), widths, "", STYLES[item.state])
        if item.state != "ready" and item.message:
            yield from _message(item.message, width)


def _names(rows: Sequence[DeliveryRow]) -> list[str]:
    """Return the names, with the namespace where two rows would look alike."""
    alike = Counter((item.cluster, item.key.kind, item.key.name) for item in rows)
    return [
        f"{item.key.namespace}/{item.key.name}"
        if alike[item.cluster, item.key.kind, item.key.name] > 1
        else item.key.name
        for item in rows
    ]


def _widths(cells: Iterable[Sequence[str]], width: int) -> list[int]:
    """Return the widths of the columns: as wide as what stands in them, where all of it has room."""
    widths = [max(map(cell_len, map(printable, column))) for column in zip(*cells, strict=True)]
    over = sum(widths) + _GAP * (len(widths) - 1) - width
    while over > 0:
        foldable = [at for at in (0, 2, 1, 3) if widths[at] > _NARROWEST]
        if not foldable:
            break
        first = [at for at in foldable if at in (0, 2)] or foldable  # kind and status fold last
        widest = max(first, key=lambda at: widths[at])
        widths[widest] -= 1
        over -= 1
    return widths


def _revision_width(rows: Sequence[DeliveryRow], room: int) -> int:
    """Return how wide revisions are, or 0 where the line has no room for them."""
    wanted = max([len("REVISION"), *(cell_len(printable(_short(item))) for item in rows)])
    return wanted if wanted <= room else 0


def _short(item: DeliveryRow) -> str:
    return short_revision(item.revision).partition("+")[0]


def _row(cells: Sequence[str], widths: Sequence[int], style: str, status: str) -> Iterator[Text]:
    """Yield a row: one line, or more where a cell folds."""
    *whole, revision = cells
    folded = [_folded(printable(cell), wide) for cell, wide in zip(whole, widths, strict=True)]
    for number in range(max(map(len, folded))):
        line = Text()
        for at, (parts, wide) in enumerate(zip(folded, widths, strict=True)):
            part = parts[number] if number < len(parts) else ""
            line.append(part + " " * (wide - cell_len(part) + _GAP), style=status if at == 3 else style)
        if not number:
            line.append(printable(revision), style="cyan" if style != "bold" else style)
        line.rstrip()
        yield line


def _folded(text: str, width: int) -> list[str]:
    """Fold a text without losing a character, after a mark between words where there is one."""
    parts: list[str] = []
    while cell_len(text) > width:
        cut = max((text.rfind(mark, 1, width) + 1 for mark in "-./ "), default=0)
        cut = cut if cut > width // 2 else width
        while cell_len(text[:cut]) > width:
            cut -= 1
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _message(message: str, width: int) -> Iterator[Text]:
    for line in wrapped(message, width, _INDENT):
        yield Text(line)


def wrapped(message: str, width: int, indent: str = "") -> list[str]:
    """Return a message as lines of at most so many characters; words that are longer fold."""
    text = printable(short_revision(" ".join(message.split())))
    room = max(width, len(indent) + 20)
    return textwrap.wrap(text, room, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
