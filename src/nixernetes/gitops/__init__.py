"""What users import: the vocabulary of Flux and Argo CD, and the logic of that domain.

``from nixernetes import gitops`` costs nothing: each name is loaded when it is first used. The names stand once, in
``names.pyi`` beside this file. What type checkers and editors read, ``__init__.pyi``, is made from these and the models
by ``scripts/make_vocabulary_stubs.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lazy_loader


def _public(package: str, folder: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package for the names in its ``names.pyi``."""
    load, names, public = lazy_loader.attach_stub(package, f"{folder}/names.pyi")

    def found(name: str) -> Any:
        if name in public:
            return load(name)
        if name.endswith("Dict") and name.removesuffix("Dict") in public:
            return dict  # the form of a nested value: only type checkers know its keys
        from difflib import get_close_matches  # noqa: PLC0415  # importing the vocabulary stays free

        near = get_close_matches(name.removeprefix("mk"), public, n=1)
        advice = f": did you mean {near[0]}?" if near else ""
        raise AttributeError(f"module {package!r} has no attribute {name!r}{advice}")

    return found, names, public


__getattr__, __dir__, __all__ = _public(__name__, __path__[0])
