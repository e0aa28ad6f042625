"""What is remembered of a manifest that SOPS encrypted, in whole or in part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Seal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What SOPS encrypted in a manifest.

    Attributes:
        paths: where encrypted values were; what stands there is never shown.
        state: ``opened`` (plain text stands there), ``placeholders``, or ``refused``: placeholders stand there, and
            Flux refuses the Secret, because the Kustomization does not configure decryption.
        reason: why it is not opened, or ``""``.

    """

    paths: tuple[tuple[str | int, ...], ...]
    state: Literal["opened", "placeholders", "refused"]
    reason: str = ""
