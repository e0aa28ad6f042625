"""What is said of policies before any object meets them."""

from __future__ import annotations

import json

import pytest
from tests.shared import SHARED

from nixernetes.kyverno.engine.evaluation import is_policy
from nixernetes.kyverno.linting.deprecations import deprecations
from nixernetes.kyverno.linting.emptiness import says_nothing
from nixernetes.kyverno.linting.policies import problems_of
from nixernetes.kyverno.linting.problems import spelled
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.yamls import parse, parse_all

FOLDER = SHARED / "conformance" / "kyverno"
POLICY = """apiVersion: kyverno.io/v1
kind: KIND
metadata: {name: policy}
spec:
  SPEC
  rules:
  - name: rule
    match: {any: [{resources: {kinds: [KINDS]}}]}
    RULE
"""
PASSES = 'validate: {pattern: {metadata: {name: "?*"}}}'


def policy(rule: str = PASSES, spec: str = "x: 1", kinds: str = "Pod", kind: str = "ClusterPolicy") -> Manifest:
    text = POLICY.replace("KINDS", kinds).replace("KIND", kind).replace("SPEC", spec).replace("RULE", rule)
    found = parse(text)
    assert isinstance(found, dict)
    return found


def told(given: Manifest) -> list[tuple[str, bool]]:
    return [(spelled(each.path), each.is_refused) for each in problems_of(given)]


RULE = "spec.rules[0]"
MADE = "generate: {apiVersion: v1, kind: ConfigMap, name: a, data: {}"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (policy("x: 1"), RULE),
        (policy(f"{PASSES}\n    mutate: {{patchesJson6902: a}}"), RULE),
        (policy("validate: {message: a}"), f"{RULE}.validate"),
        (policy("validate: {pattern: {}, deny: {}}"), f"{RULE}.validate"),
        (policy("validate: {failureAction: Refuse, deny: {}}"), f"{RULE}.validate.failureAction"),
        (policy(spec="admission: false\n  background: false"), "spec.admission"),
        (policy("mutate: {patchesJson6902: a}", spec="admission: false"), "spec.admission"),
        (policy(spec="webhookTimeoutSeconds: 31"), "spec.webhookTimeoutSeconds"),
        (policy(kinds="'*'"), f"{RULE}.match.any[0].resources.kinds"),
        (policy(kinds="'*', Pod", spec="background: false"), f"{RULE}.match.any[0].resources.kinds"),
        (policy("validate: {message: '{{ request.userInfo.username }}', deny: {}}"), f"{RULE}.validate.message"),
        (policy(f"exclude: {{any: [{{clusterRoles: [a]}}]}}\n    {PASSES}"), f"{RULE}.exclude.any[0].clusterRoles"),
        (policy(f"{MADE}}}"), f"{RULE}.generate.namespace"),
        (policy("generate: {apiVersion: v1, kind: Namespace, name: a, namespace: b}"), f"{RULE}.generate.namespace"),
        (policy(f"{MADE}, namespace: other}}", kind="Policy"), f"{RULE}.generate.namespace"),
        (
            policy("validate: {cel: {expressions: [{expression: 'object.'}]}}"),
            f"{RULE}.validate.cel.expressions[0].expression",
        ),
    ],
)
def test_what_kyverno_refuses_is_told_at_its_field(given: Manifest, path: str) -> None:
    assert (path, True) in told(given)


CONDITIONS = "validate: {deny: {conditions: "
ENTRY = "context: [{name: a, "


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (
            f"{CONDITIONS}{{all: [{{key: a, operator: equals, value: b}}]}}}}}}",
            "validate.deny.conditions.all[0].operator",
        ),
        (f"{CONDITIONS}[{{any: [{{key: a, operator: In, value: b}}]}}]}}}}", "validate.deny.conditions[0]"),
        (
            f"{CONDITIONS}{{all: [{{key: '{{{{ request.operation }}}}', operator: Equals, value: SAVE}}]}}}}}}",
            "validate.deny.conditions.all[0].value",
        ),
        (f"{ENTRY}configMap: {{name: a}}}}]\n    {PASSES}", "context[0].configMap"),
        (f"{ENTRY}variable: {{jmesPath: 'a['}}}}]\n    {PASSES}", "context[0].variable.jmesPath"),
        (f"context: [{{name: request, variable: {{value: a}}}}]\n    {PASSES}", "context[0].name"),
        ("validate: {message: '{{ element.name }}', deny: {}}", "validate.message"),
        ("validate: {message: '{{ nobody }}', deny: {}}", "validate"),
        ("validate: {message: '$(./../nothing)', pattern: {metadata: {name: a}}}", "validate"),
        ("validate: {pattern: {metadata: {labels: {a: 1}}}}", "validate.pattern.metadata.labels.a"),
        ("validate: {pattern: {spec: {+(a): b}}}", "validate.pattern.spec.+(a)"),
        ("validate: {pattern: {spec: {^(a): b}}}", "validate.pattern.spec.^(a)"),
        ("validate: {foreach: [{list: a}]}", "validate.foreach[0]"),
        ("mutate: {patchesJson6902: '[{op: remove, path: \"/{{ request.namespace }}\"}]'}", "mutate.patchesJson6902"),
        (
            f"exclude: {{any: [{{subjects: [{{kind: ServiceAccount, name: a}}]}}]}}\n    {PASSES}",
            "exclude.any[0].subjects[0].namespace",
        ),
        (f"exclude: {{any: [{{roles: [a]}}]}}\n    {PASSES}", "exclude.any[0].roles[0]"),
        (f"exclude: {{any: [{{resources: {{name: a, names: [b]}}}}]}}\n    {PASSES}", "exclude.any[0].resources"),
        (f"exclude: {{any: [{{resources: {{kinds: [Pod]}}}}]}}\n    {PASSES}", "exclude"),
    ],
)
def test_what_is_wrong_inside_a_rule_is_told_at_its_field(rule: str, path: str) -> None:
    """Kyverno refuses it (``pkg/validation/policy``), held to its own answers by hand-written policies."""
    assert (f"{RULE}.{path}", True) in told(policy(rule, spec="background: false"))


@pytest.mark.parametrize(
    "given",
    [
        policy(),
        policy(kinds="'*'", spec="background: false"),
        policy(spec="webhookTimeoutSeconds: 30"),
        policy(f"{MADE}, namespace: '{{{{request.object.metadata.name}}}}'}}"),
        policy("generate: {apiVersion: example.com/v1, kind: Thing, name: a}"),
        policy(
            "validate: {foreach: [{list: request.object.spec.containers, deny: {conditions: "
            "{all: [{key: ALL, operator: AnyNotIn, value: '{{ element.a }}'}]}}}]}"
        ),
        policy("validate: {cel: {expressions: [{expression: 'has(object.spec)'}]}}"),
    ],
)
def test_a_sound_policy_has_no_problems(given: Manifest) -> None:
    assert told(given) == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (
            policy(
                "validate: {deny: {conditions: {all: [{key: request.operation, operator: Equals, value: DELETE}]}}}"
            ),
            f"{RULE}.validate.deny.conditions.all[0].key",
        ),
        (policy("validate: {message: 'not {request.object.metadata.name}', deny: {}}"), f"{RULE}.validate.message"),
        (
            policy("validate: {pattern: {spec: {containers: [{image: a}]}}}", kinds="apps/v1/Deployment"),
            f"{RULE}.validate.pattern.spec.containers",
        ),
    ],
)
def test_what_was_hardly_meant_is_told_and_not_refused(given: Manifest, path: str) -> None:
    assert told(given) == [(path, False)]


def test_two_rules_of_one_name_are_refused() -> None:
    given = policy()
    spec = given["spec"]
    assert isinstance(spec, dict)
    assert isinstance(spec["rules"], list)
    spec["rules"] = [*spec["rules"], *spec["rules"]]
    assert told(given) == [("spec.rules[1].name", True)]


def test_an_expression_of_the_newer_kinds_has_to_compile() -> None:
    given = parse(
        "{apiVersion: policies.kyverno.io/v1, kind: ValidatingPolicy, metadata: {name: a}, "
        "spec: {validations: [{expression: 'variables.x == 1'}, {expression: 'unknown == 1'}]}}"
    )
    assert isinstance(given, dict)
    assert [each for each in told(given) if each[1]] == [("spec.validations[1].expression", True)]


@pytest.mark.skipif(not FOLDER.exists(), reason="Kyverno's policies are not here")
def test_policies_are_refused_where_kyverno_refuses_them() -> None:
    cases = json.loads((FOLDER / "units" / "lint.json").read_text())["cases"]
    wrong = [
        each["policy"]["metadata"]
        for each in cases
        if each["valid"] == any(problem.is_refused for problem in problems_of(each["policy"]))
    ]
    assert wrong == []


@pytest.mark.skipif(not FOLDER.exists(), reason="Kyverno's policies are not here")
def test_no_policy_that_kyverno_ran_is_refused() -> None:
    wrong = [
        path.parent.name
        for path in sorted(FOLDER.glob("suites/*/policy.yaml"))
        for each in parse_all(path.read_bytes())
        if isinstance(each.data, dict) and is_policy(each.data)
        if any(problem.is_refused for problem in problems_of(each.data))
    ]
    assert wrong == []


IN = "{key: '{{ request.operation }}', operator: In, value: [A]}"


@pytest.mark.parametrize(
    ("given", "path", "instead"),
    [
        (policy(spec="validationFailureAction: Enforce"), "spec.validationFailureAction", "use validate.failureAction"),
        (policy(spec="webhookTimeoutSeconds: 3"), "spec.webhookTimeoutSeconds", "webhookConfiguration.timeoutSeconds"),
        (policy(f"{PASSES}\n    preconditions: {{all: [{IN}]}}"), f"{RULE}.preconditions.all[0].operator", "use AllIn"),
        (policy(f"{PASSES}\n    exclude: {{resources: {{kinds: [Job]}}}}"), f"{RULE}.exclude.resources", "exclude.any"),
        (
            policy(f"{PASSES}\n    exclude: {{any: [{{resources: {{name: a}}}}]}}"),
            f"{RULE}.exclude.any[0].resources.name",
            "name is deprecated: use names",
        ),
    ],
)
def test_what_is_deprecated_is_told_with_what_to_write(given: Manifest, path: str, instead: str) -> None:
    (found,) = deprecations(given)
    assert (spelled(found.path), found.is_refused) == (path, False)
    assert instead in found.message


def test_nothing_is_deprecated_of_a_policy_in_todays_words() -> None:
    assert [*deprecations(policy(spec="background: true"))] == []
    assert [*deprecations({**policy(), "kind": "ValidatingPolicy"})] == []


CEL = {"apiVersion": "policies.kyverno.io/v1", "kind": "ValidatingPolicy", "metadata": {"name": "p"}}


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({**CEL, "spec": {"validations": []}}, ["spec.matchConstraints"]),
        ({**CEL, "spec": {"evaluation": {"mode": "JSON"}, "validations": []}}, []),
        ({**CEL, "spec": {"matchConstraints": {"resourceRules": []}}}, []),
        (policy(f"{PASSES}\n    exclude: {{any: [{{resources: {{kinds: [Pod]}}}}]}}"), [f"{RULE}.exclude.any[0]"]),
        (policy(f"{PASSES}\n    exclude: {{any: [{{resources: {{kinds: [Pod], names: [a]}}}}]}}"), []),
        (policy(f"{PASSES}\n    preconditions: {{any: []}}"), [f"{RULE}.preconditions.any"]),
    ],
)
def test_what_says_nothing_of_any_object_is_told(given: Manifest, paths: list[str]) -> None:
    assert [spelled(each.path) for each in says_nothing(given)] == paths
