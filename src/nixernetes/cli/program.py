"""How this program is called here, for lines that can be typed as they stand."""

from __future__ import annotations

import shlex
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["program"]

_NAME: Final = "nixernetes"


def program() -> str:
    """Return the name of this program where that is on the path, else its place; its name where others run it."""
    place = Path(sys.argv[0])
    if shutil.which(_NAME) or place.name != _NAME:
        return _NAME
    with suppress(ValueError):  # it is elsewhere
        place = place.resolve().relative_to(Path.cwd())
    return shlex.quote(str(place))
