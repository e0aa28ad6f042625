"""``nixernetes init``: two questions at most, then a platform to start from, or what was found in a repository."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes.app.starting import adopt as adopting, init as use_case
from nixernetes.cli.program import program
from nixernetes.errors import printable

__all__ = ["adopt", "run"]

_SHOWN = 20  # problems by name; a large repository has hundreds of one kind


def run(folder: Path, *, structure: str, engine: str) -> None:
    """Make a platform, and print what to do next; on a terminal what is not said is asked.

    Args:
        folder: where.
        structure: the layout; ``""`` asks, and is ``flat`` where nobody can answer.
        engine: who delivers; ``""`` asks, and is ``flux`` where nobody can answer.

    """
    engine = engine or _asked("Which engine?", use_case.ENGINES)
    structure = structure or _asked("Which layout?", use_case.STRUCTURES)
    started = use_case.start(folder, datetime.now(tz=UTC), structure=structure, engine=engine)
    typer.echo(f"{printable(str(started.file))} declares the platform{'; committed' if started.is_committed else ''}")
    typer.echo(f"{printable(str(started.built))} is what it builds: the Git repository that clusters follow")
    typer.echo(f"next: {_command('up', folder)}")


def adopt(repo: Path) -> None:
    """Write the settings file of a repository, and say what was found in it."""
    found = adopting.adopt(repo)
    total = sum(each.deliveries for each in found.clusters)
    typer.echo(f"found {_count(len(found.clusters), 'cluster')} with {_count(total, 'delivery', 'deliveries')}")
    width = max((len(each.name) for each in found.clusters), default=0)
    for each in found.clusters:
        engines = " and ".join({"flux": "Flux", "argocd": "Argo CD"}[name] for name in each.engines) or "no engine"
        where = f" from {', '.join(each.folders)}" if each.folders else ""
        count = _count(each.deliveries, "delivery", "deliveries")
        typer.echo(printable(f"  {each.name:<{width}}  {engines}{where}: {count}"))
    if found.problems:
        typer.echo(f"cannot be followed here ({len(found.problems)}):")
    for problem in found.problems[:_SHOWN]:
        typer.echo(printable(f"  {' '.join(problem.split())}"))
    if len(found.problems) > _SHOWN:
        typer.echo(
            f"  and {len(found.problems) - _SHOWN} more: {_command('render', repo, '--all', '--repo')} names all"
        )
    if found.sources:
        typer.echo(
            f"Other Git repositories that it refers to; name your copies under `sources` ({len(found.sources)}):"
        )
        for url in found.sources:
            typer.echo(printable(f"  {url}"))
    typer.echo(f"{printable(str(found.file))} written; nothing else was changed")
    typer.echo(f"next: {_command('check', repo)}")


def _asked(question: str, choices: tuple[str, ...]) -> str:
    """Ask on a terminal; elsewhere, and on Enter, the first choice counts."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return choices[0]
    while True:
        answer: str = typer.prompt(f"{question} ({', '.join(choices)})", default=choices[0]).strip()
        if answer in choices:
            return answer
        typer.echo(f"{printable(answer)} is not one of them")


def _command(name: str, folder: Path, *options: str) -> str:
    where = [] if folder == Path() and not options else [shlex.quote(str(folder))]
    return " ".join((program(), name, *options, *where))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
