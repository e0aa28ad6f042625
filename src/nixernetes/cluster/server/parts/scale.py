"""The size of what has replicas, as one kind for all: ``autoscaling/v1`` Scale (kubernetes v1.34.4, registry)."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.validation import invalid_field
from nixernetes.languages.labels.selectors import LabelOperator, LabelRequirements, requirement
from nixernetes.objects.fields import at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["SCALE", "scale_of", "size_alone", "with_scale"]

SCALE: Final = ("autoscaling/v1", "Scale")
_META: Final = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
_BUILTIN: Final = ("spec.replicas", "status.replicas", "")
_OPERATORS: Final = {
    "In": LabelOperator.IN,
    "NotIn": LabelOperator.NOT_IN,
    "Exists": LabelOperator.EXISTS,
    "DoesNotExist": LabelOperator.DOES_NOT_EXIST,
}


def scale_of(served: Served, manifest: Manifest) -> Manifest:
    """Return the Scale of an object."""
    wanted, present, selector = _paths(served)
    meta = {name: manifest["metadata"][name] for name in _META if name in manifest["metadata"]}
    replicas = number_at(manifest, *wanted.split("."))
    status: Json = {"replicas": number_at(manifest, *present.split("."))}
    chosen = _selector(manifest) if not served.is_custom else text_at(manifest, *selector.split("."))
    if chosen:
        status["selector"] = chosen
    spec: Json = {"replicas": replicas} if replicas else {}
    return {"kind": SCALE[1], "apiVersion": SCALE[0], "metadata": meta, "spec": spec, "status": status}


def with_scale(served: Served, manifest: Manifest, scale: Manifest) -> Manifest:
    """Return an object with the size that a Scale asks for.

    Raises:
        ApiError: Invalid, the size is negative.

    """
    replicas = number_at(scale, "spec", "replicas")
    if replicas < 0:
        key = ObjectKey("autoscaling", "Scale", served.namespace, served.name)
        message = f"Invalid value: {replicas}: must be greater than or equal to 0"
        raise invalid_field(key, "spec.replicas", message)
    return _put(manifest, _paths(served)[0].split("."), replicas)


def size_alone(served: Served, manifest: Manifest, scale: Manifest) -> Manifest:
    """Return an object that states nothing but the size that a Scale asks for."""
    bare = {name: manifest[name] for name in ("apiVersion", "kind")}
    meta = {name: manifest["metadata"][name] for name in ("name", "namespace") if name in manifest["metadata"]}
    if at(scale, "spec", "replicas") is None:
        return {**bare, "metadata": meta}
    return with_scale(served, {**bare, "metadata": meta}, scale)


def _put(value: Json, path: list[str], item: Json) -> Manifest:
    inner = value.get(path[0]) if isinstance(value, dict) else None
    new = item if len(path) == 1 else _put(inner or {}, path[1:], item)
    return {**value, path[0]: new}


def _paths(served: Served) -> tuple[str, str, str]:
    """Return where an object has its wanted size, its present one, and its selector as text."""
    if not served.is_custom:
        return _BUILTIN
    wanted, present, selector = served.scale
    return wanted.lstrip("."), present.lstrip("."), selector.lstrip(".")


def _selector(manifest: Manifest) -> str:
    """Return the selector of a workload as text (``LabelSelectorAsSelector``)."""
    told = mapping_at(manifest, "spec", "selector")
    labels = mapping_at(told, "matchLabels")
    if not labels and "matchExpressions" not in told and manifest["kind"] == "ReplicationController":
        labels = told
    found = [requirement(key, LabelOperator.EQUALS, (str(value),)) for key, value in labels.items()]
    for each in objects_at(told, "matchExpressions"):
        operator = _OPERATORS.get(text_at(each, "operator"))
        if operator is not None:
            found.append(requirement(text_at(each, "key"), operator, tuple(map(str, items_at(each, "values")))))
    return str(LabelRequirements(sorted(found, key=lambda each: each.key)))
