"""Rules that validate, as the ``spec`` of a ValidatingPolicy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.library.pod_standards import pod_security_standard
from nixernetes.kyverno.migration.conditions import conditions_met
from nixernetes.kyverno.migration.contexts import variables_of
from nixernetes.kyverno.migration.patterns import pattern_holds
from nixernetes.kyverno.migration.queries import Queries, as_text
from nixernetes.kyverno.migration.spelling import NotCarriedError, all_of, any_of, fits_any, literal, negated
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["validating_spec"]

_OF_MAPS: Final = re.compile(
    r"(?:[cC]ontainers|volumes|ports|env|rules|volumeMounts|tls|subjects)[\]\s]*(?:\[[^\]]*\])*$"
)
_LIKE: Final = ("variables", "auditAnnotations")
_LEVELS: Final = ("baseline", "restricted")
_TOLD: Final = {"Seccomp set": "Seccomp", "Capabilities dropped": "Capabilities"}  # demands of one control in two
_OF_PODS: Final = ("Host Namespaces", "HostPath Volumes", "Sysctls", "Volume Types")
_OF_CONTAINERS: Final = (
    *("Privileged Containers", "Capabilities", "Host Ports", "/proc Mount Type", "Privilege Escalation"),
)


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
    found = queries.query(text_at(loop, "list"))
    name = "element" if not depth else f"element{depth}"
    index = f"index{depth or ''}"
    names = {"element": name, f"element{depth}": name, "elementIndex": index, f"elementIndex{depth}": index}
    inner = queries.with_names(names)
    entries, bound = variables_of(objects_at(loop, "context"), inner)
    inner = inner.with_names({each: each for each in bound})
    tests = []
    if loop.get("preconditions"):
        tests.append(negated(conditions_met(loop["preconditions"], inner)))
    if "foreach" in loop:
        tests.append(all_of(_loop(each, inner, depth + 1) for each in objects_at(loop, "foreach")))
    else:
        tests.append(_of_element(loop, name, inner))
    test = any_of(tests)
    for entry in reversed(entries):
        own = text_at(entry, "name")
        read = text_at(entry, "expression")
        for other in bound:
            read = read.replace(f"variables.{other}", other)
        test = f"cel.bind({own}, {read}, {test})"
    over = f"{index}, {name}" if f"{index}" in test else name
    return f"{found.gentle('[]')}.all({over}, {test})"


def _of_element(loop: Mapping[str, Json], name: str, queries: Queries) -> str:
    """Return what a ``foreach`` asks of its element, or of the whole object where that is no map."""
    if "deny" in loop or loop.get("elementScope") is False:
        return _expression(loop, "object", queries)
    of_element = _expression(loop, name, queries)
    if loop.get("elementScope") is True or _OF_MAPS.search(text_at(loop, "list")):
        return of_element
    return f"(type({name}) == map ? {of_element} : {_expression(loop, 'object', queries)})"


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
    if level not in _LEVELS or version != "latest":
        raise NotCarriedError(f"podSecurity {level or 'without a level'} of {version}")
    made = pod_security_standard("restricted" if level == "restricted" else "baseline", api=KYVERNO_POLICIES_V1)
    spec = mapping_at(made.manifest(), "spec")
    excluded = objects_at(block, "exclude")
    demands = [demand for each in objects_at(spec, "validations") for demand in _left(each, excluded)]
    if not demands:
        raise NotCarriedError("podSecurity.exclude of all controls: nothing is demanded any more")
    used = [
        each
        for each in objects_at(spec, "variables")
        if any(f"variables.{text_at(each, 'name')}" in text_at(one, "expression") for one in demands)
    ]
    return {**({"variables": used} if used else {}), "validations": demands}


def _left(demand: dict[str, Json], excluded: list[dict[str, Json]]) -> Iterator[dict[str, Json]]:
    """Yield what is left of the demand of a control where some pods or containers are excluded.

    Raises:
        NotCarriedError: what is excluded has no equal.

    """
    told = text_at(demand, "message").removeprefix("Pod Security Standard: ").removesuffix(".")
    control = _TOLD.get(told, told)
    entries = [each for each in excluded if text_at(each, "controlName") == control]
    for each in entries:
        if items_at(each, "values") or text_at(each, "restrictedField"):
            raise NotCarriedError(f"podSecurity.exclude of {control} by values of a field")
    images = [str(image) for each in entries for image in items_at(each, "images")]
    is_whole = any(not items_at(each, "images") for each in entries)
    if not entries:
        yield demand
    elif control in _OF_PODS:
        if not is_whole:
            yield demand  # no image is asked by a control of pods
    elif control in _OF_CONTAINERS or is_whole:
        if control not in _OF_CONTAINERS and "*" not in images:
            raise NotCarriedError(f"podSecurity.exclude of {control} for pods and not for all containers")
        if "*" not in images:
            text = text_at(demand, "expression")
            if images:
                spared = f"variables.containers.filter(c, !({fits_any('c.image', images)})).all("
                text = text.replace("variables.containers.all(", spared)
            yield {**demand, "expression": text}
    else:
        raise NotCarriedError(f"podSecurity.exclude of {control} for containers and not for pods")


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
        found = queries.of(text)
        is_text = found.text.startswith("'") or " + " in found.text
        return {"messageExpression": found.text if is_text else as_text(found)}
    except NotCarriedError:
        return {"message": literal(text)[1:-1]}
