"""Addresses and networks (apimachinery ``util/validation/ip.go``, v0.34.4)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["NO_ADDRESS", "NO_NETWORK", "address_version", "network", "sloppy_address"]

_ZEROS: Final = re.compile(r"(?<![0-9a-fA-F:])0+(?=\d+(?:\.|$))")

NO_ADDRESS: Final = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_NETWORK: Final = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"


def sloppy_address(text: Json) -> IPv4Address | IPv6Address | None:
    """Return an address, or None; numbers may begin with zeros (``ParseIPSloppy``)."""
    try:
        return ip_address(_ZEROS.sub("", str(text))) if "%" not in str(text) else None
    except ValueError:
        return None


def address_version(text: Json) -> int:
    """Return 4 or 6, or 0 for what is no address."""
    address = sloppy_address(text)
    return 0 if address is None else address.version


def network(text: Json) -> IPv4Network | IPv6Network | None:
    """Return a network; what is behind its mask does not count (``ParseCIDRSloppy``)."""
    try:
        return ip_network(_ZEROS.sub("", str(text)), strict=False) if "/" in str(text) else None
    except ValueError:
        return None
