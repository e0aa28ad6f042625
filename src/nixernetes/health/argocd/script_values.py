"""Values as Argo CD's scripts compare and spell them: Lua 5.1's rules, on JSON data.

A rule that reads through a field that is not there has no answer, as a script that indexes nil has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = [
    "at",
    "entries",
    "is_less",
    "is_number",
    "is_same",
    "needed",
    "number_in",
    "number_needed",
    "otherwise",
    "reach",
    "size",
    "spelled",
    "truth",
]

_NUMERAL: Final = re.compile(r"\s*-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def at(value: Json, *path: str) -> Json:
    """Return what stands at a path, or None; a text has no fields.

    Raises:
        InputError: the path leads through a number or a flag.

    """
    for name in path:
        if isinstance(value, bool | int | float):
            raise InputError(f"{name} cannot be read from {_named(value)}")
        value = value.get(name) if isinstance(value, dict) else None
    return value


def entries(value: Json, *, of_object: bool = False) -> Iterator[tuple[int, Json]]:
    """Yield what a list, or an object too, holds, with the position that Lua gives it.

    Raises:
        InputError: it is neither.

    """
    if of_object and isinstance(value, dict):
        value = [value[name] for name in sorted(value)]
    if not isinstance(value, list | dict | None):
        raise InputError(f"{_named(value)} is not a list")
    return enumerate(value if isinstance(value, list) else [], 1)


def is_number(value: Json) -> bool:
    """Tell whether a value is a number; a flag is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_same(first: Json, second: Json) -> bool:
    """Tell whether two values are equal; a text never equals a number, and tables do only when both are empty."""
    if is_number(first) and is_number(second):
        return bool(first == second)
    return type(first) is type(second) and not (isinstance(first, dict | list) and first) and bool(first == second)


def is_less(first: Json, second: Json) -> bool:
    """Tell whether a number or a text comes before another.

    Raises:
        InputError: they cannot be compared.

    """
    if (is_number(first) and is_number(second)) or (isinstance(first, str) and isinstance(second, str)):
        return bool(first < second)
    raise InputError(f"{_named(first)} cannot be compared with {_named(second)}")


def needed(value: Json) -> Json:
    """Return a value.

    Raises:
        InputError: it is not there.

    """
    if value is None:
        raise InputError(f"{_named(value)} is needed")
    return value


def number_in(value: Json) -> float | None:
    """Return a number, or the one that a text spells."""
    if isinstance(value, str):
        return float(value) if _NUMERAL.fullmatch(value) else None
    return value if is_number(value) else None


def number_needed(value: Json) -> float:
    """Return a number to reckon with.

    Raises:
        InputError: there is none.

    """
    found = number_in(value)
    if found is None:
        raise InputError(f"{_named(value)} cannot be reckoned with")
    return found


def truth(value: Json) -> bool:
    """Tell whether a condition holds: everything but nothing and ``false`` does."""
    return value is not None and value is not False


def otherwise(value: Json, default: Json) -> Json:
    """Return a value, or a default where it is missing or false."""
    return value if truth(value) else default


def size(value: Json) -> int | None:
    """Return what ``#`` says: the length of a list or a text; an object has none that counts.

    Raises:
        InputError: it is a number or a flag.

    """
    if isinstance(value, bool | int | float):
        raise InputError(f"{_named(value)} has no length")
    return 0 if isinstance(value, dict) else len(value) if isinstance(value, list | str) else None


def reach(value: Json, *path: str) -> Json:
    """Return what stands at a path, or None; what leads there must be there.

    Raises:
        InputError: something on the way is not there.

    """
    for position, name in enumerate(path):
        if value is None:
            raise InputError(
                f"{'.'.join(path)} cannot be read: {'.'.join(path[:position]) or 'the object'} is not there"
            )
        value = at(value, name)
    return value


def spelled(value: Json) -> str:
    """Return a text or a number as it stands in a message: 3, never 3.0.

    Raises:
        InputError: it is neither.

    """
    if isinstance(value, str):
        return value
    if is_number(value):
        return f"{value:.14g}" if isinstance(value, float) else str(value)
    raise InputError(f"{_named(value)} has no place in a message")


def _named(value: Json) -> str:
    return "a field that is not there" if value is None else f"a value of another form ({type(value).__name__})"
