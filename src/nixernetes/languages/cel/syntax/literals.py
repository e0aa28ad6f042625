"""What literals mean: numbers, and texts and bytes with escapes (cel-go ``parser/unescape.go``)."""

from __future__ import annotations

import re

from nixernetes.languages.cel.values import INT_MAX, INT_MIN, UINT_MAX, UInt, Value

__all__ = ["number", "unquoted"]

_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([abfnrtv\\'\"`?])|(?s:.)|$)"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LONGEST_NUMBER = 400  # digits; longer ones are out of range anyway


def number(kind: str, text: str, *, negative: bool) -> Value:
    """Return the number of a token.

    Raises:
        ValueError: it is out of range.

    """
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"invalid {kind if kind != 'float' else 'double'} literal")
    if kind == "float":
        value = float(text)
        if value == float("inf"):
            raise ValueError("invalid double literal")
        return -value if negative else value
    digits = text.rstrip("uU")
    whole = int(digits, 0) if digits.startswith("0x") else int(digits)
    if kind == "uint":
        if whole > UINT_MAX:
            raise ValueError("invalid uint literal")
        return UInt(whole)
    whole = -whole if negative else whole
    if not INT_MIN <= whole <= INT_MAX:
        raise ValueError("invalid int literal")
    return whole


def unquoted(text: str, *, as_bytes: bool) -> Value:
    """Return the text or the bytes that a quoted literal spells.

    Raises:
        ValueError: an escape is not one.

    """
    body = text[1:] if as_bytes else text
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    raw = body[0] in "rR"
    body = body[1:] if raw else body
    quotes = 3 if len(body) >= 6 and body[:3] in ('"""', "'''") else 1
    body = body[quotes:-quotes]
    if as_bytes:
        return _bytes(body, raw=raw)
    return body if raw or "\\" not in body else _ESCAPE.sub(_letter, body)


def _letter(found: re.Match[str]) -> str:
    if found[5]:
        return _SIMPLE.get(found[5], found[5])
    code = _code(found)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise ValueError("invalid unicode code point")
    return chr(code)


def _bytes(body: str, *, raw: bool) -> bytes:
    parts, at = [], 0
    for found in [] if raw else _ESCAPE.finditer(body):
        parts.append(body[at : found.start()].encode())
        if found[5]:
            parts.append(_SIMPLE.get(found[5], found[5]).encode())
        elif found[2] or found[3]:
            raise ValueError("unable to unescape string")
        else:
            parts.append(bytes([_code(found)]))
        at = found.end()
    parts.append(body[at:].encode())
    return b"".join(parts)


def _code(found: re.Match[str]) -> int:
    digits = found[1] or found[2] or found[3]
    if digits:
        return int(digits, 16)
    if found[4]:
        return int(found[4], 8)
    raise ValueError("unable to unescape string")
