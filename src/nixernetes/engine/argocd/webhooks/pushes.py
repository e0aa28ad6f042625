"""What a push says, whoever tells of it: Azure DevOps, Gogs and Gitea, GitHub, GitLab, Bitbucket Cloud and Server.

As ``util/webhook`` of Argo CD 3.5.7 (``processWebhook``, ``affectedRevisionInfo``) and the parsers that it takes from
go-playground/webhooks 6.4 do: which header names whom, how each proves itself, what its payload says. A host whose
secret is not set in ``argocd-secret`` is believed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.engine.webhooks import HookRequest, is_signed
from nixernetes.errors import NixernetesError
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = [
    "Push",
    "PushError",
    "Secrets",
    "pushed_to_azure",
    "pushed_to_github",
    "pushed_to_gitlab",
    "read_push",
    "told_by_azure",
    "told_by_github",
    "told_by_gitlab",
]

_SIGNED: Final = "sha256="
_UNDEFINED: Final = "event not defined to be parsed"
_UNREADABLE: Final = "error parsing payload"
_HMAC: Final = "HMAC verification failed"
_GITLAB_KINDS: Final[Mapping[str, str]] = {
    "Push Hook": "push",
    "Tag Push Hook": "tag_push",
    "Merge Request Hook": "merge_request",
}

Secrets = Mapping[str, str]


class PushError(NixernetesError):
    """A request is not verified, or cannot be read.

    Attributes:
        status: the status of HTTP.

    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What was pushed.

    Attributes:
        urls: the URLs of the repository; none: the request tells of no push.
        revision: the branch or tag, without what stands before its name.
        touched_head: whether the default branch was pushed, as far as that is told.
        files: the files that changed; none where that is not told.

    """

    urls: tuple[str, ...] = ()
    revision: str = ""
    touched_head: bool = False
    files: tuple[str, ...] = ()


def read_push(request: HookRequest, secrets: Secrets) -> Push:
    """Verify a request and return what it tells of.

    Args:
        request: the request.
        secrets: the data of ``argocd-secret``, references in it replaced.

    Raises:
        PushError: it is not verified, or cannot be read.

    """
    for header, read in _HOSTS:
        if request.header(header):
            return read(request, secrets)
    raise PushError("Unknown webhook event")


def short(ref: str) -> str:
    """Return the name of a ref: what stands behind ``refs/heads/`` and the like."""
    return ref.split("/", 2)[-1]


def _of_azure(request: HookRequest, secrets: Secrets) -> Push:
    event, payload = told_by_azure(request, secrets)
    if event != "git.push":
        raise PushError(f"unknown event {event}")
    return pushed_to_azure(payload)


def told_by_azure(request: HookRequest, secrets: Secrets) -> tuple[str, Json]:
    """Return the event of a request of Azure DevOps, verified, and its payload.

    Raises:
        PushError: it is not verified, or cannot be read.

    """
    user, password = _secret(secrets, "azuredevops.username"), _secret(secrets, "azuredevops.password")
    if (user or password) and not _is_basic(request, user, password):
        raise PushError("basic auth verification failed")
    _posted(request)
    payload = _payload(request, "")
    return text_at(payload, "eventType"), payload


def pushed_to_azure(payload: Json) -> Push:
    """Return what a push of Azure DevOps says."""
    resource = mapping_at(payload, "resource")
    update = next(iter(objects_at(resource, "refUpdates")), {})
    return Push(
        urls=(text_at(resource, "repository", "remoteUrl"),),
        revision=short(text_at(update, "name")),
        touched_head=bool(update) and text_at(update, "name") == text_at(resource, "repository", "defaultBranch"),
    )


def _is_basic(request: HookRequest, user: str, password: str) -> bool:
    scheme, _, text = request.header("Authorization").partition(" ")
    try:
        given = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return scheme.lower() == "basic" and hmac.compare_digest(given, f"{user}:{password}".encode())


def _of_gogs(request: HookRequest, secrets: Secrets) -> Push:
    _posted(request)
    _event(request, "X-Gogs-Event", "push")
    secret = _secret(secrets, "gogs.secret")
    if secret:
        _signed(request, secret, "X-Gogs-Signature", _body(request), "")
    payload = _payload(request)
    repository = mapping_at(payload, "repository")
    return _pushed(payload, text_at(repository, "html_url"), text_at(repository, "default_branch"))


def _of_github(request: HookRequest, secrets: Secrets) -> Push:
    event, payload = told_by_github(request, secrets, "push", "ping")
    return Push() if event == "ping" else pushed_to_github(payload)


def told_by_github(request: HookRequest, secrets: Secrets, *events: str) -> tuple[str, Json]:
    """Return the event of a request of GitHub, verified, and its payload.

    Raises:
        PushError: it is not verified, cannot be read, or tells of another event.

    """
    _posted(request)
    event = _event(request, "X-GitHub-Event", *events)
    secret = _secret(secrets, "github.secret")
    if secret:
        _signed(request, secret, "X-Hub-Signature-256", _body(request), _SIGNED)
    return event, _payload(request)


def pushed_to_github(payload: Json) -> Push:
    """Return what a push of GitHub says."""
    repository = mapping_at(payload, "repository")
    return _pushed(payload, text_at(repository, "html_url"), text_at(repository, "default_branch"))


def _of_gitlab(request: HookRequest, secrets: Secrets) -> Push:
    kind, payload = told_by_gitlab(request, secrets, "Push Hook", "Tag Push Hook", "System Hook")
    if kind == "merge_request":
        raise PushError(_UNDEFINED)
    return pushed_to_gitlab(payload) if kind in ("push", "tag_push") else Push()


def told_by_gitlab(request: HookRequest, secrets: Secrets, *events: str) -> tuple[str, Json]:
    """Return what kind of thing a request of GitLab tells of, verified, and its payload.

    Raises:
        PushError: it is not verified, cannot be read, or tells of another event.

    """
    _posted(request)
    secret = _secret(secrets, "gitlab.secret")
    if secret and not hmac.compare_digest(request.header("X-Gitlab-Token").encode(errors="replace"), secret.encode()):
        raise PushError("X-Gitlab-Token validation failed")
    event = _event(request, "X-Gitlab-Event", *events)
    payload = _payload(request)
    if event != "System Hook":
        return _GITLAB_KINDS[event], payload
    said = text_at(payload, "object_kind"), text_at(payload, "event_name")
    return said[0] if said[0] in _GITLAB_KINDS.values() else said[1], payload


def pushed_to_gitlab(payload: Json) -> Push:
    """Return what a push of GitLab says."""
    project = mapping_at(payload, "project")
    return _pushed(payload, text_at(project, "web_url"), text_at(project, "default_branch"))


def _of_bitbucket(request: HookRequest, secrets: Secrets) -> Push:
    _posted(request)
    given, uuid = request.header("X-Hook-UUID"), _secret(secrets, "bitbucket.uuid")
    if not request.header("X-Event-Key"):
        raise PushError("missing X-Event-Key Header")
    if uuid and not hmac.compare_digest(given.encode(errors="replace"), uuid.encode()):
        raise PushError("UUID verification failed")
    _event(request, "X-Event-Key", "repo:push")
    payload = _payload(request)
    change = next(iter(objects_at(payload, "push", "changes")), {})
    url = text_at(payload, "repository", "links", "html", "href")
    # Whether the default branch was pushed is not told; Argo CD compares then.
    return Push(urls=(url,), revision=text_at(change, "new", "name"), touched_head=True)


def _of_bitbucket_server(request: HookRequest, secrets: Secrets) -> Push:
    _posted(request)
    if _event(request, "X-Event-Key", "repo:refs_changed", "diagnostics:ping") == "diagnostics:ping":
        return Push()
    secret = _secret(secrets, "bitbucketserver.secret")
    body = _body(request)
    if secret:
        _signed(request, secret, "X-Hub-Signature", body, _SIGNED)
    payload = _payload(request)
    links = objects_at(payload, "repository", "links", "clone")
    urls = [text_at(link, "href") for link in links if text_at(link, "name") in ("http", "ssh")]
    change = next(iter(objects_at(payload, "changes")), {})
    return Push(urls=tuple(filter(None, urls)), revision=short(text_at(change, "ref", "id")), touched_head=True)


_HOSTS: Final[tuple[tuple[str, Callable[[HookRequest, Secrets], Push]], ...]] = (
    ("X-Vss-Activityid", _of_azure),
    ("X-Gogs-Event", _of_gogs),  # before GitHub's, which Gogs sends too
    ("X-GitHub-Event", _of_github),
    ("X-Gitlab-Event", _of_gitlab),
    ("X-Hook-UUID", _of_bitbucket),
    ("X-Event-Key", _of_bitbucket_server),
)


def _pushed(payload: Json, url: str, default: str) -> Push:
    revision = short(text_at(payload, "ref"))
    return Push(urls=(url,), revision=revision, touched_head=default == revision, files=tuple(_files(payload)))


def _files(payload: Json) -> Iterator[str]:
    for commit in objects_at(payload, "commits"):
        for part in ("added", "modified", "removed"):
            yield from (each for each in items_at(commit, part) if isinstance(each, str))


def _secret(secrets: Secrets, name: str) -> str:
    return secrets.get(f"webhook.{name}", "")


def _posted(request: HookRequest) -> None:
    if request.method != "POST":
        raise PushError("invalid HTTP Method", 405)


def _event(request: HookRequest, header: str, *known: str) -> str:
    event = request.header(header)
    if event not in known:
        raise PushError(_UNDEFINED)
    return event


def _body(request: HookRequest) -> bytes:
    if not request.body:
        raise PushError(_UNREADABLE)
    return request.body


def _signed(request: HookRequest, secret: str, header: str, body: bytes, prefix: str) -> None:
    given = request.header(header)
    if not given:
        raise PushError(f"missing {header} Header")
    if not is_signed(body, secret, given.removeprefix(prefix), "sha256"):
        raise PushError(_HMAC)


def _payload(request: HookRequest, told: str = "the payload is not a JSON object") -> Json:
    try:
        found = json.loads(_body(request))
    except (ValueError, RecursionError) as error:
        raise PushError(told or _UNREADABLE) from error
    if not isinstance(found, dict):
        raise PushError(told or _UNREADABLE)
    return found
