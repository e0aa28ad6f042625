"""Write src/nixernetes/objects/data/kubernetes_types.json from the Kubernetes schemas of ``kubernetes-validate``.

The table keeps what merging and typed writes need: for each type its fields, their types, and how lists and maps merge.
Run it again when the dependency learns a new Kubernetes version; the output depends on that data alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate

MARKS = {
    "x-kubernetes-patch-merge-key": "key",
    "x-kubernetes-patch-strategy": "patch",
    "x-kubernetes-list-type": "list",
    "x-kubernetes-list-map-keys": "keys",
    "x-kubernetes-map-type": "map",
}


# JSON types, with the formats that matter: what a server refuses to read into a field.
LETTERS = {"string": "s", "integer": "i", "number": "n", "boolean": "b", "array": "a", "object": "o"}


def name_of(reference: str) -> str:
    """Return the type name at the end of a JSON reference."""
    return reference.rsplit("/", 1)[-1]


def letter(schema: dict[str, Any]) -> str:
    """Return the letter of a property's JSON type; null may stand everywhere, and is no type."""
    found = schema.get("type", "object")
    kind = next(each for each in ([found] if isinstance(found, str) else found) if each != "null")
    return "y" if schema.get("format") == "byte" else "l" if schema.get("format") == "int64" else LETTERS[kind]


def field(schema: dict[str, Any], atomic: frozenset[str]) -> dict[str, Any]:
    """Keep what is needed of one property, and that its type is one value unless the property denies it."""
    kept: dict[str, Any] = {short: schema[mark] for mark, short in MARKS.items() if mark in schema}
    if "$ref" in schema:
        kept["type"] = name_of(schema["$ref"])
        if kept["type"] in atomic:
            kept.setdefault("map", "atomic")
    else:
        kept["t"] = letter(schema)
    for part, short in (("items", "items"), ("additionalProperties", "values")):
        if isinstance(schema.get(part), dict):
            kept[short] = field(schema[part], atomic)
    return kept


def main() -> None:
    """Read the newest version's definitions, write the table."""
    version = sys.argv[1] if len(sys.argv) > 1 else kubernetes_validate.latest_version()
    folder = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"v{version}-local"
    definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
    atomic = frozenset(
        name
        for name, definition in definitions.items()
        if definition.get("x-kubernetes-map-type") == "atomic" or name.endswith(".RawExtension")
    )
    types = {
        name: {prop: field(schema, atomic) for prop, schema in definition.get("properties", {}).items()}
        for name, definition in definitions.items()
    }
    types["CustomObject"] = {"metadata": {"type": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}}
    kinds = {
        f"{gvk['group']}/{gvk['version']}/{gvk['kind']}": name
        for name, definition in definitions.items()
        for gvk in definition.get("x-kubernetes-group-version-kind", [])[:1]
        if "metadata" in definition.get("properties", {})
    }
    target = Path(__file__).parent.parent / "src/nixernetes/objects/data/kubernetes_types.json"
    text = json.dumps({"version": version, "kinds": kinds, "types": types}, sort_keys=True, separators=(",", ":"))
    target.write_text(text + "\n")
    print(f"{target}: {len(kinds)} kinds, {len(types)} types, {len(text) // 1024} KiB")


main()
