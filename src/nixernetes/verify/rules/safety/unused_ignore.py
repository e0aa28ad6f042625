"""``unused-ignore``: a comment that accepts a finding matches one, and says why.

Which comments are used is known only when all other rules have spoken: ``verify.accepted`` tells the findings.
"""

from __future__ import annotations

from typing import Final

from nixernetes.verify.findings import Severity
from nixernetes.verify.rule import Rule

__all__ = ["RULE"]

RULE: Final = Rule(
    name="unused-ignore",
    topic="unused-ignore",
    severity=Severity.WARNING,
    sentence="A comment that accepts a finding matches one, and gives a reason.",
    check=lambda _: (),
)
