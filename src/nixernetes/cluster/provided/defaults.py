"""What the API server fills in: only the defaults that controllers and people look at.

Every default is a pure function of the object, so that applying the same manifest again changes nothing. Those that
come with decoding belong to the client that sent the object; what the server allocates afterwards belongs to nobody.
"""

from __future__ import annotations

import base64

from nixernetes.cluster.provided.completing import completed
from nixernetes.cluster.strategies.daemon_sets import with_template_generation
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import NAMESPACE, REPLICATION_CONTROLLER, SECRET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import NAMESPACE_NAME

__all__ = ["with_defaults", "with_encoded_data"]


def with_encoded_data(manifest: Manifest) -> Manifest:
    """Return a Secret with its write-only ``stringData`` moved to ``data``; anything else as it is."""
    if group_kind(manifest) != SECRET or not manifest.get("stringData"):
        return manifest
    plain = {name: base64.b64encode(str(text).encode()).decode() for name, text in manifest["stringData"].items()}
    rest = {name: value for name, value in manifest.items() if name != "stringData"}
    return {**rest, "data": {**(mapping_at(manifest, "data")), **plain}}


def with_defaults(manifest: Manifest) -> Manifest:
    """Return an object with the defaults that it gets when it is decoded."""
    kind = group_kind(manifest)
    meta = mapping_at(manifest, "metadata")
    if kind == NAMESPACE and meta.get("name"):
        labels = {**(mapping_at(meta, "labels")), NAMESPACE_NAME: meta["name"]}
        manifest = {**manifest, "metadata": {**meta, "labels": labels}}
    if kind == REPLICATION_CONTROLLER:
        manifest = _with_labels_of_template(manifest)
    return completed(with_template_generation(manifest))


def _with_labels_of_template(manifest: Manifest) -> Manifest:
    """Return a ReplicationController that selects, and has, the labels of its template, where it says no others."""
    spec, meta = mapping_at(manifest, "spec"), mapping_at(manifest, "metadata")
    labels = mapping_at(spec, "template", "metadata", "labels")
    if not labels:
        return manifest
    spec = spec if spec.get("selector") else {**spec, "selector": labels}
    meta = meta if meta.get("labels") else {**meta, "labels": labels}
    return {**manifest, "metadata": meta, "spec": spec}
