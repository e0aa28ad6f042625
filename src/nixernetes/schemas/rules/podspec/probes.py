"""Probes and hooks of containers (``validateProbe``, ``validateHandler``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, Problem, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.numbers import at_least, number_of_port, port

__all__ = ["RULES", "of_probes"]

_HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "grpc")
_HEADER: Final = re.compile(r"[-A-Za-z0-9]+")
_HEADER_RULE: Final = (
    "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
    "validation is '[-A-Za-z0-9]+')"
)


def of_probes(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what one of the probes of a container may not say."""
    for probe in ("livenessProbe", "startupProbe"):
        threshold = mapping_at(value, probe).get("successThreshold")
        if isinstance(threshold, int) and threshold not in (0, 1):
            yield invalid((*path, probe, "successThreshold"), threshold, "must be 1")
        grace = mapping_at(value, probe).get("terminationGracePeriodSeconds")
        if isinstance(grace, int) and grace < 1:
            yield invalid((*path, probe, "terminationGracePeriodSeconds"), grace, "must be greater than 0")
    grace = mapping_at(value, "readinessProbe").get("terminationGracePeriodSeconds")
    if grace is not None:
        detail = "must not be set for readinessProbes"
        yield invalid((*path, "readinessProbe", "terminationGracePeriodSeconds"), grace, detail)


def _probe(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    given = [handler for handler in _HANDLERS if value.get(handler) is not None]
    if not given:
        yield required(path, "must specify a handler type")
    elif len(given) > 1:
        yield forbidden((*path, given[1]), "may not specify more than 1 handler type")
    if given:
        yield from _handler(given[0], mapping_at(value, given[0]), (*path, given[0]))
    yield from at_least(value, path, 0, "initialDelaySeconds")
    yield from at_least(
        {name: found for name, found in value.items() if found != 0},
        path,
        0,
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    )


def _handler(kind: str, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if kind == "exec" and not items_at(value, "command"):
        yield required((*path, "command"))
    if kind in ("httpGet", "tcpSocket"):
        yield from port(value.get("port", 0), (*path, "port"))
    if kind == "grpc":
        yield from number_of_port(value.get("port", 0), (*path, "port"))
    if kind == "httpGet":
        scheme = value.get("scheme")
        if scheme is not None and scheme not in ("HTTP", "HTTPS"):
            yield unsupported((*path, "scheme"), scheme, ("HTTP", "HTTPS"))
        for each in objects_at(value, "httpHeaders"):
            name = text_at(each, "name")
            if not _HEADER.fullmatch(name):
                yield invalid((*path, "httpHeaders"), name, _HEADER_RULE)


def _hook(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a hook of a container's life: the first handler is looked at."""
    given = [handler for handler in (*_HANDLERS, "sleep") if value.get(handler) is not None]
    if not given:
        yield required(path, "must specify a handler type")
        return
    yield from (forbidden((*path, each), "may not specify more than 1 handler type") for each in given[1:])
    yield from _handler(given[0], mapping_at(value, given[0]), (*path, given[0]))


RULES: Final = {"Probe": (_probe,), "LifecycleHandler": (_hook,)}
