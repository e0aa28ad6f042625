"""``nixernetes diff``: two revisions of a repository, rendered, checked and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from nixernetes.adapters.repositories.revisions import merge_base
from nixernetes.app.check import CheckOptions, found_at
from nixernetes.app.toolbox import ToolOptions
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.changes.report import ChangeReport, report_of
from nixernetes.verify.changes.sides import Side

__all__ = ["DiffOptions", "differences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """What is compared, and how.

    Attributes:
        repo: the repository.
        base: the revision before; ``""`` is where HEAD left the main branch, ``...X`` where it left X.
        head: the revision now; ``""`` is what lies on disk.
        cluster: only this cluster; ``""`` means all.
        folders: cluster name to the folder that starts it; none: found by itself.
        tools: what the user says about the tools.
        schemas: folders with definitions of custom kinds.
        today: the day, on which exceptions of the settings may have ended.

    """

    repo: Path = Path()
    base: str = ""
    head: str = ""
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)
    schemas: Sequence[Path] = ()
    today: date = date.min


def differences(options: DiffOptions) -> ChangeReport:
    """Return what a change does.

    Raises:
        InputError: there is no such repository or revision, or nothing that starts a cluster on either side.

    """
    base = options.base
    if not base or base.startswith("..."):
        base = merge_base(options.repo, options.head, base.removeprefix("..."))
    how = CheckOptions(
        target=options.repo,
        cluster=options.cluster,
        folders=options.folders,
        tools=options.tools,
        schemas=options.schemas,
        acceptance=Acceptance(today=options.today),
    )
    before, found_before = found_at(how, base)
    after, found_after = found_at(how, options.head)
    names = (options.base if options.base == base else base[:12], options.head or "files on disk")
    return report_of(Side(view=before), Side(view=after), (found_before, found_after), names=names)
