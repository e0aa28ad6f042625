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
from typing import Final

from nixernetes.kyverno.engine.admission.expressions import AdmissionExpressions
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.resource_rules import admits
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

__all__ = ["BINDING", "POLICY", "Asked", "BoundPolicy", "Refusal", "bound_policies", "broken_expressions"]

POLICY: Final = VALIDATING_ADMISSION_POLICY
BINDING: Final = VALIDATING_ADMISSION_POLICY_BINDING
_OWN: Final = (POLICY, BINDING, MUTATING_ADMISSION_POLICY)
_EARLY: Final = ("variables", "matchConditions")
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
        if asked.key.group_kind in _OWN or not items_at(constraints, "resourceRules"):
            return
        if not self._matches(constraints, asked) or (narrowed and not self._matches(narrowed, asked)):
            return
        for params in self._parameters(asked):
            if isinstance(params, Refusal):
                yield params
            else:
                yield from self._judged(asked, params)

    def _matches(self, constraints: Mapping[str, Json], asked: Asked) -> bool:
        space = self._namespace(asked)
        labels = {asked.key.namespace: labels_of(space)} if space is not None else {}
        request = Request(manifest=asked.manifest, namespace=asked.key.namespace)
        is_exact = text_at(constraints, "matchPolicy") == "Exact"
        return admits(constraints if is_exact else _of_any_version(constraints), request, labels, sees_old=False)

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
        if (
            text_at(reference, "parameterNotFoundAction") != "Allow"
            and text_at(self.policy.manifest, "spec", "failurePolicy") != "Ignore"
        ):
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
        texts = [text_at(each, "expression") for part in _EARLY for each in objects_at(spec, part)]
        if any(map(_WHO.search, texts)):
            return
        expressions = AdmissionExpressions(self.policy.manifest, known, has_authorizer=False)
        fails = text_at(spec, "failurePolicy") != "Ignore"
        holds, broken = expressions.condition(objects_at(spec, "matchConditions"))
        if broken and fails:
            yield Refusal(-1, broken, text_at(objects_at(spec, "matchConditions")[0], "expression"))
        if broken or not holds:
            return
        for each in expressions.verdicts(is_asked=lambda text: not _WHO.search(text)):
            if fails or not each.is_error:
                yield Refusal(each.index, each.message, each.expression)


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
    expressions = AdmissionExpressions(policy, {}, has_authorizer=True)
    for part, names in (
        ("validations", ("expression", "messageExpression")),
        ("variables", ("expression",)),
        ("matchConditions", ("expression",)),
        ("auditAnnotations", ("valueExpression",)),
    ):
        for index, each in enumerate(objects_at(policy, "spec", part)):
            for name in names:
                text = text_at(each, name)
                problem = expressions.problem(text, is_condition=part == "matchConditions") if text else ""
                if problem:
                    first = problem.partition("\n")[0].removeprefix("ERROR: ")
                    yield ("spec", part, index, name), f"compilation failed: {first}"


def _of_any_version(constraints: Mapping[str, Json]) -> dict[str, Json]:
    """Return constraints that mean a kind in whatever version: an API server converts what it is given."""
    rules: dict[str, Json] = {}
    for name in ("resourceRules", "excludeResourceRules"):
        if name in constraints:
            rules[name] = [{**each, "apiVersions": ["*"]} for each in objects_at(constraints, name)]
    return {**constraints, **rules}


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
