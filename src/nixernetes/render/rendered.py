"""A rendered manifest and where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from nixernetes.objects.manifest import Manifest

__all__ = ["Origin", "Rendered", "decoded", "encoded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a manifest began, and what touched it since.

    Attributes:
        file: the file of the document it began as, relative to its tree; ``""`` for a generated one.
        line: the line (1-based) where the document begins in that file, or 0.
        chain: what it passed through, outermost last: overlays, patches, generators, chart templates.

    """

    file: str = ""
    line: int = 0
    chain: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One manifest with its origin. The manifest is shared: copy it before you change it."""

    manifest: Manifest
    origin: Origin = field(default_factory=Origin)


def encoded(items: Iterable[Rendered]) -> bytes:
    """Return manifests with their origins as bytes."""
    return json.dumps([[i.manifest, i.origin.file, i.origin.line, i.origin.chain] for i in items]).encode()


def decoded(data: bytes) -> list[Rendered]:
    """Return the manifests of :func:`encoded`."""
    return [
        Rendered(manifest=manifest, origin=Origin(file=file, line=line, chain=tuple(chain)))
        for manifest, file, line, chain in json.loads(data)
    ]
