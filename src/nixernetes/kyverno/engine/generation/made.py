"""An object that a policy makes: where it goes, and the labels by which Kyverno knows it again."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.objects.well_known import APP_MANAGED_BY

__all__ = ["GENERATED_PREFIX", "made_object"]

GENERATED_PREFIX = "generate.kyverno.io/"  # of the labels by which Kyverno knows what it made

_MANAGED: Mapping[str, Json] = {APP_MANAGED_BY: "kyverno"}
_OF_A_SERVER = (*("uid", "resourceVersion", "creationTimestamp", "managedFields", "selfLink", "generation"),)


def made_object(source: Manifest, namespace: str, name: str = "", **labels: str) -> Manifest:
    """Return an object as it is made from a source (Kyverno, ``pkg/background/common/labels.go``).

    Labels of which one is not a text are all lost, as Kyverno loses them.

    Args:
        source: what it is made from.
        namespace: where it goes; ``""`` for what is in none.
        name: its name; ``""`` is that of the source.
        labels: further labels below ``GENERATED_PREFIX``, with ``_`` for ``-``.

    """
    meta = {key: value for key, value in mapping_at(source, "metadata").items() if key not in _OF_A_SERVER}
    held = mapping_at(meta, "labels")
    kept = held if all(isinstance(value, str) for value in held.values()) else {}
    own = {f"{GENERATED_PREFIX}{key.replace('_', '-')}": value for key, value in labels.items()}
    meta["labels"] = {**kept, **_MANAGED, **own}
    meta.pop("namespace", None)
    if namespace and not is_cluster_scoped(group_kind(source)):
        meta["namespace"] = namespace
    if name:
        meta["name"] = name
    return {**{key: value for key, value in source.items() if key != "status"}, "metadata": meta}
