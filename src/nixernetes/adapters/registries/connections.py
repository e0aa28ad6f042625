"""HTTP connections for those who ask with certificates of their own, and for all others."""

from __future__ import annotations

import base64
import ssl
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from nixernetes.errors import InputError
from nixernetes.render.sources.credentials import Credentials

__all__ = ["Connections", "basic_auth", "shown_address"]

# A proxy of the environment cannot reach what listens on this machine.
_DIRECT = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}


def basic_auth(who: Credentials) -> str:
    """Return the Authorization header of basic authentication, or ``""`` for nobody."""
    if not who.username:
        return ""
    return "Basic " + base64.b64encode(f"{who.username}:{who.password}".encode()).decode()


def shown_address(address: str) -> str:
    """Return an address as messages show it: without a password, and without a query, which may hold a signature."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


class Connections:
    """HTTP clients, one for each set of certificates.

    Redirects are not followed: who is told what is for the caller to decide.

    Args:
        timeout_seconds: how long one request may take.

    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout = timeout_seconds
        self._clients: dict[tuple[str, str, str], httpx.Client] = {}

    def client(self, who: Credentials) -> httpx.Client:
        """Return the client for who asks.

        Raises:
            InputError: a certificate or key cannot be used. The message holds nothing of it.

        """
        key = (who.ca, who.certificate, who.key)
        if key not in self._clients:
            self._clients[key] = httpx.Client(timeout=self._timeout, mounts=_DIRECT, verify=_trusted(who))
        return self._clients[key]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()


def _trusted(who: Credentials) -> ssl.SSLContext | bool:
    if not who.ca and not who.certificate:
        return True
    try:
        context = ssl.create_default_context(cadata=who.ca) if who.ca else httpx.create_ssl_context()
    except (ssl.SSLError, ValueError):
        raise InputError("invalid secret data: 'ca.crt' holds no usable certificate (PEM)") from None
    if who.certificate:
        # The library reads files only; what it writes here is gone before the first connection.
        with tempfile.TemporaryDirectory(prefix="nixernetes-tls-") as folder:
            chain = Path(folder) / "chain.pem"
            chain.touch(mode=0o600)
            chain.write_text(f"{who.certificate}\n{who.key}\n")
            try:
                context.load_cert_chain(chain, password=lambda: "")
            except (ssl.SSLError, ValueError, OSError):
                raise InputError("invalid secret data: 'tls.crt' and 'tls.key' are no usable pair (PEM)") from None
    return context
