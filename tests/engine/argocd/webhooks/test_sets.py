"""ApplicationSets are generated again after pushes and pull requests that their generators are about."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from tests.engine.argocd.conftest import Plane
from tests.engine.argocd.samples import application, config_map

from nixernetes.engine.argocd.webhooks.answering import answer_webhook
from nixernetes.engine.argocd.webhooks.pushes import PushError
from nixernetes.engine.argocd.webhooks.sets import is_set_affected, read_set_event
from nixernetes.engine.webhooks import HookRequest
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, annotations_of
from nixernetes.objects.well_known import ARGOCD_REFRESH, ARGOCD_SET_REFRESH

_PUSH = {
    "ref": "refs/heads/main",
    "repository": {"html_url": "https://github.com/org/repo", "default_branch": "main"},
}
_PULL = {
    "action": "opened",
    "repository": {"name": "Repo", "owner": {"login": "org"}, "url": "https://api.github.com/repos/org/Repo"},
}
_MERGE = {
    "object_kind": "merge_request",
    "object_attributes": {"action": "open", "target_project_id": 100},
    "project": {"web_url": "https://gitlab.com/group/name", "path_with_namespace": "group/name"},
}
_AZURE = {
    "eventType": "git.pullrequest.created",
    "resource": {"repository": {"name": "repo", "project": {"name": "project"}}},
}
_GIT = {"git": {"repoURL": "git@github.com:org/repo.git", "revision": "HEAD"}}
_OTHER = {"git": {"repoURL": "https://github.com/org/other", "revision": "HEAD"}}
_LIST = {"list": {"elements": [{"a": "b"}]}}
_PACKAGE = {
    "action": "published",
    "package": {
        "name": "App",
        "package_type": "CONTAINER",
        "owner": {"login": "Org"},
        "package_version": {"container_metadata": {"tag": {"name": "1.2.0"}}},
    },
}


def _request(payload: Any, headers: dict[str, str], secret: str = "") -> HookRequest:
    body = json.dumps(payload).encode()
    told = {name.lower(): text for name, text in headers.items()}
    if secret:
        told["x-hub-signature-256"] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    return HookRequest(method="POST", path="/api/webhook", headers=told, body=body)


def _set(*generators: Json) -> Json:
    return {"spec": {"generators": list(generators)}}


_OF_PUSH = (_PUSH, {"X-GitHub-Event": "push"})
_OF_PULL = (_PULL, {"X-GitHub-Event": "pull_request"})
_OF_MERGE = (_MERGE, {"X-Gitlab-Event": "Merge Request Hook"})
_OF_AZURE = (_AZURE, {"X-Vss-Activityid": "1"})


@pytest.mark.parametrize(
    ("told", "generators", "is_meant"),
    [
        (_OF_PUSH, [_GIT], True),
        (_OF_PUSH, [_OTHER, _LIST], False),
        (_OF_PUSH, [{"git": {**_GIT["git"], "revision": "main"}}], True),
        (_OF_PUSH, [{"git": {**_GIT["git"], "revision": "refs/heads/main"}}], True),
        (_OF_PUSH, [{"git": {**_GIT["git"], "revision": "v1"}}], False),
        (_OF_PUSH, [{"matrix": {"generators": [_LIST, _GIT]}}], True),
        (_OF_PUSH, [{"matrix": {"generators": [_OTHER, _LIST]}}], False),
        (_OF_PUSH, [{"matrix": {"generators": [_GIT, _LIST, _LIST]}}], False),
        (_OF_PUSH, [{"matrix": {"generators": [_LIST, {"git": {"repoURL": "{{url}}", "revision": "HEAD"}}]}}], True),
        (_OF_PUSH, [{"merge": {"generators": [_LIST, {"matrix": {"generators": [_GIT, _LIST]}}]}}], True),
        (_OF_PUSH, [{"plugin": {}}], True),
        (_OF_PUSH, [{"pullRequest": {"github": {"owner": "org", "repo": "repo"}}}], False),
        (_OF_PULL, [{"pullRequest": {"github": {"owner": "Org", "repo": "repo"}}}], True),
        (_OF_PULL, [{"pullRequest": {"github": {"owner": "org", "repo": "repo", "api": "https://ghe.local"}}}], False),
        (_OF_PULL, [{"pullRequest": {"github": {"owner": "org", "repo": "other"}}}], False),
        (_OF_PULL, [_GIT], False),
        (({**_PULL, "action": "assigned"}, _OF_PULL[1]), [{"pullRequest": {"github": {}}}], False),
        (_OF_MERGE, [{"pullRequest": {"gitlab": {"project": "100"}}}], True),
        (_OF_MERGE, [{"pullRequest": {"gitlab": {"project": "Group/Name"}}}], True),
        (_OF_MERGE, [{"pullRequest": {"gitlab": {"project": "100", "api": "https://git.local"}}}], False),
        (_OF_MERGE, [{"pullRequest": {"gitlab": {"project": "101"}}}], False),
        (_OF_AZURE, [{"pullRequest": {"azureDevOps": {"project": "project", "repo": "repo"}}}], True),
        (_OF_AZURE, [{"pullRequest": {"azureDevOps": {"project": "other", "repo": "repo"}}}], False),
    ],
)
def test_a_set_is_meant_by_what_its_generators_read(
    told: tuple[Any, dict[str, str]], generators: list[Json], is_meant: bool
) -> None:
    event = read_set_event(_request(*told), {})
    assert is_set_affected(_set(*generators), event) is is_meant


def test_hosts_that_the_controller_does_not_listen_to_are_refused() -> None:
    with pytest.raises(PushError, match="Unknown webhook event"):
        read_set_event(_request({}, {"X-Hook-UUID": "x"}), {})


def _secret(**data: str) -> Json:
    meta = {"name": "argocd-secret", "namespace": "argocd"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data}


def _oci(name: str, url: str, revision: str) -> Json:
    made = application(name)
    made["spec"]["source"] = {"repoURL": url, "targetRevision": revision, "path": "."}
    return made


def test_a_request_reaches_applications_and_sets(plane: Plane) -> None:
    found = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "sets", "namespace": "argocd"},
        "spec": {
            "generators": [{"pullRequest": {"github": {"owner": "org", "repo": "repo"}}}],
            "template": {"metadata": {"name": "a"}, "spec": {"project": "default", "destination": {}}},
        },
    }
    plane.apply(_secret(**{"webhook.github.secret": "s"}), found, _oci("oci", "oci://ghcr.io/org/app", "1.*"))
    plane.apply(_oci("else", "oci://ghcr.io/org/app", "2.*"))
    refused = answer_webhook(plane.api, _request(*_OF_PULL))
    assert (refused.status, refused.text) == (400, "Webhook processing failed")
    assert answer_webhook(plane.api, _request(*_OF_PULL, "s")).status == 200
    live = plane.api.get(ObjectKey(*APPLICATION_SET, "argocd", "sets"))
    assert live is not None
    assert annotations_of(live)[ARGOCD_SET_REFRESH] == "true"
    package = {"X-GitHub-Event": "package"}
    unproven = answer_webhook(plane.api, _request(_PACKAGE, package))
    assert (unproven.status, unproven.text) == (401, "Unauthorized")
    assert answer_webhook(plane.api, _request({**_PACKAGE, "action": "updated"}, package, "s")).status == 200
    assert not _refreshed(plane, "oci")
    assert answer_webhook(plane.api, _request(_PACKAGE, package, "s")).status == 200
    assert _refreshed(plane, "oci")
    assert not _refreshed(plane, "else")


def _refreshed(plane: Plane, name: str) -> bool:
    live = plane.api.get(ObjectKey(*APPLICATION, "argocd", name))
    assert live is not None
    return ARGOCD_REFRESH in annotations_of(live)


def test_a_payload_may_be_as_large_as_argocd_cm_says(plane: Plane) -> None:
    plane.apply({**config_map("argocd-cm", "argocd"), "data": {"webhook.maxPayloadSizeMB": "1"}})
    large = {**_PUSH, "commits": ["x" * 1_100_000]}
    answer = answer_webhook(plane.api, _request(large, _OF_PUSH[1]))
    assert (answer.status, answer.text) == (
        400,
        "Webhook processing failed: payload must be valid JSON under 1 MB",
    )
