"""What Argo CD's Secrets say of a repository (Argo CD, sections 1.1 and 16)."""

from __future__ import annotations

import pytest

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Manifest
from nixernetes.render.argocd.repositories import (
    artifact_files,
    artifact_reference,
    chart_url,
    is_oci,
    repository_credentials,
)
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import OciRef
from nixernetes.render.tree import MemoryTree

URL = "registry.example.com/charts"


def _secret(kind: str, url: str, **data: str) -> Manifest:
    labels = {"argocd.argoproj.io/secret-type": kind}
    meta = {"name": "repo", "namespace": "argocd", "labels": labels}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": {"url": url, **data}}


def _named(kind: str, url: str, name: str, **more: str) -> Manifest:
    return _secret(kind, url, username=name, password="word", **more)


def test_a_repository_that_no_secret_names_is_asked_anonymously() -> None:
    unlabelled = {**_named("repository", URL, "robot"), "metadata": {"name": "repo"}}
    assert repository_credentials(URL, [unlabelled, _named("repository", f"{URL}2", "other")]) == ANONYMOUS


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"oci://{URL}"], ids=["same", "slash", "scheme"])
def test_a_repository_is_asked_as_its_secret_says(url: str) -> None:
    found = repository_credentials(url, [_named("repository", URL, "robot")])
    assert found == Credentials(username="robot", password="word")


def test_credentials_of_the_longest_prefix_are_used_when_the_repository_has_none() -> None:
    secrets = [
        _secret("repository", URL, type="helm", enableOCI="true"),
        _named("repo-creds", "registry.example.com", "short"),
        _named("repo-creds", "registry.example.com/charts", "long"),
        _named("repo-creds", "other.example.com", "foreign"),
    ]
    assert repository_credentials(URL, secrets).username == "long"


def test_own_credentials_count_more_than_shared_ones() -> None:
    secrets = [_named("repo-creds", "registry.example.com", "shared"), _named("repository", URL, "own")]
    assert repository_credentials(URL, secrets).username == "own"


def test_a_secret_of_the_project_counts_more_and_one_of_another_does_not_count() -> None:
    secrets = [_named("repository", URL, "all"), _named("repository", URL, "team", project="team")]
    assert repository_credentials(URL, secrets, "team").username == "team"
    assert repository_credentials(URL, secrets, "other").username == "all"
    assert repository_credentials(URL, secrets[1:], "other") == ANONYMOUS


def test_client_certificates_and_plain_http_are_read() -> None:
    data = {"tlsClientCertData": "CERT", "tlsClientCertKey": "KEY", "insecureOCIForceHttp": "true"}
    found = repository_credentials(URL, [_secret("repository", URL, **data)])
    assert found == Credentials(certificate="CERT", key="KEY", insecure=True)


def test_half_of_a_pair_is_refused_without_showing_it() -> None:
    with pytest.raises(InputError) as caught:
        repository_credentials(URL, [_secret("repository", URL, password="hidden")])
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("sha256:ab", OciRef(digest="sha256:ab")),
        ("1.2.x", OciRef(semver="1.2.x")),
        (">=1.0 <2", OciRef(semver=">=1.0 <2")),
        ("1.2.3", OciRef(tag="1.2.3")),
        ("latest", OciRef(tag="latest")),
        ("", OciRef()),
    ],
    ids=["digest", "x", "range", "version", "tag", "empty"],
)
def test_a_target_revision_is_a_digest_a_range_or_a_tag(text: str, ref: OciRef) -> None:
    assert artifact_reference(text) == ref


def test_charts_without_a_scheme_come_from_a_registry() -> None:
    assert chart_url(URL) == f"oci://{URL}"
    assert chart_url("https://charts.example.com") == "https://charts.example.com"
    assert (is_oci(f"oci://{URL}"), is_oci("https://example.com/config")) == (True, False)


def test_a_chart_in_an_artifact_is_taken_out_of_its_folder() -> None:
    tree = MemoryTree({"web/Chart.yaml": "name: web\n"})
    assert artifact_files(tree, ".").is_file("Chart.yaml")
    assert artifact_files(tree, "web").is_file("web/Chart.yaml")
    two = MemoryTree({"web/Chart.yaml": "name: web\n", "readme.md": "text"})
    assert artifact_files(two, ".") is two
