"""The columns of built-in kinds, as ``scripts/make_table_columns.py`` reads them from the sources of Kubernetes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Json

__all__ = ["TableColumn", "builtin_columns", "is_printed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """One column (``metav1.TableColumnDefinition``).

    Attributes:
        name: its head.
        type: ``string``, ``integer``, ``number``, ``boolean`` or ``date``.
        format: ``name`` for the name of the object, ``""`` otherwise.
        priority: 0 for always, more for wide output alone.
        description: what it tells.

    """

    name: str
    type: str = "string"
    format: str = ""
    priority: int = 0
    description: str = ""

    def data(self) -> Json:
        """Return the column as an answer has it."""
        return {
            "name": self.name,
            "type": self.type,
            "format": self.format,
            "description": self.description,
            "priority": self.priority,
        }


_SHORT: Final = {"s": "string"}


def builtin_columns(kind: GroupKind) -> Sequence[TableColumn]:
    """Return the columns of a built-in kind; of one without a printer its name and when it was created."""
    found = _columns().get(_named(kind))
    return _plain() if found is None else found


def is_printed(kind: GroupKind) -> bool:
    """Tell whether a built-in kind has columns of its own."""
    return _named(kind) in _columns()


def _named(kind: GroupKind) -> str:
    return f"{kind.kind}.{kind.group}"


@cache
def _plain() -> Sequence[TableColumn]:
    """Return the columns of ``rest.NewDefaultTableConvertor`` (apiserver pkg/registry/rest/table.go, v0.34.4)."""
    name, _, age = _columns()[_named(NAMESPACE)]
    return (name, TableColumn(name="Created At", type="date", description=age.description))


@cache
def _columns() -> Mapping[str, Sequence[TableColumn]]:
    text = (resources.files("nixernetes.cluster.tables") / "data/columns.txt").read_text("utf-8")
    return {kind: tuple(columns) for kind, columns in _read(text)}


def _read(text: str) -> Iterator[tuple[str, list[TableColumn]]]:
    told: dict[str, str] = {}
    kind, columns = "", []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("  "):
            name, type_, form, priority, about = line.strip().split("|", 4)
            described = told[about[1:]] if about.startswith("=") else json.loads(about)
            columns.append(
                TableColumn(
                    name=name,
                    type=_SHORT.get(type_, type_),
                    format=form,
                    priority=int(priority),
                    description=described,
                )
            )
        elif line.endswith(":"):
            if kind:
                yield kind, columns
            kind, columns = line[:-1], []
        else:
            name, _, about = line.partition(" ")
            told[name] = json.loads(about)
    yield kind, columns
