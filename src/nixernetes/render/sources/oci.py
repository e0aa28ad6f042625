"""OCI artifacts as a port: which digest a reference names now, and the files of its layer (Flux, section 1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from nixernetes.objects.manifest import Json
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tree import Tree

__all__ = ["CHART_LAYER", "OciArtifact", "OciRef", "OciRegistries", "oci_ref_of"]

CHART_LAYER: Final = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


@dataclass(frozen=True, slots=True, kw_only=True)
class OciRef:
    """Which artifact of a repository; precedence digest > semver > tag (Flux, section 1.5).

    Attributes:
        tag: the tag.
        semver: a range over the tags; the highest wins.
        semver_filter: a regular expression that tags must match before the range is applied.
        digest: ``sha256:<hex>``.

    """

    tag: str = ""
    semver: str = ""
    semver_filter: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OciArtifact:
    """One artifact.

    Attributes:
        revision: ``<tag>@sha256:<digest>``, or ``sha256:<digest>`` when the digest was asked for.
        digest: the manifest's, ``sha256:<hex>``.
        layer: the digest of the layer whose files these are.
        annotations: the manifest's.
        tree: the files as they are in the archive: a chart's below a folder of its name.

    """

    revision: str
    digest: str
    layer: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    tree: Tree = field(repr=False)


class OciRegistries(Protocol):
    """Reads artifacts out of registries (OCI distribution)."""

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision that a reference names now, without reading its layers.

        Args:
            url: ``oci://host/path``.
            ref: which artifact; an empty one means the tag ``latest``.
            credentials: who asks.

        Raises:
            RemoteError: the registry cannot be reached, refuses, or has no such artifact.

        """
        ...

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Return an artifact with the files of one layer.

        Args:
            url: ``oci://host/path``.
            ref: which artifact.
            credentials: who asks.
            media_type: the layer with this media type; ``""`` means the first.

        Raises:
            RemoteError: as :meth:`resolve`; or there is no such layer, or it is no safe archive.

        """
        ...


def oci_ref_of(spec: Json) -> OciRef:
    """Return which artifact an OCIRepository follows."""
    ref = spec.get("ref") or {}
    return OciRef(
        tag=ref.get("tag") or "",
        semver=ref.get("semver") or "",
        semver_filter=ref.get("semverFilter") or "",
        digest=ref.get("digest") or "",
    )
