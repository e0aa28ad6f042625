"""Who asks, and what they may do."""

import json
from typing import Any

import pytest
from tests.cluster.server.client import APPLY, MERGE, ApiClient

RBAC = "/apis/rbac.authorization.k8s.io/v1"
SPACE = f"{RBAC}/namespaces/default"
MAPS = "/api/v1/namespaces/default/configmaps"
LIMITED = (("impersonate-user", "limited"),)


def role(name: str, *rules: dict[str, Any], kind: str = "Role") -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name}, "rules": [*rules]}


def rule(verbs: str, resources: str, group: str = "", **more: Any) -> dict[str, Any]:
    return {"verbs": verbs.split(","), "apiGroups": [group], "resources": resources.split(","), **more}


def binding(name: str, subject: dict[str, str], kind: str = "Role") -> dict[str, Any]:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}
    return {"kind": "RoleBinding", "metadata": {"name": name}, "roleRef": reference, "subjects": [subject]}


USER = {"kind": "User", "name": "limited", "apiGroup": "rbac.authorization.k8s.io"}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    client = ApiClient()
    client.made(f"{SPACE}/roles", role("reader", rule("get,list", "configmaps")))
    client.made(f"{SPACE}/rolebindings", binding("reader", USER))
    return client


def test_a_bound_role_allows_what_it_says_and_nothing_else(client: ApiClient) -> None:
    assert client.ask("GET", MAPS, acts_as=LIMITED).status == 200
    refused = client.ask("POST", MAPS, {"metadata": {"name": "a"}}, acts_as=LIMITED)
    assert refused.status == 403
    assert json.loads(refused.body)["message"] == (
        'configmaps is forbidden: User "limited" cannot create resource "configmaps" in API group "" '
        'in the namespace "default"'
    )
    assert client.ask("GET", "/api/v1/configmaps", acts_as=LIMITED).status == 403


def test_who_shows_nothing_is_anonymous_and_who_shows_a_wrong_token_is_nobody(client: ApiClient) -> None:
    told = client.read("GET", MAPS, token="")["message"]
    assert told.startswith('configmaps is forbidden: User "system:anonymous" cannot list')
    assert client.ask("GET", "/version", token="").status == 200
    assert client.ask("GET", MAPS, token="wrong").status == 401


def test_acting_as_others_has_to_be_allowed(client: ApiClient) -> None:
    told = client.read("GET", MAPS, token="", acts_as=(("impersonate-user", "x"),))["message"]
    assert told == (
        'users "x" is forbidden: User "system:anonymous" cannot impersonate resource "users" in API group "" '
        "at the cluster scope"
    )
    assert client.ask("GET", MAPS, acts_as=(("impersonate-group", "g"),)).status == 500


def test_a_review_says_which_binding_allows(client: ApiClient) -> None:
    spec = {"user": "limited", "resourceAttributes": {"namespace": "default", "verb": "list", "resource": "configmaps"}}
    path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
    assert client.read("POST", path, {"spec": spec})["status"] == {
        "allowed": True,
        "reason": 'RBAC: allowed by RoleBinding "reader/default" of Role "reader" to User "limited"',
    }
    other = {**spec, "user": "other"}
    assert client.read("POST", path, {"spec": other})["status"] == {"allowed": False}


def test_rules_of_names_and_of_parts_are_kept(client: ApiClient) -> None:
    named = rule("get", "secrets", resourceNames=["one"])
    client.made(f"{SPACE}/roles", role("more", named, rule("update", "deployments/scale", "apps")))
    client.made(f"{SPACE}/rolebindings", binding("more", USER))
    secrets = "/api/v1/namespaces/default/secrets"
    assert client.ask("GET", f"{secrets}/one", acts_as=LIMITED).status == 404
    assert client.ask("GET", f"{secrets}/two", acts_as=LIMITED).status == 403
    scale = "/apis/apps/v1/namespaces/default/deployments/web"
    assert client.ask("PUT", f"{scale}/scale", {}, acts_as=LIMITED).status != 403
    assert client.ask("PUT", scale, {}, acts_as=LIMITED).status == 403


def test_roles_of_every_cluster_and_those_that_gather_others_hold(client: ApiClient) -> None:
    client.made(f"{SPACE}/rolebindings", binding("view", USER, "ClusterRole"))
    widgets = "/apis/example.com/v1/namespaces/default/widgets"
    assert client.ask("GET", "/api/v1/namespaces/default/services", acts_as=LIMITED).status == 200
    assert client.ask("GET", "/api/v1/namespaces/default/secrets", acts_as=LIMITED).status == 403
    assert client.ask("GET", widgets, acts_as=LIMITED).status == 403
    more = role("widgets", rule("get,list", "widgets", "example.com"), kind="ClusterRole")
    more["metadata"]["labels"] = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    client.made(f"{RBAC}/clusterroles", more)
    assert client.ask("GET", widgets, acts_as=LIMITED).status == 404


def test_nobody_grants_more_than_they_have(client: ApiClient) -> None:
    writes = rule("create", "roles,rolebindings", "rbac.authorization.k8s.io")
    client.made(f"{SPACE}/roles", role("writer", writes))
    client.made(f"{SPACE}/rolebindings", binding("writer", USER))
    assert client.ask("POST", f"{SPACE}/roles", role("a", rule("get", "configmaps")), acts_as=LIMITED).status == 201
    told = client.read("POST", f"{SPACE}/roles", role("b", rule("get,list", "secrets")), acts_as=LIMITED)["message"]
    assert told == (
        'roles.rbac.authorization.k8s.io "b" is forbidden: user "limited" (groups=["system:authenticated"]) '
        "is attempting to grant RBAC permissions not currently held:\n"
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}'
    )
    bound = client.ask("POST", f"{SPACE}/rolebindings", binding("admin", USER, "ClusterRole"), acts_as=LIMITED)
    assert bound.status == 403


@pytest.mark.parametrize("media", [MERGE, APPLY, "application/json"])
def test_nobody_makes_more_of_what_they_have(client: ApiClient, media: str) -> None:
    changes = rule("get,create,update,patch", "roles,rolebindings", "rbac.authorization.k8s.io")
    client.made(f"{SPACE}/roles", role("writer", changes))
    client.made(f"{SPACE}/rolebindings", binding("writer", USER))
    more = {"fieldManager": "t", "force": "true"} if media == APPLY else {}
    version = {"apiVersion": "rbac.authorization.k8s.io/v1"}
    method = "PUT" if media == "application/json" else "PATCH"
    for body, name in (
        (role("writer", rule("*", "*", "*")), "roles/writer"),
        (binding("admin", USER, "ClusterRole"), ""),
    ):
        path = f"{SPACE}/{name or 'rolebindings/admin'}"
        answer = client.ask(method, path, {**version, **body}, media=media, acts_as=LIMITED, **more)
        assert answer.status in (403, 404), answer.body
    assert client.ask("GET", "/api/v1/namespaces/default/secrets", acts_as=LIMITED).status == 403
    same = {**version, **role("writer", changes)}
    same["metadata"]["finalizers"] = ["a/a"]
    assert client.ask(method, f"{SPACE}/roles/writer", same, media=media, acts_as=LIMITED, **more).status == 200


def test_gathering_rules_takes_all_rights(client: ApiClient) -> None:
    cluster_rule = rule("create,update,patch", "clusterroles", "rbac.authorization.k8s.io")
    client.made(f"{RBAC}/clusterroles", role("writer", cluster_rule, kind="ClusterRole"))
    bound = {**binding("writer", USER, "ClusterRole"), "kind": "ClusterRoleBinding"}
    client.made(f"{RBAC}/clusterrolebindings", bound)
    gathers = {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}
    body = {"kind": "ClusterRole", "metadata": {"name": "all"}, "aggregationRule": gathers}
    told = client.read("POST", f"{RBAC}/clusterroles", body, acts_as=LIMITED)["message"]
    assert told.endswith("must have cluster-admin privileges to use the aggregationRule")


def test_a_role_that_is_not_there_is_not_bound(client: ApiClient) -> None:
    client.made(f"{SPACE}/roles", role("writer", rule("create", "rolebindings", "rbac.authorization.k8s.io")))
    client.made(f"{SPACE}/rolebindings", binding("writer", USER))
    answer = client.ask("POST", f"{SPACE}/rolebindings", binding("later", USER), acts_as=LIMITED)
    assert (answer.status, json.loads(answer.body)["message"]) == (
        404,
        'roles.rbac.authorization.k8s.io "later" not found',
    )


def test_an_apply_that_creates_has_to_be_allowed_to(client: ApiClient) -> None:
    client.made(f"{SPACE}/roles", role("patcher", rule("patch", "configmaps")))
    client.made(f"{SPACE}/rolebindings", binding("patcher", USER))
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    more = {"media": APPLY, "fieldManager": "t"}
    assert client.ask("PATCH", f"{MAPS}/c", body, acts_as=LIMITED, **more).status == 403
    client.made(MAPS, {"metadata": {"name": "c"}})
    assert client.ask("PATCH", f"{MAPS}/c", body, acts_as=LIMITED, **more).status == 200


def test_a_name_that_is_selected_is_a_name(client: ApiClient) -> None:
    client.made(f"{SPACE}/roles", role("one", rule("list,watch", "secrets", resourceNames=["one"])))
    client.made(f"{SPACE}/rolebindings", binding("one", USER))
    secrets = "/api/v1/namespaces/default/secrets"
    assert client.ask("GET", secrets, acts_as=LIMITED, fieldSelector="metadata.name=one").status == 200
    assert client.ask("GET", secrets, acts_as=LIMITED, fieldSelector="metadata.name=two").status == 403


@pytest.mark.parametrize("token", ["a.b.\xe4", "\udc80", "\u20ac"])
def test_whatever_is_shown_as_a_token_is_refused(client: ApiClient, token: str) -> None:
    assert client.ask("GET", MAPS, token=token).status == 401
    body = json.dumps({"spec": {"token": token}}).encode()
    assert client.ask("POST", "/apis/authentication.k8s.io/v1/tokenreviews", body).status == 201


def test_a_token_of_a_service_account_is_that_account(client: ApiClient) -> None:
    accounts = "/api/v1/namespaces/default/serviceaccounts"
    client.made(accounts, {"metadata": {"name": "sa"}})
    client.made(
        f"{SPACE}/rolebindings",
        {**binding("reader", USER), "metadata": {"name": "account"}}
        | {"subjects": [{"kind": "ServiceAccount", "name": "sa", "namespace": "default"}]},
    )
    token = client.read("POST", f"{accounts}/sa/token", {"spec": {}})["status"]["token"]
    assert client.ask("GET", MAPS, token=token).status == 200
    assert client.ask("POST", MAPS, {}, token=token).status == 403
    reviews = "/apis/authentication.k8s.io/v1/tokenreviews"
    assert client.read("POST", reviews, {"spec": {"token": token}})["status"]["user"]["username"] == (
        "system:serviceaccount:default:sa"
    )
    assert "error" in client.read("POST", reviews, {"spec": {"token": token[:-2]}})["status"]
    other = client.read("POST", f"{accounts}/sa/token", {"spec": {"audiences": ["other"]}})["status"]["token"]
    assert client.ask("GET", MAPS, token=other).status == 401
    client.ask("DELETE", f"{accounts}/sa")
    assert client.ask("GET", MAPS, token=token).status == 401
