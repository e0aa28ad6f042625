"""``nixernetes bootstrap`` on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from nixernetes.adapters.files.whole_files import write_whole
from nixernetes.app.live.bootstrap import BootstrapAnswer, bootstrap
from nixernetes.app.live.diff import LiveOptions
from nixernetes.cli.questions.printing import columns
from nixernetes.errors import InputError, NixernetesError, printable
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json
from nixernetes.verify.readiness.requirements import Availability, Requirement
from nixernetes.verify.readiness.starting import Bootstrap, bootstrap_yaml

__all__ = ["run"]

_FORMATS: Final = ("", "json", "yaml")
_NOT_READY: Final = 1
_COULD_NOT_RUN: Final = 2
_SIGNS: Final = {
    Availability.MET: "ok",
    Availability.COMES: "comes",
    Availability.DIFFERS: "differs",
    Availability.MISSING: "missing",
    Availability.UNKNOWN: "not verified",
}


def run(options: LiveOptions, file: Path | None, output: str, *, asks: bool, verbose: bool) -> None:
    """Print, write, and exit: 0 ready, 1 something is missing or not verified, 2 it could not run.

    Args:
        options: the repository, and the cluster.
        file: where what starts the cluster is written; None: nowhere.
        output: ``json``, ``yaml`` (what starts the cluster), or ``""`` for a table.
        asks: whether the cluster is asked.
        verbose: whether what is there is told, too.

    """
    try:
        if output not in _FORMATS:
            raise InputError("use json or yaml", subject=f"--output {output}")
        answer = bootstrap(options, asks=asks)
    except NixernetesError as error:
        typer.echo(f"nixernetes: {error}", err=True)
        raise typer.Exit(_COULD_NOT_RUN) from error
    if file is not None:
        write_whole(file, bootstrap_yaml(answer.bootstrap))
    if output == "json":
        typer.echo(json.dumps(_data(answer), indent=2, ensure_ascii=False))
    elif output == "yaml":
        typer.echo(bootstrap_yaml(answer.bootstrap), nl=False)
    else:
        _table(answer, verbose=verbose)
        for line in _steps(answer, file):
            typer.echo(printable(line))
    if not _is_ready(answer):
        sys.exit(_NOT_READY)


def _is_ready(answer: BootstrapAnswer) -> bool:
    bad = (Availability.MISSING, Availability.UNKNOWN)
    return not answer.failed and not any(each.availability in bad for each in answer.requirements)


def _table(answer: BootstrapAnswer, *, verbose: bool) -> None:
    if answer.context:
        shown = [each for each in answer.requirements if verbose or each.availability is not Availability.MET]
        typer.echo(printable(f"{answer.bootstrap.cluster}, context {answer.context}: {_counted(answer)}"))
        typer.echo("")
        if shown:
            columns(["STATE", "WHAT", "NEEDED BY", ""], [_row(each) for each in shown])
            typer.echo("")
    for key, problem in answer.failed:
        typer.echo(printable(f"not rendered, so what it needs is not known: {key}: {problem.splitlines()[0]}"))
    if answer.failed:
        typer.echo("")


def _row(each: Requirement) -> list[str]:
    return [_SIGNS[each.availability], each.subject, each.needed_by, each.message]


def _counted(answer: BootstrapAnswer) -> str:
    counts = {state: sum(each.availability is state for each in answer.requirements) for state in Availability}
    return ", ".join(f"{number} {_SIGNS[state]}" for state, number in counts.items() if number)


def _steps(answer: BootstrapAnswer, file: Path | None) -> Iterator[str]:
    """Yield what to do, in order."""
    found: Bootstrap = answer.bootstrap
    missing = [each for each in answer.requirements if each.availability is Availability.MISSING]
    if any(each.topic == "controller" for each in missing) or not answer.context:
        for engine in found.engines:
            yield f"install {'Flux: flux install' if engine == 'flux' else 'Argo CD into the namespace argocd'}"
    for each in missing:
        if each.topic == "object":
            yield f"create {each.subject}"
    for secret in found.secrets:
        place = f" from {secret.origin.file}" if secret.origin.file else ""
        yield f"apply {key_of(secret.manifest)}{place}: its values are not written here"
    if not found.items:
        yield "nothing is applied here: what runs on it is delivered from another cluster"
        return
    names = f"{len(found.items)} objects" if len(found.items) != 1 else "1 object"
    where = f" --context {answer.context}" if answer.context else ""
    if file is not None:
        yield f"kubectl apply --server-side -f {file}{where}  # {names}"
    else:
        yield f"apply {names}, once: --write FILE writes them, -o yaml prints them"
    yield f"nixernetes status{where}"


def _data(answer: BootstrapAnswer) -> Json:
    """Return the answer as data; ``docs/real-clusters.md`` documents the fields, which stay as they are."""
    return {
        "version": 1,
        "cluster": answer.bootstrap.cluster,
        "context": answer.context,
        "kubernetes": answer.version,
        "engines": list(answer.bootstrap.engines),
        "ready": _is_ready(answer),
        "objects": [
            {"object": str(key_of(item.manifest)), "file": item.origin.file} for item in answer.bootstrap.items
        ],
        "secrets": [
            {"object": str(key_of(item.manifest)), "file": item.origin.file} for item in answer.bootstrap.secrets
        ],
        "requirements": [
            {
                "topic": each.topic,
                "subject": each.subject,
                "state": str(each.availability),
                "needed_by": each.needed_by,
                "message": each.message,
            }
            for each in answer.requirements
        ],
        "failed": [{"delivery": str(key), "message": message} for key, message in answer.failed],
    }
