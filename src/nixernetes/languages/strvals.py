"""``key.path[0]=value`` set into values, as helm's ``--set``, ``--set-string`` and ``--set-literal`` do.

What is there already keeps its kind: an index into what is no list, or a name in what is no map, is refused. A value
without a name is read and set nowhere.
"""

from __future__ import annotations

import re
from typing import Literal

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["set_into"]

_INTEGER = re.compile(r"(?!0)[-+]?[0-9]+\Z")
_INDEX = re.compile(r"[+]?[0-9]{1,5}\Z")
_MAX_INDEX = 65536  # helm's own limit
_NO_INDEX = -1
_MAX_DEPTH = 30  # helm's own limit of nested names
_MAX_LISTS = 100  # lists directly in lists; helm has no limit, and nobody nests three
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None, "0": 0}


def set_into(values: dict[str, Json], text: str, *, mode: Literal["typed", "string", "literal"] = "typed") -> None:
    """Set one or more ``path=value`` pairs into values, in place, however deep: a list is made anew only to grow.

    Args:
        values: the values to change.
        text: the pairs, separated by commas; in the literal mode one pair whose value is all that follows ``=``.
        mode: ``typed`` reads numbers, booleans, null and ``{a,b}`` lists; ``string`` reads lists, and keeps text;
            ``literal`` takes the value as it is.

    Raises:
        InputError: the text is not such a pair, or does not fit what is there. The value is never part of the message.

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
            if sign == "\\":
                sign = self._text[self._at : self._at + 1]
                self._at += 1
            taken.append(sign)
        return "".join(taken), ""

    def _key(self, values: dict[str, Json], depth: int) -> bool:
        """Set one pair; tell whether it had a value, which the end of the text may leave out (but in literal mode)."""
        key, stop = self._until("=[." if self._mode == "literal" else "=[,.")
        if stop == "=":
            has_value = self._mode == "literal" or self.more()
            _put(values, key, self._value())
            return has_value
        if stop == "[":
            return self._list_at(values, key, depth)
        if stop == ".":
            return self._map_at(values, key, depth + 1)
        if key or stop:
            raise InputError(f"key {key!r} has no value")
        return False

    def _list_at(self, values: dict[str, Json], key: str, depth: int) -> bool:
        index, current = self._index(), values.get(key, [])
        if index == _NO_INDEX:
            return False
        if not isinstance(current, list):
            raise InputError(f"key {key!r} holds no list")
        items, is_set = self._item(current, index, depth, 0)
        _put(values, key, items)
        return is_set

    def _map_at(self, values: dict[str, Json], key: str, depth: int) -> bool:
        if depth > _MAX_DEPTH:
            raise InputError(f"a value's path has more than {_MAX_DEPTH} levels")
        current = values.get(key, {})
        if not isinstance(current, dict):
            raise InputError(f"key {key!r} holds no map")
        is_set = self._key(current, depth)
        if is_set and not current:
            raise InputError(f"key map {key!r} has no value")
        if current:
            _put(values, key, current)
        return is_set

    def _index(self) -> int:
        """Return an index; at the end of the text there is none, and helm sets nothing without a word."""
        text, stop = self._until("]")
        if not stop:
            return _NO_INDEX
        if not _INDEX.match(text) or int(text) > _MAX_INDEX:
            raise InputError(f"index {text!r} of a value's path is not a number up to {_MAX_INDEX}")
        return int(text)

    def _item(self, items: list[Json], index: int, depth: int, lists: int) -> tuple[list[Json], bool]:
        """Set what follows an index; return the list, and whether there was a value."""
        if lists > _MAX_LISTS:
            raise InputError(f"a value's path has more than {_MAX_LISTS} indices in a row")
        between, stop = self._until("=[.")
        if between:
            raise InputError(f"the index {index} of a value's path is followed by text")
        if not stop:
            return items, False
        current = items[index] if index < len(items) else None
        is_set = True
        if stop == "=":
            found = self._value()
        elif stop == "[":
            if not isinstance(current, list | None):
                raise InputError(f"the item at index {index} of a value's path is not in a list")
            following = self._index()
            if following == _NO_INDEX:
                return items, False
            found, is_set = self._item(current or [], following, depth, lists + 1)
        else:
            found = current if isinstance(current, dict) else {}
            is_set = self._key(found, depth)
        if is_set or (stop == "." and index < len(items)):  # helm changes the item that is there in place
            if index >= len(items):
                items = [*items, *[None] * (index + 1 - len(items))]
            items[index] = found
        return items, is_set

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
                return [*items, self._typed(text)]
            if not stop:
                raise InputError("a list of values must end with '}'")
            items.append(self._typed(text))

    def _typed(self, text: str) -> Json:
        if self._mode == "string":
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        is_number = _INTEGER.match(text) and len(text) <= 20  # digits of 64 bits, and a sign
        return int(text) if is_number and -(2**63) <= int(text) < 2**63 else text


def _put(values: dict[str, Json], key: str, value: Json) -> None:
    """Set a value; one without a name is left out, as helm does."""
    if key:
        values[key] = value
