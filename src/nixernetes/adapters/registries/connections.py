"""HTTP connections for those who ask with certificates of their own, and for all others."""

from __future__ import annotations

import base64
import ssl
from pathlib import Path

import httpx

from nixernetes.adapters.exchanges import Deadline, Exchanges
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.errors import InputError
from nixernetes.render.sources.credentials import Credentials

__all__ = ["Connections", "basic_auth", "trusted"]

_TOTAL_SECONDS = 30.0  # half of Flux's default: one place must not hold up the rest


def basic_auth(who: Credentials) -> str:
    """Return the Authorization header of basic authentication, or ``""`` for nobody."""
    if not who.username:
        return ""
    return "Basic " + base64.b64encode(f"{who.username}:{who.password}".encode()).decode()


class Connections:
    """HTTP clients, one for each set of certificates.

    Args:
        timeout_seconds: how long a connection, one read or one write may take.
        deadline: when the answer to a question must have come; whoever asks one begins it.

    """

    def __init__(self, timeout_seconds: float, deadline: Deadline | None = None) -> None:
        self._timeout = timeout_seconds
        self.deadline = deadline or Deadline(_TOTAL_SECONDS)
        self._clients: dict[tuple[str, str, str], Exchanges] = {}

    def client(self, who: Credentials) -> Exchanges:
        """Return the client for who asks.

        Raises:
            InputError: a certificate or key cannot be used. The message holds nothing of it.

        """
        key = (who.ca, who.certificate, who.key)
        if key not in self._clients:
            self._clients[key] = Exchanges(
                self._timeout, self.deadline, verify=trusted(who.ca, who.certificate, who.key)
            )
        return self._clients[key]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()


def trusted(ca: str, certificate: str, key: str) -> ssl.SSLContext | bool:
    """Return which certificates are trusted, and one's own; all three are PEM, or ``""``.

    Raises:
        InputError: a certificate or key cannot be used. The message holds nothing of it.

    """
    if not ca and not certificate:
        return True
    try:
        context = ssl.create_default_context(cadata=ca) if ca else httpx.create_ssl_context()
    except (ssl.SSLError, ValueError):
        raise InputError("invalid secret data: 'ca.crt' holds no usable certificate (PEM)") from None
    if certificate:
        # The library reads files only; what it writes here is gone before the first connection.
        with temporary_folder("tls") as folder:
            chain = Path(folder) / "chain.pem"
            chain.touch(mode=0o600)
            chain.write_text(f"{certificate}\n{key}\n")
            try:
                context.load_cert_chain(chain, password=lambda: "")
            except (ssl.SSLError, ValueError, OSError):
                raise InputError("invalid secret data: 'tls.crt' and 'tls.key' are not a usable pair (PEM)") from None
    return context
