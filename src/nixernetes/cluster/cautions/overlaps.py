"""Files of volumes in each other's way (``warningsForOverlappingVirtualPaths`` of ``pkg/api/pod/warnings.go``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["of_volumes"]

_CERTIFICATE: Final = (
    ("certificateChainPath", "PodCertificate chain"),
    ("keyPath", "PodCertificate key"),
    ("credentialBundlePath", "PodCertificate credential bundle"),
)


class _File(NamedTuple):
    """A file of a volume.

    Attributes:
        path: where it is.
        source: what it is of; ``""`` where the volume has one source.

    """

    path: str
    source: str

    def __str__(self) -> str:
        return f'"{self.path}" ({self.source})' if self.source else f'"{self.path}"'


def of_volumes(volumes: list[Manifest]) -> Iterator[str]:
    """Yield the files that have the same path, or one that is below another's."""
    for volume in volumes:
        name = text_at(volume, "name")
        for part, what, named in (
            ("configMap", "ConfigMap", "name"),
            ("secret", "Secret", "secretName"),
            ("downwardAPI", "DownwardAPI", ""),
        ):
            source = mapping_at(volume, part)
            shown = f'{what} "{text_at(source, named)}"' if named else what
            files = [_File(text_at(each, "path"), "") for each in objects_at(source, "items")]
            for told in _overlaps(files):
                yield f'volume "{name}" ({shown}): overlapping paths: {told}'
        if "projected" in volume:
            files = []
            for source in objects_at(volume, "projected", "sources"):
                if not source:
                    yield f'volume "{name}" (Projected) has no sources provided'
                files += _projected(source)
            for told in _overlaps(files):
                yield f'volume "{name}" (Projected): overlapping paths: {told}'


def _projected(source: Manifest) -> Iterator[_File]:
    """Yield the files of a source of a projected volume."""
    for part, what in (("configMap", "ConfigMap"), ("secret", "Secret")):
        shown = f'{what} "{text_at(source, part, "name")}"'
        yield from (_File(text_at(each, "path"), shown) for each in objects_at(source, part, "items"))
    yield from (_File(text_at(each, "path"), "DownwardAPI") for each in objects_at(source, "downwardAPI", "items"))
    if "serviceAccountToken" in source:
        yield _File(text_at(source, "serviceAccountToken", "path"), "ServiceAccountToken")
    bundle = mapping_at(source, "clusterTrustBundle")
    if bundle:
        named = text_at(bundle, "name") or text_at(bundle, "signerName")
        yield _File(text_at(bundle, "path"), f'ClusterTrustBundle "{named}"')
    certificate = mapping_at(source, "podCertificate")
    yield from (_File(path, what) for part, what in _CERTIFICATE if (path := text_at(certificate, part)))


def _overlaps(files: list[_File]) -> Iterator[str]:
    seen: list[_File] = []
    for each in files:
        file = each._replace(path=each.path.rstrip("/"))
        for other in seen:
            paths = f"{file.path}/", f"{other.path}/"
            if file.path and other.path and (paths[0].startswith(paths[1]) or paths[1].startswith(paths[0])):
                yield f"{file} with {other}"
        seen.append(file)
