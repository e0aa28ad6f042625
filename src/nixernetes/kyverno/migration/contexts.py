"""The entries of ``context`` as ``variables``: each may read those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.migration.queries import CelQuery, Queries
from nixernetes.kyverno.migration.spelling import NotCarriedError
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["variables_of"]


def variables_of(
    entries: Sequence[Mapping[str, Json]], queries: Queries
) -> tuple[list[dict[str, Json]], dict[str, str]]:
    """Return the variables, and what the names of the entries mean in queries.

    Raises:
        NotCarriedError: an entry has no equal in CEL.
        JmesPathError: a variable is no expression.

    """
    made: list[dict[str, Json]] = []
    names: dict[str, str] = {}
    for entry in entries:
        name = text_at(entry, "name")
        if name in names or not name.isidentifier():
            raise NotCarriedError(f"the context entry {name}: its name is no variable's, or is given twice")
        made.append({"name": name, "expression": _expression(entry, queries.with_names(names))})
        names[name] = f"variables.{name}"
    return made, names


def _expression(entry: Mapping[str, Json], queries: Queries) -> str:
    if "configMap" in entry:
        asked = mapping_at(entry, "configMap")
        space = queries.of(text_at(asked, "namespace") or "default").text
        return queries.read("get", "v1", "configmaps", space, queries.of(text_at(asked, "name")).text)
    if "variable" in entry:
        return _variable(mapping_at(entry, "variable"), queries)
    if "apiCall" in entry:
        return _called(mapping_at(entry, "apiCall"), queries)
    what = next((each for each in entry if each != "name"), "nothing")
    raise NotCarriedError(f"the context entry {what}")


def _variable(block: Mapping[str, Json], queries: Queries) -> str:
    query, default = text_at(block, "jmesPath"), block.get("default")
    if "value" in block and query:
        raise NotCarriedError("a context variable with a value and a query")
    if "value" in block:
        return queries.filled(block["value"])
    if has_variables(query):
        raise NotCarriedError("a variable inside of a query")
    found = queries.query(query)
    if default is None:
        return found.text
    return found.gentle(queries.filled(default)) if found.optional else found.text


def _called(call: Mapping[str, Json], queries: Queries) -> str:
    """Return an API call of a path as ``resource.get`` or ``resource.list``, with its query."""
    if "service" in call or (text_at(call, "method") or "GET") != "GET" or "default" in call:
        raise NotCarriedError("an API call of a service, with a body or with a default")
    steps = [each for each in text_at(call, "urlPath").split("/") if each]
    if "?" in text_at(call, "urlPath") or not steps:
        raise NotCarriedError("an API call with a query string")
    if steps[0] == "api" and len(steps) > 2:
        api, rest = steps[1], steps[2:]
    elif steps[0] == "apis" and len(steps) > 3:
        api, rest = f"{steps[1]}/{steps[2]}", steps[3:]
    else:
        raise NotCarriedError(f"an API call of {text_at(call, 'urlPath')}")
    space = "''"
    if rest[0] == "namespaces" and len(rest) > 2:
        space, rest = queries.of(rest[1]).text, rest[2:]
    if len(rest) > 2 or has_variables(api) or has_variables(rest[0]):
        raise NotCarriedError(f"an API call of {text_at(call, 'urlPath')}")
    last = queries.of(rest[1]).text if len(rest) > 1 else ""
    found = queries.read("get" if last else "list", api, rest[0], space, last)
    query = text_at(call, "jmesPath")
    if not query:
        return found
    if has_variables(query):
        raise NotCarriedError("a variable inside of a query")
    return queries.query_of(query, CelQuery(text=found)).text
