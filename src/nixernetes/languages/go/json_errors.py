"""What Go's ``encoding/json`` says of a text that is no JSON (``scanner.go`` of Go 1.24).

A scanner that reads a character at a time, as Go's does, since its message tells what it was in the middle of.
"""

from __future__ import annotations

from typing import Final

__all__ = ["json_problem"]

_END: Final = "unexpected end of JSON input"
_SPACE: Final = " \t\r\n"
_DIGITS: Final = "0123456789"
_ESCAPES: Final = 'bfnrt\\/"'
_HEXADECIMAL: Final = "0123456789abcdefABCDEF"
_LITERALS: Final = {"t": "true", "f": "false", "n": "null"}
_DEEPEST: Final = 10_000


class _BrokenError(Exception):
    """The text is no JSON: what Go says of it."""


def json_problem(text: str) -> str:
    """Return what is wrong with a text, in Go's words; ``""`` where it is JSON."""
    try:
        end = _value(text)
        end = _skip(text, end)
        if end < len(text):
            raise _unexpected(text, end, "after top-level value")
    except _BrokenError as error:
        return str(error)
    return ""


def _unexpected(text: str, at: int, context: str) -> _BrokenError:
    if at >= len(text):  # Go ends a text with a space, to see whether a literal or a number ends
        is_open = context.startswith(("in ", "after decimal"))
        return _BrokenError(f"invalid character ' ' {context}" if is_open else _END)
    return _BrokenError(f"invalid character {_quoted(text[at])} {context}")


def _quoted(char: str) -> str:
    """Spell a character as Go does in these messages (``quoteChar``): one of a byte, as its text is read by bytes."""
    if char == "'":
        return "'\\''"
    if char == '"':
        return "'\"'"
    if char == "\\":
        return "'\\\\'"
    first = chr(char.encode("utf-8", "surrogateescape")[0])
    if first.isprintable():
        return f"'{first}'"
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\a": "\\a", "\v": "\\v"}
    return f"'{short.get(first, f'{chr(92)}x{ord(first):02x}')}'"


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _value(text: str) -> int:
    """Return where the first value ends; nesting is a list, since Go bounds it and Python's stack is short."""
    open_: list[str] = []
    at = 0
    while True:
        at = _begin(text, _skip(text, at), open_)
        if at < 0:  # a list or an object was opened, and has a first value
            at = -at
            continue
        at = _close(text, at, open_)
        if not open_:
            return at
        at = _next(text, at, open_[-1])


def _begin(text: str, at: int, open_: list[str]) -> int:
    """Read a value's beginning; return its end, or minus the place where its first part begins."""
    char = text[at : at + 1]
    if char and char in "[{":
        if len(open_) >= _DEEPEST:
            raise _BrokenError("exceeded max depth")
        open_.append(char)
        inner = _skip(text, at + 1)
        if text[inner : inner + 1] == ("]" if char == "[" else "}"):
            return inner
        return -(inner if char == "[" else _key(text, inner, "looking for beginning of object key string"))
    if char == '"':
        return _string(text, at + 1)
    if char in _LITERALS and char:
        return _literal(text, at, _LITERALS[char])
    if char and char in f"-{_DIGITS}":
        return _number(text, at)
    raise _unexpected(text, at, "looking for beginning of value")


def _close(text: str, at: int, open_: list[str]) -> int:
    """Close the lists and objects that end here."""
    while open_:
        at = _skip(text, at)
        if text[at : at + 1] != ("]" if open_[-1] == "[" else "}"):
            return at
        open_.pop()
        at += 1
    return at


def _next(text: str, at: int, inside: str) -> int:
    """Return where the next value of a list or an object begins."""
    context = "after array element" if inside == "[" else "after object key:value pair"
    if text[at : at + 1] != ",":
        raise _unexpected(text, at, context)
    at = _skip(text, at + 1)
    return at if inside == "[" else _key(text, at, "looking for beginning of object key string")


def _key(text: str, at: int, context: str) -> int:
    if text[at : at + 1] != '"':
        raise _unexpected(text, at, context)
    at = _skip(text, _string(text, at + 1))
    if text[at : at + 1] != ":":
        raise _unexpected(text, at, "after object key")
    return _skip(text, at + 1)


def _string(text: str, at: int) -> int:
    while at < len(text):
        char = text[at]
        if char == '"':
            return at + 1
        if char < " ":
            raise _unexpected(text, at, "in string literal")
        at += 1
        if char != "\\":
            continue
        if text[at : at + 1] == "u":
            for place in range(at + 1, at + 5):
                if text[place : place + 1] not in _HEXADECIMAL or place >= len(text):
                    raise _unexpected(text, place, "in \\u hexadecimal character escape")
            at += 5
        elif at >= len(text) or text[at] not in _ESCAPES:
            raise _unexpected(text, at, "in string escape code")
        else:
            at += 1
    raise _BrokenError(_END)


def _literal(text: str, at: int, word: str) -> int:
    for number, char in enumerate(word):
        if text[at + number : at + number + 1] != char:
            raise _unexpected(text, at + number, f"in literal {word} (expecting {_quoted(char)})")
    return at + len(word)


def _number(text: str, at: int) -> int:
    if text[at] == "-":
        at += 1
        if at >= len(text) or text[at] not in _DIGITS:
            raise _unexpected(text, at, "in numeric literal")
    at = at + 1 if text[at] == "0" else _digits(text, at)
    if text[at : at + 1] == ".":
        at += 1
        if at >= len(text) or text[at] not in _DIGITS:
            raise _unexpected(text, at, "after decimal point in numeric literal")
        at = _digits(text, at)
    if text[at : at + 1] in ("e", "E"):
        at += 1
        if text[at : at + 1] in ("+", "-"):
            at += 1
        if at >= len(text) or text[at] not in _DIGITS:
            raise _unexpected(text, at, "in exponent of numeric literal")
        at = _digits(text, at)
    return at


def _digits(text: str, at: int) -> int:
    while at < len(text) and text[at] in _DIGITS:
        at += 1
    return at
