"""What admission writes into objects, refuses and warns of."""

from typing import Any

import pytest
from tests.cluster.server.client import MERGE, ApiClient, warnings

PODS = "/api/v1/namespaces/default/pods"


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def pod(name: str = "p", **container: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "c:1", **container}]}}


def test_a_limit_range_fills_in_and_refuses(client: ApiClient) -> None:
    limits = [
        {"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "200m"}, "max": {"cpu": "2"}},
        {"type": "Pod", "max": {"cpu": "3"}},
    ]
    client.made("/api/v1/namespaces/default/limitranges", {"metadata": {"name": "l"}, "spec": {"limits": limits}})
    made = client.made(PODS, pod())
    assert made["spec"]["containers"][0]["resources"] == {"limits": {"cpu": "1"}, "requests": {"cpu": "200m"}}
    assert made["metadata"]["annotations"]["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: cpu request for container c; cpu limit for container c"
    )
    assert client.read("POST", PODS, pod("q", resources={"limits": {"cpu": "4"}}))["message"] == (
        'pods "q" is forbidden: [maximum cpu usage per Container is 2, but limit is 4, '
        "maximum cpu usage per Pod is 3, but limit is 4]"
    )


def test_a_namespace_may_enforce_how_much_pods_ask_for(client: ApiClient) -> None:
    client.made(PODS, pod("there"))
    labels = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
    changed = client.ask("PATCH", "/api/v1/namespaces/default", labels, media=MERGE)
    assert "there: allowPrivilegeEscalation != false" in warnings(changed)[1]
    told = client.read("POST", PODS, pod())["message"]
    assert told.startswith('pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation')
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod()["spec"]}
    web = {"metadata": {"name": "w"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}}
    made = client.ask("POST", "/apis/apps/v1/namespaces/default/deployments", web)
    assert made.status == 201
    assert 'would violate PodSecurity \\"restricted:latest\\"' in warnings(made)[0]
    wrong = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "much"}}}
    assert client.ask("PATCH", "/api/v1/namespaces/default", wrong, media=MERGE).status == 422


@pytest.mark.parametrize(("actions", "status"), [(["Deny"], 422), (["Warn"], 201)])
def test_a_policy_denies_or_warns(client: ApiClient, actions: list[str], status: int) -> None:
    group = "/apis/admissionregistration.k8s.io/v1"
    what = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
    checks = [{"expression": "object.metadata.name != 'w'", "message": "the name is w"}]
    spec = {"matchConstraints": {"resourceRules": [what]}, "validations": checks}
    client.made(f"{group}/validatingadmissionpolicies", {"metadata": {"name": "p"}, "spec": spec})
    bound = {"policyName": "p", "validationActions": actions}
    client.made(f"{group}/validatingadmissionpolicybindings", {"metadata": {"name": "b"}, "spec": bound})
    maps = "/api/v1/namespaces/default/configmaps"
    assert client.ask("POST", maps, {"metadata": {"name": "x"}}).status == 201
    answer = client.ask("POST", maps, {"metadata": {"name": "w"}})
    assert answer.status == status
    told = warnings(answer)[0] if status == 201 else answer.body.decode()
    assert "ValidatingAdmissionPolicy 'p' with binding 'b'" in told
    assert "the name is w" in told


def test_a_quota_counts_what_is_created(client: ApiClient) -> None:
    quotas = "/api/v1/namespaces/default/resourcequotas"
    client.made(quotas, {"metadata": {"name": "q"}, "spec": {"hard": {"count/configmaps": "1"}}})
    status = {"status": {"hard": {"count/configmaps": "1"}, "used": {"count/configmaps": "0"}}}
    client.ask("PATCH", f"{quotas}/q/status", status, media=MERGE)
    maps = "/api/v1/namespaces/default/configmaps"
    client.made(maps, {"metadata": {"name": "a"}})
    assert client.read("GET", f"{quotas}/q")["status"]["used"] == {"count/configmaps": "1"}
    assert client.ask("POST", maps, {"metadata": {"name": "b"}}).status == 403
