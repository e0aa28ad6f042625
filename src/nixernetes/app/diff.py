"""``nixernetes diff``: two revisions of a repository, rendered, checked and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nixernetes.adapters.files.schema_folders import definitions_in
from nixernetes.adapters.repositories.revisions import merge_base
from nixernetes.app.check import findings_of
from nixernetes.app.rendering.render_deliveries import Query, render
from nixernetes.app.toolbox import ToolOptions
from nixernetes.verify.changes.report import ChangeReport, report_of
from nixernetes.verify.changes.sides import Side
from nixernetes.verify.findings import Finding
from nixernetes.verify.platform_view import PlatformView

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
        check: whether new and mended findings are told.

    """

    repo: Path = Path()
    base: str = ""
    head: str = ""
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)
    schemas: Sequence[Path] = ()
    check: bool = True


def differences(options: DiffOptions) -> ChangeReport:
    """Return what a change does.

    Raises:
        InputError: there is no such repository or revision, or nothing that starts a cluster on either side.

    """
    base = options.base
    if not base or base.startswith("..."):
        base = merge_base(options.repo, options.head, base.removeprefix("..."))
    before, found_before = _side(options, base)
    after, found_after = _side(options, options.head)
    names = (options.base if options.base == base else base[:12], options.head or "files on disk")
    return report_of(before, after, (found_before, found_after), names=names)


def _side(options: DiffOptions, rev: str) -> tuple[Side, Sequence[Finding]]:
    query = Query(repo=options.repo, rev=rev, cluster=options.cluster, folders=options.folders, options=options.tools)
    view = PlatformView(
        platform=render(query),
        kube_version=options.tools.kube_version,
        given_definitions=definitions_in(options.schemas),
    )
    return Side(view=view), findings_of(view) if options.check else ()
