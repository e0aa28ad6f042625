"""CustomResourceDefinitions of Flux and Argo CD, made from the models: what a cluster serves is what people write.

They are data (``scripts/make_definitions.py``), so that a check need not import the models of all kinds.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["all_definitions", "definition_of", "definitions_of"]


def definitions_of(group_end: str) -> list[Manifest]:
    """Return the CustomResourceDefinitions of all kinds whose group ends so, as ``fluxcd.io``; sorted by name."""
    found = [each for each in all_definitions() if each["spec"]["group"].endswith(group_end)]
    return sorted(found, key=lambda crd: str(crd["metadata"]["name"]))


def all_definitions() -> tuple[Manifest, ...]:
    """Return the CustomResourceDefinitions of all kinds. They are shared: copy them before you change them."""
    return tuple(_table().values())


def definition_of(kind: GroupKind) -> Manifest:
    """Return the CustomResourceDefinition of a kind. It is shared: copy it before you change it.

    Raises:
        KeyError: a kind that is no kind of Flux or Argo CD.

    """
    found: Manifest = _table()[str(kind)]
    return found


@cache
def _table() -> dict[str, Json]:
    return dict(json.loads(resources.files("nixernetes.gitops").joinpath("data/definitions.json").read_bytes()))
