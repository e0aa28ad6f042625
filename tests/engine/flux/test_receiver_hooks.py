"""A request to the path of a Receiver is verified as its type says, and then all that it lists is reconciled."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from tests.app.console.worlds import settled
from tests.repositories import committed

from nixernetes.app.web.hooks import answer_hook
from nixernetes.app.worlds import World
from nixernetes.engine.issuers import Issuers
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
---
apiVersion: v1
kind: Secret
metadata: {name: gcr, namespace: flux-system}
stringData: {token: gcr-token, email: push@example.com, audience: "https://hook"}
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
OIDC: Json = {
    "apiVersion": "notification.toolkit.fluxcd.io/v1",
    "kind": "Receiver",
    "spec": {
        "type": "generic-oidc",
        "resourceFilter": "req.ref == claims.ref",
        "resources": [{"kind": "GitRepository", "name": "fleet"}],
        "oidcProviders": [
            {
                "issuerURL": "https://issuer.example",
                "variables": [{"name": "owner", "expression": "claims.repository.split('/')[0]"}],
                "validations": [{"expression": "vars.owner == 'acme'", "message": "not of acme"}],
            }
        ],
    },
}
BROKEN_CLAIMS = {"issuerURL": "https://issuer.example", "validations": [{"expression": "1 +", "message": "no"}]}
TYPES = ("generic", "generic-hmac", "github", "gitlab", "bitbucket", "harbor", "dockerhub", "quay", "nexus", "acr")
RECEIVERS = [
    *(receiver(kind, kind) for kind in (*TYPES, "cdevents")),
    receiver("gcr", "gcr", secretRef={"name": "gcr"}),
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
    {
        **OIDC,
        "metadata": {"name": "broken-claims", "namespace": "flux-system"},
        "spec": {**OIDC["spec"], "oidcProviders": [BROKEN_CLAIMS]},
    },
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


def sent(world: World, name: str, body: bytes = BODY, /, secret: str = TOKEN, **headers: str) -> tuple[int, bool]:
    """Return the status, and whether the source was asked to reconcile."""
    path = f"/hook/{hashlib.sha256(f'{secret}{name}flux-system'.encode()).hexdigest()}"
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


KEY = rsa.generate_private_key(65537, 1024)  # noqa: S505  # a short one is made fast, and guards nothing
CURVED = ec.generate_private_key(ec.SECP256R1())
ISSUER = "https://issuer.example"
GOOGLE = "https://accounts.google.com"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _encoded(value.to_bytes((value.bit_length() + 7) // 8))


def issuers() -> Issuers:
    """Return the public keys of the two issuers."""
    plain, point = KEY.public_key().public_numbers(), CURVED.public_key().public_numbers()
    first = {"kty": "RSA", "kid": "1", "n": _number(plain.n), "e": _number(plain.e)}
    second = {"kty": "EC", "crv": "P-256", "x": _number(point.x), "y": _number(point.y)}
    return Issuers(keys={ISSUER: (first, second), GOOGLE: (first,)})


def token(claims: Json, algorithm: str = "RS256") -> str:
    """Return a token of an issuer."""
    head = {"alg": algorithm, "kid": "1"} if algorithm == "RS256" else {"alg": algorithm}
    signed = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
    if algorithm == "ES256":
        r, s = utils.decode_dss_signature(CURVED.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_encoded(r.to_bytes(32) + s.to_bytes(32))}"
    if algorithm == "none":
        return f"{signed}."
    return f"{signed}.{_encoded(KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _now(world: World) -> int:
    return int(world.clock.now().timestamp())


@pytest.mark.parametrize(
    ("changed", "algorithm", "body", "answer"),
    [
        ({}, "RS256", {"ref": "main"}, (200, True)),
        ({}, "ES256", {"ref": "main"}, (200, True)),
        ({"aud": ["other", "notification-controller"]}, "RS256", {"ref": "main"}, (200, True)),
        ({}, "RS256", {"ref": "other"}, (200, False)),
        ({}, "none", {"ref": "main"}, (400, False)),
        ({}, "HS256", {"ref": "main"}, (400, False)),
        ({"aud": "other"}, "RS256", {"ref": "main"}, (400, False)),
        ({"exp": 1}, "RS256", {"ref": "main"}, (400, False)),
        ({"exp": None}, "RS256", {"ref": "main"}, (400, False)),
        ({"nbf": 9_999_999_999}, "RS256", {"ref": "main"}, (400, False)),
        ({"iss": "https://other.example"}, "RS256", {"ref": "main"}, (400, False)),
        ({"iss": None}, "RS256", {"ref": "main"}, (400, False)),
        ({"repository": "evil/fleet"}, "RS256", {"ref": "main"}, (400, False)),
    ],
)
def test_a_token_of_an_issuer_is_verified_with_its_keys(
    world: World, changed: Json, algorithm: str, body: Json, answer: tuple[int, bool]
) -> None:
    world.issuers = issuers()
    claims = {
        "iss": ISSUER,
        "aud": "notification-controller",
        "exp": _now(world) + 60,
        "repository": "acme/fleet",
        "ref": "main",
        **changed,
    }
    headers = {"Authorization": f"Bearer {token(claims, algorithm)}", **JSON}
    assert sent(world, "oidc", json.dumps(body).encode(), secret="", **headers) == answer


def test_tokens_of_an_issuer_are_refused_while_nobody_gives_its_keys(world: World) -> None:
    world.issuers = Issuers()
    claims = {"iss": ISSUER, "aud": "notification-controller", "exp": _now(world) + 60, "repository": "acme/fleet"}
    headers = {"authorization": f"Bearer {token(claims)}"}
    path = f"/hook/{hashlib.sha256(b'oidcflux-system').hexdigest()}"
    answer = answer_hook(world, HookRequest(method="POST", path=path, headers=headers))
    assert answer.status == 400
    assert "--issuer-keys" in answer.text


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, (200, True)),
        ({"iss": "accounts.google.com"}, (200, True)),
        ({"email": "other@example.com"}, (400, False)),
        ({"email_verified": False}, (400, False)),
        ({"aud": "other"}, (400, False)),
    ],
)
def test_googles_registry_proves_itself_with_a_token(world: World, changed: Json, answer: tuple[int, bool]) -> None:
    world.issuers = issuers()
    claims = {
        "iss": GOOGLE,
        "aud": "https://hook",
        "exp": _now(world) + 60,
        "email": "push@example.com",
        "email_verified": True,
        **changed,
    }
    data = base64.b64encode(json.dumps({"action": "INSERT", "tag": "gcr.io/a/b:1"}).encode()).decode()
    body = json.dumps({"message": {"data": data}}).encode()
    headers = {"Authorization": f"Bearer {token(claims)}", **JSON}
    assert sent(world, "gcr", body, secret="gcr-token", **headers) == answer


def test_an_expression_about_claims_that_is_broken_stalls_its_receiver(world: World) -> None:
    found = world.clusters["prod"].get(ObjectKey(*RECEIVER, "flux-system", "broken-claims"))
    assert found is not None
    (ready,) = (each for each in found["status"]["conditions"] if each["type"] == "Ready")
    assert ready["reason"] == "InvalidCELExpression"
    assert 'oidcProviders[0] (issuerURL="https://issuer.example"): invalid expression' in ready["message"]
