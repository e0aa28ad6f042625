"""The demo tells the whole story, ends by itself, and names what to try next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nixernetes.app import demo
from nixernetes.engine.reports import DeliveryRow


def test_the_demo_shows_every_promise_and_ends() -> None:
    chapters: list[str] = []
    lines: list[str] = []
    shown: list[DeliveryRow] = []
    demo.run(demo.Narrator(chapter=chapters.append, tell=lines.append, show=shown.extend))
    assert len(chapters) == 7
    told = "\n".join(lines)
    for promise in ("rolled out and healthy", "Flux has put it back to 1", "is gone from all three regions"):
        assert promise in told
    failed = [item.message for item in shown if item.state == "failed"]
    assert sum("health check failed" in message for message in failed) == 3
    assert "do not match any of the allowed destinations" in failed[-1]
    assert {item.cluster for item in shown if item.state == "ready"} >= {"us-east-1", "eu-west-1", "ap-south-1"}


def test_what_to_try_next_can_be_typed_where_the_program_is_not_on_the_path() -> None:
    program = Path(sys.executable).with_name("nixernetes")
    ran = subprocess.run(
        [program, "demo"], cwd=program.parents[1], env={"PATH": os.defpath}, capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in ran.stdout.splitlines()[-3:]]
    assert [line[1] for line in lines] == ["init", "check", "up"]
    assert {(program.parents[1] / line[0]).is_file() for line in lines} == {True}


@pytest.mark.slow
def test_what_to_try_next_runs_as_it_stands(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("nixernetes")
    plain = {"PATH": os.defpath, "HOME": str(tmp_path)}
    ran = subprocess.run([program, "demo"], cwd=tmp_path, env=plain, capture_output=True, text=True, check=True)
    for line in ran.stdout.splitlines()[-3:]:
        typed = line.partition("#")[0] + (" --once" if " up " in line else "")
        tried = subprocess.run(
            ["/bin/sh", "-c", typed], cwd=tmp_path, env=plain, capture_output=True, text=True, check=False
        )
        assert tried.returncode == 0, (typed, tried.stderr)
