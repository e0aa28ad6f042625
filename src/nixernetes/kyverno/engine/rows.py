"""What a policy says of an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.objects.manifest import Json, Manifest

__all__ = ["RuleRow", "not_evaluated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One answer: of a rule, or of a whole policy of the newer kinds, where ``rule`` is ``""``.

    Attributes:
        rule: the name of the rule.
        result: ``pass``, ``fail``, ``warn``, ``error`` or ``skip``.
        message: the words of Kyverno; what we cannot evaluate begins with ``not evaluated:``.
        properties: audit annotations and the number of the validation.
        not_given: what the policy asked for and nobody gave, so that the row says less than a cluster would.
        patched: the object after a mutation, changed or not; None where nothing was mutated.
        patched_target: another object after a mutation, for ``targets``.
        generated: objects that a policy makes.

    """

    rule: str
    result: str
    message: str
    properties: Mapping[str, Json] = field(default_factory=dict)
    not_given: tuple[str, ...] = ()
    patched: Manifest | None = None
    patched_target: Manifest | None = None
    generated: Sequence[Manifest] = ()


def not_evaluated(rule: str, what: str) -> RuleRow:
    """Return the row of something that is not supported."""
    return RuleRow(rule=rule, result="error", message=f"not evaluated: {what}")
