"""A template of an ApplicationSet in the other language than the one that it is read in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixernetes.gitops.traps.declared import Declared, Trap
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import at

__all__ = ["traps"]

_DOTTED = re.compile(r"\{\{-?\s*(\.[A-Za-z][\w.]*)")
_PLAIN = re.compile(r"\{\{\s*([A-Za-z][\w.-]*)\s*\}\}")
_WORDS = ("end", "else", "break", "continue")


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield ``{{ .name }}`` without ``goTemplate``, which stays as it stands, and ``{{name}}`` with it, which fails."""
    for placed in declared.of("ApplicationSet"):
        text = "".join(
            manifests.canonical(at(placed.manifest, "spec", part)).decode() for part in ("template", "templatePatch")
        )
        if not at(placed.manifest, "spec", "goTemplate"):
            found = _DOTTED.search(text)
            if found:
                plain = found[1].lstrip(".")
                yield placed.trap(
                    f"template: {{{{{found[1]}}}}} is a Go template, and stays text without go_template=True: "
                    f"give that, or write {{{{{plain}}}}}"
                )
            continue
        names = [name for name in _PLAIN.findall(text) if name not in _WORDS]
        if names:
            yield placed.trap(
                f"template: {{{{{names[0]}}}}} is not a Go template, and fails with go_template=True: write "
                f"{{{{.{names[0]}}}}}"
            )
