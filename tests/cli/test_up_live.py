"""What ``up`` says while it runs."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.repositories import committed
from typer.testing import CliRunner

from nixernetes.app import up
from nixernetes.app.worlds import Blueprint, make_world
from nixernetes.cli.commands import app
from nixernetes.engine.outside import Outside
from nixernetes.objects.clocks import VirtualClock

EVERY_OBJECT = Path(__file__).parents[1] / "hostile" / "every_object"


def test_what_goes_wrong_in_the_engine_is_said_once_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def live(blueprint: Blueprint, outside: Outside, *rest: Any) -> None:
        _, _, step, state = rest
        assert state is None
        world = make_world(blueprint, VirtualClock(datetime.fromisoformat("2026-01-01T00:00:00Z")), outside)
        for name in ("one", "one", "two"):
            world.runtime.run_due(limit=1)
            fault = f"internal error: dev: Pod/default/{name}: KeyError: [a]"
            world.faults += [fault] if fault not in world.faults else []
            step(world)

    monkeypatch.setattr(up, "live", live)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["up", str(committed(EVERY_OBJECT, tmp_path / "r"))])
    assert result.exit_code == 0, result.output
    assert [line for line in result.stdout.splitlines() if "internal error" in line] == [
        f"2026-01-01T00:00:00Z internal error: dev: Pod/default/{name}: KeyError: [a]" for name in ("one", "two")
    ]
