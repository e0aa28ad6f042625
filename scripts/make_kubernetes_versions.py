"""Write src/nixernetes/schemas/data/kubernetes_versions.json from the Kubernetes schemas of ``kubernetes-validate``.

For each type: the fields that must be given, and those that came or went between minor versions. For each kind: the
first and the last minor version that serves it. Run it again when the dependency learns a new version.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kubernetes_validate

ROOT = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"


def definitions(version: str) -> dict[str, Any]:
    """Return the definitions of a version."""
    return json.loads((ROOT / f"v{version}.0-local" / "_definitions.json").read_text())["$defs"]


def main() -> None:
    """Read all versions, oldest first, and write the table."""
    names = {path.name[1:].removesuffix(".0-local") for path in ROOT.iterdir() if path.name.endswith("-local")}
    versions = sorted(names, key=lambda text: int(text.partition(".")[2]))
    kinds: dict[str, list[str]] = {}
    fields: dict[str, dict[str, list[str]]] = {}
    required: dict[str, list[str]] = {}
    for version in versions:
        found = definitions(version)
        for name, definition in found.items():
            for gvk in definition.get("x-kubernetes-group-version-kind", [])[:1]:
                if "metadata" in definition.get("properties", {}) and not gvk["kind"].endswith("List"):
                    key = f"{gvk['group']}/{gvk['version']}/{gvk['kind']}"
                    kinds.setdefault(key, [version, version])[1] = version
            for field in definition.get("properties", {}):
                fields.setdefault(name, {}).setdefault(field, [version, version])[1] = version
            if version == versions[-1] and definition.get("required") and not name.endswith(("List", "Status")):
                required[name] = sorted(definition["required"])
    first, last = versions[0], versions[-1]
    changed = {
        name: {field: span for field, span in rows.items() if span != [first, last]} for name, rows in fields.items()
    }
    table = {
        "versions": [first, last],
        "kinds": {key: span for key, span in kinds.items() if span != [first, last]},
        "fields": {name: rows for name, rows in changed.items() if rows},
        "required": required,
    }
    target = Path(__file__).parent.parent / "src/nixernetes/schemas/data/kubernetes_versions.json"
    text = json.dumps(table, sort_keys=True, separators=(",", ":"))
    target.write_text(text + "\n")
    print(f"{target}: {len(table['kinds'])} kinds came or went, {len(text) // 1024} KiB")


main()
