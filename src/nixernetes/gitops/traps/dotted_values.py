"""A value under ``"auth.password"``: Helm reads a dot in ``--set`` alone, so the chart never sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.gitops.traps.declared import Declared, Trap, specs_of
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["traps"]

# The names that charts read: letters and digits. Keys with a / or - around the dot are those of labels and files.
_DOTTED = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+")
_FILES = (".conf", ".cfg", ".ini", ".json", ".properties", ".sh", ".sql", ".toml", ".txt", ".xml", ".yaml", ".yml")


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield top-level values whose key is a path."""
    for placed in declared.of("HelmRelease", "Application", "ApplicationSet"):
        for values in _values(placed.manifest):
            for key in values:
                if _DOTTED.fullmatch(key) and not key.endswith(_FILES):
                    yield placed.trap(f"values: {key!r} is one key with a dot in it: write {_nested(key)}")


def _values(manifest: Manifest) -> Iterator[Manifest]:
    if manifest["kind"] == "HelmRelease":
        yield mapping_at(manifest, "spec", "values")
        return
    for source in sources_of(specs_of(manifest)):
        yield mapping_at(source, "helm", "valuesObject")


def _nested(key: str) -> Json:
    *above, last = key.split(".")
    text = f'{{"{last}": …}}'
    for name in reversed(above):
        text = f'{{"{name}": {text}}}'
    return text
