"""What a rule says: a finding, where it is, and who it is about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

__all__ = ["Finding", "Place", "Severity", "merged"]

_FINGERPRINT: Final = 16  # hex digits: enough that no two findings of a repository meet


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """A cluster refuses it, or it cannot work as written."""
    WARNING = "warning"
    """It works, and hardly as it was meant."""
    INFO = "info"
    """Worth knowing; never a reason to fail."""

    @property
    def rank(self) -> int:
        """The higher, the worse."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Place(NamedTuple):
    """A place in a file of the repository.

    Attributes:
        file: the path, relative to the repository; ``""`` where no file of it says so.
        line: the line (1-based), or 0 for the whole file.
        column: the column (1-based), or 0.

    """

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or worth knowing.

    Attributes:
        rule: the identifier of the rule.
        topic: what kind of thing it is about.
        severity: how much it matters.
        message: the fact and the remedy, on one line, without the object.
        object: the object in its one spelling; ``""`` where it is about a file.
        delivery: what brings the object to its cluster, or ``""``.
        clusters: the clusters that it concerns, sorted.
        place: where a person edits.
        related: other places that have a part in it, each with a word about it.
        path: the field.

    """

    rule: str
    topic: str
    severity: Severity
    message: str
    object: str = ""
    delivery: str = ""
    clusters: tuple[str, ...] = ()
    place: Place = Place()  # noqa: RUF009  # a tuple, that nobody changes
    related: tuple[tuple[Place, str], ...] = ()
    path: tuple[str | int, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What stays the same when lines move, or what is near to it: rule, file, object, field and fact."""
        fact = self.message.partition(": is it ")[0]  # what was perhaps meant depends on what else is there
        said = repr((self.rule, self.place.file, self.object, self.path, fact))
        return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:_FINGERPRINT]


def merged(findings: list[Finding]) -> list[Finding]:
    """Return findings sorted by place; what is the same through several clusters or deliveries is one finding."""
    known: dict[tuple[str, str, Place, str], Finding] = {}
    for each in findings:
        key = (each.rule, each.object, each.place, each.message)
        before = known.get(key)
        if before is not None:
            clusters = tuple(sorted({*before.clusters, *each.clusters}))
            worst = max(before.severity, each.severity, key=lambda severity: severity.rank)
            each = replace(before, clusters=clusters, severity=worst)  # noqa: PLW2901  # the same finding, wider
        known[key] = each
    return sorted(known.values(), key=lambda each: (each.place, -each.severity.rank, each.rule, each.object))
