"""``nixernetes policy test``: suites of policies from files, and what became of what they expect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from nixernetes.adapters.files.policy_files import contents_of, suite_files
from nixernetes.app.policies.apply import ApplyFiles, File, applied, manifests_of
from nixernetes.errors import InputError
from nixernetes.kyverno.suites.checks import Check, SuiteAnswers, checks_of
from nixernetes.kyverno.suites.expectations import Suite, read_suite
from nixernetes.objects.fields import items_at, mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.yamls import parse_all

__all__ = ["checks_in", "suite_inputs", "with_operation"]

_FIELDS = {
    "policies": "policies",
    "resources": "resources",
    "targetResources": "targets",
    "paramResources": "params",
    "exceptions": "exceptions",
    "clusterResources": "cluster",
    "jsonPayloads": "payloads",
    "variables": "values",
    "userinfo": "user",
    "context": "mocks",
}


def checks_in(places: Sequence[Path], *, now: str) -> list[Check]:
    """Return the checks of the suites of files and folders, in the order of their paths.

    A suite that cannot be read or evaluated is a failed check, and the others go on.

    Args:
        places: files of suites, and folders with them.
        now: the present in RFC 3339, for policies that ask for it.

    Raises:
        InputError: a place is not there, or holds no suite.

    """
    found: list[Check] = []
    for path in suite_files(places):
        try:
            for document in parse_all(path.read_bytes(), file=str(path)):
                if document.data is not None:
                    suite = read_suite(document.data, f"{path}:{document.line}")
                    found += _checks(suite, path, now)
        except (InputError, OSError) as error:
            failed = Check(
                suite=str(path), policy="", rule="", resource="", is_passed=False, reason="Error", message=str(error)
            )
            found.append(failed)
    if not found:
        raise InputError("holds no kyverno-test.yaml", subject=", ".join(map(str, places)))
    return found


def suite_inputs(suite: Suite, path: Path, now: str) -> ApplyFiles:
    """Return the files of a suite.

    Args:
        suite: the suite.
        path: its file.
        now: the present in RFC 3339, for policies that ask for it.

    Raises:
        InputError: a file cannot be read.

    """
    given: dict[str, Sequence[File]] = {
        field: [file for name in suite.files[source] for file in _files(path, (name,))]
        for source, field in _FIELDS.items()
    }
    return replace(_with_inline(ApplyFiles(**given), suite, path), now=now)  # type: ignore[arg-type]  # all are files


def _checks(suite: Suite, path: Path, now: str) -> Iterator[Check]:
    read = cache(lambda name: _files(path, (name,)))
    files = suite_inputs(suite, path, now)
    named = {name for each in suite.expectations for name in (each.patched, *each.generated) if name}
    held = {name: manifests_of(read(name)) for name in sorted(named)}
    asked = cache(lambda operation: applied(with_operation(files, operation)))
    evidence = SuiteAnswers(
        judgements=(),
        objects=manifests_of(files.resources),
        policies=manifests_of(files.policies),
        payloads=[each.name for each in files.payloads],
        files=held,
    )
    for wanted in suite.expectations:
        yield from checks_of(str(path), wanted, replace(evidence, judgements=asked(wanted.operation)))


def _files(path: Path, names: Sequence[str]) -> list[File]:
    remote = [name for name in names if "://" in name]
    if remote:
        raise InputError(f"{remote[0]} is not fetched: save it beside the suite, and name the file", place=str(path))
    return [File(name, content) for name, content in contents_of(path.parent / name for name in names)]


def _with_inline(files: ApplyFiles, suite: Suite, path: Path) -> ApplyFiles:
    """Return files with what stands in the suite itself, and with the objects of its context."""
    inline = suite.inline
    mocks = [*files.mocks, *(_file(path, inline[name]) for name in ("mocks", "context") if inline[name])]
    held: list[Json] = []
    for document in manifests_of(mocks):
        held += items_at(mapping_at(document, "spec") or document, "resources")
    cluster = [*files.cluster, *([_file(path, {"kind": "List", "items": held})] if held else [])]
    values = files.values or ([_file(path, inline["values"])] if inline["values"] else [])
    return replace(files, mocks=mocks, cluster=cluster, values=values)


def with_operation(files: ApplyFiles, operation: str) -> ApplyFiles:
    """Return files with what is done with the objects; ``""`` is what the values say."""
    if not operation:
        return files
    values = next(iter(manifests_of(files.values)), {})
    everywhere = {**mapping_at(values, "globalValues"), "request.operation": operation}
    changed = File(
        files.values[0].name if files.values else "values", json.dumps({**values, "globalValues": everywhere}).encode()
    )
    return replace(files, values=[changed], operation=operation)


def _file(path: Path, document: Mapping[str, Json]) -> File:
    return File(str(path), json.dumps(document).encode())
