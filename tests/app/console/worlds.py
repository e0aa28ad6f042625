"""Worlds that have settled, to ask and to change."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from nixernetes.app import targets, up
from nixernetes.app.console import control
from nixernetes.app.worlds import World, make_world
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.manifest import Json

DEMO = Path(targets.__file__).parent / "data" / "demo"


@contextmanager
def settled(path: Path = DEMO, engine: str = "", **options: Json) -> Iterator[World]:
    """Run a platform or a repository to its end; the world can run on until the context ends."""
    with targets.prepare(path, targets.RunOptions(engine=engine, **options)) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside, log_lines=500)
        assert world.run_until_settled(up.LIMIT)
        yield world


def ask(world: World, do: str, *targets: str, **more: Json) -> Json:
    """Return what comes over the wire for a request."""
    request = {"do": do, "targets": list(targets), **more}
    return json.loads(json.dumps(control.answer(world, json.loads(json.dumps(request)))))


def error(world: World, do: str, *targets: str, **more: Json) -> str:
    """Return why a request is refused."""
    found = ask(world, do, *targets, **more)
    assert [*found] == ["error"], found
    return str(found["error"])


def outcome(world: World, wait: Json) -> Json:
    """Run on until a request has been handled, and return what came of it."""
    for _ in range(600):
        found = ask(world, "outcome", wait=wait)
        if found["done"]:
            return found
        world.run_for(timedelta(seconds=1))
    raise AssertionError(f"not handled in ten minutes: {wait}")
