"""GitHub, as an app: commit status, deployment, comments on pull requests, check run, repository dispatch."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from nixernetes.engine.argocd.notifications.services.letters import Letter, listed, present
from nixernetes.engine.notices.encoding import go_json
from nixernetes.engine.notices.github_apps import ACCEPT, installation_token
from nixernetes.engine.notices.requests import Exchange, WebReply, WebRequest, accepted, answered_json
from nixernetes.errors import InputError
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["full_name", "github"]

_NONE: Final = WebReply(body=b"[]")
_PULLS: Final = WebReply(body=b'[{"number": 0}]')
_DEPLOYED: Final = WebReply(status=201, body=b'{"id": 0}')
_TAG: Final = "<!-- argocd-notifications {} -->"
_LONGEST: Final = 140
_LONGEST_COMMENT: Final = 65_536
_TOO_MANY: Final = 422
_SCP: Final = re.compile(r"(?:[\w.~-]+@)?[\w.-]+:([\w./-]+)", re.ASCII)

_STATUSES: Final = "application/vnd.github.ant-man-preview+json, application/vnd.github.flash-preview+json"
_REACTIONS: Final = "application/vnd.github.squirrel-girl-preview"
_PULLS_ACCEPT: Final = "application/vnd.github.groot-preview+json"
_CHECKS: Final = "application/vnd.github.antiope-preview+json"


def full_name(url: str) -> str:
    """Return ``<owner>/<name>`` of a repository's URL, in whatever form; what has no owner gives the path."""
    try:
        parts = urlsplit(url)
        path = parts.path if parts.scheme else ""
    except ValueError:
        path = ""
    if not path:
        found = _SCP.fullmatch(url)
        path = found[1] if found else url
    path = path.removesuffix(".git")
    names = [part for part in path.split("/") if part]
    return "/".join(names[:2]) if len(names) >= 2 else path  # an owner and a name


def github(letter: Letter) -> Exchange:
    """Tell GitHub all that the template says."""
    part = letter.part("github")
    if not part:
        raise InputError("config is empty: the template says nothing for github")
    url = text_at(part, "repoURLPath")
    name = full_name(url)
    if "/" not in name:
        raise InputError(f"GitHub.repoURL ({url}) does not have a `/`")
    base = letter.setting("enterpriseBaseURL")
    api = base.rstrip("/") if base else "https://api.github.com"
    api = api if not base or api.endswith("/api/v3") else f"{api}/api/v3"
    app, installation = (str(at(letter.settings, field)) for field in ("appID", "installationID"))
    if not app.isdigit() or not installation.isdigit():
        raise InputError("appID and installationID of service.github must be numbers")
    token = yield from installation_token(base or api, app, letter.setting("privateKey"), installation)
    calls = _Calls(f"{api}/repos/{quote(name)}", token)
    revision, words = text_at(part, "revisionPath"), _cut(letter.message, _LONGEST)
    if part.get("status"):
        answer = yield calls.writes(f"statuses/{revision}", _status(part["status"], words))
        if answer.status == _TOO_MANY:  # too many statuses of this commit: the real one says so, and does not try again
            return
        accepted(answer)
    if part.get("deployment"):
        yield from _deploy(calls, part["deployment"], revision, words)
    if part.get("pullRequestComment"):
        yield from _comment(calls, part["pullRequestComment"], revision)
    if part.get("checkRun"):
        accepted((yield calls.writes("check-runs", _check_run(part["checkRun"], revision), _CHECKS)))
    if part.get("repositoryDispatch"):
        accepted((yield calls.writes("dispatches", _event(part["repositoryDispatch"]))))


class _Calls:
    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self._headers = {"Authorization": f"token {token}", "X-Github-Api-Version": "2022-11-28"}

    def asks(self, path: str, accept: str, granted: WebReply = _NONE) -> WebRequest:
        headers = {**self._headers, "Accept": accept}
        return WebRequest(method="GET", url=f"{self._base}/{path}", headers=headers, reads=True, granted=granted)

    def writes(
        self, path: str, body: Json, accept: str = ACCEPT, method: str = "POST", granted: WebReply = _DEPLOYED
    ) -> WebRequest:
        headers = {**self._headers, "Accept": accept, "Content-Type": "application/json"}
        return WebRequest(
            method=method,
            url=f"{self._base}/{path}",
            headers=headers,
            body=go_json(body) + b"\n",
            is_answered=path == "deployments",
            granted=granted,
        )


def _status(part: Json, words: str) -> Json:
    return {
        "state": text_at(part, "state"),
        "target_url": text_at(part, "targetURL"),
        "description": words,
        "context": text_at(part, "label"),
    }


def _deploy(calls: _Calls, part: Json, revision: str, words: str) -> Exchange:
    environment = text_at(part, "environment")
    query = urlencode(sorted(present(environment=environment, ref=revision).items()))
    found: Json = answered_json(accepted((yield calls.asks(f"deployments?{query}", ACCEPT))))
    number = at(found[0], "id") if isinstance(found, list) and found else None
    if number is None:
        body = {
            "ref": text_at(part, "reference") or revision,
            "auto_merge": at(part, "autoMerge") is not False,
            "required_contexts": at(part, "requiredContexts"),
            "environment": environment,
            "transient_environment": at(part, "transientEnvironment") is True,
        }
        answer = yield calls.writes("deployments", body, _STATUSES)
        number = at(answered_json(accepted(answer)), "id")
    body = {
        "state": text_at(part, "state"),
        "log_url": text_at(part, "logURL"),
        "description": words,
        "environment": environment,
        "environment_url": text_at(part, "environmentURL"),
    }
    accepted((yield calls.writes(f"deployments/{number}/statuses", body, _STATUSES)))


def _comment(calls: _Calls, part: Json, revision: str) -> Exchange:
    tag = text_at(part, "commentTag")
    mark = _TAG.format(tag) if tag else ""
    content = text_at(part, "content")
    body = _cut(f"{content}\n{mark}" if tag else content, _LONGEST_COMMENT)
    answer = yield calls.asks(f"commits/{revision}/pulls", _PULLS_ACCEPT, _PULLS)
    for pull in listed(answered_json(accepted(answer))):
        number, text = at(pull, "number"), body
        if tag:
            text = f"{body}\n{mark}"
            answer = yield calls.asks(f"issues/{number}/comments", _REACTIONS)
            comments = listed(answered_json(accepted(answer)))
            known = next((at(each, "id") for each in comments if mark in text_at(each, "body")), None)
            if known is not None:
                accepted((yield calls.writes(f"issues/comments/{known}", {"body": text}, method="PATCH")))
                continue
        accepted((yield calls.writes(f"issues/{number}/comments", {"body": text})))


def _check_run(part: Json, revision: str) -> Json:
    status, conclusion = text_at(part, "status"), text_at(part, "conclusion")
    completed = text_at(part, "completed_at")
    status = "completed" if conclusion and not status else status
    if (status == "completed" or completed) and not conclusion:
        raise InputError("github checkrun: conclusion is required when status is completed or completed_at is set")
    output = at(part, "output")
    said = {name: text_at(output, name) for name in ("title", "summary", "text")} if isinstance(output, dict) else {}
    return {
        "name": text_at(part, "name"),
        "head_sha": revision,
        "details_url": text_at(part, "details_url"),
        "external_id": "argocd-notifications",
        **present(
            status=status,
            conclusion=conclusion,
            started_at=text_at(part, "started_at"),
            completed_at=completed,
            output=said,
        ),
    }


def _event(part: Json) -> Json:
    try:
        payload = json.loads(text_at(part, "client_payload"))
    except (ValueError, RecursionError):
        raise InputError("client_payload of repositoryDispatch gives what is not JSON") from None
    return {"event_type": text_at(part, "event_type"), "client_payload": payload}


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
