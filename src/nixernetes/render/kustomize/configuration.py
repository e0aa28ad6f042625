"""The configuration of the transformers: the defaults, what ``configurations`` and ``crds`` add, and their merging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, Final

from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import Shape, misfit
from nixernetes.objects.sizes import Allowance
from nixernetes.render.kustomize import defaults
from nixernetes.render.kustomize.decoding import decode
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import FieldSpecEntry
from nixernetes.render.kustomize.resources.ids import Gvk
from nixernetes.render.kustomize.resources.sorting import gvk_order
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec, merge_all

__all__ = ["Configuration", "NameReference", "default", "from_crds", "from_data", "merge"]


@dataclass(frozen=True, slots=True)
class NameReference:
    """A kind, and the fields that hold the names of its objects."""

    target: Gvk
    referrers: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Where each transformer writes."""

    name_prefix: tuple[FieldSpec, ...] = ()
    name_suffix: tuple[FieldSpec, ...] = ()
    namespace: tuple[FieldSpec, ...] = ()
    common_labels: tuple[FieldSpec, ...] = ()
    labels: tuple[FieldSpec, ...] = ()
    template_labels: tuple[FieldSpec, ...] = ()
    common_annotations: tuple[FieldSpec, ...] = ()
    name_reference: tuple[NameReference, ...] = ()
    var_reference: tuple[FieldSpec, ...] = ()
    images: tuple[FieldSpec, ...] = ()
    replicas: tuple[FieldSpec, ...] = ()


@cache
def default() -> Configuration:
    """Return Kustomize's built-in configuration."""
    return _sorted(
        Configuration(
            name_prefix=defaults.NAMES,
            name_suffix=defaults.NAMES,
            namespace=defaults.NAMESPACE,
            common_labels=defaults.COMMON_LABELS,
            template_labels=defaults.TEMPLATE_LABELS,
            common_annotations=defaults.COMMON_ANNOTATIONS,
            name_reference=tuple(NameReference(*row) for row in defaults.NAME_REFERENCES),
            var_reference=defaults.VARIABLES,
            images=defaults.IMAGES,
            replicas=defaults.REPLICAS,
        )
    )


def merge(one: Configuration, other: Configuration) -> Configuration:
    """Return both together, in Kustomize's order.

    Raises:
        KustomizeError: the same place with and without ``create``.

    """
    if other is one or other == _NOTHING:
        return one
    if other is default() and one == _NOTHING:
        return other
    merged: dict[str, Any] = {}
    for each in fields(Configuration):
        if each.name == "name_reference":
            continue
        try:
            merged[each.name] = merge_all(getattr(one, each.name), getattr(other, each.name))
        except KustomizeError as error:
            raise KustomizeError(f"failed to merge {each.name} fieldSpec: {error.message}") from error
    return _sorted(replace(one, **merged, name_reference=_merge_references(one.name_reference, other.name_reference)))


_NOTHING = Configuration()


def _merge_references(one: tuple[NameReference, ...], other: Iterable[NameReference]) -> tuple[NameReference, ...]:
    result = list(one)
    for incoming in other:
        known = next((i for i, have in enumerate(result) if have.target == incoming.target), None)
        if known is None:
            result.append(incoming)
        else:
            merged = merge_all(result[known].referrers, incoming.referrers)
            result[known] = NameReference(incoming.target, merged)
    return tuple(result)


def _by_target(reference: NameReference) -> tuple[int, str]:
    return gvk_order(reference.target)


def _by_gvk(spec: FieldSpec) -> tuple[int, str]:
    return gvk_order(spec.gvk)


def _sorted(config: Configuration) -> Configuration:
    ordered: dict[str, Any] = {}
    for each in fields(Configuration):
        rows = getattr(config, each.name)
        by = _by_target if each.name == "name_reference" else _by_gvk
        ordered[each.name] = tuple(sorted(rows, key=by))
    return Configuration(**ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _References:
    group: str = ""
    version: str = ""
    kind: str = ""
    field_specs: tuple[FieldSpecEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name_prefix: tuple[FieldSpecEntry, ...] = ()
    name_suffix: tuple[FieldSpecEntry, ...] = ()
    namespace: tuple[FieldSpecEntry, ...] = ()
    common_labels: tuple[FieldSpecEntry, ...] = ()
    labels: tuple[FieldSpecEntry, ...] = ()
    template_labels: tuple[FieldSpecEntry, ...] = ()
    common_annotations: tuple[FieldSpecEntry, ...] = ()
    name_reference: tuple[_References, ...] = ()
    var_reference: tuple[FieldSpecEntry, ...] = ()
    images: tuple[FieldSpecEntry, ...] = ()
    replicas: tuple[FieldSpecEntry, ...] = field(default=())


def from_data(data: Json) -> Configuration:
    """Read a file that ``configurations`` names, strictly (``makeTransformerConfigFromBytes`` of Kustomize 5.8.1).

    Raises:
        KustomizeError: a value of a wrong type, or an unknown field.

    """
    try:
        found: _File = decode(_File, data, strict=True)
    except KustomizeError as error:
        told = error.message.replace("invalid Kustomization: ", "error unmarshaling JSON: while decoding JSON: ", 1)
        raise KustomizeError(told, subject=error.subject, place=error.place) from error
    plain = {
        each.name: tuple(row.field_spec() for row in getattr(found, each.name))
        for each in fields(_File)
        if each.name != "name_reference"
    }
    references = tuple(
        NameReference(Gvk(row.group, row.version, row.kind), tuple(spec.field_spec() for spec in row.field_specs))
        for row in found.name_reference
    )
    return _sorted(Configuration(name_reference=references, **plain))


_MAX_FIELDS = 20_000
_PROPERTIES: Final[Shape] = {"properties": {"*": {"x-kubernetes-object-ref-name-key": str}}}
_DEFINITIONS: Final[Shape] = {"*": {"Schema": _PROPERTIES, "schema": _PROPERTIES}}
_PREFIX = "x-kubernetes-"


def from_crds(data: Json) -> Configuration:
    """Read a file that ``crds`` names: OpenAPI definitions with ``x-kubernetes-*`` marks on fields.

    Raises:
        KustomizeError: the file is not a map of definitions.

    """
    if not isinstance(data, dict) or not all(isinstance(api, dict) for api in data.values()):
        raise KustomizeError("unable to parse open API definition: a map of definitions is expected")
    wrong = misfit(_DEFINITIONS, data)
    if wrong:
        raise KustomizeError(f"unable to parse open API definition: {wrong}")
    allowance = Allowance(_MAX_FIELDS, f"more than {_MAX_FIELDS:,} fields in open API definitions when all are counted")
    result = Configuration()
    for name in sorted(data):
        properties = _properties(data, name)
        if {"kind", "apiVersion", "metadata"} <= set(properties):
            kind = Gvk(kind=name.rsplit(".", 1)[-1])
            result = merge(result, _from_definition(data, name, kind, (), frozenset(), allowance))
    return result


def _properties(data: Json, name: str) -> dict[str, Json]:
    schema = (data.get(name) or {}).get("Schema") or (data.get(name) or {}).get("schema") or {}
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def _from_definition(
    data: Json, name: str, kind: Gvk, path: tuple[str, ...], seen: frozenset[str], allowance: Allowance
) -> Configuration:
    result = Configuration()
    if name in seen:
        return result
    for field_name, schema in _properties(data, name).items():
        here = (*path, field_name)
        allowance.take(len(here))
        if schema is None:
            continue
        spec = FieldSpec(kind, "/".join(here))
        if isinstance(schema.get(_PREFIX + "annotation"), str):
            result = merge(result, Configuration(common_annotations=(spec,)))
        if isinstance(schema.get(_PREFIX + "label-selector"), str):
            result = merge(result, Configuration(common_labels=(spec,)))
        if isinstance(schema.get(_PREFIX + "identity"), str):
            result = merge(result, Configuration(name_prefix=(spec,)))
        version = schema.get(_PREFIX + "object-ref-api-version")
        target = schema.get(_PREFIX + "object-ref-kind")
        if isinstance(version, str) and isinstance(target, str):
            key = schema.get(_PREFIX + "object-ref-name-key") or "name"
            referrer = FieldSpec(kind, "/".join((*here, key)))
            reference = NameReference(Gvk(version=version, kind=target), (referrer,))
            result = merge(result, Configuration(name_reference=(reference,)))
        if isinstance(schema.get("$ref"), str):
            result = merge(result, _from_definition(data, schema["$ref"], kind, here, seen | {name}, allowance))
    return result
