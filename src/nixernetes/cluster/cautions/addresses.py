"""Addresses that mean something and are not written as they should be (apimachinery ``pkg/util/validation/ip.go``)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

__all__ = ["of_address", "of_network"]

_LEADING_ZEROS: Final = re.compile(r"(?<![0-9a-fA-F:.])0+(?=\d)|(?<=\.)0+(?=\d)")


def of_address(path: str, text: str) -> Iterator[str]:
    """Yield what is to be said of an address (``GetWarningsForIP``)."""
    address = _address(text)
    if address is None:
        return
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    canonical = str(mapped or address)
    if mapped is not None or (address.version == 4 and canonical != text):
        yield (
            f'{path}: non-standard IP address "{text}" will be considered invalid in a future Kubernetes release: '
            f'use "{canonical}"'
        )
    elif canonical != text:
        yield f'{path}: IPv6 address "{text}" should be in RFC 5952 canonical format ("{canonical}")'


def of_network(path: str, text: str) -> Iterator[str]:
    """Yield what is to be said of a network (``GetWarningsForCIDR``)."""
    base, slash, length = text.partition("/")
    address = _address(base)
    if address is None or not slash or not length.isdecimal() or int(length) > address.max_prefixlen:
        return
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    bits = int(length) - (96 if mapped is not None else 0)
    network = ipaddress.ip_network(f"{mapped or address}/{max(bits, 0)}", strict=False)
    is_quiet = True
    if network.network_address != (mapped or address):
        is_quiet = False
        single = f"{mapped or address}/{(mapped or address).max_prefixlen}"
        yield f'{path}: CIDR value "{text}" is ambiguous in this context (should be "{network}" or "{single}"?)'
    if mapped is not None or (address.version == 4 and str(address) != base):
        is_quiet = False
        yield (
            f'{path}: non-standard CIDR value "{text}" will be considered invalid in a future Kubernetes release: '
            f'use "{network}"'
        )
    if is_quiet and address.version == 6 and f"{address}/{length}" != text:
        yield f'{path}: IPv6 CIDR value "{text}" should be in RFC 5952 canonical format ("{address}/{length}")'


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return an address, as Go's sloppy parser reads it: numbers may begin with zeros."""
    try:
        return ipaddress.ip_address(_LEADING_ZEROS.sub("", text) if ":" not in text else text)
    except ValueError:
        return None
