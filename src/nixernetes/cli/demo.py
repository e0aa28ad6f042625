"""``nixernetes demo``: the narrator's voice on a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.padding import Padding
from rich.text import Text

from nixernetes.app import demo
from nixernetes.cli import view
from nixernetes.cli.program import program
from nixernetes.engine.reports import DeliveryRow, short_revision

__all__ = ["run"]

_NEXT = (
    ("init my-platform", "a small platform to start from"),
    ("check my-platform", "prove it: references, owners, order, schemas"),
    ("up my-platform", "run it in embedded clusters, and watch it in the browser"),
)


def run() -> None:
    """Run the command."""
    screen = view.console()
    began = time.monotonic()
    chapters = 0
    spinner = screen if screen.is_terminal else view.console(stderr=True)  # two consoles would write over each other
    with spinner.status("building …") as status:

        def chapter(title: str) -> None:
            nonlocal chapters
            chapters += 1
            screen.print(Text(f"\n{chapters}. {title}", style="bold"))
            status.update(f"{title} …")

        def tell(text: str) -> None:
            screen.print(_indented(Text(text), 3), soft_wrap=False)

        def show(deliveries: list[DeliveryRow]) -> None:
            for text in _summary(deliveries):
                screen.print(_indented(text, 5), soft_wrap=False)

        demo.run(demo.Narrator(chapter=chapter, tell=tell, show=show))
    screen.print(Text(f"\nThat took {time.monotonic() - began:.1f} s. Try next:", style="bold"))
    name = program()
    width = max(len(arguments) for arguments, _ in _NEXT)
    for arguments, why in _NEXT:
        screen.print(Text(f"   {name} {arguments:<{width}}  ", style="green").append(f"# {why}", style="dim"))


def _indented(text: Text, left: int) -> Padding:
    return Padding(text, (0, 0, 0, left), expand=False)


def _summary(deliveries: list[DeliveryRow]) -> Iterator[Text]:
    """Yield a line for each cluster's ready deliveries at one revision, and one for each that is not ready."""
    ready: dict[tuple[str, str], list[str]] = {}
    for item in deliveries:
        if item.state == "ready":
            revision = short_revision(item.revision).partition("+")[0]
            ready.setdefault((item.cluster, revision), []).append(item.key.name)
    width = max((len(cluster) for cluster, _ in ready), default=0)
    for (cluster, revision), names in ready.items():
        yield (
            Text(f"✔ {cluster:<{width}}  ", style="green")
            .append(f"{revision}  ", style="cyan")
            .append("  ".join(names), style="")
        )
    for item in deliveries:
        if item.state != "ready":
            yield view.line(item)
