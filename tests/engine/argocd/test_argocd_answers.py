"""What the programs of Argo CD ask its cache and its repository server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.engine.argocd.conftest import Plane, make_plane
from tests.engine.argocd.samples import URL, application, config_map, deployment, namespace

from nixernetes.cluster.wire.protobuf import fields, framed
from nixernetes.engine.argocd.answers.repository_server import RepositoryServer
from nixernetes.engine.argocd.answers.states import ApplicationStates
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.well_known import IN_CLUSTER

_SERVICE = "/repository.RepoServerService/"
_SECRET: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "s"},
    "data": {"password": "aHVudGVyMg=="},
}


def _states(plane: Plane) -> ApplicationStates:
    return ApplicationStates(plane.argocd.api, plane.argocd.inspector, plane.clock, "1.34.4")


def _server(plane: Plane) -> RepositoryServer:
    return RepositoryServer(plane.argocd.api, plane.argocd.inspector.builder)


def _synced(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [deployment("web"), config_map("a"), _SECRET]})
    plane.apply(namespace("production"), application("shop", automated={}))
    assert plane.settle()


def test_what_is_managed_is_told_as_wanted_and_as_there_without_the_values_of_secrets(plane: Plane) -> None:
    _synced(plane)
    edited = plane.edit("ConfigMap", "production", "a")
    plane.put({**edited, "data": {"key": "edited"}})
    found = {entry["kind"]: entry for entry in _states(plane).value("app|managed-resources|shop")}
    assert list(found) == ["ConfigMap", "Secret", "Deployment"]  # the core group comes first
    assert found["ConfigMap"]["modified"]
    assert "modified" not in found["Deployment"]
    live = json.loads(found["ConfigMap"]["normalizedLiveState"])
    assert live["data"] == {"key": "edited"}
    assert not {"creationTimestamp", "managedFields"} & set(live["metadata"])
    assert json.loads(found["ConfigMap"]["targetState"])["metadata"]["name"] == "a"
    assert "aHVudGVyMg==" not in json.dumps(found)


def test_the_tree_reaches_down_to_pods_and_shows_what_is_missing(plane: Plane) -> None:
    _synced(plane)
    plane.api.delete(ObjectKey("", "ConfigMap", "production", "a"))
    nodes = _states(plane).value("app|resources-tree|shop")["nodes"]
    by_kind = {node["kind"]: node for node in nodes}
    assert by_kind["Pod"]["parentRefs"][0]["kind"] == "ReplicaSet"
    assert by_kind["ReplicaSet"]["parentRefs"][0]["name"] == "web"
    assert by_kind["Deployment"]["health"] == {"status": "Healthy"}
    assert by_kind["ConfigMap"]["health"] == {"status": "Missing"}


def test_nobody_knows_what_is_not_there(plane: Plane) -> None:
    states = _states(plane)
    for key in ("app|resources-tree|nobody", "app|other|shop", "session|x", "cluster|info|https://nowhere", ""):
        assert states.value(key) is None


def test_clusters_are_told_with_their_applications() -> None:
    plane = make_plane({"east": "https://east.example.com"})
    _synced(plane)
    info = _states(plane).value(f"cluster|info|{IN_CLUSTER}")
    assert (info["connectionState"]["status"], info["applicationsCount"]) == ("Successful", 1)
    assert _states(plane).value("cluster|info|https://east.example.com")["applicationsCount"] == 0


def test_a_revision_is_resolved(plane: Plane) -> None:
    _synced(plane)
    commit = plane.status("shop")["sync"]["revision"]
    app = framed(1, framed(1, b"shop") + framed(3, b"argocd"))
    answer = _server(plane).call(f"{_SERVICE}ResolveRevision", framed(2, app) + framed(3, b"main"))
    assert answer is not None
    assert [value for _, _, value in fields(answer)] == [commit.encode(), f"main ({commit})".encode()]
    other = framed(1, framed(1, b"other") + framed(3, b"argocd"))
    with pytest.raises(NixernetesError, match='"other" not found'):
        _server(plane).call(f"{_SERVICE}ResolveRevision", framed(2, other))
    with pytest.raises(NixernetesError, match="out of range"):
        _server(plane).call(f"{_SERVICE}ResolveRevision", framed(2, app) + b"\x20\x03")


def test_manifests_are_generated_without_the_values_of_secrets(plane: Plane) -> None:
    _synced(plane)
    source = framed(10, framed(1, URL.encode()) + framed(2, b"apps"))
    answer = _server(plane).call(f"{_SERVICE}GenerateManifest", framed(5, b"shop") + framed(2, b"main") + source)
    assert answer is not None
    texts = [value.decode() for number, _, value in fields(answer) if number == 1 and isinstance(value, bytes)]
    assert sorted(json.loads(text)["kind"] for text in texts) == ["ConfigMap", "Deployment", "Secret"]
    assert "aHVudGVyMg==" not in "".join(texts)


def test_a_repository_is_tested_by_reaching_it(plane: Plane) -> None:
    _synced(plane)
    assert _server(plane).call(f"{_SERVICE}TestRepository", framed(1, framed(1, URL.encode()))) == b"\x08\x01"
    with pytest.raises(NixernetesError):
        _server(plane).call(f"{_SERVICE}TestRepository", framed(1, framed(1, b"https://example.com/nothing")))


def test_what_is_no_call_or_no_message_is_refused(plane: Plane) -> None:
    assert _server(plane).call(f"{_SERVICE}ListRefs", b"") is None
    assert _server(plane).call("/other/ResolveRevision", b"") is None
    with pytest.raises(NixernetesError, match="proto"):
        _server(plane).call(f"{_SERVICE}ResolveRevision", b"\xff")


def test_an_application_that_may_sync_by_itself_from_now_on_is_looked_at_at_once(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("shop"))
    plane.run(1)
    assert plane.words("shop") == "OutOfSync/Missing"
    plane.apply(application("shop", automated={}))
    plane.run(1)
    assert plane.words("shop") == "Synced/Healthy"
