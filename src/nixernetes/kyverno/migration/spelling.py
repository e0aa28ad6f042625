"""How values, fields, wildcards and conditions are spelled in CEL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.wildcards import has_wildcard
from nixernetes.objects.manifest import Json

__all__ = [
    "NotCarriedError",
    "all_of",
    "any_of",
    "bounded",
    "fits",
    "fits_any",
    "literal",
    "member",
    "negated",
    "optional_member",
]

_LONGEST: Final = 20_000
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED: Final = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"),
        *("package", "null", "return", "true", "var", "void", "while"),
    )
)
_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MEANT: Final = frozenset("\\.+*?()|[]{}^$")


class NotCarriedError(InputError):
    """Something of a rule that has no equal in CEL, or none that is known here."""


def bounded(text: str) -> str:
    """Return an expression.

    Raises:
        NotCarriedError: it is longer than anybody reads: what is written in other terms may grow with each level.

    """
    if len(text) > _LONGEST:
        raise NotCarriedError(f"an expression of more than {_LONGEST:,} characters")
    return text


def literal(value: Json) -> str:
    """Return a value as CEL writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + "".join(_ESCAPES.get(each, each) for each in value) + "'"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        is_mixed = len({type(each) for each in value}) > 1  # which a checker takes for no list
        return "[" + ", ".join(f"dyn({literal(each)})" if is_mixed else literal(each) for each in value) + "]"
    return str(value)


def member(base: str, name: str) -> str:
    """Return the field of an expression."""
    return f"{base}.{name}" if _is_name(name) else f"{base}[{literal(name)}]"


def optional_member(base: str, name: str) -> str:
    """Return the field of an expression, as an optional value."""
    return f"{base}.?{name}" if _is_name(name) else f"{base}[?{literal(name)}]"


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name not in _RESERVED


def fits(text: str, pattern: str) -> str:
    """Return whether an expression of type string fits a text with wildcards."""
    if not has_wildcard(pattern):
        return f"{text} == {literal(pattern)}"
    start, end = pattern.rstrip("*"), pattern.lstrip("*")
    if not has_wildcard(start) and pattern == f"{start}*":
        return f"{text}.startsWith({literal(start)})"
    if not has_wildcard(end) and pattern == f"*{end}":
        return f"{text}.endsWith({literal(end)})"
    middle = pattern.strip("*")
    if pattern == f"*{middle}*" and not has_wildcard(middle):
        return f"{text}.contains({literal(middle)})"
    escaped = "".join(f"\\{each}" if each in _MEANT - {"*", "?"} else each for each in pattern)
    return f"{text}.matches({literal('^(?s)' + escaped.replace('*', '.*').replace('?', '.') + '$')})"


def fits_any(text: str, patterns: Iterable[str]) -> str:
    """Return whether an expression of type string fits one of some texts with wildcards."""
    given = list(patterns)
    plain = [each for each in given if not has_wildcard(each)]
    tests = [f"{text} in {literal(plain)}"] if len(plain) > 1 else [fits(text, each) for each in plain]
    return any_of([*tests, *(fits(text, each) for each in given if has_wildcard(each))])


def all_of(tests: Iterable[str]) -> str:
    """Return whether all tests hold."""
    found = [each for each in dict.fromkeys(tests) if each != "true"]
    if "false" in found:
        return "false"
    return bounded(" && ".join(_closed(each) for each in found)) if len(found) > 1 else (found or ["true"])[0]


def any_of(tests: Iterable[str]) -> str:
    """Return whether one of the tests holds."""
    found = [each for each in dict.fromkeys(tests) if each != "false"]
    if "true" in found:
        return "true"
    return bounded(" || ".join(_closed(each) for each in found)) if len(found) > 1 else (found or ["false"])[0]


def negated(test: str) -> str:
    """Return whether a test does not hold."""
    if test in ("true", "false"):
        return "false" if test == "true" else "true"
    return bounded(f"!({test})")


def _closed(test: str) -> str:
    """Return a test in brackets, unless it is short enough to need none."""
    return f"({test})" if " || " in test or " ? " in test or " && " in test else test
