"""The problems of a policy of any kind."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.kyverno.linting.doubts import doubts
from nixernetes.kyverno.linting.emptiness import says_nothing
from nixernetes.kyverno.linting.expressions import refused_expressions, refused_rule_expressions
from nixernetes.kyverno.linting.generations import refused_generations
from nixernetes.kyverno.linting.problems import PolicyProblem
from nixernetes.kyverno.linting.rules import refused_rules
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["problems_of"]


def problems_of(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield the problems of a policy."""
    if not text_at(policy, "metadata", "name"):
        yield PolicyProblem(path=("metadata", "name"), message="a policy has a name")
    if text_at(policy, "kind") in ("ClusterPolicy", "Policy"):
        yield from refused_rules(policy)
        yield from refused_generations(policy)
        yield from refused_rule_expressions(policy)
        yield from doubts(policy)
    else:
        yield from refused_expressions(policy)
    yield from says_nothing(policy)
