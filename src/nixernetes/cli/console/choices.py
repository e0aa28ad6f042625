"""What the user chose to see: the order, which rows, and from which one on. Each key makes a new choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.engine.reports import DeliveryRow

__all__ = ["KEYS", "Choice", "chosen", "not_ready", "pressed"]

SORTS: Final = ("failures", "cluster", "kind", "name")
FILTERS: Final = ("all", "not ready", "failed")
KEYS: Final = "s sort · f filter · c cluster · / search · ↑↓ scroll · q quit"
_URGENCY: Final = {"failed": 0, "progressing": 1, "suspended": 2, "ready": 3}
_PAGE: Final = 10
_SCROLL: Final = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -_PAGE, "page down": _PAGE, "home": -1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is shown.

    Attributes:
        sort: one of the orders; within it the order of the report stays.
        filter: which states.
        cluster: the one cluster, ``""`` for all.
        search: a text that cluster, kind, namespace/name or message holds.
        is_typing: whether keys go to the search.
        top: how many lines are scrolled away.
        is_over: whether the user wants to end.

    """

    sort: str = SORTS[0]
    filter: str = FILTERS[0]
    cluster: str = ""
    search: str = ""
    is_typing: bool = False
    top: int = 0
    is_over: bool = False


def chosen(rows: Sequence[DeliveryRow], choice: Choice) -> list[DeliveryRow]:
    """Return the rows that are chosen, in the chosen order."""
    return sorted((item for item in rows if _is_chosen(item, choice)), key=_SORT_KEYS[choice.sort])


def not_ready(rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    """Return those that failed or are on their way, failures first."""
    return chosen([item for item in rows if item.state in ("failed", "progressing")], Choice())


def pressed(choice: Choice, key: str, clusters: Sequence[str]) -> Choice:
    """Return the choice after a key; a key that means nothing changes nothing.

    Args:
        choice: the choice before.
        key: a character, or the name of a key: ``up``, ``page down``, ``escape``, ``enter``, ``backspace``.
        clusters: the clusters there are.

    """
    if choice.is_typing:
        return _typed(choice, key)
    if key in _SCROLL:
        return replace(choice, top=max(choice.top + _SCROLL[key], 0))
    changed = {
        "s": replace(choice, sort=_next(SORTS, choice.sort), top=0),
        "f": replace(choice, filter=_next(FILTERS, choice.filter), top=0),
        "c": replace(choice, cluster=_next(("", *clusters), choice.cluster), top=0),
        "/": replace(choice, is_typing=True),
        "escape": Choice(),
        "q": replace(choice, is_over=True),
    }
    return changed.get(key, choice)


def _typed(choice: Choice, key: str) -> Choice:
    match key:
        case "enter":
            return replace(choice, is_typing=False)
        case "escape":
            return replace(choice, is_typing=False, search="")
        case "backspace":
            return replace(choice, search=choice.search[:-1])
    return replace(choice, search=choice.search + key, top=0) if len(key) == 1 else choice


def _is_chosen(item: DeliveryRow, choice: Choice) -> bool:
    if choice.cluster and item.cluster != choice.cluster:
        return False
    if choice.filter == "failed" and item.state != "failed":
        return False
    if choice.filter == "not ready" and item.state == "ready":
        return False
    text = f"{item.cluster} {item.key} {item.message}".lower()
    return choice.search.lower() in text


def _next(values: Sequence[str], value: str) -> str:
    """Return the value after one, the first after the last, or after one that is gone."""
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


_SORT_KEYS: Mapping[str, Callable[[DeliveryRow], tuple[int | str, ...]]] = {
    "failures": lambda item: (_URGENCY[item.state],),
    "cluster": lambda item: (item.cluster,),
    "kind": lambda item: (item.key.kind,),
    "name": lambda item: (item.key.name, item.key.namespace),
}
