"""APIServices of other servers: whether they can be asked, and what is said of them where they cannot."""

import json
from typing import Any

from tests.cluster.server.client import ApiClient

PATH = "/apis/apiregistration.k8s.io/v1/apiservices"
SERVICES = "/api/v1/namespaces/default/services"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"


def remote(name: str = "v1beta1.metrics.k8s.io", **spec: Any) -> dict[str, Any]:
    version, _, group = name.partition(".")
    service = {"name": "metrics", "namespace": "default", "port": 443}
    known = {"group": group, "version": version, "groupPriorityMinimum": 100, "versionPriority": 100}
    return {"metadata": {"name": name}, "spec": {**known, "service": service, "insecureSkipTLSVerify": True, **spec}}


def available(client: ApiClient) -> tuple[str, str, str]:
    (found,) = client.read("GET", f"{PATH}/v1beta1.metrics.k8s.io")["status"]["conditions"]
    return found["status"], found["reason"], found["message"]


def test_it_is_said_what_is_missing_of_another_server() -> None:
    client = ApiClient()
    client.made(PATH, remote())
    assert available(client) == ("False", "ServiceNotFound", 'service/metrics in "default" is not present')
    port = {"name": "https", "port": 8443}
    client.made(SERVICES, {"metadata": {"name": "metrics"}, "spec": {"ports": [port]}})
    told = 'service/metrics in "default" is not listening on port 443'
    assert available(client) == ("False", "ServicePortError", told)
    client.ask("DELETE", f"{SERVICES}/metrics")
    assert available(client)[1] == "ServiceNotFound"
    client.made(SERVICES, {"metadata": {"name": "metrics"}, "spec": {"ports": [{**port, "port": 443}]}})
    assert available(client)[1] == "EndpointsNotFound"
    meta = {"name": "metrics-a", "labels": {"kubernetes.io/service-name": "metrics"}}
    part = {"metadata": meta, "addressType": "IPv4", "ports": [{"name": "https", "port": 443}], "endpoints": []}
    client.made(SLICES, part)
    assert available(client)[1] == "MissingEndpoints"
    client.ask("PUT", f"{SLICES}/metrics-a", {**part, "endpoints": [{"addresses": ["10.0.0.1"]}]})
    assert available(client)[1] == "FailedDiscoveryCheck", "nothing runs in pods"


def test_its_paths_are_unavailable_and_the_rest_goes_on() -> None:
    client = ApiClient()
    client.made(PATH, remote())
    for path in ("/apis/metrics.k8s.io/v1beta1", "/apis/metrics.k8s.io/v1beta1/nodes"):
        answer = client.ask("GET", path)
        assert (answer.status, answer.body) == (503, b"service unavailable\n")
    assert client.ask("GET", "/apis/metrics.k8s.io/v1").status == 404
    groups = [each["name"] for each in json.loads(client.ask("GET", "/apis").body)["groups"]]
    assert "metrics.k8s.io" not in groups


def test_the_name_is_that_of_version_and_group() -> None:
    client = ApiClient()
    told = client.read("POST", PATH, {**remote(), "metadata": {"name": "v1.other"}})["message"]
    assert (
        'metadata.name: Invalid value: "v1.other": must be `spec.version+"."+spec.group`: "v1beta1.metrics.k8s.io"'
        in told
    )
    patched = client.ask(
        "PATCH", f"{PATH}/v1.", {"metadata": {"labels": {"a": "b"}}}, media="application/merge-patch+json"
    )
    assert patched.status == 200, "that of the core group ends in a point"
    told = client.read("POST", PATH, remote(versionPriority=0, insecureSkipTLSVerify=True, caBundle="QQ=="))["message"]
    assert "spec.versionPriority: Invalid value: 0: must be positive and less than 1000" in told
    assert "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present" in told
