"""Write ``cluster/openapi/data/enums.json.gz``: the values that fields of built-in types may have, and what for.

They are read from the sources of Kubernetes: ``pkg/generated/openapi/zz_generated.openapi.go``.
Usage: ``python scripts/make_field_values.py KUBERNETES``, the folder of the sources.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parents[1] / "src/nixernetes/cluster/openapi/data/enums.json.gz"
SOURCE = "pkg/generated/openapi/zz_generated.openapi.go"


def main() -> None:
    """Read the sources and write the table."""
    text = (Path(sys.argv[1]) / SOURCE).read_text()
    names = {function: _name(go) for go, function in re.findall(r'"(k8s\.io/[^"]+)":\s+(schema_\w+)\(ref\)', text)}
    found: dict[str, dict[str, object]] = {}
    for function, body in re.findall(r"\nfunc (schema_\w+)\(ref [^\n]*\n(.*?)\n}\n", text, re.DOTALL):
        if function in names:
            values = dict(_values(body))
            if values:
                found[names[function]] = values
    written = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=written, mode="wb", mtime=0) as file:
        file.write(json.dumps(found, sort_keys=True, separators=(",", ":")).encode())
    DATA.write_bytes(written.getvalue())


def _name(go: str) -> str:
    """Return the name of a type in OpenAPI: that of its package, the host backwards."""
    path, _, kind = go.rpartition(".")
    host, *rest = path.split("/")
    return ".".join([".".join(reversed(host.split("."))), *rest, kind])


def _values(body: str) -> Iterator[tuple[str, object]]:
    """Yield the fields of a type that have a few values: these, and what is said of each."""
    field = said = ""
    for line in body.splitlines():
        named = re.match(r'^\t{5}"([^"]+)": \{$', line)
        told = re.match(r'^\t{7}Description: "(.*)",$', line)
        values = re.match(r"^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$", line)
        if named:
            field, said = named[1], ""
        elif told:
            said = json.loads(f'"{told[1]}"')
        elif values:
            _, mark, rest = said.partition("\n\nPossible enum values")
            yield field, [json.loads(f"[{values[1]}]"), mark + rest]


if __name__ == "__main__":
    main()
