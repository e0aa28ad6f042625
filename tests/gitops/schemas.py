"""Makes instances of a CRD's schema: every field at once, and one of each alternative value."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.shared import SHARED

CRDS = SHARED / "conformance/crds"

# A text for each pattern that the Flux and Argo CD CRDs use; a new pattern fails with its text.
SAMPLES = {
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": "1h30m",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$": "1m30s",
    r"^(http|https|ssh)://.*$": "ssh://git@example.com/org/repo",
    r"^(http|https|oci)://.*$": "https://charts.example.com",
    r"^(http|https)://.*$": "https://example.com",
    r"^https?://": "https://issuer.example.com",
    r"^oci://.*$": "oci://ghcr.io/org/app",
    r"^[\-._a-zA-Z0-9]+$": "values.yaml",
    r"^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$": "a.b[0]",
}


def schema_of(api_version: str, kind: str) -> dict[str, Any]:
    group, version = api_version.split("/")
    return json.loads((CRDS / f"{group}_{version}_{kind}.json").read_text())["openAPIV3Schema"]


def full(schema: dict[str, Any]) -> Any:
    """Return an instance with every field."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        if "properties" in schema:
            return {name: full(part) for name, part in schema["properties"].items()}
        return {"key": full(schema.get("additionalProperties") or {"type": "string"})}
    if kind == "array":
        return [full(schema["items"])]
    if kind == "string":
        return SAMPLES[schema["pattern"]] if "pattern" in schema else "text"
    if kind is None:
        return {"free": ["form", {"nothing": None, "empty": {}}]}
    return {"boolean": True, "integer": 3, "number": 1.5}[kind]


def alternatives(
    schema: dict[str, Any], path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each (path, value) of each enum, and both values of each boolean."""
    for value in schema.get("enum") or ([True, False] if schema.get("type") == "boolean" else []):
        yield path, value
    for name, part in schema.get("properties", {}).items():
        yield from alternatives(part, (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from alternatives(schema["items"], (*path, 0))


def optional_paths(schema: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each field that may be left out."""
    for name, part in schema.get("properties", {}).items():
        if name not in schema.get("required", []):
            yield (*path, name)
        yield from optional_paths(part, (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from optional_paths(schema["items"], (*path, 0))


def required_paths(schema: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each field that must be given."""
    for name, part in schema.get("properties", {}).items():
        if name in schema.get("required", []) and "default" not in part:
            yield (*path, name)
        yield from required_paths(part, (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from required_paths(schema["items"], (*path, 0))


def put(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return a copy with one value replaced; the same data when the path is not there."""
    copy = deepcopy(data)
    where = copy
    for part in path[:-1]:
        if isinstance(part, str) and part not in where:
            return copy
        where = where[part]
    if isinstance(path[-1], int) or path[-1] in where:
        where[path[-1]] = value
    return copy


def without(data: Any, *paths: str) -> Any:
    """Return a copy without the fields at these dotted paths."""
    copy = deepcopy(data)
    for path in paths:
        *parents, last = path.split(".")
        where = copy
        for part in parents:
            where = where.get(part, {}) if isinstance(where, dict) else where[int(part)]
        where.pop(last, None)
    return copy


def drop(data: Any, path: tuple[str | int, ...]) -> Any:
    """Return a copy without the field at this path."""
    copy = deepcopy(data)
    where = copy
    for part in path[:-1]:
        if isinstance(part, str) and part not in where:
            return copy
        where = where[part]
    where.pop(path[-1], None)
    return copy


def defaulted(schema: dict[str, Any], data: Any) -> Any:
    """Return the data as the API server validates it: with the defaults of the schema."""
    if isinstance(data, list) and isinstance(schema.get("items"), dict):
        return [defaulted(schema["items"], item) for item in data]
    if not isinstance(data, dict):
        return data
    parts = schema.get("properties", {})
    missing = {name: part["default"] for name, part in parts.items() if "default" in part and name not in data}
    return {name: defaulted(parts.get(name, {}), value) for name, value in {**missing, **data}.items()}
