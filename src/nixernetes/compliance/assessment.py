"""The assessment: every check that a framework asks for, once over each cluster; then the status of each control.

Pure: objects in, a report out. The day is an argument, since waivers end with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Protocol, TypeAlias

from nixernetes.compliance.checks.catalog import is_absence
from nixernetes.compliance.checks.check import CheckScene, ComplianceCheck
from nixernetes.compliance.checks.registry import CHECKS
from nixernetes.compliance.controls import Control, Framework, framework as framework_of
from nixernetes.compliance.exceptions import placed_exceptions
from nixernetes.compliance.objects import AssessedCluster, AssessedObject, ClusterIndex
from nixernetes.compliance.options import AssessmentOptions
from nixernetes.compliance.results import (
    ComplianceOutcome,
    ComplianceReport,
    ControlResult,
    ControlStatus,
    Evidence,
    WaivedEvidence,
)
from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.errors import InputError
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["Assessed", "WithOrigin", "assess", "outcomes_of"]


class WithOrigin(Protocol):
    """A manifest that knows where it came from, as rendering gives it."""

    @property
    def manifest(self) -> Manifest:
        """The manifest."""
        ...

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        ...


_Given: TypeAlias = Iterable["Manifest | WithOrigin | AssessedObject"]
Assessed: TypeAlias = Sequence[AssessedCluster] | Mapping[str, _Given] | _Given
_UNNAMED: Final = "cluster"  # the name of the only one, where manifests are given alone
_NEEDS: Final = {"cluster": "needs a running cluster", "process": "needs people", "manual": "needs judgement"}
_UNSEEN: Final = "what could not be rendered may bring it"
_ABOUT_COUNT: Final = 3  # how many of what could not be rendered are named


def assess(
    rendered: Assessed,
    framework: str | Framework,
    *,
    waivers: Iterable[ComplianceWaiver] = (),
    options: AssessmentOptions | None = None,
    assessed_at: date | None = None,
    revision: str = "",
) -> ComplianceReport:
    """Assess what clusters are given by the controls of a framework.

    Args:
        rendered: manifests (or what rendering gives, with their origins), or cluster name to those, or
            :class:`AssessedCluster` objects.
        framework: the framework, or any of its names.
        waivers: failures that somebody answers for.
        options: what no manifest says.
        assessed_at: the day; waivers with an end need it.
        revision: what is assessed, for the report.

    Raises:
        InputError: there is no such framework, or a waiver has an end and nobody says which day it is.

    """
    given = tuple(waivers)
    ending = next((each for each in given if each.until is not None), None)
    if assessed_at is None and ending is not None:
        raise InputError("a waiver ends on a day: say which day it is, assessed_at=date(...)", place=ending.place)
    chosen = framework_of(framework) if isinstance(framework, str) else framework
    clusters = _clusters(rendered)
    wanted = dict.fromkeys(check for control in chosen.controls for check in control.checks)
    outcomes = list(outcomes_of(clusters, wanted, options or AssessmentOptions()))
    judge = _Judge(outcomes, clusters, given, assessed_at)
    controls = tuple(judge.result(each) for each in chosen.controls)
    return ComplianceReport(
        framework=chosen,
        controls=controls,
        clusters=tuple(each.name for each in clusters),
        expired=tuple(each for number, each in enumerate(given) if number in judge.expired),
        unused=tuple(
            each
            for number, each in enumerate(given)
            if number not in judge.expired and number not in judge.used
            if any(each.is_about(control.id, control.checks) for control in chosen.controls)
        ),
        exceptions=placed_exceptions(clusters),
        unrendered=tuple(judge.unrendered),
        outcomes=tuple(outcomes),
        assessed_at=assessed_at,
        revision=revision,
    )


def outcomes_of(
    clusters: Iterable[AssessedCluster], checks: Iterable[str], options: AssessmentOptions
) -> Iterator[ComplianceOutcome]:
    """Yield what checks say of clusters, cluster by cluster; a check that fails itself is told, and ends nothing."""
    wanted = [CHECKS[each] for each in checks]
    for cluster in clusters:
        scene = CheckScene(ClusterIndex(cluster), options)
        for check in wanted:
            yield _outcome(check, scene)


def _outcome(check: ComplianceCheck, scene: CheckScene) -> ComplianceOutcome:
    cluster = scene.index.name
    failures: list[Evidence] = []
    undecided: list[Evidence] = []
    try:
        subjects = check.subjects(scene.index)
        for item in subjects:
            for fault in check.judge(item, scene):
                found = Evidence(
                    check=check.id,
                    cluster=cluster,
                    subject=item,
                    path=fault.path,
                    expected=fault.expected,
                    found=fault.found,
                    file=item.file,
                    line=item.line,
                )
                if fault.undecided:
                    undecided.append(found)
                elif is_absence(check.id) and _may_come(scene, item):
                    undecided.append(replace(found, expected=f"{found.expected}: {_UNSEEN}"))
                else:
                    failures.append(found)
    except Exception as error:  # noqa: BLE001  # the boundary of a check: the others still say what they find
        return ComplianceOutcome(check=check.id, cluster=cluster, problem=f"{type(error).__name__}: {error}")
    return ComplianceOutcome(
        check=check.id,
        cluster=cluster,
        subjects=tuple(subjects),
        failures=tuple(failures),
        undecided=tuple(undecided),
    )


def _may_come(scene: CheckScene, item: AssessedObject) -> bool:
    """Tell whether what could not be rendered may bring what an object lacks."""
    about = item.key.name if item.key.group_kind == NAMESPACE else item.namespace
    return scene.index.cluster.may_get(about)


class _Judge:
    """Gives controls their status, and remembers which waivers were needed."""

    def __init__(
        self,
        outcomes: Iterable[ComplianceOutcome],
        clusters: Sequence[AssessedCluster],
        waivers: Sequence[ComplianceWaiver],
        today: date | None,
    ) -> None:
        self._outcomes: dict[str, list[ComplianceOutcome]] = {}
        for each in outcomes:
            self._outcomes.setdefault(each.check, []).append(each)
        self.unrendered = [f"{name} on {each.name}" for each in clusters for name in each.unrendered]
        self._waivers = waivers
        self._today = today
        self.used: set[int] = set()
        self.expired: set[int] = set()

    def result(self, control: Control) -> ControlResult:
        if control.assessable != "manifests":
            return ControlResult(
                control=control, status=ControlStatus.NOT_ASSESSABLE, reason=_NEEDS[control.assessable]
            )
        outcomes = [each for check in control.checks for each in self._outcomes.get(check, ())]
        evidence: list[Evidence] = []
        waived: list[WaivedEvidence] = []
        for outcome in outcomes:
            for each in outcome.failures:
                waiver = self._waiver(control, each)
                if waiver is None:
                    evidence.append(each)
                else:
                    waived.append(WaivedEvidence(evidence=each, waiver=waiver))
        subjects = {(each.cluster, id(item)) for each in outcomes for item in each.subjects}
        status, reason = self._status(outcomes, evidence, waived, looked_at=len(subjects))
        return ControlResult(
            control=control,
            status=status,
            evidence=tuple(evidence),
            waived=tuple(waived),
            looked_at=len(subjects),
            failing=len({(each.cluster, id(each.subject)) for each in evidence}),
            reason=reason,
        )

    def _status(
        self,
        outcomes: Sequence[ComplianceOutcome],
        evidence: Sequence[Evidence],
        waived: Sequence[WaivedEvidence],
        *,
        looked_at: int,
    ) -> tuple[ControlStatus, str]:
        """Return a status: a failure is one whatever else is not known; nothing else is said of what is not known."""
        if evidence:
            return ControlStatus.NOT_SATISFIED, ""
        reason = self._unknown(outcomes)
        if reason:
            return ControlStatus.NOT_ASSESSABLE, reason
        if waived:
            return ControlStatus.EXCEPTED, ""
        return (ControlStatus.SATISFIED if looked_at else ControlStatus.NOT_APPLICABLE), ""

    def _unknown(self, outcomes: Sequence[ComplianceOutcome]) -> str:
        for each in outcomes:
            if each.problem:
                return f"the check {each.check} failed, which is a fault of ours: {each.problem}"
            if each.undecided:
                first = each.undecided[0]
                return f"{first.object}: {first.expected}"
        if self.unrendered:
            named = ", ".join(self.unrendered[:_ABOUT_COUNT])
            more = len(self.unrendered) - _ABOUT_COUNT
            return f"not rendered: {named}" + (f" and {more} more" if more > 0 else "")
        return ""

    def _waiver(self, control: Control, evidence: Evidence) -> ComplianceWaiver | None:
        found = None
        for number, each in enumerate(self._waivers):
            if each.covers(evidence.check, control.id, evidence.cluster, evidence.object):
                if each.is_expired(self._today):
                    self.expired.add(number)
                elif found is None:
                    self.used.add(number)
                    found = each
        return found


def _clusters(rendered: Assessed) -> list[AssessedCluster]:
    if isinstance(rendered, Mapping):
        return [AssessedCluster(name=name, objects=list(map(_object, each))) for name, each in rendered.items()]
    given: list[AssessedCluster] = []
    alone: list[AssessedObject] = []
    for each in rendered:
        if isinstance(each, AssessedCluster):
            given.append(each)
        else:
            alone.append(_object(each))
    return given if given and not alone else [*given, AssessedCluster(name=_UNNAMED, objects=alone)]


def _object(each: Manifest | WithOrigin | AssessedObject) -> AssessedObject:
    if isinstance(each, AssessedObject):
        return each
    if isinstance(each, dict):
        return AssessedObject.of(each)
    return AssessedObject.of(each.manifest, file=each.origin.file, line=each.origin.line)
