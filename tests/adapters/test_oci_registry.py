"""OCI registries over loopback HTTP: who asks, what is verified, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.registry_server import RegistryServer, archive, digest, served

from nixernetes.adapters.registries.chart_repositories import HttpCharts
from nixernetes.adapters.registries.mapped_registries import MappedRegistries
from nixernetes.adapters.registries.oci_registry import HttpRegistries
from nixernetes.errors import RemoteError
from nixernetes.render.sources.credentials import Credentials
from nixernetes.render.sources.oci import OciRef

server = pytest.fixture(served)
other = pytest.fixture(served)


@pytest.fixture
def registries() -> Iterator[HttpRegistries]:
    registries = HttpRegistries(timeout_seconds=5)
    yield registries
    registries.close()


def test_a_tag_a_range_and_a_digest_name_an_artifact(server: RegistryServer, registries: HttpRegistries) -> None:
    pushed = server.push("a/b", ["1.0.0", "1.2.0", "latest"], archive({"x.yaml": "x"}))
    url = f"oci://{server.host}/a/b"
    assert registries.resolve(url, OciRef()) == f"latest@{pushed}"
    assert registries.resolve(url, OciRef(semver="1.x", tag="latest")) == f"1.2.0@{pushed}"
    assert registries.resolve(url, OciRef(digest=pushed, semver="1.x")) == pushed
    assert registries.artifact(url, OciRef(tag="1.0.0")).tree.read("x.yaml") == b"x"
    with pytest.raises(RemoteError, match="404"):
        registries.resolve(url, OciRef(tag="none"))
    with pytest.raises(RemoteError, match="no match found for semver"):
        registries.resolve(url, OciRef(semver=">2"))


def test_a_token_is_fetched_with_the_credentials(server: RegistryServer, registries: HttpRegistries) -> None:
    pushed = server.push("a/b", ["latest"], archive({"x": "x"}))
    server.password = True
    url = f"oci://{server.host}/a/b"
    assert registries.resolve(url, OciRef(), Credentials(username="me", password="pw")) == f"latest@{pushed}"
    with pytest.raises(RemoteError, match="401") as caught:
        registries.resolve(url, OciRef(), Credentials(username="me", password="hidden"))
    assert "hidden" not in str(caught.value)


def test_another_host_does_not_see_the_credentials(
    server: RegistryServer, other: RegistryServer, registries: HttpRegistries
) -> None:
    layer = archive({"x": "x"})
    server.push("a/b", ["latest"], layer)
    server.password = True
    server.answers[f"/v2/a/b/blobs/{digest(layer)}"] = (307, {"Location": f"http://{other.host}/blob"}, b"")
    other.answers["/blob"] = (200, {}, layer)
    who = Credentials(username="me", password="pw")
    assert registries.artifact(f"oci://{server.host}/a/b", OciRef(), who).tree.read("x") == b"x"
    assert other.seen == [("/blob", "")]


@pytest.mark.parametrize("layer", [b"plain text", archive({"../x": "x"}), archive({"/x": "x"})])
def test_hostile_layers_are_refused(server: RegistryServer, registries: HttpRegistries, layer: bytes) -> None:
    server.push("a/b", ["latest"], layer)
    with pytest.raises(RemoteError, match=r"not a readable archive|leads out"):
        registries.artifact(f"oci://{server.host}/a/b", OciRef())


def test_a_layer_with_another_digest_is_refused(server: RegistryServer, registries: HttpRegistries) -> None:
    layer = archive({"x": "x"})
    server.push("a/b", ["latest"], layer)
    server.answers[f"/v2/a/b/blobs/{digest(layer)}"] = (200, {}, b"other")
    with pytest.raises(RemoteError, match="does not have the digest"):
        registries.artifact(f"oci://{server.host}/a/b", OciRef())


def test_a_chart_is_pulled_by_exact_version_and_by_range(server: RegistryServer) -> None:
    chart = archive({"app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0+x\n"})
    server.push("charts/app", ["1.0.0_x"], chart)
    charts = HttpCharts(timeout_seconds=5)
    for version in ("1.0.0+x", "1.x", ""):
        assert charts.pull(f"oci://{server.host}/charts", "app", version).version == "1.0.0+x"
    with pytest.raises(RemoteError, match="could not locate"):
        charts.pull(f"oci://{server.host}/charts", "app", "2.x")
    charts.close()


def test_a_url_may_be_mapped_to_a_folder(tmp_path: Path, server: RegistryServer, registries: HttpRegistries) -> None:
    (tmp_path / "x.yaml").write_text("x")
    mapped = MappedRegistries({"oci://example.com/a": tmp_path}, registries)
    found = mapped.artifact("oci://example.com/a", OciRef(tag="v1"))
    assert found.tree.read("x.yaml") == b"x"
    assert found.revision == f"v1@{found.digest}" == mapped.resolve("oci://example.com/a", OciRef(tag="v1"))
    own = mapped.artifact("oci://example.com/a", OciRef(digest=found.digest))
    assert (own.revision, own.tree.read("x.yaml")) == (found.digest, b"x")
    with pytest.raises(RemoteError, match=f"whose digest is {found.digest}, but sha256:0 is asked for"):
        mapped.resolve("oci://example.com/a", OciRef(digest="sha256:0"))
    with pytest.raises(RemoteError, match="404"):
        mapped.resolve(f"oci://{server.host}/a", OciRef())
