"""``-o gitlab``: the code quality report that GitLab shows in merge requests."""

from __future__ import annotations

import json
from typing import Final

from nixernetes.verify.findings import Severity
from nixernetes.verify.report import CheckReport

__all__ = ["to_gitlab"]

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def to_gitlab(report: CheckReport) -> str:
    """Return a report as GitLab's code quality report."""
    rows = [
        {
            "description": f"{each.object}: {each.message}" if each.object else each.message,
            "check_name": each.rule,
            "fingerprint": each.fingerprint,
            "severity": _SEVERITIES[each.severity],
            "location": {"path": each.place.file or ".", "lines": {"begin": each.place.line or 1}},
        }
        for each in report.findings
    ]
    return json.dumps(rows, indent=2) + "\n"
