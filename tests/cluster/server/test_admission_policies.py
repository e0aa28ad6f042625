"""ValidatingAdmissionPolicies: what they may say, and who is asked for what."""

from typing import Any

import pytest
from tests.cluster.server.client import MERGE, ApiClient, warnings

GROUP = "/apis/admissionregistration.k8s.io/v1"
MAPS = "/api/v1/namespaces/default/configmaps"
RULE = {
    "apiGroups": [""],
    "apiVersions": ["v1"],
    "operations": ["CREATE", "UPDATE", "DELETE"],
    "resources": ["configmaps"],
}


@pytest.fixture(name="client")
def a_client() -> ApiClient:
    return ApiClient()


def policy(*validations: object, **more: Any) -> dict[str, Any]:
    spec = {"matchConstraints": {"resourceRules": [RULE]}, "validations": list(validations), **more}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "p"},
        "spec": spec,
    }


def bind(client: ApiClient, *actions: str, **more: Any) -> None:
    spec = {"policyName": "p", "validationActions": list(actions or ("Deny",)), **more}
    body = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "b"},
        "spec": spec,
    }
    client.made(f"{GROUP}/validatingadmissionpolicybindings", body)


def config(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        (
            policy({"expression": "1 + 1"}),
            'spec.validations[0].expression: Invalid value: "1 + 1": must evaluate to bool',
        ),
        (policy({"expression": "nope"}), "undeclared reference to 'nope'"),
        (policy({"expression": "request.nope == 1"}), "undefined field 'nope'"),
        (policy({"expression": "params.x == 1"}), "undeclared reference to 'params'"),
        (policy(), "validations or auditAnnotations must contain at least one item"),
        (
            policy({"expression": "variables.n == ''"}, variables=[{"name": "n", "expression": "1"}]),
            "found no matching overload for '_==_' applied to '(int, string)'",
        ),
        (policy({"expression": "true", "messageExpression": "1"}), "must evaluate to string but got int"),
        (policy({"expression": "object.spec.paused"}), "must evaluate to bool but got dyn"),
        (policy({"expression": "object.x in [1, 2, 'a']"}), "<input>:1:20: expected type 'int' but found 'string'"),
        (
            policy({"expression": "true"}, failurePolicy="X"),
            'Unsupported value: "X": supported values: "Fail", "Ignore"',
        ),
        (policy({"expression": "true"}, matchConstraints=None), "spec.matchConstraints: Required value"),
    ],
)
def test_what_a_policy_cannot_say_is_refused(client: ApiClient, spec: dict[str, Any], wrong: str) -> None:
    answer = client.read("POST", f"{GROUP}/validatingadmissionpolicies", spec)
    assert answer["code"] == 422
    assert wrong in answer["message"]


def test_the_requester_is_asked_for_what_they_may_do(client: ApiClient) -> None:
    allowed = "authorizer.group('').resource('secrets').namespace('default').check('delete').allowed()"
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]}]
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}}
    client.made("/apis/rbac.authorization.k8s.io/v1/clusterroles", {**role, "rules": rules})
    subject = {"kind": "User", "name": "jo", "apiGroup": "rbac.authorization.k8s.io"}
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "r"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "r"},
        "subjects": [subject],
    }
    client.made("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)
    client.made(
        f"{GROUP}/validatingadmissionpolicies",
        policy(
            {"expression": allowed, "messageExpression": "'not by ' + request.userInfo.username", "reason": "Forbidden"}
        ),
    )
    bind(client)
    assert client.ask("POST", MAPS, config("a")).status == 201
    refused = client.read("POST", MAPS, config("b"), acts_as=(("impersonate-user", "jo"),))
    assert refused["code"] == 403
    assert refused["message"].endswith("denied request: not by jo")


def test_deletions_are_asked_about(client: ApiClient) -> None:
    client.made(MAPS, config("a"))
    expression = "request.operation != 'DELETE' || oldObject.metadata.name != 'a'"
    client.made(f"{GROUP}/validatingadmissionpolicies", policy({"expression": expression, "message": "keep it"}))
    bind(client)
    assert client.read("DELETE", f"{MAPS}/a")["message"].endswith("denied request: keep it")
    assert client.ask("GET", f"{MAPS}/a").status == 200
    client.made(MAPS, config("b"))
    assert client.ask("DELETE", f"{MAPS}/b").status == 200


def test_each_parameter_is_asked_for_itself(client: ApiClient) -> None:
    for name, least in (("one", "1"), ("two", "2")):
        held = {**config(name, least=least), "metadata": {"name": name, "labels": {"for": "p"}}}
        client.made("/api/v1/namespaces/kube-system/configmaps", held)
    spec = policy(
        {
            "expression": "int(object.data.n) >= int(params.data.least)",
            "messageExpression": "'least is ' + params.data.least",
        },
        paramKind={"apiVersion": "v1", "kind": "ConfigMap"},
    )
    client.made(f"{GROUP}/validatingadmissionpolicies", spec)
    chosen = {"selector": {"matchLabels": {"for": "p"}}, "namespace": "kube-system", "parameterNotFoundAction": "Deny"}
    bind(client, "Warn", paramRef=chosen)
    assert len(warnings(client.ask("POST", MAPS, config("a", n="0")))) == 2
    (told,) = warnings(client.ask("POST", MAPS, config("b", n="1")))
    assert "least is 2" in told
    for name in ("one", "two"):
        client.ask("DELETE", f"/api/v1/namespaces/kube-system/configmaps/{name}")
    gone = client.read("PATCH", f"{MAPS}/a", {"data": {"n": "5"}}, media=MERGE)
    assert "no params found for policy binding with `Deny` parameterNotFoundAction" in gone["message"]


def test_an_expression_without_a_value_counts_as_the_policy_says(client: ApiClient) -> None:
    client.made(f"{GROUP}/validatingadmissionpolicies", policy({"expression": "object.data.nope == '1'"}))
    bind(client)
    refused = client.read("POST", MAPS, config("a", n="0"))
    assert "resulted in error: no such key: nope" in refused["message"]
    client.ask("PATCH", f"{GROUP}/validatingadmissionpolicies/p", {"spec": {"failurePolicy": "Ignore"}}, media=MERGE)
    assert client.ask("POST", MAPS, config("a", n="0")).status == 201


def test_requests_for_certificates_hold_one(client: ApiClient) -> None:
    spec = {"request": "bm9uc2Vuc2U=", "signerName": "example.org", "usages": ["client auth", "nope"]}
    body = {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": "c"},
        "spec": spec,
    }
    answer = client.read("POST", "/apis/certificates.k8s.io/v1/certificatesigningrequests", body)
    assert [each["field"] for each in answer["details"]["causes"]] == [
        "spec.request",
        "spec.usages[1]",
        "spec.signerName",
    ]
