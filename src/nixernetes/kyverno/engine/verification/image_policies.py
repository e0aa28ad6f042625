"""ImageValidatingPolicy and its namespaced form, as far as they go without a registry (``pkg/cel/policies/ivpol``).

Which images a policy is about, whether they have a digest, and whatever expressions say of the object without asking a
registry is decided. Whether an image is signed, and what is attested of it, is not evaluated, and said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.images import POD_SPECS
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import derived_validations, known_values, naming, told_exception
from nixernetes.kyverno.engine.wildcards import matches
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledImagePolicy"]

_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
_UNANSWERED: Final = "not evaluated: "
_NOT_DERIVED: Final = "ReplicationController"  # whose images Kyverno does not look for by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledImagePolicy:
    """A policy about images, and what is derived from it for controllers.

    Attributes:
        name: of the policy.
        namespace: of the namespaced kind; ``""`` for the other.
        specs: its ``spec``, then the derived ones, for which no exception counts.
        exceptions: PolicyExceptions of ``policies.kyverno.io`` that name it.

    """

    name: str
    namespace: str
    specs: Sequence[Mapping[str, Json]]
    exceptions: Sequence[Manifest] = ()

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledImagePolicy:
        """Return a policy that may be asked about objects."""
        name, kind, spec = text_at(policy, "metadata", "name"), text_at(policy, "kind"), mapping_at(policy, "spec")
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=name,
            namespace=space if kind.startswith("Namespaced") else "",
            specs=[spec, *derived_validations(spec)],
            exceptions=naming(exceptions, name, kind),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy says of the images of an object."""
        if self.namespace and self.namespace != request.namespace:
            return
        for index, spec in enumerate(self.specs):
            if admits(mapping_at(spec, "matchConstraints"), request, around.namespace_labels):
                exceptions = () if index else self.exceptions
                row = _Asked(self, spec, exceptions, request, around).row()
                if row is not None:
                    yield row


class _Asked:
    """One spec of a policy, asked about one object."""

    def __init__(
        self,
        policy: CompiledImagePolicy,
        spec: Mapping[str, Json],
        exceptions: Sequence[Manifest],
        request: Request,
        around: PolicySurroundings,
    ) -> None:
        self._name = policy.name
        self._spec = spec
        self._exceptions = exceptions
        self._kind = text_at(request.manifest, "kind")
        self._known = known_values(request, around)
        self._expressions = Expressions(
            self._known,
            objects_at(spec, "variables"),
            is_kyverno=True,
            answers=around.answers,
            namespace=policy.namespace,
            is_mutating=True,
            is_imaging=True,
        )

    def row(self) -> RuleRow | None:
        """Return the row; None where the match conditions do not mean the object."""
        try:
            row = self._answer()
        except InputError as error:
            text = first_line(error)
            told = text if text.startswith(_UNANSWERED) else f"failed to evaluate policy: {text}"
            row = RuleRow(rule="evaluation", result="error", message=told)
        return replace(row, not_given=self._expressions.not_given) if row is not None else None

    def _answer(self) -> RuleRow | None:
        if not self._expressions.all_hold(objects_at(self._spec, "matchConditions")):
            return None
        excepting = [
            each for each in self._exceptions if self._expressions.all_hold(objects_at(each, "spec", "matchConditions"))
        ]
        if excepting:
            told = told_exception(excepting)
            return replace(told, result="skip", message=told.message.replace("is passed", "is skipped"))
        found = {name: [each for each in images if self._means(each)] for name, images in self._images().items()}
        covered = [each for images in found.values() for each in images]
        checks = mapping_at(self._spec, "validationConfigurations")
        bare = [each for each in covered if "@" not in each]
        if bare and checks.get("verifyDigest") is not False:
            return RuleRow(rule=self._name, result="fail", message=f"image {bare[0]} does not have a digest")
        self._known["images"] = dict(found)
        self._known["attestors"] = {text_at(each, "name"): each for each in objects_at(self._spec, "attestors")}
        names = [text_at(each, "name") for each in objects_at(self._spec, "attestations")]
        self._known["attestations"] = {name: name for name in names}
        row = self._judged(covered)
        if row.result == "error":
            return row
        noted = self._expressions.annotations(objects_at(self._spec, "auditAnnotations"))
        if row.result == "pass" and covered and checks.get("required") is not False:
            return self._unanswered(covered)
        return replace(row, properties=noted)

    def _judged(self, covered: Sequence[str]) -> RuleRow:
        for index, each in enumerate(objects_at(self._spec, "validations")):
            try:
                if self._expressions.value(text_at(each, "expression")) is not False:
                    continue
            except InputError as error:
                if first_line(error).startswith(_UNANSWERED) and covered:
                    return self._unanswered(covered)
                raise
            message, told = text_at(each, "message"), text_at(each, "messageExpression")
            if told:
                try:
                    message = str(self._expressions.value(told))
                except InputError as error:
                    message = f"failed to evaluate message expression: {first_line(error)}"
            message = message or f"CEL expression validation failed at index {index}"
            return RuleRow(rule=self._name, result="fail", message=message)
        return RuleRow(rule=self._name, result="pass", message="success")

    def _unanswered(self, covered: Sequence[str]) -> RuleRow:
        message = f"{_UNANSWERED}whether {', '.join(covered)} is signed only its registry could tell"
        return RuleRow(rule=self._name, result="error", message=message)

    def _images(self) -> dict[str, list[str]]:
        """Return the images by the names of what finds them (``images.go``).

        Raises:
            InputError: a container has no image, or an expression gives no texts.

        """
        path = POD_SPECS.get(self._kind) if self._kind != _NOT_DERIVED else None
        finders = {}
        if path is not None:
            place = ".".join(path)
            for kind in _CONTAINERS:
                whole = f"(object != null ? object : oldObject).{place}"
                finders[kind] = f"{whole}.?{kind}.orValue([]).map(e, e.image)"
        finders |= {text_at(each, "name"): text_at(each, "expression") for each in objects_at(self._spec, "images")}
        found = {}
        for name, expression in finders.items():
            images = self._expressions.value(expression)
            if not isinstance(images, list) or not all(isinstance(each, str) for each in images):
                raise InputError(f"images of {name} are no list of texts")
            found[name] = [str(each) for each in images]
        return found

    def _means(self, image: str) -> bool:
        """Tell whether the policy is about an image; without any reference it is about all."""
        references = objects_at(self._spec, "matchImageReferences")
        self._known["ref"] = image
        return not references or any(
            matches(text_at(each, "glob"), image)
            if text_at(each, "glob")
            else self._expressions.value(text_at(each, "expression")) is True
            for each in references
        )
