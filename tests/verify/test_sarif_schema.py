"""SARIF is held against the whole schema of its standard, which a module of Go carries: an oracle in tests."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest

from nixernetes.verify.checks import all_rules
from nixernetes.verify.findings import Finding, Place, Severity
from nixernetes.verify.formats.sarif import to_sarif
from nixernetes.verify.report import CheckReport, Unverified

MODULE = "github.com/owenrumney/go-sarif/v3@v3.3.1"
PLACES = (
    Place("clusters/prod/apps.yaml", 12, 5),
    Place("apps/a b,c:d%/ü.yaml", 1, 0),
    Place("whole-file.yaml"),
    Place(),
)


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    if shutil.which("go") is None:
        pytest.skip("the schema of SARIF is in a module of Go, and Go is not installed")
    command = ["go", "mod", "download", "-json", MODULE]
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, timeout=60, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"the module that has the schema of SARIF cannot be fetched: {error}")
    source = Path(json.loads(done.stdout)["Dir"], "pkg/report/v210/sarif/schema.go").read_text()
    found = re.search(r"= `(.*)`", source, re.DOTALL)
    assert found is not None
    return json.loads(found[1].replace('` + "`" + `', "`"))


def test_every_rule_at_every_kind_of_place_is_valid_sarif(schema: dict[str, object]) -> None:
    findings = tuple(
        Finding(
            rule=rule.name,
            topic=rule.topic,
            severity=severity,
            message='100% | <script>\n\x1b[31m {0} [a](b) "q"',
            object="ConfigMap/a|b/<c>",
            clusters=("prod",),
            place=place,
            related=tuple((each, "declared here") for each in PLACES),
            path=("spec", "a/b", 0),
        )
        for rule in all_rules()
        for severity in Severity
        for place in PLACES
    )
    hidden = (Unverified(subject="HelmRelease/a/<b>", reason="charts.example.com cannot be reached"),)
    data = json.loads(to_sarif(CheckReport(findings=findings, unverified=hidden), all_rules(), "1.0.0"))
    assert len(data["runs"][0]["results"]) == len(findings)
    errors = [
        f"{error.instance_path}: {error.message}" for error in jsonschema_rs.validator_for(schema).iter_errors(data)
    ]
    assert errors[:5] == []


def test_the_schema_refuses_what_is_not_sarif(schema: dict[str, object]) -> None:
    data = json.loads(to_sarif(CheckReport(findings=()), all_rules(), "1.0.0"))
    data["runs"][0]["results"] = [{"level": "error"}]
    assert not jsonschema_rs.validator_for(schema).is_valid(data)
