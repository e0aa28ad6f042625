"""Words of a text in other cases, as ``huandu/xstrings`` 1.5.0 (``convert.go``) finds them, which Sprig calls."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

__all__ = ["camel", "separated", "swapped"]

# By the letters of _kind: HTTPStatus is two words, and a capital begins one.
_WORD: Final = re.compile(r"c+|p+|U+(?=Ua)|Ua+|U+|a+|n+|o+")
_FIRST_OF_CJK: Final = "\u2e80"


class _CasedWord(NamedTuple):
    kind: str
    text: str


_NONE: Final = _CasedWord("", "")


def _kind(letter: str) -> str:
    """Return what a letter is: connector, punctuation, capital, other letter, number, or else ``o``."""
    category = unicodedata.category(letter)
    if letter in "-_" or letter.isspace():
        return "c"
    if category[0] == "P":
        return "p"
    if category == "Lu":
        return "U"
    if category[0] == "L" and letter < _FIRST_OF_CJK:
        return "a"
    return "n" if category[0] == "N" else "o"


def _words(text: str) -> list[_CasedWord]:
    kinds = "".join(map(_kind, text))
    return [_CasedWord(found[0][0], text[found.start() : found.end()]) for found in _WORD.finditer(kinds)]


def separated(text: str, sign: str) -> str:
    """Return the words of a text in lower case, with a sign between them."""
    return _Separation(text, sign).made() if text else ""


class _Separation:
    """Puts words side by side; digits belong to the word before them, unless small letters follow."""

    def __init__(self, text: str, sign: str) -> None:
        self._left = _words(text)[::-1]
        self._sign = sign
        self._parts: list[str] = []

    def made(self) -> str:
        word = self._next()
        while self._left:
            if word.kind != "c":
                self._put(word)
            before, word = word, self._next()
            if before.kind == "n":
                word = self._join(word)
            elif before.kind == "c":
                self._put(before)
            elif before.kind != "p":
                word = self._after_letters(word)
        self._put(word)
        return "".join(self._parts)

    def _after_letters(self, word: _CasedWord) -> _CasedWord:
        if word.kind != "n":
            self._divide(word)
            return word
        if not self._left:
            return word
        number, word = word, self._next()
        if word.kind != "a":
            self._put(number)
            self._divide(word)
            return word
        self._parts.append(self._sign)
        self._put(number)
        return self._join(word)

    def _join(self, word: _CasedWord) -> _CasedWord:
        """Put small letters and numbers that follow each other; return what comes then."""
        while word.kind in ("a", "n"):
            self._put(word)
            word = self._next()
        self._divide(word)
        return word

    def _divide(self, word: _CasedWord) -> None:
        if word.kind not in ("", "c", "p"):
            self._parts.append(self._sign)

    def _next(self) -> _CasedWord:
        return self._left.pop() if self._left else _NONE

    def _put(self, word: _CasedWord) -> None:
        if word.kind == "c":
            self._parts.append(self._sign * len(word.text))
        else:
            self._parts.append("".join(map(_lower, word.text)) if word.kind == "U" else word.text)


def camel(text: str) -> str:
    """Return the words of a text side by side, each with a capital; what connects them goes, but for repetitions."""
    begin = next((at for at, letter in enumerate(text) if _kind(letter) != "c"), len(text))
    if begin == len(text):
        return text + text[-1:]
    parts, before = [text[:begin]], _upper(text[begin])
    in_capitals = _kind(text[begin]) == "U"
    for letter in text[begin + 1 :]:
        now = letter
        if _kind(before) == "c" and _kind(now) == "c":
            parts.append(before)
        elif _kind(before) == "c":
            in_capitals = _kind(now) == "U"
            now = _upper(now)
        else:
            in_capitals = in_capitals and _kind(now) == "U"
            now = _lower(now) if in_capitals else now
            parts.append(before)
        before = now
    return "".join((*parts, before))


def swapped(text: str) -> str:
    """Return a text with each letter in its other case."""
    return "".join(_lower(letter) if _kind(letter) == "U" else _upper(letter) for letter in text)


def _upper(letter: str) -> str:
    return letter.upper() if len(letter.upper()) == 1 else letter


def _lower(letter: str) -> str:
    return letter.lower()[:1]
