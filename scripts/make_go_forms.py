"""Makes the table of structs that an API server shows where they must not change: ``scripts/make_go_forms.py``.

Needs Go, which fetches the modules. The structs are the internal ones (``pkg/apis/core/types.go``), whose fields have
no names in JSON; what each is called there is read from the Go type of the API (``k8s.io/api/core/v1/types.go``).
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from make_table_columns import KUBERNETES, LIBRARIES, folder

TARGET = Path(__file__).parents[1] / "src/nixernetes/cluster/go_forms/data/structs.txt"
ROOTS = ("PodSpec", "EphemeralContainer", "PersistentVolumeClaimSpec", "PersistentVolumeSource")
STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^type (\w+) (map\[\w+\][\w.]+|\[\]\w+|string|int32|\w+)$", re.MULTILINE)
FIELD = re.compile(r"^\t(\w+)(?:[ \t]+([\w.*\[\]]+))?(?:[ \t]+`(.*)`)?\s*(?://.*)?$", re.MULTILINE)
JSON_NAME = re.compile(r'json:"([^",]*)')
SCALARS = {"string": '""', "bool": "false", "int32": "0", "int64": "0", "int": "0", "uint8": "0", "byte": "0"}
AS_TOLD = {"resource.Quantity": '"0"', "intstr.IntOrString": "0", "metav1.Time": "null", "types.UID": '""'}
# Fields of the internal struct that the API has elsewhere: in the pod itself.
MOVED = ("HostNetwork", "HostPID", "HostIPC", "ShareProcessNamespace", "HostUsers")
HEAD = """# Structs of Kubernetes 1.34 as Go shows them; made by scripts/make_go_forms.py.
# Each with its fields: name in Go, name in the API (^ of the pod; - none), type: a zero as it is shown, or * pointer,
# [] list, {} map, = struct in it, + struct whose fields are its own, then the struct (? a value of any kind).
"""


class GoField(NamedTuple):
    """A field of a struct: its name, its type, its name in JSON; an embedded struct has no name."""

    name: str
    type_name: str
    json_name: str


def structs(text: str) -> dict[str, list[GoField]]:
    """Return the structs of a Go file."""
    found: dict[str, list[GoField]] = {}
    for name, body in STRUCT.findall(text):
        rows = []
        for first, second, tag in FIELD.findall(body):
            told = JSON_NAME.search(tag)
            json_name = told[1] if told else ""
            rows.append(GoField(first, second, json_name) if second else GoField("", first, ""))
        found[name] = rows
    return found


class Writer:
    """Writes structs, each once, with those that they have."""

    def __init__(self, internal: str, external: str) -> None:
        self._structs, self._api = structs(internal), structs(external)
        self._named = {name: kind for name, kind in NAMED.findall(internal) if not kind.startswith("struct")}
        self.lines: dict[str, list[str]] = {}

    def struct(self, name: str) -> None:
        """Write a struct."""
        if name in self.lines:
            return
        rows = self.lines[name] = []
        outer = {field.name or field.type_name: field for field in self._api.get(name, [])}
        for field in self._structs[name]:
            if not field.name:
                rows.append(f"- - +{field.type_name}")
                self.struct(field.type_name)
                continue
            told = outer.get(field.name)
            json_name = told.json_name if told is not None else ("^" if field.name in MOVED else "-")
            if json_name == "^":
                json_name = "^" + next(each.json_name for each in self._api["PodSpec"] if each.name == field.name)
            rows.append(f"{field.name} {json_name} {self._kind(field.type_name)}")

    def _kind(self, kind: str) -> str:
        kind = self._named.get(kind, kind)
        if kind in SCALARS:
            return SCALARS[kind]
        if kind in AS_TOLD:
            return AS_TOLD[kind]
        for mark, shown in (("*", "*"), ("[]", "[]")):
            if kind.startswith(mark):
                return shown + self._inner(kind.removeprefix(mark))
        if kind.startswith("map["):
            return "{}" + self._inner(kind.partition("]")[2])
        return f"={self._inner(kind)}"

    def _inner(self, kind: str) -> str:
        kind = self._named.get(kind, kind)
        if kind in self._structs:
            self.struct(kind)
            return kind
        return "?"


def main() -> None:
    """Write the table."""
    inside = mkdtemp()
    core = Path(folder("kubernetes", KUBERNETES, inside)) / "pkg/apis/core/types.go"
    api = Path(folder("api", LIBRARIES, inside)) / "core/v1/types.go"
    writer = Writer(core.read_text(), api.read_text())
    for root in ROOTS:
        writer.struct(root)
    text = HEAD + "".join(f"\n{name}\n" + "\n".join(rows) + "\n" for name, rows in writer.lines.items())
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
