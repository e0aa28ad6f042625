"""Names that controllers make up: hashes of templates and random endings, here of what they stand for."""

from __future__ import annotations

import hashlib
from typing import Final

from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json

__all__ = ["suffix", "template_hash"]

_LETTERS: Final = "bcdfghjklmnpqrstvwxz2456789"  # of apimachinery pkg/util/rand: no vowels, so no words


def template_hash(template: Json) -> str:
    """Return a short name for a pod template: equal templates, equal names; of 32 bits, as Kubernetes has."""
    return _encoded(str(int(manifests.digest(template)[:8], 16)))


def suffix(*parts: object) -> str:
    """Return five letters that stand where Kubernetes puts random ones."""
    return _encoded(hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:5])


def _encoded(text: str) -> str:
    return "".join(_LETTERS[ord(letter) % len(_LETTERS)] for letter in text)
