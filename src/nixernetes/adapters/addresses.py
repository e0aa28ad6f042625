"""Addresses as users and servers write them: one that leads nowhere is told as a host that is not there would be."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from nixernetes.errors import RemoteError

__all__ = ["following", "shown_address", "split_address"]


def split_address(address: str) -> SplitResult:
    """Return the parts of an address; its host and its port can be asked for.

    Raises:
        RemoteError: it is none, or no host may have this name; what may be a password in it is not shown.

    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError as error:  # also what is no name of a host, which is told as a broken encoding
        raise RemoteError(f"not a URL: {error}", subject=address.rpartition("@")[2]) from error
    if not host:
        raise RemoteError("not a URL: it names no host", subject=address.rpartition("@")[2])
    return parts


def following(address: str, reference: str) -> str:
    """Return where an answer leads that came from an address.

    Raises:
        RemoteError: nowhere: the answer holds no address.

    """
    try:
        return urljoin(address, reference)
    except ValueError as error:
        host = split_address(address).netloc.rpartition("@")[2]
        raise RemoteError(f"{host} leads to an address that is not a URL: {error}") from error


def shown_address(address: str) -> str:
    """Return an address as messages show it: without a password, and without a query, which may hold a signature."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
