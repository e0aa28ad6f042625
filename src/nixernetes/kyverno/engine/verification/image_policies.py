"""ImageValidatingPolicy and its namespaced form, as far as they go without a registry (``pkg/cel/policies/ivpol``).

Which images a policy is about, and whether they have a digest, is in the object. Whether they are signed is not: what
asks that is not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.images import POD_SPECS
from nixernetes.kyverno.engine.mutation.derived import derived_specs
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import exempted, known_values, naming
from nixernetes.kyverno.engine.wildcards import matches
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledImagePolicy"]

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledImagePolicy:
    """A policy about images, and what is derived from it for controllers.

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
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledImagePolicy:
        """Return a policy that may be asked about objects."""
        name, spec = text_at(policy, "metadata", "name"), mapping_at(policy, "spec")
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=name,
            namespace=space if text_at(policy, "kind").startswith("Namespaced") else "",
            specs=[spec, *derived_specs(spec)],
            exceptions=naming(exceptions, name),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy says of the images of an object."""
        if self.namespace and self.namespace != request.namespace:
            return
        for spec in self.specs:
            if admits(mapping_at(spec, "matchConstraints"), request, around.namespace_labels):
                row = self._row(spec, request, around)
                if row is not None:
                    yield row

    def _row(self, spec: Mapping[str, Json], request: Request, around: PolicySurroundings) -> RuleRow | None:
        known = known_values(request, around)
        expressions = Expressions(known, [], is_kyverno=True, answers=around.answers, namespace=self.namespace)
        excepted = exempted(self.exceptions, known, expressions)
        if excepted is not None:
            return replace(excepted, rule=self.name)
        try:
            for each in objects_at(spec, "matchConditions"):
                if not expressions.holds(text_at(each, "expression")):
                    return RuleRow(rule="", result="skip", message="skip")
            covered = [each for each in _images(request.manifest) if _is_meant(spec, each, expressions)]
        except InputError as error:
            message = f"failed to evaluate policy: {first_line(error)}"
            return RuleRow(rule=self.name, result="error", message=message)
        if not covered:
            return None
        if at(spec, "validationConfigurations", "verifyDigest") is not False:
            for image in covered:
                if "@" not in image:
                    return RuleRow(rule=self.name, result="fail", message=f"image {image} does not have a digest")
        message = f"not evaluated: whether {', '.join(covered)} is signed only its registry could tell"
        return RuleRow(rule=self.name, result="error", message=message)


def _images(manifest: Manifest) -> Iterator[str]:
    path = POD_SPECS.get(text_at(manifest, "kind"))
    if path is None:
        return
    spec = mapping_at(manifest, *path)
    for kind in _CONTAINERS:
        yield from filter(None, (text_at(each, "image") for each in objects_at(spec, kind)))


def _is_meant(spec: Mapping[str, Json], image: str, expressions: Expressions) -> bool:
    """Tell whether a policy is about an image; without any reference it is about all.

    Raises:
        InputError: an expression has no value.

    """
    references = objects_at(spec, "matchImageReferences")
    return not references or any(
        matches(text_at(each, "glob"), image)
        if text_at(each, "glob")
        else expressions.value(text_at(each, "expression")) is True
        for each in references
    )
