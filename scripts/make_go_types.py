"""Makes the table of fields whose Go type has a name of its own: ``scripts/make_go_types.py``.

Needs Go, which fetches the modules. A server names such a type where it cannot decode what was sent
(``... of type v1.RestartPolicy``); the schema only says that it is a text, a list or a map.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import mkdtemp

from make_table_columns import LIBRARIES, folder

TARGET = Path(__file__).parents[1] / "src/nixernetes/cluster/go_forms/data/named_types.txt"
STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^type (\w+) (?!struct|interface|func)\S.*$", re.MULTILINE)
FIELD = re.compile(r"^\t\w+[ \t]+([\w.*\[\]]+)[ \t]+`(.*)`", re.MULTILINE)
JSON_NAME = re.compile(r'json:"([^",]+)')
FROM_OTHERS = re.compile(r"^(\[\]|map\[string\])?(?:v1|metav1|corev1|core)\.(\w+)$")
HEAD = """# Fields of Kubernetes 1.34 whose Go type is a named text, list or map; made by scripts/make_go_types.py.
# Group, version and struct, then each field with the type as Go's decoder names it.
"""


def named(text: str) -> set[str]:
    """Return the types of a package that are no structs."""
    return {found[1] for found in NAMED.finditer(text)}


def main() -> None:
    """Write the table."""
    root = folder("api", LIBRARIES, mkdtemp())
    texts = {path.parent.relative_to(root): path.read_text() for path in sorted(root.glob("*/v*/types.go"))}
    core = named(texts[Path("core/v1")])
    meta = {"ConditionStatus", "LabelSelectorOperator", "FieldSelectorOperator"}
    rows = []
    for package, text in sorted(texts.items()):
        own, version = named(text), package.name
        for name, body in STRUCT.findall(text):
            for kind, tag in FIELD.findall(body):
                shown = kind.lstrip("*")
                json_name = JSON_NAME.search(tag)
                bare = re.sub(r"^(\[\]|map\[string\])", "", shown)
                head = shown[: len(shown) - len(bare)]
                other = FROM_OTHERS.match(shown)
                if json_name is None:
                    continue
                if bare in own:
                    rows.append(f"{package.parent.name}.{version}.{name} {json_name[1]} {head}{version}.{bare}")
                elif other is not None and other[2] in core | meta:
                    rows.append(f"{package.parent.name}.{version}.{name} {json_name[1]} {head}v1.{other[2]}")
                elif bare == "types.UID":
                    rows.append(f"{package.parent.name}.{version}.{name} {json_name[1]} {head}types.UID")
    TARGET.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
