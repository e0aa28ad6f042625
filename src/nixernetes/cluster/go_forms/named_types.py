"""The names that Go has for the types of fields: ``v1.RestartPolicy`` where the schema says that it is a text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["named_type"]

_API: Final = "io.k8s.api."
_OF_SELECTORS: Final = ("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", "operator")


def named_type(struct: str, field: str) -> str:
    """Return the type of a field as Go's decoder names it; ``""`` where it has no name of its own.

    Args:
        struct: the type that has the field, as the schema names it: ``io.k8s.api.core.v1.PodSpec``.
        field: the name of the field in JSON.

    """
    if (struct, field) == _OF_SELECTORS:
        return "v1.LabelSelectorOperator"
    return _table().get((struct.removeprefix(_API), field), "") if struct.startswith(_API) else ""


@cache
def _table() -> Mapping[tuple[str, str], str]:
    text = (files("nixernetes.cluster.go_forms") / "data" / "named_types.txt").read_text(encoding="utf-8")
    rows = (line.split(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {(struct, field): kind for struct, field, kind in rows}
