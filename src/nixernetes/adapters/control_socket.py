"""How one command talks to a running ``nixernetes up``: a Unix socket, one JSON object a line, one answer a request.

The socket stands in a folder that only its user may enter, so the file system is the access control. The server has
no thread: the loop of ``up`` waits on it instead of sleeping, and answers between two reconciles.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import selectors
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Json

__all__ = ["ControlServer", "ask", "socket_path"]

_MAX_REQUEST_BYTES = 64 * 1024  # a request is a command and a few names
_ANSWER_SECONDS = 30.0  # a reconcile that runs helm may keep the loop busy for a few seconds


def socket_path(folder: Path) -> Path:
    """Return where the socket of a working folder stands; short, because Unix limits such paths to about 100 bytes.

    Raises:
        InputError: the folder for sockets belongs to somebody else.

    """
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"nixernetes-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    status = base.lstat()
    if base.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise InputError("belongs to another user, or others may enter it: remove it", subject=str(base))
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return base / f"{name}.sock"


class ControlServer:
    """Listens for requests.

    Args:
        path: where the socket stands; a stale one is replaced.

    Raises:
        InputError: another ``up`` listens there already.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.exists():
            if _answers(path):
                raise InputError("another `nixernetes up` runs for this folder: stop it first", subject=str(path))
            path.unlink()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        self._socket.listen()
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._buffers: dict[socket.socket, bytes] = {}

    def wait(self, seconds: float, answer: Callable[[Json], Json]) -> int:
        """Wait at most so long for requests, answer those that came, return how many they were."""
        answered = 0
        for key, _ in self._selector.select(max(seconds, 0.0)):
            if key.fileobj is self._socket:
                self._accept()
            elif isinstance(key.fileobj, socket.socket):
                answered += self._read(key.fileobj, answer)
        return answered

    def close(self) -> None:
        """Stop listening and remove the socket."""
        for connection in list(self._buffers):
            self._drop(connection)
        self._selector.close()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        connection, _ = self._socket.accept()
        connection.setblocking(False)
        self._buffers[connection] = b""
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, connection: socket.socket, answer: Callable[[Json], Json]) -> int:
        try:
            data = connection.recv(_MAX_REQUEST_BYTES)
        except OSError:
            data = b""
        self._buffers[connection] += data
        buffer = self._buffers[connection]
        if b"\n" not in buffer:
            if not data or len(buffer) > _MAX_REQUEST_BYTES:
                self._drop(connection)
            return 0
        try:
            reply = answer(json.loads(buffer.split(b"\n", 1)[0]))
        except (ValueError, RecursionError) as error:
            reply = {"error": f"not a JSON request: {error}"}
        with contextlib.suppress(OSError):
            connection.setblocking(True)
            connection.settimeout(_ANSWER_SECONDS)
            connection.sendall(json.dumps(reply).encode() + b"\n")
        self._drop(connection)
        return 1

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        self._buffers.pop(connection, None)
        connection.close()


def ask(path: Path, request: Json) -> Json:
    """Send one request to a running ``up`` and return its answer.

    Raises:
        RemoteError: nobody listens there, or no answer came in time.

    """
    try:
        with _connect(path) as connection:
            connection.sendall(json.dumps(request).encode() + b"\n")
            data = b""
            while not data.endswith(b"\n"):
                part = connection.recv(65536)
                if not part:
                    break
                data += part
            return json.loads(data)
    except FileNotFoundError as error:
        raise RemoteError("no `nixernetes up` runs for this folder: start it, then try again") from error
    except (OSError, ValueError) as error:
        raise RemoteError(f"the running `nixernetes up` did not answer: {error}") from error


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        if isinstance(error, ConnectionRefusedError):
            raise FileNotFoundError(path) from error
        raise
    return connection


def _answers(path: Path) -> bool:
    try:
        _connect(path).close()
    except OSError:
        return False
    return True
