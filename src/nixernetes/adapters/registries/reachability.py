"""Hosts that cannot be reached: asking again for each release would take long, and end the same way."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from nixernetes.adapters.addresses import split_address
from nixernetes.errors import RemoteError

__all__ = ["Reachability", "has_proxy"]

_Answer = TypeVar("_Answer")
_PORTS: Mapping[str, int] = {"http": 80, "https": 443, "oci": 443}
_PROXIES = ("https_proxy", "http_proxy", "all_proxy")


class _Dead(NamedTuple):
    url: str
    plain: bool
    fact: str
    since: float


class Reachability:
    """Asks hosts, and remembers those that are dead; what is remembered is one text for each host.

    A host is tried with a bare connection before an HTTP client is loaded: where nothing answers, none is needed.

    Args:
        timeout_seconds: how long a connection may take.
        again_after_seconds: after how long a dead host is tried again; None: not in this run.
        offline: whether nobody is asked.

    """

    def __init__(
        self, timeout_seconds: float, again_after_seconds: float | None = None, *, offline: bool = False
    ) -> None:
        self._offline = offline
        self._refused: set[str] = set()
        self._timeout_seconds = timeout_seconds
        self._again_after_seconds = again_after_seconds
        self._dead: dict[str, _Dead] = {}
        self._alive: set[str] = set()

    @property
    def has_answers(self) -> bool:
        """Whether a host answered."""
        return bool(self._alive)

    @property
    def reached(self) -> list[str]:
        """The hosts that answered, sorted."""
        return sorted(self._alive)

    @property
    def refused(self) -> list[str]:
        """The URLs that would have been asked, had it been allowed."""
        return sorted(self._refused)

    @property
    def dead(self) -> list[tuple[str, bool, str]]:
        """The dead hosts: a URL that each was asked about, whether by plain HTTP, and what is said of it."""
        return [(each.url, each.plain, each.fact) for _, each in sorted(self._dead.items())]

    def ask(self, url: str, question: Callable[[], _Answer], *, plain: bool = False) -> _Answer:
        """Return the answer to a question that a host is asked.

        Args:
            url: what is asked about.
            question: asks.
            plain: whether an ``oci://`` URL is spoken to by plain HTTP.

        Raises:
            RemoteError: the host cannot be reached, or what the question raises.

        """
        self.probe(url, plain=plain)
        import httpx  # noqa: PLC0415  # it takes long to import, and not every run gets this far

        try:
            return question()
        except RemoteError as error:
            if not isinstance(error.__cause__, httpx.TransportError):
                raise
            reason = str(error.__cause__) or type(error.__cause__).__name__
            raise self._died(_host(url), reason, url, plain=plain) from error

    def probe(self, url: str, *, plain: bool = False) -> None:
        """Try a host once a run, with a bare connection; behind a proxy it is not tried.

        Raises:
            RemoteError: it cannot be reached, or nobody may be asked.

        """
        if self._offline:
            self._refused.add(url)
            raise RemoteError(
                f"{_host(url)} is not contacted, because of --offline: --source URL=PATH names a copy",
                subject=url,
            )
        host, parts = _host(url), split_address(url)
        self._refuse_dead(host, url)
        if host in self._alive or has_proxy():
            self._alive.add(host)
            return
        port = parts.port or _PORTS.get("http" if plain else parts.scheme, 443)
        try:
            socket.create_connection((parts.hostname or "", port), self._timeout_seconds).close()
        except OSError as error:
            raise self._died(host, str(error) or type(error).__name__, url, plain=plain) from error
        self._alive.add(host)

    def _refuse_dead(self, host: str, url: str) -> None:
        if host not in self._dead:
            return
        dead = self._dead[host]
        if self._again_after_seconds is not None and time.monotonic() - dead.since >= self._again_after_seconds:
            del self._dead[host]
            return
        raise RemoteError(dead.fact, subject=url)

    def _died(self, host: str, reason: str, url: str, *, plain: bool) -> RemoteError:
        fact = f"{host} cannot be reached: {reason}"
        self._alive.discard(host)
        self._dead[host] = _Dead(url, plain, fact, time.monotonic())
        return RemoteError(fact, subject=url)


def _host(url: str) -> str:
    return split_address(url).netloc.rpartition("@")[2]


def has_proxy() -> bool:
    """Tell whether the environment names a proxy, so that hosts are not reached by themselves."""
    return any(os.environ.get(name) or os.environ.get(name.upper()) for name in _PROXIES)
