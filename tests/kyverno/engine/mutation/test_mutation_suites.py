"""Kyverno's own suites of mutation: rows, messages, and what became of the objects."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.shared import SHARED, needs_shared

from nixernetes.app.policies.apply import ApplyFiles, File, applied
from nixernetes.errors import InputError

SUITES = SHARED / "conformance/kyverno"
FILES = {
    "policies": "policy.yaml",
    "resources": "resources.yaml",
    "targets": "targets.yaml",
    "values": "values.yaml",
    "exceptions": "exceptions.yaml",
    "user": "userinfo.yaml",
    "params": "params.yaml",
    "definitions": "crds.yaml",
    "cluster": "cluster.yaml",
    "mocks": "mocks.yaml",
}


def comparison() -> Any:
    """Return the functions of the runner that comes with the suites, which compares answers."""
    names: dict[str, Any] = {}
    source = (SUITES / "run_kyverno.py").read_text()
    exec(compile(source.replace("\nmain()\n", "\n"), "run_kyverno.py", "exec"), names)  # noqa: S102  # reference data
    return names["compare"]


def answers(folder: Path, operation: str) -> list[dict[str, Any]]:
    files = {
        name: [File(file, (folder / file).read_bytes())] for name, file in FILES.items() if (folder / file).exists()
    }
    payloads = [File(str(path), path.read_bytes()) for path in sorted(folder.glob("payloads/*"))]
    found = applied(ApplyFiles(**files, payloads=payloads, operation=operation or "CREATE", now="2026-01-01T00:00:00Z"))
    return [each.document() for each in found]


def differences(folder: Path, compare: Any) -> Iterator[Any]:
    expected = json.loads((folder / "expected.json").read_text())
    parts = (expected["rows"], expected.get("patched") or [])
    for operation in sorted({each.get("operation") or "" for part in parts for each in part}):
        rows, patched = ([each for each in part if (each.get("operation") or "") == operation] for part in parts)
        try:
            yield from compare({"rows": rows, "patched": patched}, answers(folder, operation), True)
        except InputError as error:
            yield error.message


def is_about_mutation(features: list[str]) -> bool:
    return any(each.startswith(("mutat", "kind:Mutating", "kind:NamespacedMutating")) for each in features)


@needs_shared
def test_suites_of_mutation_end_as_in_kyverno() -> None:
    """At least 97 of 100; what differs is said in docs/policies.md."""
    compare = comparison()
    index = json.loads((SUITES / "index.json").read_text())
    chosen = [each["id"] for each in index if is_about_mutation(each["features"])]
    failed = [each for each in chosen if list(differences(SUITES / "suites" / each, compare))]
    assert len(failed) <= len(chosen) * 0.03, failed
