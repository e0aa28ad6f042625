"""Fields whose drift is left alone: ``spec.ignore`` of a Kustomization, ``driftDetection.ignore`` of a HelmRelease."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nixernetes.errors import InputError
from nixernetes.languages import json_pointer
from nixernetes.languages.json_pointer import ABSENT
from nixernetes.languages.regexes import linear
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["payload", "pointers", "without"]


def pointers(rules: Json, manifest: Manifest) -> tuple[tuple[str, ...], ...]:
    """Return the JSON pointers, split into parts, that the rules ignore in an object."""
    found: list[tuple[str, ...]] = []
    for rule in rules or []:
        if _selects(rule.get("target"), manifest):
            found += [json_pointer.steps(path) for path in rule.get("paths") or []]
    return tuple(found)


def without(manifest: Manifest, paths: Sequence[tuple[str, ...]]) -> Manifest:
    """Return an object without the fields at some pointers; the object itself when there are none."""
    if not paths:
        return manifest
    copy: Manifest = manifests.copy(manifest)
    for path in paths:
        json_pointer.remove(copy, path)
    return copy


def payload(desired: Manifest, live: Manifest, paths: Sequence[tuple[str, ...]]) -> Manifest:
    """Return what is applied to an object that exists: ignored fields take their live value."""
    if not paths:
        return desired
    copy: Manifest = manifests.copy(desired)
    for path in paths:
        value = json_pointer.get(live, path)
        if value is ABSENT or _owned_by_another_apply(live, path):
            json_pointer.remove(copy, path)
        else:
            json_pointer.put(copy, path, manifests.copy(value), create=False)
    return copy


def _selects(target: Json, manifest: Manifest) -> bool:
    if not target:
        return True
    meta = manifest.get("metadata") or {}
    group, version = split_api_version(manifest.get("apiVersion") or "")
    facts = {
        "group": group,
        "version": version,
        "kind": manifest.get("kind") or "",
        "name": meta.get("name") or "",
        "namespace": meta.get("namespace") or "",
    }
    if any(target.get(part) and not _fits(target[part], value) for part, value in facts.items()):
        return False
    pairs = (("labelSelector", labels_of(manifest)), ("annotationSelector", annotations_of(manifest)))
    return all(_equal(target.get(field) or "", held) for field, held in pairs)


def _fits(pattern: str, value: str) -> bool:
    try:
        return linear(f"^(?:{pattern})$")(value)
    except ValueError as error:
        raise InputError(f"failed to compile a selector of ignored fields: {error}") from error


def _equal(selector: str, held: dict[str, str]) -> bool:
    for term in filter(None, (part.strip() for part in selector.split(","))):
        name, operator, value = re.split(r"(!=|==?|$)", term, maxsplit=1)
        if operator == "!=":
            if held.get(name) == value:
                return False
        elif operator:
            if held.get(name) != value:
                return False
        elif name not in held:
            return False
    return True


def _owned_by_another_apply(live: Manifest, path: Sequence[str]) -> bool:
    for entry in live["metadata"].get("managedFields") or []:
        if entry.get("operation") != "Apply" or entry.get("manager") in ("kustomize-controller", "helm-controller"):
            continue
        fields = entry.get("fieldsV1") or {}
        for part in path:
            fields = fields.get(f"f:{part}")
            if fields is None:
                break
        else:
            return True
    return False
