"""``nixernetes demo``: the narrator's voice on a terminal."""

from __future__ import annotations

import time

from rich.text import Text

from nixernetes.app import demo
from nixernetes.app.reports import Delivery
from nixernetes.cli import view

__all__ = ["run"]

_NEXT = (
    ("nixernetes init my-platform", "write a small platform.py to start from"),
    ("nixernetes build my-platform/platform.py -o my-repository", "build the repository that clusters reconcile"),
    ("nixernetes up my-platform/platform.py", "run it in embedded clusters, and watch it"),
)


def run() -> None:
    """Run the command."""
    screen = view.console()
    began = time.monotonic()
    chapters = 0
    with screen.status("building …") as status:

        def chapter(title: str) -> None:
            nonlocal chapters
            chapters += 1
            screen.print(Text(f"\n{chapters}. {title}", style="bold"))
            status.update(f"{title} …")

        def tell(text: str) -> None:
            screen.print(Text(f"   {text}"))

        def show(deliveries: list[Delivery]) -> None:
            for item in deliveries:
                screen.print(Text("     ").append_text(view.line(item)))

        demo.run(demo.Narrator(chapter=chapter, tell=tell, show=show))
    screen.print(Text(f"\nThat took {time.monotonic() - began:.1f} s. Try next:", style="bold"))
    width = max(len(command) for command, _ in _NEXT)
    for command, why in _NEXT:
        screen.print(Text(f"   {command:<{width}}  ", style="green").append(f"# {why}", style="dim"))
