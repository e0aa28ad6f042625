"""``nixernetes cost``: a repository or platform as ``check`` and ``diff`` render it, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from nixernetes.adapters.files.whole_files import read_whole
from nixernetes.adapters.repositories.revisions import merge_base
from nixernetes.app.check import CheckOptions, repository_of, view_at
from nixernetes.app.diff import at_revision
from nixernetes.app.settings import settings_of
from nixernetes.app.toolbox import ToolOptions
from nixernetes.cost.deltas import compare
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.nodes import node_view
from nixernetes.cost.reports import CostReport, DeltaReport
from nixernetes.cost.rightsizing.recommendations import read_recommendations
from nixernetes.cost.rightsizing.resizing import Resizing, resized
from nixernetes.settings.reading import SettingsFile
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.costing import cost_objects, estimate_given
from nixernetes.verify.platform_view import PlatformView

__all__ = ["CostOptions", "cost_of", "cost_of_change", "resizing_of"]

_SHOWN: Final = 12  # characters of a commit


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOptions:
    """What is estimated, and how.

    Attributes:
        target: the repository, or a platform file or its folder.
        rev: the Git revision of a repository; ``""`` reads the files on disk.
        base: for a change: the revision before; ``""`` is where HEAD left the main branch, ``...X`` where it left X.
        head: for a change: the revision now; ``""`` is what lies on disk.
        cluster: only this cluster; ``""`` means all.
        folders: cluster name to the folder that starts it; none: found by itself.
        tools: what the user says about the tools.
        prices: a price book that wins over that of the settings; ``""``: theirs.
        fail_unpriced: whether a budget of which nobody can tell fails; None: as the settings say.
        schemas: folders with definitions of custom kinds.
        today: the day, on which waivers may have ended.

    """

    target: Path = Path()
    rev: str = ""
    base: str = ""
    head: str = ""
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)
    prices: str = ""
    fail_unpriced: bool | None = None
    schemas: Sequence[Path] = ()
    today: date = date.min

    def rendering(self) -> CheckOptions:
        """Return how it is rendered: as ``check`` does."""
        return CheckOptions(
            target=self.target,
            rev=self.rev,
            cluster=self.cluster,
            folders=self.folders,
            tools=self.tools,
            schemas=self.schemas,
            acceptance=Acceptance(today=self.today),
            prices=self.prices,
        )


def cost_of(options: CostOptions, *, of_nodes: bool = False) -> CostReport:
    """Return what a repository or platform costs.

    Args:
        options: what is estimated, and how.
        of_nodes: whether the nodes are priced, in place of what is requested of them.

    Raises:
        InputError: there is no such repository, revision, cluster or price book, or the settings are wrong.

    """
    settings = settings_of(options.target)
    with repository_of(options.target) as repo:
        view, _ = view_at(options.rendering(), settings, repo, options.rev)
        estimate = view.estimate
    costing = _costing(options, view, None)
    shown = node_view(estimate, view.costing.inventory, view.costing.assumptions) if of_nodes else estimate
    return CostReport(
        estimate=shown,
        verdicts=tuple(verdict for verdict, _ in costing.costing.verdicts(estimate)),
        name=_name(options.target),
    )


def resizing_of(options: CostOptions, recommendations: Path) -> Resizing:
    """Return what recommendations would do, and what it would cost.

    Args:
        options: what is estimated.
        recommendations: the JSON of KRR or of VerticalPodAutoscalers.

    Raises:
        InputError: as :func:`cost_of`, or the recommendations cannot be read.

    """
    advice = read_recommendations(read_whole(recommendations), str(recommendations))
    settings = settings_of(options.target)
    with repository_of(options.target) as repo:
        view, _ = view_at(options.rendering(), settings, repo, options.rev)
        objects = list(cost_objects(view.platform, view.clusters, view.costing))
        wanted, changes, unmatched = resized(objects, advice)
        after = estimate_given(wanted, view.platform, view.clusters, view.costing)
    return Resizing(changes=tuple(changes), unmatched=tuple(unmatched), delta=compare(view.estimate, after))


def cost_of_change(options: CostOptions) -> DeltaReport:
    """Return what a change costs.

    Raises:
        InputError: there is no such repository or revision, or nothing that starts a cluster on either side.

    """
    settings = settings_of(options.target)
    base = options.base
    if not base or base.startswith("..."):
        base = merge_base(options.target, options.head, base.removeprefix("..."))
    with ExitStack() as stack:
        before = _viewed(options, settings, *stack.enter_context(at_revision(options.target, base)))
        after = _viewed(options, settings, *stack.enter_context(at_revision(options.target, options.head)))
        delta = compare(before.estimate, after.estimate)
    if not before.platform.clusters and not after.platform.clusters:
        view_at(replace(options.rendering(), may_be_empty=False), settings, options.target, options.head)  # says why
    judged = _costing(options, after, before.estimate)
    return DeltaReport(
        delta=delta,
        verdicts=tuple(verdict for verdict, _ in judged.costing.verdicts(after.estimate)),
        base=options.base if options.base == base else base[:_SHOWN],
        head=options.head or "files on disk",
    )


def _viewed(options: CostOptions, settings: SettingsFile, repo: Path, rev: str) -> PlatformView:
    return view_at(replace(options.rendering(), may_be_empty=True), settings, repo, rev)[0]


def _costing(options: CostOptions, view: PlatformView, before: Estimate | None) -> PlatformView:
    fails = view.costing.fail_unpriced if options.fail_unpriced is None else options.fail_unpriced
    return replace(view, costing=replace(view.costing, before=before, fail_unpriced=fails))


def _name(target: Path) -> str:
    resolved = target.resolve()
    return (resolved if resolved.is_dir() else resolved.parent).name or "platform"
