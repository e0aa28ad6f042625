"""Label selectors as ``kubectl -l`` takes them: ``app=shop,tier in (web, api),!old,weight>3`` (apimachinery).

They select by annotations, too. A label that is not there is not equal to anything: ``a!=b`` and ``a notin (b)`` hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from nixernetes.errors import InputError

__all__ = ["matches"]

_LONGEST: Final = 4096  # characters; a key and a value have 380 at most
_SET: Final = re.compile(r"\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)\s*\Z")
_EQUALITY: Final = re.compile(r"\s*([^\s!=,()<>]+)\s*(==|=|!=|>|<)\s*([^\s!=,()<>]*)\s*\Z")
_EXISTS: Final = re.compile(r"\s*(!?)\s*([^\s!=,()]+)\s*\Z")
_COMMA: Final = re.compile(r",(?![^()]*\))")


class _Requirement(NamedTuple):
    key: str
    operator: str
    values: tuple[str, ...]


def matches(selector: str, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a selector; the empty one matches all.

    Raises:
        InputError: the selector cannot be parsed.

    """
    return all(_satisfied(labels, *requirement) for requirement in _requirements(selector))


@lru_cache(maxsize=1024)
def _requirements(selector: str) -> tuple[_Requirement, ...]:
    if len(selector) > _LONGEST:
        raise InputError(f"a selector of {len(selector):,} characters is too long: at most {_LONGEST:,}")
    return tuple(_requirement(text, selector) for text in _COMMA.split(selector)) if selector.strip() else ()


def _requirement(text: str, selector: str) -> _Requirement:
    if match := _SET.match(text):
        return _Requirement(match[1], match[2], tuple(value.strip() for value in match[3].split(",")))
    if match := _EQUALITY.match(text):
        return _Requirement(match[1], match[2].replace("==", "="), (match[3],))
    if match := _EXISTS.match(text):
        return _Requirement(match[2], match[1] or "exists", ())
    raise InputError(f"unable to parse requirement: {text.strip()!r} in selector {selector!r}")


def _satisfied(labels: Mapping[str, str], key: str, operator: str, values: tuple[str, ...]) -> bool:
    value = labels.get(key)
    match operator:
        case "=" | "in":
            return value in values
        case "!=" | "notin":
            return value not in values
        case "exists":
            return value is not None
        case "!":
            return value is None
        case _:
            return value is not None and _compared(value, operator, values[0])


def _compared(value: str, operator: str, bound: str) -> bool:
    try:
        number, limit = int(value), int(bound)
    except ValueError:
        return False
    return number > limit if operator == ">" else number < limit
