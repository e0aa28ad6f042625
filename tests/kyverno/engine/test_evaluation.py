"""Policies over objects: what each kind of rule says, and what is refused by name."""

import json
import time
from typing import Any

import pytest

from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated
from nixernetes.kyverno.engine.values import read_values


def cluster_policy(*rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "kyverno.io/v1",
        "kind": "ClusterPolicy",
        "metadata": {"name": "p"},
        "spec": {"rules": [*rules]},
    }


def rule(body: dict[str, Any], kind: str = "Pod", **more: Any) -> dict[str, Any]:
    return {"name": "r", "match": {"any": [{"resources": {"kinds": [kind]}}]}, "validate": body, **more}


def pod(**meta: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "a", "image": "nginx"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", **meta}, "spec": spec}


def said(policy: dict[str, Any], *objects: dict[str, Any]) -> list[tuple[str, str, str]]:
    answers = evaluated(Evaluation(policies=[policy], objects=objects))
    return [(each.row.rule, each.row.result, each.row.message) for each in answers]


def test_a_pattern_fails_with_its_message_and_path() -> None:
    policy = cluster_policy(rule({"message": "no label", "pattern": {"metadata": {"labels": {"team": "?*"}}}}))
    message = "validation error: no label. rule r failed at path /metadata/labels/"
    assert said(policy, pod()) == [("r", "fail", message)]
    assert said(policy, pod(labels={"team": "a"})) == [("r", "pass", "validation rule 'r' passed.")]


def test_rules_for_pods_are_derived_for_controllers() -> None:
    policy = cluster_policy(rule({"pattern": {"spec": {"containers": [{"image": "!*:latest"}]}}}))
    template = {"spec": {"containers": [{"name": "a", "image": "a:latest"}]}}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d"},
        "spec": {"template": template},
    }
    message = "validation error: rule autogen-r failed at path /spec/template/spec/containers/0/image/"
    assert said(policy, deployment) == [("autogen-r", "fail", message)]


def test_a_variable_without_a_value_is_an_error_that_says_so() -> None:
    block = {"all": [{"key": "{{ request.object.metadata.nope }}", "operator": "Equals", "value": "a"}]}
    (found,) = said(cluster_policy(rule({"deny": {"conditions": block}})), pod())
    assert found[1] == "error"
    assert 'Unknown key "nope" in path' in found[2]


def test_what_is_not_supported_is_an_error_by_name() -> None:
    images = {"name": "m", "match": {"resources": {"kinds": ["Pod"]}}, "verifyImages": [{"imageReferences": ["*"]}]}
    assert ("m", "error", "not evaluated: the digest of docker.io/nginx:latest only its registry could tell") in said(
        cluster_policy(images), pod()
    )


def test_a_validating_policy_says_its_message() -> None:
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}]
    spec = {
        "matchConstraints": {"resourceRules": rules},
        "variables": [{"name": "n", "expression": "object.metadata.name"}],
        "validations": [{"expression": "variables.n == 'y'", "messageExpression": "'not ' + variables.n"}],
    }
    policy = {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": "v"},
        "spec": spec,
    }
    assert said(policy, pod()) == [("", "fail", "not x")]


def test_values_win_over_what_a_context_loads() -> None:
    entry = {"name": "cm", "configMap": {"name": "c", "namespace": "n"}}
    block = {"all": [{"key": "{{ cm.data.a }}", "operator": "Equals", "value": "b"}]}
    policy = cluster_policy(rule({"deny": {"conditions": block}}, context=[entry]))
    values = read_values({"policies": [{"name": "p", "rules": [{"name": "r", "values": {"cm.data.a": "b"}}]}]})
    (found,) = evaluated(Evaluation(policies=[policy], objects=[pod()], values=values))
    assert found.row.result == "fail"
    (missing,) = evaluated(Evaluation(policies=[policy], objects=[pod()]))
    assert missing.row.not_given == ("configMap n/c",)


@pytest.mark.parametrize(
    "expression",
    ["{{ grow }}", "a" * 30_000, "[" * 3_000 + "]" * 3_000],
    ids=["variables that lead to themselves", "a long expression", "a deep expression"],
)
def test_a_hostile_policy_ends_in_an_error(expression: str) -> None:
    entry = {"name": "grow", "variable": {"value": "{{ grow }}{{ grow }}"}}
    text = expression if expression.startswith("{{") else f"{{{{ {expression} }}}}"
    block = {"all": [{"key": text, "operator": "Equals", "value": "b"}]}
    policy = cluster_policy(rule({"deny": {"conditions": block}}, context=[entry]))
    begun = time.process_time()
    (found,) = said(policy, pod())
    assert found[1] == "error"
    assert time.process_time() - begun < 1


def test_rows_are_plain_data() -> None:
    policy = cluster_policy(rule({"pattern": {"metadata": {"name": "x"}}}))
    (found,) = evaluated(Evaluation(policies=[policy], objects=[pod()]))
    assert json.loads(json.dumps(found.document()))["resource"]["namespace"] == "default"


def _pod_security(*exclude: dict[str, Any]) -> dict[str, Any]:
    wanted = {"level": "baseline", "version": "latest", "exclude": [*exclude]}
    return cluster_policy(rule({"podSecurity": wanted}))


PORTS = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "template": {
            "spec": {
                "hostNetwork": True,
                "containers": [
                    {"name": "a", "image": "ghcr.io/x/a:1", "ports": [{"hostPort": 80}]},
                    {"name": "b", "image": "docker.io/b:1", "ports": [{"hostPort": 81}]},
                ],
            }
        }
    },
}


def test_pod_security_tells_the_fields_of_the_controller() -> None:
    policy = _pod_security({"controlName": "Host Ports", "images": ["ghcr.io/*"]})
    message = (
        "Validation rule 'autogen-r' failed. It violates PodSecurity \"baseline:latest\": (Forbidden reason: host "
        "namespaces, field error list: [spec.template.spec.hostNetwork is forbidden, forbidden values found: true])"
        "(Forbidden reason: hostPort, field error list: [spec.template.spec.containers[1].ports[0].hostPort is "
        "forbidden, forbidden values found: 81])"
    )
    assert said(policy, PORTS) == [("autogen-r", "fail", message)]


def test_pod_security_passes_when_every_control_that_fails_is_left_out() -> None:
    ports = {"controlName": "Host Ports", "images": ["*"], "values": ["80", "81"]}
    names = {"controlName": "Host Namespaces", "restrictedField": "spec.hostNetwork", "values": ["true"]}
    assert said(_pod_security(ports, names), PORTS)[0][1] == "pass"
    assert said(_pod_security({**ports, "values": ["80"]}, names), PORTS)[0][1] == "fail"
