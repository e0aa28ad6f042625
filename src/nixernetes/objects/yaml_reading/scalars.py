"""Plain YAML scalars as JSON values: the rules of Go's YAML libraries.

``kubernetes`` is how sigs.k8s.io/yaml reads (YAML 1.1 booleans, no timestamps), ``kustomize`` how kyaml does (YAML 1.2
booleans, timestamps written out, an empty value told from ``null``).
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from math import isinf
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["EMPTY", "NOT_JSON", "TIMESTAMP", "Empty", "plain", "plain_helm4", "plain_kustomize", "refolded", "tagged"]


class Empty:
    """A value that was left empty (``key:``). False, and equal to nothing but itself."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY: Final = Empty()
NOT_JSON: Final = object()
_YAML_TAG = "tag:yaml.org,2002:"
_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Go's reader (sigs.k8s.io/yaml) takes the single letters too; kubectl and helm show it.
_OLD_BOOLEANS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_NOT_FINITE = frozenset(
    sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN")
)
_INTEGER = re.compile(r"[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|[1-9][0-9]*|0)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_MAX_DIGITS = 1200  # the largest float has 309 decimal digits, 1024 binary ones; Python reads no more than 4300
_SPECIAL_START = frozenset("+-.0123456789~nNtTfFyYoO")
TIMESTAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ ])(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?(Z|[-+]\d\d:\d\d)?)?\Z"
)


@lru_cache(maxsize=8192)
def plain(text: str) -> Json:
    """Return the value of a plain scalar as Kubernetes reads it; ``NOT_JSON`` for infinity and not-a-number."""
    if text in _OLD_BOOLEANS:
        return _OLD_BOOLEANS[text]
    return _core(text)


@lru_cache(maxsize=8192)
def plain_helm4(text: str) -> Json:
    """Return the value of a plain scalar as Helm 4 reads it: as Kubernetes, but ``yes``, ``on``, ``y`` are text."""
    return _core(text)


@lru_cache(maxsize=8192)
def plain_kustomize(text: str) -> Json:
    """Return the value of a plain scalar as Kustomize reads it; ``EMPTY`` for one that is not there."""
    if not text:
        return EMPTY
    if len(text) > 7 and (stamp := TIMESTAMP.match(text)):
        return _timestamp(text, stamp)
    return _core(text)


def _core(text: str) -> Json:
    if text in _NULLS:
        return None
    if text[0] not in _SPECIAL_START:
        return text
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    return NOT_JSON if text in _NOT_FINITE else _number(text)


def _number(text: str) -> Json:
    digits = text.replace("_", "")
    if _INTEGER.match(digits):
        body = digits.lstrip("+-")
        legacy_octal = len(body) > 1 and body[0] == "0" and body[1].isdigit()
        value = int(body, 8 if legacy_octal else 0) if len(body) <= _MAX_DIGITS else 2**64
        value = -value if digits[0] == "-" else value
        if -(2**63) <= value < 2**64:
            return value
    return _shortest(text, float(digits)) if _FLOAT.match(digits) else text


def _shortest(text: str, value: float) -> Json:
    """Return a float as JSON numbers pass through Go; what is beyond all floats stays text, as it does there."""
    if isinf(value):
        return text
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


def _timestamp(text: str, found: re.Match[str]) -> str:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31 and int(hour or 0) < 24 and int(minute or 0) < 60):
        return text
    if hour is not None and zone is None and text[10:11].lower() == "t":
        return text
    fraction = (fraction or "").rstrip("0").rstrip(".")
    clock = f"{int(hour or 0):02}:{int(minute or 0):02}:{int(second or 0):02}{fraction}"
    return f"{year}-{int(month):02}-{int(day):02}T{clock}{zone or 'Z'}"


def tagged(tag: str, text: str) -> Json:
    """Return the value of a scalar with a tag that is not text.

    Raises:
        ValueError: the text does not fit the tag.

    """
    if tag == _YAML_TAG + "binary":
        return base64.b64decode("".join(text.split()), validate=True).decode(errors="replace")
    if tag == _YAML_TAG + "null":
        return None
    value = plain(text)
    expected: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,)}
    kinds = expected.get(tag.removeprefix(_YAML_TAG))
    if kinds is None:
        return text
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ValueError(text)
    return value


_NEVER_FOLDED = re.compile("[^\\t\\n\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]| \n")


def refolded(text: str) -> str:
    """Return what Kustomize makes of a folded scalar (``>``), which it writes and reads again on its way.

    Its YAML writer looks at the start of the text where it means the next line, so that a line in front of an indented
    one gains a line break.
    """
    if text.endswith(" ") or _NEVER_FOLDED.search(text):
        return text
    keeps = text == "\n" or text.endswith("\n\n")
    begins = text.lstrip("\n")[:1]
    doubles = begins not in ("", " ", "\t")
    lines = text.split("\n")
    written: list[str] = []
    for position, line in enumerate(lines[:-1]):
        written.append(line)
        if doubles and line and line[0] not in " \t" and position + 1 < len(lines):
            written.append("")
    written.append(lines[-1])
    return _folded(written, keeps=keeps, ends=text.endswith("\n"))


def _folded(lines: list[str], *, keeps: bool, ends: bool) -> str:
    """Read the lines of a folded block: single breaks between unindented lines are spaces."""
    body = list(lines)
    trailing = 0
    while body and not body[-1]:
        body.pop()
        trailing += 1
    parts: list[str] = []
    blank = 0
    previous: str | None = None
    for line in body:
        if not line:
            blank += 1
            continue
        if previous is None:
            parts.append("\n" * blank)
        elif previous[0] in " \t" or line[0] in " \t":
            parts.append("\n" * (blank + 1))
        else:
            parts.append("\n" * blank if blank else " ")
        parts.append(line)
        previous, blank = line, 0
    if keeps:
        return "".join(parts) + "\n" * trailing
    return "".join(parts) + ("\n" if ends else "")
