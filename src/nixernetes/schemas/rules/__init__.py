"""What the API server demands beyond the types, as rules that hang on a type of the schema.

After Kubernetes 1.34, ``pkg/apis/*/validation``. A rule takes a value of its type and its path, and yields problems in
the words of the server; where a type is wrong it is not heard, since that is a problem already.
"""

from __future__ import annotations

from typing import Final

from nixernetes.schemas.problems import TypeRule
from nixernetes.schemas.rules import (
    admission,
    api_services,
    batch,
    certificates,
    limits,
    metadata,
    networking,
    nodes,
    scaling,
    services,
    storage,
    workloads,
)
from nixernetes.schemas.rules.kinds import access, classes, endpoints, persistent
from nixernetes.schemas.rules.podspec import containers, placing, probes, resources, security, spec, volumes

__all__ = ["RULES"]

_ROOMS: Final = (
    *(metadata, placing, security, volumes, containers, probes, resources, spec, workloads, batch, limits, networking),
    *(services, access, classes, endpoints, persistent, scaling, storage, nodes, admission, certificates, api_services),
)


def _joined() -> dict[str, tuple[TypeRule, ...]]:
    found: dict[str, tuple[TypeRule, ...]] = {}
    for room in _ROOMS:
        for name, rules in room.RULES.items():
            found[name] = (*found.get(name, ()), *rules)
    return found


RULES: Final = _joined()
