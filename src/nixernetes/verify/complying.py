"""Compliance over a rendered platform: what is promised, what is assessed, and where a person edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from nixernetes.compliance.assessment import assess
from nixernetes.compliance.controls import Framework
from nixernetes.compliance.levels import ComplianceLevel
from nixernetes.compliance.objects import AssessedCluster, AssessedObject
from nixernetes.compliance.options import AssessmentOptions
from nixernetes.compliance.results import ComplianceReport, Evidence
from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import ClusterObjects, Placed

if TYPE_CHECKING:
    from nixernetes.verify.platform_view import PlatformView

__all__ = ["Promises", "assessed", "assessed_clusters", "evidence_place", "with_versions"]

_PLACED = 5_000  # pieces of evidence whose field is looked up; of more, the file and line of the object are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What a platform promises, and what is known besides its objects.

    Attributes:
        framework: the framework that reports are about, or ``""``.
        level: the level that everything is held to; None: what the labels of objects say.
        without: checks of a level that are not promised.
        waivers: failures that somebody answers for.
        options: what no manifest says.
        own: frameworks that users map themselves.
        today: the day, on which waivers may have ended.

    """

    framework: str = ""
    level: ComplianceLevel | None = None
    without: tuple[str, ...] = ()
    waivers: tuple[ComplianceWaiver, ...] = ()
    options: AssessmentOptions = field(default_factory=AssessmentOptions)
    own: tuple[Framework, ...] = ()
    today: date = date.min


def assessed_clusters(view: PlatformView) -> list[AssessedCluster]:
    """Return what the clusters of a platform are given, as checks read it."""
    return [_cluster(each) for each in view.clusters]


def _cluster(cluster: ClusterObjects) -> AssessedCluster:
    objects = [
        AssessedObject(
            key=each.key,
            manifest=each.manifest,
            file=each.origin.file,
            line=each.origin.line,
            sealed=each.seal is not None,
            handle=each,
        )
        for each in cluster.placed
    ]
    return AssessedCluster(
        name=cluster.name,
        objects=objects,
        unrendered=[str(each.key) for each in cluster.unrendered],
        may_bring=cluster.may_have,
    )


def assessed(view: PlatformView, framework: Framework, revision: str = "") -> ComplianceReport:
    """Return the assessment of a platform by a framework, with the place where a person edits for each failure."""
    promises = view.promises
    report = assess(
        assessed_clusters(view),
        framework,
        waivers=promises.waivers,
        options=with_versions(promises.options, view.minor_versions),
        assessed_at=promises.today,
        revision=revision,
    )
    if sum(len(each.evidence) + len(each.waived) for each in report.controls) > _PLACED:
        return report
    return report.located(lambda evidence: _file_and_line(evidence_place(view, evidence)))


def with_versions(options: AssessmentOptions, versions: Mapping[str, int]) -> AssessmentOptions:
    """Return options that know the Kubernetes versions of clusters."""
    return replace(options, minor_versions=versions)


def evidence_place(view: PlatformView, evidence: Evidence) -> Place:
    """Return where a person edits: the field, or the nearest part of the object that is written."""
    placed = evidence.subject.handle
    return view.place(placed, evidence.path) if isinstance(placed, Placed) else Place()


def _file_and_line(place: Place) -> tuple[str, int]:
    return place.file, place.line
