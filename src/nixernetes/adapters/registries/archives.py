"""Archives (``.tgz``, ``.tar``) unpacked in memory.

They are hostile: sizes are limited while they are read, nothing is written to disk, and links and paths that lead out
of the archive are refused.
"""

from __future__ import annotations

import io
import tarfile
import zlib

from nixernetes.errors import RemoteError

__all__ = ["unpacked"]

_MAX_BYTES = 100 * 1024 * 1024
_MAX_FILES = 10_000
_GZIP = b"\x1f\x8b"


def unpacked(data: bytes, shown: str) -> dict[str, bytes]:
    """Return the files of an archive by path.

    Args:
        data: the archive; compressed (gzip) or not.
        shown: how messages name it.

    Raises:
        RemoteError: the archive is broken, too large, or holds what an archive must not.

    """
    try:
        plain = _inflated(data, shown) if data.startswith(_GZIP) else data
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            return _files(archive, shown)
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError) as error:
        raise RemoteError(f"{shown} is not a readable archive: {error}") from error


def _inflated(data: bytes, shown: str) -> bytes:
    """Decompress within the limit, whatever the archive promises; members follow each other, as Go reads them."""
    found = bytearray()
    while data:
        member = zlib.decompressobj(wbits=31)
        found += member.decompress(data, _MAX_BYTES + 1 - len(found))
        if len(found) > _MAX_BYTES:
            raise RemoteError(f"{shown} unpacks to more than {_MAX_BYTES // 1024 // 1024} MiB")
        if not member.eof:  # the sum at its end was not seen
            raise EOFError("it ends too soon")
        data = member.unused_data
    return bytes(found)


def _files(archive: tarfile.TarFile, shown: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for member in archive:
        if member.isdir() or member.type == tarfile.XGLTYPE:
            continue
        parts = [part for part in member.name.split("/") if part not in ("", ".")]
        if not member.isfile() or member.name.startswith("/") or ".." in parts or "\\" in member.name:
            raise RemoteError(f"{shown} holds {member.name!r}, a link or a path that leads out of it")
        total += member.size
        if total > _MAX_BYTES or len(files) >= _MAX_FILES:
            raise RemoteError(f"{shown} unpacks to more than {_MAX_BYTES // 1024 // 1024} MiB or {_MAX_FILES} files")
        content = archive.extractfile(member)
        if parts and content is not None:
            files["/".join(parts)] = content.read()
    return files
