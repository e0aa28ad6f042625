"""Objects as a table: what ``kubectl get`` asks a server for (``metav1.Table``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Final

from nixernetes.cluster.tables.ages import age, parsed
from nixernetes.cluster.tables.columns import TableColumn, builtin_columns, is_printed
from nixernetes.cluster.tables.rows.core import CORE, event
from nixernetes.cluster.tables.rows.others import OTHERS, is_default_class
from nixernetes.cluster.tables.rows.parts import Ages
from nixernetes.cluster.tables.rows.workloads import WORKLOADS
from nixernetes.errors import InputError
from nixernetes.languages import json_path
from nixernetes.objects.fields import number_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import EVENT, EVENT_OF_EVENTS, NAMESPACE, POD
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["TableForm", "builtin_table", "custom_table"]

_CELLS: Final = {**CORE, **WORKLOADS, **OTHERS}
_STORAGE_CLASS: Final = "StorageClass"
_ENDED: Final[Mapping[str, Json]] = {
    "Succeeded": {
        "type": "Completed",
        "status": "True",
        "reason": "Succeeded",
        "message": "The pod has completed successfully.",
    },
    "Failed": {"type": "Completed", "status": "True", "reason": "Failed", "message": "The pod failed."},
}
_AGE: Final = ".metadata.creationTimestamp"


@dataclass(frozen=True, slots=True)
class TableForm:
    """How objects of one kind become rows.

    Attributes:
        columns: the columns.
        cells: what stands in them, of an object.

    """

    columns: Sequence[TableColumn]
    cells: Callable[[Manifest, Ages], list[Json]]

    def heads(self) -> list[Json]:
        """Return the columns as an answer has them."""
        return [column.data() for column in self.columns]

    def row(self, item: Manifest, now: datetime, *, shown: Json) -> Json:
        """Return one row.

        Args:
            item: the object.
            now: the present, for ages.
            shown: the object as it goes with the row: None for nothing.

        """
        row: Json = {"cells": self.cells(item, partial(age, now=now))}
        ended = _ENDED.get(text_at(item, "status", "phase")) if item["kind"] == POD.kind else None
        if ended is not None:
            row["conditions"] = [ended]
        return {**row, "object": shown}


def builtin_table(kind: GroupKind) -> TableForm:
    """Return the table of a built-in kind; one without columns of its own shows name and time of creation."""
    columns = builtin_columns(kind)
    if kind in (EVENT, EVENT_OF_EVENTS):
        return TableForm(columns, event)
    cells = _CELLS.get(f"{kind.kind}.{kind.group}".rstrip(".")) if is_printed(kind) else None
    if cells is None:
        return TableForm(columns, lambda item, _: [_name(item), text_at(item, "metadata", "creationTimestamp") or None])
    return TableForm(columns, lambda item, ages: [_name(item), *cells(item, ages)])


def _name(item: Manifest) -> str:
    name = text_at(item, "metadata", "name")
    return f"{name} (default)" if item["kind"] == _STORAGE_CLASS and is_default_class(item) else name


@lru_cache(maxsize=500)
def custom_table(printer: str) -> TableForm:
    """Return the table of a custom kind.

    Args:
        printer: ``additionalPrinterColumns`` of its version, as JSON; ``[]`` for none: its age is shown then.

    """
    name, _, created = builtin_columns(NAMESPACE)
    told: list[Json] = json.loads(printer)
    if not told:
        told = [{"name": "Age", "type": "date", "jsonPath": _AGE, "description": created.description}]
    columns = [_column(each) for each in told]
    readers = [_reader(each) for each in told]
    return TableForm((name, *columns), lambda item, ages: [_name(item), *(read(item, ages) for read in readers)])


def _column(told: Json) -> TableColumn:
    path = text_at(told, "jsonPath")
    return TableColumn(
        name=text_at(told, "name"),
        type=text_at(told, "type"),
        format=text_at(told, "format"),
        priority=number_at(told, "priority"),
        description=text_at(told, "description") or f"Custom resource definition column (in JSONPath format): {path}",
    )


def _reader(told: Json) -> Callable[[Manifest, Ages], Json]:
    """Return what reads a cell: the first value at a path, where it is of the column's type."""
    kind, path = text_at(told, "type"), text_at(told, "jsonPath")

    def read(item: Manifest, ages: Ages) -> Json:
        try:
            found = json_path.parse(path).find(item)
        except InputError:
            return None
        return _cell(kind, found[0], ages) if found else None

    return read


def _cell(kind: str, value: Json, ages: Ages) -> Json:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match kind:
        case "string":
            return _text(value)
        case "integer" if is_number:
            return int(value)
        case "number" if is_number:
            return value
        case "boolean" if isinstance(value, bool):
            return value
        case "date" if isinstance(value, str):
            return ages(value) if parsed(value) is not None else "<invalid>"
    return None


def _text(value: Json) -> str:
    """Write a value as a JSONPath template does."""
    if value is None:
        return "<no value>"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return str(value)
