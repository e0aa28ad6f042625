"""The comments of a YAML text, carried to the text that its changed nodes are printed as.

A comment belongs to the key or list item below it, or beside it, or, where it is indented more than what follows, to
what it follows; the last ones end the text (go-yaml v3, ``parserc.go`` and ``emitterc.go``). Blank lines go, but for
one behind comments that begin a text, and one before comments that end it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixernetes.render.kustomize.resources.yaml_text import YamlNode

__all__ = ["carried"]

_BESIDE = re.compile(r"[^#]*?\s(#.*)")


@dataclass(slots=True)
class _Comments:
    """The comments of a text, by the lines of the new text.

    Attributes:
        head: those before all else, with blank lines.
        above: those above a line; each says whether it ends the lines before rather than begins those that follow.
        beside: those at the end of a line.
        foot: those behind all else, with blank lines.

    """

    head: list[str] = field(default_factory=list)
    above: dict[int, list[tuple[bool, str]]] = field(default_factory=dict)
    beside: dict[int, str] = field(default_factory=dict)
    foot: list[str] = field(default_factory=list)


def carried(old: str, root: YamlNode, new: str, written: YamlNode | None) -> str:
    """Return the new text with the comments of the old one.

    Args:
        old: the text that was read.
        root: its first document.
        new: the text of the same document with changed values, and more keys or items behind those that were there.
        written: the new text's document.

    """
    if written is None or ("#" not in old and ">" not in old):
        return new
    pairs = list(_pairs(root, written))
    comments = _comments(pairs, old.splitlines())
    # go-yaml ends a folded text that ends in a line break with one more (``yaml_emitter_write_folded_scalar``).
    gaps = {after.end[0] for _, after in pairs if after.style == ">" and after.text.endswith("\n")}
    return "\n".join([*comments.head, *_woven(new.splitlines(), comments, gaps), *comments.foot])


def _comments(pairs: list[tuple[YamlNode, YamlNode]], lines: list[str]) -> _Comments:
    found = _Comments()
    begun: dict[int, tuple[int, int]] = {}  # line of the old text -> its column, and the line of the new text
    ended: dict[int, tuple[int, int]] = {}
    held: set[int] = set()
    for before, after in pairs:
        line, column = before.start
        begun.setdefault(line, (column, after.start[0]))
        if before.kind == "scalar":
            held.update(range(line + 1, before.end[0] + (before.end[1] > 0)))
            if before.style not in ("|", ">"):
                ended[before.end[0]] = max(ended.get(before.end[0], (0, 0)), (before.end[1], after.end[0]))
    first = min(begun, default=0)
    waiting: list[tuple[int, str]] = []
    for number, row in enumerate(lines):
        bare = row.strip()
        if number in ended and (beside := _BESIDE.match(row, ended[number][0])):
            found.beside[ended[number][1]] = beside[1].strip()
        if number in held:
            continue
        if bare.startswith("#"):
            waiting.append((row.index("#"), bare))
        elif not bare:
            waiting.append((0, ""))
        elif number in begun:
            column, place = begun[number]
            if number == first:
                found.head, waiting = _head(waiting)
            found.above[place] = [(left > column, text) for left, text in waiting if text]
            waiting = []
    found.foot = _foot([text for _, text in waiting])
    return found


def _head(waiting: list[tuple[int, str]]) -> tuple[list[str], list[tuple[int, str]]]:
    """Part what stands before all else: up to the last blank line it is of the text, behind it of the first entry."""
    texts = [text for _, text in waiting]
    if not any(texts) or "" not in texts[next(i for i, text in enumerate(texts) if text) :]:
        return [], waiting
    last = len(texts) - texts[::-1].index("")
    return [*_foot(texts[:last])[texts[0] == "" :], ""], waiting[last:]


def _foot(texts: list[str]) -> list[str]:
    """Return lines without blank ones at the end, and with one at a time elsewhere."""
    while texts and not texts[-1]:
        texts = texts[:-1]
    return [text for text, before in zip(texts, ["#", *texts], strict=False) if text or before]


def _pairs(before: YamlNode, after: YamlNode) -> Iterator[tuple[YamlNode, YamlNode]]:
    """Yield the nodes that both texts have, with their places in each."""
    yield before, after
    if before.kind == after.kind:
        for old, new in zip(before.rows, after.rows, strict=False):
            yield from _pairs(old, new)


def _woven(lines: list[str], comments: _Comments, gaps: set[int]) -> Iterator[str]:
    before = ""
    for number, line in enumerate(lines):
        if number in gaps:
            yield ""
        indent = line[: len(line) - len(line.lstrip())]
        for is_foot, comment in comments.above.get(number, ()):
            yield (before if is_foot else indent) + comment
        yield f"{line} {comments.beside[number]}" if number in comments.beside else line
        before = indent
