"""The garbage collector of a process that begins by making much that stays."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["making_what_stays"]


@contextlib.contextmanager
def making_what_stays() -> Iterator[None]:
    """Let the collector rest while a block makes what stays, and never look at that afterwards.

    For a process that does nothing else: what is there at the end of the block and is part of a cycle is never freed.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
