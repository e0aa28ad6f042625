"""What a user's program prints goes to standard error, so that what we print on standard output stays whole.

That holds for the file descriptor, too: what the program starts writes there as well.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

__all__ = ["output_aside"]

_OUT = 1
_ERR = 2


@contextlib.contextmanager
def output_aside() -> Iterator[None]:
    """Lead what is printed inside to standard error."""
    with contextlib.redirect_stdout(sys.stderr), _descriptor_aside():
        yield


@contextlib.contextmanager
def _descriptor_aside() -> Iterator[None]:
    try:
        kept = os.dup(_OUT)
    except OSError:  # it is closed: nothing can be written there
        yield
        return
    try:
        with contextlib.suppress(OSError):
            os.dup2(_ERR, _OUT)
        yield
    finally:
        os.dup2(kept, _OUT)
        os.close(kept)
