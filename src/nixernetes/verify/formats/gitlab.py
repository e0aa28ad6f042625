"""``-o gitlab``: the code quality report that GitLab shows in merge requests."""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

from nixernetes.verify.findings import Severity
from nixernetes.verify.report import CheckReport

__all__ = ["to_gitlab"]

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def to_gitlab(report: CheckReport) -> str:
    """Return a report as GitLab's code quality report."""
    seen: Counter[str] = Counter()
    rows = [
        {
            "description": f"{each.object}: {each.message}" if each.object else each.message,
            "check_name": each.rule,
            "fingerprint": _distinct(each.fingerprint, seen),
            "severity": _SEVERITIES[each.severity],
            "location": {"path": each.place.file or ".", "lines": {"begin": each.place.line or 1}},
        }
        for each in report.findings
    ]
    return json.dumps(rows, indent=2) + "\n"


def _distinct(fingerprint: str, seen: Counter[str]) -> str:
    """Return a fingerprint that no row before has: GitLab takes those with one fingerprint for one finding."""
    seen[fingerprint] += 1
    return f"{fingerprint}-{seen[fingerprint]}" if seen[fingerprint] > 1 else fingerprint
