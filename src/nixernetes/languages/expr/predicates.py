"""The functions of expr-lang that take a predicate: what each makes of a list and what is said of its elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["PREDICATES"]

Said = Sequence[Json]


def _grouped(items: Sequence[Json], said: Said) -> Json:
    found: dict[str, list[Json]] = {}
    for item, key in zip(items, said, strict=True):
        found.setdefault(str(key), []).append(item)
    return found


def _sorted(items: Sequence[Json], said: Said) -> Json:
    return [items[index] for index in sorted(range(len(items)), key=lambda index: said[index])]


def _first(items: Sequence[Json], said: Said) -> Json:
    return next((item for item, holds in zip(items, said, strict=True) if holds), None)


def _place(said: Said) -> Json:
    return next((index for index, holds in enumerate(said) if holds), None)


def _last(items: Sequence[Json], said: Said) -> Json:
    return _first([*items][::-1], [*said][::-1])


def _last_place(said: Said) -> Json:
    found = _place([*said][::-1])
    return None if found is None else len(said) - 1 - found


# ``reduce`` needs what came before, so that it is carried out where the predicate is.
PREDICATES: Final[Mapping[str, Callable[[Sequence[Json], Said], Json]]] = {
    "all": lambda _, said: all(said),
    "any": lambda _, said: any(said),
    "count": lambda _, said: sum(map(bool, said)),
    "filter": lambda items, said: [item for item, holds in zip(items, said, strict=True) if holds],
    "find": _first,
    "findIndex": lambda _, said: _place(said),
    "findLast": _last,
    "findLastIndex": lambda _, said: _last_place(said),
    "groupBy": _grouped,
    "map": lambda _, said: [*said],
    "none": lambda _, said: not any(said),
    "one": lambda _, said: sum(map(bool, said)) == 1,
    "reduce": lambda _, said: said[-1] if said else None,
    "sortBy": _sorted,
    "sum": lambda _, said: sum(said),
}
