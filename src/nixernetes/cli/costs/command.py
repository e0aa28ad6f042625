"""``nixernetes cost``: what a platform costs, or a change of it; and what recommendations would save."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import typer

from nixernetes.adapters.files.whole_files import write_whole
from nixernetes.app.costs.estimating import CostOptions, cost_of, cost_of_change, resizing_of
from nixernetes.cli.diff import revisions
from nixernetes.cli.up import tool_options
from nixernetes.cost.formats.data import delta_csv, delta_json, estimate_csv, estimate_json
from nixernetes.cost.formats.focus import focus_csv
from nixernetes.cost.formats.markdown import delta_markdown, estimate_markdown
from nixernetes.cost.formats.page import estimate_html
from nixernetes.cost.formats.resizing import resizing_json, resizing_markdown, resizing_patches, resizing_text
from nixernetes.cost.formats.text import delta_text, estimate_text
from nixernetes.cost.reports import CostReport, DeltaReport
from nixernetes.cost.rightsizing.resizing import Resizing
from nixernetes.cost.rollups import VIEWS
from nixernetes.errors import InputError, NixernetesError

__all__ = ["main"]

_ESTIMATES: Final[dict[str, Callable[[CostReport], str]]] = {
    "text": estimate_text,
    "table": estimate_text,
    "json": estimate_json,
    "csv": estimate_csv,
    "markdown": estimate_markdown,
    "html": estimate_html,
    "focus": focus_csv,
}
_DELTAS: Final[dict[str, Callable[[DeltaReport], str]]] = {
    "text": delta_text,
    "table": delta_text,
    "json": delta_json,
    "csv": delta_csv,
    "markdown": delta_markdown,
}
_RESIZINGS: Final[dict[str, Callable[[Resizing], str]]] = {
    "text": resizing_text,
    "table": resizing_text,
    "json": resizing_json,
    "markdown": resizing_markdown,
    "patches": resizing_patches,
}
_FAILED: Final = 1
_COULD_NOT_RUN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is printed, into which files, and how it ends."""

    texts: Sequence[tuple[str, str]]
    is_blocked: bool


def main(said: Mapping[str, Any]) -> None:
    """Estimate, print, and exit: 0, 1 where a budget forbids it, 2 when it could not run.

    Args:
        said: the options, by their names.

    """
    try:
        told = _told(said)
    except NixernetesError as error:
        typer.echo(f"nixernetes: {error}", err=True)
        raise typer.Exit(_COULD_NOT_RUN) from error
    for text, file in told.texts:
        if file:
            write_whole(Path(file), text)
        else:
            typer.echo(text, nl=False)
    sys.stdout.flush()
    if told.is_blocked:
        raise typer.Exit(_FAILED)


def _told(said: Mapping[str, Any]) -> _Told:
    words = list(said["words"] or ())
    if words[:1] == ["diff"]:
        return _change(said, words[1:])
    if len(words) > 1:
        raise InputError("give one repository, or `diff BASE HEAD`", subject=" ".join(words))
    target = Path(words[0]) if words else said["repo"]
    if said["recommendations"] is not None:
        return _resized(replace(_options(said), target=target), said)
    wanted = _outputs(said, _ESTIMATES)
    if said["by"] not in VIEWS:
        raise InputError(f"use {', '.join(VIEWS)}", subject=f"--by {said['by']}")
    report = replace(
        cost_of(replace(_options(said), target=target), of_nodes=said["by"] == "node"),
        by=said["by"],
        with_range=said["with_range"],
        spread_shared=said["spread_shared"],
        month=_month(said["month"]),
        everything=said["verbose"],
    )
    fails = report.is_blocked or (said["unpriced"] == "fail" and report.has_unpriced)
    return _Told(texts=[(_ESTIMATES[name](report), file) for name, file in wanted], is_blocked=fails)


def _resized(options: CostOptions, said: Mapping[str, Any]) -> _Told:
    wanted = _outputs(said, _RESIZINGS)
    found = resizing_of(options, said["recommendations"])
    return _Told(texts=[(_RESIZINGS[name](found), file) for name, file in wanted], is_blocked=False)


def _change(said: Mapping[str, Any], words: list[str]) -> _Told:
    if len(words) > 2:
        raise InputError("give two revisions, or BASE..HEAD", subject=" ".join(words))
    wanted = _outputs(said, _DELTAS)
    base, head = revisions(*(*words, "", "")[:2])
    report = cost_of_change(replace(_options(said), target=said["repo"], base=base, head=head))
    return _Told(texts=[(_DELTAS[name](report), file) for name, file in wanted], is_blocked=report.is_blocked)


def _options(said: Mapping[str, Any]) -> CostOptions:
    clusters: Sequence[str] = said["cluster"] or ()
    names = [text for text in clusters if "=" not in text]
    if len(names) > 1:
        raise InputError("name one cluster, or leave it out for all", subject=f"--cluster {names[1]}")
    if said["unpriced"] not in ("", "fail", "warn"):
        raise InputError("use fail or warn", subject=f"--unpriced {said['unpriced']}")
    tools = tool_options(list(said["source"] or ()), list(said["values"] or ()), [])
    return CostOptions(
        rev=said["rev"],
        cluster=names[0] if names else "",
        folders=dict(text.rsplit("=", 1) for text in clusters if "=" in text),
        tools=replace(tools, kube_version=said["kube_version"], offline=said["offline"]),
        prices=said["prices"],
        fail_unpriced=said["unpriced"] == "fail" if said["unpriced"] else None,
        schemas=tuple(said["schemas"] or ()),
        today=datetime.now(tz=UTC).date(),
    )


def _month(text: str) -> date:
    """Return the first day of a month; of this one where none is named."""
    if not text:
        return datetime.now(tz=UTC).date().replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InputError("is not a month: write it as 2026-01", subject=f"--month {text}") from None


def _outputs(said: Mapping[str, Any], formats: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the format and the file of each ``-o FORMAT`` or ``-o FORMAT=FILE``; text without any."""
    found = []
    for text in said["output"] or ["text"]:
        name, _, file = text.partition("=")
        if name not in formats:
            raise InputError(f"unknown format {name!r}: use {', '.join(formats)}", subject="--output")
        found.append((name, file))
    return found
