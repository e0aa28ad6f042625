"""``nixernetes diff``: two revisions of a repository, rendered, checked and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nixernetes.adapters.repositories.revisions import merge_base, tree_below, write_tree
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.app import platform_file
from nixernetes.app.check import CheckOptions, found_at, view_at
from nixernetes.app.settings import settings_of
from nixernetes.app.shared_results import shared_results
from nixernetes.app.toolbox import ToolOptions
from nixernetes.changes.kept_charts import kept_charts, with_kept_charts
from nixernetes.changes.report import ChangeReport, report_of
from nixernetes.changes.sides import Side
from nixernetes.errors import InputError
from nixernetes.verify.accepted import Acceptance

if TYPE_CHECKING:
    from nixernetes.app.platform_target import PlatformTarget

__all__ = ["DiffOptions", "at_revision", "differences"]

_HASH: Final = 40  # characters of a commit
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """What is compared, and how.

    Attributes:
        repo: the repository, or the folder of a platform file in one.
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
        may_be_empty=True,
        results=shared_results(options.repo),
    )
    with ExitStack() as stack:
        before, found_before = found_at(how, *stack.enter_context(at_revision(options.repo, base)))
        head, head_rev = stack.enter_context(at_revision(options.repo, options.head))
        after, found_after = found_at(how, head, head_rev, before.estimate)
        sides = _with_kept_charts(how, Side(view=before), Side(view=after), head, head_rev)
    if not before.platform.clusters and not after.platform.clusters:
        found_at(replace(how, may_be_empty=False), options.repo, options.head)  # says why
    names = (options.base if options.base == base else base[:_SHOWN], options.head or "files on disk")
    return report_of(*sides, (found_before, found_after), names=names)


def _with_kept_charts(how: CheckOptions, base: Side, head: Side, repo: Path, rev: str) -> tuple[Side, Side]:
    """Return both sides, the second with what releases bring whose charts are not built anew."""
    releases, files = kept_charts(base, head)
    if not releases:
        return base, head
    again = replace(how, rev=rev, edits=files)
    return base, with_kept_charts(head, view_at(again, settings_of(how.target), repo, rev)[0], releases)


@contextmanager
def at_revision(repo: Path, rev: str) -> Iterator[tuple[Path, str]]:
    """Give what is rendered for a revision: the repository with it, or what its platform file builds there."""
    if not rev and platform_file.found_in(repo) is None:
        yield repo, rev
        return
    with temporary_folder("revision") as folder:
        place = repo
        if rev:
            place = Path(folder)
            tree = tree_below(repo, rev)
            if not any(tree.is_file(name) for name in (platform_file.NAME, platform_file.FORMER_NAME)):
                yield repo, rev
                return
            write_tree(tree, place)
        from nixernetes.app.platform_target import PlatformTarget  # noqa: PLC0415  # the vocabulary takes long to import
        from nixernetes.app.targets import RunOptions  # noqa: PLC0415  # same

        platform = PlatformTarget(place, RunOptions())
        try:
            _built(platform, place, rev)
            yield platform.repository, ""
        finally:
            platform.close()


def _built(platform: PlatformTarget, place: Path, rev: str) -> None:
    """Build a platform; what is wrong in a revision is told with its name, not with the folder that it stands in."""
    try:
        platform.commit("Build the platform")
    except InputError as error:
        at = error.place.removeprefix(f"{place}/") if rev else error.place
        where = f"{rev[:_SHOWN] if len(rev) == _HASH else rev}:{at}" if rev and at != error.place else at
        raise InputError(error.message, subject=error.subject, place=where) from error
