"""What an API server refuses as it hands out ports: it stands in no schema, but in the settings of the server.

The range is that of a server without ``--service-node-port-range``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import objects_at
from nixernetes.objects.manifest import Manifest
from nixernetes.schemas.problems import Problem, invalid

__all__ = ["port_problems"]

_NODE_PORTS: Final = range(30000, 32768)


def port_problems(service: Manifest) -> Iterator[Problem]:
    """Yield the ports of nodes that no Service gets."""
    words = f"provided port is not in the valid range. The range of valid ports is {_NODE_PORTS[0]}-{_NODE_PORTS[-1]}"
    for number, each in enumerate(objects_at(service, "spec", "ports")):
        node = each.get("nodePort")
        if isinstance(node, int) and node and node not in _NODE_PORTS:
            yield invalid(("spec", "ports", number, "nodePort"), node, words)
