"""Write ``cluster/access/data/policy.txt``: the roles that every cluster has, and to whom they are bound.

They are read from the sources of Kubernetes: ``plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata``.
Usage: ``python scripts/make_bootstrap_policy.py KUBERNETES``, the folder of the sources.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest, labels_of

DATA = Path(__file__).parents[1] / "src/nixernetes/cluster/access/data/policy.txt"
SOURCE = "plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata"
ROLES = ("cluster-roles", "controller-roles", "namespace-roles")
BINDINGS = ("cluster-role-bindings", "controller-role-bindings", "namespace-role-bindings")
WORDS = {
    "get,list,watch": "READ",
    "create,delete,deletecollection,patch,update": "WRITE",
    "create,delete,deletecollection,get,list,patch,update,watch": "ALL",
}
SUBJECTS = {"User": "user", "Group": "group", "ServiceAccount": "account"}
GATHERED = "aggregate-to-"


def main() -> None:
    """Read the sources and write the table."""
    folder = Path(sys.argv[1]) / SOURCE
    lines = [line for name in ROLES for item in _items(folder, name) for line in _role(item)]
    lines += [_binding(item) for name in BINDINGS for item in _items(folder, name)]
    DATA.write_text("".join(f"{line}\n" for line in lines))


def _items(folder: Path, name: str) -> list[Manifest]:
    return objects_at(yamls.parse((folder / f"{name}.yaml").read_text()), "items")


def _named(item: Manifest) -> str:
    namespace, name = text_at(item, "metadata", "namespace"), text_at(item, "metadata", "name")
    return f"{namespace}/{name}" if namespace else name


def _role(item: Manifest) -> Iterator[str]:
    to = [f"to={name.partition(GATHERED)[2]}" for name in labels_of(item) if GATHERED in name]
    selectors = objects_at(item, "aggregationRule", "clusterRoleSelectors")
    of = [f"of={name.partition(GATHERED)[2]}" for each in selectors for name in each["matchLabels"]]
    yield " ".join(["role", _named(item), *to, *of])
    for rule in objects_at(item, "rules"):
        verbs = ",".join(rule["verbs"])
        parts = [WORDS.get(verbs, verbs)]
        if "nonResourceURLs" in rule:
            parts += rule["nonResourceURLs"]
        else:
            parts.append(",".join(group or '""' for group in rule["apiGroups"]))
            parts += [",".join(rule["resources"]), ",".join(map(str, items_at(rule, "resourceNames")))]
        yield f"  {' '.join(parts).rstrip()}"


def _binding(item: Manifest) -> str:
    role = f"{text_at(item, 'roleRef', 'kind')}/{text_at(item, 'roleRef', 'name')}"
    return " ".join(["bind", _named(item), role, *map(_subject, objects_at(item, "subjects"))])


def _subject(subject: Manifest) -> str:
    kind, name, namespace = (text_at(subject, field) for field in ("kind", "name", "namespace"))
    return f"{SUBJECTS[kind]}={namespace}/{name}" if namespace else f"{SUBJECTS[kind]}={name}"


if __name__ == "__main__":
    main()
