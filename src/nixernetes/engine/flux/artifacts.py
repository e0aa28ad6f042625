"""What source-controller has in storage: the artifacts of one cluster, in memory.

Consumers read the artifact, and only through the revision that the source's status advertises. A restart loses them, as
it may in a real cluster, and the sources make them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.sources.charts import Chart
from nixernetes.render.tree import Tree

__all__ = ["Artifact", "Artifacts"]

_ORIGIN = "org.opencontainers.image.revision"
_HOST = "http://source-controller.flux-system.svc.cluster.local."


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One artifact: its revision, its file name in storage, and what is in it.

    Attributes:
        revision: in the format of its source (Flux, section 1.2).
        file: the file name that the status shows.
        content: a text that is equal when the content is.
        tree: the files, for what a Kustomization builds from.
        chart: the chart, for a HelmChart.
        metadata: the annotations of an OCI artifact.

    """

    revision: str
    file: str
    content: str
    tree: Tree | None = None
    chart: Chart | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin_revision(self) -> str:
        """The revision that an OCI artifact was made from, as its annotation says, or ``""``."""
        return self.metadata.get(_ORIGIN, "")

    def status(self, key: ObjectKey, moment: datetime) -> Manifest:
        """Return ``status.artifact`` as it is advertised from a moment on."""
        path = f"{key.kind.lower()}/{key.namespace}/{key.name}/{self.file}"
        shown: Manifest = {
            "path": path,
            "url": f"{_HOST}/{path}",
            "revision": self.revision,
            "digest": "sha256:" + hashlib.sha256(self.content.encode()).hexdigest(),
            "lastUpdateTime": timestamp(moment),
        }
        if self.metadata:
            shown["metadata"] = dict(self.metadata)
        return shown


class Artifacts:
    """The storage."""

    def __init__(self) -> None:
        self._held: dict[ObjectKey, Artifact] = {}

    def get(self, key: ObjectKey) -> Artifact | None:
        """Return the artifact of a source, or None."""
        return self._held.get(key)

    def put(self, key: ObjectKey, artifact: Artifact) -> None:
        """Store the artifact of a source."""
        self._held[key] = artifact

    def drop(self, key: ObjectKey) -> None:
        """Remove the artifact of a source, if any."""
        self._held.pop(key, None)
