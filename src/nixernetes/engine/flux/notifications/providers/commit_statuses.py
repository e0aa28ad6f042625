"""Commit statuses of Git hosts: each is looked up first, and set where it is not there yet, or says something else."""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from nixernetes.engine.flux.notifications.providers.dispatches import (
    Dispatch,
    ProviderError,
    commit_of,
    reason_in_words,
)
from nixernetes.engine.flux.notifications.providers.git_hosts import (
    JSON,
    git_place,
    gitea_version,
    github_repository,
    github_token,
    owner_and_name,
)
from nixernetes.engine.notices.encoding import basic_login, go_json
from nixernetes.engine.notices.requests import Exchange, WebReply, WebRequest, accepted, answered_json
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["azure_devops", "bitbucket", "bitbucket_server", "gitea", "github", "gitlab"]

_PROGRESSING: Final = "Progressing"
_NONE: Final = WebReply(body=b"[]")
_NO_VALUES: Final = WebReply(body=b'{"count": 0, "value": []}')
_MISSING: Final = WebReply(status=404, body=b"{}")
_BITBUCKET: Final = "https://api.bitbucket.org/2.0/repositories"
_SCM: Final = "/scm/"
_NOT_FOUND: Final = 404


def github(dispatch: Dispatch) -> Exchange:
    """Set a status of GitHub."""
    if dispatch.event.reason == _PROGRESSING:
        return
    token = yield from github_token(dispatch)
    place, commit = github_repository(dispatch), commit_of(dispatch)
    state = "failure" if dispatch.is_error else "success"
    wanted = {"state": state, "description": reason_in_words(dispatch), "context": dispatch.commit_status}
    url = place.url(f"commits/{commit}/statuses?per_page=50")
    answer = yield WebRequest(method="GET", url=url, headers=place.headers(token), reads=True, granted=_NONE)
    if _is_there(answered_json(accepted(answer)), wanted, "context"):
        return
    url = place.url(f"statuses/{commit}")
    accepted((yield WebRequest(url=url, headers=place.headers(token, writes=True), body=go_json(wanted) + b"\n")))


def gitlab(dispatch: Dispatch) -> Exchange:
    """Set a status of GitLab."""
    if dispatch.event.reason == _PROGRESSING:
        return
    if not dispatch.api_token:
        raise ProviderError("gitlab token cannot be empty")
    host, identifier = git_place(dispatch.address)
    commit, state = commit_of(dispatch), "failed" if dispatch.is_error else "success"
    words, name = reason_in_words(dispatch), dispatch.commit_status
    project = f"{host}/api/v4/projects/{quote(identifier, safe='')}"
    headers = {"Accept": JSON, "Private-Token": dispatch.api_token}
    url = f"{project}/repository/commits/{commit}/statuses?{urlencode({'name': name})}"
    answer = yield WebRequest(method="GET", url=url, headers=headers, reads=True, granted=_NONE)
    found: Json = answered_json(accepted(answer))
    wanted = {"sha": commit, "status": state, "description": words, "name": name}
    if any(_matches(each, wanted) for each in found if isinstance(found, list)):
        return
    body = go_json({"state": state, "name": name, "description": words})
    headers = {**headers, "Content-Type": JSON}
    accepted((yield WebRequest(url=f"{project}/statuses/{commit}", headers=headers, body=body)))


def gitea(dispatch: Dispatch) -> Exchange:
    """Set a status of Gitea or Forgejo; what is under way is pending."""
    if not dispatch.api_token:
        raise ProviderError("gitea token cannot be empty")
    host, identifier = git_place(dispatch.address)
    place, commit = f"{host}/api/v1/repos/{owner_and_name(identifier)}", commit_of(dispatch)
    state = "failure" if dispatch.is_error else "success"
    state = "pending" if dispatch.event.reason == _PROGRESSING else state
    headers = {"Authorization": f"token {dispatch.api_token}"}
    yield from gitea_version(host, headers)
    wanted = {"state": state, "description": reason_in_words(dispatch), "context": dispatch.commit_status}
    headers = {**headers, "Content-Type": JSON}
    url = f"{place}/commits/{commit}/statuses?limit=50&page=1"
    answer = yield WebRequest(method="GET", url=url, headers=headers, reads=True, granted=_NONE)
    found: Json = answered_json(accepted(answer))
    known = [{**each, "state": text_at(each, "status") or text_at(each, "state")} for each in _objects(found)]
    if _is_there(known, wanted, "context"):
        return
    body = {"state": state, "target_url": "", "description": wanted["description"], "context": wanted["context"]}
    accepted((yield WebRequest(url=f"{place}/statuses/{commit}", headers=headers, body=go_json(body))))


def bitbucket(dispatch: Dispatch) -> Exchange:
    """Set a status of Bitbucket Cloud; the token is ``<user>:<password>``."""
    if dispatch.event.reason == _PROGRESSING:
        return
    user, colon, password = dispatch.login.token.partition(":")
    if not dispatch.login.token:
        raise ProviderError("bitbucket token cannot be empty")
    if not colon or ":" in password:
        raise ProviderError("invalid token format, expected to be <user>:<password>")
    _, identifier = git_place(dispatch.address)
    name, commit = owner_and_name(identifier), commit_of(dispatch)
    key = _key(dispatch.commit_status)
    base = f"{_BITBUCKET}/{name}/commit/{commit}/statuses/build"
    headers = {"Authorization": basic_login(user, password)}
    wanted = {"state": "FAILED" if dispatch.is_error else "SUCCESSFUL", "description": reason_in_words(dispatch)}
    answer = yield WebRequest(method="GET", url=f"{base}/{key}", headers=headers, reads=True, granted=_MISSING)
    if answer.status != _NOT_FOUND and _matches(answered_json(accepted(answer)), wanted):
        return
    body = {
        "key": key,
        "url": "https://bitbucket.org",
        "state": wanted["state"],
        "name": _object_name(dispatch),
        "description": wanted["description"],
    }
    headers = {**headers, "Content-Type": JSON}
    accepted((yield WebRequest(url=base, headers=headers, body=go_json(body))))


def bitbucket_server(dispatch: Dispatch) -> Exchange:
    """Set a status of Bitbucket Server; its page shows the name alone, so the description stands there, too."""
    if dispatch.event.reason == _PROGRESSING:
        return
    login = dispatch.login
    if not login.token and not (dispatch.username and login.password):
        raise ProviderError("invalid credentials, expected to be one of username/password or API Token")
    url = f"{_bitbucket_server_place(dispatch.address)}/commits/{commit_of(dispatch)}/builds"
    words, key = reason_in_words(dispatch), _key(dispatch.commit_status)
    name, state = f"{_object_name(dispatch)} [{words}]", "FAILED" if dispatch.is_error else "SUCCESSFUL"
    auth = f"Bearer {login.token}" if login.token else basic_login(dispatch.username, login.password)
    headers = {"Authorization": auth, "X-Atlassian-Token": "no-check", "X-Requested-With": "XMLHttpRequest"}
    answer = yield WebRequest(method="GET", url=f"{url}?key={key}", headers=headers, reads=True, granted=_MISSING)
    wanted = {"key": key, "state": state, "description": words, "name": name}
    if answer.status != _NOT_FOUND and _matches(answered_json(accepted(answer)), wanted):
        return
    body = {"description": words, "key": key, "name": name, "state": state, "url": dispatch.address}
    accepted((yield WebRequest(url=url, headers={**headers, "Content-Type": JSON}, body=go_json(body) + b"\n")))


def _bitbucket_server_place(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise ProviderError(f"could not parse git address: unsupported scheme type in address: {parts.scheme}")
    before, found, identifier = parts.path.removesuffix(".git").rpartition(_SCM)
    if not found:
        raise ProviderError("could not parse git address: supplied provider address is not http(s) git clone url")
    project, _, name = owner_and_name(identifier).partition("/")
    return f"{parts.scheme}://{parts.netloc}{before}/rest/api/latest/projects/{project}/repos/{name}"


def azure_devops(dispatch: Dispatch) -> Exchange:
    """Set a status of Azure DevOps; a summary is a part of its genre."""
    if dispatch.event.reason == _PROGRESSING:
        return
    if not dispatch.login.token:
        raise ProviderError("not sent: nobody asks Azure for the token of an identity here: give one as token")
    host, identifier = git_place(dispatch.address)
    parts = identifier.split("/")
    if len(parts) != 4:  # organisation, project, _git, repository
        raise ProviderError(f"invalid repository id '{identifier}'")
    organisation, project, _, name = parts
    commit, words = commit_of(dispatch), reason_in_words(dispatch)
    url = f"{host}/{organisation}/{project}/_apis/git/repositories/{name}/commits/{commit}/statuses"
    auth = basic_login("", dispatch.login.token)
    headers = {"Accept": JSON, "Authorization": auth, "X-Tfs-Fedauthredirect": "Suppress"}
    accepted((yield WebRequest(method="OPTIONS", url=f"{host}/{organisation}/_apis", headers=headers, reads=True)))
    headers = {**headers, "Accept": f"{JSON};api-version=6.0-preview"}
    summary = dispatch.metadata.get("summary")
    genre = "fluxcd" if summary is None else f"fluxcd:{summary}"
    state = "error" if dispatch.is_error else "succeeded"
    answer = yield WebRequest(method="GET", url=url, headers=headers, reads=True, granted=_NO_VALUES)
    found: Json = answered_json(accepted(answer))
    known = _objects(found.get("value") if isinstance(found, dict) else None)
    ours = [
        each
        for each in known
        if (text_at(each, "context", "name"), text_at(each, "context", "genre")) == (dispatch.commit_status, genre)
    ]
    if ours and _matches(ours[0], {"state": state, "description": words}):
        return
    body = {
        "context": {"genre": genre, "name": dispatch.commit_status},
        "description": words,
        "state": state,
    }
    headers = {**headers, "Content-Type": f"{JSON};charset=utf-8"}
    accepted((yield WebRequest(url=url, headers=headers, body=go_json(body))))


def _is_there(found: Json, wanted: dict[str, str], name: str) -> bool:
    """Tell whether the latest status of a name says what is wanted; it stands first."""
    for each in _objects(found):
        if text_at(each, name) == wanted[name]:
            return _matches(each, wanted)
    return False


def _objects(found: Json) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _matches(found: Json, wanted: dict[str, str]) -> bool:
    return all(text_at(found, name) == text for name, text in wanted.items())


def _key(status: str) -> str:
    return hashlib.sha1(status.encode(), usedforsecurity=False).hexdigest()


def _object_name(dispatch: Dispatch) -> str:
    return f"{dispatch.event.key.kind}/{dispatch.event.key.name}".lower()
