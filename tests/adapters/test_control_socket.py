"""One command talks to a running up; nobody listens twice, and nobody waits for one that is gone."""

import threading
from pathlib import Path

import pytest

from nixernetes.adapters import control_socket
from nixernetes.adapters.control_socket import ControlServer, ask, socket_path
from nixernetes.errors import InputError, RemoteError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return socket_path(tmp_path)


def test_a_request_is_answered(path: Path) -> None:
    server = ControlServer(path)
    answers: list[object] = []
    client = threading.Thread(target=lambda: answers.append(ask(path, {"do": "get"})))
    client.start()
    while not server.wait(5, lambda request: {"echo": request}):
        pass
    client.join()
    server.close()
    assert answers == [{"echo": {"do": "get"}}]
    assert not path.exists()


@pytest.mark.parametrize("sent", [b"nonsense\n", b"[" * 40_000 + b"\n", b"\xff\n"])
def test_what_is_not_a_request_is_told_and_ends_nothing(path: Path, sent: bytes) -> None:
    server = ControlServer(path)
    with control_socket._connect(path) as client:
        client.sendall(sent)
        while not server.wait(5, lambda request: {"echo": request}):
            pass
        assert client.recv(65536).startswith(b'{"error": "not a JSON request')
    server.close()


def test_without_a_running_up_the_answer_says_what_to_do(path: Path) -> None:
    with pytest.raises(RemoteError, match="no `nixernetes up` runs for this folder"):
        ask(path, {})


def test_a_second_server_is_refused_and_a_stale_socket_is_replaced(path: Path) -> None:
    server = ControlServer(path)
    with pytest.raises(InputError, match="another `nixernetes up` runs"):
        ControlServer(path)
    server._socket.close()  # as a killed process leaves it: the file stands, nobody listens
    again = ControlServer(path)
    again.close()


def test_only_the_user_may_enter_the_folder(path: Path) -> None:
    assert path.parent.stat().st_mode & 0o077 == 0
    path.parent.chmod(0o755)
    with pytest.raises(InputError, match="others may enter it"):
        socket_path(path.parent)
