"""``/openapi/v3``: an index, and a document for each version of a group.

``kubectl`` looks there for a PATCH operation of a kind whose parameters name ``fieldValidation``, and for the fields of
kinds that it does not know (client-go pkg/openapi3, kubectl pkg/util/openapi, v0.34).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Final

from nixernetes.cluster.discovery.registry import Registry
from nixernetes.cluster.discovery.resources import ApiResource
from nixernetes.cluster.history import HistoryStore
from nixernetes.cluster.openapi.gnostic import MEDIA, gnostic_bytes
from nixernetes.cluster.openapi.schemas import builtin_schemas, custom_schema, reference, schema_name
from nixernetes.cluster.provided.naming import is_established
from nixernetes.cluster.server.encoding import json_bytes
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["OpenApiDocuments"]

_OLD: Final = "/openapi/v2"
_ROOT: Final = "/openapi/v3"
_REFERENCE: Final = re.compile(rb'"allOf":\[\{("\$ref":"[^"]*")\}\]')  # OpenAPI v2 refers without a list
_META: Final = "io.k8s.apimachinery.pkg.apis.meta.v1"
_PATCH_TYPES: Final = ("apply-patch+yaml", "json-patch+json", "merge-patch+json", "strategic-merge-patch+json")
_PARAMETERS: Final = (
    ("dryRun", "string"),
    ("fieldManager", "string"),
    ("fieldValidation", "string"),
    ("force", "boolean"),
)
_ACTIONS: Final = (("get", "get"), ("update", "put"), ("patch", "patch"), ("delete", "delete"))
_FOREVER: Final = ("cache-control", "public, immutable")


class OpenApiDocuments:
    """Answers the paths of OpenAPI v3.

    Args:
        store: the cluster, for its CustomResourceDefinitions.
        registry: tells what is served at the moment.
        version: the Kubernetes version, as ``1.34.4``.

    """

    def __init__(self, store: HistoryStore, registry: Callable[[], Registry], *, version: str) -> None:
        self._store = store
        self._registry = registry
        self._version = version
        self._made: tuple[Registry, dict[str, bytes]] | None = None
        self._whole: tuple[Registry, dict[bool, bytes]] | None = None

    def answer(self, request: ApiRequest) -> ApiResponse | None:
        """Return the document at a path; None where there is none."""
        if request.path == _OLD:
            return self._old(request)
        if not request.path.startswith(_ROOT):
            return None
        name = request.path.removeprefix(_ROOT).strip("/")
        if not name:
            return ApiResponse(status=200, content_type="text/plain; charset=utf-8", body=json_bytes(self._index()))
        body = self._document(name)
        if body is None:
            return ApiResponse(status=404, content_type="")
        tag = f'"{_hash(body)}"'
        headers = (("etag", tag), *((_FOREVER,) if request.query.has("hash") else ()))
        if request.headers.get("if-none-match") == tag:
            return ApiResponse(status=304, content_type="", headers=headers)
        return ApiResponse(status=200, body=body, headers=headers)

    def _old(self, request: ApiRequest) -> ApiResponse:
        """Return all in one document of OpenAPI v2, as JSON, or in protobuf, which old clients ask for."""
        asked = request.headers.get("accept", "")
        is_binary = "protobuf" in asked and "json" not in asked
        registry = self._registry()
        if self._whole is None or self._whole[0] is not registry:
            self._whole = (registry, {})
        kept = self._whole[1]
        if is_binary not in kept:
            body = self._all()
            kept[is_binary] = gnostic_bytes(json.loads(body)) if is_binary else body
        body = kept[is_binary]
        tag = f'"{_hash(body)}"'
        headers = (("etag", tag), ("vary", "Accept-Encoding"))
        if request.headers.get("if-none-match") == tag:
            return ApiResponse(status=304, content_type="", headers=headers)
        media = MEDIA if is_binary else "application/json"
        return ApiResponse(status=200, content_type=media, body=body, headers=headers)

    def _all(self) -> bytes:
        definitions: dict[str, Json] = {f"{_META}.Patch": {"type": "object"}}
        paths: dict[str, Json] = {}
        for each in self._registry().all():
            name = self._add_schema(each, definitions)
            paths |= {path: _old_operations(item) for path, item in _paths(each, name).items()}
        about = {"title": "Kubernetes", "version": f"v{self._version}"}
        whole = {"swagger": "2.0", "info": about, "paths": paths, "definitions": definitions}
        body = json_bytes(whole).replace(b'"#/components/schemas/', b'"#/definitions/')
        return _REFERENCE.sub(rb"\1", body)

    def _index(self) -> Manifest:
        return {
            "paths": {
                path: {"serverRelativeURL": f"{_ROOT}/{path}?hash={_hash(self._document(path) or b'')}"}
                for path in sorted({_path(each) for each in self._registry().all()})
            }
        }

    def _document(self, path: str) -> bytes | None:
        registry = self._registry()
        if self._made is None or self._made[0] is not registry:
            self._made = (registry, {})
        kept = self._made[1]
        if path not in kept:
            found = [each for each in registry.all() if _path(each) == path]
            if not found:
                return None
            kept[path] = json_bytes(self._made_of(found))
        return kept[path]

    def _made_of(self, found: Iterable[ApiResource]) -> Manifest:
        paths: dict[str, Json] = {}
        schemas: dict[str, Json] = {f"{_META}.Patch": {"type": "object"}}
        is_custom = False
        for each in found:
            is_custom = is_custom or each.is_custom
            name = self._add_schema(each, schemas)
            paths |= _paths(each, name)
        title = "Kubernetes CRD Swagger" if is_custom else "Kubernetes"
        about = {"title": title, "version": "v0.1.0" if is_custom else f"v{self._version}"}
        return {"openapi": "3.0.0", "info": about, "paths": paths, "components": {"schemas": schemas}}

    def _add_schema(self, each: ApiResource, schemas: dict[str, Json]) -> str:
        if not each.is_custom:
            found = builtin_schemas(each.group, each.version, each.kind)
            if found is None:
                name = schema_name(each.group, each.version, each.kind)
                schemas[name] = {"type": "object"}
                return name
            schemas.update(
                {name: schema for name, schema in found[1].items() if name not in schemas or name == found[0]}
            )
            return found[0]
        name = schema_name(each.group, each.version, each.kind)
        rows = self._store.rows(CUSTOM_RESOURCE_DEFINITION).values()
        crd = next(
            row
            for row in rows
            if (text_at(row, "spec", "group"), text_at(row, "spec", "names", "kind")) == (each.group, each.kind)
            and is_established(row)
        )
        meta = builtin_schemas("", "v1", "ConfigMap")
        if meta is not None:
            schemas.update({name: schema for name, schema in meta[1].items() if name.startswith(_META)})
        schemas[name] = custom_schema(crd, each.version)
        return name


def _old_operations(item: Json) -> Json:
    """Return the operations of a path as OpenAPI v2 has them: a body is a parameter, and types stand in parameters."""
    found: dict[str, Json] = {}
    for method, operation in item.items():
        body, taken = operation.get("requestBody"), {"requestBody", "parameters", "responses"}
        parameters = [
            {"name": each["name"], "in": each["in"], **each["schema"]} for each in operation.get("parameters", ())
        ]
        if body is not None:
            medias = body["content"]
            schema = next(iter(medias.values()))["schema"]
            parameters.insert(0, {"name": "body", "in": "body", "required": True, "schema": schema})
        responses = {
            code: {"description": each["description"], "schema": each["content"]["application/json"]["schema"]}
            for code, each in operation["responses"].items()
        }
        told = {name: value for name, value in operation.items() if name not in taken}
        consumes = {"consumes": [*body["content"]]} if body is not None else {}
        found[method] = {**told, **consumes, "parameters": parameters, "responses": responses}
    return found


def _hash(body: bytes) -> str:
    return hashlib.sha512(body).hexdigest().upper()


def _path(each: ApiResource) -> str:
    return f"apis/{each.group}/{each.version}" if each.group else f"api/{each.version}"


def _paths(each: ApiResource, name: str) -> dict[str, Json]:
    base = f"/{_path(each)}" + ("/namespaces/{namespace}" if each.namespaced else "") + f"/{each.plural}"
    gvk = {"group": each.group, "version": each.version, "kind": each.kind}
    ok = {"200": {"description": "OK", "content": {"application/json": {"schema": reference(name)}}}}
    body = {"content": {"*/*": {"schema": reference(name)}}, "required": True}
    one: dict[str, Json] = {}
    for verb, method in _ACTIONS:
        if verb not in each.verbs:
            continue
        told: Json = {"x-kubernetes-action": verb, "x-kubernetes-group-version-kind": gvk, "responses": ok}
        if verb in ("update", "patch"):
            told["parameters"] = [
                {"name": name, "in": "query", "schema": {"type": type_, "uniqueItems": True}}
                for name, type_ in _PARAMETERS
            ]
            told["requestBody"] = body
        if verb == "patch":
            patch = {"schema": reference(f"{_META}.Patch")}
            content = {f"application/{part}": patch for part in _PATCH_TYPES}
            told["requestBody"] = {"content": content, "required": True}
        one[method] = told
    many: dict[str, Json] = {}
    if "list" in each.verbs:
        many["get"] = {"x-kubernetes-action": "list", "x-kubernetes-group-version-kind": gvk, "responses": ok}
    if "create" in each.verbs:
        many["post"] = {
            "x-kubernetes-action": "post",
            "x-kubernetes-group-version-kind": gvk,
            "requestBody": body,
            "responses": ok,
            "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name, _ in _PARAMETERS[:3]],
        }
    found = {base: many} if many else {}
    return {**found, f"{base}/{{name}}": one} if one else found
