"""The OpenAPI data that Kustomize carries: Kubernetes 1.21, or the schema that a kustomization names.

It answers two questions: is a kind certainly cluster-scoped, and which lists merge by which keys. Kustomize compiles
Kubernetes 1.21 in, so newer kinds (an HorizontalPodAutoscaler v2, a ValidatingAdmissionPolicy) count as unknown: their
lists are replaced and they get a namespace.
"""

from __future__ import annotations

from typing import Final

from nixernetes.languages.kyaml.shapes import CLUSTER_KINDS, KINDS, NAMED_SHAPES, Shape, built_in, keyed, shaped
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG_V1BETA1
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import Shape as Form, misfit
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.ids import Gvk

__all__ = ["OpenApi"]

BUILT_IN_VERSION = "v1.21.2"
_KUSTOMIZATION = shaped(configMapGenerator=keyed("name"), secretGenerator=keyed("name"))


class OpenApi:
    """The schema of one build: the built-in one until a kustomization names another; the outermost wins."""

    def __init__(self) -> None:
        self._custom: dict[tuple[str, str], Shape] | None = None
        self._scopes: dict[tuple[str, str], bool] = {}
        self._version = ""
        self._built_in_too = False

    def use(self, version: str | None, schema: Json) -> None:
        """Take the ``openapi`` field of a kustomization, unless one was taken before.

        Raises:
            KustomizeError: version and path together, or a version that is not built in.

        """
        if self._version:
            return
        if schema is not None:
            if version is not None:
                raise KustomizeError("builtin version and custom schema provided, cannot use both")
            self._version = "custom"
            self._custom, self._scopes = _Definitions(schema, built_in_too=self._built_in_too).read()
        elif version:
            if version != BUILT_IN_VERSION:
                raise KustomizeError("the specified OpenAPI version is not built in")
            self._version = version

    def is_cluster_scoped(self, gvk: Gvk) -> bool:
        """Tell whether a kind is certainly cluster-scoped."""
        key = (gvk.api_version, gvk.kind)
        if key in KINDS:
            return key in CLUSTER_KINDS
        if self._custom is None:
            # Kustomize then plans to read the built-in schema beside a custom one that comes later.
            self._built_in_too = True
            return False
        return self._scopes.get(key, True) is False

    def shape(self, api_version: Json, kind: Json) -> Shape | None:
        """Return the root shape of a kind, or None."""
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return None
        if (api_version, kind) == (KUSTOMIZE_CONFIG_V1BETA1, "Kustomization"):
            return _KUSTOMIZATION
        if self._custom is not None:
            found = self._custom.get((api_version, kind))
            return found or (built_in(api_version, kind) if self._built_in_too else None)
        return built_in(api_version, kind)


_TYPE: Final[Form] = {"group": str, "version": str, "kind": str}
_SCHEMA: Final[Form] = {
    "$ref": str,
    "properties": {},
    "x-kubernetes-group-version-kind": [_TYPE],
    "x-kubernetes-patch-strategy": str,
    "x-kubernetes-patch-merge-key": str,
    "x-kubernetes-list-map-keys": [str],
}
_DOCUMENT: Final[Form] = {"definitions": {"*": _SCHEMA}, "paths": {"*": {"get": {}}}}


class _Definitions:
    """Reads an OpenAPI v2 document (``definitions`` and ``paths``) into shapes."""

    def __init__(self, document: Json, *, built_in_too: bool) -> None:
        parts = document if isinstance(document, dict) else {}
        _demand(_DOCUMENT, parts)
        self._definitions = mapping_at(parts, "definitions")
        self._paths = mapping_at(parts, "paths")
        self._known: dict[str, Shape] = dict(NAMED_SHAPES) if built_in_too else {}
        self._open: set[str] = set()

    def read(self) -> tuple[dict[tuple[str, str], Shape], dict[tuple[str, str], bool]]:
        shapes: dict[tuple[str, str], Shape] = {}
        for name, schema in sorted(self._definitions.items()):
            for row in items_at(schema, "x-kubernetes-group-version-kind"):
                shapes[_type_of(row)] = self._named(name)
        scopes: dict[tuple[str, str], bool] = {}
        for path, item in sorted(self._paths.items()):
            row = at(item, "get", "x-kubernetes-group-version-kind")
            if not isinstance(row, dict):
                continue
            _demand(_TYPE, row)
            if "namespaces/{namespace}" in path:
                scopes[_type_of(row)] = True
            else:
                scopes.setdefault(_type_of(row), False)
        return shapes, scopes

    def _named(self, name: str) -> Shape:
        if name in self._open:
            return Shape()
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self._shape(self._definitions.get(name) or {})
            self._open.discard(name)
        return self._known[name]

    def _shape(self, schema: Json) -> Shape:
        schema = schema or {}
        _demand(_SCHEMA, schema)
        if schema.get("$ref"):
            return self._named(schema["$ref"].rsplit("/", 1)[-1])
        values = schema.get("additionalProperties")
        items = schema.get("items")
        return Shape(
            fields={name: self._shape(sub) for name, sub in (schema.get("properties") or {}).items()},
            values=self._shape(values) if isinstance(values, dict) else None,
            items=self._shape(items) if isinstance(items, dict) and schema.get("type") == "array" else None,
            merge_keys=_merge_keys(schema),
        )


def _demand(form: Form, value: Json) -> None:
    wrong = misfit(form, value)
    if wrong:
        raise KustomizeError(f"invalid OpenAPI schema: {wrong}")


def _merge_keys(schema: Json) -> tuple[str, ...] | None:
    strategies = (schema.get("x-kubernetes-patch-strategy") or "").split(",")
    if "merge" not in strategies:
        return None
    keys = schema.get("x-kubernetes-list-map-keys")
    if keys is not None:
        return tuple(keys)
    key = schema.get("x-kubernetes-patch-merge-key")
    return (key,) if key else ()


def _type_of(row: Json) -> tuple[str, str]:
    group, version = text_at(row, "group"), text_at(row, "version")
    return (f"{group}/{version}" if group else version, text_at(row, "kind"))
