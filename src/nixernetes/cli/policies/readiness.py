"""``nixernetes policy readiness``: a line for each audited policy and cluster, and what it would refuse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from nixernetes.app.check import CheckOptions
from nixernetes.app.policies.readiness import Readiness, readiness
from nixernetes.errors import InputError, printable

__all__ = ["run"]

_SHOWN = 5  # objects of one policy, unless all are wanted
_HEADS = ("POLICY", "CLUSTER", "WOULD REFUSE", "READY")


def run(target: Path, cluster: str, output: str, *, verbose: bool) -> None:
    """Print what the audited policies would refuse.

    Raises:
        InputError: the repository cannot be rendered, or the format is none.

    """
    if output not in ("text", "json"):
        raise InputError(f"{output!r} is not one of text, json", subject="--output")
    found = readiness(CheckOptions(target=target, cluster=cluster))
    if output == "json":
        typer.echo(json.dumps([each.document() for each in found], indent=2, sort_keys=True))
    elif not found:
        typer.echo("no audited policy: none is deployed to a cluster, or named by `policies` in nixernetes.yaml")
    else:
        typer.echo(printable(_table(found, most=len(found) if verbose else _SHOWN)), nl=False)


def _table(found: Sequence[Readiness], most: int) -> str:
    rows = [_HEADS, *((each.policy, each.cluster, str(len(each.refused)), _ready(each)) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = []
    for row, each in zip(rows, (None, *found), strict=True):
        lines.append("   ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
        refused = each.refused if each is not None else ()
        shown = refused if most > _SHOWN else refused[:most]
        lines += [f"  {one.object} ({one.place.file}:{one.place.line}): {one.message}" for one in shown]
        if len(shown) < len(refused):
            lines.append(f"  and {len(refused) - len(shown)} more: --verbose shows all")
    return "".join(f"{line}\n" for line in lines)


def _ready(each: Readiness) -> str:
    if each.unknown:
        return f"unknown for {each.unknown}"
    return "yes" if each.is_ready else "no"
