"""Kubeconfig files: how clients find a server and prove who they are."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nixernetes.adapters.api_server.certificates import Pair
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

__all__ = ["ClusterContext", "kubeconfig", "write_kubeconfig"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterContext:
    """One cluster and its administrator.

    Attributes:
        name: the name of cluster, user and context.
        server: the URL.
        authority: the certificate of the authority, in PEM.
        token: the bearer token.
        client: the client certificate; None without one.

    """

    name: str
    server: str
    authority: bytes
    token: str
    client: Pair | None = None


def kubeconfig(contexts: Sequence[ClusterContext]) -> str:
    """Return a kubeconfig whose current context is the first."""
    return yamls.dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": each.name,
                    "cluster": {"server": each.server, "certificate-authority-data": _base64(each.authority)},
                }
                for each in contexts
            ],
            "users": [user for each in contexts for user in _users(each)],
            "contexts": [
                {"name": each.name, "context": {"cluster": each.name, "user": each.name}} for each in contexts
            ],
            "current-context": contexts[0].name if contexts else "",
        }
    )


def _users(context: ClusterContext) -> list[Json]:
    """Return the administrator by token, and the one by certificate beside: what proves too much cannot be left out."""
    users: list[Json] = [{"name": context.name, "user": {"token": context.token}}]
    if context.client is not None:
        pair = {"certificate": context.client.certificate, "key": context.client.key}
        data = {f"client-{name}-data": _base64(value) for name, value in pair.items()}
        users.append({"name": f"{context.name}-certificate", "user": data})
    return users


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def write_kubeconfig(path: Path, text: str) -> None:
    """Write a kubeconfig that only its user may read; the file is whole at any moment.

    Raises:
        InputError: it cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", subject=str(path)) from error
