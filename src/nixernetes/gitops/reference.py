"""What one object says about another: who is meant, where it is written, whether it must be there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Reference", "Resolver"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference to an object.

    Attributes:
        group: the API group of the target.
        kind: the kind of the target.
        name: the name of the target.
        namespace: the namespace as it is written, None when it is left out.
        field: where it stands in the manifest: ``spec.sourceRef``, ``spec.dependsOn[0]``.
        required: whether a platform that does not declare the target is wrong; Secrets and ConfigMaps are often made
            by others.
        local: whether the target can only be in the referring object's own namespace.

    """

    group: str
    kind: str
    name: str
    namespace: str | None
    field: str
    required: bool
    local: bool = False


# Decides the namespace to write into a reference that has none; None leaves it out.
Resolver: TypeAlias = Callable[[Reference], str | None]
