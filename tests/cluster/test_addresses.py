"""What controllers beside a served cluster write: addresses of Services, gathered roles, accounts of pods."""

from __future__ import annotations

from typing import Any

import pytest

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.controllers.aggregated_roles import RoleAggregator
from nixernetes.cluster.controllers.endpoints import EndpointsController
from nixernetes.cluster.controllers.parts import Worker
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of


@pytest.fixture(name="cluster")
def a_cluster() -> EmbeddedCluster:
    return EmbeddedCluster(name="c", clock=VirtualClock(), alone=True)


def driven(cluster: EmbeddedCluster, worker: Worker) -> None:
    """Let a controller look at whatever changes, at once."""
    cluster.watch(lambda event: worker.note(event, key_of(event.object)))


def settle(worker: Worker) -> None:
    for _ in range(100):
        key = worker.take()
        if key is None:
            return
        worker.handle(key)
    raise AssertionError("it never comes to rest")


def made(
    cluster: EmbeddedCluster, api_version: str, kind: str, name: str, namespace: str = "default", **more: Any
) -> Any:
    meta = {"name": name, **({"namespace": namespace} if namespace else {}), **more.pop("meta", {})}
    return cluster.create({"apiVersion": api_version, "kind": kind, "metadata": meta, **more}, manager="t")


def test_a_service_leads_to_its_ready_pods(cluster: EmbeddedCluster) -> None:
    worker = EndpointsController(cluster)
    driven(cluster, worker)
    spec = {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": "web"}]}
    made(cluster, "v1", "Service", "s", spec=spec)
    made(cluster, "v1", "Node", "n", "")
    container = {"name": "a", "image": "a:1", "ports": [{"name": "web", "containerPort": 8080}]}
    for name, node in (("p", "n"), ("q", "gone")):
        pod = made(
            cluster,
            "v1",
            "Pod",
            name,
            meta={"labels": {"app": "web"}},
            spec={"containers": [container], "nodeName": node},
        )
        ready = [{"type": "Ready", "status": "True"}]
        status = {"phase": "Running", "podIP": f"10.0.0.{ord(name)}", "conditions": ready}
        cluster.update({**pod, "status": status}, manager="t", subresource="status")
    settle(worker)
    endpoints = cluster.get(ObjectKey("", "Endpoints", "default", "s"))
    assert endpoints is not None
    (subset,) = endpoints["subsets"]
    assert [each["ip"] for each in subset["addresses"]] == ["10.0.0.112", "10.0.0.113"]
    assert subset["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]
    (found,) = cluster.list(GroupKind("discovery.k8s.io", "EndpointSlice"))
    assert [each["nodeName"] for each in found["endpoints"]] == ["n"]
    assert found["metadata"]["ownerReferences"][0]["name"] == "s"


def test_a_role_has_the_rules_of_those_that_it_selects(cluster: EmbeddedCluster) -> None:
    worker = RoleAggregator(cluster)
    driven(cluster, worker)
    group, selectors = "rbac.authorization.k8s.io/v1", [{"matchLabels": {"adds": "yes"}}]
    made(cluster, group, "ClusterRole", "all", "", aggregationRule={"clusterRoleSelectors": selectors})
    for name in ("a", "b"):
        rules = [{"verbs": ["get"], "apiGroups": [""], "resources": [name]}]
        made(cluster, group, "ClusterRole", name, "", meta={"labels": {"adds": "yes"}}, rules=rules)
    settle(worker)
    role = cluster.get(ObjectKey("rbac.authorization.k8s.io", "ClusterRole", "", "all"))
    assert role is not None
    assert [rule["resources"] for rule in role["rules"]] == [["a"], ["b"]]


def test_a_pod_gets_the_token_of_its_account_or_waits_for_it(cluster: EmbeddedCluster) -> None:
    cluster.give_accounts()
    spec = {"containers": [{"name": "a", "image": "a:1"}]}
    with pytest.raises(ApiError, match=r'error looking up service account default/default: serviceaccount "default"'):
        made(cluster, "v1", "Pod", "p", spec=spec)
    made(cluster, "v1", "ServiceAccount", "default", imagePullSecrets=[{"name": "pull"}])
    pod = made(cluster, "v1", "Pod", "p", spec=spec)["spec"]
    (mount,), (volume,) = pod["containers"][0]["volumeMounts"], pod["volumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], "/var/run/secrets/kubernetes.io/serviceaccount")
    assert (pod["serviceAccountName"], pod["imagePullSecrets"]) == ("default", [{"name": "pull"}])
    bare = made(cluster, "v1", "Pod", "q", spec={**spec, "automountServiceAccountToken": False})["spec"]
    assert "volumes" not in bare
