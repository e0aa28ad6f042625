"""``key.path[0]=value`` set into values, as helm's ``--set``, ``--set-string`` and ``--set-literal`` do."""

from __future__ import annotations

import re
from typing import Literal

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["set_into"]

_INTEGER = re.compile(r"[-+]?[1-9][0-9]*\Z")
_MAX_INDEX = 65536  # helm's own limit
_MAX_DEPTH = 30  # helm's own limit of nested names
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None, "0": 0}


def set_into(values: dict[str, Json], text: str, *, mode: Literal["typed", "string", "literal"] = "typed") -> None:
    """Set one or more ``path=value`` pairs into values, in place.

    Args:
        values: the values to change.
        text: the pairs, separated by commas; in the literal mode one pair whose value is all that follows ``=``.
        mode: ``typed`` reads numbers, booleans, null and ``{a,b}`` lists; ``string`` keeps text; ``literal`` escapes
            nothing and takes the value as it is.

    Raises:
        InputError: the text is not such a pair. The value is never part of the message.

    """
    parser = _Setter(text, mode)
    while parser.more():
        parser.pair(values)


class _Setter:
    def __init__(self, text: str, mode: str) -> None:
        self._text = text
        self._mode = mode
        self._at = 0

    def more(self) -> bool:
        return self._at < len(self._text)

    def pair(self, values: dict[str, Json]) -> None:
        self._key(values, 0)

    def _until(self, stops: str) -> tuple[str, str]:
        """Take text up to one of the stops; return it and the stop (``""`` at the end)."""
        taken: list[str] = []
        while self._at < len(self._text):
            sign = self._text[self._at]
            self._at += 1
            if sign in stops:
                return "".join(taken), sign
            if sign == "\\" and self._mode != "literal" and self._at < len(self._text):
                sign = self._text[self._at]
                self._at += 1
            taken.append(sign)
        return "".join(taken), ""

    def _key(self, values: dict[str, Json], depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise InputError(f"a value's path has more than {_MAX_DEPTH} levels")
        key, stop = self._until("=[." if self._mode == "literal" else "=[,.")
        if stop == "=":
            values[key] = self._value()
        elif stop == "[":
            current = values.get(key)
            values[key] = self._item(list(current) if isinstance(current, list) else [], depth)
        elif stop == ".":
            current = values.get(key)
            inner = dict(current) if isinstance(current, dict) else {}
            self._key(inner, depth + 1)
            values[key] = inner
        else:
            raise InputError(f"key {key!r} has no value")

    def _item(self, items: list[Json], depth: int) -> list[Json]:
        text, stop = self._until("]")
        if stop != "]" or not text.isdecimal() or len(text) > 5 or int(text) > _MAX_INDEX:
            raise InputError(f"index {text!r} of a value's path is not a number up to {_MAX_INDEX}")
        index = int(text)
        items += [None] * (index + 1 - len(items))
        _, stop = self._until("=[.") if self._text[self._at : self._at + 1] in ("=", "[", ".") else ("", "")
        if stop == "=":
            items[index] = self._value()
        elif stop == "[":
            items[index] = self._item(items[index] if isinstance(items[index], list) else [], depth + 1)
        elif stop == ".":
            inner = dict(items[index]) if isinstance(items[index], dict) else {}
            self._key(inner, depth + 1)
            items[index] = inner
        else:
            raise InputError(f"the item at index {index} of a value's path has no value")
        return items

    def _value(self) -> Json:
        if self._mode == "literal":
            rest, self._at = self._text[self._at :], len(self._text)
            return rest
        if self._text.startswith("{", self._at):
            self._at += 1
            return self._list()
        return self._typed(self._until(",")[0])

    def _list(self) -> list[Json]:
        items: list[Json] = []
        while True:
            text, stop = self._until(",}")
            if stop == "}":
                if self._text.startswith(",", self._at):
                    self._at += 1
                return [*items, self._typed(text)] if text or items else items
            if not stop:
                raise InputError("a list of values must end with '}'")
            items.append(self._typed(text))

    def _typed(self, text: str) -> Json:
        if self._mode == "string":
            return text
        if text in _WORDS:
            return _WORDS[text]
        return int(text) if _INTEGER.match(text) and -(2**63) <= int(text) < 2**63 else text
