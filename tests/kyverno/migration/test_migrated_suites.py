"""What carries over of the policies of Kyverno's own suites says the same of every object in them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.shared import SHARED, needs_shared

from nixernetes.app.policies.apply import File
from nixernetes.app.policies.migrate import migrations
from nixernetes.kyverno.linting.policies import problems_of

FOLDER = SHARED / "conformance" / "kyverno"
_AT_LEAST = 0.75  # of the rules: what is measured, less what a new suite may bring
_FIELDS = {"values": "variables", "targets": "targetResources", "cluster": "clusterResources", "mocks": "context"}


def suite(folder: Path, place: Path) -> Path:
    """Write a suite of tests that names the files of a folder, one result for each operation."""
    expected = json.loads((folder / "expected.json").read_text())
    operations = sorted({each.get("operation") or "" for each in expected["rows"]}) or [""]
    results = [{"policy": "p", "result": "pass", "resources": ["x"], "operation": each} for each in operations]
    named = {"policies": [str(folder / "policy.yaml")], "resources": [str(folder / "resources.yaml")]}
    for name, field in _FIELDS.items():
        path = folder / f"{name}.yaml"
        if path.exists() and field != "context":
            named[field] = [str(path)] if field != "variables" else str(path)  # type: ignore[assignment]
    whole = {"apiVersion": "cli.kyverno.io/v1alpha1", "kind": "Test", "metadata": {"name": "t"}, **named}
    path = place / f"{folder.name}.yaml"
    path.write_text(json.dumps({**whole, "results": results}))
    return path


@needs_shared
def test_nothing_that_carries_over_says_something_else(tmp_path: Path) -> None:
    carried = lost = proved = 0
    for each in json.loads((FOLDER / "index.json").read_text()):
        if not {"kind:ClusterPolicy", "kind:Policy"} & set(each["features"]):
            continue
        folder = FOLDER / "suites" / each["id"]
        file = File(str(folder / "policy.yaml"), (folder / "policy.yaml").read_bytes())
        for found in migrations([file], [suite(folder, tmp_path)], [], now="2024-01-01T00:00:00Z"):
            assert found.proof.disagreements == (), each["id"]
            assert [one for made in found.migration.policies for one in problems_of(made)] == []
            carried += len(found.migration.carried)
            lost += len(found.migration.lost)
            proved += bool(found.proof.compared)
    assert carried / (carried + lost) >= _AT_LEAST
    assert proved >= 400
