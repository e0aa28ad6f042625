"""``nixernetes diff --live`` and ``--drift`` on the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from nixernetes.adapters.files.whole_files import write_whole
from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions, live_differences
from nixernetes.app.live.drift import live_drift
from nixernetes.changes.formats.drift_json import drift_json
from nixernetes.changes.formats.drift_text import drift_text
from nixernetes.cli.diff import COULD_NOT_RUN, FAILED, DiffQuestion, checked_limit, tell
from nixernetes.cli.live.options import asked_options
from nixernetes.errors import InputError, NixernetesError

__all__ = ["contexts", "run", "run_drift"]


def contexts(name: str, kubeconfig: Path | None) -> Contexts:
    """Return the one context that is meant."""
    return Contexts(kubeconfig=kubeconfig, names=(name,) if name else ())


def run(words: tuple[str, str], repo: Path, meant: Contexts, asked: DiffQuestion) -> None:
    """Compare with a cluster that runs, print, and exit as ``nixernetes diff`` does.

    Args:
        words: a repository, a revision, or both.
        repo: the repository, where none of the words is one.
        meant: the context of the cluster.
        asked: what else is asked for.

    """
    tell(lambda: live_differences(_options(words, repo, meant, asked)), asked)


def run_drift(words: tuple[str, str], repo: Path, meant: Contexts, asked: DiffQuestion) -> None:
    """Print drift, and exit: 0, 1 where ``--fail-on`` says so, 2 when it could not run; arguments as for ``run``."""
    try:
        files = _json_files(asked)
        report = live_drift(_options(words, repo, meant, asked))
    except NixernetesError as error:
        typer.echo(f"nixernetes: {error}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from error
    for file in files:
        if file:
            write_whole(Path(file), drift_json(report))
        else:
            typer.echo(drift_json(report), nl=False)
    if "" not in files:
        is_terminal = sys.stdout.isatty()
        colour = is_terminal and "NO_COLOR" not in os.environ
        typer.echo(drift_text(report, colour=colour, everything=asked.verbose or not is_terminal), nl=False)
    if asked.fail_on != "never" and (report.drifts or report.unverified or report.failed):
        raise typer.Exit(FAILED)


def _json_files(asked: DiffQuestion) -> list[str]:
    """Return where drift is written as JSON, ``""`` for standard output.

    Raises:
        InputError: another format is asked for, or there is no such limit.

    """
    checked_limit(asked)
    for text in asked.outputs:
        if text.partition("=")[0] != "json":
            raise InputError("drift is printed as text or as json", subject=f"--output {text}")
    return [text.partition("=")[2] for text in asked.outputs]


def _options(words: tuple[str, str], repo: Path, meant: Contexts, asked: DiffQuestion) -> LiveOptions:
    return asked_options(_meant(words, repo), meant, asked)


def _meant(words: tuple[str, str], repo: Path) -> tuple[Path, str]:
    """Return the repository and the revision: of one word, a folder that is there is the repository."""
    first, second = words
    if not first or (not second and not Path(first).is_dir()):
        return repo, first
    if repo != Path():
        raise InputError("give the repository once", subject=f"--repo {repo}")
    return Path(first), second
