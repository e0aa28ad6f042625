"""What the API server refuses: broken names, and changes of fields that never change. Messages are Kubernetes' own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import (
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    CUSTOM_RESOURCE_DEFINITION,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    PERSISTENT_VOLUME_CLAIM,
    REPLICA_SET,
    ROLE_BINDING,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    STORAGE_CLASS,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import OBJECT, SCALAR, Shape, misfit
from nixernetes.schemas import names

__all__ = ["check_change", "check_new", "check_whole", "resource_name"]

_HOLDERS = (CONFIG_MAP, SECRET)
_DATA: Final[Shape] = {"data": {"*": SCALAR}, "stringData": {"*": SCALAR}, "binaryData": {"*": SCALAR}}


def resource_name(kind: GroupKind) -> str:
    """Return the plural resource name with its group, as it stands in messages: ``deployments.apps``."""
    plural = _IRREGULAR.get(kind.kind) or _plural(kind.kind.lower())
    return f"{plural}.{kind.group}" if kind.group else plural


def check_new(manifest: Manifest) -> None:
    """Refuse what no object may look like.

    Raises:
        ApiError: Invalid, or BadRequest for what is not an object at all.

    """
    wrong = misfit({**OBJECT, "spec": {}}, manifest)
    if wrong:
        raise ApiError("BadRequest", f"the object cannot be decoded: {wrong}", subject=str(key_of(manifest)))
    key = key_of(manifest)
    if not key.name:
        raise _invalid(key, "metadata.name: Required value: name or generateName is required")
    wrong = names.name_problem(key)
    if wrong:
        raise _invalid(key, f'metadata.name: Invalid value: "{key.name}": {wrong}')
    meta = mapping_at(manifest, "metadata")
    for field in ("labels", "annotations"):
        _check_map(manifest, key, field, meta.get(field) or {})
    wrong = misfit(_DATA, manifest) if key.group_kind in _HOLDERS else ""
    if wrong:
        raise ApiError("BadRequest", f"{key.kind} cannot be handled as a {key.kind}: {wrong}", subject=str(key))


def check_whole(manifest: Manifest) -> None:
    """Refuse an object, merged and complete, whose fields contradict each other.

    Raises:
        ApiError: Invalid.

    """
    if group_kind(manifest) in _SELECTING:
        _selects_its_pods(key_of(manifest), mapping_at(manifest, "spec"))
    if group_kind(manifest) == CUSTOM_RESOURCE_DEFINITION:
        _check_definition(manifest)
    for number, claim in enumerate(objects_at(manifest, "spec", "volumeClaimTemplates")):
        if not text_at(claim, "metadata", "name"):
            what = f"spec.volumeClaimTemplates[{number}].metadata.name: Required value"
            raise _invalid(key_of(manifest), what)


def _check_definition(crd: Manifest) -> None:
    """Refuse a CustomResourceDefinition that defines nothing."""
    for path in (("group",), ("names", "plural"), ("names", "kind"), ("scope",)):
        if not text_at(crd, "spec", *path):
            raise _invalid(key_of(crd), f"spec.{'.'.join(path)}: Required value")
    versions = items_at(crd, "spec", "versions")
    if not versions:
        raise _invalid(
            key_of(crd), "spec.versions: Invalid value: []: must have exactly one version marked as storage version"
        )
    for number, version in enumerate(versions):
        if not text_at(version, "name"):
            raise _invalid(key_of(crd), f"spec.versions[{number}].name: Required value")


def _check_map(manifest: Manifest, key: ObjectKey, field: str, entries: dict[str, Json]) -> None:
    if not isinstance(entries, dict):
        raise ApiError("BadRequest", f"metadata.{field}: expected a map of strings", subject=str(key))
    for name, value in entries.items():
        if not isinstance(value, str):
            raise ApiError(
                "BadRequest",
                f'{key.kind} in version "{manifest["apiVersion"]}" cannot be handled as a {key.kind}: '
                f"metadata.{field}.{name}: expected a string",
                subject=str(key),
            )
        wrong = names.label_key_problem(name)
        if wrong:
            raise _invalid(key, f'metadata.{field}: Invalid value: "{name}": {wrong}')
        wrong = names.label_value_problem(value) if field == "labels" else ""
        if wrong:
            raise _invalid(key, f'metadata.{field}: Invalid value: "{value}": {wrong}')


def check_change(old: Manifest, new: Manifest) -> None:
    """Refuse changes of immutable fields, and what the object must not become.

    Raises:
        ApiError: Invalid.

    """
    rule = _IMMUTABLE.get(group_kind(old))
    if rule is not None:
        rule(old, new)
    check_whole(new)


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
    before = {k: v for k, v in mapping_at(old, "spec").items() if k not in changeable}
    after = {k: v for k, v in mapping_at(new, "spec").items() if k not in changeable}
    if before != after:
        raise _invalid(
            key_of(old),
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
            "are forbidden",
        )


def _volume_claim(old: Manifest, new: Manifest) -> None:
    before, after = dict(mapping_at(old, "spec")), dict(mapping_at(new, "spec"))
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


def _selects_its_pods(key: ObjectKey, spec: Json) -> None:
    """Refuse a selector that the pods of the template do not match: the controller would never see them."""
    wanted = (at(spec, "selector", "matchLabels")) or {}
    labels = mapping_at(spec, "template", "metadata", "labels")
    if "template" in spec and not wanted.items() <= labels.items():
        shown = ", ".join(f'"{name}":"{value}"' for name, value in sorted(labels.items()))
        raise _invalid(
            key,
            f"spec.template.metadata.labels: Invalid value: {{{shown}}}: `selector` does not match template `labels`",
        )


_SELECTING = frozenset(GroupKind("apps", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"))
_IMMUTABLE: dict[GroupKind, Callable[[Manifest, Manifest], None]] = {
    DEPLOYMENT: _fixed("spec.selector"),
    REPLICA_SET: _fixed("spec.selector"),
    DAEMON_SET: _fixed("spec.selector"),
    STATEFUL_SET: _stateful_set,
    JOB: _fixed("spec.selector", "spec.template", "spec.completionMode"),
    SERVICE: _fixed("spec.clusterIP"),
    PERSISTENT_VOLUME_CLAIM: _volume_claim,
    CONFIG_MAP: _frozen_data,
    SECRET: _secret,
    ROLE_BINDING: _role_binding,
    CLUSTER_ROLE_BINDING: _role_binding,
    STORAGE_CLASS: _fixed("provisioner", "parameters", "reclaimPolicy"),
}


def _at(manifest: Manifest, path: str) -> Json:
    value: Json = manifest
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


_READABLE: Final = ("matchLabels", "matchExpressions", "apiGroup", "kind", "name")


def _json(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _shown(value: Json) -> str:
    """Show selectors and references as JSON, in Go's order, and others by their fields: they may hold secrets."""
    if isinstance(value, dict) and value.keys() <= set(_READABLE):
        parts = [(name, value[name]) for name in _READABLE if name in value]
        return "{" + ",".join(f'"{name}":{_json(part)}' for name, part in parts) + "}"
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
