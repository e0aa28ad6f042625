"""The strings extension (cel-go ``ext/strings.go``): by code points, with the version that a host has."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Function, Library, function
from nixernetes.languages.cel.libraries.display import PLAIN, QUOTED, Style
from nixernetes.languages.cel.libraries.format_check import format_check
from nixernetes.languages.cel.libraries.formatting import formatted
from nixernetes.languages.cel.values import Value

__all__ = ["strings"]

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_QUOTES = str.maketrans(
    {
        "\a": "\\a",
        "\b": "\\b",
        "\f": "\\f",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\v": "\\v",
        "\\": "\\\\",
        '"': '\\"',
    }
    | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
)
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
_SPACES += "\u202f\u205f\u3000"


def _outside(index: int) -> EvaluationError:
    return EvaluationError(f"index out of range: {index}")


def _char_at(text: str, index: int) -> str:
    if not 0 <= index <= len(text):
        raise _outside(index)
    return text[index : index + 1]


def _index_of(text: str, part: str, offset: int = 0) -> int:
    if not part:
        return offset
    if offset < 0:
        raise _outside(offset)
    return text.find(part, offset)


def _last_index_of(text: str, part: str, offset: int | None = None) -> int:
    if not part:
        return len(text) if offset is None else offset
    if offset is None:
        return text.rfind(part)
    if offset < 0:
        raise _outside(offset)
    return -1 if offset >= len(text) else text.rfind(part, 0, offset + len(part))


def _join(meter: Meter, parts: Sequence[Value], separator: str = "") -> str:
    length = len(separator) * len(parts)
    for part in parts:
        if not isinstance(part, str):
            raise EvaluationError(f"join: invalid input: {part}")
        length += len(part)
    meter.text(length)
    return separator.join(parts)


def _replace(meter: Meter, text: str, old: str, new: str, count: int = -1) -> str:
    places = text.count(old) if count < 0 else min(count, text.count(old))
    meter.text(len(text) + places * max(len(new) - len(old), 0))
    return text.replace(old, new, count if count >= 0 else -1)


def _split(meter: Meter, text: str, separator: str, count: int = -1) -> list[str]:
    if not count:
        return []
    if not separator:
        cut = len(text) if count < 0 else min(count - 1, len(text))
        meter.elements(cut + 1)
        rest = [text[cut:]] if cut < len(text) else []
        return [*text[:cut], *rest]
    meter.elements(text.count(separator) + 1)
    return text.split(separator, count - 1 if count > 0 else -1)


def _substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else end
    if end is not None and start > end:
        raise EvaluationError(f"invalid substring range. start: {start}, end: {end}")
    for index in (start, last):
        if not 0 <= index <= len(text):
            raise _outside(index)
    return text[start:last]


def _quote(text: str) -> str:
    return f'"{text.translate(_QUOTES)}"'


def _format(style: Style) -> Callable[[Meter, str, Sequence[Value]], str]:
    def apply(meter: Meter, text: str, values: Sequence[Value]) -> str:
        return formatted(meter, text, values, style)

    return apply


_FUNCTIONS = (
    function("charAt", "string.(int) -> string", _char_at),
    function("indexOf", "string.(string) -> int", _index_of),
    function("indexOf", "string.(string, int) -> int", _index_of),
    function("lastIndexOf", "string.(string) -> int", _last_index_of),
    function("lastIndexOf", "string.(string, int) -> int", _last_index_of),
    function("lowerAscii", "string.() -> string", lambda text: text.translate(_LOWER)),
    function("replace", "string.(string, string) -> string", _replace, metered=True),
    function("replace", "string.(string, string, int) -> string", _replace, metered=True),
    function("split", "string.(string) -> list(string)", _split, metered=True),
    function("split", "string.(string, int) -> list(string)", _split, metered=True),
    function("substring", "string.(int) -> string", _substring),
    function("substring", "string.(int, int) -> string", _substring),
    function("trim", "string.() -> string", lambda text: text.strip(_SPACES)),
    function("upperAscii", "string.() -> string", lambda text: text.translate(_UPPER)),
    function("strings.quote", "(string) -> string", _quote),
    function("join", "list(string).() -> string", _join, metered=True),
    function("join", "list(string).(string) -> string", _join, metered=True),
)
_REVERSE = function("reverse", "string.() -> string", lambda text: text[::-1])


def strings(version: int = 4) -> Library:
    """Return the extension: 2, as Kubernetes and Kyverno have it, or later ones with ``reverse`` and plain formats."""
    style = QUOTED if version < 4 else PLAIN
    added: tuple[Function, ...] = (function("format", "string.(list(dyn)) -> string", _format(style), metered=True),)
    if version >= 3:
        added += (_REVERSE,)
    return Library(name=f"strings {version}", functions=(*_FUNCTIONS, *added), checks=(format_check(style),))
