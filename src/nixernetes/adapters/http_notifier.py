"""Notifications over HTTP."""

from __future__ import annotations

import json

import httpx

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Manifest

__all__ = ["HttpNotifier"]

_TIMEOUT_SECONDS = 15.0  # Flux's default for a Provider


class HttpNotifier:
    """Posts messages; a :class:`~nixernetes.engine.ports.Notifier`.

    Addresses and headers hold tokens, so messages name the host alone.

    Args:
        timeout_seconds: how long one delivery may take.

    """

    def __init__(self, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        # The environment's proxies are not ours to use for a user's tokens unless told so.
        self._client = httpx.Client(timeout=timeout_seconds, trust_env=False, follow_redirects=False)

    def post(self, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Send one message: JSON for a mapping, text as it is.

        Raises:
            InputError: the address is not an HTTP one.
            RemoteError: it was not accepted (any answer but 2xx), or nobody answered.

        """
        host = _host(url)
        content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        sent = headers if isinstance(body, str) else {"Content-Type": "application/json", **headers}
        try:
            response = self._client.post(url, headers=sent, content=content.encode())
        except httpx.HTTPError as error:
            raise RemoteError(f"the notification was not delivered: {_reason(error)}", subject=host) from error
        if not response.is_success:
            raise RemoteError(f"the notification was refused with status {response.status_code}", subject=host)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _host(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError("the address of a notification is not a URL: write https://host/path") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InputError("the address of a notification must be http:// or https://")
    return f"{parsed.scheme}://{parsed.netloc.decode()}"


def _reason(error: httpx.HTTPError) -> str:
    """Say what happened; httpx leaves some messages empty, and none names the address."""
    return str(error) or type(error).__name__
