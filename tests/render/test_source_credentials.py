"""Who a Flux source asks as, and the chart in an OCI artifact (Flux, sections 1.5 and 10.3)."""

from __future__ import annotations

import pytest

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.source_credentials import source_credentials, unsupported_access
from nixernetes.render.sources.artifact_charts import artifact_chart, digest_of
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tree import MemoryTree

REVISION = "1.2.3@sha256:" + "0123456789abcdef" * 4
SECRETS = {"login": {"username": "robot", "password": "word"}, "trust": {"ca.crt": "PEM"}}


def _source(**spec: Json) -> Manifest:
    meta = {"name": "apps", "namespace": "team"}
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "OCIRepository",
        "metadata": meta,
        "spec": {"url": "oci://registry.example.com/apps", **spec},
    }


def _lookup(kind: str, namespace: str, name: str) -> dict[str, str] | None:
    return SECRETS.get(name) if (kind, namespace) == ("Secret", "team") else None


def test_secrets_are_read_from_the_namespace_of_the_source() -> None:
    source = _source(secretRef={"name": "login"}, certSecretRef={"name": "trust"}, passCredentials=True)
    expected = Credentials(username="robot", password="word", ca="PEM", pass_credentials=True)
    assert source_credentials(source, _lookup) == expected


def test_a_source_without_secrets_is_anonymous() -> None:
    assert source_credentials(_source(), _lookup) == ANONYMOUS


@pytest.mark.parametrize("field", ["secretRef", "certSecretRef"])
def test_a_secret_that_is_not_there_is_named(field: str) -> None:
    with pytest.raises(InputError, match=r"secret 'team/none': secrets \"none\" not found"):
        source_credentials(_source(**{field: {"name": "none"}}), _lookup)


def test_identities_that_are_not_to_be_had_are_named() -> None:
    assert unsupported_access({"provider": "generic", "url": "oci://a/b"}) == {}
    asked = {"provider": "gcp", "serviceAccountName": "puller", "proxySecretRef": {"name": "proxy"}}
    assert sorted(unsupported_access(asked)) == ["provider", "proxySecretRef", "serviceAccountName"]


@pytest.mark.parametrize("folder", ["", "web/"], ids=["root", "folder"])
def test_the_version_of_a_chart_carries_the_digest(folder: str) -> None:
    chart = artifact_chart(MemoryTree({f"{folder}Chart.yaml": "name: web\nversion: 1.2.3\n"}), REVISION)
    assert (chart.name, chart.version) == ("web", "1.2.3+0123456789ab")
    assert chart.tree.is_file("Chart.yaml")


def test_the_digest_takes_the_place_of_build_metadata() -> None:
    chart = artifact_chart(MemoryTree({"web/Chart.yaml": "name: web\nversion: 1.2.3+build\n"}), REVISION)
    assert chart.version == "1.2.3+0123456789ab"


def test_an_artifact_holds_one_chart() -> None:
    with pytest.raises(InputError, match="no chart"):
        artifact_chart(MemoryTree({"a.yaml": ""}), REVISION)
    two = {"a/Chart.yaml": "name: a\nversion: 1.0.0\n", "b/Chart.yaml": "name: b\nversion: 1.0.0\n"}
    with pytest.raises(InputError, match="several charts"):
        artifact_chart(MemoryTree(two), REVISION)


def test_the_digest_of_a_revision() -> None:
    assert digest_of("v1@sha256:ab") == digest_of("sha256:ab") == "sha256:ab"
