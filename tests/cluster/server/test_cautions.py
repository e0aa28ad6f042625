"""What a client is warned of, that writes an object which a server takes."""

import json
from typing import Any

import pytest
from tests.cluster.server.client import ApiClient, warnings

CORE = "/api/v1/namespaces/default"
CONTAINER = {"name": "web", "image": "nginx:1"}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def told(client: ApiClient, path: str, kind: str, *, version: str = "v1", **parts: Any) -> list[str]:
    """Return the warnings of creating an object that is taken."""
    meta = {"name": "web", **parts.pop("metadata", {})}
    answer = client.ask("POST", path, {"apiVersion": version, "kind": kind, "metadata": meta, **parts})
    assert answer.status == 201, answer.body
    return [json.loads(each.removeprefix("299 - ")) for each in warnings(answer)]


def test_a_plain_pod_is_nothing_to_warn_of(client: ApiClient) -> None:
    assert told(client, f"{CORE}/pods", "Pod", spec={"containers": [CONTAINER]}) == []


@pytest.mark.parametrize(
    ("spec", "warning"),
    [
        (
            {"nodeSelector": {"beta.kubernetes.io/arch": "amd64"}},
            'spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
        ),
        (
            {"hostAliases": [{"ip": "010.0.0.1", "hostnames": ["a"]}]},
            (
                'spec.hostAliases[0].ip: non-standard IP address "010.0.0.1" will be considered invalid in a future '
                'Kubernetes release: use "10.0.0.1"'
            ),
        ),
        (
            {"volumes": [{"name": "old", "gitRepo": {"repository": "r"}}]},
            "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
        ),
        (
            {
                "volumes": [
                    {
                        "name": "two",
                        "configMap": {"name": "c", "items": [{"key": "a", "path": "x"}, {"key": "b", "path": "x/y"}]},
                    }
                ]
            },
            'volume "two" (ConfigMap "c"): overlapping paths: "x/y" with "x"',
        ),
    ],
)
def test_odd_pods_are_warned_of(client: ApiClient, spec: dict[str, Any], warning: str) -> None:
    assert told(client, f"{CORE}/pods", "Pod", spec={"containers": [CONTAINER], **spec}) == [warning]


def test_templates_are_warned_of_like_pods(client: ApiClient) -> None:
    pod = {"containers": [CONTAINER], "nodeSelector": {"beta.kubernetes.io/os": "linux"}}
    labels = {"app": "web"}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    path = "/apis/apps/v1/namespaces/default/deployments"
    (warning,) = told(client, path, "Deployment", version="apps/v1", spec=spec)
    assert warning.startswith("spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14")


def test_networks_that_mean_two_things_are_warned_of(client: ApiClient) -> None:
    rules = [{"from": [{"ipBlock": {"cidr": "10.1.2.3/8"}}]}]
    path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies"
    spec = {"podSelector": {}, "ingress": rules}
    assert told(client, path, "NetworkPolicy", version="networking.k8s.io/v1", spec=spec) == [
        (
            'spec.ingress[0].from[0].ipBlock.cidr: CIDR value "10.1.2.3/8" is ambiguous in this context '
            '(should be "10.0.0.0/8" or "10.1.2.3/32"?)'
        )
    ]


def test_fractions_of_bytes_are_warned_of(client: ApiClient) -> None:
    container = {**CONTAINER, "resources": {"requests": {"memory": "100m"}}}
    (warning,) = told(client, f"{CORE}/pods", "Pod", spec={"containers": [container]})
    assert (
        warning
        == 'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer'
    )
