"""Findings that somebody accepts: by a comment in place, by an exception of the settings, or by a baseline.

``# nixernetes: ignore[rule] reason`` stands on the line of a finding or on the one above it. The reason is required. A
comment or an exception that matches nothing is itself reported, so that no list of excuses grows old. An exception that
has ended accepts nothing any more: its findings are back, and name it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from nixernetes.languages.globs.gitignore import parse
from nixernetes.verify.findings import Finding, Place
from nixernetes.verify.places import Places
from nixernetes.verify.rules.safety.unused_ignore import RULE as IGNORE
from nixernetes.verify.rules.safety.unused_setting import RULE as SETTING

__all__ = ["Acceptance", "Exemption", "accepted", "unused_setting"]

_COMMENT: Final = re.compile(r"#\s*nixernetes:\s*ignore\[([\w,\s/-]+)\]\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """An exception of the settings.

    Attributes:
        rule: the rule.
        reason: why.
        object: the object that it is for; ``""`` for any.
        path: the files that it is for, as a pattern of a ``.gitignore``; ``""`` for any.
        until: the last day on which it holds; None for ever.
        place: where it is written.

    """

    rule: str
    reason: str
    object: str = ""
    path: str = ""
    until: date | None = None
    place: Place = Place()  # noqa: RUF009  # a tuple, that nobody changes

    def covers(self, finding: Finding) -> bool:
        """Tell whether it is about a finding, on whichever day."""
        if self.rule != finding.rule or (self.object and self.object != finding.object):
            return False
        return not self.path or _lies_in(finding.place.file, self.path)

    def has_ended(self, today: date) -> bool:
        """Tell whether it accepts nothing any more."""
        return self.until is not None and today > self.until


def _lies_in(file: str, pattern: str) -> bool:
    """Tell whether a pattern of a ``.gitignore`` names a file, or a folder that it is in."""
    parts = tuple(file.split("/"))
    return any(
        each.matches(parts[:depth], is_folder=depth < len(parts))
        for each in parse([pattern])
        for depth in range(1, len(parts) + 1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What is accepted.

    Attributes:
        exemptions: exceptions of the settings.
        baseline: fingerprints of findings that were there when the checks began.
        today: the day.
        is_whole: whether all of the repository was checked, so that what matches nothing there is told.

    """

    exemptions: Sequence[Exemption] = ()
    baseline: Collection[str] = ()
    today: date = date.min
    is_whole: bool = True


def accepted(findings: Sequence[Finding], places: Places, acceptance: Acceptance) -> tuple[list[Finding], int]:
    """Return the findings that nobody accepts, with those about comments that match nothing, and how many are accepted.

    Args:
        findings: the findings.
        places: reads the files that they stand in.
        acceptance: what is accepted.

    """
    kept: list[Finding] = []
    used: set[tuple[str, int]] = set()
    matched: set[Exemption] = set()
    for finding in findings:
        comment = _comment(finding, places)
        if comment is not None:
            used.add(comment)
            continue
        about = [each for each in acceptance.exemptions if each.covers(finding)]
        matched.update(about)
        if finding.fingerprint in acceptance.baseline or not all(each.has_ended(acceptance.today) for each in about):
            continue
        ended = tuple((each.place, f"the exception ended with {each.until}: {each.reason}") for each in about)
        kept.append(replace(finding, related=(*finding.related, *ended)))
    unused = [*_unused(places, used), *_unmatched(acceptance.exemptions, matched)] if acceptance.is_whole else []
    return sorted([*kept, *unused], key=lambda each: each.place), len(findings) - len(kept)


def unused_setting(place: Place, message: str) -> Finding:
    """Return the finding that something of the settings is about nothing."""
    return Finding(rule=SETTING.name, topic=SETTING.topic, severity=SETTING.severity, message=message, place=place)


def _unmatched(exemptions: Sequence[Exemption], matched: Collection[Exemption]) -> Iterator[Finding]:
    for each in exemptions:
        if each not in matched:
            yield unused_setting(each.place, f"this exception for {each.rule} matches no finding: remove it")


def _comment(finding: Finding, places: Places) -> tuple[str, int] | None:
    lines = places.text(finding.place.file).splitlines() if finding.place.line else []
    for number in (finding.place.line, finding.place.line - 1):
        found = _COMMENT.search(lines[number - 1]) if 0 < number <= len(lines) else None
        if found is not None and found[2] and finding.rule in _names(found[1]):
            return finding.place.file, number
    return None


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _unused(places: Places, used: set[tuple[str, int]]) -> Iterator[Finding]:
    for file in places.tree.walk():
        if not file.endswith((".yaml", ".yml")):
            continue
        data = places.tree.read(file)
        if b"nixernetes: ignore[" not in data:
            continue
        for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
            found = _COMMENT.search(line)
            if found is None or (file, number) in used:
                continue
            fact = "gives no reason" if not found[2] else "matches no finding: remove it"
            yield Finding(
                rule=IGNORE.name,
                topic=IGNORE.topic,
                severity=IGNORE.severity,
                message=f"this comment {fact}",
                place=Place(file, number, found.start() + 1),
            )
