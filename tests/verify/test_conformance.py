"""Repositories with one known defect, or none: each defect is found, and nothing else is said."""

from __future__ import annotations

import json
from pathlib import Path

import pygit2
import pytest
from tests.repositories import committed
from tests.shared import SHARED, needs_shared

from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.toolbox import ToolOptions
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Finding, Severity

CASES = SHARED / "conformance" / "check" / "cases"
NAMES = sorted(path.name for path in CASES.glob("*/")) if CASES.is_dir() else []
NEAR = 3  # lines


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_the_defect_is_found_and_nothing_else_is_said(name: str, tmp_path: Path) -> None:
    expected = json.loads((CASES / name / "expected.json").read_text())
    repository = committed(CASES / name / "repo", tmp_path / "repo")
    pygit2.Repository(str(repository)).remotes.create("origin", expected["repository"])
    version = expected["args"][1] if expected.get("args") else ""

    outcome = checked(CheckOptions(target=repository, tools=ToolOptions(kube_version=version)))

    assert outcome.report.broken == ()
    defect = expected.get("finding")
    places = [defect, *expected.get("also", [])] if defect else []
    right = [each for each in outcome.report.findings if any(_is_about(each, place) for place in places)]
    others = [each for each in outcome.report.findings if each not in right and each.severity is not Severity.INFO]
    assert [f"{each.place}: {each.message}" for each in others] == []
    if defect:
        topics = {defect["topic"], *defect.get("topics_also", [])}
        lowest = Severity.INFO if defect["severity"] == "info" else Severity.WARNING
        assert [each for each in right if each.topic in topics and each.severity.rank >= lowest.rank]


def _is_about(finding: Finding, place: Json) -> bool:
    if finding.place.file == place["file"] and place.get("line"):
        first, last = place["line"] - NEAR, place.get("end_line", place["line"]) + NEAR
        if first <= finding.place.line <= last:
            return True
    return finding.object == place["object"]
