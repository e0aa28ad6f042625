"""A push concerns the Applications of its repository and revision, and of its files where paths are watched."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.app.console.worlds import settled

from nixernetes.app.web.hooks import answer_hook
from nixernetes.app.worlds import World
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.webhooks.affected import is_affected, same_repository
from nixernetes.engine.argocd.webhooks.pushes import Push
from nixernetes.engine.webhooks import HookRequest
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import ARGOCD_REFRESH

WEB = "https://example.com/org/repo"


def application(revision: str = "HEAD", watched: str = "", path: str = "apps/web", url: str = WEB) -> Any:
    """Return an Application."""
    meta: dict[str, Any] = {"name": "web", "namespace": "argocd"}
    if watched:
        meta["annotations"] = {"argocd.argoproj.io/manifest-generate-paths": watched}
    source = {"repoURL": url, "path": path, "targetRevision": revision}
    spec = {"project": "default", "source": source, "destination": {"name": "in-cluster", "namespace": "web"}}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": meta, "spec": spec}


def affected(app: Any, **push: Any) -> bool:
    """Tell whether a push concerns an Application."""
    return is_affected(app, ReadApplication.decode(app), Push(**{"urls": (WEB,), "revision": "main", **push}))


@pytest.mark.parametrize(
    ("used", "is_same"),
    [
        ("https://example.com/org/repo", True),
        ("https://example.com/org/repo.git", True),
        ("http://user@example.com:8080/org/repo.git", True),
        ("git@example.com:org/repo.git", True),
        ("git@example.com:org/repo", True),
        ("ssh://git@example.com/org/repo", True),
        ("ssh://git@ssh.example.com:443/org/repo.git", True),
        ("ssh://git@altssh.example.com:443/org/repo.git", True),
        ("example.com/org/repo", True),
        ("HTTPS://Example.com/Org/Repo", True),
        ("https://example.com/org/repo2", False),
        ("https://example.com/other/org/repo", False),
        ("https://example.com/org/repo/", False),
        ("https://example.com.evil/org/repo", False),
        ("https://evil/example.com/org/repo", False),
        ("git://example.com/org/repo", False),
        ("", False),
    ],
)
def test_a_repository_is_the_same_by_any_protocol(used: str, *, is_same: bool) -> None:
    assert same_repository(WEB, used) is is_same


@pytest.mark.parametrize(
    ("target", "revision", "touched", "is_meant"),
    [
        ("HEAD", "main", True, True),
        ("HEAD", "main", False, False),
        ("", "dev", True, True),
        ("main", "main", False, True),
        ("refs/heads/main", "main", False, True),
        ("refs/tags/v1", "v1", False, True),
        ("release/1.0", "release/1.0", False, True),
        ("main", "dev", True, False),
        ("1.*", "v1.2.3", False, True),
        (">=1.0.0 <2", "1.5.0", False, True),
        ("^2", "1.5.0", False, False),
        ("1.*", "main", False, False),
    ],
)
def test_the_revision_must_be_the_wanted_one(target: str, revision: str, *, touched: bool, is_meant: bool) -> None:
    assert affected(application(target), revision=revision, touched_head=touched) is is_meant


@pytest.mark.parametrize(
    ("watched", "files", "is_meant"),
    [
        ("", ("docs/a.md",), True),
        (".", (), True),
        (".", ("apps/web/a.yaml",), True),
        (".", ("apps/web/base/a.yaml",), True),
        (".", ("apps/website/a.yaml",), False),
        (".;../base", ("apps/base/a.yaml",), True),
        ("/shared", ("shared/x/y",), True),
        ("/shared;;", ("apps/web/a.yaml",), False),
        ("/apps/*/a.yaml", ("apps/web/a.yaml",), True),
        ("/apps/*/a.yaml", ("apps/web/base/a.yaml",), False),
        ("/", ("x",), True),
    ],
)
def test_watched_paths_must_have_changed(watched: str, files: tuple[str, ...], *, is_meant: bool) -> None:
    assert affected(application(watched=watched), touched_head=True, files=files) is is_meant


@pytest.fixture(name="world", scope="module")
def a_world() -> Iterator[World]:
    with settled(engine="argocd") as world:
        yield world


def sent(world: World, url: str, **headers: str) -> int:
    """Return the status of a push to a repository."""
    body = {"ref": "refs/heads/main", "repository": {"html_url": url, "default_branch": "main"}}
    told = {"x-github-event": "push", **headers}
    request = HookRequest(method="POST", path="/api/webhook", headers=told, body=json.dumps(body).encode())
    return answer_hook(world, request).status


def refreshed(world: World) -> list[str]:
    """Return the Applications that are asked to be compared again."""
    plane = world.clusters[world.control_plane]
    return [each["metadata"]["name"] for each in plane.list(APPLICATION) if ARGOCD_REFRESH in annotations_of(each)]


def test_a_push_refreshes_the_applications_of_its_repository(world: World) -> None:
    plane = world.clusters[world.control_plane]
    urls = {each["spec"]["source"]["repoURL"].removesuffix(".git") for each in plane.list(APPLICATION)}
    assert sent(world, "https://example.com/other/repository") == 200
    assert refreshed(world) == []
    for url in urls:
        assert sent(world, url) == 200
    assert refreshed(world) == [each["metadata"]["name"] for each in plane.list(APPLICATION)]


def test_a_secret_of_the_control_plane_must_be_met(world: World) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "argocd-secret", "namespace": "argocd"},
        "stringData": {"webhook.github.secret": "$real", "real": "x\n"},
    }
    world.clusters[world.control_plane].apply(secret, manager="somebody", force=True)
    assert sent(world, WEB) == 400
    body = {"ref": "refs/heads/main", "repository": {"html_url": WEB, "default_branch": "main"}}
    told = hmac.new(b"x", json.dumps(body).encode(), hashlib.sha256).hexdigest()
    assert sent(world, WEB, **{"x-hub-signature-256": f"sha256={told}"}) == 200
