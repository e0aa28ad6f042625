"""How a GitHub App logs in: it signs a short-lived token with its key, and gets one for an installation."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, TypeAlias

from nixernetes.engine.notices.requests import ForeignMessage, WebReply, WebRequest, accepted, answered_json
from nixernetes.errors import RemoteError
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["ACCEPT", "Asking", "installation_of", "installation_token"]

ACCEPT: Final = "application/vnd.github.v3+json"
_TOKEN: Final = WebReply(status=201, body=b'{"token": "***"}')

Asking: TypeAlias = Generator[WebRequest | ForeignMessage, WebReply, str]


def installation_token(api: str, app: str, key: str, installation: str) -> Asking:
    """Ask for the token of an installation, and return it.

    Raises:
        RemoteError: there is none.

    """
    url = f"{api.rstrip('/')}/app/installations/{installation}/access_tokens"
    answer = yield WebRequest(
        url=url, headers={"Accept": ACCEPT}, signed_by=(app, key), is_answered=True, granted=_TOKEN
    )
    token = text_at(answered_json(accepted(answer)), "token")
    if not token:
        raise RemoteError("GitHub gave no token for the installation of the app")
    return token


def installation_of(api: str, app: str, key: str, owner: str) -> Asking:
    """Ask which installation of an app is of an owner, and return its id.

    Raises:
        RemoteError: it is not installed there.

    """
    granted = WebReply(body=f'[{{"id": 0, "account": {{"login": "{owner}"}}}}]'.encode())
    url = f"{api.rstrip('/')}/app/installations?per_page=100"
    answer = yield WebRequest(
        method="GET", url=url, headers={"Accept": ACCEPT}, reads=True, signed_by=(app, key), granted=granted
    )
    found: Json = answered_json(accepted(answer))
    for each in found if isinstance(found, list) else []:
        if text_at(each, "account", "login").lower() == owner.lower() and isinstance(each.get("id"), int):
            return str(each["id"])
    raise RemoteError(f"the GitHub App is not installed for {owner}")
