"""What Kubernetes accepts as names, label keys and label values; the messages are apimachinery's own."""

from __future__ import annotations

import re
from functools import lru_cache

from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CRON_JOB, NAMESPACE, SERVICE

__all__ = [
    "dns_label_problem",
    "host_problem",
    "label_key_problem",
    "label_key_problems",
    "label_value_problem",
    "name_problem",
    "service_name_problem",
    "subdomain_problem",
]

_MAX_SUBDOMAIN, _MAX_LABEL = 253, 63  # RFC 1123
_MAX_CRON_JOB = 52  # its Jobs are named after it, with eleven characters more
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_DNS_1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = rf"({_QUALIFIED})?"
_ANY_PATH_SEGMENT = frozenset((RBAC,))
_REMEMBERED = 4096  # label keys and values repeat over and over in one platform


def name_problem(key: ObjectKey) -> str:
    """Return what is wrong with an object's name, or ``""``."""
    if key.group_kind == CRON_JOB and len(key.name) > _MAX_CRON_JOB:
        return f"must be no more than {_MAX_CRON_JOB} characters"
    if key.group in _ANY_PATH_SEGMENT:
        return _segment_problem(key.name)
    if key.group_kind == NAMESPACE:
        return _checked(key.name, _LABEL, _MAX_LABEL, _LABEL_RULE)
    if key.group_kind == SERVICE:
        return service_name_problem(key.name)
    return _checked(key.name, _SUBDOMAIN, _MAX_SUBDOMAIN, _SUBDOMAIN_RULE)


def dns_label_problem(name: str) -> str:
    """Return what is wrong with a DNS label, as containers and volumes are called, or ``""``."""
    return _checked(name, _LABEL, _MAX_LABEL, _LABEL_RULE)


def subdomain_problem(name: str) -> str:
    """Return what is wrong with a DNS subdomain, as most objects are called, or ``""``."""
    return _checked(name, _SUBDOMAIN, _MAX_SUBDOMAIN, _SUBDOMAIN_RULE)


def service_name_problem(name: str) -> str:
    """Return what is wrong with the name of a Service, or ``""``."""
    return _checked(name, _DNS_1035, _MAX_LABEL, _DNS_1035_RULE)


def host_problem(name: str) -> str:
    """Return what is wrong with a host of an Ingress, which may begin with ``*.``, or ``""``."""
    return subdomain_problem(name.removeprefix("*."))


def label_key_problem(name: str) -> str:
    """Return the first thing that is wrong with the key of a label or an annotation, or ``""``."""
    return next(iter(label_key_problems(name)), "")


@lru_cache(maxsize=_REMEMBERED)
def label_key_problems(name: str) -> tuple[str, ...]:
    """Return all that is wrong with the key of a label or an annotation.

    The order is that of ``IsQualifiedName`` (apimachinery 0.34, ``util/validation``).
    """
    if name.count("/") > 1:
        return (f"a qualified name {_QUALIFIED_RULE}, regex used for validation is '{_QUALIFIED}') {_WITH_PREFIX}",)
    found: list[str] = []
    prefix, slash, rest = name.rpartition("/")
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        wrong = _checked(prefix.lower(), _SUBDOMAIN, _MAX_SUBDOMAIN, _SUBDOMAIN_RULE)
        found += [f"prefix part {wrong}"] if wrong else []
    if not rest:
        found.append("name part must be non-empty")
    elif len(rest) > _MAX_LABEL:
        found.append(f"name part must be no more than {_MAX_LABEL} characters")
    if not re.fullmatch(_QUALIFIED, rest):
        found.append(f"name part {_QUALIFIED_RULE}, regex used for validation is '{_QUALIFIED}')")
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def label_value_problem(value: str) -> str:
    """Return what is wrong with the value of a label, or ``""``."""
    return _checked(value, _VALUE, _MAX_LABEL, _VALUE_RULE)


def _segment_problem(name: str) -> str:
    if name in (".", ".."):
        return f"may not be '{name}'"
    for character in "/%":
        if character in name:
            return f"may not contain '{character}'"
    return ""


def _checked(text: str, pattern: str, limit: int, rule: str) -> str:
    if len(text.encode()) > limit:
        return f"must be no more than {limit} characters"
    return "" if re.fullmatch(pattern, text) else f"{rule}, regex used for validation is '{pattern}')"


_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc'"
)
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com'"
)
_DNS_1035_RULE = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'"
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
