"""Which Applications a push concerns: their repository, their revision, their files (section 13).

As ``HandleEvent`` of ``util/webhook/webhook.go`` and ``util/app/path/path.go`` of Argo CD 3.3 do.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.webhooks.pushes import Push, short
from nixernetes.languages.globs import go_paths
from nixernetes.languages.semver import parse_constraint, parse_version
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_MANIFEST_PATHS

__all__ = ["has_changed_to", "is_affected", "same_repository"]

_PROTOCOL: Final = re.compile(r"(?:https?|ssh)://")
_USER: Final = re.compile(r"[\w.][\w.-]{0,30}[\w.$-]?@", re.ASCII)
_SSH: Final = re.compile(r"(?:alt)?ssh\.")
_PORT: Final = re.compile(r":\d+", re.ASCII)


def is_affected(app: Manifest, read: ReadApplication, push: Push) -> bool:
    """Tell whether an Application is to be compared again after a push."""
    return any(
        _has_changed(source, push)
        and any(same_repository(url, text_at(source, "repoURL")) for url in push.urls)
        and _concerns(_watched(app, source), push.files)
        for source in read.sources
    )


def same_repository(web: str, used: str) -> bool:
    """Tell whether a repository is meant by the URL of its web page, whatever protocol, user or port it is used by."""
    try:
        parts = urlsplit(web)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._").removeprefix("/").lower()
    text = used.lower()
    text = text[_end(_PROTOCOL, text) :]
    text = text[_end(_USER, text) :]
    return any(_is_path(rest, path) for rest in _after_host(text, host))


def _after_host(text: str, host: str) -> Iterator[str]:
    for start in {0, _end(_SSH, text)}:
        if text.startswith(host, start):
            rest = text[start + len(host) :]
            yield rest
            if _end(_PORT, rest):
                yield rest[_end(_PORT, rest) :]


def _is_path(rest: str, path: str) -> bool:
    return rest[:1] in (":", "/") and rest[1:] in (path, f"{path}.git")


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _has_changed(source: Json, push: Push) -> bool:
    target = text_at(source, "targetRevision")
    name = short(target)
    if name in ("HEAD", ""):
        return push.touched_head
    return has_changed_to(push.revision, name if target.startswith(("refs/heads/", "refs/tags/")) else target)


def has_changed_to(revision: str, target: str) -> bool:
    """Tell whether a branch or tag is what a source names: the same, or a version that its constraint admits."""
    if revision == target:
        return True
    try:
        constraint = parse_constraint(target)
    except ValueError:
        return False
    version = parse_version(revision)
    return version is not None and constraint.admits(version)


def _watched(app: Manifest, source: Json) -> list[str]:
    """Return the paths of ``manifest-generate-paths``, from the root of the repository."""
    said = [item for item in annotations_of(app).get(ARGOCD_MANIFEST_PATHS, "").split(";") if item]
    place = text_at(source, "path")
    return [item[1:] if item.startswith("/") else posixpath.normpath(posixpath.join(place, item)) for item in said]


def _concerns(watched: list[str], files: tuple[str, ...]) -> bool:
    if not files or not watched:
        return True
    return any(_is_below(_rooted(item), _rooted(file)) for file in files for item in watched)


def _rooted(path: str) -> str:
    return path if path.startswith("/") else f"/{path}"


def _is_below(item: str, file: str) -> bool:
    if file == item or go_paths.compiled(item, "/")(file):
        return True
    root = posixpath.normpath(item)
    folder = posixpath.dirname(posixpath.normpath(file))
    return root == "/" or f"{folder}/".startswith(f"{root}/")
