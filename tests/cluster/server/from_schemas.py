"""Objects made from the schemas that a server publishes, from a seed: right by type, whatever they mean."""

from __future__ import annotations

import base64
import random
from collections.abc import Mapping
from typing import Any

__all__ = ["PublishedSchemas"]

_DEEPEST = 7
_WORDS = ("a", "web", "x-1", "http", "100m", "1Gi", "50%", "v1", "nginx:1.27", "10.0.0.1", "a.example.com", "/a", "80")
_NUMBERS = (0, 1, 2, 3, 80, 443, 65_535, 65_536, -1, 1_000_000, 2**31 - 1)
_FORMATS = {
    "date-time": lambda: "2026-01-01T00:00:00Z",
    "byte": lambda: base64.b64encode(b"data").decode(),
    "int-or-string": lambda: random.choice([80, "50%"]),  # noqa: S311  # no secret
}


class PublishedSchemas:
    """Makes values of the schemas of one document of OpenAPI 3.

    Args:
        document: the document.
        rng: where chance comes from.

    """

    def __init__(self, document: Mapping[str, Any], rng: random.Random) -> None:
        self._schemas = document["components"]["schemas"]
        self._rng = rng

    def value(self, schema: Mapping[str, Any], depth: int = 0) -> Any:
        """Return a value of a schema; below seven levels only what has to be there."""
        schema = self._resolved(schema)
        if "enum" in schema and self._rng.random() < 0.9:
            return self._rng.choice(schema["enum"])
        for choices in (schema.get("oneOf"), schema.get("anyOf")):
            if choices and "properties" not in schema:
                return self.value(self._rng.choice(choices), depth)
        return self._typed(schema, depth)

    def _typed(self, schema: Mapping[str, Any], depth: int) -> Any:
        made = _FORMATS.get(str(schema.get("format")))
        if made is not None:
            return made()
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                count = self._rng.choice((0, 1, 1, 2)) if depth < _DEEPEST else 0
                return [self.value(schema["items"], depth + 1) for _ in range(count)]
            case "integer" | "number":
                return self._rng.choice(_NUMBERS)
            case "boolean":
                return self._rng.random() < 0.5
            case "string":
                return self._rng.choice(_WORDS)
        return {} if "properties" not in schema else self._object(schema, depth)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        fields, needed = schema.get("properties", {}), schema.get("required", ())
        share = 0.5 if depth < 2 else 0.25 if depth < _DEEPEST else 0.0
        made = {
            name: self.value(each, depth + 1)
            for name, each in fields.items()
            if name in needed or self._rng.random() < share
        }
        more = schema.get("additionalProperties")
        if isinstance(more, Mapping) and depth < _DEEPEST:
            made |= {self._rng.choice(_WORDS): self.value(more, depth + 1) for _ in range(self._rng.randrange(3))}
        return made

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            parts = schema.get("allOf")
            if parts:
                schema = parts[0]
            elif "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
            else:
                return schema
