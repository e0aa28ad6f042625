"""Rules of roles: what one allows, whether one covers another, and how they are shown.

After kubernetes v1.34.4, ``pkg/apis/rbac/v1/evaluation_helpers.go`` and
``component-helpers/auth/rbac/validation/policy_comparator.go``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.objects.fields import items_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["allows", "missing", "shown"]

_ALL: Final = "*"
_MOST: Final = 10_000  # parts of rules that are compared


def allows(rule: Manifest, wish: Attributes) -> bool:
    """Tell whether a rule allows what somebody wants."""
    verbs = items_at(rule, "verbs")
    if _ALL not in verbs and wish.verb not in verbs:
        return False
    if not wish.resource:
        return any(_has_path(str(each), wish.path) for each in items_at(rule, "nonResourceURLs"))
    groups, resources, names = (items_at(rule, part) for part in ("apiGroups", "resources", "resourceNames"))
    if _ALL not in groups and wish.group not in groups:
        return False
    whole = f"{wish.resource}/{wish.subresource}" if wish.subresource else wish.resource
    any_of_part = bool(wish.subresource) and f"*/{wish.subresource}" in resources
    if _ALL not in resources and whole not in resources and not any_of_part:
        return False
    return not names or wish.name in names


def _has_path(pattern: str, path: str) -> bool:
    return pattern in (_ALL, path) or (pattern.endswith(_ALL) and path.startswith(pattern[:-1].rstrip("*")))


def missing(held: Sequence[Manifest], wanted: Iterable[Manifest]) -> list[Manifest]:
    """Return the parts of rules that no held rule covers, brought together again."""
    found = []
    for number, part in enumerate(part for rule in wanted for part in _parts(rule)):
        if number >= _MOST or not any(_covers(rule, part) for rule in held):
            found.append(part)
        if number >= _MOST:
            break
    return _together(found)


def _parts(rule: Manifest) -> Iterator[Manifest]:
    """Yield the smallest rules that a rule consists of."""
    verbs = items_at(rule, "verbs")
    names = items_at(rule, "resourceNames")
    for group, resource, verb in product(items_at(rule, "apiGroups"), items_at(rule, "resources"), verbs):
        part: Manifest = {"apiGroups": [group], "resources": [resource], "verbs": [verb]}
        yield from ({**part, "resourceNames": [name]} for name in names)
        if not names:
            yield part
    for url, verb in product(items_at(rule, "nonResourceURLs"), verbs):
        yield {"nonResourceURLs": [url], "verbs": [verb]}


def _covers(rule: Manifest, part: Manifest) -> bool:
    if not _has(items_at(rule, "verbs"), part["verbs"][0]):
        return False
    if "nonResourceURLs" in part:
        url = part["nonResourceURLs"][0]
        return any(_has_path(str(each), url) for each in items_at(rule, "nonResourceURLs"))
    resource = str(part["resources"][0])
    resources = items_at(rule, "resources")
    slash = resource.partition("/")
    has_resource = _has(resources, resource) or (bool(slash[1]) and f"*/{slash[2]}" in resources)
    if not _has(items_at(rule, "apiGroups"), part["apiGroups"][0]) or not has_resource:
        return False
    names = items_at(rule, "resourceNames")
    return not names or ("resourceNames" in part and part["resourceNames"][0] in names)


def _has(told: list[Json], one: Json) -> bool:
    return _ALL in told or one in told


def _together(parts: Iterable[Manifest]) -> list[Manifest]:
    """Return rules with the verbs of all parts that differ in nothing else."""
    found: dict[str, Manifest] = {}
    for part in parts:
        rest = {name: value for name, value in part.items() if name != "verbs"}
        key = json.dumps(rest, sort_keys=True)
        held = found.setdefault(key, {**rest, "verbs": []})
        held["verbs"] = [*held["verbs"], *(verb for verb in part["verbs"] if verb not in held["verbs"])]
    return list(found.values())


def shown(rule: Manifest) -> str:
    """Return a rule as refusals show it (``CompactString``)."""
    names = (
        ("APIGroups", "apiGroups"),
        ("Resources", "resources"),
        ("NonResourceURLs", "nonResourceURLs"),
        ("ResourceNames", "resourceNames"),
        ("Verbs", "verbs"),
    )
    parts = []
    for title, name in names:
        values = items_at(rule, name)
        if values:
            parts.append(f"{title}:[{' '.join(json.dumps(str(value)) for value in values)}]")
    return "{" + ", ".join(parts) + "}"
