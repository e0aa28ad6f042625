"""Which objects belong to which Application: the tracking annotation (section 12)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of
from nixernetes.objects.shapes import misfit
from nixernetes.objects.well_known import APP_INSTANCE, ARGOCD_TRACKING_ID

__all__ = ["INSTANCE_LABEL", "Tracking", "instance_name", "label_value", "tracking_id"]

INSTANCE_LABEL = APP_INSTANCE
_METHODS = ("annotation", "annotation+label", "label")
_LABEL_LIMIT = 63  # characters of a Kubernetes label value


def instance_name(namespace: str, name: str, control_plane: str) -> str:
    """Return the name by which an Application marks what it owns."""
    return name if namespace in ("", control_plane) else f"{namespace}_{name}"


def tracking_id(instance: str, key: ObjectKey, destination_namespace: str) -> str:
    """Return ``<instance>:<group>/<kind>:<namespace>/<name>``; cluster-scoped objects take the destination's."""
    return f"{instance}:{key.group}/{key.kind}:{key.namespace or destination_namespace}/{key.name}"


def label_value(instance: str) -> str:
    """Return an instance name as a label takes it: cut at 63 characters, its end a letter or a digit.

    The rule is ``util/argo/resource_tracking.go`` in Argo CD 3.5.
    """
    if len(instance) <= _LABEL_LIMIT:
        return instance
    return re.sub(r"[^a-zA-Z0-9]+$", "", instance[:_LABEL_LIMIT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """How ownership is marked.

    Attributes:
        method: ``annotation`` (the default since 3.0), ``label`` or ``annotation+label``.
        label: the label that ``label`` and ``annotation+label`` use.

    """

    method: str = "annotation"
    label: str = INSTANCE_LABEL

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            raise InputError(
                f"application.resourceTrackingMethod {self.method!r}: use {', '.join(_METHODS)}", subject="argocd-cm"
            )

    def mark(self, obj: Manifest, instance: str, key: ObjectKey, destination_namespace: str) -> Manifest:
        """Return the object, marked as the Application's; what is not changed is shared with the one given.

        Raises:
            InputError: its labels or annotations are not maps.

        """
        wrong = misfit({"metadata": {"annotations": {"*": object}, "labels": {"*": object}}}, obj)
        if wrong:
            raise InputError(f"failed to set app instance tracking info on manifest: {wrong}", subject=str(key))
        meta = dict(obj.get("metadata") or {})
        if "annotation" in self.method:
            mark = tracking_id(instance, key, destination_namespace)
            meta["annotations"] = {**(meta.get("annotations") or {}), ARGOCD_TRACKING_ID: mark}
        if "label" in self.method:
            meta["labels"] = {**(meta.get("labels") or {}), self.label: label_value(instance)}
        return {**obj, "metadata": meta}

    def owner(self, obj: Manifest) -> str:
        """Return the instance name that a live object carries, or ``""``."""
        if self.method == "label":
            return labels_of(obj).get(self.label) or ""
        return (annotations_of(obj).get(ARGOCD_TRACKING_ID) or "").split(":", 1)[0]

    def is_self_referenced(self, obj: Manifest) -> bool:
        """Tell whether a live object's mark names the object itself; a copied mark names another one."""
        if self.method == "label":
            return True
        parts = (annotations_of(obj).get(ARGOCD_TRACKING_ID) or "").split(":", 2)
        if len(parts) != 3:
            return False
        key = key_of(obj)
        group, _, kind = parts[1].rpartition("/")
        namespace, _, name = parts[2].rpartition("/")
        return (group, kind, name) == (key.group, key.kind, key.name) and key.namespace in ("", namespace)
