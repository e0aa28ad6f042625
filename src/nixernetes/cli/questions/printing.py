"""How answers are printed: aligned columns as kubectl's, sections as describe's, or data. Nothing is ever cut."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from nixernetes.errors import printable
from nixernetes.objects.manifest import Json

__all__ = ["columns", "data", "say", "section"]

_GAP = 3


def say(text: str, *, err: bool = False) -> None:
    """Print a line that does nothing to the terminal."""
    stream = sys.stderr if err else sys.stdout
    stream.write(f"{printable(text)}\n")
    stream.flush()


def columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; every line of a cell becomes one, so that a row is a line."""
    cells = [[printable(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(list(heads), *cells, strict=True)]
    for row in (list(heads), *cells):
        say((" " * _GAP).join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def section(fields: Sequence[Sequence[str]]) -> None:
    """Print labels with what they say, aligned."""
    width = max((len(label) for label, _ in fields), default=0) + 1
    for label, text in fields:
        say(f"{label + ':' if label else '':<{width}}  {text}".rstrip())


def data(value: Json, output: str) -> None:
    """Print data as JSON or YAML."""
    if output == "json":
        sys.stdout.write(json.dumps(value, indent=2) + "\n")
    else:
        from nixernetes.objects import yamls  # noqa: PLC0415  # JSON must not pay for it

        sys.stdout.write(yamls.dump(value))
    sys.stdout.flush()
