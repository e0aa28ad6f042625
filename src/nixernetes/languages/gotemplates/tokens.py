"""Splits a template into texts and the tokens of its actions (Go's ``text/template/parse/lex.go``)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import clipped

__all__ = ["TemplateError", "TemplateToken", "failed", "number", "pieces", "unquoted"]

_TOKEN: Final = re.compile(
    r"""
      (?P<string>"(?:[^"\\\n]|\\.)*") | (?P<raw>`[^`]*`) | (?P<character>'(?:[^'\\\n]|\\.)+')
    | (?P<number>[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)(?!\w))
    | (?P<variable>\$\w*(?:\.\w+)*)
    | (?P<field>(?:\.\w+)+|\.)
    | (?P<word>[A-Za-z_]\w*(?:\.\w+)*)
    | (?P<mark>:=|=|\||\(|\)|,)
    """,
    re.VERBOSE,
)
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_ESCAPE: Final = re.compile(r"\\(?:([abfnrtv\\'\"])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_SIGNS: Final = dict(zip("abfnrtv\\'\"", "\a\b\f\n\r\t\v\\'\"", strict=True))


class TemplateError(InputError):
    """A template that cannot be read or carried out.

    Attributes:
        at: where in the template, as an offset; -1 where that is not known.
        context: what was carried out there; ``""`` while a template is read.

    """

    at: int = -1
    context: str = ""

    def told(self, template: str) -> str:
        """Return the message as Go's ``text/template`` gives it, of a template whose name is ``base``."""
        before = template[: max(self.at, 0)]
        line = f"template: base:{before.count(chr(10)) + 1}"
        if not self.context:
            return f"{line}: {self.message}"
        column = len(before.rpartition("\n")[2].encode())
        return f'{line}:{column}: executing "base" at <{clipped(self.context)}>: {self.message}'


def failed(message: str, at: int) -> TemplateError:
    """Return an error of reading, with its place."""
    error = TemplateError(message)
    error.at = at
    return error


class TemplateToken(NamedTuple):
    """A part of an action; ``spaced`` tells whether space stands before it, ``at`` where it begins."""

    kind: str
    text: str
    spaced: bool = True
    at: int = 0


def pieces(text: str, left: str, right: str) -> list[str | list[TemplateToken]]:
    """Return the texts and the actions of a template, comments left out and space trimmed.

    Raises:
        TemplateError: an action is not closed, or holds what is no token.

    """
    found: list[str | list[TemplateToken]] = []
    position, trim = 0, False
    while (start := text.find(left, position)) >= 0:
        before = text[position:start].lstrip() if trim else text[position:start]
        position = start + len(left)
        if text.startswith("-", position) and text[position + 1 : position + 2].isspace():
            before = before.rstrip()
            position += 2
        found.append(before)
        tokens: list[TemplateToken] = []
        if text.startswith("/*", position):
            end = text.find("*/", position)
            position = end + 2 if end >= 0 else len(text)
        else:
            position = _take(text, position, tokens, right)
            found.append(tokens)
        position, trim = _closed(text, position, right)
    found.append(text[position:].lstrip() if trim else text[position:])
    return [piece for piece in found if piece != ""]


def _take(text: str, at: int, tokens: list[TemplateToken], right: str) -> int:
    """Take tokens up to what closes the action; return where that is, or the space before it."""
    begin = at
    while True:
        space = at
        at = _next(text, at)
        if text.startswith((right, f"-{right}"), at) or at == len(text):
            return space
        match = _TOKEN.match(text, at)
        if match is None:
            if text.find(right, at) < 0:
                return len(text)
            shown = clipped(text[begin : text.find(right, at)].strip())
            unread = clipped(text[at : text.find(right, at)].strip())
            raise failed(f"cannot read {unread!r} in {{{{{shown}}}}}", at)
        tokens.append(TemplateToken(match.lastgroup or "", match[0], at > space or at == begin, at))
        at = match.end()


def _next(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found is not None else at


def _closed(text: str, at: int, right: str) -> tuple[int, bool]:
    """Return what follows the end of an action, and whether space is trimmed there."""
    end = _next(text, at)
    if end > at and text.startswith(f"-{right}", end):
        return end + 1 + len(right), True
    if not text.startswith(right, end):
        raise failed("unclosed action", at)
    return end + len(right), False


def number(text: str) -> Json:
    """Return a number as Go reads it: with underscores, in bases, with an exponent.

    Raises:
        TemplateError: it has more than 64 bits.

    """
    plain = text.replace("_", "").lower()
    if "x" not in plain and set(".e") & set(plain):
        return float(plain)
    old = re.fullmatch(r"([+-]?)0([0-7]+)", plain)  # octal, as in C
    value = int(f"{old[1]}0o{old[2]}" if old else plain, 0) if not re.fullmatch(r"[+-]?0\d*[89]\d*", plain) else None
    if value is None or not -(2**63) <= value < 2**64:
        raise TemplateError(f"bad number {clipped(text)}")
    return value


def unquoted(text: str) -> str:
    """Return what a text in quotes spells, with the escapes of Go.

    Raises:
        TemplateError: an escape that Go does not have.

    """
    made, position, body = bytearray(), 0, text[1:-1]
    while (start := body.find("\\", position)) >= 0:
        match = _ESCAPE.match(body, start)
        code = int(match[4] or match[5] or "0", 16) if match is not None else -1
        if match is None or not 0 <= code < 0x110000:
            raise TemplateError(f"cannot read the string {clipped(text)}")
        made += body[position:start].encode(errors="replace")
        if match[1]:
            made += _SIGNS[match[1]].encode()
        elif match[2] or match[3]:
            made.append((int(match[2], 8) if match[2] else int(match[3], 16)) & 255)
        else:
            made += chr(code).encode(errors="replace")
        position = match.end()
    return (made + body[position:].encode(errors="replace")).decode(errors="replace")
