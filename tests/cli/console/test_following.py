"""On a terminal `up` draws one screen, obeys keys, leaves the terminal as it was, and ends with a report."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
from pathlib import Path

import pytest
from tests.repositories import committed

from nixernetes.adapters.terminal.keyboard import Keyboard

COMMAND = Path(sys.executable).with_name("nixernetes")
SYNC = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://git.example/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/dev, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
LOST = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: lost, namespace: flux-system}
spec: {interval: 10m, path: ./nowhere, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""


def fleet(folder: Path) -> Path:
    start = folder / "f" / "clusters" / "dev" / "flux-system"
    start.mkdir(parents=True)
    (start / "gotk-sync.yaml").write_text(SYNC)
    (start.parent / "lost.yaml").write_text(LOST)
    return committed(folder / "f", folder / "r")


def _until(descriptor: int, heard: bytearray, wanted: bytes) -> None:
    """Read from a terminal until it shows something, for at most a minute."""
    while wanted not in heard and select.select([descriptor], [], [], 60)[0]:
        try:
            heard += os.read(descriptor, 65_536)
        except OSError:  # the other side is gone
            return


@pytest.mark.slow
def test_up_ends_with_a_key_and_tells_what_is_not_ready_where_and_why(tmp_path: Path) -> None:
    repository, heard = fleet(tmp_path), bytearray()
    pid, screen = pty.fork()
    if not pid:
        os.environ.update(TERM="xterm-256color", XDG_RUNTIME_DIR=str(tmp_path))
        os.execv(COMMAND, [str(COMMAND), "up", str(repository)])  # noqa: S606
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    _until(screen, heard, b"1 failed")
    before = termios.tcgetattr(screen)
    os.write(screen, b"fq")
    _until(screen, heard, b"never shown")
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert not before[3] & termios.ICANON
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", heard.decode()).replace("\r", "")
    assert "the page is at http://127.0.0.1:" in plain
    last = plain[plain.rindex("✗ dev: ") :]
    assert last.startswith("✗ dev: Kustomization/flux-system/lost  False\n  declared  clusters/dev/lost.yaml:1\n  why ")
    assert "to do     spec.path must name a folder of its source" in last
    assert "2 of 3 deliveries ready, 1 failed" in last


def test_keys_have_names_and_what_is_no_key_is_left_out() -> None:
    mine, other = pty.openpty()
    try:
        with Keyboard(other) as keyboard:
            assert [*keyboard.pressed()] == []
            os.write(mine, b"\x1b[Aj\x1b[6~\x1b\x7f\x01q")
            select.select([other], [], [], 10)
            assert [*keyboard.pressed()] == ["up", "j", "page down", "escape", "backspace", "q"]
    finally:
        os.close(mine)
        os.close(other)
