"""Specs of Applications, as they are written."""

from __future__ import annotations

from nixernetes.objects.fields import mapping_at, objects_at
from nixernetes.objects.manifest import Manifest

__all__ = ["sources_of"]


def sources_of(spec: Manifest) -> list[Manifest]:
    """Return the sources of an Application's spec: ``sources`` count where there are some, not ``source``.

    Of a spec without any the only one is empty.
    """
    return objects_at(spec, "sources") or [mapping_at(spec, "source")]
