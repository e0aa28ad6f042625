"""JSON, YAML, base64 and escapes, as Go writes and reads them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from nixernetes.languages.gotemplates.allowance import refuse_long
from nixernetes.languages.gotemplates.printing import printed
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import NoTexts, SemanticVersion, show
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

__all__ = [
    "b32_decoded",
    "b64_decoded",
    "decoded",
    "escapable",
    "from_json",
    "from_yaml",
    "html",
    "js",
    "to_json",
    "to_yaml",
]

_HTML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\0": "\ufffd"})
_JS: Final = str.maketrans(
    {"\\": "\\\\", "'": "\\'", '"': '\\"', **{code: f"\\u{code:04X}" for code in (*range(32), *map(ord, "<>&="))}}
)
_IN_JSON: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&"})
_LINES: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "\u2028\u2029"})
_ALPHABET: Final = re.compile(r"[A-Za-z0-9+/]*")


def to_json(value: Json, *, html: bool = True, indent: int | None = None) -> str:
    """Return a value as Go writes it in JSON.

    Args:
        value: the value.
        html: whether ``<``, ``>`` and ``&`` are escaped.
        indent: the spaces of one level; None for one line.

    Raises:
        TemplateError: the spaces alone would be more than 1 MB.

    """
    if indent is not None:
        refuse_long("toPrettyJson", _spaces(value, indent))
    # What is no JSON data says itself why it cannot be written.
    colons = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        _whole(value), separators=colons, sort_keys=True, ensure_ascii=False, default=str, indent=indent
    ).translate(_LINES)
    text = _SMALL.sub(_plain, text) if "e-" in text else text
    return text.translate(_IN_JSON) if html else text


# Python writes an exponent from 1e-05 on, Go from 1e-07 on.
_SMALL: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?e-\d+')


def _plain(found: re.Match[str]) -> str:
    text = found[0]
    if text.startswith('"'):
        return text
    power = int(text.partition("e-")[2])
    return f"{Decimal(text):f}" if power < 7 else text.replace("e-0", "e-")


def _whole(value: Json) -> Json:
    """Return data with floats that are whole numbers as these, and versions and moments as texts, as Go writes JSON."""
    if isinstance(value, NoTexts):
        return None
    if isinstance(value, SemanticVersion):
        return show(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and abs(value) < 1e21 and value.is_integer() else value


def _spaces(value: Json, indent: int, depth: int = 1) -> int:
    """Return how many spaces a value takes when each item stands on a line of its own."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(depth * indent + _spaces(item, indent, depth + 1) for item in items)


def from_json(text: str) -> Json:
    """Return what a JSON text holds, each number as a float.

    Raises:
        ValueError: it is no JSON.

    """
    return json.loads(text, parse_int=float)


def decoded(value: Json) -> Json:
    """Return JSON data as Go decodes it into a map: every number is a float, which templates print as one."""
    if isinstance(value, dict):
        return {key: decoded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) < 1 << 1023 else value
    return value


def to_yaml(value: Json) -> str:
    """Return a value as YAML, without a last newline."""
    return yamls.dump(json.loads(to_json(value))).rstrip("\n")


def from_yaml(text: str, kind: type[dict[str, Json] | list[Json]]) -> Json:
    """Return the map or list that a YAML text holds, each number as a float; an empty one where it holds nothing.

    Raises:
        TemplateError: it holds something else.

    """
    found = yamls.parse(text, duplicates="last")
    if found is None:
        return kind()
    if not isinstance(found, kind):
        raise TemplateError(f"error unmarshaling YAML: not a {'map' if kind is dict else 'list'}")
    return decoded(found)


def b32_decoded(text: str) -> str:
    """Return what base32 spells; where it spells nothing, Go's words about it, as Sprig has them."""
    body = text.replace("\r", "").replace("\n", "")
    try:
        return base64.b32decode(body).decode(errors="replace")
    except (binascii.Error, ValueError):
        wrong = re.search(r"[^A-Z2-7]", body)
        return f"illegal base32 data at input byte {len(body) if wrong is None else wrong.start()}"


def b64_decoded(text: str) -> str:
    """Return what base64 spells; where it spells nothing, Go's words about it, as Sprig has them."""
    body = text.replace("\r", "").replace("\n", "")
    try:
        return base64.b64decode(body, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        found = _ALPHABET.match(body)
        legal = found.end() if found is not None else 0
        position = legal if body[legal:].strip("=") or len(body) % 4 == 0 else len(body) // 4 * 4
        return f"illegal base64 data at input byte {position}"


def escapable(*args: Json) -> str:
    """Return values as the text that is escaped: nil is told as what has no value."""
    return printed(*("<no value>" if arg is None else arg for arg in args))


def html(*args: Json) -> str:
    """Return values as a text in HTML."""
    return escapable(*args).translate(_HTML)


def js(*args: Json) -> str:
    """Return values as a text in a string of JavaScript."""
    return escapable(*args).translate(_JS)
