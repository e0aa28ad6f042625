"""ValidatingPolicy and NamespacedValidatingPolicy (Kyverno, ``pkg/cel/policies/vpol``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.resource_rules import admits, derived_constraints, names_pods_only, plurals
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledValidatingPolicy", "derived_validations", "exempted", "known_values", "naming", "told_exception"]

_DEFAULTS: Final = {
    "daemonsets": "apps",
    "deployments": "apps",
    "replicasets": "apps",
    "statefulsets": "apps",
    "jobs": "batch",
}
_INDEX: Final = "cel.validationIndex"  # the property with the place of the validation that decided
_NO_EXCEPTIONS: Final[Mapping[str, Json]] = {"exceptions.allowedImages": [], "exceptions.allowedValues": []}
_ROOT: Final = re.compile(r"\b(object|oldObject)\.(spec|metadata)\b(?!\.namespace\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledValidatingPolicy:
    """A policy and what is derived from it for controllers.

    Attributes:
        name: of the policy.
        namespace: of the namespaced kind; ``""`` for the other.
        specs: its ``spec``, then the derived ones.
        exceptions: PolicyExceptions of ``policies.kyverno.io`` that name it.

    """

    name: str
    namespace: str
    specs: Sequence[Mapping[str, Json]]
    exceptions: Sequence[Manifest] = ()

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledValidatingPolicy:
        """Return a policy that may be asked about objects."""
        name, kind = text_at(policy, "metadata", "name"), text_at(policy, "kind")
        spec = mapping_at(policy, "spec")
        space = text_at(policy, "metadata", "namespace") or "default"
        is_namespaced = kind.startswith("Namespaced")
        return cls(
            name=name,
            namespace=space if is_namespaced else "",
            specs=[spec, *derived_validations(spec)],
            exceptions=naming(exceptions, name, kind),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy says of an object."""
        if self.namespace and self.namespace != request.namespace:
            return
        for spec in self.specs:
            if text_at(spec, "evaluation", "mode") not in ("", "Kubernetes"):
                continue
            if admits(mapping_at(spec, "matchConstraints"), request, around.namespace_labels):
                yield self._row(spec, request, around)

    def _row(self, spec: Mapping[str, Json], request: Request, around: PolicySurroundings) -> RuleRow:
        return self._judged(spec, known_values(request, around), around)

    def payload(self, document: Json, around: PolicySurroundings) -> RuleRow | None:
        """Return what a policy about JSON says of a document; None from one about objects of a cluster."""
        spec = self.specs[0]
        if text_at(spec, "evaluation", "mode") != "JSON":
            return None
        known: dict[str, Json] = dict.fromkeys(("oldObject", "request", "namespaceObject"))
        return self._judged(spec, {"object": document, **known, **_NO_EXCEPTIONS}, around)

    def _judged(self, spec: Mapping[str, Json], known: dict[str, Json], around: PolicySurroundings) -> RuleRow:
        variables = objects_at(spec, "variables")
        expressions = Expressions(known, variables, is_kyverno=True, answers=around.answers, namespace=self.namespace)
        row = self._answer(spec, known, variables, expressions)
        return replace(row, not_given=expressions.not_given) if expressions.not_given else row

    def _early(self, spec: Mapping[str, Json], known: dict[str, Json], expressions: Expressions) -> RuleRow | None:
        """Return the row of an object that is excepted, or that the conditions do not mean."""
        try:
            excepted = exempted(self.exceptions, known, expressions)
            if excepted is not None:
                return excepted
        except InputError as error:
            return _unloaded(error)
        try:
            if not expressions.all_hold(objects_at(spec, "matchConditions")):
                return RuleRow(rule="", result="skip", message="skip")
        except InputError as error:
            if text_at(spec, "failurePolicy") == "Ignore":
                return RuleRow(rule="", result="skip", message="skip")
            return _unloaded(error)
        return None

    def _answer(
        self,
        spec: Mapping[str, Json],
        known: dict[str, Json],
        variables: list[dict[str, Json]],
        expressions: Expressions,
    ) -> RuleRow:
        early = self._early(spec, known, expressions)
        if early is not None:
            return early
        for text in (text_at(each, "expression") for each in [*variables, *objects_at(spec, "validations")]):
            problem = expressions.compiles(text)
            if problem:
                return not_evaluated("", f"expression '{text.strip()}': {problem}")
        row = _judged(spec, expressions)
        if row.result == "error":
            return row
        try:
            noted = expressions.annotations(objects_at(spec, "auditAnnotations"))
        except InputError as error:
            if row.result == "pass":
                return _unloaded(error)
            return replace(row, result="error", message=f"error: {first_line(error)}")
        return replace(row, properties={**row.properties, **noted})


def _unloaded(error: InputError) -> RuleRow:
    return RuleRow(rule="evaluation", result="error", message=f"failed to load context: {first_line(error)}")


def naming(exceptions: Sequence[Manifest], name: str, kind: str) -> list[Manifest]:
    """Return the PolicyExceptions of ``policies.kyverno.io`` that name a policy of a kind."""
    return [
        each
        for each in exceptions
        if text_at(each, "apiVersion").startswith("policies.kyverno.io/")
        and any(
            text_at(ref, "name") == name and text_at(ref, "kind") == kind
            for ref in objects_at(each, "spec", "policyRefs")
        )
    ]


def exempted(exceptions: Sequence[Manifest], known: dict[str, Json], expressions: Expressions) -> RuleRow | None:
    """Return the row of an exemption; what exceptions allow beside it is told to the expressions.

    Raises:
        InputError: a condition has no value, and nothing is exempted yet.

    """
    found: list[Manifest] = []
    is_exempted = False
    for each in exceptions:
        try:
            if not expressions.all_hold(objects_at(each, "spec", "matchConditions")):
                continue
        except InputError:
            if is_exempted:
                continue
            raise
        found.append(each)
        images, values = items_at(each, "spec", "images"), items_at(each, "spec", "allowedValues")
        is_exempted = is_exempted or not (images or values)
        if not is_exempted:
            known["exceptions.allowedImages"] = [*known["exceptions.allowedImages"], *images]
            known["exceptions.allowedValues"] = [*known["exceptions.allowedValues"], *values]
    if not is_exempted:
        return None
    return told_exception(found)


def told_exception(found: Sequence[Manifest]) -> RuleRow:
    """Return the row of what is exempted; of several exceptions the one with the highest priority decides."""
    deciding = max(found, key=_priority)
    result = "pass" if text_at(deciding, "spec", "reportResult") == "pass" else "skip"
    verb = "passed" if result == "pass" else "skipped"
    keys = ", ".join(_key(each) for each in found)
    return RuleRow(rule="exception", result=result, message=f"rule is {verb} due to policy exception: {keys}")


def _priority(exception: Manifest) -> int:
    text = str(at(exception, "metadata", "labels", "polex.kyverno.io/priority") or "0")
    return max(int(text), 0) if text.lstrip("-").isdecimal() else 0


def _key(exception: Manifest) -> str:
    space, name = text_at(exception, "metadata", "namespace"), text_at(exception, "metadata", "name")
    return f"{space}/{name}" if space else name


def _judged(spec: Mapping[str, Json], expressions: Expressions) -> RuleRow:
    for index, each in enumerate(objects_at(spec, "validations")):
        try:
            if expressions.value(text_at(each, "expression")) is True:
                continue
        except InputError as error:
            message = f"error: {first_line(error)}"
            return RuleRow(rule="", result="error", message=message, properties={_INDEX: str(index)})
        message = text_at(each, "message")
        told = text_at(each, "messageExpression")
        if told:
            try:
                message = str(expressions.value(told))
            except InputError as error:
                message = f"failed to evaluate message expression: {first_line(error)}"
        message = message or f"CEL expression validation failed at index {index}"
        return RuleRow(rule="", result="fail", message=message, properties={_INDEX: str(index)})
    return RuleRow(rule="", result="pass", message="success")


def known_values(request: Request, around: PolicySurroundings) -> dict[str, Json]:
    """Return what expressions of the newer kinds may read, but for ``variables``."""
    group, version = split_api_version(text_at(request.manifest, "apiVersion"))
    told = {key: value for key, value in request.document().items() if key not in ("object", "oldObject")}
    told["resource"] = {"group": group, "version": version, "resource": plurals(text_at(request.manifest, "kind"))[0]}
    is_deleted = request.operation == "DELETE"
    labels = around.namespace_labels.get(request.namespace)
    space: Json = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": request.namespace, "labels": labels}}
    known = around.answers.namespace(request.namespace) if request.namespace else None
    if known is not None:
        space = known
        labels = labels or mapping_at(space, "metadata", "labels")
    return {
        "object": {} if is_deleted else request.manifest,  # nothing is an empty object: ``null`` it is not in Kyverno
        "oldObject": request.manifest if is_deleted else request.old or {},
        "request": told,
        "namespaceObject": space if labels is not None else None,
        **_NO_EXCEPTIONS,
    }


def derived_validations(spec: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Yield the specs for controllers of pods (Kyverno, ``pkg/cel/autogen``)."""
    constraints = mapping_at(spec, "matchConstraints")
    if not names_pods_only(constraints):
        return
    listed = at(spec, "autogen", "podControllers", "controllers")
    wanted = listed if isinstance(listed, list) else [*_DEFAULTS, "cronjobs"]
    for names, path in (
        ([each for each in _DEFAULTS if each in wanted], "spec.template"),
        (["cronjobs"] if "cronjobs" in wanted else [], "spec.jobTemplate.spec.template"),
    ):
        if not names:
            continue
        text = _ROOT.sub(lambda found, path=path: f"{found[1]}.{path}.{found[2]}", json.dumps(spec))  # type: ignore[misc]
        rule = objects_at(constraints, "resourceRules")[0]
        groups = sorted({_DEFAULTS.get(each, "batch") for each in names})
        made = {
            "operations": items_at(rule, "operations"),
            "apiGroups": groups,
            "apiVersions": ["v1"],
            "resources": names,
        }
        yield {**json.loads(text), "matchConstraints": derived_constraints(constraints, [made])}
