"""``get --watch``: the rows of ``get``, then each row that is new or has changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from nixernetes.cli.questions.asking import Inquiry, checked_form
from nixernetes.cli.questions.printing import columns
from nixernetes.cli.questions.reading import shown_tables
from nixernetes.errors import InputError

__all__ = ["watch"]

_LOOK_SECONDS: Final = 0.5
_CHANGES_BY_ITSELF: Final = "AGE"  # a column that is another each second, and tells of no change


def watch(question: Inquiry) -> None:
    """Print rows until the user ends it; what is gone is not told, as by kubectl.

    Raises:
        InputError: a form that is not rows.
        RemoteError: no ``up`` runs, or it ended meanwhile.

    """
    if checked_form(question.output, ("wide", "yaml", "json", "name")) not in ("", "wide"):
        raise InputError("--watch prints rows: leave -o out, or use -o wide", subject=f"-o {question.output}")
    before: set[tuple[str, ...]] = set()
    while True:
        now: set[tuple[str, ...]] = set()
        for heads, rows in shown_tables(question):
            known = [(_compared(heads, row), row) for row in rows]
            now.update(key for key, _ in known)
            new = [row for key, row in known if key not in before]
            if new:
                columns(heads, new)
        before = now
        time.sleep(_LOOK_SECONDS)


def _compared(heads: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    cells = (cell for head, cell in zip(heads, row, strict=True) if head != _CHANGES_BY_ITSELF)
    return (*heads, *map(str, cells))
