"""What the API server refuses: broken names, and changes of fields that never change. Messages are Kubernetes' own."""

from __future__ import annotations

import re
from collections.abc import Callable

from nixernetes.cluster.api import ApiError
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["check_change", "check_new", "resource_name"]

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\Z")
_MAX_NAME, _MAX_LABEL = 253, 63  # RFC 1123
_FREE_NAMES = ("rbac.authorization.k8s.io",)  # these groups take any path segment as a name


def resource_name(kind: GroupKind) -> str:
    """Return the plural resource name with its group, as it stands in messages: ``deployments.apps``."""
    plural = _IRREGULAR.get(kind.kind) or _plural(kind.kind.lower())
    return f"{plural}.{kind.group}" if kind.group else plural


def check_new(manifest: Manifest) -> None:
    """Refuse what no object may look like.

    Raises:
        ApiError: Invalid, or BadRequest for what is not an object at all.

    """
    key = key_of(manifest)
    meta = manifest.get("metadata") or {}
    if not key.name:
        raise _invalid(key, "metadata.name: Required value: name or generateName is required")
    pattern = _LABEL if key.kind == "Namespace" else _SUBDOMAIN
    limit = _MAX_LABEL if key.kind in ("Namespace", "Service") else _MAX_NAME
    if key.group not in _FREE_NAMES and (not pattern.match(key.name) or len(key.name) > limit):
        rule = (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character"
        )
        raise _invalid(key, f'metadata.name: Invalid value: "{key.name}": {rule}')
    for field in ("labels", "annotations"):
        for name, value in (meta.get(field) or {}).items():
            if not isinstance(value, str):
                raise ApiError(
                    "BadRequest",
                    f'{key.kind} in version "{manifest["apiVersion"]}" cannot be handled as a {key.kind}: '
                    f"metadata.{field}.{name}: expected a string",
                    subject=str(key),
                )
    for name, value in (meta.get("labels") or {}).items():
        if len(value) > _MAX_LABEL or not _LABEL_VALUE.match(value):
            why = "must be no more than 63 characters" if len(value) > _MAX_LABEL else "a valid label must be an empty "
            why += "" if len(value) > _MAX_LABEL else "string or consist of alphanumeric characters, '-', '_' or '.'"
            raise _invalid(key, f'metadata.labels: Invalid value: "{value}": {why} ({name})')


def check_change(old: Manifest, new: Manifest) -> None:
    """Refuse changes of immutable fields.

    Raises:
        ApiError: Invalid.

    """
    rule = _IMMUTABLE.get(group_kind(old))
    if rule is not None:
        rule(old, new)


def _fixed(*paths: str) -> Callable[[Manifest, Manifest], None]:
    def rule(old: Manifest, new: Manifest) -> None:
        for path in paths:
            before, after = _at(old, path), _at(new, path)
            if before is not None and before != after:
                raise _invalid(key_of(old), f"{path}: Invalid value: {_shown(after)}: field is immutable")

    return rule


def _stateful_set(old: Manifest, new: Manifest) -> None:
    changeable = {"replicas", "ordinals", "template", "updateStrategy", "minReadySeconds", "revisionHistoryLimit"}
    changeable.add("persistentVolumeClaimRetentionPolicy")
    before = {k: v for k, v in (old.get("spec") or {}).items() if k not in changeable}
    after = {k: v for k, v in (new.get("spec") or {}).items() if k not in changeable}
    if before != after:
        raise _invalid(
            key_of(old),
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
            "are forbidden",
        )


def _volume_claim(old: Manifest, new: Manifest) -> None:
    before, after = dict(old.get("spec") or {}), dict(new.get("spec") or {})
    for spec in (before, after):
        spec.pop("resources", None)
        spec.pop("volumeAttributesClassName", None)
    if {**after, **before} != after:
        raise _invalid(
            key_of(old),
            "spec: Forbidden: spec is immutable after creation except resources.requests and "
            "volumeAttributesClassName for bound claims",
        )


def _frozen_data(old: Manifest, new: Manifest) -> None:
    if old.get("immutable") is True:
        for field in ("data", "binaryData"):
            if (old.get(field) or {}) != (new.get(field) or {}):
                raise _invalid(key_of(old), f"{field}: Forbidden: field is immutable when `immutable` is set")
        if new.get("immutable") is not True:
            raise _invalid(key_of(old), "immutable: Forbidden: field is immutable when `immutable` is set")


def _secret(old: Manifest, new: Manifest) -> None:
    _frozen_data(old, new)
    if old.get("type", "Opaque") != new.get("type", "Opaque"):
        raise _invalid(key_of(old), f'type: Invalid value: "{new.get("type")}": field is immutable')


def _role_binding(old: Manifest, new: Manifest) -> None:
    if old.get("roleRef") != new.get("roleRef"):
        raise _invalid(key_of(old), f"roleRef: Invalid value: {_shown(new.get('roleRef'))}: cannot change roleRef")


_IMMUTABLE: dict[GroupKind, Callable[[Manifest, Manifest], None]] = {
    GroupKind("apps", "Deployment"): _fixed("spec.selector"),
    GroupKind("apps", "ReplicaSet"): _fixed("spec.selector"),
    GroupKind("apps", "DaemonSet"): _fixed("spec.selector"),
    GroupKind("apps", "StatefulSet"): _stateful_set,
    GroupKind("batch", "Job"): _fixed("spec.selector", "spec.template", "spec.completionMode"),
    GroupKind("", "Service"): _fixed("spec.clusterIP"),
    GroupKind("", "PersistentVolumeClaim"): _volume_claim,
    GroupKind("", "ConfigMap"): _frozen_data,
    GroupKind("", "Secret"): _secret,
    GroupKind("rbac.authorization.k8s.io", "RoleBinding"): _role_binding,
    GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding"): _role_binding,
    GroupKind("storage.k8s.io", "StorageClass"): _fixed("provisioner", "parameters", "reclaimPolicy"),
}


def _at(manifest: Manifest, path: str) -> Json:
    value: Json = manifest
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _shown(value: Json) -> str:
    """Show a value without its contents: a template may hold what nobody should read."""
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(value)) + "}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _invalid(key: ObjectKey, what: str) -> ApiError:
    kind = f"{key.kind}.{key.group}" if key.group else key.kind
    return ApiError("Invalid", f'{kind} "{key.name}" is invalid: {what}', subject=str(key))


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


_IRREGULAR = {"Endpoints": "endpoints", "Gateway": "gateways"}
