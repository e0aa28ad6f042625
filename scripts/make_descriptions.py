"""Makes the descriptions of built-in types from kubernetes-validate's data: ``python scripts/make_descriptions.py``.

They are those of the Kubernetes version that an API server here says it is, for ``kubectl explain``.
"""

import gzip
import json
from pathlib import Path

import kubernetes_validate

VERSION = "1.34.0"


def main() -> None:
    """Read the definitions, write what each type and each of its fields is for, and which fields have to be given."""
    folder = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"v{VERSION}-local"
    definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
    table = {
        name: [
            definition.get("description", ""),
            definition.get("required", []),
            {prop: text for prop, schema in properties.items() if (text := schema.get("description", ""))},
        ]
        for name, definition in definitions.items()
        for properties in [definition.get("properties", {})]
    }
    target = Path(__file__).parent.parent / "src/nixernetes/cluster/openapi/data/descriptions.json.gz"
    text = json.dumps(table, sort_keys=True, separators=(",", ":"))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target}: {len(table)} types, {target.stat().st_size // 1024} KiB")


main()
