"""``nixernetes diff``: what a change does to the clusters, on the terminal and in files for machines and comments."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer

from nixernetes.adapters.files.whole_files import write_whole
from nixernetes.app.absent import absent
from nixernetes.app.diff import DiffOptions, differences
from nixernetes.app.toolbox import ToolOptions
from nixernetes.changes.formats.json_format import to_json
from nixernetes.changes.formats.pages import to_html, to_markdown
from nixernetes.changes.formats.terminal import images_text, names_text, stat_text, to_terminal
from nixernetes.changes.report import ChangeReport
from nixernetes.cli.arguments.tool_arguments import tool_options
from nixernetes.errors import InputError, NixernetesError

__all__ = ["COULD_NOT_RUN", "FAILED", "VIEWS", "DiffQuestion", "checked_limit", "revisions", "run", "tell"]

_FORMATS: Final[dict[str, Callable[[ChangeReport], str]]] = {
    "json": to_json,
    "markdown": to_markdown,
    "html": to_html,
    "stat": stat_text,
    "name-only": names_text,
    "images": images_text,
}
VIEWS: Final = ("stat", "name-only", "images")
_LIMITS: Final = ("never", "change", "danger")
FAILED: Final = 1
COULD_NOT_RUN: Final = 2


def revisions(base: str, head: str) -> tuple[str, str]:
    """Return both revisions: two words, or ``BASE..HEAD``; ``BASE...HEAD`` begins where HEAD left BASE.

    Raises:
        InputError: a range and a second revision, or a URL.

    """
    if "://" in base or base.startswith("git@"):
        raise absent(Path(base), "is not a revision")
    if ".." not in base:
        return base, head
    if head:
        raise InputError("give a range or two revisions", subject=f"{base} {head}")
    three = "..." in base
    before, _, after = base.partition("..." if three else "..")
    return (f"...{before}" if three else before), after or "HEAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffQuestion:
    """What is asked for, whatever is compared.

    Attributes:
        outputs: ``FORMAT`` or ``FORMAT=FILE``.
        clusters: ``NAME`` or ``NAME=FOLDER``.
        sources: ``URL=PATH``.
        values: files with ConfigMaps and Secrets.
        schemas: folders with definitions of custom kinds.
        kube_version: the Kubernetes version of the clusters.
        offline: whether nobody is asked for charts and artifacts.
        fail_on: ``never``, ``change`` or ``danger``.
        verbose: whether notes, and long fields whole, are shown.

    """

    outputs: Sequence[str] = ()
    clusters: Sequence[str] = ()
    sources: Sequence[str] = ()
    values: Sequence[Path] = ()
    schemas: Sequence[Path] = ()
    kube_version: str = ""
    offline: bool = False
    fail_on: str = "never"
    verbose: bool = False

    @property
    def cluster(self) -> str:
        """The cluster that is meant, ``""`` for all.

        Raises:
            InputError: several are named.

        """
        names = [text for text in self.clusters if "=" not in text]
        if len(names) > 1:
            raise InputError("name one cluster, or leave it out for all", subject=f"--cluster {names[1]}")
        return names[0] if names else ""

    @property
    def folders(self) -> dict[str, str]:
        """The folders that start clusters, by name."""
        return dict(text.rsplit("=", 1) for text in self.clusters if "=" in text)

    @property
    def tools(self) -> ToolOptions:
        """What is said about the tools.

        Raises:
            InputError: a source is not of its form, or not there.

        """
        found = tool_options(list(self.sources), list(self.values), [])
        return replace(found, kube_version=self.kube_version, offline=self.offline)


def run(options: DiffOptions, asked: DiffQuestion) -> None:
    """Compare, print, and exit: 0, 1 where ``fail_on`` says so, 2 when it could not run."""

    def compare() -> ChangeReport:
        cluster = asked.cluster
        base, head = revisions(options.base, options.head)
        return differences(
            replace(
                options,
                base=base,
                head=head,
                today=datetime.now(tz=UTC).date(),
                cluster=cluster,
                folders=asked.folders,
                tools=asked.tools,
                schemas=asked.schemas,
            )
        )

    tell(compare, asked)


def checked_limit(asked: DiffQuestion) -> None:
    """Check what a failure is to be.

    Raises:
        InputError: there is no such limit.

    """
    if asked.fail_on not in _LIMITS:
        raise InputError(f"use {', '.join(_LIMITS)}", subject=f"--fail-on {asked.fail_on}")


def tell(compare: Callable[[], ChangeReport], asked: DiffQuestion) -> None:
    """Compare, print and write the files; exits as :func:`run` does."""
    try:
        checked_limit(asked)
        wanted = [_output(text) for text in asked.outputs]
        report = compare()
    except NixernetesError as error:
        typer.echo(f"nixernetes: {error}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from error
    is_told = False
    for name, file in wanted:
        text = _FORMATS[name](report)
        if file:
            write_whole(Path(file), text)
        else:
            is_told = True
            typer.echo(text, nl=False)
    if not is_told:
        typer.echo(_told(report, verbose=asked.verbose), nl=False)
    for look, reason in report.broken:
        typer.echo(f"nixernetes: looking for {look} failed, which is a fault of ours: {reason}", err=True)
    if report.broken:
        raise typer.Exit(COULD_NOT_RUN)
    fail_on = asked.fail_on
    is_unsure = report.is_unsure and fail_on != "never"
    if is_unsure or (fail_on == "danger" and report.is_dangerous) or (fail_on == "change" and report.changes):
        raise typer.Exit(FAILED)


def _told(report: ChangeReport, *, verbose: bool) -> str:
    is_terminal = sys.stdout.isatty()
    return to_terminal(
        report,
        colour=is_terminal and "NO_COLOR" not in os.environ,
        width=shutil.get_terminal_size().columns if is_terminal else 100,
        everything=verbose or not is_terminal,
    )


def _output(text: str) -> tuple[str, str]:
    """Return the format and the file of ``-o FORMAT`` or ``-o FORMAT=FILE``.

    Raises:
        InputError: there is no such format.

    """
    name, _, file = text.partition("=")
    if name not in _FORMATS:
        raise InputError(f"unknown format {name!r}: use {', '.join(_FORMATS)}", subject="--output")
    return name, file
