"""CustomResourceDefinitions of Kyverno, made from the models, so that policies are held against what a cluster takes.

They are data (``scripts/make_definitions.py``), as those of Flux and Argo CD are (``gitops.definitions``).
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from nixernetes.objects.manifest import Manifest

__all__ = ["policy_definitions"]


@cache
def policy_definitions() -> tuple[Manifest, ...]:
    """Return the definitions of all kinds of Kyverno, sorted. They are shared: copy them before you change them."""
    rows = json.loads(resources.files("nixernetes.kyverno").joinpath("data/definitions.json").read_bytes())
    return tuple(_with_older(rows[name]) for name in sorted(rows))


def _with_older(definition: Manifest) -> Manifest:
    """Return a definition that serves the older versions as well, with the same schema: it is kept once."""
    spec = {key: value for key, value in definition["spec"].items() if key != "olderVersions"}
    newest = spec["versions"][0]
    older = ({**newest, "name": name, "storage": False} for name in definition["spec"]["olderVersions"])
    return {**definition, "spec": {**spec, "versions": [newest, *older]}}
