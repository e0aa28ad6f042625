"""Nodes and namespaces (``ValidateNode``, ``ValidateNamespaceFinalizeUpdate`` of ``pkg/apis/core/validation``)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, invalid, required, unsupported
from nixernetes.schemas.rules.metadata import STANDARD_FINALIZERS, UNQUALIFIED

__all__ = ["RULES"]

_EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def _node(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    spec = mapping_at(value, "spec")
    # Kubernetes looks for them under metadata.
    for number, taint in enumerate(objects_at(spec, "taints")):
        for problem in _taint(taint, (*path, "metadata", "taints", number)):
            yield replace(problem, path=(*path, "spec", "taints", number), field=problem.path)
    seen: set[tuple[str, str]] = set()
    for number, taint in enumerate(objects_at(spec, "taints")):
        pair = (text_at(taint, "key"), text_at(taint, "effect"))
        if pair in seen:
            here = (*path, "metadata", "taints", number)
            told = replace(duplicate((*path, "spec", "taints", number), taint), field=here)
            yield replace(told, message=f"{told.message}: taints must be unique by key and effect pair")
        seen.add(pair)
    for number, text in enumerate(items_at(spec, "podCIDRs")):
        if not _is_network(str(text)):
            detail = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
            yield invalid((*path, "spec", "podCIDRs", number), text, detail)


def _taint(taint: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    key, text, effect = (text_at(taint, name) for name in ("key", "value", "effect"))
    for wrong in names.label_key_problems(key):
        yield invalid((*path, "key"), key, wrong)
    wrong = names.label_value_problem(text)
    if wrong:
        yield invalid((*path, "value"), text, wrong)
    if not effect:
        yield required((*path, "effect"))
    elif effect not in _EFFECTS:
        yield unsupported((*path, "effect"), effect, _EFFECTS)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def _namespace(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, name in enumerate(map(str, items_at(value, "finalizers"))):
        here, told = (*path, "finalizers", number), (*path, "finalizers")
        yield from (replace(invalid(here, name, wrong), field=told) for wrong in names.label_key_problems(name))
        if "/" not in name and name not in STANDARD_FINALIZERS:
            yield replace(invalid(here, name, UNQUALIFIED), field=told)


RULES: Final = {"Node": (_node,), "NamespaceSpec": (_namespace,)}
