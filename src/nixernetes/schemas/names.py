"""What Kubernetes accepts as names, label keys and label values; the messages are apimachinery's own."""

from __future__ import annotations

from nixernetes.languages.labels.names import (
    LABEL,
    MAX_LABEL,
    is_subdomain,
    label_key_problem,
    label_key_problems,
    label_value_problem,
    name_rule_problem,
    name_rule_problems,
    subdomain_problem,
    subdomain_problems,
)
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import API_SERVICE, CRON_JOB, NAMESPACE, SERVICE

__all__ = [
    "dns_label_problem",
    "dns_label_problems",
    "host_problem",
    "label_key_problem",
    "label_key_problems",
    "label_value_problem",
    "name_problem",
    "path_segment_problem",
    "search_problems",
    "service_name_problem",
    "service_name_problems",
    "subdomain_problem",
    "subdomain_problems",
]

_MAX_CRON_JOB = 52  # its Jobs are named after it, with eleven characters more
_DNS_1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_SEARCH = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*"
_MAX_SEARCH = 253
_ANY_PATH_SEGMENT = frozenset((RBAC,))


def name_problem(key: ObjectKey) -> str:
    """Return what is wrong with an object's name, or ``""``."""
    if key.group_kind == CRON_JOB and len(key.name) > _MAX_CRON_JOB:
        return f"must be no more than {_MAX_CRON_JOB} characters"
    if key.group in _ANY_PATH_SEGMENT or key.group_kind == API_SERVICE:
        return path_segment_problem(key.name)
    if key.group_kind == NAMESPACE:
        return dns_label_problem(key.name)
    if key.group_kind == SERVICE:
        return service_name_problem(key.name)
    return subdomain_problem(key.name)


def dns_label_problem(name: str) -> str:
    """Return what is wrong with a DNS label, as containers and volumes are called, or ``""``."""
    return next(iter(dns_label_problems(name)), "")


def dns_label_problems(name: str) -> tuple[str, ...]:
    """Return all that is wrong with a DNS label (``IsDNS1123Label``)."""
    *long, wrong = name_rule_problems(name, LABEL, MAX_LABEL, _LABEL_RULE) or ("",)
    if not wrong:
        return ()
    return (*long, "must not contain dots" if is_subdomain(name) and "." in name else wrong)


def service_name_problems(name: str) -> tuple[str, ...]:
    """Return all that is wrong with the name of a Service (``IsDNS1035Label``)."""
    return name_rule_problems(name, _DNS_1035, MAX_LABEL, _DNS_1035_RULE)


def search_problems(name: str) -> tuple[str, ...]:
    """Return all that is wrong with a DNS search path, which may have underscores."""
    return name_rule_problems(name, _SEARCH, _MAX_SEARCH, _SEARCH_RULE)


def service_name_problem(name: str) -> str:
    """Return what is wrong with the name of a Service, or ``""``."""
    return name_rule_problem(name, _DNS_1035, MAX_LABEL, _DNS_1035_RULE)


def host_problem(name: str) -> str:
    """Return what is wrong with a host of an Ingress, which may begin with ``*.``, or ``""``."""
    return subdomain_problem(name.removeprefix("*."))


def path_segment_problem(name: str) -> str:
    """Return what is wrong with a name that may be anything which a path of a URL has between slashes, or ``""``."""
    if name in (".", ".."):
        return f"may not be '{name}'"
    for character in "/%":
        if character in name:
            return f"may not contain '{character}'"
    return ""


_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc'"
)
_DNS_1035_RULE = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'"
)
_SEARCH_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com'"
)
