"""Each Git host names itself by a header, proves itself in its own way, and tells of a push in its own words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from nixernetes.engine.argocd.webhooks.pushes import Push, PushError, read_push
from nixernetes.engine.webhooks import HookRequest

SECRETS = {
    "webhook.github.secret": "a",
    "webhook.gitlab.secret": "b",
    "webhook.bitbucket.uuid": "c",
    "webhook.bitbucketserver.secret": "d",
    "webhook.gogs.secret": "e",
    "webhook.azuredevops.username": "f",
    "webhook.azuredevops.password": "g",
}
URL = "https://example.com/org/repo"
COMMITS = [{"added": ["a"], "modified": ["b"], "removed": []}, {"added": [], "modified": [], "removed": ["c"]}]
OF_GITHUB = {
    "ref": "refs/heads/release/1.0",
    "repository": {"html_url": URL, "default_branch": "main"},
    "commits": COMMITS,
}
OF_GITLAB = {"ref": "refs/heads/main", "project": {"web_url": URL, "default_branch": "main"}, "commits": COMMITS}
OF_AZURE = {
    "eventType": "git.push",
    "resource": {
        "refUpdates": [{"name": "refs/heads/main"}],
        "repository": {"remoteUrl": URL, "defaultBranch": "refs/heads/main"},
    },
}
OF_BITBUCKET = {
    "repository": {"links": {"html": {"href": URL}}},
    "push": {"changes": [{"new": {"name": "main"}}, {"new": {"name": "other"}}]},
}
OF_SERVER = {
    "repository": {
        "links": {
            "clone": [
                {"name": "ssh", "href": "ssh://git@example.com:7999/org/repo.git"},
                {"name": "http", "href": "https://example.com/scm/org/repo.git"},
                {"name": "other", "href": "x"},
            ]
        }
    },
    "changes": [{"ref": {"id": "refs/tags/v1.2.3"}}],
}
BASIC = f"Basic {base64.b64encode(b'f:g').decode()}"


def mac(secret: str, payload: Any) -> str:
    """Return the signature of a payload."""
    return hmac.new(secret.encode(), json.dumps(payload).encode(), hashlib.sha256).hexdigest()


def read(payload: Any, headers: dict[str, str], secrets: dict[str, str] = SECRETS, method: str = "POST") -> Push:
    """Return what a request tells of."""
    told = {name.lower(): value for name, value in headers.items()}
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return read_push(HookRequest(method=method, path="/api/webhook", headers=told, body=body), secrets)


PROVEN: list[tuple[Any, dict[str, str], Push]] = [
    (
        OF_AZURE,
        {"X-Vss-Activityid": "1", "Authorization": BASIC},
        Push(urls=(URL,), revision="main", touched_head=True),
    ),
    (
        OF_GITHUB,
        {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={mac('a', OF_GITHUB)}"},
        Push(urls=(URL,), revision="release/1.0", files=("a", "b", "c")),
    ),
    (
        OF_GITHUB,
        {"X-Gogs-Event": "push", "X-GitHub-Event": "push", "X-Gogs-Signature": mac("e", OF_GITHUB)},
        Push(urls=(URL,), revision="release/1.0", files=("a", "b", "c")),
    ),
    ({"zen": "x"}, {"X-GitHub-Event": "ping", "X-Hub-Signature-256": f"sha256={mac('a', {'zen': 'x'})}"}, Push()),
    (
        OF_GITLAB,
        {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": "b"},
        Push(urls=(URL,), revision="main", touched_head=True, files=("a", "b", "c")),
    ),
    (
        {**OF_GITLAB, "ref": "refs/tags/v1"},
        {"X-Gitlab-Event": "Tag Push Hook", "X-Gitlab-Token": "b"},
        Push(urls=(URL,), revision="v1", files=("a", "b", "c")),
    ),
    (
        {**OF_GITLAB, "event_name": "push"},
        {"X-Gitlab-Event": "System Hook", "X-Gitlab-Token": "b"},
        Push(urls=(URL,), revision="main", touched_head=True, files=("a", "b", "c")),
    ),
    ({"event_name": "user_create"}, {"X-Gitlab-Event": "System Hook", "X-Gitlab-Token": "b"}, Push()),
    (
        OF_BITBUCKET,
        {"X-Hook-UUID": "c", "X-Event-Key": "repo:push"},
        Push(urls=(URL,), revision="main", touched_head=True),
    ),
    (
        OF_SERVER,
        {"X-Event-Key": "repo:refs_changed", "X-Hub-Signature": f"sha256={mac('d', OF_SERVER)}"},
        Push(
            urls=("ssh://git@example.com:7999/org/repo.git", "https://example.com/scm/org/repo.git"),
            revision="v1.2.3",
            touched_head=True,
        ),
    ),
    (b"", {"X-Event-Key": "diagnostics:ping"}, Push()),
]
PROOFS = ("authorization", "x-hub-signature-256", "x-gogs-signature", "x-gitlab-token", "x-hub-signature")


@pytest.mark.parametrize(("payload", "headers", "push"), PROVEN)
def test_what_is_proven_is_read(payload: Any, headers: dict[str, str], push: Push) -> None:
    assert read(payload, headers) == push


@pytest.mark.parametrize(("payload", "headers", "push"), PROVEN)
def test_who_has_no_secret_is_believed(payload: Any, headers: dict[str, str], push: Push) -> None:
    bare = {name: value for name, value in headers.items() if name.lower() not in PROOFS}
    assert read(payload, bare, {}) == push


@pytest.mark.parametrize(("payload", "headers", "push"), PROVEN)
def test_what_is_not_proven_is_refused(payload: Any, headers: dict[str, str], push: Push) -> None:
    del push
    proofs = [name for name in headers if name.lower() in PROOFS or name == "X-Hook-UUID"]
    for name in proofs:
        with pytest.raises(PushError) as refused:
            read(payload, {**headers, name: "sha256=0"})
        assert refused.value.status == 400
    assert proofs or headers == {"X-Event-Key": "diagnostics:ping"}


@pytest.mark.parametrize(
    ("headers", "body", "text", "status"),
    [
        ({}, b"{}", "Unknown webhook event", 400),
        ({"X-GitHub-Event": "issues"}, b"{}", "event not defined to be parsed", 400),
        ({"X-GitHub-Event": "push"}, b"", "error parsing payload", 400),
        ({"X-GitHub-Event": "push"}, b"[]", "the payload is not a JSON object", 400),
        ({"X-GitHub-Event": "push"}, b"[" * 100_000, "the payload is not a JSON object", 400),
        ({"X-Hook-UUID": "x"}, b"{}", "missing X-Event-Key Header", 400),
        ({"X-Vss-Activityid": "x"}, b'{"eventType": "build.complete"}', "unknown event build.complete", 400),
        (
            {"X-Gitlab-Event": "System Hook"},
            b'{"object_kind": "merge_request"}',
            "event not defined to be parsed",
            400,
        ),
    ],
)
def test_what_cannot_be_read_is_said(headers: dict[str, str], body: bytes, text: str, status: int) -> None:
    with pytest.raises(PushError, match=text) as refused:
        read(body, headers, {})
    assert refused.value.status == status


def test_only_a_post_is_one() -> None:
    with pytest.raises(PushError, match="invalid HTTP Method") as refused:
        read(OF_GITHUB, {"X-GitHub-Event": "push"}, {}, method="GET")
    assert refused.value.status == 405


@pytest.mark.parametrize(
    "payload", [{"ref": 1}, {"ref": {}, "repository": []}, {"commits": [1, {"added": "x"}, {"added": [1]}]}]
)
def test_payloads_of_other_shapes_hurt_nobody(payload: Any) -> None:
    for header, event in (("X-GitHub-Event", "push"), ("X-Gitlab-Event", "Push Hook"), ("X-Gogs-Event", "push")):
        assert read(payload, {header: event}, {}).files == ()
