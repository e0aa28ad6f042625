"""Rules of ClusterPolicies as Kyverno's engine has them, beyond what its suites show."""

from typing import Any

import pytest
import yaml

from nixernetes.kyverno.engine.admission.expressions import AdmissionExpressions
from nixernetes.kyverno.engine.autogen import computed_rules
from nixernetes.kyverno.engine.conditions import holds
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated
from nixernetes.kyverno.engine.resource_rules import admits

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: prod}
spec: {containers: [{name: c, image: nginx}]}
"""


def rows(rule: str, *, manifest: str = POD, operation: str = "CREATE") -> list[tuple[str, str]]:
    spec = {"rules": [{"match": {"any": [{"resources": {"kinds": ["Pod"]}}]}, "name": "r", **yaml.safe_load(rule)}]}
    policy = {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec}
    given = Evaluation(policies=[policy], objects=[yaml.safe_load(manifest)], operation=operation)
    return [(each.row.result, each.row.message) for each in evaluated(given)]


def test_conditions_of_all_are_asked_even_where_none_of_any_holds() -> None:
    broken = "{any: [{key: a, operator: Equals, value: b}], all: [{key: '{{ x.y }}', operator: Equals, value: a}]}"
    [(result, message)] = rows(f"validate: {{deny: {{conditions: {broken}}}}}")
    assert result == "error"
    assert "failed to resolve x.y" in message


def test_messages_of_all_conditions_that_are_not_met_are_told() -> None:
    unmet = "operator: Equals, value: b"
    conditions = f"{{any: [{{key: a, {unmet}, message: one}}], all: [{{key: a, {unmet}, message: two}}]}}"
    found = rows(f"{{preconditions: {conditions}, validate: {{pattern: {{metadata: {{name: x}}}}}}}}")
    assert found == [("skip", "preconditions not met; one; two")]


@pytest.mark.parametrize(
    ("key", "operator", "value", "expected"),
    [
        (["a"], "NotIn", True, False),
        (["a"], "NotIn", "a", True),
        (["a", "b"], "In", ["a", "b", "c"], True),
        (["a*"], "In", ["ab"], False),
        ("a*", "In", ["ab"], True),
        ("x", "NotIn", "y", False),
        ([None], "AnyIn", ["<nil>"], True),
    ],
)
def test_operators_of_old_have_rules_of_their_own(key: Any, operator: str, value: Any, expected: bool) -> None:
    assert holds(key, operator, value) is expected


def test_a_message_without_its_variable_is_told_with_the_reason() -> None:
    [(result, message)] = rows("validate: {message: 'is {{ request.object.x }}', pattern: {metadata: {name: db}}}")
    assert result == "fail"
    assert message.endswith("execution error: resource value 'web' does not match 'db' at path /metadata/name/")


def test_an_update_of_what_was_wrong_before_is_passed_over_where_the_rule_is_enforced() -> None:
    pattern = "pattern: {metadata: {name: db}}"
    assert rows(f"validate: {{failureAction: Enforce, {pattern}}}", operation="UPDATE") == [
        ("skip", "skipping the rule evaluation as pre-existing violations are allowed")
    ]
    kept = f"validate: {{failureAction: Enforce, allowExistingViolations: false, {pattern}}}"
    assert [each[0] for each in (*rows(kept, operation="UPDATE"), *rows(f"validate: {{{pattern}}}"))] == ["fail"] * 2


def test_rules_for_controllers_are_derived_by_kind_where_they_validate() -> None:
    block = {"any": [{"resources": {"kinds": ["v1/Pod"]}}, {"resources": {"kinds": ["Service"]}}]}
    plain = {"name": "r", "match": block, "validate": {"pattern": {"spec": {"a": "?*"}}}}
    other = {**plain, "name": "s", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]}}
    policy: dict[str, Any] = {"metadata": {"name": "p"}, "spec": {"rules": [plain, other]}}
    assert [each["name"] for each in computed_rules(policy, "Service")] == ["r", "s"]
    assert [each["name"] for each in computed_rules(policy, "Job")] == ["r", "s", "autogen-r", "autogen-s"]
    policy["metadata"]["annotations"] = {"pod-policies.kyverno.io/autogen-controllers": "all"}
    assert [each["name"] for each in computed_rules(policy, "Job")] == ["r", "s"]


def test_a_false_cel_precondition_decides_before_one_without_a_value() -> None:
    cel = "validate: {cel: {expressions: [{expression: 'true'}]}}"
    broken, unmet = "{name: a, expression: object.spec.x == 1}", "{name: b, expression: 'false'}"
    assert rows(f"{{celPreconditions: [{broken}, {unmet}], {cel}}}") == [("skip", "cel preconditions not met")]
    assert rows(f"{{celPreconditions: [{broken}], {cel}}}") == [
        ("fail", "expression 'object.spec.x == 1' resulted in error: no such key: x")
    ]


def test_the_old_object_of_a_creation_is_null_to_kubernetes() -> None:
    told = [("pass", "Validation rule 'r' passed.")]
    assert rows("validate: {cel: {expressions: [{expression: oldObject == null}]}}") == told


def test_an_expression_of_an_admission_policy_without_a_value_is_an_error() -> None:
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]
    spec = {"matchConstraints": {"resourceRules": rules}, "validations": [{"expression": "object.x == 1"}]}
    policy = {"kind": "ValidatingAdmissionPolicy", "metadata": {"name": "p"}, "spec": spec}
    policy["apiVersion"] = "admissionregistration.k8s.io/v1"
    [found] = evaluated(Evaluation(policies=[policy], objects=[yaml.safe_load(POD)]))
    told = "expression 'object.x == 1' resulted in error: no such key: x"
    assert (found.row.result, found.row.message) == ("error", told)


def test_privileged_asks_every_check_as_in_kyverno() -> None:
    [(result, message)] = rows("validate: {podSecurity: {level: privileged}}")
    assert result == "fail"
    assert "securityContext.allowPrivilegeEscalation: Required value" in message


def cel_rows(spec: str, *exceptions: str) -> list[tuple[str, str, str]]:
    policy = {"apiVersion": "policies.kyverno.io/v1", "kind": "ValidatingPolicy", "metadata": {"name": "p"}}
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]
    policy["spec"] = {"matchConstraints": {"resourceRules": rules}, **yaml.safe_load(spec)}  # type: ignore[assignment]
    given = Evaluation(
        policies=[policy], objects=[yaml.safe_load(POD)], exceptions=[yaml.safe_load(each) for each in exceptions]
    )
    return [(each.row.rule, each.row.result, each.row.message) for each in evaluated(given)]


def test_match_conditions_that_are_wrong_are_told_together_unless_one_is_false() -> None:
    broken = "{name: a, expression: object.x == 1}, {name: b, expression: object.y == 1}"
    validations = "validations: [{expression: 'true'}]"
    told = "failed to load context: no such key: x; no such key: y"
    assert cel_rows(f"{{matchConditions: [{broken}], {validations}}}") == [("evaluation", "error", told)]
    unmet = "{name: c, expression: 'false'}"
    assert cel_rows(f"{{matchConditions: [{broken}, {unmet}], {validations}}}") == [("", "skip", "skip")]


def test_the_old_object_of_a_creation_is_empty_and_not_null() -> None:
    validations = "{expression: oldObject == null, message: 'no'}"
    assert cel_rows(f"{{validations: [{validations}]}}") == [("", "fail", "no")]


def test_a_wrong_audit_annotation_is_an_error_even_where_the_policy_is_kept() -> None:
    spec = "{validations: [{expression: 'true'}], auditAnnotations: [{key: k, valueExpression: object.x}]}"
    told = "failed to load context: failed to evaluate auditAnnotation 'k': no such key: x"
    assert cel_rows(spec) == [("evaluation", "error", told)]


def test_all_exceptions_that_match_are_told_once_one_exempts() -> None:
    head = "apiVersion: policies.kyverno.io/v1, kind: PolicyException"
    refs = "policyRefs: [{name: p, kind: ValidatingPolicy}]"
    part = f"{{{head}, metadata: {{name: a}}, spec: {{{refs}, images: [x]}}}}"
    whole = f"{{{head}, metadata: {{name: b}}, spec: {{{refs}}}}}"
    told = "rule is skipped due to policy exception: a, b"
    assert cel_rows("{validations: [{expression: 'false'}]}", part, whole) == [("exception", "skip", told)]


def test_a_selector_that_fits_what_has_no_labels_fits_every_creation_to_kyvernos_command_line() -> None:
    space = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"a": "b"}}}
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]
    selector = {"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}
    constraints: dict[str, Any] = {"resourceRules": rules, "objectSelector": selector}
    assert not admits(constraints, Request(manifest=space), {})
    assert admits(constraints, Request(manifest=space, old={}), {})


def test_an_expression_that_is_no_value_is_an_error_of_its_rule() -> None:
    conditions = "{all: [{key: '{{ not_null(&a) }}', operator: Equals, value: a}]}"
    [(result, message)] = rows(f"validate: {{deny: {{conditions: {conditions}}}}}")
    assert result == "error"
    assert 'expected: []jmespath.JpType{"any"}' in message


def read(name: str, query: str, *entries: str) -> tuple[str, str]:
    context = ", ".join(entries)
    deny = f"{{conditions: {{all: [{{key: '{{{{ {query} }}}}', operator: Equals, value: '*'}}]}}}}"
    [found] = rows(f"{{context: [{context}], validate: {{message: '{{{{ {name} }}}}', deny: {deny}}}}}")
    return found


def test_an_entry_of_context_sees_the_entries_before_it_alone() -> None:
    """Kyverno's loaders are matched up to the index of the one that is loaded (``context/deferred.go``)."""
    first, second = "{name: a, variable: {value: one}}", "{name: b, variable: {value: '{{ a }} two'}}"
    assert read("b", "b", first, second) == ("fail", "one two")
    result, message = read("b", "b", second, first)
    assert result == "error"
    assert 'failed to resolve a at path : JMESPath query failed: Unknown key "a" in path' in message


def test_entries_that_name_each_other_end_with_an_error() -> None:
    result, message = read(
        "a", "a", "{name: a, variable: {value: '{{ b }}'}}", "{name: b, variable: {value: '{{ a }}'}}"
    )
    assert (result, message.count("failed to resolve")) == ("error", 2)


@pytest.mark.parametrize("query", ["items(nope, `1`, `2`)[?a]", "length(`1`)[]", "keys(`1`).*"])
def test_what_is_wrong_left_of_a_projection_is_null(query: str) -> None:
    assert read("a", "a", f"{{name: a, variable: {{jmesPath: '{query}', default: none}}}}") == ("fail", "none")


def test_a_service_account_is_known_where_the_user_is() -> None:
    message = "'{{ serviceAccountNamespace }}/{{ serviceAccountName }}'"
    spec = {
        "rules": [
            {
                "name": "r",
                "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
                **yaml.safe_load(f"validate: {{message: {message}, deny: {{}}}}"),
            }
        ]
    }
    policy = {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec}
    user = {"userInfo": {"username": "system:serviceaccount:prod:robot"}}
    given = Evaluation(policies=[policy], objects=[yaml.safe_load(POD)], user=user)
    assert [each.row.message for each in evaluated(given)] == ["prod/robot"]


def test_an_exception_names_its_policy_to_the_letter() -> None:
    policy = yaml.safe_load(
        "{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: p-one}, spec: {rules: "
        "[{name: r, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {message: m, deny: {}}}]}}"
    )

    def result(name: str) -> str:
        exception = yaml.safe_load(
            "{apiVersion: kyverno.io/v2, kind: PolicyException, metadata: {name: e, namespace: k}, spec: "
            f"{{exceptions: [{{policyName: '{name}', ruleNames: ['*']}}], "
            "match: {any: [{resources: {kinds: [Pod]}}]}}}"
        )
        given = Evaluation(policies=[policy], objects=[yaml.safe_load(POD)], exceptions=[exception])
        return next(evaluated(given)).row.result

    assert [result("p-*"), result("p-one")] == ["fail", "skip"]


def test_an_empty_any_is_lost_where_a_rule_is_derived() -> None:
    """Kyverno writes a derived rule anew, and what is empty is left out: it denies then."""
    spec = {
        "rules": [
            {
                "name": "r",
                "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
                "validate": {"deny": {"conditions": {"any": []}}},
            }
        ]
    }
    policy = {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec": {}}}}
    given = Evaluation(policies=[policy], objects=[yaml.safe_load(POD), job])
    assert [each.row.result for each in evaluated(given)] == ["pass", "fail"]


def test_a_policy_of_a_namespace_reads_nothing_of_others() -> None:
    entry = "{name: c, configMap: {name: a, namespace: other}}"
    rule = (
        f"{{name: r, match: {{any: [{{resources: {{kinds: [Pod]}}}}]}}, context: [{entry}], "
        "validate: {message: m, deny: {conditions: {all: [{key: '{{ c.data.a }}', operator: Equals, value: a}]}}}}"
    )
    policy = yaml.safe_load(
        "{apiVersion: kyverno.io/v1, kind: Policy, metadata: {name: p, namespace: prod}, "
        f"spec: {{rules: [{rule}]}}}}"
    )
    [found] = evaluated(Evaluation(policies=[policy], objects=[yaml.safe_load(POD)]))
    assert found.row.result == "error"
    assert 'configMap namespace "other" is different from policy namespace "prod"' in found.row.message


def test_match_conditions_of_an_admission_policy_that_are_not_met_are_a_skip() -> None:
    """The names are Kubernetes' own: so says Kyverno of them (``pkg/admissionpolicy``)."""
    spec = (
        "{matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], "
        "resources: [pods]}]}, matchConditions: [{name: a, expression: 'false'}], validations: [{expression: 'false'}]}"
    )
    policy = yaml.safe_load(
        "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: p}, "
        f"spec: {spec}}}"
    )
    [found] = evaluated(Evaluation(policies=[policy], objects=[yaml.safe_load(POD)]))
    assert (found.row.result, found.row.message) == ("skip", "match conditions aren't met")


def test_a_variable_of_an_admission_policy_without_a_value_is_named() -> None:
    known = {"object": {"spec": {}}}
    policy = yaml.safe_load(
        "{spec: {variables: [{name: v, expression: object.spec.x}], validations: [{expression: variables.v == 1}]}}"
    )
    [found] = AdmissionExpressions(policy, known, has_authorizer=False).verdicts()
    assert found.is_error
    assert 'composited variable "v" fails to evaluate: no such key: x' in found.message


def test_any_subresource_means_the_resource_too() -> None:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods/*"], "operations": ["*"]}
    assert admits({"resourceRules": [rule]}, Request(manifest=yaml.safe_load(POD), namespace="prod"), {})


def test_a_policy_about_json_is_asked_of_objects_too() -> None:
    """Kyverno's command line evaluates them on the object as JSON (``policy_processor.go``)."""
    policy = yaml.safe_load(
        "{apiVersion: policies.kyverno.io/v1, kind: ValidatingPolicy, metadata: {name: p}, spec: "
        "{evaluation: {mode: JSON}, validations: [{expression: object.kind == 'Job', message: none}]}}"
    )
    [found] = evaluated(Evaluation(policies=[policy], objects=[yaml.safe_load(POD)]))
    assert (found.row.result, found.row.message, found.subject["kind"]) == ("fail", "none", "Pod")
