"""`init` makes what `up` runs at once, asks two questions at most, and leaves what it adopts as it is."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pygit2
import pytest
from tests.repositories import committed

from nixernetes.settings.reading import read_settings

PROGRAM = Path(sys.executable).with_name("nixernetes")
FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/org/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/org/other", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: other, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./, sourceRef: {kind: GitRepository, name: other}}
"""
ROOT_FILE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n"


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "layout"), [("flux", "flat"), ("argocd", "hierarchy"), ("both", "flat")])
def test_what_is_made_is_committed_and_the_next_command_runs_it(tmp_path: Path, engine: str, layout: str) -> None:
    made = _run(tmp_path, "init", "it", "--engine", engine, "--layout", layout)
    assert made.returncode == 0, made.stderr
    for place in (tmp_path / "it", tmp_path / "it" / "repository"):
        repository = pygit2.Repository(str(place))
        assert repository.status() == {}
        assert repository.head.shorthand == "main"
    following = shlex.split(made.stdout.splitlines()[-1].removeprefix("next: "))
    assert following[0] == "nixernetes"
    assert _run(tmp_path, *following[1:], "--once").returncode == 0
    assert _run(tmp_path, "up", "it/repository", "--once").returncode == 0
    assert _run(tmp_path, "check", "it").returncode == 0
    assert _run(tmp_path, "build", "it", "--output-dir", "it/repository", "--check").returncode == 0


def test_a_folder_with_files_and_one_in_a_repository_get_no_history(tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "private.txt").write_text("mine")
    assert "committed" not in _run(tmp_path, "init", "held").stdout
    assert not (tmp_path / "held" / ".git").exists()
    pygit2.init_repository(str(tmp_path / "outer"))
    assert _run(tmp_path, "init", "outer/it").returncode == 0
    assert not (tmp_path / "outer" / "it" / ".git").exists()
    assert "is there already" in _run(tmp_path, "init", "held").stderr


@pytest.mark.parametrize(
    ("typed", "engine", "structure"), [("\n\n", "flux", "flat"), ("both\nhierarchy\n", "both", "hierarchy")]
)
def test_on_a_terminal_two_questions_are_asked(tmp_path: Path, typed: str, engine: str, structure: str) -> None:
    shown = _on_terminal(tmp_path, typed, "init", "it")
    assert shown.count("?") == 2
    text = (tmp_path / "it" / "gitops.py").read_text()
    assert f'engine="{engine}"' in text
    assert f'structure="{structure}"' in text


def test_what_is_said_is_not_asked(tmp_path: Path) -> None:
    assert "?" not in _on_terminal(tmp_path, "", "init", "it", "--engine", "argocd", "--layout", "flat")


def _on_terminal(folder: Path, typed: str, *arguments: str) -> str:
    """Run a command on a terminal, type, and return what it showed."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execv(PROGRAM, [str(PROGRAM), *arguments])  # noqa: S606
    os.write(terminal, typed.encode())
    shown = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # how Linux tells that nobody writes any more
            break
        if not more:
            break
        shown += more
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, shown.decode()
    return shown.decode()


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    for cluster in ("production", "staging"):
        (tmp_path / "files" / "clusters" / cluster).mkdir(parents=True)
        (tmp_path / "files" / "clusters" / cluster / "flux.yaml").write_text(FLUX)
    (tmp_path / "files" / "apps").mkdir()
    (tmp_path / "files" / "apps" / "a.yaml").write_text(ROOT_FILE)
    made = committed(tmp_path / "files", tmp_path / "fleet")
    pygit2.Repository(str(made)).remotes.create("origin", "https://github.com/org/fleet")
    return made


def test_a_repository_is_adopted_by_its_settings_file_alone(tmp_path: Path, fleet: Path) -> None:
    ran = _run(tmp_path, "init", "--from", "fleet")
    assert ran.returncode == 0, ran.stderr
    assert pygit2.Repository(str(fleet)).status() == {"nixernetes.yaml": pygit2.enums.FileStatus.WT_NEW}
    lines = ran.stdout.splitlines()
    assert lines[0] == "found 2 clusters with 4 deliveries"
    assert lines[1] == "  production  Flux from clusters/production: 2 deliveries"
    assert "no local copy of https://github.com/org/other" in ran.stdout
    assert lines[-1] == "next: nixernetes check fleet"
    found = read_settings((fleet / "nixernetes.yaml").read_bytes()).settings
    assert {name: each.folder for name, each in found.clusters.items()} == {
        "production": "clusters/production",
        "staging": "clusters/staging",
    }
    assert "#   https://github.com/org/other: ../other" in (fleet / "nixernetes.yaml").read_text()
    again = _run(tmp_path, "init", "--from", "fleet")
    assert again.returncode == 1
    assert "is not overwritten" in again.stderr


def test_what_starts_no_cluster_and_what_is_a_platform_are_not_adopted(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "nothing to start" in _run(tmp_path, "init", "--from", "empty").stderr
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "gitops.py").write_text("")
    assert "declares a platform" in _run(tmp_path, "init", "--from", "platform").stderr
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["gitops.py"]
    assert _run(tmp_path, "init", "it", "--from", "empty").returncode == 2
