"""``invalid-policy``: Kyverno takes the policies that are brought to a cluster.

What it refuses is an error: the delivery fails, and nothing is held to the policy. What it takes and hardly was meant
is a warning. Both are what ``nixernetes policy lint`` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.kyverno.engine.admission.kinds import DELETING, GENERATING, JUDGING
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_POLICIES: Final = (*JUDGING, *GENERATING, *DELETING)


def _check(view: PlatformView) -> Iterator[Found]:
    if not any(kind in cluster.by_kind for cluster in view.clusters for kind in _POLICIES):
        return
    from nixernetes.kyverno.linting.policies import problems_of  # noqa: PLC0415  # it takes long to load
    from nixernetes.kyverno.linting.problems import spelled  # noqa: PLC0415  # same

    for cluster in view.clusters:
        for item in cluster.of(*_POLICIES):
            for problem in problems_of(item.manifest):
                said = f"{spelled(problem.path)}: {problem.message}"
                yield Found(
                    cluster=cluster,
                    subject=item,
                    message=f"Kyverno refuses it: {said}" if problem.is_refused else said,
                    path=problem.path,
                    severity=Severity.ERROR if problem.is_refused else Severity.WARNING,
                )


RULE: Final = Rule(
    name="invalid-policy",
    topic="policy",
    severity=Severity.ERROR,
    sentence="Kyverno accepts the policies of a cluster, and they do what they seem to.",
    check=_check,
)
