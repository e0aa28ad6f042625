"""A source of an Application as Argo CD takes it: blocks that say nothing are gone, files in its folder override it.

The files ``.argocd-source.yaml`` and ``.argocd-source-<application>.yaml`` change how a source is rendered, never where
it is: chart, path, repoURL and targetRevision stay (section 2).
"""

from __future__ import annotations

from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.merges import merge_patched
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.declared_shapes import check_source
from nixernetes.render.tree import Tree

__all__ = ["normalised", "overridden"]

_PLACE: Final = ("chart", "path", "repoURL", "targetRevision")
# How to do what is not asked for; a block with nothing else is empty.
_MANNERS: Final = frozenset(
    (
        "commonAnnotationsEnvsubst",
        "forceCommonAnnotations",
        "forceCommonLabels",
        "labelIncludeTemplates",
        "labelWithoutSelector",
    )
)


def normalised(source: Json) -> Json:
    """Return a source without the blocks helm, kustomize and directory that say nothing: the tool is then detected."""
    empty = {block for block in ("helm", "kustomize", "directory") if block in source and _is_empty(source[block])}
    return {field: value for field, value in source.items() if field not in empty}


def overridden(source: Json, tree: Tree, folder: str, application: str) -> Json:
    """Return a source as the files in its folder override it.

    Args:
        source: the source.
        tree: the repository.
        folder: the source's folder in it.
        application: the Application's name, qualified by its namespace outside of Argo CD's.

    Raises:
        InputError: a file is no mapping, or makes something of the source that it cannot be.

    """
    merged = source
    for file in (".argocd-source.yaml", f".argocd-source-{application}.yaml"):
        path = f"{folder}/{file}" if folder else file
        if tree.is_file(path):
            override = yamls.parse(tree.read(path), file=path) or {}
            if not isinstance(override, dict):
                raise InputError("an override of a source must be a mapping", place=path)
            merged = merge_patched(merged, override)
            check_source(merged)
    kept = {field: value for field, value in merged.items() if field not in _PLACE}
    return {**kept, **{field: source[field] for field in _PLACE if field in source}}


def _is_empty(value: Json) -> bool:
    if isinstance(value, dict):
        return all(name in _MANNERS or (name != "valuesObject" and _is_empty(item)) for name, item in value.items())
    return not value
