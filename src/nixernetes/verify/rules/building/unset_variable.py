"""``unset-variable``: a variable for substitution is substituted before the object reaches a cluster.

Flux substitutes only where the Kustomization that applies an object has variables of its own: a child does not inherit
its parent's ``postBuild``, and a ``postBuild`` that gives no variable does nothing (kustomize-controller v1.9, unless
``substituteStrategy: Always``). ``${…}`` in a script is not meant for Flux: only names that the platform substitutes
elsewhere are taken for variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import KUSTOMIZATION
from nixernetes.objects.manifest import Json, annotations_of, labels_of
from nixernetes.objects.well_known import FLUX_SUBSTITUTE
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import data_keys
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_VARIABLE: Final = re.compile(r"(?<!\$)\$\{([_A-Za-z][_A-Za-z0-9]*)(:?[=?+-][^}]*)?\}")
_MAX_DEPTH: Final = 40


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        holder = view.hubs[cluster.hub]
        deliveries = {each.key: each for each in view.held[cluster.hub]}
        given = {key: _names(holder, each) for key, each in deliveries.items()}
        for item in cluster.placed:
            owner = item.owner
            if owner is None or owner.key.group_kind != KUSTOMIZATION or _is_off(item.manifest) or given[owner.key]:
                continue
            known = {name for parent in owner.parents for name in given.get(parent, ())}
            has_post_build = bool(mapping_at(owner.manifest, "spec", "postBuild"))
            for path, text in _texts(item.manifest):
                wanted = [found for found in _VARIABLE.finditer(text) if has_post_build or found[1] in known]
                if wanted:
                    yield Found(
                        cluster=cluster,
                        subject=item,
                        message=f"{wanted[0][0]} reaches the cluster as text: {_reason(owner, has_post_build)}",
                        path=path,
                    )
                    break


def _reason(owner: Delivery, has_post_build: bool) -> str:
    if has_post_build:
        return f"postBuild of {owner.key} has no variable, so Flux does not substitute; give it one"
    return f"{owner.key} has no postBuild, and does not inherit that of its parent"


def _names(cluster: ClusterObjects, delivery: Delivery) -> frozenset[str]:
    """Return the variables that a Kustomization has; ``*`` stands for what only the cluster knows."""
    post = mapping_at(delivery.manifest, "spec", "postBuild")
    if text_at(post, "substituteStrategy") == "Always":
        return frozenset({"*"})
    found = set(mapping_at(post, "substitute"))
    for entry in objects_at(post, "substituteFrom"):
        key = ObjectKey("", text_at(entry, "kind"), delivery.key.namespace, text_at(entry, "name"))
        declared = cluster.get(key)
        if declared is not None:
            found |= data_keys(declared.manifest)
        elif not entry.get("optional"):
            found.add("*")
    return frozenset(found)


def _is_off(manifest: dict[str, Json]) -> bool:
    return "disabled" in (annotations_of(manifest).get(FLUX_SUBSTITUTE), labels_of(manifest).get(FLUX_SUBSTITUTE))


def _texts(data: Json, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Yield the texts of an object that may hold a variable, each with its path."""
    if isinstance(data, str):
        if "${" in data:
            yield path, data
    elif len(path) < _MAX_DEPTH and isinstance(data, dict | list):
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _texts(value, (*path, step))


RULE: Final = Rule(
    name="unset-variable",
    topic="substitution",
    severity=Severity.ERROR,
    sentence="Every variable is substituted before its object reaches a cluster.",
    check=_check,
)
