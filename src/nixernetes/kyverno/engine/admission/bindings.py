"""Bindings of an admission policy: to what it is bound, and with which parameters.

Kyverno's command line applies a policy without bindings to whatever it matches; ``paramRef`` with a selector gives a
list with ``items``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches as selects

__all__ = ["bindings_of", "parameters"]


def bindings_of(policy: Manifest, given: Sequence[Manifest]) -> list[Manifest]:
    """Return the bindings that name a policy."""
    kind, name = f"{text_at(policy, 'kind')}Binding", text_at(policy, "metadata", "name")
    return [each for each in given if text_at(each, "kind") == kind and text_at(each, "spec", "policyName") == name]


def parameters(
    policy: Manifest, bindings: Sequence[Manifest], request: Request, around: PolicySurroundings
) -> Iterator[Json]:
    """Yield the parameters with which a policy is asked about an object, once for each binding that means the object.

    Raises:
        InputError: there is no parameter, and the binding says that this is not allowed.

    """
    if not bindings:
        yield None
    for each in bindings:
        resources = mapping_at(each, "spec", "matchResources")
        if resources and not admits(resources, request, around.namespace_labels, sees_old=False):
            continue
        found = _parameter(policy, mapping_at(each, "spec", "paramRef"), request, around)
        if found is not None or not mapping_at(each, "spec", "paramRef"):
            yield found
        elif text_at(each, "spec", "paramRef", "parameterNotFoundAction") != "Allow":
            name = text_at(each, "metadata", "name")
            raise InputError(f"failed to configure binding: no params found for policy binding {name}")


def _parameter(policy: Manifest, ref: Mapping[str, Json], request: Request, around: PolicySurroundings) -> Json:
    if not ref:
        return None
    kind = mapping_at(policy, "spec", "paramKind")
    space = text_at(ref, "namespace") or request.namespace
    found = [
        each
        for each in (*around.params, *around.objects)
        if text_at(each, "kind") == text_at(kind, "kind")
        and text_at(each, "apiVersion") == text_at(kind, "apiVersion")
        and (text_at(each, "metadata", "namespace") or space) == space
    ]
    if text_at(ref, "name"):
        return next((each for each in found if text_at(each, "metadata", "name") == text_at(ref, "name")), None)
    chosen = [each for each in found if selects(mapping_at(ref, "selector"), labels_of(each))]
    return {"items": chosen} if chosen else None
