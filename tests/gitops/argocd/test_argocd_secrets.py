"""The Secrets of Argo CD: every key, both forms, nothing shown."""

import base64
import json

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.resource import Resource

LABEL = "argocd.argoproj.io/secret-type"
REPOSITORY = {
    "type": "git",
    "url": "https://github.com/myorg/config",
    "name": "config",
    "project": "platform-team",
    **{key: f"hidden-{key}" for key in ("password", "sshPrivateKey", "gcpServiceAccountKey")},
    "username": "bot",
    "tlsClientCertData": "c",
    "tlsClientCertKey": "hidden-k",
    "proxy": "http://hidden:1",
    "insecure": "true",
    "insecureIgnoreHostKey": "false",
    "enableLfs": "true",
    "enableOCI": "false",
    "forceHttpBasicAuth": "true",
    "noProxy": "a,b",
    "depth": "1",
    "useAzureWorkloadIdentity": "true",
    "githubAppID": "1",
    "githubAppInstallationID": "2",
    "githubAppPrivateKey": "hidden-p",
    "githubAppEnterpriseBaseUrl": "https://g",
    "azureServicePrincipalClientId": "a",
    "azureServicePrincipalClientSecret": "hidden-s",
    "azureServicePrincipalTenantId": "t",
}
ONLY_REPOSITORY = ("name", "project", "insecureIgnoreHostKey", "enableLfs", "depth")
CLUSTER = {
    "name": "us-east-1",
    "server": "https://us-east-cluster.example.com",
    "config": json.dumps(
        {
            "username": "u",
            "password": "hidden-w",
            "execProviderConfig": {
                "command": "c",
                "args": ["a"],
                "env": {"A": "hidden"},
                "apiVersion": "v1",
                "installHint": "h",
            },
            "tlsClientConfig": {
                "insecure": False,
                "caData": "Y2E=",
                "certData": "Yw==",
                "keyData": "aw==",
                "serverName": "s",
            },
            "proxyUrl": "http://p",
            "disableCompression": True,
        }
    ),
    "namespaces": "a,b",
    "clusterResources": "true",
    "project": "platform-team",
    "shard": "1",
}
CASES = [
    (gitops.RepositorySecret, "repository", REPOSITORY),
    (gitops.RepositorySecret, "repository-write", {**REPOSITORY, "bearerToken": "hidden-t", "password": None}),
    (
        gitops.RepositoryCredentials,
        "repo-creds",
        {key: value for key, value in REPOSITORY.items() if key not in ONLY_REPOSITORY},
    ),
    (gitops.ClusterSecret, "cluster", CLUSTER),
    (
        gitops.ClusterSecret,
        "cluster",
        {
            **CLUSTER,
            "config": '{"bearerToken": "t", "awsAuthConfig": {"clusterName": "a", "roleARN": "b", "profile": "c"}}',
        },
    ),
]


def manifest_of(kind: str, part: str, keys: dict[str, str]) -> dict[str, object]:
    labels = {LABEL: kind, "team": "platform"}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "argocd", "labels": labels},
    } | {
        "type": "Opaque",
        "immutable": True,
        part: keys,
    }


@pytest.mark.parametrize(("kind", "label", "keys"), CASES)
def test_every_key_survives_the_round_trip_in_both_forms(
    kind: type[Resource], label: str, keys: dict[str, str | None]
) -> None:
    given = {key: value for key, value in keys.items() if value is not None}
    text = manifest_of(label, "stringData", given)
    assert kind.from_manifest(text).manifest() == text
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in given.items()}
    data = manifest_of(label, "data", encoded)
    assert kind.from_manifest(data).manifest() == data


def test_python_values_become_the_text_that_argo_cd_reads() -> None:
    made = gitops.RepositorySecret(
        name="charts", type="helm", url="oci://ghcr.io/myorg", enable_oci=True, github_app_id=None, for_writing=True
    )
    assert made.manifest()["stringData"] == {"url": "oci://ghcr.io/myorg", "type": "helm", "enableOCI": "true"}
    assert made.manifest()["metadata"]["labels"] == {LABEL: "repository-write"}


def test_a_cluster_is_named_like_its_secret_and_its_config_is_json() -> None:
    made = gitops.ClusterSecret(
        name="us-east-1", server="https://us", config={"bearer_token": "t"}, namespaces=["a"], cluster_resources=True
    )
    assert made.manifest()["stringData"] == {
        "name": "us-east-1",
        "server": "https://us",
        "config": '{"bearerToken": "t"}',
        "namespaces": "a",
        "clusterResources": "true",
    }


def test_secret_values_are_never_printed() -> None:
    made = gitops.RepositorySecret(name="a", url="https://x", password="hidden", username="me")
    assert "hidden" not in repr(made) + str(made) + repr(made.password) + repr(made.model_dump())
    assert made.manifest()["stringData"]["password"] == "hidden"


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("RepositorySecret", {"url": "x", "password": 4711}, "password: ***: must be text"),
        ("RepositorySecret", {"url": "x", "pasword": "hidden"}, "did you mean password?"),
        ("RepositorySecret", {"url": "x", "insecure": "yes"}, "insecure: 'yes': must be True or False"),
        ("RepositorySecret", {"url": "x", "depth": "deep"}, "depth: 'deep': must be a whole number, not negative"),
        ("RepositorySecret", {"url": "x", "password": "hidden", "bearer_token": "hidden"}, "give one of them"),
        ("RepositorySecret", {"url": "x", "github_app_id": 1}, "give both or neither"),
        ("ClusterSecret", {"server": "us-east"}, "must be the URL of the API server"),
        ("ClusterSecret", {"server": "https://x", "config": "hidden"}, "config: ***: must be a mapping"),
        ("ClusterSecret", {"server": "https://x", "config": {"bearer": "hidden"}}, "did you mean bearer_token?"),
        (
            "ClusterSecret",
            {"server": "https://x", "config": {"tls_client_config": {"insecure": True, "ca_data": "Y2E="}}},
            "insecure and ca_data",
        ),
        ("ClusterSecret", {"server": "https://x", "cluster_resources": True}, "cluster_resources"),
    ],
)
def test_wrong_values_are_refused_and_secrets_not_shown(kind: str, fields: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        getattr(gitops, kind)(name="a", **fields)
    assert message in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert "4711" not in str(caught.value)


def test_a_secret_of_another_type_is_refused() -> None:
    manifest = manifest_of("cluster", "stringData", {"url": "https://x"})
    with pytest.raises(InputError, match="must be repository or repository-write"):
        gitops.RepositorySecret.from_manifest(manifest)
    broken = manifest_of("repository", "data", {"url": "%%%"})
    with pytest.raises(InputError, match=r"data\.url: is not base64"):
        gitops.RepositorySecret.from_manifest(broken)
