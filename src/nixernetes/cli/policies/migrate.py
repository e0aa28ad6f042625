"""``nixernetes policy migrate``: what becomes of policies with rules, as text, YAML or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes.adapters.files.policy_files import contents_of
from nixernetes.app.policies.apply import File
from nixernetes.app.policies.migrate import ExceptionOfFile, MigratedPolicy, exceptions_of, migrations
from nixernetes.errors import InputError, printable
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.yamls import dump, dump_all

__all__ = ["run"]

_FORMATS = ("text", "yaml", "json")


def run(
    places: Sequence[Path], suites: Sequence[Path], resources: Sequence[Path], output: str, folder: Path | None
) -> None:
    """Print what becomes of policies, and write those in CEL to a folder; exit with 1 where something is lost.

    Raises:
        InputError: a file cannot be read or holds no policy with rules, or the format is none.

    """
    if output not in _FORMATS:
        raise InputError(f"{output!r} is not one of {', '.join(_FORMATS)}", subject="--output")
    now = timestamp(datetime.now(tz=UTC))
    given = [File(*each) for each in contents_of(places)]
    found = migrations(given, suites, [File(*each) for each in contents_of(resources)], now=now)
    spared = exceptions_of(given, found)
    policies = [made for each in found if not each.proof.disagreements for made in each.migration.policies]
    policies += [made for each in spared for made in each.found.made]
    if folder is not None:
        _write(folder, policies)
    if output == "json":
        documents = [*map(_document, found), *map(_exception_document, spared)]
        typer.echo(json.dumps(documents, indent=2, sort_keys=True))
    elif output == "yaml":
        typer.echo(printable(dump_all(policies)), nl=False)
        typer.echo(printable(_report(found, spared)), err=True, nl=False)
    else:
        typer.echo(printable(_report(found, spared)), nl=False)
    is_whole = not any(each.found.lost for each in spared)
    if not is_whole or any(each.migration.lost or each.proof.disagreements for each in found):
        raise typer.Exit(1)


def _write(folder: Path, policies: Sequence[Manifest]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in policies:
        key = key_of(each)
        name = "-".join(filter(None, (key.kind.lower(), key.namespace, key.name)))
        (folder / f"{name}.yaml").write_text(dump(each))


def _report(found: Sequence[MigratedPolicy], spared: Sequence[ExceptionOfFile]) -> str:
    lines = [line for each in found for line in _lines(each)]
    lines += [line for each in spared for line in _exception_lines(each)]
    rules = [len(each.migration.carried) for each in found]
    lost = sum(len(each.migration.lost) for each in found)
    differing = sum(bool(each.proof.disagreements) for each in found)
    proved = sum(_is_proved(each) for each in found)
    lines.append(
        f"policies: {len(found)}, proved: {proved}, differing: {differing}; "
        f"rules carried over: {sum(rules)}, not: {lost}"
    )
    return "".join(f"{line}\n" for line in lines)


def _is_proved(each: MigratedPolicy) -> bool:
    carried = each.migration.carried
    is_tried = bool(carried) and all(one.compared for one in carried)
    return not each.proof.disagreements and bool(each.proof.compared or is_tried)


def _lines(each: MigratedPolicy) -> list[str]:
    migration, proof = each.migration, each.proof
    lines = [f"{key_of(migration.policy)} ({each.file})"]
    lines += [
        f"  {one.rule} -> {key_of(one.policy)}: the same of {_count(one.compared)} made for it"
        for one in migration.carried
    ]
    lines += [f"  {one.rule} does not carry over: {one.reason}" for one in migration.lost]
    lines += [f"  note: {note}" for note in migration.notes if migration.carried]
    if proof.disagreements:
        lines += [f"  differs: {one.object}: before: {one.before}; after: {one.after}" for one in proof.disagreements]
    elif proof.compared:
        where = f" ({', '.join(each.suites)})" if each.suites else ""
        lines.append(f"  says the same of {_count(proof.compared)}{where}")
    elif migration.carried and not _is_proved(each):
        lines.append("  not proved: no suite of tests names it; give objects with --resources")
    if proof.skipped:
        lines.append(
            f"  not compared: {_count(proof.skipped)}, of which variables are given, or something is not known"
        )
    return lines


def _count(number: int) -> str:
    return f"{number} object{'' if number == 1 else 's'}"


def _document(each: MigratedPolicy) -> dict[str, Json]:
    migration, proof = each.migration, each.proof
    return {
        "policy": str(key_of(migration.policy)),
        "file": each.file,
        "carried": [{"rule": one.rule, "policy": one.policy, "compared": one.compared} for one in migration.carried],
        "lost": [{"rule": one.rule, "reason": one.reason} for one in migration.lost],
        "notes": list(migration.notes),
        "proof": {
            "suites": list(each.suites),
            "compared": proof.compared,
            "skipped": proof.skipped,
            "differences": [
                {"object": one.object, "before": one.before, "after": one.after} for one in proof.disagreements
            ],
        },
    }


def _exception_lines(each: ExceptionOfFile) -> list[str]:
    lines = [f"{key_of(each.found.exception)} ({each.file})"]
    for made in each.found.made:
        named = ", ".join(
            f"{text_at(ref, 'kind')}/{text_at(ref, 'name')}" for ref in objects_at(made, "spec", "policyRefs")
        )
        lines.append(f"  -> {key_of(made)} of {named}")
    return [*lines, *(f"  does not carry over: {reason}" for reason in each.found.lost)]


def _exception_document(each: ExceptionOfFile) -> dict[str, Json]:
    return {
        "exception": str(key_of(each.found.exception)),
        "file": each.file,
        "carried": list(each.found.made),
        "lost": list(each.found.lost),
    }
