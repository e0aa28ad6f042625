"""GeneratingPolicy and NamespacedGeneratingPolicy (Kyverno, ``pkg/cel/policies/gpol``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.generation.made import made_object
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import exempted, known_values, naming
from nixernetes.languages.jmespath.functions import json_text
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.yamls import parse_all

__all__ = ["CompiledGeneratingPolicy"]

_PLACE: Final = re.compile(r"\(\(\s*(.*?)\s*\)\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledGeneratingPolicy:
    """A policy that makes objects.

    Attributes:
        name: of the policy.
        namespace: of the namespaced kind; ``""`` for the other.
        spec: its ``spec``.
        exceptions: PolicyExceptions of ``policies.kyverno.io`` that name it.

    """

    name: str
    namespace: str
    spec: Mapping[str, Json]
    exceptions: Sequence[Manifest] = ()

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledGeneratingPolicy:
        """Return a policy that may be asked about objects."""
        name, space = text_at(policy, "metadata", "name"), text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=name,
            namespace=space if text_at(policy, "kind").startswith("Namespaced") else "",
            spec=mapping_at(policy, "spec"),
            exceptions=naming(exceptions, name, text_at(policy, "kind")),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield the row of an object, with what is made for it; none where it is not meant."""
        if self.namespace and self.namespace != request.namespace:
            return
        if not admits(mapping_at(self.spec, "matchConstraints"), request, around.namespace_labels):
            return
        known = known_values(request, around)
        whole = {"object": known["object"], "oldObject": known["oldObject"]}
        known = {**known, "request": {**known["request"], **whole}}
        expressions = Expressions(
            known,
            objects_at(self.spec, "variables"),
            is_kyverno=True,
            answers=around.answers,
            namespace=self.namespace,
            is_generating=True,
        )
        row = self._row(known, expressions)
        if row is not None:
            yield replace(row, not_given=expressions.not_given)

    def _row(self, known: dict[str, Json], expressions: Expressions) -> RuleRow | None:
        try:
            excepted = exempted(self.exceptions, known, expressions)
            if excepted is not None:
                return excepted
            if not expressions.all_hold(objects_at(self.spec, "matchConditions")):
                return None
            for each in objects_at(self.spec, "generate"):
                if "template" in each:
                    self._templated(mapping_at(each, "template"), expressions)
                else:
                    expressions.value(text_at(each, "expression"))
            noted = expressions.annotations(objects_at(self.spec, "auditAnnotations"))
        except InputError as error:
            message = f"failed to evaluate policy: {first_line(error)}"
            return RuleRow(rule=self.name, result="error", message=message)
        made = [
            made_object(each, space, policy_name=self.name)
            for space, found in expressions.generated
            for each in _flat(found)
        ]
        message = "policy evaluated successfully"
        return RuleRow(rule=self.name, result="pass", message=message, generated=tuple(made), properties=noted)

    def _templated(self, template: Mapping[str, Json], expressions: Expressions) -> None:
        """Make the objects of a template, whose places hold expressions where it says so."""
        for document in parse_all(text_at(template, "value")):
            if isinstance(document.data, dict):
                data = document.data
                if text_at(template, "interpolate") == "cel":
                    data = _filled(data, expressions)
                expressions.generate(self.namespace or text_at(data, "metadata", "namespace"), [data])


def _flat(objects: Sequence[Json]) -> Iterator[Manifest]:
    """Yield objects; a list of objects stands for its items."""
    for each in objects:
        if isinstance(each, dict) and "items" in each and "metadata" not in each:
            yield from objects_at(each, "items")
        elif isinstance(each, dict):
            yield each


def _filled(data: Json, expressions: Expressions) -> Json:
    if isinstance(data, dict):
        return {key: _filled(value, expressions) for key, value in data.items()}
    if isinstance(data, list):
        return [_filled(each, expressions) for each in data]
    if not isinstance(data, str):
        return data
    whole = _PLACE.fullmatch(data)
    if whole is not None:
        return expressions.value(whole[1])
    return _PLACE.sub(lambda found: _text(expressions.value(found[1])), data)


def _text(value: Json) -> str:
    if isinstance(value, dict | list):
        raise InputError("a place inside a text takes a text, a number or a boolean")
    return value if isinstance(value, str) else json_text(value)
