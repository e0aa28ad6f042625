"""How one command talks to a running ``nixernetes up``: a Unix socket, one JSON object a line, one answer a request.

The socket stands in a folder that only its user may enter, so the file system is the access control. The server has
no thread: the loop of ``up`` waits on it instead of sleeping, and answers between two reconciles. Whatever comes over
the socket ends nothing, and nobody who does not read his answer is waited for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import selectors
import socket
import stat
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Json

__all__ = ["ControlServer", "ask", "running_for", "socket_path"]

_MAX_REQUEST_BYTES = 4 * 1024 * 1024  # an edited object; etcd stores at most 1.5 MiB of one
_MAX_ANSWER_BYTES = 256 * 1024 * 1024  # the report of a large fleet has a tenth
_MAX_CONNECTIONS = 32  # one is answered in milliseconds; of more, those go that came first
_ANSWER_SECONDS = 30.0  # a reconcile that runs helm may keep the loop busy for a few seconds
_PART_BYTES = 64 * 1024
_MAX_PATH_BYTES = 107 if sys.platform == "linux" else 103  # the longest that fits into sun_path


def socket_path(folder: Path) -> Path:
    """Return where the socket of a working folder stands; short, because Unix limits such paths to about 100 bytes.

    Raises:
        InputError: the folder for sockets belongs to somebody else, or cannot be made.

    """
    name = f"{hashlib.sha256(str(folder.resolve()).encode(errors='surrogateescape')).hexdigest()[:16]}.sock"
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"nixernetes-{os.getuid()}"
    if len(os.fsencode(base / name)) > _MAX_PATH_BYTES and base.parent.is_dir():
        base = Path(tempfile.gettempdir()) / base.name
    try:
        with contextlib.suppress(FileExistsError):
            base.mkdir(mode=0o700)
        status = base.lstat()
    except OSError as error:
        remedy = "XDG_RUNTIME_DIR names the folder for it"
        raise InputError(f"the control socket has no place: {error.strerror}: {remedy}", subject=str(base)) from error
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise InputError("is not a folder, belongs to another user, or is open to others: remove it", subject=str(base))
    return base / name


@dataclass(slots=True)
class _Caller:
    """What has come from a connection, and what is still to go there."""

    heard: bytearray = field(default_factory=bytearray)
    answer: memoryview | None = None


class ControlServer:
    """Listens for requests.

    Args:
        path: where the socket stands; a stale one is replaced.
        folder: the working folder that it is for, told to those who look for it elsewhere.

    Raises:
        InputError: another ``up`` listens there already, or no socket can stand there.

    """

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        self._path = path
        self._note = path.with_suffix(".folder")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._take_place()
        except InputError:
            self._socket.close()
            raise
        if folder is not None:
            self._note.write_text(str(folder.resolve()), errors="surrogateescape")
        self._socket.listen()
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._callers: dict[socket.socket, _Caller] = {}

    def wait(self, seconds: float, answer: Callable[[Json], Json]) -> int:
        """Wait at most so long for requests, answer those that came, return how many they were."""
        answered = 0
        for key, _ in self._selector.select(max(seconds, 0.0)):
            if key.fileobj is self._socket:
                self._accept()
            elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._callers:
                answered += self._served(key.fileobj, answer)
        return answered

    def wake_on(self, descriptor: int) -> None:
        """Let :meth:`wait` end early, too, when there is something to read, such as a key that the user pressed."""
        self._selector.register(descriptor, selectors.EVENT_READ)

    def close(self) -> None:
        """Stop listening and remove the socket."""
        for connection in list(self._callers):
            self._drop(connection)
        self._selector.close()
        self._socket.close()
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _take_place(self) -> None:
        path = self._path
        try:
            if os.path.lexists(path):
                if _answers(path):
                    raise InputError("another `nixernetes up` runs for this folder: stop it first", subject=str(path))
                path.unlink()
            self._socket.bind(str(path))
        except OSError as error:
            raise InputError(
                f"no control socket can stand there: {error.strerror or error}", subject=str(path)
            ) from error

    def _accept(self) -> None:
        if len(self._callers) >= _MAX_CONNECTIONS:
            self._drop(next(iter(self._callers)))
        try:
            connection, _ = self._socket.accept()
        except OSError:  # whoever came has gone, or there are no file descriptors left: the next one finds one
            if self._callers:
                self._drop(next(iter(self._callers)))
            return
        connection.setblocking(False)
        self._callers[connection] = _Caller()
        self._selector.register(connection, selectors.EVENT_READ)

    def _served(self, connection: socket.socket, answer: Callable[[Json], Json]) -> int:
        """Take what has come and send what can go; return how many requests were answered."""
        caller, answered = self._callers[connection], 0
        try:
            if caller.answer is None:
                data = connection.recv(_PART_BYTES)
                caller.heard += data
                if b"\n" in data:
                    caller.answer = memoryview(json.dumps(_reply(bytes(caller.heard), answer)).encode() + b"\n")
                    answered = 1
                    self._selector.modify(connection, selectors.EVENT_WRITE)
                elif not data or len(caller.heard) > _MAX_REQUEST_BYTES:
                    self._drop(connection)
            while caller.answer is not None:  # ends where the connection takes no more, or with the answer
                caller.answer = caller.answer[connection.send(caller.answer[:_PART_BYTES]) :]
                if not caller.answer:
                    self._drop(connection)
                    break
        except BlockingIOError:
            pass
        except OSError:
            self._drop(connection)
        return answered

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        self._callers.pop(connection, None)
        connection.close()


def _reply(heard: bytes, answer: Callable[[Json], Json]) -> Json:
    try:
        request = json.loads(heard.split(b"\n", 1)[0])
    except (ValueError, RecursionError) as error:
        return {"error": f"not a JSON request: {error}"}
    try:
        return answer(request)
    except Exception as error:  # noqa: BLE001 - what another process asks for must not end what runs here
        return {"error": f"internal error: {type(error).__name__}: {error}"}


def running_for(folder: Path) -> Path:
    """Return the folder whose ``up`` is asked from a folder: itself, or the nearest one above it with an ``up``."""
    whole = folder.resolve()
    for each in (whole, *whole.parents):
        path = socket_path(each)
        if os.path.lexists(path) and _answers(path):
            return each
    return folder


def ask(path: Path, request: Json, seconds: float = _ANSWER_SECONDS) -> Json:
    """Send one request to a running ``up`` and return its answer, an object.

    Args:
        path: where its socket stands.
        request: the request.
        seconds: how long to wait for each part of the answer.

    Raises:
        RemoteError: nobody listens there, or no answer came in time.

    """
    try:
        with _connect(path, seconds) as connection:
            connection.sendall(json.dumps(request).encode() + b"\n")
            data = bytearray()
            while not data.endswith(b"\n"):
                part = connection.recv(_PART_BYTES)
                data += part
                if not part or len(data) > _MAX_ANSWER_BYTES:
                    break
            found = json.loads(data)
    except FileNotFoundError as error:
        raise RemoteError(f"no `nixernetes up` runs for this folder: {_elsewhere(path.parent)}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise RemoteError(f"the running `nixernetes up` did not answer: {error}") from error
    if not isinstance(found, dict):
        raise RemoteError("the running `nixernetes up` did not answer: no JSON object came")
    return found


def _elsewhere(base: Path) -> str:
    """Say what to do where nobody listens: name the folder of an ``up`` that runs, or start one."""
    folders = [
        note.read_text(errors="surrogateescape")
        for note in sorted(base.glob("*.folder"))
        if _answers(note.with_suffix(".sock"))
    ]
    if not folders:
        return "start it in another terminal, then try again"
    return f"one runs for {', '.join(folders[:3])}: name it with --target, or start one here"


def _connect(path: Path, seconds: float = _ANSWER_SECONDS) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
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
