"""Tokens of service accounts: what they say, who can verify them, and what they end with."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.cluster.server.client import KEY, ApiClient

from nixernetes.cluster.access.tokens import TokenSigner
from nixernetes.cluster.server.issuer import IssuerDocuments
from nixernetes.cluster.server.requests import ApiRequest

ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/robot"
REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"
ISSUER = "https://kubernetes.default.svc"
POD = {"metadata": {"name": "p"}, "spec": {"serviceAccountName": "robot", "containers": [{"name": "c", "image": "c"}]}}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    client = ApiClient()
    client.made("/api/v1/namespaces/default/serviceaccounts", {"metadata": {"name": "robot"}})
    return client


def requested(client: ApiClient, **spec: Any) -> Any:
    return client.read("POST", f"{ACCOUNT}/token", {"spec": spec})


def part(token: str, number: int) -> Any:
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def reviewed(client: ApiClient, token: str, *audiences: str) -> Any:
    return client.read("POST", REVIEWS, {"spec": {"token": token, "audiences": list(audiences)}})["status"]


def number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def test_who_reads_the_key_set_can_verify_a_token(client: ApiClient) -> None:
    token = requested(client)["status"]["token"]
    documents = IssuerDocuments(TokenSigner(KEY), "127.0.0.1:6443/clusters/one")
    found = documents.answer(ApiRequest(method="GET", path="/openid/v1/jwks"))
    assert found is not None
    assert found.content_type == "application/jwk-set+json"
    (key,) = json.loads(found.body)["keys"]
    assert part(token, 0) == {"alg": "RS256", "kid": key["kid"]}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    body, _, signature = token.rpartition(".")
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
    signed = base64.urlsafe_b64decode(signature + "==")
    public.verify(signed, body.encode(), padding.PKCS1v15(), hashes.SHA256())  # raises where it is another's
    told = documents.answer(ApiRequest(method="GET", path="/.well-known/openid-configuration"))
    assert told is not None
    configuration = json.loads(told.body)
    assert configuration["issuer"] == part(token, 1)["iss"] == ISSUER
    assert configuration["jwks_uri"] == "https://127.0.0.1:6443/clusters/one/openid/v1/jwks"


def test_a_token_is_for_its_audiences_alone(client: ApiClient) -> None:
    token = requested(client, audiences=["vault"], expirationSeconds=900)["status"]["token"]
    claims = part(token, 1)
    assert claims["aud"] == ["vault"]
    assert claims["exp"] - claims["iat"] == 900
    assert client.ask("GET", "/api", token=token).status == 401
    assert reviewed(client, token, "vault", "other")["audiences"] == ["vault"]
    assert "authenticated" not in reviewed(client, token, "other")
    own = requested(client)["status"]["token"]
    assert client.ask("GET", "/api", token=own).status == 200


@pytest.mark.parametrize("change", ["head", "none", "body", "signature", "nothing"])
def test_what_is_changed_is_no_token(client: ApiClient, change: str) -> None:
    head, body, signature = requested(client)["status"]["token"].split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    symmetric = base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("=")
    forged = {
        "head": f"{symmetric}.{body}.{signature}",
        "none": f"{none}.{body}.",
        "body": f"{head}.{body[:-2]}.{signature}",
        "signature": f"{head}.{body}.{signature[:-4]}",
        "nothing": "..",
    }[change]
    assert client.ask("GET", "/api", token=forged).status == 401


def test_a_token_ends_with_what_it_is_bound_to(client: ApiClient) -> None:
    pod = client.made("/api/v1/namespaces/default/pods", POD)
    reference = {"kind": "Pod", "apiVersion": "v1", "name": "p"}
    token = requested(client, boundObjectRef=reference)["status"]["token"]
    assert part(token, 1)["kubernetes.io"]["pod"] == {"name": "p", "uid": pod["metadata"]["uid"]}
    extra = reviewed(client, token)["user"]["extra"]
    assert extra["authentication.kubernetes.io/pod-name"] == ["p"]
    assert extra["authentication.kubernetes.io/pod-uid"] == [pod["metadata"]["uid"]]
    client.ask("DELETE", "/api/v1/namespaces/default/pods/p")
    assert reviewed(client, token)["error"].endswith("service account token has been invalidated")
    assert client.ask("GET", "/api", token=token).status == 401
    client.made("/api/v1/namespaces/default/pods", POD)
    assert "does not match service account pod ref claim" in reviewed(client, token)["error"]


def test_a_token_that_a_kubelet_asks_for_is_accepted_for_a_year(client: ApiClient) -> None:
    client.made("/api/v1/namespaces/default/pods", POD)
    reference = {"kind": "Pod", "apiVersion": "v1", "name": "p"}
    token = requested(client, boundObjectRef=reference, expirationSeconds=3607)["status"]["token"]
    claims = part(token, 1)
    assert claims["exp"] - claims["iat"] == 365 * 24 * 3600
    assert claims["kubernetes.io"]["warnafter"] - claims["iat"] == 3607


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        (
            {"kind": "ConfigMap", "apiVersion": "v1", "name": "c"},
            "cannot bind token to object of type /v1, Kind=ConfigMap",
        ),
        ({"kind": "Pod", "apiVersion": "v1", "name": "none"}, 'pods "none" not found'),
        (
            {"kind": "Pod", "apiVersion": "v1", "name": "other"},
            'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
        ),
        (
            {"kind": "Secret", "apiVersion": "v1", "name": "s", "uid": "x"},
            (
                'Operation cannot be fulfilled on Secret "s": the UID in the bound object reference (x) does not match '
                "the UID in record. The object might have been deleted and then recreated"
            ),
        ),
    ],
)
def test_what_a_token_cannot_be_bound_to_is_told(client: ApiClient, reference: dict[str, str], told: str) -> None:
    other = {"metadata": {"name": "other"}, "spec": {**POD["spec"], "serviceAccountName": "default"}}
    client.made("/api/v1/namespaces/default/pods", other)
    client.made("/api/v1/namespaces/default/secrets", {"metadata": {"name": "s"}})
    assert requested(client, boundObjectRef=reference)["message"] == told
