"""Rules that validate, as the ``spec`` of a ValidatingPolicy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.library.pod_standards import pod_security_standard
from nixernetes.kyverno.migration.conditions import conditions_met
from nixernetes.kyverno.migration.patterns import pattern_holds
from nixernetes.kyverno.migration.queries import Queries
from nixernetes.kyverno.migration.spelling import NotCarriedError, all_of, any_of, literal, negated
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["validating_spec"]

_LIKE: Final = ("variables", "auditAnnotations")
_LEVELS: Final = ("baseline", "restricted")


def validating_spec(rule: Mapping[str, Json], queries: Queries) -> dict[str, Json]:
    """Return ``validations``, and what else stands beside them.

    Raises:
        NotCarriedError: what the rule asks has no equal in CEL.
        JmesPathError: a variable is no expression.
        VariableError: a reference in a pattern leads nowhere.

    """
    validate = mapping_at(rule, "validate")
    if "cel" in validate:
        return _cel(rule, mapping_at(validate, "cel"), validate)
    if "podSecurity" in validate:
        if not queries.has_spec:
            raise NotCarriedError("podSecurity of pods and what makes them in one rule")
        return _pod_security(mapping_at(validate, "podSecurity"))
    if "foreach" in validate:
        loops = (_loop(each, queries, 0) for each in objects_at(validate, "foreach"))
        return {"validations": [{"expression": all_of(loops), **_message(validate, queries)}]}
    expression = _expression(validate, "object", queries)
    return {"validations": [{"expression": expression, **_message(validate, queries)}]}


def _expression(validate: Mapping[str, Json], root: str, queries: Queries) -> str:
    if "deny" in validate:
        block = mapping_at(validate, "deny").get("conditions")
        return negated(conditions_met(block, queries)) if block else "false"
    if "pattern" in validate:
        return pattern_holds(validate["pattern"], root, queries)
    if "anyPattern" in validate:
        return any_of(pattern_holds(each, root, queries) for each in items_at(validate, "anyPattern"))
    what = next((each for each in sorted(validate) if each in ("assert", "manifests")), "nothing")
    raise NotCarriedError(f"validate.{what}")


def _loop(loop: Mapping[str, Json], queries: Queries, depth: int) -> str:
    """Return whether every element of a list passes; what is not looked at passes."""
    if objects_at(loop, "context"):
        raise NotCarriedError("a context in foreach")
    found = queries.query(text_at(loop, "list"))
    name = "element" if not depth else f"element{depth}"
    inner = queries.with_names({"element": name, f"element{depth}": name})
    tests = []
    if loop.get("preconditions"):
        tests.append(negated(conditions_met(loop["preconditions"], inner)))
    if "foreach" in loop:
        tests.append(all_of(_loop(each, inner, depth + 1) for each in objects_at(loop, "foreach")))
    else:
        root = "object" if loop.get("elementScope") is False else name
        tests.append(_expression(loop, root, inner))
    return f"{found.gentle('[]')}.all({name}, {any_of(tests)})"


def _cel(rule: Mapping[str, Json], cel: Mapping[str, Json], validate: Mapping[str, Json]) -> dict[str, Json]:
    for name in ("paramKind", "paramRef"):
        if name in cel:
            raise NotCarriedError(f"validate.cel.{name}")
    found: dict[str, Json] = {name: cel[name] for name in _LIKE if cel.get(name)}
    own = text_at(validate, "message")
    validations = []
    for each in objects_at(cel, "expressions"):
        if "authorizer" in text_at(each, "expression"):
            raise NotCarriedError("authorizer")
        validation = dict(each)
        if own and not each.get("message") and not each.get("messageExpression"):
            validation["message"] = own
        validations.append(validation)
    found["validations"] = validations
    conditions = objects_at(rule, "celPreconditions")
    return {**found, "matchConditions": conditions} if conditions else found


def _pod_security(block: Mapping[str, Json]) -> dict[str, Json]:
    level, version = text_at(block, "level"), text_at(block, "version") or "latest"
    if items_at(block, "exclude"):
        raise NotCarriedError("podSecurity.exclude")
    if level not in _LEVELS or version != "latest":
        raise NotCarriedError(f"podSecurity {level or 'without a level'} of {version}")
    made = pod_security_standard("restricted" if level == "restricted" else "baseline", api=KYVERNO_POLICIES_V1)
    spec = mapping_at(made.manifest(), "spec")
    return {name: spec[name] for name in ("variables", "validations") if name in spec}


def _message(validate: Mapping[str, Json], queries: Queries) -> dict[str, Json]:
    """Return the words of a failure; those with variables that cannot be written in CEL are left as they are."""
    text = text_at(validate, "message")
    if not text:
        return {}
    if not has_variables(text):
        return {"message": text}
    if "$(" in text:
        return {"message": text}
    try:
        return {"messageExpression": queries.of(text).text}
    except NotCarriedError:
        return {"message": literal(text)[1:-1]}
