"""The kinds in the lists of an AppProject: by name, by group and kind, and denied where Argo CD really looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from nixernetes.gitops.spec import Spec
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.schema import known_kinds
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["denied", "kind_data"]


def kind_data(item: Any, *, allows: bool) -> Any:
    """Return a list's item as a mapping: a bare kind such as ``"NetworkPolicy"`` gets its API group.

    Args:
        item: a mapping, an object, or the name of a kind that Kubernetes ships.
        allows: whether the list permits: then the name must mean exactly one kind.

    Raises:
        ValueError: the name means no kind, or several.

    """
    if isinstance(item, Spec):
        return item.data()
    if not isinstance(item, str):
        return item
    groups = _homes().get(item, ())
    if not groups:
        raise ValueError(f"{item!r} is not a kind that Kubernetes has: write {{'group': ..., 'kind': {item!r}}}")
    if len(groups) > 1 and allows:
        raise ValueError(f"{item!r} is a kind of {' and '.join(groups)}: write {{'group': ..., 'kind': {item!r}}}")
    return {"group": groups[0], "kind": item}


def denied(cluster: Any, namespaced: Any) -> tuple[list[Any] | None, list[Any] | None]:
    """Return both black lists such that what the first names is denied, whatever its scope and the group given.

    Args:
        cluster: ``cluster_resource_blacklist`` as it was given.
        namespaced: ``namespace_resource_blacklist`` as it was given.

    Returns:
        What to write for each; None where nothing was given and nothing is to add.

    """
    if not isinstance(cluster, Sequence) or isinstance(cluster, str):
        return None, None
    own = list(cluster)
    other = list(namespaced) if isinstance(namespaced, Sequence) and not isinstance(namespaced, str) else []
    for item in cluster:
        # An entry with a name is about single objects; the other list knows no names, and would deny more.
        for kind in _meant(item) if isinstance(item, Mapping) and not item.get("name") else ():
            into = own if is_cluster_scoped(kind) else other
            entry = {"group": kind.group, "kind": kind.kind}
            if not any(isinstance(known, Mapping) and _same(known, entry) for known in into):
                into.append(entry)
    return own, other if other or namespaced is not None else None


def _same(known: Mapping[str, Any], entry: Mapping[str, str]) -> bool:
    return {key: value for key, value in known.items() if value is not None} == entry


def _meant(item: Mapping[str, Any]) -> list[GroupKind]:
    """Return the kinds of Kubernetes that an entry means; an empty group may be one that was left out."""
    group, kind = item.get("group") or "", item.get("kind") or ""
    groups = _homes().get(kind, ())
    if group in groups:
        return [GroupKind(group, kind)]
    return [GroupKind(home, kind) for home in groups] if not group else []


@cache
def _homes() -> dict[str, tuple[str, ...]]:
    """Kind to the API groups that have it."""
    found: dict[str, set[str]] = {}
    for group, _, kind in known_kinds():
        found.setdefault(kind, set()).add(group)
    return {kind: tuple(sorted(groups)) for kind, groups in found.items()}
