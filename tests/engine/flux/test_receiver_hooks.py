"""A request to the path of a Receiver is verified as its type says, and then all that it lists is reconciled."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.console.worlds import settled
from tests.repositories import committed

from nixernetes.app.web.hooks import answer_hook
from nixernetes.app.worlds import World
from nixernetes.engine.webhooks import HookRequest
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import GIT_REPOSITORY, KUSTOMIZATION, RECEIVER
from nixernetes.objects.manifest import Json, annotations_of
from nixernetes.objects.well_known import FLUX_REQUESTED_AT

TOKEN = "s3cret"  # of a test
SYNC = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system, labels: {team: a}}
spec: {interval: 1h, url: "https://github.com/myorg/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system, labels: {team: b}}
spec: {interval: 1h, path: ./clusters/prod, prune: true, sourceRef: {kind: GitRepository, name: fleet}}
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: flux-system}
stringData: {token: s3cret}
"""
FLEET = ObjectKey(*GIT_REPOSITORY, "flux-system", "fleet")
SYSTEM = ObjectKey(*KUSTOMIZATION, "flux-system", "flux-system")
BODY = json.dumps({"ref": "refs/heads/main"}).encode()
EVENT = {
    "context": {"version": "0.4.1", "id": "1", "source": "/a", "type": "dev.cdevents.x", "timestamp": "2026-01-01"}
}


def receiver(name: str, kind: str, **more: Json) -> Json:
    """Return a Receiver that lists one GitRepository."""
    resources = [{"kind": "GitRepository", "name": "fleet"}]
    spec = {"type": kind, "secretRef": {"name": "token"}, "resources": resources, **more}
    meta = {"name": name, "namespace": "flux-system"}
    return {"apiVersion": "notification.toolkit.fluxcd.io/v1", "kind": "Receiver", "metadata": meta, "spec": spec}


KUSTOMIZATIONS = {"kind": "Kustomization", "apiVersion": "kustomize.toolkit.fluxcd.io/v1"}
OIDC = {
    "apiVersion": "notification.toolkit.fluxcd.io/v1",
    "kind": "Receiver",
    "spec": {
        "type": "generic-oidc",
        "resources": [{"kind": "GitRepository", "name": "fleet"}],
        "oidcProviders": [
            {"issuerURL": "https://issuer.example", "validations": [{"expression": "true", "message": "no"}]}
        ],
    },
}
TYPES = ("generic", "generic-hmac", "github", "gitlab", "bitbucket", "harbor", "dockerhub", "quay", "nexus", "acr")
RECEIVERS = [
    *(receiver(kind, kind) for kind in (*TYPES, "cdevents", "gcr")),
    receiver("pushes", "github", events=["push"]),
    receiver("suspended", "generic", suspend=True),
    receiver("no-token", "generic", secretRef={"name": "nothing"}),
    receiver("all", "generic", resources=[{**KUSTOMIZATIONS, "name": "*", "matchLabels": {"team": "b"}}]),
    receiver("no-labels", "generic", resources=[{"kind": "GitRepository", "name": "*"}]),
    receiver("no-version", "generic", resources=[{"kind": "Kustomization", "name": "flux-system"}]),
    receiver("filtered", "generic", resourceFilter="req.repository == res.metadata.name"),
    receiver(
        "filtered-twice",
        "generic",
        resourceFilter="res.metadata.labels.team == 'a'",
        resources=[{"kind": "GitRepository", "name": "fleet", "filter": "req.ref.endsWith('/main')"}],
    ),
    receiver("broken-filter", "generic", resourceFilter="res.metadata.name +"),
    receiver("no-boolean", "generic", resourceFilter="res.metadata.name"),
    {**OIDC, "metadata": {"name": "oidc", "namespace": "flux-system"}},
    receiver("some", "generic", resources=[{"kind": "GitRepository", "name": "*", "matchLabels": {"team": "b"}}]),
    receiver(
        "gone", "generic", resources=[{"kind": "Bucket", "name": "x"}, {"kind": "GitRepository", "name": "fleet"}]
    ),
]


@pytest.fixture(name="world", scope="module")
def a_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("made")
    (folder / "clusters/prod/flux-system").mkdir(parents=True)
    (folder / "clusters/prod/flux-system/sync.yaml").write_text(SYNC)
    (folder / "clusters/prod/receivers.yaml").write_text("---\n".join(map(yamls.dump, RECEIVERS)))
    with settled(committed(folder, Path(tmp_path_factory.mktemp("fleet")) / "fleet")) as world:
        yield world


def signed(algorithm: str, body: bytes = BODY, token: str = TOKEN) -> str:
    """Return the HMAC of a body."""
    return hmac.new(token.encode(), body, algorithm).hexdigest()


def sent(world: World, name: str, body: bytes = BODY, /, **headers: str) -> tuple[int, bool]:
    """Return the status, and whether the source was asked to reconcile."""
    path = f"/hook/{hashlib.sha256(f'{TOKEN}{name}flux-system'.encode()).hexdigest()}"
    before = requested(world)
    told = {key.replace("_", "-").lower(): value for key, value in headers.items()}
    answer = answer_hook(world, HookRequest(method="POST", path=path, headers=told, body=body))
    return answer.status, requested(world) != before


def requested(world: World, key: ObjectKey = FLEET) -> str:
    """Return when an object was asked to reconcile last."""
    found = world.clusters["prod"].get(key)
    assert found is not None
    return annotations_of(found).get(FLUX_REQUESTED_AT, "")


JSON = {"Content_Type": "application/json"}


@pytest.mark.parametrize(
    ("name", "body", "headers"),
    [
        ("generic", b"", {}),
        *(("generic-hmac", BODY, {"X_Signature": f"{each}={signed(each)}"}) for each in ("sha1", "sha256", "sha512")),
        ("github", BODY, {**JSON, "X_Hub_Signature": f"sha1={signed('sha1')}", "X_GitHub_Event": "ping"}),
        ("github", BODY, {**JSON, "X_Hub_Signature_256": f"sha256={signed('sha256')}"}),
        ("pushes", BODY, {**JSON, "X_Hub_Signature_256": f"sha256={signed('sha256')}", "X_GitHub_Event": "PUSH"}),
        ("gitlab", BODY, {"X_Gitlab_Token": TOKEN}),
        ("bitbucket", BODY, {**JSON, "X_Hub_Signature": f"sha256={signed('sha256')}"}),
        ("harbor", BODY, {"Authorization": TOKEN}),
        ("dockerhub", BODY, {}),
        ("quay", BODY, {}),
        ("acr", BODY, {}),
        ("nexus", BODY, {"X_Nexus_Webhook_Signature": signed("sha1")}),
        ("cdevents", json.dumps(EVENT).encode(), {}),
    ],
)
def test_who_proves_itself_is_heard(world: World, name: str, body: bytes, headers: Any) -> None:
    assert sent(world, name, body, **headers) == (200, True)


@pytest.mark.parametrize(
    ("name", "body", "headers"),
    [
        ("generic-hmac", BODY, {}),
        ("generic-hmac", BODY, {"X_Signature": signed("sha256")}),
        ("generic-hmac", BODY, {"X_Signature": f"md5={signed('md5')}"}),
        ("generic-hmac", b"other", {"X_Signature": f"sha256={signed('sha256')}"}),
        ("github", BODY, JSON),
        ("github", BODY, {"X_Hub_Signature_256": f"sha256={signed('sha256')}", "Content_Type": "text/plain"}),
        ("github", BODY, {**JSON, "X_Hub_Signature_256": f"sha256={signed('sha256', token='x')}"}),
        ("pushes", BODY, {**JSON, "X_Hub_Signature_256": f"sha256={signed('sha256')}", "X_GitHub_Event": "ping"}),
        ("pushes", BODY, {**JSON, "X_Hub_Signature_256": f"sha256={signed('sha256')}"}),
        ("gitlab", BODY, {}),
        ("gitlab", BODY, {"X_Gitlab_Token": f"{TOKEN}x"}),
        ("bitbucket", BODY, {**JSON, "X_Hub_Signature": "sha256="}),
        ("harbor", BODY, {"Authorization": f"Bearer {TOKEN}"}),
        ("dockerhub", b"{", {}),
        ("quay", b"[]", {}),
        ("acr", b"", {}),
        ("acr", b"[" * 100_000, {}),
        ("nexus", BODY, {"X_Nexus_Webhook_Signature": signed("sha256")}),
        ("nexus", BODY, {"X_Nexus_Webhook_Signature": "é"}),
        ("cdevents", BODY, {}),
        ("gcr", BODY, {"Authorization": "Bearer x.y.z"}),
    ],
)
def test_who_does_not_prove_itself_is_refused(world: World, name: str, body: bytes, headers: Any) -> None:
    assert sent(world, name, body, **headers) == (400, False)


def test_what_is_suspended_or_not_ready_takes_nothing(world: World) -> None:
    found = world.clusters["prod"].get(ObjectKey(*RECEIVER, "flux-system", "suspended"))
    assert found is not None
    assert sent(world, "suspended")[0] in (404, 503)
    assert sent(world, "no-token") == (404, False)
    assert sent(world, "nobody") == (404, False)


def test_a_star_means_all_with_the_labels(world: World) -> None:
    before = requested(world, SYSTEM)
    assert sent(world, "all") == (200, False)
    assert requested(world, SYSTEM) != before
    assert sent(world, "some") == (200, False), "the labels are of the other team"


def test_what_is_not_there_is_a_failure_and_the_rest_is_asked(world: World) -> None:
    assert sent(world, "gone") == (500, True)


@pytest.mark.parametrize(
    ("name", "body", "headers", "answer"),
    [
        ("filtered", {"repository": "fleet"}, JSON, (200, True)),
        ("filtered", {"repository": "other"}, JSON, (200, False)),
        ("filtered", {"repository": "fleet"}, {"Content_Type": "application/json; charset=utf-8"}, (200, True)),
        ("filtered", {"repository": "fleet"}, {"Content_Type": "text/plain"}, (500, False)),
        ("filtered", {}, JSON, (500, False)),
        ("filtered", [], JSON, (500, False)),
        ("filtered-twice", {"ref": "refs/heads/main"}, JSON, (200, True)),
        ("filtered-twice", {"ref": "refs/heads/other"}, JSON, (200, False)),
        ("no-labels", {}, JSON, (500, False)),
        ("no-version", {}, JSON, (500, False)),
    ],
)
def test_filters_say_which_objects_a_request_is_about(
    world: World, name: str, body: Json, headers: Any, answer: tuple[int, bool]
) -> None:
    assert sent(world, name, json.dumps(body).encode(), **headers) == answer


@pytest.mark.parametrize(
    ("name", "word"), [("broken-filter", "failed to parse the CEL expression"), ("no-boolean", "expected bool")]
)
def test_a_broken_filter_stalls_its_receiver(world: World, name: str, word: str) -> None:
    found = world.clusters["prod"].get(ObjectKey(*RECEIVER, "flux-system", name))
    assert found is not None
    (ready,) = (each for each in found["status"]["conditions"] if each["type"] == "Ready")
    assert (ready["status"], ready["reason"]) == ("False", "InvalidCELExpression")
    assert word in ready["message"]
    assert sent(world, name)[0] == 404


def test_tokens_of_an_issuer_are_refused_while_nobody_gives_its_keys(world: World) -> None:
    path = f"/hook/{hashlib.sha256(b'oidcflux-system').hexdigest()}"
    answer = answer_hook(world, HookRequest(method="POST", path=path, headers={"authorization": "Bearer a.b.c"}))
    assert answer.status == 400
