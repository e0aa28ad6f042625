"""What users import: the vocabulary of Flux and Argo CD, and the logic of that domain.

``from nixernetes import gitops`` costs nothing: each name is loaded when it is first used. The names stand once, in
``__init__.pyi`` beside this file, which type checkers and editors read too.
"""

from __future__ import annotations

from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        from difflib import get_close_matches  # noqa: PLC0415  # importing the vocabulary stays free

        near = get_close_matches(name.removeprefix("mk"), __all__, n=1)
        advice = f": did you mean {near[0]}?" if near else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{advice}")
    return _load(name)
