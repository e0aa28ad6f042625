"""The official Python client against a served cluster: typed and dynamic objects, watches, refusals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from nixernetes.testing import cluster

kubernetes: Any = pytest.importorskip("kubernetes", reason="the Python client is not here: pip install kubernetes")


@pytest.fixture(name="api", scope="module")
def a_client() -> Iterator[Any]:
    with cluster(nodes=1) as found:
        api = kubernetes.config.new_client_from_config(str(found.kubeconfig))
        yield api
        api.close()


def _config_map(text: str) -> Any:
    meta = kubernetes.client.V1ObjectMeta(name="a")
    return kubernetes.client.V1ConfigMap(metadata=meta, data={"text": text})


def test_a_watch_tells_what_becomes_of_an_object(api: Any) -> None:
    core, watch = kubernetes.client.CoreV1Api(api), kubernetes.watch.Watch()
    told: list[tuple[str, str]] = []
    begins = core.list_namespaced_config_map("default").metadata.resource_version

    def follow() -> None:
        events = watch.stream(core.list_namespaced_config_map, "default", resource_version=begins, timeout_seconds=30)
        for event in events:
            if event["object"].metadata.name == "a":
                told.append((event["type"], event["object"].data["text"]))
            if event["type"] == "DELETED":
                watch.stop()

    thread = threading.Thread(target=follow)
    thread.start()
    core.create_namespaced_config_map("default", _config_map("one"))
    core.patch_namespaced_config_map("a", "default", {"data": {"text": "two"}})
    core.delete_namespaced_config_map("a", "default")
    thread.join(30)
    assert told == [("ADDED", "one"), ("MODIFIED", "two"), ("DELETED", "two")]


def test_a_deployment_is_watched_until_it_is_ready(api: Any) -> None:
    client, apps = kubernetes.client, kubernetes.client.AppsV1Api(api)
    pod = client.V1PodSpec(containers=[client.V1Container(name="web", image="nginx")])
    template = client.V1PodTemplateSpec(metadata=client.V1ObjectMeta(labels={"app": "web"}), spec=pod)
    spec = client.V1DeploymentSpec(replicas=2, selector={"matchLabels": {"app": "web"}}, template=template)
    apps.create_namespaced_deployment(
        "default", client.V1Deployment(metadata=client.V1ObjectMeta(name="web"), spec=spec)
    )
    seen = []
    for event in kubernetes.watch.Watch().stream(apps.list_namespaced_deployment, "default", timeout_seconds=30):
        seen.append(event["object"].status.ready_replicas)
        if seen[-1] == 2:
            break
    assert (seen[0], seen[-1]) == (None, 2)
    assert len(client.CoreV1Api(api).list_namespaced_pod("default", label_selector="app=web").items) == 2


def test_a_dynamic_client_applies_what_it_owns(api: Any) -> None:
    kinds = kubernetes.dynamic.DynamicClient(api).resources.get(api_version="v1", kind="ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}, "data": {"text": "mine"}}
    kinds.server_side_apply(body=body, name="b", namespace="default", field_manager="one")
    with pytest.raises(kubernetes.dynamic.exceptions.ConflictError) as refused:
        kinds.server_side_apply(
            body={**body, "data": {"text": "other"}}, name="b", namespace="default", field_manager="two"
        )
    assert "conflict with " in str(refused.value)
    assert kinds.get(name="b", namespace="default").data.text == "mine"


def test_what_is_refused_is_told_as_the_server_tells_it(api: Any) -> None:
    core = kubernetes.client.CoreV1Api(api)
    with pytest.raises(kubernetes.client.ApiException) as refused:
        core.read_namespaced_config_map("nothing", "default")
    assert (refused.value.status, refused.value.reason) == (404, "Not Found")
    assert 'configmaps \\"nothing\\" not found' in refused.value.body


def test_pages_follow_each_other(api: Any) -> None:
    core = kubernetes.client.CoreV1Api(api)
    names, more = [], None
    while more != "":
        page = core.list_namespace(limit=2, _continue=more)
        names += [each.metadata.name for each in page.items]
        more = page.metadata._continue or ""
    assert names == ["default", "kube-node-lease", "kube-public", "kube-system"]
