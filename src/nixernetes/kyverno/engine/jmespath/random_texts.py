r"""``random``: a text that fits a pattern; the same pattern gives the same text, so that equal input gives equal bytes.

Kyverno gives another one each time. Understood are texts, classes (``[a-z0-9]``, ``\d``, ``\w``), groups with
alternatives, and counts (``{6}``, ``{2,4}``, ``?``, ``+``, ``*``).
"""

from __future__ import annotations

import hashlib
import string
from typing import Final

from nixernetes.languages.jmespath.errors import JmesPathError

__all__ = ["random_text"]

_CLASSES: Final = {"d": string.digits, "w": string.ascii_letters + string.digits + "_", "s": " "}
_PRINTED: Final = string.ascii_letters + string.digits
_MOST: Final = 1_000  # characters of a text
_LONGEST: Final = 1_000  # characters of a pattern
_DEEPEST: Final = 20


def random_text(pattern: str) -> str:
    """Return a text that fits a pattern.

    Raises:
        JmesPathError: the pattern is broken, too long, or has a part that is not understood.

    """
    if not pattern:
        raise JmesPathError("no pattern provided")
    if len(pattern) > _LONGEST:
        raise JmesPathError(f"a pattern of {len(pattern):,} characters is too long")
    return _Maker(pattern).made()


class _Maker:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._drawn = 0

    def made(self) -> str:
        text = self._alternatives(0)
        if self._at < len(self._pattern):
            raise self._broken()
        return text

    def _broken(self) -> JmesPathError:
        return JmesPathError(f"not evaluated: random of {self._pattern!r}: broken at character {self._at + 1}")

    def _draw(self, count: int) -> int:
        self._drawn += 1
        digest = hashlib.sha256(f"{self._pattern}/{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:8]) % count

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _alternatives(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise self._broken()
        found = [self._sequence(depth)]
        while self._peek() == "|":
            self._at += 1
            found.append(self._sequence(depth))
        return found[self._draw(len(found))]

    def _sequence(self, depth: int) -> str:
        parts: list[str] = []
        while self._peek() not in ("", "|", ")"):
            begun = self._at
            atom = self._atom(depth)
            count = self._count()
            parts += [atom] if count else []
            after = self._at
            for _ in range(count - 1):
                self._at = begun
                parts.append(self._atom(depth))
            self._at = after
            if sum(map(len, parts)) > _MOST:
                raise JmesPathError(f"not evaluated: random of {self._pattern!r}: more than {_MOST:,} characters")
        return "".join(parts)

    def _count(self) -> int:
        letter = self._peek()
        low, high = 1, 1
        if letter in ("?", "*", "+"):
            self._at += 1
            low, high = {"?": (0, 1), "*": (0, 10), "+": (1, 10)}[letter]
        elif letter == "{":
            inner, brace, _ = self._pattern[self._at + 1 :].partition("}")
            ends = inner.split(",")
            if not brace or not all(each.isdecimal() and len(each) < 5 for each in ends) or len(ends) > 2:
                raise self._broken()
            self._at += len(inner) + 2
            low, high = int(ends[0]), int(ends[-1])
            if high < low or high > _MOST:
                raise self._broken()
        return low + self._draw(high - low + 1) if high > low else low

    def _atom(self, depth: int) -> str:
        letter = self._peek()
        self._at += 1
        if letter == "(":
            if self._pattern.startswith("?:", self._at):
                self._at += 2
            text = self._alternatives(depth + 1)
            if self._peek() != ")":
                raise self._broken()
            self._at += 1
            return text
        if letter == "[":
            letters = self._letters()
            return letters[self._draw(len(letters))]
        if letter == "\\":
            escaped = self._peek()
            self._at += 1
            letters = _CLASSES.get(escaped, escaped)
            if not letters:
                raise self._broken()
            return letters[self._draw(len(letters))]
        if letter == ".":
            return _PRINTED[self._draw(len(_PRINTED))]
        return "" if letter in ("^", "$") else letter

    def _letters(self) -> str:
        inner, bracket, _ = self._pattern[self._at :].partition("]")
        self._at += len(inner) + 1
        if not bracket or not inner:
            raise self._broken()
        is_negated, body = inner.startswith("^"), inner.removeprefix("^")
        found: list[str] = []
        at = 0
        while at < len(body):
            if body[at] == "\\" and at + 1 < len(body):
                found += _CLASSES.get(body[at + 1], body[at + 1])
                at += 2
            elif body[at + 1 : at + 2] == "-" and at + 2 < len(body):
                found += map(chr, range(ord(body[at]), min(ord(body[at + 2]), ord(body[at]) + 1_000) + 1))
                at += 3
            else:
                found.append(body[at])
                at += 1
        letters = "".join(each for each in _PRINTED if each not in found) if is_negated else "".join(found)
        if not letters:
            raise self._broken()
        return letters
