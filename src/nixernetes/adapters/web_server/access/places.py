"""Where the page is served: on this machine alone, or elsewhere, by TLS and to those whom roles name."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from nixernetes.adapters.web_server.access.roles import read_roles
from nixernetes.errors import InputError

__all__ = ["HERE", "PagePlace", "place_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlace:
    """Where the page is served.

    Attributes:
        host: the address to listen at.
        port: the port; 0 takes a free one.
        url: what browsers call it; ``""`` is the loopback address.
        roles: the file of roles; None where whoever has a printed address may come in.
        certificate: the certificate, with those that it needs, as PEM.
        key: its key.

    """

    host: str = "127.0.0.1"
    port: int = 0
    url: str = ""
    roles: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether nobody but this machine reaches it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def checked(self) -> PagePlace:
        """Return it, where it is safe.

        Raises:
            InputError: others could reach it without TLS, or without roles; or what is said does not fit together.

        """
        if not self.is_loopback:
            lacks = [
                name
                for name, value in (("--roles FILE", self.roles), ("tls", self.certificate), ("url", self.url))
                if not value
            ]
            if lacks:
                told = " and ".join(lacks) if lacks[0] == "--roles FILE" else f"{' and '.join(lacks)} in {self.roles}"
                raise InputError(f"others reach {self.host}: that needs {told}", subject="--host")
        parts = urlsplit(self.url)
        wanted = "https" if self.certificate is not None else "http"
        if self.url and (parts.scheme != wanted or not parts.hostname or parts.path.strip("/") or parts.query):
            raise InputError(f"url: write it as {wanted}://NAME:PORT/", subject=str(self.roles))
        return self

    def encryption(self) -> ssl.SSLContext | None:
        """Return what encrypts it; None for plain HTTP.

        Raises:
            InputError: the certificate or the key cannot be used.

        """
        if self.certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise InputError(f"the certificate cannot be used: {error}", subject=str(self.certificate)) from error
        return context


HERE = PagePlace()


def place_of(host: str, port: int, roles: Path | None) -> PagePlace:
    """Return where the page is served, as the options and the file of roles say.

    Raises:
        InputError: the file is not of its form, or the place is not safe.

    """
    if roles is None:
        return PagePlace(host=host, port=port).checked()
    found = read_roles(roles)
    return PagePlace(
        host=host,
        port=port,
        url=found.url,
        roles=roles,
        certificate=roles.parent / found.tls.certificate if found.tls is not None else None,
        key=roles.parent / found.tls.key if found.tls is not None else None,
    ).checked()
