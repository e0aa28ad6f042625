"""What an assessment says: evidence, the status of each control, and sums that always name their denominator."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from nixernetes.compliance.controls import Control, Framework
from nixernetes.compliance.exceptions import PlacedException
from nixernetes.compliance.objects import AssessedObject, FieldPath, pointer
from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["ComplianceOutcome", "ComplianceReport", "ControlResult", "ControlStatus", "Evidence", "WaivedEvidence"]

_IDENTITY: Final = 16  # hex digits, as those of findings


class ControlStatus(StrEnum):
    """What is known of a control."""

    SATISFIED = "satisfied"
    """All of its checks pass on everything that they are about."""
    NOT_SATISFIED = "not-satisfied"
    """A check fails, and nobody answers for it."""
    EXCEPTED = "excepted"
    """Only failures remain that somebody answers for."""
    NOT_APPLICABLE = "not-applicable"
    """There is nothing that its checks are about."""
    NOT_ASSESSABLE = "not-assessable"
    """Files do not say it: it needs a cluster, people or judgement, or what it is about could not be rendered."""

    @property
    def words(self) -> str:
        """The status as it is spoken."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One failure of one check.

    Attributes:
        check: the check.
        cluster: the cluster.
        subject: the object.
        path: the field.
        expected: what should be there.
        found: what is there; masked where it may be secret.
        file: where a person edits, ``""`` where that is not known.
        line: the line.

    """

    check: str
    cluster: str
    subject: AssessedObject
    path: FieldPath
    expected: str
    found: Json
    file: str = ""
    line: int = 0

    @property
    def object(self) -> str:
        """The object in its one spelling."""
        return str(self.subject.key)

    @property
    def pointer(self) -> str:
        """The JSON pointer of the field."""
        return pointer(self.path)

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def identity(self) -> str:
        """What stays the same when lines move: the check, the cluster, the object, the field."""
        said = repr((self.check, self.cluster, self.object, self.pointer))
        return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:_IDENTITY]

    @property
    def message(self) -> str:
        """What is wrong, on one line."""
        where = f" at {self.pointer}" if self.path else ""
        return f"found {_shown(self.found)}{where}, expected: {self.expected}"


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceOutcome:
    """What one check said of one cluster.

    Attributes:
        check: the check.
        cluster: the cluster.
        subjects: what it was about.
        failures: what is wrong, in the order of the subjects.
        undecided: what nobody can say from files, with the reason in ``expected``.
        problem: why the check itself failed, which is a fault of ours.

    """

    check: str
    cluster: str
    subjects: tuple[AssessedObject, ...] = ()
    failures: tuple[Evidence, ...] = ()
    undecided: tuple[Evidence, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivedEvidence:
    """A failure that somebody answers for."""

    evidence: Evidence
    waiver: ComplianceWaiver


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlResult:
    """What is known of one control.

    Attributes:
        control: the control.
        status: its status.
        evidence: the failures that nobody answers for.
        waived: those that somebody answers for.
        looked_at: how many objects its checks were about.
        failing: how many of them fail, and nobody answers for it.
        reason: why it cannot be assessed, or ``""``.

    """

    control: Control
    status: ControlStatus
    evidence: tuple[Evidence, ...] = ()
    waived: tuple[WaivedEvidence, ...] = ()
    looked_at: int = 0
    failing: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplianceReport:
    """An assessment by one framework.

    Attributes:
        framework: the framework.
        controls: what is known of each of its controls, in their order.
        clusters: the clusters that were looked at.
        expired: waivers that hold no longer, though what they were about still fails.
        unused: waivers that cover nothing.
        unrendered: what could not be rendered.
        exceptions: the PolicyExceptions of Kyverno on the clusters.
        outcomes: what each check said of each cluster.
        assessed_at: the day, or None.
        revision: what was assessed, or ``""``.

    """

    framework: Framework
    controls: tuple[ControlResult, ...]
    clusters: tuple[str, ...]
    expired: tuple[ComplianceWaiver, ...] = ()
    unused: tuple[ComplianceWaiver, ...] = ()
    unrendered: tuple[str, ...] = ()
    exceptions: tuple[PlacedException, ...] = ()
    outcomes: tuple[ComplianceOutcome, ...] = field(default=(), repr=False)
    assessed_at: date | None = None
    revision: str = ""

    @cached_property
    def counts(self) -> Mapping[ControlStatus, int]:
        """How many controls have each status."""
        found = Counter(each.status for each in self.controls)
        return {status: found[status] for status in ControlStatus}

    @property
    def total(self) -> int:
        """How many controls there are."""
        return len(self.controls)

    @property
    def assessable(self) -> int:
        """How many controls could be assessed."""
        return self.total - self.counts[ControlStatus.NOT_ASSESSABLE]

    @cached_property
    def passing_checks(self) -> tuple[int, int]:
        """How many of the checks that serve its controls pass on everything that they are about, out of how many."""
        mapped = {check for each in self.controls for check in each.control.checks}
        failing = {each.check for each in self.outcomes if each.failures or each.undecided or each.problem}
        seen = {each.check for each in self.outcomes if each.subjects} if not self.unrendered else set()
        return len(seen - failing), len(mapped)

    @property
    def summary(self) -> str:
        """One line: how many controls have which status, out of how many."""
        counts = self.counts
        looked = any(each.subjects for each in self.outcomes)
        if not looked and not (counts[ControlStatus.NOT_SATISFIED] or counts[ControlStatus.SATISFIED]):
            return f"{self.framework.name}: nothing to assess"
        said = f"{counts[ControlStatus.SATISFIED]} satisfied, {counts[ControlStatus.NOT_SATISFIED]} not satisfied"
        for status in (ControlStatus.EXCEPTED, ControlStatus.NOT_APPLICABLE):
            said += f", {counts[status]} {status.words}" if counts[status] else ""
        rest = f"{counts[ControlStatus.NOT_ASSESSABLE]} of {self.total} not assessable from files"
        return f"{self.framework.name}: {said}; {rest}"

    @property
    def findings(self) -> tuple[Evidence, ...]:
        """All failures that nobody answers for, each once, sorted by what they are about."""
        found = {each.identity: each for control in self.controls for each in control.evidence}
        return tuple(sorted(found.values(), key=lambda each: (each.cluster, each.object, each.check, each.pointer)))

    def result(self, control: str) -> ControlResult:
        """Return what is known of a control.

        Raises:
            InputError: the framework has none of that name.

        """
        wanted = self.framework.control(control)
        found = next((each for each in self.controls if each.control is wanted), None)
        if found is None:
            raise InputError(f"{self.framework.name} has no control {control}", subject=control)
        return found

    def located(self, place: Callable[[Evidence], tuple[str, int]]) -> ComplianceReport:
        """Return the report with the places of evidence as a function gives them."""
        known: dict[int, Evidence] = {}

        def moved(each: Evidence) -> Evidence:
            if id(each) not in known:
                file, line = place(each)
                known[id(each)] = replace(each, file=file, line=line)
            return known[id(each)]

        controls = tuple(
            replace(
                control,
                evidence=tuple(map(moved, control.evidence)),
                waived=tuple(replace(each, evidence=moved(each.evidence)) for each in control.waived),
            )
            for control in self.controls
        )
        return replace(self, controls=controls)
