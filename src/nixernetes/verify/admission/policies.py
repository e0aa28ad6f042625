"""ValidatingAdmissionPolicies as an API server asks them (k8s.io/apiserver 1.34, ``plugin/policy/validating``).

A policy does nothing without a binding. Both say what they are for (resources, namespaces, labels), and both have to
match. The objects are new to the cluster: ``oldObject`` is null, the operation is CREATE. An expression that fails
counts as ``failurePolicy`` says. What asks who the user is (``authorizer``, ``request.userInfo``) cannot be known here
and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.kinds import (
    MUTATING_ADMISSION_POLICY,
    NAMESPACE,
    VALIDATING_ADMISSION_POLICY,
    VALIDATING_ADMISSION_POLICY_BINDING,
)
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import NAMESPACE_NAME
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.pods.selection import selects

if TYPE_CHECKING:
    from nixernetes.languages.cel import Environment, Program

__all__ = ["BINDING", "POLICY", "Asked", "BoundPolicy", "Refusal", "bound_policies", "broken_expressions"]

POLICY: Final = VALIDATING_ADMISSION_POLICY
BINDING: Final = VALIDATING_ADMISSION_POLICY_BINDING
_OWN: Final = (POLICY, BINDING, MUTATING_ADMISSION_POLICY)
_VARIABLES: Final = ("object", "oldObject", "request", "params", "namespaceObject", "variables", "authorizer")
_WHO: Final = re.compile(r"\bauthorizer\b|\brequest\s*\.\s*userInfo\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An object that an API server is asked to create.

    Attributes:
        key: who it is.
        manifest: the object.
        version: its API version without the group.
        plurals: how its resource may be called.

    """

    key: ObjectKey
    manifest: Manifest
    version: str
    plurals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a policy has against an object.

    Attributes:
        index: the number of the validation; -1 where the policy as a whole fails.
        message: the words of the API server.
        expression: the expression.

    """

    index: int
    message: str
    expression: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundPolicy:
    """A policy with one of its bindings.

    Attributes:
        policy: the policy.
        binding: the binding.
        cluster: the objects around: namespaces and parameters.

    """

    policy: Placed
    binding: Placed
    cluster: ClusterObjects

    @property
    def actions(self) -> frozenset[str]:
        """What happens to an object that is refused: ``Deny``, ``Warn``, ``Audit``."""
        return frozenset(str(each) for each in items_at(self.binding.manifest, "spec", "validationActions"))

    def refusals(self, asked: Asked) -> Iterator[Refusal]:
        """Yield what the policy has against an object; each parameter is asked for itself."""
        constraints = mapping_at(self.policy.manifest, "spec", "matchConstraints")
        narrowed = mapping_at(self.binding.manifest, "spec", "matchResources")
        if asked.key.group_kind in _OWN or not self._matches(constraints, asked, needs_rules=True):
            return
        if not self._matches(narrowed, asked, needs_rules=False):
            return
        for params in self._parameters(asked):
            if isinstance(params, Refusal):
                yield params
            else:
                yield from self._judged(asked, params)

    def _matches(self, constraints: Json, asked: Asked, *, needs_rules: bool) -> bool:
        rules = objects_at(constraints, "resourceRules")
        if (needs_rules or rules) and not any(_is_named(each, asked, constraints) for each in rules):
            return False
        if any(_is_named(each, asked, constraints) for each in objects_at(constraints, "excludeResourceRules")):
            return False
        if not selects(mapping_at(constraints, "objectSelector"), labels_of(asked.manifest)):
            return False
        space = self._namespace(asked)
        return space is None or selects(mapping_at(constraints, "namespaceSelector"), labels_of(space))

    def _namespace(self, asked: Asked) -> Manifest | None:
        """Return the Namespace that an object goes to, with the label that each has; None for what has none."""
        if asked.key.group_kind == NAMESPACE:
            name, found = asked.key.name, asked.manifest
        elif asked.key.namespace:
            name = asked.key.namespace
            placed = self.cluster.get(ObjectKey("", "Namespace", "", name))
            found = placed.manifest if placed is not None else {"apiVersion": "v1", "kind": "Namespace"}
        else:
            return None
        meta = {**mapping_at(found, "metadata"), "name": name, "labels": {**labels_of(found), NAMESPACE_NAME: name}}
        return {**found, "metadata": meta}

    def _parameters(self, asked: Asked) -> Iterator[Manifest | Refusal | None]:
        kind = mapping_at(self.policy.manifest, "spec", "paramKind")
        reference = mapping_at(self.binding.manifest, "spec", "paramRef")
        if not kind:
            yield None
            return
        group = split_api_version(text_at(kind, "apiVersion"))[0]
        space = text_at(reference, "namespace")
        found = [
            item.manifest
            for item in self.cluster.of(GroupKind(group, text_at(kind, "kind")))
            if item.namespace in ("", space or asked.key.namespace)
            and (not reference.get("name") or item.key.name == text_at(reference, "name"))
            and selects(mapping_at(reference, "selector"), labels_of(item.manifest))
        ]
        yield from found
        if found or self.cluster.may_have(space or asked.key.namespace):
            return
        if text_at(reference, "parameterNotFoundAction") != "Allow" and _fails(self.policy.manifest):
            yield Refusal(-1, "no params found for policy binding with `Deny` parameterNotFoundAction")

    def _judged(self, asked: Asked, params: Manifest | None) -> Iterator[Refusal]:
        spec = mapping_at(self.policy.manifest, "spec")
        known: dict[str, Json] = {
            "object": asked.manifest,
            "oldObject": None,
            "params": params,
            "namespaceObject": self._namespace(asked) if asked.key.namespace else None,
            "request": _request(asked),
        }
        texts = [text_at(each, "expression") for each in objects_at(spec, "variables")]
        if any(_WHO.search(text) for text in texts):
            return
        known["variables"] = _variables(objects_at(spec, "variables"), known)
        for each in objects_at(spec, "matchConditions"):
            text = text_at(each, "expression")
            if _WHO.search(text):
                return
            try:
                if _program(text).evaluate(known) is not True:
                    return
            except InputError as error:
                if _fails(self.policy.manifest):
                    yield Refusal(-1, f"match condition '{text_at(each, 'name')}': {_first_line(error)}", text)
                return
        for index, each in enumerate(objects_at(spec, "validations")):
            found = _violated(each, known, fails=_fails(self.policy.manifest))
            if found:
                yield Refusal(index, found, text_at(each, "expression"))


def bound_policies(cluster: ClusterObjects) -> list[BoundPolicy]:
    """Return the policies of a cluster with their bindings; one without a binding does nothing."""
    policies = {item.key.name: item for item in cluster.of(POLICY)}
    return [
        BoundPolicy(policy=policies[name], binding=item, cluster=cluster)
        for item in cluster.of(BINDING)
        if (name := text_at(item.manifest, "spec", "policyName")) in policies
    ]


def broken_expressions(policy: Manifest) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the expressions of a policy that do not compile, each with its path and the reason."""
    for part, names in (
        ("validations", ("expression", "messageExpression")),
        ("variables", ("expression",)),
        ("matchConditions", ("expression",)),
        ("auditAnnotations", ("valueExpression",)),
    ):
        for index, each in enumerate(objects_at(policy, "spec", part)):
            for name in names:
                text = text_at(each, name)
                try:
                    if text and not _WHO.search(text):
                        _program(text)
                except InputError as error:
                    yield ("spec", part, index, name), f"compilation failed: {_first_line(error)}"


def _first_line(error: InputError) -> str:
    """Return the words of an error of CEL without the picture of the place below them."""
    return error.message.partition("\n")[0].removeprefix("ERROR: ")


def _fails(policy: Manifest) -> bool:
    return text_at(policy, "spec", "failurePolicy") != "Ignore"


def _is_named(rule: Mapping[str, Json], asked: Asked, constraints: Json) -> bool:
    """Tell whether a rule is about the creation of an object."""
    groups, versions = items_at(rule, "apiGroups"), items_at(rule, "apiVersions")
    resources, operations = items_at(rule, "resources"), items_at(rule, "operations")
    is_exact = text_at(constraints, "matchPolicy") == "Exact"
    scope, names = text_at(rule, "scope") or "*", items_at(rule, "resourceNames")
    wanted = "Namespaced" if asked.key.namespace else "Cluster"
    return (
        any(each in ("*", asked.key.group) for each in groups)
        and (not is_exact or any(each in ("*", asked.version) for each in versions))
        and any(each in ("*", "*/*", *asked.plurals) for each in resources)
        and any(each in ("*", "CREATE") for each in operations)
        and scope in ("*", wanted)
        and (not names or asked.key.name in names)
    )


def _request(asked: Asked) -> Json:
    kind = {"group": asked.key.group, "version": asked.version, "kind": asked.key.kind}
    resource = {"group": asked.key.group, "version": asked.version, "resource": asked.plurals[0]}
    return {
        "kind": kind,
        "requestKind": kind,
        "resource": resource,
        "requestResource": resource,
        "subResource": "",
        "name": asked.key.name,
        "namespace": asked.key.namespace,
        "operation": "CREATE",
        "dryRun": False,
        "options": {},
    }


def _variables(entries: list[dict[str, Json]], known: dict[str, Json]) -> Json:
    """Return ``variables``: each is computed when it is first read, from those before it."""
    from nixernetes.languages.cel import EvaluationError, LazyMap  # noqa: PLC0415  # few platforms have a policy

    def value(text: str) -> Json:
        try:
            return _program(text).evaluate({**known, "variables": found})
        except EvaluationError:
            raise
        except InputError as error:
            raise EvaluationError(error.message) from error

    texts = {text_at(each, "name"): text_at(each, "expression") for each in entries}
    found = LazyMap({name: lambda text=text: value(text) for name, text in texts.items()})  # type: ignore[misc]
    return found


def _violated(validation: Mapping[str, Json], known: Mapping[str, Json], *, fails: bool) -> str:
    """Return the words of a validation that does not hold, or ``""``."""
    text = text_at(validation, "expression")
    if _WHO.search(text):
        return ""
    try:
        if _program(text).evaluate(known) is True:
            return ""
    except InputError as error:
        return f"expression '{text.strip()}' resulted in error: {_first_line(error)}" if fails else ""
    words = text_at(validation, "message").strip() or f"failed expression: {text.strip()}"
    told = text_at(validation, "messageExpression")
    try:
        made = _program(told).evaluate(known) if told else None
    except InputError:
        return words
    return made.strip() if isinstance(made, str) and made.strip() and "\n" not in made.strip() else words


@cache
def _environment() -> Environment:
    from nixernetes.languages.cel.hosts.kubernetes import kubernetes  # noqa: PLC0415  # few platforms have a policy
    from nixernetes.languages.cel.types import DYN  # noqa: PLC0415  # same

    return kubernetes().declaring(dict.fromkeys(_VARIABLES, DYN))


@lru_cache(maxsize=1024)
def _program(text: str) -> Program:
    return _environment().compile(text)
