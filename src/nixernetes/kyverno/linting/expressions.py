"""CEL expressions that do not compile (Kyverno, ``pkg/cel/policies/*/compiler``)."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.kyverno.engine.cel_validations import Expressions
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem, texts_in
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["refused_expressions", "refused_rule_expressions"]

_FIELDS = ("expression", "messageExpression", "valueExpression")
_IN_CLUSTERS = "undeclared reference to 'authorizer'"  # what an API server declares, and nobody can answer here


def refused_expressions(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield the expressions of a policy of the newer kinds that do not compile."""
    kind, spec = text_at(policy, "kind"), mapping_at(policy, "spec")
    if kind in ("ValidatingPolicy", "NamespacedValidatingPolicy") and not objects_at(spec, "validations"):
        yield PolicyProblem(path=("spec", "validations"), message="a policy has at least one validation")
    if "ImageValidating" in kind or "Cleanup" in kind:
        return  # attestors and images are variables of their own
    is_ours = not kind.endswith("AdmissionPolicy")
    space = text_at(policy, "metadata", "namespace") or "default" if kind.startswith("Namespaced") else ""
    expressions = Expressions(
        {},
        objects_at(spec, "variables"),
        is_kyverno=is_ours,
        namespace=space,
        is_mutating="Mutating" in kind,
        is_generating="Generating" in kind,
    )
    for path, text in texts_in(spec, ("spec",)):
        if path[-1] in _FIELDS and _is_compiled(path):
            why = expressions.compiles(text)
            if why and _IN_CLUSTERS not in why:
                yield PolicyProblem(path=path, message=f"the expression does not compile: {why}")


def _is_compiled(path: FieldPath) -> bool:
    return path[1] not in ("autogen", "webhookConfiguration")


def refused_rule_expressions(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield the expressions of a ClusterPolicy or a Policy that do not compile."""
    spec = mapping_at(policy, "spec")
    parts: list[tuple[FieldPath, dict[str, Json]]] = [
        (("spec", "rules", index, "validate", "cel"), mapping_at(rule, "validate", "cel"))
        for index, rule in enumerate(objects_at(spec, "rules"))
    ]
    for path, part in parts:
        expressions = Expressions({}, objects_at(part, "variables"), is_kyverno=False)
        for where, text in texts_in(part, path):
            why = expressions.compiles(text) if where[-1] in _FIELDS else ""
            if why and _IN_CLUSTERS not in why:
                yield PolicyProblem(path=where, message=f"the expression does not compile: {why}")
    expressions = Expressions({}, [], is_kyverno=False)
    for where, text in texts_in(at(spec, "webhookConfiguration"), ("spec", "webhookConfiguration")):
        why = expressions.compiles(text) if where[-1] == "expression" else ""
        if why and _IN_CLUSTERS not in why:
            yield PolicyProblem(path=where, message=f"the expression does not compile: {why}")
