"""``unused-setting``: what the settings file says is about something.

Which exceptions are used is known only when all other rules have spoken: ``verify.accepted`` tells the findings.
"""

from __future__ import annotations

from typing import Final

from nixernetes.verify.findings import Severity
from nixernetes.verify.rule import Rule

__all__ = ["RULE"]

RULE: Final = Rule(
    name="unused-setting",
    topic="unused-setting",
    severity=Severity.WARNING,
    sentence="An exception of the settings matches a finding, and its clusters exist.",
    check=lambda _: (),
)
