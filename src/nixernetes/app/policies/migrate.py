"""``nixernetes policy migrate``: policies with rules as policies in CEL, and whether they say the same.

The proof is the policy's own suites of tests: the objects that they name are judged by both. Their exceptions are left
out there, since those of the one kind do not hold for the other; they are carried over and proved by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nixernetes.adapters.files.policy_files import suite_files
from nixernetes.app.policies.apply import ApplyFiles, File, applied, manifests_of
from nixernetes.app.policies.suites import suite_inputs, with_operation
from nixernetes.errors import InputError
from nixernetes.kyverno.engine.values import read_values
from nixernetes.kyverno.migration.exceptions import MigratedException, exceptions_migrated, is_exception_of_rules
from nixernetes.kyverno.migration.migrating import Migration, is_migratable, migrated, without_lost
from nixernetes.kyverno.migration.proving import MigrationProof, compared
from nixernetes.kyverno.suites.expectations import Suite, read_suite
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.yamls import parse_all

__all__ = ["ExceptionOfFile", "MigratedPolicy", "exceptions_of", "migrations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedPolicy:
    """What becomes of a policy of a file.

    Attributes:
        file: the file.
        migration: what becomes of it.
        proof: what came of the comparison.
        suites: the files of the suites that it was compared on.

    """

    file: str
    migration: Migration
    proof: MigrationProof
    suites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """Something to compare on: its name, the files, what is done, and the policies that it is about."""

    name: str
    files: ApplyFiles
    operations: frozenset[str]
    policies: frozenset[Path] = frozenset()


def migrations(
    files: Sequence[File], suites: Sequence[Path], resources: Sequence[File], *, now: str
) -> list[MigratedPolicy]:
    """Return what becomes of the policies with rules in files; others are passed over.

    Args:
        files: the policies.
        suites: files and folders with suites; those in and below the folders of the policies are found by themselves.
        resources: objects to compare on beside those of suites.
        now: the present in RFC 3339, for policies that ask for it.

    Raises:
        InputError: a file cannot be read, or none holds a policy with rules.

    """
    trials = [*_suites([*suites, *_folders(files)], now)]
    if resources:
        trials.append(_Trial(name="", files=ApplyFiles(policies=(), resources=resources), operations=frozenset(("",))))
    found = [_migrated(file, each, trials) for file in files for each in manifests_of([file]) if is_migratable(each)]
    if not found:
        raise InputError(
            "there is no ClusterPolicy and no Policy in the files", subject=", ".join(each.name for each in files)
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionOfFile:
    """What becomes of a PolicyException of a file."""

    file: str
    found: MigratedException


def exceptions_of(files: Sequence[File], policies: Sequence[MigratedPolicy]) -> list[ExceptionOfFile]:
    """Return what becomes of the PolicyExceptions in files.

    Args:
        files: the files.
        policies: what became of the policies in them.

    Raises:
        InputError: a file cannot be read.

    """
    known = [each.migration for each in policies if not each.proof.disagreements]
    found = []
    for file in files:
        exceptions = [each for each in manifests_of([file]) if is_exception_of_rules(each)]
        found += [ExceptionOfFile(file=file.name, found=each) for each in exceptions_migrated(exceptions, known)]
    return found


def _folders(files: Iterable[File]) -> list[Path]:
    return sorted({Path(each.name).parent for each in files if Path(each.name).exists()})


def _suites(places: Sequence[Path], now: str) -> Iterator[_Trial]:
    """Yield the suites that can be read; the others say so where they are run."""
    for path in suite_files(places):
        try:
            for document in parse_all(path.read_bytes(), file=str(path)):
                if document.data is not None:
                    yield _trial(read_suite(document.data, f"{path}:{document.line}"), path, now)
        except (InputError, OSError):
            continue


def _trial(suite: Suite, path: Path, now: str) -> _Trial:
    files = suite_inputs(suite, path, now)
    return _Trial(
        name=str(path),
        files=replace(files, exceptions=()),
        operations=frozenset(each.operation for each in suite.expectations) or frozenset(("",)),
        policies=frozenset(Path(each.name).resolve() for each in files.policies),
    )


def _migrated(file: File, policy: Manifest, trials: Sequence[_Trial]) -> MigratedPolicy:
    migration = migrated(policy)
    proof, names = MigrationProof(), []
    place = Path(file.name).resolve()
    for each in trials if migration.carried else ():
        if each.policies and place not in each.policies:
            continue
        try:
            proof += _compared(migration, each)
        except InputError:
            continue  # a suite that nobody can evaluate proves nothing
        names += [each.name] if each.name else []
    return MigratedPolicy(file=file.name, migration=migration, proof=proof, suites=tuple(dict.fromkeys(names)))


def _compared(migration: Migration, trial: _Trial) -> MigrationProof:
    proof = MigrationProof()
    meta = mapping_at(migration.policy, "metadata")
    files, left_out = _comparable(trial.files, text_at(meta, "name"))
    if left_out:
        proof += MigrationProof(skipped=left_out)
    if not files.resources:
        return proof
    names = {(text_at(each, "metadata", "namespace"), text_at(each, "metadata", "name")) for each in _all(migration)}
    for operation in sorted(trial.operations):
        given = with_operation(files, operation)
        old = applied(replace(given, policies=[_file([without_lost(migration)])]))
        new = applied(replace(given, policies=[_file(migration.policies)]))
        proof += compared(old, new, names)
    return proof


def _all(migration: Migration) -> list[Manifest]:
    return [migration.policy, *migration.policies]


def _comparable(files: ApplyFiles, policy: str) -> tuple[ApplyFiles, int]:
    """Return files with what both kinds read alike, and how many objects are left out.

    Values are for policies with rules alone; labels of namespaces, which policies in CEL need, are none unless given.
    """
    document = next(iter(manifests_of(files.values)), {})
    values = read_values(document)
    objects = manifests_of(files.resources)
    kept = [each for each in objects if not values.of(policy, "", text_at(each, "metadata", "name"))]
    if any(objects_at(each, "rules") for name, each in values.policies.items() if name == policy):
        kept = []
    known = {text_at(each, "name") for each in objects_at(document, "namespaceSelector")}
    known |= {text_at(each, "metadata", "name") for each in objects_at(document, "namespaces")}
    spaces = {text_at(each, "metadata", "namespace") or "default" for each in kept} - known
    selectors = [*objects_at(document, "namespaceSelector"), *({"name": each, "labels": {}} for each in sorted(spaces))]
    told: dict[str, Json] = {**document, "namespaceSelector": selectors}
    return replace(
        files, resources=[_file(kept)] if kept else [], values=[File("values", json.dumps(told).encode())]
    ), len(objects) - len(kept)


def _file(manifests: Sequence[Manifest]) -> File:
    return File("migration", json.dumps({"kind": "List", "items": list(manifests)}).encode())
