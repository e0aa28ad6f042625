"""IP addresses and networks (k8s.io/apiserver ``pkg/cel/library/ip.go`` and ``cidr.go``)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.values import Opaque
from nixernetes.languages.go_quoting import go_quoted

__all__ = ["CIDR", "IP", "NETWORKS"]

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_LONGEST = 100
_BITS = re.compile(r"0|[1-9]\d{0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class IP(Opaque):
    """An address."""

    type_name: ClassVar[str] = "net.IP"
    address: _Address

    def __str__(self) -> str:
        return str(self.address)


@dataclass(frozen=True, slots=True)
class CIDR(Opaque):
    """An address with the number of bits that name its network."""

    type_name: ClassVar[str] = "net.CIDR"
    address: _Address
    bits: int

    def __str__(self) -> str:
        return f"{self.address}/{self.bits}"

    @property
    def network(self) -> int:
        """The bits of the network, without those of the host."""
        return int(self.address) >> (self.address.max_prefixlen - self.bits)


def _address(text: str) -> _Address:
    quoted = go_quoted(text)
    if "%" in text:
        raise EvaluationError(f"IP address {quoted} with zone value is not allowed")
    try:
        address = ipaddress.ip_address(text[:_LONGEST])
    except ValueError:
        reason = f"ParseAddr({quoted}): unable to parse IP"
        raise EvaluationError(f"IP Address {quoted} parse error during conversion from string: {reason}") from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        raise EvaluationError(f"IPv4-mapped IPv6 address {quoted} is not allowed")
    return address


def _ip(text: str) -> IP:
    return IP(_address(text))


_CONVERTED = "network address parse error during conversion from string"


def _cidr(text: str) -> CIDR:
    quoted = go_quoted(text)
    host, slash, bits = text.rpartition("/")
    if not slash:
        raise EvaluationError(f"{_CONVERTED}: {_CONVERTED}: netip.ParsePrefix({quoted}): no '/'")
    try:
        address = _address(host)
    except EvaluationError as error:
        raise EvaluationError(f"{_CONVERTED}: {error.message}") from error
    if _BITS.fullmatch(bits) is None or int(bits) > address.max_prefixlen:
        reason = "prefix length out of range" if _BITS.fullmatch(bits) else f"bad bits after slash: {go_quoted(bits)}"
        raise EvaluationError(f"{_CONVERTED}: {_CONVERTED}: netip.ParsePrefix({quoted}): {reason}")
    return CIDR(address, int(bits))


def _is(read: Callable[[str], object]) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            read(text)
        except EvaluationError:
            return False
        return True

    return test


def _is_canonical(text: str) -> bool:
    return str(_address(text)) == text


def _link_local_multicast(ip: IP) -> bool:
    if ip.address.version == 4:
        return int(ip.address) >> 8 == 0xE00000  # 224.0.0.0/24
    return (int(ip.address) >> 112) & 0xFF0F == 0xFF02


def _global_unicast(ip: IP) -> bool:
    address = ip.address
    broadcast = address.version == 4 and int(address) == 0xFFFFFFFF
    special = address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local
    return not (special or broadcast)


def _contains_ip(cidr: CIDR, ip: IP) -> bool:
    if cidr.address.version != ip.address.version:
        return False
    return int(ip.address) >> (cidr.address.max_prefixlen - cidr.bits) == cidr.network


def _contains_cidr(cidr: CIDR, other: CIDR) -> bool:
    return cidr.bits <= other.bits and _contains_ip(cidr, IP(other.address))


def _masked(cidr: CIDR) -> CIDR:
    return CIDR(type(cidr.address)(cidr.network << (cidr.address.max_prefixlen - cidr.bits)), cidr.bits)


NETWORKS = Library(
    name="kubernetes.net",
    functions=(
        function("ip", "(string) -> net.IP", _ip),
        function("isIP", "(string) -> bool", _is(_ip)),
        function("ip.isCanonical", "(string) -> bool", _is_canonical),
        function("string", "(net.IP) -> string", str),
        function("family", "net.IP.() -> int", lambda ip: ip.address.version),
        function("isUnspecified", "net.IP.() -> bool", lambda ip: ip.address.is_unspecified),
        function("isLoopback", "net.IP.() -> bool", lambda ip: ip.address.is_loopback),
        function("isLinkLocalMulticast", "net.IP.() -> bool", _link_local_multicast),
        function("isLinkLocalUnicast", "net.IP.() -> bool", lambda ip: ip.address.is_link_local),
        function("isGlobalUnicast", "net.IP.() -> bool", _global_unicast),
        function("cidr", "(string) -> net.CIDR", _cidr),
        function("isCIDR", "(string) -> bool", _is(_cidr)),
        function("string", "(net.CIDR) -> string", str),
        function("containsIP", "net.CIDR.(string) -> bool", lambda cidr, text: _contains_ip(cidr, _ip(text))),
        function("containsIP", "net.CIDR.(net.IP) -> bool", _contains_ip),
        function("containsCIDR", "net.CIDR.(string) -> bool", lambda cidr, text: _contains_cidr(cidr, _cidr(text))),
        function("containsCIDR", "net.CIDR.(net.CIDR) -> bool", _contains_cidr),
        function("ip", "net.CIDR.() -> net.IP", lambda cidr: IP(cidr.address)),
        function("masked", "net.CIDR.() -> net.CIDR", _masked),
        function("prefixLength", "net.CIDR.() -> int", lambda cidr: cidr.bits),
    ),
    constants={"net.IP": type_constant("net.IP"), "net.CIDR": type_constant("net.CIDR")},
)
