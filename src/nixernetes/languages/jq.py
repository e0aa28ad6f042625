"""jq as a port: which fields of an object an expression names, as ``del(EXPRESSION)`` finds them.

What evaluates it is a library in C, which belongs into a process of its own; what the paths mean is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from nixernetes.objects.manifest import Json

__all__ = ["Jq", "Path", "delete_paths", "transfer_paths"]

Path: TypeAlias = Sequence[str | int | dict[str, int | None]]  # keys, indices, and slices as jq writes them


class Jq(Protocol):
    """Evaluates jq."""

    def paths(self, expression: str, value: Json) -> list[Path]:
        """Return the paths that an expression names in a value; they need not exist.

        An expression that fails on this value, or takes too long, names nothing.

        Raises:
            InputError: the text is no expression.

        """
        ...


def delete_paths(value: Json, paths: Sequence[Path]) -> None:
    """Delete what paths name, as jq's ``delpaths``: the last of a list first, so that indices stay right."""
    for path in sorted(paths, key=_order, reverse=True):
        if path:
            _delete(_at(value, path[:-1]), path[-1])


def transfer_paths(source: Json, to: Json, paths: Sequence[Path], copy: Callable[[Json], Json]) -> None:
    """Give fields in ``to`` the values that they have in ``source``; what is not there goes."""
    gone = []
    for path in paths:
        if not path:
            continue
        holder = _at(source, path[:-1])
        if not _has(holder, path[-1]):
            gone.append(path)
            continue
        place, step = _at(to, path[:-1]), path[-1]
        if isinstance(place, dict) if isinstance(step, str) else _has(place, step):
            place[_key(step)] = copy(holder[_key(step)])
    delete_paths(to, gone)


def _order(path: Path) -> list[tuple[int, int, str]]:
    """Order paths as jq orders them: numbers before texts, slices last; a path before those below it."""
    return [_rank(step) for step in path]


def _rank(step: str | int | dict[str, int | None]) -> tuple[int, int, str]:
    if isinstance(step, int):
        return (0, step, "")
    return (1, 0, step) if isinstance(step, str) else (2, step.get("start") or 0, "")


def _at(value: Json, path: Path) -> Json:
    for step in path:
        if not _has(value, step):
            return None
        value = value[_key(step)]
    return value


def _has(value: Json, step: str | int | dict[str, int | None]) -> bool:
    if isinstance(step, str):
        return isinstance(value, dict) and step in value
    if isinstance(step, int):
        return isinstance(value, list) and -len(value) <= step < len(value)
    return isinstance(value, list)


def _delete(value: Json, step: str | int | dict[str, int | None]) -> None:
    if _has(value, step):
        del value[_key(step)]


def _key(step: str | int | dict[str, int | None]) -> str | int | slice:
    return slice(step.get("start"), step.get("end")) if isinstance(step, dict) else step
