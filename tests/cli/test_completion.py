"""Shells complete what the running `up` has, and what everybody knows where none runs."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.app.console.worlds import settled

from nixernetes.adapters.control.bells import Bells
from nixernetes.adapters.control.claims import Claim
from nixernetes.app.serving.worlds import ServedWorld
from nixernetes.app.worlds import World

COMMAND = Path(sys.executable).with_name("nixernetes")
Complete = Callable[[str, str], list[str]]


@pytest.fixture(scope="module")
def flux() -> Iterator[World]:
    with settled(engine="flux") as world:
        yield world


def _asked(shell: str, line: str, folder: Path, base: Path) -> subprocess.Popen[str]:
    """Ask as the script does that `--show-completion` gives a shell."""
    words = line.split(" ")
    told = {
        "bash": {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    environment = {**os.environ, **told, "_NIXERNETES_COMPLETE": f"complete_{shell}", "XDG_RUNTIME_DIR": str(base)}
    return subprocess.Popen(
        [COMMAND], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def complete(flux: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Complete]:
    """Complete a line while an `up` answers."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / "folder"
    folder.mkdir()
    bells = Bells()
    with Claim(folder) as claim, ServedWorld(claim.kubeconfig, claim.open) as served:
        bells.wake_on(served.descriptor)
        served.step(flux)

        def completed(shell: str, line: str) -> list[str]:
            process = _asked(shell, line, folder, tmp_path)
            while process.poll() is None:
                bells.wait(0.05)
                served.step(flux)
            out, err = process.communicate()
            assert err == ""
            return out.split()

        yield completed
    bells.close()


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nixernetes get de", "deploy"),
        ("nixernetes get deploy s", "shop"),
        ("nixernetes describe ks/s", "ks/shop"),
        ("nixernetes get ks --cluster eu", "eu-west-1"),
        ("nixernetes get ks -n prod", "production"),
        ("nixernetes logs kust", "kustomize-controller"),
    ],
)
def test_kinds_names_and_clusters_are_completed(complete: Complete, shell: str, line: str, expected: str) -> None:
    found = complete(shell, line)
    assert any(expected in word for word in found), found


@pytest.mark.slow
def test_kinds_that_everybody_knows_are_completed_where_no_up_runs(tmp_path: Path) -> None:
    out, err = _asked("bash", "nixernetes get de", tmp_path, tmp_path).communicate()
    assert out.split() == ["deploy", "deployment"]
    assert err == ""
