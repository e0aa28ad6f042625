"""``nixernetes compliance report``: a repository or platform as ``check`` renders it, and its controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from nixernetes.app.check import CheckOptions, repository_of, view_at
from nixernetes.app.complying.promising import promises_of
from nixernetes.app.settings import settings_of
from nixernetes.app.toolbox import ToolOptions
from nixernetes.compliance.controls import framework
from nixernetes.compliance.deltas import ReportDelta, compare
from nixernetes.compliance.level_controls import level_frameworks
from nixernetes.compliance.results import ComplianceReport
from nixernetes.errors import InputError
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.complying import assessed

__all__ = ["ComplianceOptions", "reported"]

_DEFAULT = "NSA-CISA"  # free to quote, and about what manifests say


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceOptions:
    """What is assessed, and how.

    Attributes:
        target: the repository, or a platform file or its folder.
        rev: the Git revision of a repository; ``""`` reads the files on disk.
        base: a Git revision to compare with; ``""``: nothing is compared.
        frameworks: the frameworks, or levels as ``level-high``; none: what is promised, else NSA-CISA.
        cluster: only this cluster; ``""`` means all.
        folders: cluster name to the folder that starts it; none: found by itself.
        tools: what the user says about the tools.
        schemas: folders with definitions of custom kinds.
        today: the day, on which waivers may have ended.

    """

    target: Path = Path()
    rev: str = ""
    base: str = ""
    frameworks: Sequence[str] = ()
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)
    schemas: Sequence[Path] = ()
    today: date = date.min


def reported(options: ComplianceOptions) -> list[tuple[ComplianceReport, ReportDelta | None]]:
    """Return the assessment by each framework, with what changed since the base.

    Raises:
        InputError: there is no such repository, revision, cluster or framework, or the settings are wrong.

    """
    settings = settings_of(options.target)
    promises = promises_of(settings, options.target, options.today)
    level = f"level-{promises.level}" if promises.level is not None else ""
    names = options.frameworks or [promises.framework or level or _DEFAULT]
    own = (*promises.own, *level_frameworks(promises.without))
    chosen = {each.id: each for each in (framework(name, own) for name in names)}
    rendering = CheckOptions(
        target=options.target,
        rev=options.rev,
        cluster=options.cluster,
        folders=options.folders,
        tools=options.tools,
        schemas=options.schemas,
        acceptance=Acceptance(today=options.today),
        may_be_empty=True,
        promises=promises,
    )
    with repository_of(options.target) as repo:
        if options.base and repo != options.target:
            raise InputError("--base compares revisions of a repository, and this is a platform: build it first")
        view, _ = view_at(rendering, settings, repo, options.rev)
        reports = [assessed(view, each, options.rev) for each in chosen.values()]
        if not options.base:
            return [(report, None) for report in reports]
        before, _ = view_at(replace(rendering, rev=options.base), settings, repo, options.base)
        return [
            (report, compare(assessed(before, report.framework, options.base), report, options.base))
            for report in reports
        ]
