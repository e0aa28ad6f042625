"""``void-permission``: a rule of a Role names resources that its API groups have.

An API server takes any words there. It compares them with the resource in the URL of a request: the plural, in lower
case, and the group that serves it. What is spelled otherwise allows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.fields import items_at, objects_at
from nixernetes.objects.kinds import CLUSTER_ROLE, ROLE
from nixernetes.objects.manifest import Json
from nixernetes.schemas.plurals import plurals_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_FORMER: Final = "extensions"  # a group that served what others serve now: written beside them out of habit
_ANY: Final = "*"


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(ROLE, CLUSTER_ROLE):
            for index, rule in enumerate(objects_at(item.manifest, "rules")):
                groups = [each for each in items_at(rule, "apiGroups") if isinstance(each, str)]
                if groups and _FORMER not in groups and all(each in _resources() for each in groups):
                    yield from _unknown(cluster, item, index, groups, rule)


def _unknown(cluster: ClusterObjects, item: Placed, index: int, groups: list[str], rule: Json) -> Iterator[Found]:
    named = [each for each in items_at(rule, "resources") if isinstance(each, str)]
    void = []
    for position, name in enumerate(named):
        base = name.partition("/")[0]
        if base == _ANY or any(base in _resources()[group].values() for group in groups):
            continue
        meant = next((_resources()[each][base.lower()] for each in groups if base.lower() in _resources()[each]), "")
        if meant:
            message = f"there is no resource {base}, so that this allows nothing: resources are plurals, as {meant}"
            path = ("rules", index, "resources", position)
            yield Found(cluster=cluster, subject=item, message=message, path=path)
        elif any(base in known.values() for known in _resources().values()):
            void.append(base)
    if named and len(void) == len(named):
        where = next(group for group, known in _resources().items() if void[0] in known.values())
        message = f"{void[0]} is of the group {where or 'core (the empty text)'}, so that this rule allows nothing"
        yield Found(cluster=cluster, subject=item, message=message, path=("rules", index, "apiGroups"))


@cache
def _resources() -> Mapping[str, Mapping[str, str]]:
    """Return the resources of the built-in API groups, by group and by their kinds in lower case."""
    found: dict[str, dict[str, str]] = {}
    for group, _, kind in schema.known_kinds():
        found.setdefault(group, {})[kind.lower()] = plurals_of(kind)[0]
    return found


RULE: Final = Rule(
    name="void-permission",
    topic="rbac",
    severity=Severity.WARNING,
    sentence="A rule of a Role names resources that its API groups have.",
    check=_check,
)
