"""Bounds of numbers and of texts that are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, Problem, invalid

__all__ = ["at_least", "at_most_whole", "number_of_port", "percent_or_number", "port"]

_PORT_NAME: Final = re.compile(r"[-a-z0-9]+")
_LOWER: Final = re.compile(r"[a-z]")
_WHOLE: Final = 100
_LARGEST_PORT: Final = 65535
_LONGEST_PORT_NAME: Final = 15

_PERCENT_RULE: Final = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for "
    "validation is '[0-9]+%')"
)


def at_least(value: Mapping[str, Json], path: FieldPath, lowest: int, *names: str) -> Iterator[Problem]:
    """Yield the fields of some names that are less than a number."""
    words = "must be greater than or equal to 0" if lowest == 0 else f"must be greater than or equal to {lowest}"
    for name in names:
        found = value.get(name)
        if isinstance(found, int) and not isinstance(found, bool) and found < lowest:
            yield invalid((*path, name), found, words)


def port(value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the number or the name of a port."""
    if isinstance(value, str):
        yield from _port_name(value, path)
    else:
        yield from number_of_port(value, path)


def number_of_port(value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the number of a port."""
    if isinstance(value, int) and not isinstance(value, bool) and not 1 <= value <= _LARGEST_PORT:
        yield invalid(path, value, f"must be between 1 and {_LARGEST_PORT}, inclusive")


def _port_name(name: str, path: FieldPath) -> Iterator[Problem]:
    """Yield each thing that is wrong, in the order of ``IsValidPortName`` (apimachinery 0.34, ``util/validation``)."""
    if len(name) > _LONGEST_PORT_NAME:
        yield invalid(path, name, f"must be no more than {_LONGEST_PORT_NAME} characters")
    if not _PORT_NAME.fullmatch(name):
        yield invalid(path, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not _LOWER.search(name):
        yield invalid(path, name, "must contain at least one letter (a-z)")
    if "--" in name:
        yield invalid(path, name, "must not contain consecutive hyphens")
    if name.startswith("-") or name.endswith("-"):
        yield invalid(path, name, "must not begin or end with a hyphen")


def at_most_whole(value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield a percentage of more than the whole."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]+%", value) and int(value[:-1]) > _WHOLE:
        yield invalid(path, value, "must not be greater than 100%")


def percent_or_number(value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a number that may be a percentage."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]+%", value):
        yield invalid(path, value, _PERCENT_RULE)
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        yield invalid(path, value, "must be greater than or equal to 0")
