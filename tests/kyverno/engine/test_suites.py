"""Kyverno's own suites, with their messages: what is given here must not be lost again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.shared import SHARED

from nixernetes.app.policies.apply import ApplyFiles, File, applied

FOLDER = SHARED / "conformance" / "kyverno"
FLAGS = {
    "policies": "policy",
    "resources": "resources",
    "targets": "targets",
    "values": "values",
    "exceptions": "exceptions",
    "user": "userinfo",
    "params": "params",
    "definitions": "crds",
    "cluster": "cluster",
    "mocks": "mocks",
}
# Why each differs: signatures are not read; an API call of a Namespace and sources of a list of clones
# are answered as a cluster would; the order of a map of Go; rows that the policies of one name give twice.
DIFFERENT = {
    "kc__validate__e2e__yaml-signing",
    "kc__validate__e2e__yaml-signing-deprecated",
    "kc__verify-images__clusterpolicy__standard__failure-policy-test-noconfigmap-diffimage-success",
    "kc__verify-images__clusterpolicy__standard__failure-policy-test-noconfigmap-diffimage-success-deprecated",
    "ky__test__images__secure-images",
    "kpc__other__copy-namespace-labels",
    "kc__generate__clusterpolicy__standard__clone__multiple__sync__basic-create",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-create",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-create-deprecated",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-delete-source",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-orphan-downstream-delete-policy__s1",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-orphan-downstream-delete-policy__s2",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-update-deprecated",
    "kc__generate__clusterpolicy__standard__clone__sync__cpol-clone-list-sync-update-source__s1",
    "kp__nginx-ingress__disallow-ingress-nginx-custom-snippets",
    "kpc__argo__argo-cluster-generation-from-rancher-capi",
    "kp__other-vpol__advanced-restrict-image-registries",
    "kc__generating-policies__context__globalcontextentry",
}


def suites() -> list[str]:
    index = FOLDER / "index.json"
    return [each["id"] for each in json.loads(index.read_text())] if index.exists() else []


def part(number: int, of: int) -> list[str]:
    return [each for index, each in enumerate(suites()) if index % of == number and each not in DIFFERENT]


def rows_of(folder: Path, operation: str) -> Iterator[dict[str, Any]]:
    files = {
        flag: [File(str(path), path.read_bytes())]
        for flag, name in FLAGS.items()
        if (path := folder / f"{name}.yaml").exists()
    }
    payloads = [File(str(path), path.read_bytes()) for path in sorted(folder.glob("payloads/*"))]
    given = ApplyFiles(**files, payloads=payloads, **({"operation": operation} if operation else {}))
    return (each.document() for each in applied(given))


def told(row: dict[str, Any]) -> tuple[str, ...]:
    about = row["resource"]
    space = about.get("namespace") or ""
    place = Path(about["payload"]).name if "payload" in about else f"{about['kind']}/{space.removeprefix('default')}/"
    return (row["policy"], row["rule"], place + about.get("name", ""), row["result"], row["message"])


@pytest.mark.skipif(not FOLDER.exists(), reason="Kyverno's suites are not here")
@pytest.mark.parametrize("number", range(12))
def test_rows_and_messages_are_kyvernos(number: int) -> None:
    wrong = []
    for name in part(number, 12):
        expected = json.loads((FOLDER / "suites" / name / "expected.json").read_text())["rows"]
        for operation in sorted({row.get("operation") or "" for row in expected}):
            wanted = [row for row in expected if (row.get("operation") or "") == operation]
            changing = {told(row)[:4] for row in wanted if row["message"] is None}
            found = Counter(map(told, rows_of(FOLDER / "suites" / name, operation)))
            known = Counter(told(row) for row in wanted if row["message"] is not None)
            extra = Counter({row: count for row, count in (found - known).items() if row[:4] not in changing})
            if known - found or extra:
                wrong.append(name)
    assert wrong == []
