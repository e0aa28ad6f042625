"""Where a server listens, and how that is told."""

from __future__ import annotations

import socket

from nixernetes.adapters.api_server.serving import listening
from nixernetes.adapters.api_server.state_folders import StateFolder
from nixernetes.errors import InputError

__all__ = ["address_of", "listening_again"]


def listening_again(host: str, port: int, state: StateFolder | None) -> socket.socket:
    """Listen, where nothing else is said at the port of last time: kubeconfigs that were written then name it.

    Args:
        host: the address.
        port: the port; 0 takes the one of last time, or else a free one.
        state: remembers the port; None where nothing is remembered.

    Raises:
        InputError: nothing can listen there.
        StorageError: the port cannot be remembered.

    """
    if state is None:
        return listening(host, port)
    known = port or state.port
    try:
        sock = listening(host, known)
    except InputError as error:
        if port or not known:
            raise
        why = f"{error.message}; kubeconfigs of this cluster name that port: end what has it, or give another --port"
        raise InputError(why, subject=error.subject) from error
    state.note_port(sock.getsockname()[1])
    return sock


def address_of(host: str, sock: socket.socket) -> str:
    """Return host and port of a socket that listens."""
    port = sock.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
