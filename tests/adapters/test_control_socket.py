"""One command talks to a running up; nobody listens twice, and nobody waits for one that is gone."""

import errno
import os
import socket
import threading
from pathlib import Path
from typing import Any

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
    with pytest.raises(InputError, match="open to others"):
        socket_path(path.parent)


def _answered(server: ControlServer, answer: Any = lambda request: {"echo": request}) -> int:
    return next(count for count in iter(lambda: server.wait(5, answer), None) if count)


def test_what_fails_while_it_is_answered_is_told_and_ends_nothing(path: Path) -> None:
    def answer(request: Any) -> Any:
        raise KeyError(request["do"])

    server = ControlServer(path)
    for sent in (b'{"do": "get"}\n', b"[]\n", b"5\n"):
        with control_socket._connect(path) as client:
            client.sendall(sent)
            assert _answered(server, answer) == 1
            assert client.recv(65536).startswith(b'{"error": "internal error')
    server.close()


def test_more_connections_than_are_held_end_the_oldest(path: Path) -> None:
    server = ControlServer(path)
    clients = [control_socket._connect(path) for _ in range(3 * control_socket._MAX_CONNECTIONS)]
    for _ in clients:
        server.wait(0, lambda request: request)
    assert len(server._callers) <= control_socket._MAX_CONNECTIONS
    assert clients[0].recv(1) == b""
    clients[-1].sendall(b"{}\n")
    assert _answered(server) == 1
    for client in clients:
        client.close()
    server.close()


def test_no_file_descriptors_are_left_for_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class _Full:
        def accept(self) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

    server = ControlServer(path)
    with control_socket._connect(path):
        server.wait(5, lambda request: request)
        assert len(server._callers) == 1
        with monkeypatch.context() as patched:
            patched.setattr(server, "_socket", _Full())
            server._accept()
        assert not server._callers
    server.close()


def test_who_does_not_read_his_answer_keeps_nobody_waiting(path: Path) -> None:
    server = ControlServer(path)
    with control_socket._connect(path) as lazy, control_socket._connect(path) as other:
        lazy.sendall(b'"lazy"\n')
        assert _answered(server, lambda _: "x" * 8_000_000) == 1
        other.sendall(b'"other"\n')
        assert _answered(server) == 1
        assert other.recv(65536) == b'{"echo": "other"}\n'
        while lazy.recv(1_000_000):
            server.wait(0, lambda request: request)
    server.close()


@pytest.mark.parametrize("answer", [b"[]\n", b'"x"\n', b"[" * 100_000 + b"\n", b"", b"{"])
def test_an_odd_answer_is_told(path: Path, answer: bytes) -> None:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    listening.listen()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(RemoteError, match="did not answer"):
        ask(path, {})
    thread.join()
    listening.close()


@pytest.mark.parametrize("made", ["file", "dangling link", "link", "nothing"])
def test_a_place_for_sockets_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    place = tmp_path / f"nixernetes-{os.getuid()}"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone" if made == "nothing" else tmp_path))
    if made == "file":
        place.write_text("")
    elif made != "nothing":
        place.symlink_to(tmp_path if made == "link" else tmp_path / "gone")
    with pytest.raises(InputError, match=r"is not a folder|has no place"):
        socket_path(tmp_path)


def test_a_folder_where_the_socket_should_stand_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(InputError, match="no control socket can stand there"):
        ControlServer(path)


def test_a_long_runtime_folder_is_left_for_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / ("long" * 40)
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = control_socket.socket_path(tmp_path)
    assert len(bytes(path)) <= 107


def test_what_is_left_of_an_up_that_was_killed_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    below = tmp_path / "fleet" / "apps"
    below.mkdir(parents=True)
    control_socket.socket_path(below).touch()
    server = control_socket.ControlServer(control_socket.socket_path(below.parent), below.parent)
    try:
        assert control_socket.running_for(below) == below.parent
    finally:
        server.close()
