"""Which ApplicationSets a request concerns: pushes, and pull and merge requests.

As ``applicationset/webhook/webhook.go`` of Argo CD 3.5.7, whose controller listens by itself; here both listen at one
path. A generator of a matrix that is filled in from the one before is taken to be meant: what it will say is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from nixernetes.engine.argocd.webhooks.affected import same_repository
from nixernetes.engine.argocd.webhooks.pushes import (
    Push,
    PushError,
    Secrets,
    pushed_to_azure,
    pushed_to_github,
    pushed_to_gitlab,
    short,
    told_by_azure,
    told_by_github,
    told_by_gitlab,
)
from nixernetes.engine.webhooks import HookRequest
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["SetEvent", "is_set_affected", "read_set_event"]

_GITHUB: Final = ("opened", "closed", "synchronize", "labeled", "reopened", "unlabeled")
_GITLAB: Final = ("open", "close", "reopen", "update", "merge")
_AZURE: Final = ("git.pullrequest.created", "git.pullrequest.merged", "git.pullrequest.updated")
_CHILDREN: Final = 2  # of a matrix
_DEEPEST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEvent:
    """What a request tells ApplicationSets of: a push, or a pull request of a host, or neither.

    Attributes:
        push: the push.
        host: ``github``, ``gitlab``, ``azureDevOps``, or ``""``.
        places: how generators may name the project: of GitHub owner and name, of GitLab number and path, of Azure
            DevOps project and repository.
        api: the URL of its API, or its host.

    """

    push: Push | None = None
    host: str = ""
    places: tuple[str, str] = ("", "")
    api: str = ""


def read_set_event(request: HookRequest, secrets: Secrets) -> SetEvent:
    """Verify a request and return what it tells of.

    Raises:
        PushError: it is not verified, cannot be read, or comes of a host that the controller does not listen to.

    """
    if request.header("X-GitHub-Event"):
        return _of_github(*told_by_github(request, secrets, "push", "pull_request", "ping"))
    if request.header("X-Gitlab-Event"):
        events = ("Push Hook", "Tag Push Hook", "Merge Request Hook", "System Hook")
        return _of_gitlab(*told_by_gitlab(request, secrets, *events))
    if request.header("X-Vss-Activityid"):
        return _of_azure(*told_by_azure(request, secrets))
    raise PushError("Unknown webhook event")


def _of_github(event: str, payload: Json) -> SetEvent:
    if event == "push":
        return SetEvent(push=pushed_to_github(payload))
    if event == "ping" or text_at(payload, "action") not in _GITHUB:
        return SetEvent()
    repository = mapping_at(payload, "repository")
    places = text_at(repository, "owner", "login").lower(), text_at(repository, "name").lower()
    return SetEvent(host="github", places=places, api=text_at(repository, "url"))


def _of_gitlab(kind: str, payload: Json) -> SetEvent:
    if kind == "push":
        return SetEvent(push=pushed_to_gitlab(payload))
    if kind != "merge_request" or text_at(payload, "object_attributes", "action") not in _GITLAB:
        return SetEvent()
    number = str(number_at(payload, "object_attributes", "target_project_id"))
    places = number, text_at(payload, "project", "path_with_namespace").lower()
    return SetEvent(host="gitlab", places=places, api=_hostname(text_at(payload, "project", "web_url")))


def _of_azure(event: str, payload: Json) -> SetEvent:
    if event == "git.push":
        return SetEvent(push=pushed_to_azure(payload))
    if event not in _AZURE:
        raise PushError(f"unknown event {event}")
    repository = mapping_at(payload, "resource", "repository")
    return SetEvent(host="azureDevOps", places=(text_at(repository, "project", "name"), text_at(repository, "name")))


def is_set_affected(found: Manifest, event: SetEvent) -> bool:
    """Tell whether an ApplicationSet is to be generated again."""
    if event.push is None and not event.host:
        return False
    return any(_is_meant(each, event, is_top=True) for each in objects_at(found, "spec", "generators"))


def _is_meant(generator: Json, event: SetEvent, *, is_top: bool = False, depth: int = 0) -> bool:
    if depth > _DEEPEST:
        return False
    if _of_git(mapping_at(generator, "git"), event) or _of_pulls(mapping_at(generator, "pullRequest"), event):
        return True
    if is_top and "plugin" in generator:
        return True  # nobody knows what it reads
    children = objects_at(generator, "matrix", "generators")
    if len(children) == _CHILDREN:
        first, second = children
        return _is_meant(first, event, depth=depth + 1) or _is_meant(second, event, is_top=True, depth=depth + 1)
    return any(_is_meant(each, event, depth=depth + 1) for each in objects_at(generator, "merge", "generators"))


def _of_git(generator: Json, event: SetEvent) -> bool:
    if event.push is None or not generator:
        return False
    url, target = text_at(generator, "repoURL"), text_at(generator, "revision")
    if "{{" not in url and not any(same_repository(each, url) for each in event.push.urls):
        return False
    if short(target) in ("HEAD", ""):
        return event.push.touched_head
    return "{{" in target or event.push.revision in (short(target), target)


def _of_pulls(generator: Json, event: SetEvent) -> bool:
    found = mapping_at(generator, event.host) if event.host else {}
    if not found:
        return False
    if event.host == "github":
        names = text_at(found, "owner").lower(), text_at(found, "repo").lower()
        return names == event.places and _same_api(event.api, text_at(found, "api") or "https://api.github.com/")
    if event.host == "gitlab":
        project = text_at(found, "project").lower()
        return project in event.places and _hostname(text_at(found, "api") or "https://gitlab.com/") == event.api
    return (text_at(found, "project"), text_at(found, "repo")) == event.places


def _same_api(told: str, used: str) -> bool:
    """Tell whether an API is meant that a repository's URL begins with: the same host, whatever the protocol."""
    return bool(_hostname(told)) and _hostname(told) == _hostname(used if "://" in used else f"https://{used}")


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
