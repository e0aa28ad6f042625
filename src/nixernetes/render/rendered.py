"""A rendered manifest and where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.sops.seal import Seal

__all__ = ["Origin", "Rendered", "decoded", "encoded", "is_opened"]


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
    """One manifest with its origin. The manifest is shared: copy it before you change it.

    Attributes:
        manifest: the manifest.
        origin: where it came from.
        seal: what SOPS encrypted in it; None for nothing.

    """

    manifest: Manifest
    origin: Origin = field(default_factory=Origin)
    seal: Seal | None = None


def is_opened(item: Rendered) -> bool:
    """Tell whether a manifest holds what SOPS had encrypted, in plain text."""
    return item.seal is not None and item.seal.state == "opened"


def encoded(items: Iterable[Rendered]) -> bytes:
    """Return manifests with their origins as bytes."""
    rows = ([i.manifest, i.origin.file, i.origin.line, i.origin.chain, _sealed(i.seal)] for i in items)
    return json.dumps(list(rows)).encode()


def decoded(data: bytes) -> list[Rendered]:
    """Return the manifests of :func:`encoded`."""
    return [
        Rendered(
            manifest=manifest,
            origin=Origin(file=file, line=line, chain=tuple(chain)),
            seal=Seal(paths=tuple(map(tuple, seal[0])), state=seal[1], reason=seal[2]) if seal else None,
        )
        for manifest, file, line, chain, seal in json.loads(data)
    ]


def _sealed(seal: Seal | None) -> Json:
    return [seal.paths, seal.state, seal.reason] if seal is not None else None
