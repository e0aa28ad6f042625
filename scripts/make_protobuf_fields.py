"""Makes the table of protobuf fields from the sources of Kubernetes: ``python scripts/make_protobuf_fields.py``.

Needs Go, which fetches the modules. Numbers and types are those of each ``generated.proto``; which fields are
inlined in JSON, and what they are called there, is told by the tags of the Go structs beside it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

VERSION = "v0.34.4"
MODULES = ("api", "apimachinery", "apiextensions-apiserver", "kube-aggregator")
TARGET = Path(__file__).parents[1] / "src/nixernetes/cluster/wire/data/protobuf_fields.txt"
# Versions that a server of Kubernetes 1.34 serves, and what all kinds have in common.
PACKAGES = re.compile(
    r"k8s\.io\.(api\.([a-z]+)\.v[12]|apimachinery\.pkg\..*|"
    r"apiextensions_apiserver\.pkg\.apis\.apiextensions\.v1|kube_aggregator\.pkg\.apis\.apiregistration\.v1)"
)
FIELD = re.compile(r"(?:(optional|repeated) )?(map<string, ([\w.]+)>|[\w.]+) (\w+) = (\d+);")
TAG = re.compile(r"^\s*(?:\w+\s+)?(\S+)\s+`(.*)`", re.MULTILINE)
STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
SCALARS = {"string", "bytes", "bool", "int32", "int64", "uint32", "uint64", "double", "float"}


def folder(module: str, inside: str) -> Path:
    """Return where Go keeps a module."""
    done = subprocess.run(
        ["go", "mod", "download", "-json", f"k8s.io/{module}@{VERSION}"],  # noqa: S607
        cwd=inside,
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(json.loads(done.stdout)["Dir"])


def inlined(go_files: list[Path]) -> dict[str, dict[int, tuple[str, bool, bool]]]:
    """Return for each struct the numbers of its fields, their names in JSON, and what Go writes of them when empty.

    That is whether they are pointers, and whether they are written even then. What is inlined has the name ``""``.
    """
    found: dict[str, dict[int, tuple[str, bool, bool]]] = {}
    for path in go_files:
        for name, body in STRUCT.findall(path.read_text()):
            rows = found.setdefault(name, {})
            for kind, tags in TAG.findall(body):
                protobuf, told = re.search(r'protobuf:"\w+,(\d+),', tags), re.search(r'json:"([^",]*)(,[^"]*)?"', tags)
                if protobuf is not None and told is not None:
                    named = "" if "inline" in (told[2] or "") or not told[1] else told[1]
                    rows[int(protobuf[1])] = (named, kind.startswith("*"), "omit" not in (told[2] or ""))
    return found


def messages(proto: Path) -> Iterator[tuple[str, list[tuple[int, str, str, str]]]]:
    """Yield each message of a file with its fields: number, name in JSON, type, and the sign behind it."""
    text = re.sub(r"//.*", "", proto.read_text())
    package_found = re.search(r"^package ([\w.]+);", text, re.MULTILINE)
    assert package_found is not None  # noqa: S101
    package = package_found[1]
    if not PACKAGES.fullmatch(package):
        return
    structs = inlined(sorted(proto.parent.glob("*.go")))
    for name, body in re.findall(r"^message (\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        rows = []
        for label, kind, value, field, number in FIELD.findall(body):
            told, is_pointer, is_told = structs.get(name, {}).get(int(number), (field, True, False))
            at = value or kind
            full = at if at in SCALARS else at.lstrip(".") if at.startswith(".") else f"{package}.{at}"
            many = "{}" if value else "[]" if label == "repeated" else "" if is_pointer else "~"
            if is_told:
                many += "!"
            rows.append((int(number), told, full, many))
        yield f"{package}.{name}", sorted(rows)


def main() -> int:
    """Write the table."""
    inside = mkdtemp()
    (Path(inside) / "go.mod").write_text("module fields\n\ngo 1.24\n")
    found: dict[str, list[tuple[int, str, str, str]]] = {}
    for module in MODULES:
        for proto in sorted(folder(module, inside).rglob("generated.proto")):
            found |= dict(messages(proto))
    lines = [
        f"# The protobuf messages of Kubernetes {VERSION}: a message, then its fields.",
        "# number=name:type, with [] behind what is a list, {} behind a map by text, ~ behind what is always sent, and",
        "# is absent where it is zero; ! behind what JSON has even then; no name where it is inlined.",
        "# !n names a message of this file by its place.",
    ]
    places = {name: number for number, name in enumerate(sorted(found))}
    for name, rows in sorted(found.items()):
        fields = [
            f"{number}={told}:{f'!{places[kind]}' if kind in places else kind}{many}"
            for number, told, kind, many in rows
        ]
        lines.append(" ".join([name.removeprefix("k8s.io."), *fields]))
    TARGET.write_text("\n".join(lines) + "\n")
    sys.stdout.write(f"{TARGET} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
