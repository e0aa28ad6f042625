"""Comments on pull and merge requests, one for each object, written anew; and GitHub's repository dispatch."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from nixernetes.engine.flux.notifications.providers.chats import markdown
from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, ProviderError, event_of
from nixernetes.engine.flux.notifications.providers.git_hosts import (
    JSON,
    git_place,
    gitea_version,
    github_repository,
    github_token,
    owner_and_name,
)
from nixernetes.engine.notices.encoding import go_json
from nixernetes.engine.notices.requests import Exchange, WebReply, WebRequest, accepted, answered_json
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["github_dispatch", "on_gitea", "on_github", "on_gitlab"]

_NONE: Final = WebReply(body=b"[]")
_SELF: Final = WebReply(body=b'{"login": "", "username": ""}')
_REACTIONS: Final = "application/vnd.github.squirrel-girl-preview"
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}")


def github_dispatch(dispatch: Dispatch) -> Exchange:
    """Start the workflows that listen to ``repository_dispatch``."""
    token = yield from github_token(dispatch)
    place, key = github_repository(dispatch), dispatch.event.key
    body = {"event_type": f"{key.kind}/{key.name}.{key.namespace}", "client_payload": event_of(dispatch)}
    url, headers = place.url("dispatches"), place.headers(token, writes=True)
    accepted((yield WebRequest(url=url, headers=headers, body=go_json(body) + b"\n")))


def on_github(dispatch: Dispatch) -> Exchange:
    """Comment on a pull request of GitHub, or edit one's own comment about the object."""
    token, place = (yield from github_token(dispatch)), github_repository(dispatch)
    number, asks, writes = _number(dispatch), place.headers(token), place.headers(token, writes=True)
    body = go_json({"body": _body(dispatch, "pr")}) + b"\n"
    answer = yield WebRequest(method="GET", url=f"{place.api}user", headers=asks, reads=True, granted=_SELF)
    login = text_at(answered_json(accepted(answer)), "login")
    url = place.url(f"issues/{number}/comments?direction=asc&per_page=100&sort=created")
    answer = yield WebRequest(method="GET", url=url, headers={**asks, "Accept": _REACTIONS}, reads=True, granted=_NONE)
    found = _own(answered_json(accepted(answer)), login, _marker(dispatch, "pr"), "user", "login")
    if found:
        url = place.url(f"issues/comments/{found}")
        accepted((yield WebRequest(method="PATCH", url=url, headers=writes, body=body)))
    else:
        accepted((yield WebRequest(url=place.url(f"issues/{number}/comments"), headers=writes, body=body)))


def on_gitlab(dispatch: Dispatch) -> Exchange:
    """Comment on a merge request of GitLab, or edit one's own comment about the object."""
    if not dispatch.api_token:
        raise ProviderError("gitlab token cannot be empty")
    host, identifier = git_place(dispatch.address)
    number, asks = _number(dispatch), {"Accept": JSON, "Private-Token": dispatch.api_token}
    body, writes = go_json({"body": _body(dispatch, "mr")}), {**asks, "Content-Type": JSON}
    answer = yield WebRequest(method="GET", url=f"{host}/api/v4/user", headers=asks, reads=True, granted=_SELF)
    login = text_at(answered_json(accepted(answer)), "username")
    notes = f"{host}/api/v4/projects/{quote(identifier, safe='')}/merge_requests/{number}/notes"
    url = f"{notes}?order_by=created_at&per_page=100&sort=asc"
    answer = yield WebRequest(method="GET", url=url, headers=asks, reads=True, granted=_NONE)
    found = _own(answered_json(accepted(answer)), login, _marker(dispatch, "mr"), "author", "username")
    if found:
        accepted((yield WebRequest(method="PUT", url=f"{notes}/{found}", headers=writes, body=body)))
    else:
        accepted((yield WebRequest(url=notes, headers=writes, body=body)))


def on_gitea(dispatch: Dispatch) -> Exchange:
    """Comment on a pull request of Gitea, or edit one's own comment about the object."""
    if not dispatch.api_token:
        raise ProviderError("gitea token cannot be empty")
    host, identifier = git_place(dispatch.address)
    place, number = f"{host}/api/v1/repos/{owner_and_name(identifier)}", _number(dispatch)
    asks = {"Authorization": f"token {dispatch.api_token}"}
    body, writes = go_json({"body": _body(dispatch, "pr")}), {**asks, "Content-Type": JSON}
    yield from gitea_version(host, asks)
    answer = yield WebRequest(method="GET", url=f"{host}/api/v1/user", headers=asks, reads=True, granted=_SELF)
    login = text_at(answered_json(accepted(answer)), "login")
    url = f"{place}/issues/{number}/comments?limit=100&page=1"
    answer = yield WebRequest(method="GET", url=url, headers=asks, reads=True, granted=_NONE)
    found = _own(answered_json(accepted(answer)), login, _marker(dispatch, "pr"), "user", "login")
    if found:
        url = f"{place}/issues/comments/{found}"
        accepted((yield WebRequest(method="PATCH", url=url, headers=writes, body=body)))
    else:
        accepted((yield WebRequest(url=f"{place}/issues/{number}/comments", headers=writes, body=body)))


def _own(found: Json, login: str, marker: str, *author: str) -> str:
    """Return the id of one's own comment about the object, or ``""``."""
    for each in found if isinstance(found, list) else []:
        number = each.get("id") if isinstance(each, dict) else None
        if isinstance(number, int) and text_at(each, *author) == login and marker in text_at(each, "body"):
            return str(number)
    return ""


def _marker(dispatch: Dispatch, word: str) -> str:
    key = dispatch.event.key
    return f"<!-- flux-{word}-comment-key:{dispatch.uid}/{key.kind}/{key.namespace}/{key.name} -->"


def _body(dispatch: Dispatch, word: str) -> str:
    return f"{_marker(dispatch, word)}\n\n{markdown(dispatch)}"


def _number(dispatch: Dispatch) -> int:
    found = dispatch.metadata.get("change_request")
    if found is None:
        raise ProviderError('missing "change_request" metadata key')
    if not _NUMBER.fullmatch(found):
        raise ProviderError(f'invalid "change_request" metadata value "{found}": it is not a number')
    return int(found)
