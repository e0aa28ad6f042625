"""What a rule is: an identifier, a topic, a severity, one sentence, and a function from the platform to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nixernetes.verify.findings import Finding, Place, Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView, Subject

__all__ = ["Check", "Found", "Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the function of a rule says of one field.

    Attributes:
        cluster: where it is so; None for a file that concerns no cluster yet.
        message: the fact and the remedy.
        subject: the object or delivery; None where it is about a file.
        path: the field.
        place: where a person edits; None: where the field is written.
        severity: how much it matters; None: as the rule says.
        related: other places, each with a word about it.
        topic: what kind of thing it is about; ``""``: as the rule says.

    """

    cluster: ClusterObjects | None
    message: str
    subject: Subject | None = None
    path: FieldPath = ()
    place: Place | None = None
    severity: Severity | None = None
    related: Sequence[tuple[Place, str]] = ()
    topic: str = ""


Check: TypeAlias = Callable[[PlatformView], Iterable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule.

    Attributes:
        name: its identifier, as ``missing-source``.
        topic: what kind of thing it is about, as the documentation groups rules.
        severity: how much its findings matter, unless one says otherwise.
        sentence: what it demands.
        check: finds where a platform does not do so.

    """

    name: str
    topic: str
    severity: Severity
    sentence: str
    check: Check

    def findings(self, view: PlatformView) -> list[Finding]:
        """Return what the rule finds in a platform."""
        return [self._finding(view, each) for each in self.check(view)]

    def _finding(self, view: PlatformView, found: Found) -> Finding:
        subject = found.subject
        owner = subject.owner if isinstance(subject, Placed) else None
        return Finding(
            rule=self.name,
            topic=found.topic or self.topic,
            severity=found.severity or self.severity,
            message=found.message,
            object=str(subject.key) if subject is not None else "",
            delivery=str(owner.key) if owner is not None else "",
            clusters=(found.cluster.name,) if found.cluster is not None else (),
            place=_place(view, found),
            related=tuple(found.related),
            path=found.path,
        )


def _place(view: PlatformView, found: Found) -> Place:
    """Return where a person edits: as the rule says it, else where the field is written."""
    if found.place is not None:
        return found.place
    return view.place(found.subject, found.path) if found.subject is not None else Place()
