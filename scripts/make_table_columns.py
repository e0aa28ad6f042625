"""Makes the table of columns that an API server has, from its sources: ``python scripts/make_table_columns.py``.

Needs Go, which fetches the modules. Columns are those of ``pkg/printers/internalversion/printers.go`` for the kinds
whose storage uses them (``pkg/registry/*/*/storage``), and of the storage of APIServices; descriptions are the comments
of the Go types.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

KUBERNETES, LIBRARIES = "v1.34.4", "v0.34.4"
TARGET = Path(__file__).parents[1] / "src/nixernetes/cluster/tables/data/columns.txt"
SERVED = Path(__file__).parents[1] / "src/nixernetes/cluster/discovery/data/resources.txt"
COLUMN = re.compile(r"\{(Name: .*)\},?\s*$", re.MULTILINE)
PART = re.compile(r'(Name|Type|Format|Priority|Description): ("(?:[^"\\]|\\.)*"|\d+|[\w{}.()\[\]"]+)')
DEFINED = re.compile(r"(\w+) :?= (?:append\(\w+, )?\[\]metav1\.TableColumnDefinition\{\n(.*?)\n\t\}", re.DOTALL)
DOCUMENTED = re.compile(r'(\w+)\.(\w+)\{\}(?:\.(\w+))?\.SwaggerDoc\(\)\["(\w+)"\]')
HEAD = """# What an API server of Kubernetes 1.34 answers as tables; made by scripts/make_table_columns.py.
# First descriptions that several columns have. Then each kind with its columns:
# name | type (s: string) | format | priority | description, or = and the name of one above.
"""


def folder(module: str, version: str, inside: str) -> Path:
    """Return where Go keeps a module."""
    done = subprocess.run(
        ["go", "mod", "download", "-json", f"k8s.io/{module}@{version}"],  # noqa: S607
        cwd=inside,
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(json.loads(done.stdout)["Dir"])


class Sources:
    """The sources of Kubernetes."""

    def __init__(self) -> None:
        inside = mkdtemp()
        self.kubernetes = folder("kubernetes", KUBERNETES, inside)
        self.api = folder("api", LIBRARIES, inside)
        self.apimachinery = folder("apimachinery", LIBRARIES, inside)
        self.aggregator = folder("kube-aggregator", LIBRARIES, inside)
        self.printers = (self.kubernetes / "pkg/printers/internalversion/printers.go").read_text()

    def documentation(self, package: str, kind: str, inner: str, field: str) -> str:
        """Return what the sources say of a field of a type; ``inner`` is a field of it that has the type meant."""
        path = self.imports(self.printers)[package]
        module, _, rest = path.removeprefix("k8s.io/").partition("/")
        base = {"api": self.api, "apimachinery": self.apimachinery}[module] / rest
        if inner:
            found = re.search(
                rf"^type {kind} struct {{.*?^\t{inner} +\*?(\w+)", "".join(texts(base)), re.MULTILINE | re.DOTALL
            )
            kind = found[1] if found else kind
        text = next(base.glob("types_swagger_doc_generated.go")).read_text()
        rows = re.search(rf"^var map_{kind} = map\[string\]string{{\n(.*?)^}}", text, re.MULTILINE | re.DOTALL)
        told = re.search(rf'^\t"{field}": +("(?:[^"\\]|\\.)*"),$', rows[1] if rows else "", re.MULTILINE)
        return json.loads(told[1]) if told else ""

    @staticmethod
    def imports(text: str) -> dict[str, str]:
        """Return what a file imports, by the name in it."""
        block = text.partition("import (")[2].partition("\n)")[0]
        rows = re.findall(r'^\t(?:(\w+) )?"([^"]+)"', block, re.MULTILINE)
        return {alias or path.rpartition("/")[2]: path for alias, path in rows}

    def group(self, package: str) -> str:
        """Return the group of a package of internal types."""
        text = (self.kubernetes / package.removeprefix("k8s.io/kubernetes/") / "register.go").read_text()
        found = re.search(r'GroupName = "([^"]*)"', text)
        return found[1] if found else ""

    def columns(self, text: str) -> list[tuple[str, str, str, int, str]]:
        """Return the columns that a text of Go defines."""
        found = []
        for row in COLUMN.findall(text):
            parts = dict(PART.findall(row))
            told = parts.get("Description", '""')
            named = DOCUMENTED.fullmatch(told)
            if named:
                about = self.documentation(*named.groups())
            elif told.startswith('"'):
                about = json.loads(told)
            else:  # swaggerMetadataDescriptions["name"]
                about = self.documentation("metav1", "ObjectMeta", "", told.split('"')[1])
            name, kind, form = (json.loads(parts.get(each, '""')) for each in ("Name", "Type", "Format"))
            found.append((name, kind, form, int(parts.get("Priority", "0")), about))
        return found

    def printed(self) -> dict[tuple[str, str], list[tuple[str, str, str, int, str]]]:
        """Return the columns of all kinds that have printers: by group and kind."""
        defined: dict[str, list[tuple[str, str, str, int, str]]] = {}
        for name, body in DEFINED.findall(self.printers):
            defined.setdefault(name, []).extend(self.columns(body))
        packages = self.imports(self.printers)
        found = {}
        for name, function in re.findall(r"h\.TableHandler\((\w+), (\w+)\)", self.printers):
            made = re.search(rf"^func {function}\(\w+ \*(\w+)\.(\w+),", self.printers, re.MULTILINE)
            if made and not made[2].endswith("List") and made[1] != "metav1":
                found[self.group(packages[made[1]]), made[2]] = defined[name]
        return found

    def stored(self) -> Iterator[tuple[str, str, bool]]:
        """Yield group and kind of what is stored, and whether its storage uses the printers."""
        for path in sorted(self.kubernetes.glob("pkg/registry/*/*/storage/storage.go")):
            text = path.read_text()
            made = re.search(r"NewFunc:\s+func\(\) runtime\.Object \{ return &(\w+)\.(\w+)\{\}", text)
            package = self.imports(text).get(made[1], "") if made else ""
            if made and package.startswith("k8s.io/kubernetes/pkg/apis/"):
                yield self.group(package), made[2], "AddHandlers" in text


def served() -> set[tuple[str, str]]:
    """Return group and kind of what our server serves."""
    found, group = set(), ""
    for line in SERVED.read_text().splitlines():
        if not line.startswith((" ", "#")):
            group = line.rpartition("/")[0]
        elif line.startswith(" "):
            found.add((group, line.split()[2]))
    return found


def texts(base: Path) -> Iterator[str]:
    """Yield the files of a package."""
    return (path.read_text() for path in sorted(base.glob("types*.go")))


def main() -> int:
    """Write the table."""
    sources = Sources()
    printed = sources.printed()
    known = served()
    kinds = {each[:2]: printed[each[:2]] for each in sources.stored() if each[2] and each[:2] in known}
    for kind in (("", "ComponentStatus"), ("autoscaling", "Scale")):
        kinds[kind] = printed[kind]
    text = (sources.aggregator / "pkg/registry/apiservice/etcd/etcd.go").read_text()
    kinds["apiregistration.k8s.io", "APIService"] = sources.columns(text)
    kinds["events.k8s.io", "Event"] = kinds["", "Event"]
    about = [column[4] for columns in kinds.values() for column in columns]
    shared = sorted({each for each in about if about.count(each) > 1 and len(each) > 40})
    names = {each: f"d{number}" for number, each in enumerate(shared)}
    lines = [f"{name} {json.dumps(each, ensure_ascii=False)}\n" for each, name in names.items()]
    for (group, kind), columns in sorted(kinds.items()):
        lines.append(f"{kind}.{group}:\n")
        for name, type_, form, priority, told in columns:
            said = f"={names[told]}" if told in names else json.dumps(told, ensure_ascii=False)
            lines.append(f"  {name}|{'s' if type_ == 'string' else type_}|{form}|{priority}|{said}\n")
    TARGET.write_text(HEAD + "".join(lines))
    print(f"{TARGET}: {len(kinds)} kinds, {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
