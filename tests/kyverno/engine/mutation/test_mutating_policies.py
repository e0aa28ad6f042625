"""MutatingPolicy and MutatingAdmissionPolicy: what an object becomes, what is refused, which others are changed."""

import json
import time
from typing import Any

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.kyverno.engine.cluster.answers import cluster_answers
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.evaluation import PolicySet
from nixernetes.kyverno.engine.mutation.derived import derived_specs

PODS = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}
LABEL = "Object{metadata: Object.metadata{labels: Object.metadata.labels{team: 'a'}}}"


def policy(*mutations: str, **spec: Any) -> dict[str, Any]:
    steps = [
        {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": each}}
        if each.startswith("Object")
        else {"patchType": "JSONPatch", "jsonPatch": {"expression": each}}
        for each in mutations
    ]
    whole = {"matchConstraints": {"resourceRules": [PODS]}, "mutations": steps, **spec}
    return {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "MutatingPolicy",
        "metadata": {"name": "p"},
        "spec": whole,
    }


def pod(**spec: Any) -> dict[str, Any]:
    meta = {"name": "x", "namespace": "n"}
    containers = [{"name": "a", "image": "nginx"}, {"name": "b", "image": "b:1"}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": containers, **spec}}


def asked(manifest: dict[str, Any], *policies: dict[str, Any], **around: Any) -> tuple[Any, list[Any]]:
    found = PolicySet(policies, around=PolicySurroundings(**around)).admitted(Request(manifest=manifest, namespace="n"))
    return found.manifest, [each.row for each in found.judgements]


def test_a_configuration_is_merged_by_the_keys_of_lists() -> None:
    text = "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'b', imagePullPolicy: 'Always'}]}}"
    found, rows = asked(pod(), policy(text))
    assert found["spec"]["containers"] == [
        {"name": "a", "image": "nginx"},
        {"name": "b", "image": "b:1", "imagePullPolicy": "Always"},
    ]
    assert [(each.rule, each.result, each.message) for each in rows] == [("", "pass", "success")]


def test_each_mutation_sees_what_the_one_before_it_made() -> None:
    second = "[JSONPatch{op: 'add', path: '/metadata/labels/copy', value: object.metadata.labels.team}]"
    found, _ = asked(pod(), policy(LABEL, second))
    assert found["metadata"]["labels"] == {"team": "a", "copy": "a"}


def test_a_list_that_is_one_value_is_not_set_but_by_who_asks_for_it() -> None:
    text = "Object{spec: Object.spec{tolerations: [Object.spec.tolerations{key: 'k'}]}}"
    found, rows = asked(pod(), policy(text))
    assert found == pod()
    assert rows[0].result == "error"
    assert "may not mutate atomic arrays, maps or structs: .spec.tolerations" in rows[0].message
    found, _ = asked(pod(), policy(text, evaluation={"useServerSideApply": True}))
    assert found["spec"]["tolerations"] == [{"key": "k"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Object{spec: Object.wrong{a: 1}}", 'unexpected type name "Object.wrong", expected "Object.spec"'),
        ("Object{spec: Object.spec{nope: 1}}", ".spec.nope: field not declared in schema"),
        ("Object{spec: Object.spec{hostNetwork: 'a'}}", '.spec.hostNetwork: expected boolean, got &{"a"}'),
        ("Object{spec: object.spec.nope}", "no such key: nope"),
        ("[JSONPatch{op: 'remove', path: '/spec/nope'}]", "JSON Patch: "),
    ],
)
def test_what_does_not_fit_is_an_error(text: str, words: str) -> None:
    found, rows = asked(pod(), policy(text))
    assert found == pod()
    assert (rows[0].rule, rows[0].result) == ("evaluation", "error")
    assert rows[0].message.startswith("failed to evaluate policy: ")
    assert words in rows[0].message


def test_a_test_that_fails_leaves_the_object_as_it_is() -> None:
    text = "[JSONPatch{op: 'test', path: '/kind', value: 'x'}, JSONPatch{op: 'remove', path: '/spec'}]"
    found, rows = asked(pod(), policy(text))
    assert found == pod()
    assert rows[0].result == "pass"


def test_match_conditions_may_read_variables() -> None:
    condition = {"name": "c", "expression": "variables.n == 2"}
    variables = [{"name": "n", "expression": "size(object.spec.containers)"}]
    _, rows = asked(pod(), policy(LABEL, matchConditions=[condition], variables=variables))
    assert rows[0].result == "pass"
    condition = {"name": "c", "expression": "variables.n == 3"}
    _, rows = asked(pod(), policy(LABEL, matchConditions=[condition], variables=variables))
    assert (rows[0].result, rows[0].message) == ("skip", "skip")


def test_a_policy_is_asked_again_if_a_later_one_changed_the_object_and_it_says_so() -> None:
    count = "[JSONPatch{op: 'add', path: '/metadata/annotations', value: {'n': string(size(object.metadata))}}]"
    for word, expected in (("Never", "2"), ("IfNeeded", "4")):
        first = policy(count, reinvocationPolicy=word)
        found, rows = asked(pod(), first, policy(LABEL))
        assert found["metadata"]["annotations"] == {"n": expected}
        assert len(rows) == 2


def test_existing_objects_are_changed_with_the_one_that_is_admitted() -> None:
    target = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"}}
    text = "[JSONPatch{op: 'add', path: '/data', value: {'from': request.object.metadata.name}}]"
    constraints = {"resourceRules": [{**PODS, "resources": ["configmaps"]}]}
    chosen = policy(
        text,
        evaluation={"mutateExisting": {"enabled": True}},
        targetMatchConstraints=constraints,
        targetMatchConditions=[{"name": "c", "expression": "object.metadata.name == 'c'"}],
    )
    other = {**target, "metadata": {"name": "d", "namespace": "n"}}
    _, rows = asked(pod(), chosen, targets=(target, other))
    assert [each.patched_target for each in rows] == [None, {**target, "data": {"from": "x"}}]


def test_an_expression_may_choose_the_targets() -> None:
    target = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"}}
    chosen = {"expression": "resource.list('v1', 'configmaps', 'n').items"}
    spec = {"evaluation": {"mutateExisting": {"enabled": True}}, "targetMatchConstraints": chosen}
    answers = cluster_answers((target,), is_known=True)
    _, rows = asked(pod(), policy(LABEL, **spec), answers=answers)
    assert [each.patched_target for each in rows][1]["metadata"]["labels"] == {"team": "a"}
    (row,) = asked(pod(), policy(LABEL, **spec))[1]
    assert row.not_given


def test_an_admission_policy_is_asked_with_its_parameters() -> None:
    text = "Object{metadata: Object.metadata{labels: {'team': params.data.team}}}"
    made = policy(text, paramKind={"apiVersion": "v1", "kind": "ConfigMap"})
    made |= {"apiVersion": "admissionregistration.k8s.io/v1beta1", "kind": "MutatingAdmissionPolicy"}
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1beta1",
        "kind": "MutatingAdmissionPolicyBinding",
        "metadata": {"name": "b"},
        "spec": {"policyName": "p", "paramRef": {"name": "c", "namespace": "n"}},
    }
    params = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "c", "namespace": "n"},
        "data": {"team": "z"},
    }
    found, rows = asked(pod(), made, binding, params=(params,))
    assert found["metadata"]["labels"] == {"team": "z"}
    assert (rows[0].rule, rows[0].message) == ("p", "mutation is successfully applied")
    _, rows = asked(pod(), made, binding)
    assert rows[0].result == "error"


def test_a_hostile_expression_ends_soon_in_an_error() -> None:
    text = "object.spec.containers"
    for _ in range(16):
        text = f"{text}.map(x, [x, x])"
    grown = [
        {"name": f"v{index}", "expression": f"variables.v{index - 1} + variables.v{index - 1}"}
        for index in range(1, 30)
    ]
    variables = [{"name": "v0", "expression": "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"}, *grown]
    begun = time.process_time()
    _, rows = asked(pod(), policy("Object{metadata: Object.metadata{name: variables.v29}}", variables=variables))
    assert rows[0].result == "error"
    assert time.process_time() - begun < 1


@needs_shared
def test_what_is_derived_for_controllers_is_kyvernos() -> None:
    cases = json.loads((SHARED / "conformance/kyverno/units/autogen.json").read_text())["cases"]
    for case in cases:
        if case["kind"] != "MutatingPolicy":
            continue
        expected = [case["expected"][name]["spec"] for name in ("defaults", "cronjobs") if name in case["expected"]]
        found = list(derived_specs(case["spec"]))
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            for name in ("matchConstraints", "matchConditions", "mutations", "variables"):
                assert one.get(name) == other.get(name), name
