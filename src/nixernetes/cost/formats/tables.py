"""Rows of texts as a table that lines up, or as one of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixernetes.errors import printable

__all__ = ["aligned", "markdown_cell", "markdown_table", "spreadsheet_cell"]


def aligned(rows: Sequence[Sequence[str]], *, left: Sequence[int] = (0,)) -> Iterator[str]:
    """Yield rows with columns of one width; those that are named lean left, others right."""
    widths = [max(len(printable(row[index])) for row in rows) for index in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [
            printable(text).ljust(width) if index in left else printable(text).rjust(width)
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def markdown_cell(text: str) -> str:
    """Return a text for a cell: on one line, and nothing in it is markup of another kind."""
    return printable(" ".join(text.split())).replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def spreadsheet_cell(text: str) -> str:
    """Return a text for a cell of CSV: no terminal obeys it, and no spreadsheet takes it for a formula."""
    shown = printable(text)
    is_number = shown[:1] in "+-" and shown[1:].replace(".", "", 1).isdigit()
    is_formula = bool(shown) and shown[0] in "=+-@\t\r" and not is_number and shown != "-"
    return f"'{shown}" if is_formula else shown


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: Sequence[int] = (0,)) -> Iterator[str]:
    """Yield the lines of a table of Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' if index in left else '---:' for index in range(len(head)))}|"
    for row in rows:
        yield f"| {' | '.join(map(markdown_cell, row))} |"
