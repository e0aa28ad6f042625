"""Addresses as users and servers write them: one that leads nowhere is told as a host that is not there would be."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from nixernetes.errors import RemoteError

__all__ = ["following", "split_address"]


def split_address(address: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        RemoteError: it is none; what may be a password in it is not shown.

    """
    try:
        return urlsplit(address)
    except ValueError as error:
        raise RemoteError(f"not a URL: {error}", subject=address.rpartition("@")[2]) from error


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
