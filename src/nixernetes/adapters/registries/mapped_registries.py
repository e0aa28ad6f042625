"""OCI artifacts taken from this machine: URLs mapped to folders or archives, all others asked below."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from nixernetes.adapters.registries.archives import unpacked
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import OciArtifact, OciRef, OciRegistries
from nixernetes.render.tree import MemoryTree

__all__ = ["MappedRegistries"]


class MappedRegistries:
    """Registries some of whose repositories are folders or archives; an ``OciRegistries`` (``render.sources.oci``).

    A mapped artifact answers every tag and range, and its own digest, which is that of its files. Its revision is
    ``<tag>@<digest>`` with the tag asked for, else ``latest``; the digest alone where that is asked for.

    Args:
        mapped: ``oci://host/path`` → a folder, or an archive (``.tgz``, ``.tar``).
        below: asked for what is not mapped.

    """

    def __init__(self, mapped: Mapping[str, Path], below: OciRegistries) -> None:
        self._mapped = {url.rstrip("/"): path for url, path in mapped.items()}
        self._below = below

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision that a reference names now."""
        if url.rstrip("/") not in self._mapped:
            return self._below.resolve(url, ref, credentials)
        return self._local(url, ref).revision

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Return an artifact with its files."""
        if url.rstrip("/") not in self._mapped:
            return self._below.artifact(url, ref, credentials, media_type=media_type)
        return self._local(url, ref)

    def _local(self, url: str, ref: OciRef) -> OciArtifact:
        files = _files(self._mapped[url.rstrip("/")])
        check = hashlib.sha256()
        for path in sorted(files):
            name = path.encode(errors="surrogateescape")
            check.update(b"%d:%b%d:%b" % (len(name), name, len(files[path]), files[path]))
        digest = f"sha256:{check.hexdigest()}"
        if ref.digest not in ("", digest):
            raise RemoteError(
                f"is mapped to {self._mapped[url.rstrip('/')]}, whose digest is {digest}, "
                f"but {ref.digest} is asked for: ask for a tag, or map files of that digest",
                subject=url,
            )
        revision = ref.digest or f"{ref.tag or 'latest'}@{digest}"
        return OciArtifact(revision=revision, digest=digest, layer=digest, tree=MemoryTree(files))


def _files(place: Path) -> dict[str, bytes]:
    try:
        if not place.is_dir():
            return unpacked(place.read_bytes(), str(place))
        found: dict[str, bytes] = {}
        for file in sorted(place.rglob("*")):
            if ".git" in file.relative_to(place).parts:
                continue
            if file.is_symlink():
                raise InputError("is a link: an artifact holds plain files", subject=str(file))
            if file.is_file():
                found[file.relative_to(place).as_posix()] = file.read_bytes()
    except OSError as error:
        raise RemoteError(f"cannot be read: {error.strerror}", subject=str(place)) from error
    return found
