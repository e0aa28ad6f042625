"""What Kubernetes says of a cron schedule that is wrong: the words of ``parser.go`` in robfig/cron 3.0.1."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["schedule_problem"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Of minute, hour, day of month, month and day of week: the least, the most, the names.
_FIELDS: Final[tuple[tuple[int, int, dict[str, int]], ...]] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    (0, 6, {name: number for number, name in enumerate(_DAYS)}),
)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+")
_PARTS: Final = 2  # of a range, and of a range with its step
_LARGEST: Final = 2**63 - 1
_LONGEST: Final = 20  # characters of a number that fits


def schedule_problem(text: str) -> str:
    """Return what is wrong with a schedule of five fields (``0 22 * * MON-FRI``), or ``""``."""
    if not text:
        return "empty spec string"
    if text.startswith("@"):
        return f"unrecognized descriptor: {text}"
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]"
    try:
        for field, (least, most, names) in zip(fields, _FIELDS, strict=True):
            for part in filter(None, field.split(",")):
                _check(part, least, most, names)
    except ValueError as error:
        return str(error)
    return ""


def _check(part: str, least: int, most: int, names: dict[str, int]) -> None:
    """Refuse one range of a field.

    Raises:
        ValueError: in Go's words.

    """
    spans, ends = part.split("/"), part.split("/", maxsplit=1)[0].split("-")
    if ends[0] in ("*", "?"):
        start, end = least, most
    else:
        start = end = _value(ends[0], names)
        if len(ends) == _PARTS:
            end = _value(ends[1], names)
        elif len(ends) > _PARTS:
            raise ValueError(f"too many hyphens: {part}")
    step = 1
    if len(spans) == _PARTS:
        step = _value(spans[1], {})
        end = most if len(ends) == 1 else end
    elif len(spans) > _PARTS:
        raise ValueError(f"too many slashes: {part}")
    if start < least:
        raise ValueError(f"beginning of range ({start}) below minimum ({least}): {part}")
    if end > most:
        raise ValueError(f"end of range ({end}) above maximum ({most}): {part}")
    if start > end:
        raise ValueError(f"beginning of range ({start}) beyond end of range ({end}): {part}")
    if step == 0:
        raise ValueError(f"step of range should be a positive number: {part}")


def _value(text: str, names: dict[str, int]) -> int:
    if text.lower() in names:
        return names[text.lower()]
    if not _NUMBER.fullmatch(text):
        raise ValueError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    number = int(text[:_LONGEST])
    if len(text) > _LONGEST or abs(number) > _LARGEST:
        raise ValueError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": value out of range')
    if number < 0:
        raise ValueError(f"negative number ({number}) not allowed: {text}")
    return number
