"""What Flux's CRDs would have refused, as far as the controllers rely on it.

A real API server never stores such an object. A cluster that serves Flux's kinds without their schemas does, and the
controller then says on the object what is wrong with it, and leaves it at that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixernetes.engine.flux import kinds
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.declared_shapes import form_problem

__all__ = ["refusal"]

_DURATION = re.compile(r"([0-9]+(\.[0-9]+)?(ms|s|m|h))+")
_ABSENT = object()
_held: Bounded[object, tuple[Json, str]] = Bounded(4096)

_REQUIRED: dict[GroupKind, tuple[tuple[str, type], ...]] = {
    kinds.GIT_REPOSITORY: (("url", str), ("interval", str)),
    kinds.OCI_REPOSITORY: (("url", str), ("interval", str)),
    kinds.HELM_REPOSITORY: (("url", str),),
    kinds.HELM_CHART: (("chart", str), ("interval", str), ("sourceRef.kind", str), ("sourceRef.name", str)),
    kinds.KUSTOMIZATION: (("interval", str), ("prune", bool), ("sourceRef.kind", str), ("sourceRef.name", str)),
    kinds.HELM_RELEASE: (("interval", str),),
    kinds.ARTIFACT_GENERATOR: (("sources", list), ("artifacts", list)),
    kinds.RECEIVER: (("type", str), ("resources", list)),
    kinds.PROVIDER: (("type", str),),
    kinds.ALERT: (("providerRef.name", str), ("eventSources", list)),
}
_CHART = (("chart.spec.chart", str), ("chart.spec.sourceRef.kind", str), ("chart.spec.sourceRef.name", str))
_CHART_REF = (("chartRef.kind", str), ("chartRef.name", str))
_DURATIONS = ("interval", "retryInterval", "timeout", "chart.spec.interval", "install.timeout", "upgrade.timeout")
_OBJECTS = (
    "ref",
    "layerSelector",
    "secretRef",
    "certSecretRef",
    "postBuild",
    "commonMetadata",
    "install",
    "upgrade",
    "uninstall",
    "test",
    "values",
    "driftDetection",
)
_LISTS = {
    "dependsOn": ("name",),
    "healthChecks": ("kind", "name"),
    "healthCheckExprs": ("apiVersion",),
    "valuesFrom": ("kind", "name"),
    "postBuild.substituteFrom": ("kind", "name"),
    "resources": ("kind", "name"),
    "eventSources": ("kind", "name"),
    "sources": ("alias", "kind", "name"),
    "artifacts": ("name",),
    "inclusionList": (),
    "exclusionList": (),
}


def refusal(manifest: Manifest) -> str:
    """Return why a Flux object would have been refused, or ``""``.

    An object is asked about at each of its reconciles, and its spec stays the very same value while it is not changed:
    so long the answer is held, of the latest 4,096 specs.
    """
    spec = manifest.get("spec")
    if not isinstance(spec, dict):
        return "spec: Required value"
    key = (id(spec), group_kind(manifest))
    held = _held.get(key)
    if held is None or held[0] is not spec:
        held = (spec, _refusal(manifest, spec))
        _held.put(key, held)
    return held[1]


def _refusal(manifest: Manifest, spec: Json) -> str:
    kind = group_kind(manifest)
    if kind in (kinds.RESOURCE_SET, kinds.INPUT_PROVIDER):
        return form_problem(manifest)  # their fields are named like those of Flux's kinds, and are others
    return next(_faults(kind, spec), "") or form_problem(manifest)


def _faults(kind: GroupKind, spec: Json) -> Iterator[str]:
    wanted = _REQUIRED.get(kind, ())
    if kind == kinds.HELM_RELEASE:
        wanted += (*(_CHART if "chart" in spec else ()), *(_CHART_REF if "chartRef" in spec else ()))
    for path, of in wanted:
        value = _at(spec, path)
        if value is _ABSENT:
            yield f"spec.{path}: Required value"
        elif not isinstance(value, of):
            yield f"spec.{path}: Invalid value: must be of type {_word(of)}"
    for path in _DURATIONS:
        value = _at(spec, path)
        if value is not _ABSENT and not (isinstance(value, str) and _DURATION.fullmatch(value)):
            yield f"spec.{path}: Invalid value: {value!r}: write a duration as 30s, 10m or 1h30m"
    if kind == kinds.OCI_REPOSITORY and isinstance(spec.get("url"), str) and not spec["url"].startswith("oci://"):
        yield f"spec.url: Invalid value: {spec['url']!r}: must begin with oci://"
    for path in _OBJECTS:
        if not isinstance(_at(spec, path), dict) and _at(spec, path) is not _ABSENT:
            yield f"spec.{path}: Invalid value: must be of type object"
    for path, fields in _LISTS.items():
        yield from _list_faults(path, _at(spec, path), fields)


def _list_faults(path: str, value: Json, fields: tuple[str, ...]) -> Iterator[str]:
    if value is _ABSENT:
        return
    if not isinstance(value, list):
        yield f"spec.{path}: Invalid value: must be of type array"
        return
    for number, entry in enumerate(value):
        for field in fields:
            if not isinstance(entry, dict) or not isinstance(entry.get(field), str):
                yield f"spec.{path}[{number}].{field}: Required value"


def _at(spec: Json, path: str) -> Json:
    for part in path.split("."):
        if not isinstance(spec, dict) or spec.get(part) is None:
            return _ABSENT
        spec = spec[part]
    return spec


def _word(of: type) -> str:
    return {str: "string", bool: "boolean", list: "array"}[of]
