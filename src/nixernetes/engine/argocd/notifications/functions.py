"""What conditions and templates may call: ``time``, ``strings``, ``repo`` (``util/notification/expression``, 3.5.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote_plus, urlsplit

from nixernetes.engine.argocd.notifications.services.github import full_name
from nixernetes.errors import InputError
from nixernetes.languages.go import moments
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.git import Snapshot

__all__ = ["TEMPLATE_FUNCTIONS", "variables"]

_TRANSPORTS: Final = ("ssh", "git", "git+ssh", "http", "https", "ftp", "ftps", "rsync", "file")


Commits = Callable[[str, str], Snapshot]


class _CommitFacts(dict[str, Json]):
    """What is known of a commit; what is not is refused, not empty."""

    def get(self, key: str, default: Json = None) -> Json:
        """Return a fact.

        Raises:
            InputError: it is not read here.

        """
        if key == "Tags":
            raise InputError("repo.GetCommitMetadata is not evaluated as a whole: the tags of a commit are not read")
        return super().get(key, default)


def _no_commits(url: str, revision: str) -> Snapshot:
    del url, revision
    raise InputError("repo.GetCommitMetadata is not evaluated: the commits of sources are not read here")


def variables(now: datetime, app: Json = None, commits: Commits = _no_commits) -> dict[str, Json]:
    """Return the packages that both conditions and templates see.

    Args:
        now: the present moment.
        app: the Application.
        commits: gives a repository at a revision, by its URL.

    """

    def metadata(revision: Json) -> Json:
        found = commits(text_at(app, "spec", "source", "repoURL"), str(revision))
        facts = {"Message": found.message.strip(), "Author": found.author, "Date": found.time, "Tags": None}
        return _CommitFacts({name: value for name, value in facts.items() if name != "Date" or value is not None})

    return {
        "time": {**moments.constants(), "Now": lambda: now, "Parse": moments.parsed},
        "strings": {
            "ReplaceAll": lambda text, old, new: text.replace(old, new),
            "ToUpper": lambda text: text.upper(),
            "ToLower": lambda text: text.lower(),
        },
        "repo": {
            "RepoURLToHTTPS": _https,
            "FullNameByRepoURL": full_name,
            "QueryEscape": quote_plus,
            "GetCommitMetadata": metadata,
            "GetAppDetails": lambda: _unread("repo.GetAppDetails", "the details of sources"),
        },
        "sync": {"GetInfoItem": _info},
    }


def _called(function: Json, *given: Json) -> Json:
    if not callable(function):
        raise InputError("call is given what is not a function")
    return function(*given)


def _https(url: str) -> str:
    """Return a repository's URL as one of HTTPS, without whoever logs in."""
    parts = urlsplit(url)
    if parts.scheme in _TRANSPORTS:
        return parts._replace(scheme="https", netloc=parts.netloc.rpartition("@")[2]).geturl()
    host, colon, path = url.rpartition("@")[2].partition(":")
    return f"https://{host}/{path.lstrip('/')}" if colon else f"https://{url}"


def _info(app: Json, name: str) -> str:
    """Return a line of ``spec.info`` of the operation that is under way, or was."""
    for place in (("status", "operationState", "operation", "info"), ("operation", "info"), ("spec", "info")):
        for each in objects_at(app, *place):
            if text_at(each, "name") == name:
                return text_at(each, "value")
    return ""


def _unread(function: str, what: str) -> Json:
    raise InputError(f"{function} is not evaluated: {what} are not read by this engine for notifications")


# Functions of templates besides Sprig's: ``call`` calls what a field holds.
TEMPLATE_FUNCTIONS: Final[Mapping[str, Callable[..., Json]]] = {"call": _called}
