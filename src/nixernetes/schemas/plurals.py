"""How the resource of a kind may be called, where no API server is asked: English has few ways."""

from __future__ import annotations

__all__ = ["plurals_of"]


def plurals_of(kind: str) -> tuple[str, ...]:
    """Return the possible names of a kind's resource, the likeliest first.

    >>> plurals_of("Ingress")[0], plurals_of("NetworkPolicy")[0], plurals_of("Deployment")[0]
    ('ingresses', 'networkpolicies', 'deployments')

    """
    name = kind.lower()
    likely = f"{name}s"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        likely = f"{name[:-1]}ies"
    elif name.endswith(("s", "x", "ch", "sh")) and name != "endpoints":
        likely = f"{name}es"
    elif name == "endpoints":
        likely = name
    return tuple(dict.fromkeys((likely, f"{name}s", f"{name}es", name)))
