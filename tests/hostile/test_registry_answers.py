"""Repositories and registries may answer anything: whoever asks is told what is wrong, and nothing fails on it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from tests.adapters.registry_server import RegistryServer, archive, digest, served
from tests.wrong_types import changes

from nixernetes.adapters.registries.chart_repositories import HttpCharts, unpack_chart
from nixernetes.adapters.registries.oci_registry import HttpRegistries
from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.oci import CHART_LAYER, OciRef

_CHART = archive({"app/Chart.yaml": "{apiVersion: v2, name: app, version: 1.0.0}"})
_ENTRY = {"name": "app", "version": "1.0.0", "urls": ["app-1.0.0.tgz"], "digest": digest(_CHART)}
_INDEX = {"apiVersion": "v1", "entries": {"app": [_ENTRY]}}
_LAYERS = {"layers": [{"mediaType": CHART_LAYER, "digest": digest(_CHART)}], "annotations": {"a": "b"}}
_MANY = {"manifests": [{"platform": {"os": "linux", "architecture": "amd64"}, "digest": digest(b"")}]}
_ANSWERS = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_BRACKET = "http://[half"


@pytest.fixture
def server() -> Iterator[RegistryServer]:
    yield from served()


@pytest.fixture
def charts() -> Iterator[HttpCharts]:
    found = HttpCharts(timeout_seconds=5)
    yield found
    found.close()


@pytest.fixture
def registries() -> Iterator[HttpRegistries]:
    found = HttpRegistries(timeout_seconds=5)
    yield found
    found.close()


@_ANSWERS
@given(changes([_INDEX]))
def test_an_index_of_any_shape_has_the_chart_or_is_told(
    server: RegistryServer, charts: HttpCharts, indexes: list[Json]
) -> None:
    server.answers["/index.yaml"] = (200, {}, json.dumps(indexes[0]).encode())
    server.answers["/app-1.0.0.tgz"] = (200, {}, _CHART)
    assert _pulled(charts, f"http://{server.host}")


def _pulled(charts: HttpCharts, url: str) -> str:
    try:
        charts.index(url)
        return charts.pull(url, "app", "*").version
    except RemoteError as error:
        return error.message


@_ANSWERS
@given(changes([_LAYERS, _MANY, {"tags": ["1.0.0"]}]))
def test_a_registry_may_answer_anything(
    server: RegistryServer, registries: HttpRegistries, answers: list[Json]
) -> None:
    for place, answer in zip(("manifests/latest", "manifests/many", "tags/list"), answers, strict=True):
        server.answers[f"/v2/a/b/{place}"] = (200, {}, json.dumps(answer).encode())
    server.answers[f"/v2/a/b/blobs/{digest(_CHART)}"] = (200, {}, _CHART)
    url = f"oci://{server.host}/a/b"
    told = [_told(registries, url, ref) for ref in (OciRef(), OciRef(tag="many"), OciRef(semver="*"))]
    assert all(told)


def _told(registries: HttpRegistries, url: str, ref: OciRef) -> str:
    try:
        return registries.artifact(url, ref).revision
    except RemoteError as error:
        return error.message


@pytest.mark.parametrize("urls", [[], "app-1.0.0.tgz", {"0": "app-1.0.0.tgz"}, 5, [None], [_BRACKET]])
def test_a_chart_without_a_url_cannot_be_pulled(server: RegistryServer, charts: HttpCharts, urls: Json) -> None:
    index = {"entries": {"app": [{**_ENTRY, "urls": urls}]}}
    server.answers["/index.yaml"] = (200, {}, json.dumps(index).encode())
    with pytest.raises(RemoteError, match=r"no chart name found: app|not a URL"):
        charts.pull(f"http://{server.host}", "app", "*")


def test_a_redirect_that_leads_nowhere_is_told(
    server: RegistryServer, charts: HttpCharts, registries: HttpRegistries
) -> None:
    server.answers["/index.yaml"] = server.answers["/v2/a/b/manifests/latest"] = (307, {"Location": _BRACKET}, b"")
    with pytest.raises(RemoteError, match="leads to an address that is not a URL"):
        charts.index(f"http://{server.host}")
    with pytest.raises(RemoteError, match="leads to an address that is not a URL"):
        registries.artifact(f"oci://{server.host}/a/b", OciRef())
    link = {"Link": f'<{_BRACKET}>; rel="next"'}
    server.answers["/v2/a/b/tags/list"] = (200, link, b'{"tags": []}')
    with pytest.raises(RemoteError, match="leads to an address that is not a URL"):
        registries.tags(f"oci://{server.host}/a/b")


@pytest.mark.parametrize("scheme", ["https", "oci"])
def test_a_url_with_half_a_bracket_is_told_without_its_password(
    charts: HttpCharts, registries: HttpRegistries, scheme: str
) -> None:
    with pytest.raises(RemoteError, match="not a URL") as error:
        charts.index(f"{scheme}://me:pw@[half/x") if scheme == "https" else registries.tags(f"{scheme}://me:pw@[half/x")
    assert "pw" not in str(error.value)


@pytest.mark.parametrize("cut", [1, 4, 8, 20, 40])
def test_an_archive_that_ends_too_soon_is_refused(cut: int) -> None:
    with pytest.raises(RemoteError, match=r"is not a readable archive"):
        unpack_chart(_CHART[:-cut], "app")


def test_an_archive_of_two_members_is_read_as_one() -> None:
    plain = gzip.decompress(_CHART)
    halves = gzip.compress(plain[:700]) + gzip.compress(plain[700:])
    assert unpack_chart(halves, "app").version == "1.0.0"


def test_what_follows_an_archive_must_be_one() -> None:
    with pytest.raises(RemoteError, match=r"is not a readable archive"):
        unpack_chart(_CHART + b"#!/bin/sh\n", "app")
