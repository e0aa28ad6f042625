"""The references of objects, read by the rows of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.objects.api_groups import FLUX_OPERATOR
from nixernetes.objects.fields import flag_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import SERVICE_ACCOUNT_TOKEN
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.pods.workloads import template_of
from nixernetes.verify.references.operator_rows import OPERATOR_ROWS
from nixernetes.verify.references.table import ANNOTATION_ROWS, OBJECT_ROWS, POD_ROWS, Row

__all__ = ["NamedObject", "data_keys", "is_filled", "references", "walked"]


# Flux Operator, Reflector and the Replicator of mittwald copy into an object that has one of these
_FILLED: Final = (
    f"{FLUX_OPERATOR}/copyFrom",
    "reflector.v1.k8s.emberstack.com/reflects",
    "replicator.v1.mittwald.de/replicate-from",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedObject:
    """One object names another.

    Attributes:
        subject: who names.
        path: the field with the name.
        target: who is named.
        key: the key of the data that is asked for, or ``""``.
        key_path: the field with the key; ``()`` where none is asked for.
        row: the row of the table.
        entry: what the reference stands in.

    """

    subject: Placed
    path: FieldPath
    target: ObjectKey
    key: str
    key_path: FieldPath
    row: Row
    entry: Json


def references(cluster: ClusterObjects) -> Iterator[NamedObject]:
    """Yield what the objects of a cluster name; what may be missing (``optional: true``) is left out."""
    for item in cluster.placed:
        for row in (*OBJECT_ROWS.get(item.key.group_kind, ()), *OPERATOR_ROWS.get(item.key.group_kind, ())):
            yield from _read(item, (), item.manifest, row)
        for row in ANNOTATION_ROWS.get(item.key.group_kind, ()):
            yield from _noted(item, row)
        pod = template_of(item)
        if pod is not None:
            for row in POD_ROWS:
                yield from _read(item, (*pod.path, "spec"), pod.spec, row)


def _noted(item: Placed, row: Row) -> Iterator[NamedObject]:
    """Yield what an annotation names, as ``name`` or ``namespace/name``."""
    text = annotations_of(item.manifest).get(row.path, "")
    space, slash, name = text.partition("/")
    if text and row.target is not None:
        namespace = "" if row.namespace == "-" else space if slash else item.namespace
        target = ObjectKey(*row.target, namespace, name if slash else text)
        path = ("metadata", "annotations", row.path)
        yield NamedObject(subject=item, path=path, target=target, key="", key_path=(), row=row, entry=text)


def _read(item: Placed, before: FieldPath, data: Json, row: Row) -> Iterator[NamedObject]:
    for path, entry in walked(data, row.path):
        name = entry if not row.name else text_at(entry, row.name)
        if not isinstance(name, str) or name in ("", "*") or _is_elsewhere(name) or flag_at(entry, "optional"):
            continue
        if flag_at(entry, "clusterScope"):  # of Argo Rollouts: a template without a namespace
            continue
        target = _target(item, entry, name, row)
        if target is None:
            continue
        where = (*before, *path, *((row.name,) if row.name else ()))
        key = text_at(entry, row.key) if row.key else ""
        named = NamedObject(
            subject=item,
            path=where,
            target=target,
            key=key,
            key_path=(*before, *path, row.key) if key else (),
            row=row,
            entry=entry,
        )
        yield named
        for below, further in walked(entry, row.keys) if row.keys else ():
            if isinstance(further, str):
                yield replace(named, key=further, key_path=(*before, *path, *below))


def _is_elsewhere(name: str) -> bool:
    """Tell whether a name is filled in later, or is of another provider of Traefik, as ``auth@file``."""
    return "{{" in name or "@" in name


def _target(item: Placed, entry: Json, name: str, row: Row) -> ObjectKey | None:
    group, kind = row.target if row.target is not None else ("", "")
    if row.target is None:
        kind = text_at(entry, "kind") or _default_kind(row)
        written = text_at(entry, row.group) if row.group else ""
        if row.group == "apiVersion" and not written and not row.default_group:
            return None  # it has to be given, and ``invalid-object`` says so
        group = split_api_version(written)[0] if row.group == "apiVersion" else written
        group = group if written else row.groups.get(kind, row.default_group)
        if row.groups and not group:
            return None
    if not kind or kind == "TraefikService":  # which is made of others, and has a group of its own
        return None
    if row.namespace == "-" or (kind.startswith("Cluster") and kind != "Cluster"):
        return ObjectKey(group, kind, "", name)
    named = text_at(entry, row.namespace) if row.namespace else ""
    return ObjectKey(group, kind, named or item.namespace, name)


def _default_kind(row: Row) -> str:
    """Return the kind that a reference means without saying: a Service, a Secret for certificates, a Gateway."""
    if "certificateRefs" in row.path:
        return "Secret"
    if "parentRefs" in row.path:
        return "Gateway"
    if "backendRef" in row.path:
        return "Service"
    if row.path.endswith("services.[]"):
        return "Service"
    if "secretStoreRef" in row.path:
        return "SecretStore"
    if "issuerRef" in row.path:
        return "Issuer"
    if "authenticationRef" in row.path:
        return "TriggerAuthentication"
    return "Deployment" if "scaleTargetRef" in row.path else ""


def walked(data: Json, pattern: str) -> Iterator[tuple[FieldPath, Json]]:
    """Yield what a path of the table leads to, each with its path as it is."""
    found: list[tuple[FieldPath, Json]] = [((), data)]
    for step in pattern.split("."):
        following: list[tuple[FieldPath, Json]] = []
        for path, here in found:
            if step == "[]" and isinstance(here, list):
                following += [((*path, index), item) for index, item in enumerate(here)]
            elif step == "*" and isinstance(here, dict):
                following += [((*path, name), item) for name, item in here.items()]
            elif isinstance(here, dict) and step in here:
                following.append(((*path, step), here[step]))
        found = following
    yield from found


def is_filled(manifest: Manifest) -> bool:
    """Tell whether somebody on the cluster fills in the data of a ConfigMap or Secret."""
    notes = annotations_of(manifest)
    return any(each in notes for each in _FILLED) or text_at(manifest, "type") == SERVICE_ACCOUNT_TOKEN


def data_keys(manifest: Manifest) -> frozenset[str]:
    """Return the keys of a ConfigMap's or Secret's data."""
    keys: set[str] = set()
    for part in ("data", "stringData", "binaryData"):
        found = manifest.get(part)
        if isinstance(found, dict):
            keys |= {str(key) for key in found}
    return frozenset(keys)
