"""The data of ConfigMaps and Secrets that a Kustomization or a HelmRelease refers to."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import TypeAlias

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Lookup", "data_of", "missing", "reader"]

# Gives the decoded data of a (kind, namespace, name), or None when there is no such object.
Lookup: TypeAlias = Callable[[str, str, str], Mapping[str, str] | None]


def data_of(manifest: Manifest) -> dict[str, str]:
    """Return the data of a ConfigMap, or the decoded data of a Secret; bytes that are not UTF-8 are left out."""
    plain = _texts(manifest.get("data"))
    if manifest.get("kind") != "Secret":
        return plain
    decoded = {key: _decoded(value) for key, value in plain.items()}
    return {**decoded, **_texts(manifest.get("stringData"))}


def _texts(values: Json) -> dict[str, str]:
    """Return a map of texts; null is an empty text, as the Kubernetes API stores it."""
    return {key: "" if value is None else str(value) for key, value in (values or {}).items()}


def reader(get: Callable[[ObjectKey], Manifest | None]) -> Lookup:
    """Return a lookup over whatever gives objects by their identity."""

    def lookup(kind: str, namespace: str, name: str) -> Mapping[str, str] | None:
        found = get(ObjectKey("", kind, namespace, name))
        return None if found is None else data_of(found)

    return lookup


def missing(reference: Json) -> str:
    """Say as Kubernetes does that what a reference names is not there."""
    return f'{reference["kind"].lower()}s "{reference["name"]}" not found'


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode(errors="ignore")
    except (binascii.Error, ValueError):
        return ""
