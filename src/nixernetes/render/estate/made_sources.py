"""Sources that deliveries read and nobody declares: they stand for the repository itself.

``flux bootstrap``, an operator or a script makes them, and what these are told is not in the repository.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["MADE_URL", "is_made", "made_source", "missing_sources", "source_key", "source_url"]

MADE_URL: Final = "bootstrap.invalid/"  # what follows the scheme of the URL of a source that nobody declares
_KINDS: Final = ("GitRepository", "OCIRepository", "Bucket")


def missing_sources(objects: Iterable[Manifest], elsewhere: Iterable[Manifest] = ()) -> list[Manifest]:
    """Return the sources that Kustomizations read and nobody declares.

    Args:
        objects: what starts a cluster.
        elsewhere: other objects that are declared; a delivery may bring them.

    """
    known = list(objects)
    declared = {key_of(item) for item in (*known, *elsewhere) if group_kind(item).group == FLUX_SOURCE}
    missing: dict[ObjectKey, Manifest] = {}
    for item in known:
        key = source_key(item)
        if group_kind(item) == KUSTOMIZATION and key.kind in _KINDS and key not in declared and key.name:
            missing[key] = made_source(key)
    return list(missing.values())


def source_key(kustomization: Manifest) -> ObjectKey:
    """Return the identity of the source that a Kustomization reads."""
    reference = mapping_at(kustomization, "spec", "sourceRef")
    namespace = text_at(reference, "namespace") or key_of(kustomization).namespace or "default"
    return ObjectKey(FLUX_SOURCE, text_at(reference, "kind"), namespace, text_at(reference, "name"))


def source_url(source: Manifest) -> str:
    """Return where a source is fetched from: its URL, or a bucket's endpoint."""
    return text_at(source, "spec", "url") or text_at(source, "spec", "endpoint")


def made_source(key: ObjectKey) -> Manifest:
    """Return the source of this identity as ``flux bootstrap`` would make it, at a URL of its own."""
    place = f"{MADE_URL}{key.namespace}/{key.name}"
    specs: dict[str, Json] = {
        "GitRepository": {"url": f"https://{place}", "ref": {"name": "HEAD"}},
        "OCIRepository": {"url": f"oci://{place}"},
        "Bucket": {"endpoint": place, "bucketName": key.name},
    }
    return {
        "apiVersion": f"{key.group}/v1",
        "kind": key.kind,
        "metadata": {"name": key.name, "namespace": key.namespace},
        "spec": {"interval": "1m", **specs[key.kind]},
    }


def is_made(url: str) -> bool:
    """Tell whether a URL is one of a source that was made here."""
    return url.rpartition("://")[2].startswith(MADE_URL)
