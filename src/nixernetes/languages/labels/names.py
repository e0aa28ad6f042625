"""What Kubernetes accepts as keys and values of labels; the messages are apimachinery's (v0.34, util/validation)."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = [
    "LABEL",
    "MAX_LABEL",
    "is_subdomain",
    "label_key_problem",
    "label_key_problems",
    "label_value_problem",
    "label_value_problems",
    "name_rule_problem",
    "name_rule_problems",
    "subdomain_problem",
    "subdomain_problems",
]

MAX_LABEL = 63  # RFC 1123
LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_MAX_SUBDOMAIN = 253  # RFC 1123
_SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
_QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = rf"({_QUALIFIED})?"
_REMEMBERED = 4096  # label keys and values repeat over and over in one platform
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com'"
)
_QUALIFIED_RULE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc'"
)
_WITH_PREFIX = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345'"
)


def subdomain_problem(name: str) -> str:
    """Return what is wrong with a DNS subdomain, as most objects are called, or ``""``."""
    return next(iter(subdomain_problems(name)), "")


def subdomain_problems(name: str) -> tuple[str, ...]:
    """Return all that is wrong with a DNS subdomain (``IsDNS1123Subdomain``)."""
    return name_rule_problems(name, _SUBDOMAIN, _MAX_SUBDOMAIN, _SUBDOMAIN_RULE)


def is_subdomain(name: str) -> bool:
    """Tell whether a name, however long, is made as DNS subdomains are."""
    return re.fullmatch(_SUBDOMAIN, name) is not None


def label_key_problem(name: str) -> str:
    """Return the first thing that is wrong with the key of a label or an annotation, or ``""``."""
    return next(iter(label_key_problems(name)), "")


@lru_cache(maxsize=_REMEMBERED)
def label_key_problems(name: str) -> tuple[str, ...]:
    """Return all that is wrong with the key of a label or an annotation, in the order of ``IsQualifiedName``."""
    if name.count("/") > 1:
        return (f"a qualified name {_QUALIFIED_RULE}, regex used for validation is '{_QUALIFIED}') {_WITH_PREFIX}",)
    found: list[str] = []
    prefix, slash, rest = name.rpartition("/")
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        wrong = subdomain_problem(prefix.lower())
        found += [f"prefix part {wrong}"] if wrong else []
    if not rest:
        found.append("name part must be non-empty")
    elif len(rest) > MAX_LABEL:
        found.append(f"name part must be no more than {MAX_LABEL} characters")
    if not re.fullmatch(_QUALIFIED, rest):
        found.append(f"name part {_QUALIFIED_RULE}, regex used for validation is '{_QUALIFIED}')")
    return tuple(found)


def label_value_problem(value: str) -> str:
    """Return the first thing that is wrong with the value of a label, or ``""``."""
    return next(iter(label_value_problems(value)), "")


@lru_cache(maxsize=_REMEMBERED)
def label_value_problems(value: str) -> tuple[str, ...]:
    """Return all that is wrong with the value of a label, in the order of ``IsValidLabelValue``."""
    found = []
    if len(value.encode()) > MAX_LABEL:
        found.append(f"must be no more than {MAX_LABEL} characters")
    if not re.fullmatch(_VALUE, value):
        found.append(f"{_VALUE_RULE}, regex used for validation is '{_VALUE}')")
    return tuple(found)


def name_rule_problem(text: str, pattern: str, limit: int, rule: str) -> str:
    """Return the first thing that is wrong with a name, or ``""``; the arguments are those of the next function."""
    return next(iter(name_rule_problems(text, pattern, limit, rule)), "")


def name_rule_problems(text: str, pattern: str, limit: int, rule: str) -> tuple[str, ...]:
    """Return all that is wrong with a name.

    Args:
        text: the name.
        pattern: what it has to match.
        limit: the most bytes.
        rule: the pattern in words.

    """
    long = (f"must be no more than {limit} characters",) if len(text.encode()) > limit else ()
    fits = re.fullmatch(pattern, text) is not None
    return long if fits else (*long, f"{rule}, regex used for validation is '{pattern}')")
