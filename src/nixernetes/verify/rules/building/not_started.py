"""``not-started``: the files that start a cluster can be read and built."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for note in view.platform.notes:
        if note.is_problem:
            file, _, line = note.place.rpartition(":")
            place = Place(file, int(line)) if line.isdigit() else Place(note.place)
            topic = "duplicate-owner" if "is also declared in" in note.message else ""
            yield Found(cluster=view.hubs.get(note.cluster), message=note.message, place=place, topic=topic)


RULE: Final = Rule(
    name="not-started",
    topic="kustomize-build",
    severity=Severity.ERROR,
    sentence="The files that start a cluster can be read and built.",
    check=_check,
)
