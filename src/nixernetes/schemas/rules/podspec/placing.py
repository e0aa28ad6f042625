"""Where a pod may run: affinity, tolerations, spreading, node selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.languages.labels.names import label_value_problems
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, forbidden, invalid, required, unsupported

__all__ = ["RULES"]

_WEIGHTS: Final = range(1, 101)
_NO_OPERATOR: Final = "not a valid selector operator"
_SCHEDULE: Final = ("DoNotSchedule", "ScheduleAnyway")
_NODE_POLICIES: Final = ("Honor", "Ignore")
_EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def _label(name: str, path: FieldPath) -> Iterator[Problem]:
    yield from (invalid(path, name, wrong) for wrong in names.label_key_problems(name))


def _node_selector(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not items_at(value, "nodeSelectorTerms"):
        yield required((*path, "nodeSelectorTerms"), "must have at least one node selector term")


def _term(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, each in enumerate(objects_at(value, "matchExpressions")):
        yield from _expression(each, (*path, "matchExpressions", number))
    for number, each in enumerate(objects_at(value, "matchFields")):
        yield from _field(each, (*path, "matchFields", number))


def _expression(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    operator, values, key = text_at(value, "operator"), items_at(value, "values"), text_at(value, "key")
    match operator:
        case "In" | "NotIn":
            if not values:
                yield required((*path, "values"), "must be specified when `operator` is 'In' or 'NotIn'")
        case "Exists" | "DoesNotExist":
            if values:
                detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                yield forbidden((*path, "values"), detail)
        case "Gt" | "Lt":
            if len(values) != 1:
                yield required((*path, "values"), "must be specified single value when `operator` is 'Lt' or 'Gt'")
        case _:
            yield invalid((*path, "operator"), operator, _NO_OPERATOR)
    yield from _label(key, (*path, "key"))
    # What is only preferred is warned of.
    for at, each in enumerate(values) if "preference" not in path else ():
        yield from (invalid((*path, "values", at), each, wrong) for wrong in label_value_problems(str(each)))


def _field(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    operator, values, key = text_at(value, "operator"), items_at(value, "values"), text_at(value, "key")
    if operator not in ("In", "NotIn"):
        yield invalid((*path, "operator"), operator, _NO_OPERATOR)
    elif len(values) != 1:
        detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        yield required((*path, "values"), detail)
    if key != "metadata.name":
        yield invalid((*path, "key"), key, "not a valid field selector key")
        return
    for at, each in enumerate(values):
        yield from (invalid((*path, "values", at), each, wrong) for wrong in names.subdomain_problems(str(each)))


def _weight(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    weight = value.get("weight", 0)
    if weight not in _WEIGHTS:
        yield invalid((*path, "weight"), weight, "must be in the range 1-100")


def _pod_weight(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from _weight(value, path)
    if not mapping_at(value, "podAffinityTerm"):
        yield from _pod_term({}, (*path, "podAffinityTerm"))


def _pod_term(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for each in items_at(value, "namespaces"):
        problems = names.dns_label_problems(str(each))
        yield from (invalid((*path, "namespace"), each, wrong) for wrong in problems)
    key, here = text_at(value, "topologyKey"), (*path, "topologyKey")
    if not key:
        yield required(here, "can not be empty")
    yield from _label(key, here)
    for part in ("matchLabelKeys", "mismatchLabelKeys"):
        yield from _label_keys(value, path, part)


def _label_keys(value: Mapping[str, Json], path: FieldPath, part: str) -> Iterator[Problem]:
    keys = items_at(value, part)
    if keys and value.get("labelSelector") is None:
        yield forbidden((*path, part), "must not be specified when labelSelector is not set")
    for number, each in enumerate(keys):
        yield from _label(str(each), (*path, part, number))


def _spread(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with one constraint (``ValidateTopologySpreadConstraints``)."""
    skew = value.get("maxSkew", 0)
    if isinstance(skew, int) and skew < 1:
        yield invalid((*path, "maxSkew"), skew, "must be greater than zero")
    key, action = text_at(value, "topologyKey"), text_at(value, "whenUnsatisfiable")
    if not key:
        yield required((*path, "topologyKey"), "can not be empty")
    if action not in _SCHEDULE:
        yield unsupported((*path, "whenUnsatisfiable"), action, _SCHEDULE)
    least = value.get("minDomains")
    if isinstance(least, int):
        if least < 1:
            yield invalid((*path, "minDomains"), least, "must be greater than zero")
        if action != _SCHEDULE[0]:
            detail = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
            yield invalid((*path, "minDomains"), least, detail)
    for part in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
        policy = value.get(part)
        if policy is not None and policy not in _NODE_POLICIES:
            yield unsupported((*path, part), policy, _NODE_POLICIES)
    yield from _label_keys(value, path, "matchLabelKeys")


def _placed(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the placing of a pod as a whole."""
    seen: set[tuple[str, str]] = set()
    for number, each in enumerate(objects_at(value, "topologySpreadConstraints")):
        pair = (text_at(each, "topologyKey"), text_at(each, "whenUnsatisfiable"))
        if pair in seen:
            here = (*path, "topologySpreadConstraints", number - 1)
            yield duplicate((*here, "{topologyKey, whenUnsatisfiable}"), f"{{{pair[0]}, {pair[1]}}}")
        seen.add(pair)


def _toleration(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    operator, key, effect = (text_at(value, part) for part in ("operator", "key", "effect"))
    text = text_at(value, "value")
    if key:
        yield from _label(key, (*path, "key"))
    elif operator != "Exists":
        detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        yield invalid((*path, "operator"), operator, detail)
    if value.get("tolerationSeconds") is not None and effect != "NoExecute":
        yield invalid((*path, "effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
    if operator in ("", "Equal"):
        wrong = ";".join(label_value_problems(text))
        if wrong:
            yield invalid((*path, "operator"), text, wrong)
    elif operator == "Exists":
        if text:
            yield invalid((*path, "operator"), text, "value must be empty when `operator` is 'Exists'")
    else:
        yield unsupported((*path, "operator"), operator, ("Equal", "Exists"))
    if effect and effect not in _EFFECTS:
        yield unsupported((*path, "effect"), effect, _EFFECTS)


RULES: Final = {
    "NodeSelector": (_node_selector,),
    "NodeSelectorTerm": (_term,),
    "PreferredSchedulingTerm": (_weight,),
    "WeightedPodAffinityTerm": (_pod_weight,),
    "PodAffinityTerm": (_pod_term,),
    "TopologySpreadConstraint": (_spread,),
    "PodSpec": (_placed,),
    "Toleration": (_toleration,),
}
