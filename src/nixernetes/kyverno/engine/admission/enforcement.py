"""Whether a policy that is not kept refuses the object, or only reports it (Kyverno, ``api/kyverno/v1/spec_types.go``).

The word stands at the rule (``validate.failureAction``), else at the policy (``validationFailureAction``); without one
it is Audit. ``failureActionOverrides`` give other namespaces another. The newer kinds have ``validationActions``, of
which Deny refuses; without any it is Deny. A policy that is not asked at admission (``admission: false``) refuses
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.kyverno.engine.wildcards import any_matches
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.selectors import matches as selects

__all__ = ["is_enforced"]

_RULED: Final = ("ClusterPolicy", "Policy")
_DERIVED: Final = ("autogen-cronjob-", "autogen-")


def is_enforced(policy: Manifest, rule: str, namespace: str, labels: Mapping[str, str]) -> bool:
    """Tell whether an object that does not keep a policy is refused.

    Args:
        policy: the policy.
        rule: the name of the rule that is not kept; of derived rules the derived name.
        namespace: the namespace of the object.
        labels: the labels of that namespace.

    """
    spec = mapping_at(policy, "spec")
    if text_at(policy, "kind") not in _RULED:
        if at(spec, "evaluation", "admission", "enabled") is False:
            return False
        actions = items_at(spec, "validationActions")
        return not actions or "Deny" in actions
    if at(spec, "admission") is False:
        return False
    blocks = [*_of_rule(spec, rule), spec]
    for block in blocks:
        for override in (
            *objects_at(block, "failureActionOverrides"),
            *objects_at(block, "validationFailureActionOverrides"),
        ):
            if _is_for(override, namespace, labels):
                return text_at(override, "action").lower() == "enforce"
    words = (text_at(block, name) for block in blocks for name in ("failureAction", "validationFailureAction"))
    return next(filter(None, words), "Audit").lower() == "enforce"


def _of_rule(spec: Mapping[str, Json], rule: str) -> Iterator[Mapping[str, Json]]:
    """Yield what a rule says of its own enforcement."""
    names = {rule, *(rule.removeprefix(prefix) for prefix in _DERIVED if rule.startswith(prefix))}
    for each in objects_at(spec, "rules"):
        if text_at(each, "name") in names:
            yield mapping_at(each, "validate")
            yield from objects_at(each, "verifyImages")


def _is_for(override: Mapping[str, Json], namespace: str, labels: Mapping[str, str]) -> bool:
    names = [str(each) for each in items_at(override, "namespaces")]
    selector = mapping_at(override, "namespaceSelector")
    try:
        return any_matches(names, namespace) if names else bool(selector) and selects(selector, labels)
    except ValueError:
        return False
