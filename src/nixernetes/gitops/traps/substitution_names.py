"""A variable of ``postBuild`` whose name Flux refuses: the whole Kustomization fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixernetes.gitops.traps.declared import Declared, Trap
from nixernetes.objects.fields import mapping_at

__all__ = ["traps"]

_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield variables with other characters than letters, digits and ``_``."""
    for placed in declared.of("Kustomization"):
        for name in mapping_at(placed.manifest, "spec", "postBuild", "substitute"):
            if not _NAME.fullmatch(name):
                right = re.sub(r"[^_A-Za-z0-9]", "_", name)
                right = right if _NAME.fullmatch(right) else f"_{right}"
                yield placed.trap(
                    f"postBuild.substitute: {name!r} is not the name of a variable, and Flux refuses it: use letters, "
                    f"digits and _, for example {right}"
                )
