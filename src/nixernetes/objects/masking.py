"""Hides the values of Secrets so that a change still shows: ``***``, or ``*** (before)`` and ``*** (after)``."""

from __future__ import annotations

from nixernetes.objects.fields import at, mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["holds_secrets", "mask_change"]

_VALUES = ("data", "stringData")
_GENERATED = ("literals", "files", "envs", "env")


def holds_secrets(document: Json) -> bool:
    """Tell whether a document is a Secret, or a Kustomization that generates one."""
    return at(document, "kind") == "Secret" or bool(at(document, "secretGenerator"))


def mask_change(before: Json, after: Json) -> tuple[Json, Json]:
    """Return both documents with their secret values hidden; equal values stay equal, different ones differ.

    Args:
        before: a document, or None when there was none.
        after: the document that takes its place, or None.

    """
    return _masked(before, after, "*** (before)"), _masked(after, before, "*** (after)")


def _masked(document: Json, other: Json, changed: str) -> Json:
    if not holds_secrets(document):
        return document
    found = dict(document)
    if at(document, "kind") == "Secret":
        for field in _VALUES:
            if field in found:
                found[field] = _hidden(found[field], at(other, field), changed)
        annotations = mapping_at(document, "metadata", "annotations")
        if KUBECTL_LAST_APPLIED in annotations:
            found["metadata"] = {**document["metadata"], "annotations": {**annotations, KUBECTL_LAST_APPLIED: "***"}}
    generators = at(document, "secretGenerator")
    if generators:
        same = generators == at(other, "secretGenerator")
        found["secretGenerator"] = _generators(generators, "***" if same else changed)
    return found


def _hidden(values: Json, twins: Json, changed: str) -> Json:
    if not isinstance(values, dict):
        return "***" if values == twins else changed
    others = twins if isinstance(twins, dict) else {}
    return {key: "***" if value == others.get(key, changed) else changed for key, value in values.items()}


def _generators(generators: Json, word: str) -> Json:
    if not isinstance(generators, list):
        return word
    return [
        {key: word if key in _GENERATED else value for key, value in item.items()} if isinstance(item, dict) else word
        for item in generators
    ]
