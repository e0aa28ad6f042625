"""``vars``: values of fields, written wherever ``$(NAME)`` stands in known places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nixernetes.languages.kyaml.nodes import MISSING, is_null, text_of
from nixernetes.languages.kyaml.ties import loosened
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import CopyBudget
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import Var
from nixernetes.render.kustomize.resources.ids import ResId
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.transformers.field_paths import lookup, split_fields
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec, rewrite

__all__ = ["bind", "merge", "resolve"]


def merge(known: dict[str, Var], incoming: Iterable[Var]) -> dict[str, Var]:
    """Return the vars with more of them.

    Raises:
        KustomizeError: a name that is taken.

    """
    result = dict(known)
    for var in incoming:
        if var.name in result:
            raise KustomizeError(f"var '{var.name}' already encountered")
        result[var.name] = var
    return result


def bind(resources: ResMap, variables: Iterable[Var]) -> None:
    """Mark the resource that each var reads from, by its identity at this point.

    Raises:
        KustomizeError: several resources fit.

    """
    for var in variables:
        wanted = var.objref.id
        found = resources.having(wanted) if wanted.namespace else _named(resources, wanted)
        if len(found) > 1:
            raise KustomizeError(f"found {len(found)} resId matches for var {var.name} (unable to disambiguate)")
        if found:
            found[0].variables.append(var.name)


def _named(resources: ResMap, wanted: ResId) -> list[BuildResource]:
    return resources.matching(lambda each: each.gvk == wanted.gvk and each.name == wanted.name)


def resolve(resources: ResMap, variables: Mapping[str, Var], specs: Iterable[FieldSpec], budget: CopyBudget) -> None:
    """Write the values of all vars.

    Args:
        resources: all of the build.
        variables: the vars, by name.
        specs: where ``$(NAME)`` is replaced.
        budget: what may be written.

    Raises:
        KustomizeError: a var whose object or field is not there, or a place that holds no text.
        InputError: more than the budget.

    """
    if not variables:
        return
    values = {name: _value(resources, variables[name]) for name in sorted(variables)}
    for resource in resources.resources:
        for spec in specs:
            resource.manifest = rewrite(resource.manifest, spec, lambda node: _replace(node, values, budget))


def _value(resources: ResMap, var: Var) -> Json:
    for resource in resources.resources:
        if var.name in resource.variables:
            found = loosened(lookup(resource.manifest, _indexed(var.path)))
            if found is MISSING:
                raise KustomizeError(
                    f"field specified in var '{var.name}' ({var.path}) not found in corresponding resource",
                    subject=str(resource.current_id),
                    place=str(resource.source),
                )
            return found
    text = "cannot be mapped to a field in the set of known resources"
    raise KustomizeError(f"var '{var.name}' {text}", words=f"var '{var.as_go()}' {text}")


_INDEX = re.compile(r"(.*)\[(\d+)\]\Z")


def _indexed(path: str) -> list[str]:
    """Split a path, ``ports[0]`` being two steps."""
    steps: list[str] = []
    for part in split_fields(path):
        found = _INDEX.match(part)
        steps += [found[1], found[2]] if found and found[1] else [part]
    return steps


def _replace(node: Json, values: Mapping[str, Json], budget: CopyBudget) -> Json:
    if is_null(node):
        return node
    if isinstance(node, dict):
        fresh = {key: _expanded(value, values, budget) for key, value in node.items()}
        return fresh if any(fresh[key] is not value for key, value in node.items()) else node
    if isinstance(node, list):
        if not all(isinstance(item, str) for item in node):
            raise KustomizeError("invalid value type expect a string")
        items = [_expanded(item, values, budget) for item in node]
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    return _expanded(node, values, budget)


def _expanded(text: Json, values: Mapping[str, Json], budget: CopyBudget) -> Json:
    """Replace ``$(NAME)`` in a text; ``$$`` is one dollar; a text that is one var becomes its value."""
    if not isinstance(text, str) or "$" not in text:
        return text
    parts: list[str] = []
    position, last = 0, text.rfind(")")
    while (dollar := text.find("$", position)) >= 0 and dollar + 1 < len(text):
        parts.append(text[position:dollar])
        letter = text[dollar + 1]
        closing = text.find(")", dollar) if letter == "(" and dollar < last else -1
        if closing >= 0:
            name = text[dollar + 2 : closing]
            value = values.get(name, MISSING)
            known = isinstance(value, (str, int, float))
            budget.spend(value if known else "")
            if text == f"$({name})":
                return value if known else text
            parts.append(_go_text(value) if known else f"$({name})")
            position = closing + 1
            continue
        parts.append("$" if letter == "$" else f"${letter}")
        position = dollar + 2
    fresh = "".join(parts) + text[position:]
    return text if fresh == text else fresh


def _go_text(value: Json) -> str:
    return text_of(value)
