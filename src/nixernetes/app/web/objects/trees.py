"""Long trees sent in parts: the lines that are asked for, and of those that somebody has already only where they are.

A delivery of ten thousand objects is three megabytes of lines, of which a screen shows thirty. So the page asks for the
first few hundred, and for more as it shows them; and it says which tree it has, by a name that came with it, so that a
change sends the lines that changed. Holds the latest trees that were sent, at most so many lines of them: whoever has
an older one is told everything.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import uuid4

from nixernetes.app.web.values import DeliveryPage, ObjectLine, TreeSpan

__all__ = ["SentTrees"]

_MOST_TREES: Final = 64
_MOST_LINES: Final = 100_000  # of all that are held: about fifty megabytes
_MOST_DIGITS: Final = 9


class _Sent(NamedTuple):
    """A tree as somebody has it."""

    lines: tuple[ObjectLine, ...]
    shown: int


class SentTrees:
    """The trees that were sent, by the names that came with them."""

    def __init__(self) -> None:
        self._name = uuid4().hex[:12]  # of this run: no other's trees are taken for ours
        self._number = 0
        self._sent: dict[str, _Sent] = {}
        self._turn = threading.Lock()

    def windowed(self, page: DeliveryPage, about: Mapping[str, str]) -> DeliveryPage:
        """Return a page with the part of its tree that is asked for.

        Args:
            page: the page, with the whole tree.
            about: what is asked: at most `lines` of them, by somebody who has the tree `have`; without either,
                everything is told.

        """
        lines, have = about.get("lines", ""), self._sent.get(about.get("have", ""))
        if not lines and "have" not in about:
            return replace(page, tree_size=len(page.tree))
        most = int(lines) if lines.isascii() and lines.isdecimal() and len(lines) < _MOST_DIGITS else len(page.tree)
        known = have.lines[: have.shown] if have is not None else ()
        spans, tree = _compared(known, page.tree[:most])
        with self._turn:
            name = self._keep(_Sent(page.tree, min(most, len(page.tree))), about.get("have", ""))
        if have is None:
            return replace(page, tree=tree, tree_size=len(page.tree), tree_name=name)
        told = tuple(_between(spans, tree))
        return replace(page, tree=told, tree_size=len(page.tree), tree_name=name, tree_spans=tuple(spans))

    def _keep(self, sent: _Sent, before: str) -> str:
        """Keep a tree, and return its name: the one that it has already, where it is the very same."""
        if self._sent.get(before) == sent:
            self._sent[before] = self._sent.pop(before)
            return before
        self._number += 1
        name = f"{self._name}-{self._number}"
        self._sent[name] = sent
        total = sum(len(each.lines) for each in self._sent.values())
        while len(self._sent) > 1 and (len(self._sent) > _MOST_TREES or total > _MOST_LINES):
            total -= len(self._sent.pop(next(iter(self._sent))).lines)
        return name


def _compared(
    known: Sequence[ObjectLine], tree: tuple[ObjectLine, ...]
) -> tuple[list[TreeSpan], tuple[ObjectLine, ...]]:
    """Return which lines of a tree somebody has, in runs of lines that follow each other in both, and the tree."""
    start = 0
    most = min(len(known), len(tree))
    while start < most and known[start] == tree[start]:
        start += 1
    end = 0
    while end < most - start and known[-1 - end] == tree[-1 - end]:
        end += 1
    spans = [TreeSpan(at=0, had=0, count=start)] if start else []
    spans += _middle(known, tree, start, end)
    if end:
        spans.append(TreeSpan(at=len(tree) - end, had=len(known) - end, count=end))
    return spans, tree


def _middle(known: Sequence[ObjectLine], tree: tuple[ObjectLine, ...], start: int, end: int) -> Iterator[TreeSpan]:
    places = {line: at for at, line in enumerate(known[start : len(known) - end], start)}
    at = start
    while at < len(tree) - end:
        had = places.get(tree[at], -1)
        count = 0
        while had >= 0 and at + count < len(tree) - end and had + count < len(known) - end:
            if known[had + count] != tree[at + count]:
                break
            count += 1
        if count:
            yield TreeSpan(at=at, had=had, count=count)
        at += count or 1


def _between(spans: Sequence[TreeSpan], tree: Sequence[ObjectLine]) -> Iterator[ObjectLine]:
    """Yield the lines of a tree that are in none of some spans of it."""
    at = 0
    for span in spans:
        yield from tree[at : span.at]
        at = span.at + span.count
    yield from tree[at:]
