"""Notifications over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import httpx

from nixernetes.adapters.addresses import split_address
from nixernetes.adapters.exchanges import Deadline, Exchanges
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Manifest

__all__ = ["HttpNotifier"]

_TIMEOUT_SECONDS = 15.0  # Flux's default for a Provider
_AGAIN_SECONDS = 60.0  # after which a host that did not answer is asked again: each event would wait for it


class HttpNotifier:
    """Posts messages; a :class:`~nixernetes.engine.ports.Notifier`.

    Addresses and headers hold tokens, so messages name the host alone.

    Args:
        timeout_seconds: how long a connection, one read or one write may take.
        deadline: when a message must have been taken; what is answered besides the status is not read.
        clock: seconds that only grow.

    """

    def __init__(
        self,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        deadline: Deadline | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deadline = deadline or Deadline(_TIMEOUT_SECONDS)
        # The environment's proxies are not ours to use for a user's tokens unless told so.
        self._client = Exchanges(timeout_seconds, self._deadline, by_proxy=False)
        self._clock = clock
        self._dead: dict[str, tuple[float, str]] = {}

    def post(self, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Send one message: JSON for a mapping, text as it is.

        Raises:
            InputError: the address is not an HTTP one.
            RemoteError: it was not accepted (any answer but 2xx), or nobody answered.

        """
        host = _host(url)
        content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        sent = headers if isinstance(body, str) else {"Content-Type": "application/json", **headers}
        until, why = self._dead.get(host, (0.0, ""))
        if self._clock() < until:
            raise RemoteError(f"the notification was not delivered: {why}", subject=host)
        self._deadline.begin()
        try:
            response, _ = self._client.ask(
                url, 0, method="POST", headers=sent, content=content.encode(errors="replace"), wanted=lambda _: False
            )
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__  # httpx leaves some messages empty, and none names the address
            self._dead[host] = (self._clock() + _AGAIN_SECONDS, why)
            raise RemoteError(f"the notification was not delivered: {why}", subject=host) from error
        if not response.is_success:
            raise RemoteError(f"the notification was refused with status {response.status_code}", subject=host)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _host(url: str) -> str:
    try:
        split_address(url)
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, RemoteError) as error:
        raise InputError("the address of a notification is not a URL: write https://host/path") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InputError("the address of a notification must be http:// or https://")
    return f"{parsed.scheme}://{parsed.netloc.decode()}"
