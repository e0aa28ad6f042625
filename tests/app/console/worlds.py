"""Worlds that have settled, to ask and to change."""

import json
from pathlib import Path

from nixernetes.app import control, targets, up
from nixernetes.app.worlds import World, make_world
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.manifest import Json

DEMO = Path(targets.__file__).parent / "data" / "demo"


def settled(path: Path = DEMO, engine: str = "") -> World:
    """Run a platform or a repository to its end; the world can run on."""
    with targets.prepare(path, targets.RunOptions(engine=engine)) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        assert world.run_until_settled(up.LIMIT)
        world.clock = world.runtime.clock
        return world


def ask(world: World, do: str, *targets: str, **more: Json) -> Json:
    """Return what comes through the socket for a request."""
    request = {"do": do, "targets": list(targets), **more}
    return json.loads(json.dumps(control.answer(world, json.loads(json.dumps(request)))))


def error(world: World, do: str, *targets: str, **more: Json) -> str:
    """Return why a request is refused."""
    found = ask(world, do, *targets, **more)
    assert [*found] == ["error"], found
    return str(found["error"])
