"""A rendered manifest and where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.render.sops.seal import Seal

__all__ = ["Rendered", "decoded", "encoded", "is_opened", "read_back"]


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
    rows = [
        [each.manifest, each.origin.file, each.origin.line, each.origin.chain, _remote(each.origin), _sealed(each.seal)]
        for each in items
    ]
    return json.dumps(rows).encode()


def decoded(data: bytes) -> list[Rendered]:
    """Return the manifests of :func:`encoded`."""
    chains: dict[str, tuple[Step, ...]] = {}  # most manifests of a build share one
    return [
        Rendered(
            manifest=manifest,
            origin=Origin(file=file, line=line, chain=_chain(chain, chains), repository=remote[0], revision=remote[1]),
            seal=Seal(paths=tuple(map(tuple, seal[0])), state=seal[1], reason=seal[2]) if seal else None,
        )
        for manifest, file, line, chain, remote, seal in json.loads(data)
    ]


def read_back(data: bytes) -> list[Rendered] | None:
    """Return the manifests of bytes that were kept; None where they are not what :func:`encoded` gives."""
    try:
        return decoded(data)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _chain(rows: Json, known: dict[str, tuple[Step, ...]]) -> tuple[Step, ...]:
    key = repr(rows)
    found = known.get(key)
    if found is None:
        found = known[key] = tuple(Step(StepKind(kind), *rest) for kind, *rest in rows)
    return found


def _remote(origin: Origin) -> tuple[str, str]:
    return origin.repository, origin.revision


def _sealed(seal: Seal | None) -> Json:
    return [seal.paths, seal.state, seal.reason] if seal is not None else None
