"""Rules that generate, as the ``spec`` of a GeneratingPolicy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from nixernetes.kyverno.engine.resource_rules import plurals
from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.migration.queries import Queries
from nixernetes.kyverno.migration.spelling import NotCarriedError, literal
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["generating_spec"]

_SWITCHES: Final = {
    "synchronize": "synchronize",
    "generateExisting": "generateExisting",
    "orphanDownstreamOnPolicyDelete": "orphanDownstreamOnPolicyDelete",
}
_FIELDS: Final = {
    "ConfigMap": ("data", "binaryData", "immutable"),
    "Secret": ("type", "data", "stringData", "immutable"),
}


def generating_spec(rule: Mapping[str, Json], queries: Queries) -> dict[str, Json]:
    """Return ``generate``, and what else stands beside it.

    Raises:
        NotCarriedError: what is generated has no equal in CEL.
        JmesPathError: a variable is no expression.

    """
    block = mapping_at(rule, "generate")
    queries = replace(queries, is_mixing=True)
    if "foreach" in block:
        raise NotCarriedError("generate.foreach")
    spec: dict[str, Json] = {}
    switches = {new: {"enabled": block[old]} for old, new in _SWITCHES.items() if old in block}
    if switches:
        spec["evaluation"] = switches
    if "data" in block:
        data: dict[str, Json] = {
            "apiVersion": block.get("apiVersion"),
            "kind": block.get("kind"),
            **mapping_at(block, "data"),
        }
        data["metadata"] = {**mapping_at(data, "metadata"), "name": block.get("name")}
        return {
            **spec,
            "generate": [{"expression": queries.apply(text_at(block, "namespace"), f"[{queries.filled(data)}]")}],
        }
    if "clone" in block:
        return {**spec, **_cloned(block, text_at(block, "namespace"), queries)}
    if "cloneList" in block:
        return {**spec, **_cloned_list(block, queries)}
    raise NotCarriedError("a generate that makes nothing")


def _cloned(block: Mapping[str, Json], place: str, queries: Queries) -> dict[str, Json]:
    clone = mapping_at(block, "clone")
    name, own = queries.of(text_at(clone, "name")).text, queries.of(text_at(block, "name")).text
    api, kind = text_at(block, "apiVersion"), text_at(block, "kind")
    source = queries.read("get", api, plurals(kind)[0], queries.of(text_at(clone, "namespace")).text, name)
    held = "source" if "source" not in queries.names else "cloneSource"
    made = f"variables.{held}"
    if own != name:
        if kind not in _FIELDS:
            raise NotCarriedError(f"a clone of a {kind} with another name than its source")
        parts = [f"?'{each}': {made}.?{each}" for each in _FIELDS[kind]]
        meta = f"{{'name': {own}, ?'labels': {made}.metadata.?labels, ?'annotations': {made}.metadata.?annotations}}"
        head = [f"'apiVersion': {literal(api)}", f"'kind': {literal(kind)}", f"'metadata': {meta}"]
        made = "{" + ", ".join([*head, *parts]) + "}"
    return {
        "variables": [{"name": held, "expression": source}],
        "generate": [{"expression": queries.apply(place, f"[{made}]")}],
    }


def _cloned_list(block: Mapping[str, Json], queries: Queries) -> dict[str, Json]:
    wanted = mapping_at(block, "cloneList")
    if mapping_at(wanted, "selector") and set(mapping_at(wanted, "selector")) != {"matchLabels"}:
        raise NotCarriedError("a cloneList with matchExpressions")
    labels = mapping_at(wanted, "selector", "matchLabels")
    of_source = queries.of(text_at(wanted, "namespace")).text
    made = []
    for each in items_at(wanted, "kinds"):
        if has_variables(each):
            raise NotCarriedError("a variable in cloneList.kinds")
        api, _, kind = str(each).rpartition("/")
        listed = queries.read("list", api, plurals(kind)[0], of_source, queries.filled(dict(labels)) if labels else "")
        made.append({"expression": queries.apply(text_at(block, "namespace"), f"{listed}.items")})
    return {"generate": made}
