"""Classes of priority, of runtimes and of Ingresses, Leases, revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import at, mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, forbidden, invalid, required, too_long, unsupported
from nixernetes.schemas.rules.domain_paths import domain_path_problems
from nixernetes.schemas.rules.metadata import labels
from nixernetes.schemas.rules.numbers import at_least

__all__ = ["RULES"]

_SYSTEM: Final = "system-"
_HIGHEST: Final = 1_000_000_000  # what users may ask for; what is above is of the system
_OF_SYSTEM: Final = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
_PREEMPTION: Final = ("PreemptLowerPriority", "Never")
_LONGEST_CONTROLLER: Final = 250
_SCOPES: Final = ("Cluster", "Namespace")


def _priority(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name, amount, policy = (
        text_at(value, "metadata", "name"),
        number_at(dict(value), "value"),
        at(value, "preemptionPolicy"),
    )
    if name.startswith(_SYSTEM):
        if _OF_SYSTEM.get(name) != amount:
            known = f"value of {name} PriorityClass must be {_OF_SYSTEM.get(name)}"
            why = known if name in _OF_SYSTEM else f"{name} is not a known system priority class"
            detail = f"priority class names with '{_SYSTEM}' prefix are reserved for system use only. error: {why}"
            yield forbidden((*path, "metadata", "name"), detail)
    elif amount > _HIGHEST:
        detail = f"maximum allowed value of a user defined priority is {_HIGHEST}"
        yield forbidden((*path, "value"), detail)
    if policy == "":
        yield required((*path, "preemptionPolicy"))
    elif policy is not None and policy not in _PREEMPTION:
        yield unsupported((*path, "preemptionPolicy"), policy, _PREEMPTION)


def _runtime(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    handler = text_at(value, "handler")
    yield from (invalid((*path, "handler"), handler, wrong) for wrong in names.dns_label_problems(handler))
    yield from labels(at(value, "scheduling", "nodeSelector"), (*path, "scheduling", "nodeSelector"))


def _ingress_class(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    spec, here = mapping_at(value, "spec"), (*path, "spec")
    controller = text_at(spec, "controller")
    if len(controller) > _LONGEST_CONTROLLER:
        yield too_long((*here, "controller"), _LONGEST_CONTROLLER)
    yield from domain_path_problems(controller, (*here, "controller"))
    if at(spec, "parameters") is not None:
        yield from _parameters(mapping_at(spec, "parameters"), (*here, "parameters"))


def _parameters(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    group, scope, namespace = (at(value, part) for part in ("apiGroup", "scope", "namespace"))
    if isinstance(group, str):
        yield from (invalid((*path, "apiGroup"), group, wrong) for wrong in names.subdomain_problems(group))
    for part in ("kind", "name"):
        text = text_at(value, part)
        wrong = names.path_segment_problem(text)
        if not text:
            yield required((*path, part))
        elif wrong:
            yield invalid((*path, part), text, wrong)
    if scope is not None and scope not in _SCOPES:
        yield unsupported((*path, "scope"), scope, _SCOPES)
    if scope == "Namespace":
        if namespace is None or namespace == "":
            yield required((*path, "namespace"), "`parameters.scope` is set to 'Namespace'")
        else:
            problems = names.dns_label_problems(str(namespace))
            yield from (invalid((*path, "namespace"), namespace, wrong) for wrong in problems)
    elif scope in (None, "Cluster") and namespace is not None:
        yield forbidden((*path, "namespace"), "`parameters.scope` is set to 'Cluster'")


def _lease(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    seconds = at(value, "leaseDurationSeconds")
    if isinstance(seconds, int) and seconds < 1:
        yield invalid((*path, "leaseDurationSeconds"), seconds, "must be greater than 0")
    if at(value, "holderIdentity") == "":
        yield invalid((*path, "holderIdentity"), "", "must not be empty")
    yield from at_least(value, path, 0, "leaseTransitions")


def _revision(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    data = at(value, "data")
    if data is None:
        yield required((*path, "data"), "data is mandatory")
    elif not isinstance(data, dict):
        yield required((*path, "data"), "data must be a valid JSON object")
    yield from at_least(value, path, 0, "revision")


RULES: Final = {
    "PriorityClass": (_priority,),
    "RuntimeClass": (_runtime,),
    "IngressClass": (_ingress_class,),
    "LeaseSpec": (_lease,),
    "ControllerRevision": (_revision,),
}
