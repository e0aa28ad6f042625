"""A project whose destinations are denials alone: each matches everything else, so it allows all but what it names."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.gitops.traps.declared import Declared, Trap
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["traps"]


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield projects that name only what is denied."""
    for placed in declared.of("AppProject"):
        found = objects_at(mapping_at(placed.manifest, "spec"), "destinations")
        if found and all(map(_denies, found)):
            yield placed.trap(
                "destinations: all of them are denials (!), and a denial allows everything else: add the destinations "
                "that are meant, such as {'server': 'https://kubernetes.default.svc', 'namespace': 'shop'}"
            )


def _denies(destination: Manifest) -> bool:
    return any(text_at(destination, field).startswith("!") for field in ("server", "name", "namespace"))
