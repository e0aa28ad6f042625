"""RepositoryReviews of a repository: two revisions compared, once for each state of the files."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from nixernetes.adapters.repositories.named_revisions import NamedRevision, named_revisions
from nixernetes.app.check import CheckOptions
from nixernetes.app.diff import DiffOptions, differences
from nixernetes.app.rehearsing.rehearsal import RehearsalOptions
from nixernetes.app.targets import folder_of
from nixernetes.app.web.acts.rehearsals import RehearsalPage, Rehearsals
from nixernetes.app.web.documents import one_text
from nixernetes.app.web.review_values import (
    ChangedField,
    ChangedImage,
    ChangedLine,
    ChangedObject,
    ReviewCluster,
    ReviewDelivery,
    ReviewPage,
    RevisionLine,
    RevisionsPage,
)
from nixernetes.changes.change import Action
from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.fields import FieldChange
from nixernetes.changes.formats.outline import OutlineEntry, outline, summary, text_lines
from nixernetes.changes.formats.pages import to_html
from nixernetes.changes.report import ChangeReport
from nixernetes.objects.clocks import timestamp
from nixernetes.verify.formats.json_format import finding_data

__all__ = ["RepositoryReviews", "page_of"]

_MOST_KEPT: Final = 4  # reports: each holds both sides
_MOST_OBJECTS: Final = 500  # of a delivery
_MOST_FIELDS: Final = 200  # of an object
_MOST_LINES: Final = 400  # of a field


class RepositoryReviews:
    """Compares revisions of a repository; the latest four reports are kept until files are edited.

    Args:
        options: what is checked, and how.

    """

    def __init__(self, options: CheckOptions) -> None:
        folder = folder_of(options.target)  # of a platform file: revisions are of a folder
        self._options = DiffOptions(
            repo=folder,
            cluster=options.cluster,
            folders=options.folders,
            tools=options.tools,
            schemas=options.schemas,
            today=options.acceptance.today,
        )
        self._head = options.rev
        self._rehearsals = Rehearsals(
            RehearsalOptions(repo=folder, head=options.rev, folders=options.folders, tools=options.tools)
        )
        self._turn = threading.Lock()
        self._kept: dict[tuple[str, str], ChangeReport] = {}
        self._read: list[NamedRevision] = []

    def edited(self) -> None:
        """Forget every report: files were edited."""
        self._kept = {}
        self._rehearsals.edited()

    def rehearsal(self, about: Mapping[str, str]) -> RehearsalPage:
        """Return how the step is rolled out, rehearsed; the first question begins it, each one keeps it going."""
        return self._rehearsals.page(about)

    def revisions(self) -> RevisionsPage:
        """Return what can be compared."""
        return RevisionsPage(
            revisions=tuple(
                RevisionLine(
                    name=each.name,
                    kind=each.kind,
                    commit=each.commit,
                    subject=each.subject,
                    author=each.author,
                    time=timestamp(each.when),
                )
                for each in named_revisions(self._options.repo)
            )
        )

    def review(self, about: Mapping[str, str]) -> ReviewPage:
        """Return what the step from ``base`` to ``head`` does, each as ``nixernetes diff`` takes it.

        Raises:
            InputError: there is no such revision.

        """
        return page_of(self._report(about))

    def exported(self, about: Mapping[str, str]) -> str:
        """Return the same as one HTML file.

        Raises:
            InputError: there is no such revision.

        """
        return to_html(self._report(about))

    def _report(self, about: Mapping[str, str]) -> ChangeReport:
        wanted = (about.get("base", ""), about.get("head", "") or self._head)
        with self._turn:  # one comparison takes the whole machine
            known = named_revisions(self._options.repo)
            if known != self._read:  # a branch has moved
                self._kept, self._read = {}, known
            if wanted not in self._kept:
                report = differences(replace(self._options, base=wanted[0], head=wanted[1]))
                while len(self._kept) >= _MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[wanted] = report
            return self._kept[wanted]


def page_of(report: ChangeReport) -> ReviewPage:
    """Return a report as the page tells it."""
    comparison = report.comparison
    return ReviewPage(
        base=report.base,
        head=report.head,
        summary=summary(report),
        counts=_counts(report.counts()),
        clusters=tuple(_cluster(report, each) for each in comparison.clusters if each.changes or each.held),
        dangers=tuple(finding_data(each) for each in report.dangers),
        new=tuple(finding_data(each) for each in report.new),
        fixed=tuple(finding_data(each) for each in report.fixed),
        images=tuple(
            ChangedImage(
                cluster=each.cluster,
                name=str(each.key),
                container=each.container,
                before=each.before,
                after=each.after,
            )
            for each in report.images
        ),
        unknown=tuple(
            f"{each.cluster}: {each.delivery}: {each.message}" for each in comparison.failures if each.is_changed
        ),
        added=comparison.added,
        removed=comparison.removed,
        broken=tuple(f"{look}: {reason}" for look, reason in report.broken),
    )


def _counts(counts: Mapping[Action, int]) -> dict[str, int]:
    return {str(action): number for action, number in counts.items()}


def _cluster(report: ChangeReport, cluster: ClusterComparison) -> ReviewCluster:
    return ReviewCluster(
        name=cluster.name,
        counts=_counts(report.counts(cluster)),
        deliveries=tuple(
            ReviewDelivery(
                name=owner,
                objects=tuple(_object(entry) for entry in entries[:_MOST_OBJECTS]),
                left_out=max(len(entries) - _MOST_OBJECTS, 0),
            )
            for owner, entries in outline(cluster)
        ),
        held=tuple(f"{each.key} of {each.owner}: {each.reason}" for each in cluster.held),
    )


def _object(entry: OutlineEntry) -> ChangedObject:
    return ChangedObject(
        action=str(entry.action),
        name=entry.title,
        place=entry.place,
        note=entry.note,
        fields=tuple(_field(each) for each in entry.fields[:_MOST_FIELDS]),
    )


def _field(change: FieldChange) -> ChangedField:
    found = text_lines(change)
    lines = [ChangedLine(sign=sign, text=one_text(text)) for sign, text in found[:_MOST_LINES]]
    if len(found) > _MOST_LINES:
        lines.append(ChangedLine(sign=" ", text=f"… {len(found) - _MOST_LINES} more lines"))
    return ChangedField(path=change.path, lines=tuple(lines))
