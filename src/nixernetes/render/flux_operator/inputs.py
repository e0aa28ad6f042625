"""The inputs of a ResourceSet: its own, and those of the providers that ``spec.inputsFrom`` names or selects.

With the strategy Flatten each input gives its own objects. With Permute each combination of one input of every
provider does, as ``inputs.NAME.FIELD``, where NAME is the provider's (or the ResourceSet's own) name in snake case.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import selectors
from nixernetes.objects.fields import at, items_at, mapping_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import INPUT_PROVIDER
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.declared_shapes import check_declared
from nixernetes.render.outside import Surroundings

__all__ = ["Inputs", "inputs_of"]

_MAX_INPUTS: Final = 10_000
_API_VERSION: Final = "fluxcd.controlplane.io/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """One set of inputs.

    Attributes:
        values: what ``inputs`` is in the templates.
        source: where they are from, for messages.

    """

    values: dict[str, Json]
    source: str


def inputs_of(resource_set: Manifest, declared: Surroundings) -> list[Inputs]:
    """Return the inputs of a ResourceSet, its own first; providers in the order in which they are named.

    Args:
        resource_set: the ResourceSet.
        declared: the objects around.

    Raises:
        InputError: a provider is declared nowhere or asks a service, the strategy is unknown, or there are too many.

    """
    spec = mapping_at(resource_set, "spec")
    if not spec.get("inputs") and not spec.get("inputsFrom"):
        return [Inputs(values={}, source="")]
    own = [
        Inputs(values={**each, "provider": _provider(key_of(resource_set))}, source=f"spec.inputs[{number}]")
        for number, each in enumerate(items_at(spec, "inputs"))
    ]
    groups = [(key_of(resource_set).name, own)] if own else []
    groups += [(key_of(each).name, [_static(each)]) for each in _providers(spec, key_of(resource_set), declared)]
    strategy = at(spec, "inputStrategy", "name") or "Flatten"
    if strategy == "Permute":
        return _permuted(groups)
    if strategy != "Flatten":
        raise InputError(f"spec.inputStrategy.name {strategy!r}: use Flatten or Permute")
    found = [each for _, inputs in groups for each in inputs]
    _check_count(len(found))
    return found


def _providers(spec: Json, owner: ObjectKey, declared: Surroundings) -> list[Manifest]:
    found: dict[ObjectKey, Manifest] = {}
    for number, reference in enumerate(items_at(spec, "inputsFrom")):
        for each in _referred(reference, f"spec.inputsFrom[{number}]", owner, declared):
            found.setdefault(key_of(each), each)
    return list(found.values())


def _referred(reference: Json, field: str, owner: ObjectKey, declared: Surroundings) -> Sequence[Manifest]:
    kind, name = reference.get("kind") or INPUT_PROVIDER.kind, reference.get("name")
    if kind != INPUT_PROVIDER.kind:
        raise InputError(f"{field}: kind {kind!r} gives no inputs: use {INPUT_PROVIDER.kind}")
    if name:
        key = ObjectKey(*INPUT_PROVIDER, owner.namespace, name)
        one = declared.get(key)
        if one is None:
            raise InputError(f"{field}: {key} is not declared in anything that is rendered")
        return [one]
    if reference.get("selector") is None:
        raise InputError(f"{field} has neither name nor selector")
    listed = declared.listing(INPUT_PROVIDER, owner.namespace)
    try:
        return [one for one in listed if selectors.matches(reference["selector"], _labels(one))]
    except ValueError as error:
        raise InputError(f"{field}: {error}") from error


def _static(provider: Manifest) -> Inputs:
    check_declared(provider)
    key, spec = key_of(provider), mapping_at(provider, "spec")
    if spec["type"] != "Static":
        raise InputError(f"not verified: type {spec['type']} needs the network; only Static is done", subject=str(key))
    values = {**(mapping_at(spec, "defaultValues")), "id": _identifier(str(key)), "provider": _provider(key)}
    return Inputs(values=values, source=str(key))


def _permuted(groups: Sequence[tuple[str, Sequence[Inputs]]]) -> list[Inputs]:
    _check_count(prod(len(inputs) for _, inputs in groups))
    names = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name, _ in groups]
    for name in names:
        if names.count(name) > 1 or name in ("id", "provider"):
            raise InputError(f"two inputs of the permutation are called {name!r}: rename one of the providers")
    if not groups:
        return []
    found = []
    for line in itertools.product(*(inputs for _, inputs in groups)):
        source = ", ".join(each.source for each in line)
        values: dict[str, Json] = {name: each.values for name, each in zip(names, line, strict=True)}
        found.append(Inputs(values={**values, "id": _identifier(source)}, source=source))
    return found


def _check_count(count: int) -> None:
    if count > _MAX_INPUTS:
        raise InputError(f"{count:,} sets of inputs: more than {_MAX_INPUTS:,} are not done here")


def _provider(key: ObjectKey) -> Json:
    return {"apiVersion": _API_VERSION, "kind": key.kind, "name": key.name, "namespace": key.namespace}


def _identifier(text: str) -> str:
    """Return a stable id. The operator makes one of UIDs, which only a cluster gives, so the two differ."""
    return str(zlib.adler32(text.encode()))


def _labels(manifest: Manifest) -> dict[str, str]:
    return mapping_at(manifest, "metadata", "labels")
