"""Writes docs/images/demo.svg: what ``nixernetes demo`` prints, as a terminal shows it.

Run it again when the demo changes; the seconds in its last line are of the machine it runs on.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from nixernetes.cli import demo, view

WIDTH = 120
TARGET = Path(__file__).parent.parent / "docs" / "images" / "demo.svg"


def main() -> None:
    """Record the demo and write the picture, without the web fonts that rich would have it load."""
    console = Console(
        record=True, width=WIDTH, force_terminal=True, file=io.StringIO(), highlight=False, markup=False, emoji=False
    )
    console.print(Text("$ nixernetes demo", style="bold"))
    unseen = Console(file=io.StringIO())
    view.console = lambda *, stderr=False: unseen if stderr else console  # the one seam where a face gets its screen
    demo.run()
    picture = console.export_svg(title="nixernetes demo", unique_id="demo")
    TARGET.write_text(re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL))
    print(TARGET)


main()
