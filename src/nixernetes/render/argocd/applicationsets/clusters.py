"""The clusters that Argo CD knows: what cluster Secrets declare, and the one that holds them (section 16)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE, IN_CLUSTER
from nixernetes.render.sops.sealed import PLACEHOLDER, is_sealed

__all__ = ["CLUSTER_LABEL", "TargetCluster", "cluster_of", "declared_clusters"]

CLUSTER_LABEL: Final = {ARGOCD_SECRET_TYPE: "cluster"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCluster:
    """A cluster that Argo CD knows.

    Attributes:
        name: its name.
        server: its API server URL.
        project: the only project that may use it, or ``""``.
        labels: the labels of its Secret.
        annotations: the annotations of its Secret.
        declared: whether a Secret declares it.
        unknown: of name, server and project those that cannot be read (``""`` above), with the reason.

    """

    name: str
    server: str
    project: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    declared: bool = False
    unknown: Mapping[str, str] = field(default_factory=dict)


def cluster_of(secret: Manifest) -> TargetCluster:
    """Return the cluster that a Secret declares; without a name it is called as its server.

    What SOPS encrypted is not known; labels and annotations are, where they stand in plain text.
    """
    values = {part: _value(secret, part) for part in ("name", "server", "project")}
    unknown = {
        part: f"the {part} of {key_of(secret)} is encrypted with SOPS: give the Secret with --values FILE"
        for part, value in values.items()
        if is_sealed(value) or value == PLACEHOLDER
    }
    name, server, project = ("" if part in unknown else value for part, value in values.items())
    if not name and "name" not in unknown and "server" in unknown:
        unknown["name"] = unknown["server"]
    return TargetCluster(
        name=name or ("" if "name" in unknown else server),
        server=server.rstrip("/"),
        project=project,
        labels=labels_of(secret),
        annotations=annotations_of(secret),
        declared=True,
        unknown=unknown,
    )


def declared_clusters(secrets: Iterable[Manifest]) -> list[TargetCluster]:
    """Return the clusters of Secrets, and ``in-cluster`` where none of them declares it; sorted by name and server."""
    found = [cluster_of(secret) for secret in secrets]
    if all(cluster.server != IN_CLUSTER for cluster in found):
        found.append(TargetCluster(name="in-cluster", server=IN_CLUSTER))
    return sorted(found, key=lambda cluster: (cluster.name, cluster.server))


def _value(secret: Manifest, part: str) -> str:
    plain = (secret.get("stringData") or {}).get(part)
    if plain is not None:
        return str(plain)
    encoded = (secret.get("data") or {}).get(part) or ""
    return str(encoded) if is_sealed(encoded) else _decoded(encoded)


def _decoded(encoded: Json) -> str:
    try:
        return base64.b64decode(encoded).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
