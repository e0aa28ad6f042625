"""How this program is called here, for lines that can be typed as they stand."""

from __future__ import annotations

import shlex
import shutil
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["program"]


def program() -> str:
    """Return the name of this program where that is on the path, else its place."""
    if shutil.which("nixernetes"):
        return "nixernetes"
    place = Path(sys.argv[0])
    with suppress(ValueError):  # it is elsewhere
        place = place.resolve().relative_to(Path.cwd())
    return shlex.quote(str(place))
