"""Rules written as policies in CEL say the same; what has no equal is told by name, and nothing is left out."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from nixernetes.kyverno.engine.cluster.answers import cluster_answers
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated
from nixernetes.kyverno.linting.policies import problems_of
from nixernetes.kyverno.migration.exceptions import MigratedException, exceptions_migrated
from nixernetes.kyverno.migration.migrating import Migration, migrated
from nixernetes.kyverno.migration.proving import compared


def policy(*rules: str, kind: str = "ClusterPolicy", **spec: Any) -> dict[str, Any]:
    found = [yaml.safe_load(each) for each in rules]
    made = [
        {"name": f"r{index}", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]}} for index, _ in enumerate(found)
    ]
    whole = [{**one, **each} for one, each in zip(made, found, strict=True)]
    meta = {"name": "p", "namespace": "shop"} if kind == "Policy" else {"name": "p"}
    return {"apiVersion": "kyverno.io/v1", "kind": kind, "metadata": meta, "spec": {"rules": whole, **spec}}


def pod(spec: str = "{}", name: str = "web", **meta: Any) -> dict[str, Any]:
    whole = {"containers": [{"name": "c", "image": "nginx:1"}], **yaml.safe_load(spec)}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", **meta}, "spec": whole}


def deployment(spec: str = "{}", **meta: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod(spec)["spec"]}
    whole = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", **meta},
        "spec": whole,
    }


def agreed(found: Migration, *objects: dict[str, Any]) -> list[bool]:
    """Return which objects are refused, after both said so."""
    around = PolicySurroundings(namespace_labels={"shop": {}}, answers=cluster_answers(objects, is_known=True))
    said = [
        list(evaluated(Evaluation(policies=policies, objects=objects, around=around)))
        for policies in ([found.policy], found.policies)
    ]
    names = {
        (each["metadata"].get("namespace", ""), each["metadata"]["name"]) for each in (found.policy, *found.policies)
    }
    proof = compared(*said, names)
    assert proof.disagreements == ()
    assert found.lost == ()
    assert [problem for each in found.policies for problem in problems_of(each)] == []
    refused = {id(each.subject) for each in said[1] if each.row.result in ("fail", "error")}
    by_name = {id(each.subject): each.subject["metadata"]["name"] for each in said[1]}
    bad = {by_name[each] for each in refused}
    return [each["metadata"]["name"] in bad for each in objects]


IMAGES = [f"{{containers: [{{name: c, image: '{image}'}}]}}" for image in ("nginx:1", "nginx:latest", "nginx")]


@pytest.mark.parametrize(
    ("pattern", "specs", "refused"),
    [
        ("{spec: {containers: [{image: '!*:latest & *:*'}]}}", IMAGES, [False, True, True]),
        (
            "{spec: {=(hostNetwork): false}}",
            ["{}", "{hostNetwork: false}", "{hostNetwork: true}"],
            [False, False, True],
        ),
        ("{spec: {hostNetwork: false}}", ["{}", "{hostNetwork: false}", "{hostNetwork: true}"], [True, False, True]),
        ("{spec: {X(hostPID): 'null'}}", ["{}", "{hostPID: true}"], [False, True]),
        ("{spec: {serviceAccountName: '?*'}}", ["{}", "{serviceAccountName: a}"], [True, False]),
        ("{spec: {priority: '<10'}}", ["{}", "{priority: 3}", "{priority: 10}"], [False, False, True]),
        ("{spec: {priority: '5-10'}}", ["{}", "{priority: 5}", "{priority: 11}"], [True, False, True]),
        (
            "{spec: {(hostNetwork): true, serviceAccountName: net}}",
            ["{}", "{hostNetwork: true}", "{hostNetwork: true, serviceAccountName: net}"],
            [False, True, False],
        ),
        (
            "{spec: {^(volumes): [{emptyDir: {medium: Memory}}]}}",
            ["{}", "{volumes: [{name: a}]}", "{volumes: [{name: a}, {name: b, emptyDir: {medium: Memory}}]}"],
            [False, True, False],
        ),
        (
            "{spec: {containers: [{(name): 'c', resources: {limits: {memory: '<=1Gi'}}}]}}",
            [
                "{}",
                "{containers: [{name: c, resources: {limits: {memory: 2Gi}}}]}",
                "{containers: [{name: c, resources: {limits: {memory: 512Mi}}}]}",
                "{containers: [{name: d}]}",
            ],
            [True, True, False, False],  # without resources there is no map to look into
        ),
    ],
)
def test_a_pattern_refuses_the_same(pattern: str, specs: list[str], refused: list[bool]) -> None:
    found = migrated(policy(f"validate: {{message: bad, pattern: {pattern}}}"))
    pods = [pod(each, f"p{index}") for index, each in enumerate(specs)]
    assert agreed(found, *pods) == refused
    agreed(found, *(deployment(each, name=f"d{index}") for index, each in enumerate(specs)))


@pytest.mark.parametrize(
    ("condition", "specs", "refused"),
    [
        (
            "{key: '{{ request.object.spec.containers[].image }}', operator: AnyIn, value: ['*:latest']}",
            IMAGES,
            [False, True, False],
        ),
        (
            "{key: '{{ request.object.spec.containers[].ports[].hostPort }}', operator: AnyNotIn, value: [80]}",
            [
                "{}",
                "{containers: [{name: c, ports: [{hostPort: 80}]}]}",
                "{containers: [{name: c, ports: [{hostPort: 81}]}]}",
            ],
            [False, False, True],
        ),
        (
            "{key: '{{ length(request.object.spec.containers) }}', operator: GreaterThan, value: 1}",
            ["{}", "{containers: [{name: a}, {name: b}]}"],
            [False, True],
        ),
        (
            "{key: '{{ request.object.spec.serviceAccountName || ''default'' }}', operator: Equals, value: default}",
            ["{}", "{serviceAccountName: ''}", "{serviceAccountName: a}"],
            [True, True, False],
        ),
        (
            "{key: '{{ request.object.spec.serviceAccountName }}', operator: Equals, value: default}",
            ["{}", "{serviceAccountName: default}"],
            [True, True],  # what is absent is an error, and that refuses
        ),
        (
            "{key: \"{{ request.object.spec.containers[?name == 'a'].image }}\", operator: AllNotIn, value: [x]}",
            ["{}", "{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: y}]}"],
            [True, False, True],
        ),
    ],
)
def test_conditions_deny_the_same(condition: str, specs: list[str], refused: list[bool]) -> None:
    found = migrated(policy(f"validate: {{message: bad, deny: {{conditions: {{all: [{condition}]}}}}}}"))
    assert agreed(found, *(pod(each, f"p{index}") for index, each in enumerate(specs))) == refused


@pytest.mark.parametrize(
    ("match", "objects", "refused"),
    [
        ("{any: [{resources: {kinds: [Pod], names: ['a*']}}]}", [pod(name="a1"), pod(name="b1")], [True, False]),
        (
            "{any: [{resources: {kinds: [Pod], selector: {matchLabels: {app: web}}}}]}",
            [pod(name="a", labels={"app": "web"}), pod(name="b")],
            [True, False],
        ),
        (
            "{any: [{resources: {kinds: [Pod], annotations: {'team.*/x': 'y?'}}}]}",
            [pod(name="a", annotations={"team.a/x": "y1"}), pod(name="b", annotations={"team.a/x": "y"})],
            [True, False],
        ),
        (
            "{any: [{resources: {kinds: [Pod], names: [a]}}, {resources: {kinds: [Deployment]}}]}",
            [pod(name="a"), pod(name="b"), deployment(name="c")],
            [True, False, True],
        ),
        ("{any: [{resources: {kinds: [Pod], namespaces: ['sh*']}}]}", [pod(name="a")], [True]),
        ("{any: [{resources: {kinds: [Pod], operations: [DELETE]}}]}", [pod(name="a")], [False]),
        ("{resources: {kinds: [apps/v1/Deployment]}}", [pod(name="a"), deployment(name="b")], [False, True]),
    ],
)
def test_the_same_objects_are_meant(match: str, objects: list[dict[str, Any]], refused: list[bool]) -> None:
    found = migrated(policy(f"{{match: {match}, validate: {{message: bad, deny: {{}}}}}}"))
    assert agreed(found, *objects) == refused


def test_what_is_excluded_stays_excluded_for_controllers_too() -> None:
    rule = (
        "{exclude: {any: [{resources: {kinds: [Pod], namespaces: [kube-system]}}]}, validate: {message: bad, deny: {}}}"
    )
    system = deployment(name="dns")
    system["metadata"]["namespace"] = "kube-system"
    assert agreed(migrated(policy(rule)), deployment(name="web"), system) == [True, False]


def test_each_rule_is_a_policy_of_its_own_with_the_settings_of_all() -> None:
    found = migrated(
        policy(
            "validate: {message: a, pattern: {spec: {hostPID: false}}}",
            "mutate: {patchStrategicMerge: {spec: {+(dnsPolicy): Default}}}",
            validationFailureAction="enforce",
            background=False,
            failurePolicy="Ignore",
        )
    )
    validating, mutating = found.policies
    assert [each["metadata"]["name"] for each in found.policies] == ["p-r0", "p-r1"]
    assert (validating["kind"], mutating["kind"]) == ("ValidatingPolicy", "MutatingPolicy")
    assert validating["spec"]["validationActions"] == ["Deny"]
    assert validating["spec"]["evaluation"] == {"background": {"enabled": False}}
    assert (validating["spec"]["failurePolicy"], mutating["spec"]["failurePolicy"]) == ("Ignore", "Ignore")


def test_a_mutation_changes_an_object_to_the_same() -> None:
    found = migrated(
        policy(
            "mutate: {patchStrategicMerge: {spec: {+(dnsPolicy): Default,"
            " containers: [{(image): '*:latest', imagePullPolicy: Always}]}}}"
        )
    )
    agreed(found, pod(), pod("{dnsPolicy: None}", "b"), pod(IMAGES[1], "c"), deployment(IMAGES[1], name="d"))
    patch = "[{op: add, path: /metadata/labels/team, value: a}, {op: remove, path: /spec/hostPID}]"
    agreed(
        migrated(policy(f"mutate: {{patchesJson6902: '{patch}'}}")),
        pod(),
        pod("{hostPID: true}", "b", labels={"x": "y"}),
    )


def test_what_is_generated_is_the_same() -> None:
    rule = """
match: {any: [{resources: {kinds: [Namespace]}}]}
generate:
  apiVersion: v1
  kind: ConfigMap
  name: made
  namespace: "{{ request.object.metadata.name }}"
  synchronize: true
  data: {data: {of: "{{ request.object.metadata.name }}", n: "1"}, metadata: {labels: {a: b}}}
"""
    found = migrated(policy(rule))
    agreed(found, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    assert found.policies[0]["spec"]["evaluation"] == {"synchronize": {"enabled": True}}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("verifyImages: [{imageReferences: ['*']}]", "a rule that does verifyImages"),
        ("validate: {manifests: {}}", "validate.manifests"),
        ("{match: {any: [{subjects: [{kind: User, name: a}]}]}, validate: {deny: {}}}", "subjects, roles"),
        ("validate: {pattern: {spec: {terminationGracePeriodSeconds: '>30s'}}}", "the duration 30s as a pattern"),
        (
            "validate: {deny: {conditions: {all: [{key: '{{ random(''a'') }}', operator: Equals, value: a}]}}}",
            "function random",
        ),
        ("mutate: {patchStrategicMerge: {spec: {tolerations: [{key: a}]}}}", "the list tolerations in a patch"),
        ("mutate: {patchStrategicMerge: {metadata: {labels: {a: b}}}}", "metadata of pods"),
        (
            "validate: {podSecurity: {level: baseline, exclude: [{controlName: Capabilities, values: [KILL]}]}}",
            "podSecurity.exclude of Capabilities by values",
        ),
        ("mutate: {foreach: [{list: 'keys(request.object.metadata)', patchStrategicMerge: {}}]}", "a foreach that"),
        ("mutate: {targets: [{kind: Secret}], patchStrategicMerge: {metadata: {labels: {a: b}}}}", "mutate.targets"),
        ("validate: {failureActionOverrides: [{action: Enforce}], deny: {}}", "failureActionOverrides"),
    ],
)
def test_what_does_not_carry_over_is_told(rule: str, reason: str) -> None:
    found = migrated(policy(rule))
    assert found.policies == []
    (lost,) = found.lost
    assert lost.rule == "r0"
    assert reason in lost.reason


def test_a_namespaced_policy_stays_one() -> None:
    found = migrated(policy("validate: {message: bad, deny: {}}", kind="Policy"))
    assert found.policies[0]["kind"] == "NamespacedValidatingPolicy"
    assert found.policies[0]["metadata"] == {"name": "p", "namespace": "shop"}
    agreed(found, pod(name="a"))


def test_a_difference_is_found() -> None:
    found = migrated(policy("validate: {message: bad, deny: {}}"))
    other = found.policies[0]
    other["spec"]["validations"] = [{"expression": "true"}]
    objects = [pod()]
    old, new = (list(evaluated(Evaluation(policies=[each], objects=objects))) for each in (found.policy, other))
    (one,) = compared(old, new, {("", "p")}).disagreements
    assert (one.object, one.before, one.after) == ("Pod/shop/web", "fail: bad", "admits it")


def nested(text: str, inner: str, depth: int) -> str:
    for _ in range(depth):
        inner = text.replace("INNER", inner)
    return inner


@pytest.mark.parametrize(
    "rule",
    [
        f"validate: {{message: bad, pattern: {{spec: {nested('{x: [{(a): b, c: INNER}]}', '{d: e}', 40)}}}}}",
        'validate: {message: bad, deny: {conditions: {all: [{key: "{{ '
        + nested("values(INNER)", "request.object.spec", 40)
        + ' }}", operator: AnyIn, value: [a]}]}}}',
    ],
)
def test_what_grows_with_each_level_is_refused_before_it_fills_the_memory(rule: str) -> None:
    (lost,) = migrated(policy(rule)).lost
    assert "more than 20,000 characters" in lost.reason


@pytest.mark.parametrize("wrong", [None, 3, True, "x", [], {}, [None], [[]], {"any": 3}, 1.5])
def test_what_is_of_another_type_is_told_and_breaks_nothing(wrong: Any) -> None:
    for part in ("match", "exclude", "validate", "mutate", "generate", "preconditions", "context"):
        rule = {
            "name": "r",
            "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
            "validate": {"deny": {}},
            part: wrong,
        }
        found = policy()
        found["spec"]["rules"] = [rule]
        made = migrated(found)
        assert len(made.carried) + len(made.lost) == 1


PRIVILEGED = "{containers: [{name: c, image: IMAGE, securityContext: {privileged: true}}]}"


def test_controls_of_pod_security_are_left_out_for_the_same_images() -> None:
    exclude = "[{controlName: Host Namespaces}, {controlName: Privileged Containers, images: ['trusted/*']}]"
    found = migrated(policy(f"validate: {{podSecurity: {{level: baseline, exclude: {exclude}}}}}"))
    objects = [
        pod("{hostNetwork: true}", name="host"),
        pod(PRIVILEGED.replace("IMAGE", "trusted/a"), name="trusted"),
        pod(PRIVILEGED.replace("IMAGE", "other/a"), name="other"),
    ]
    assert agreed(found, *objects) == [False, False, True]


def test_a_foreach_that_mutates_becomes_a_mutation_of_the_same_elements() -> None:
    loop = (
        "{list: request.object.spec.containers, preconditions: {all: [{key: '{{ element.image }}', operator: Equals, "
        "value: 'nginx*'}]}, patchStrategicMerge: {spec: {containers: [{name: '{{ element.name }}', tty: true}]}}}"
    )
    agreed(migrated(policy(f"mutate: {{foreach: [{loop}]}}")), pod(), pod("{containers: [{name: d, image: busybox}]}"))


def test_a_foreach_may_have_a_context_and_places() -> None:
    condition = "{key: '{{ tag }}-{{ elementIndex }}', operator: Equals, value: latest-0}"
    loop = (
        "{list: request.object.spec.containers, context: [{name: tag, variable: {value: '{{ element.image }}'}}], "
        f"deny: {{conditions: {{all: [{condition}]}}}}}}"
    )
    found = migrated(policy(f"validate: {{message: bad, foreach: [{loop}]}}"))
    assert agreed(found, pod(), pod("{containers: [{name: c, image: latest}]}", name="x")) == [False, True]


def test_deletions_are_judged_by_what_was_there() -> None:
    match = "{any: [{resources: {kinds: [Pod], operations: [DELETE], selector: {matchLabels: {a: b}}}}]}"
    found = migrated(policy(f"{{match: {match}, validate: {{message: bad, deny: {{}}}}}}"))
    (condition,) = found.policies[0]["spec"]["matchConditions"]
    assert "oldObject.metadata" in condition["expression"]


def test_a_translation_that_says_otherwise_of_an_object_made_for_it_is_refused() -> None:
    """A key that is not a text: Kyverno compares as numbers what is one, and the expression has none for others."""
    block = "{any: [{key: '{{ request.object.metadata.labels.a }}', operator: GreaterThan, value: 5}]}"
    found = migrated(policy(f"validate: {{message: bad, deny: {{conditions: {block}}}}}"))
    (lost,) = found.lost
    assert lost.reason.startswith("CEL would say otherwise of a ")


EXCEPTION = (
    "{apiVersion: kyverno.io/v2, kind: PolicyException, metadata: {name: e, namespace: k}, spec: "
    "{exceptions: [{policyName: p, ruleNames: [RULES]}], match: {any: [{resources: {kinds: [Pod], names: ['sp*']}}]}}}"
)


def spared(rules: str, **more: Any) -> MigratedException:
    given = yaml.safe_load(EXCEPTION.replace("RULES", rules))
    given["spec"] |= more
    (found,) = exceptions_migrated([given], [migrated(policy("validate: {message: bad, deny: {}}"))])
    return found


def test_an_exception_of_a_rule_becomes_one_of_its_policy() -> None:
    (made,) = spared("r0, autogen-r0, autogen-cronjob-r0").made
    assert made["apiVersion"] == "policies.kyverno.io/v1"
    assert made["spec"]["policyRefs"] == [{"name": "p", "kind": "ValidatingPolicy"}]
    policies = migrated(policy("validate: {message: bad, deny: {}}")).policies
    objects = [pod(name="spared"), pod(name="other")]
    around = PolicySurroundings(namespace_labels={"shop": {}})
    rows = evaluated(Evaluation(policies=policies, objects=objects, exceptions=[made], around=around))
    assert [each.row.result for each in rows] == ["skip", "fail"]


def test_an_exception_of_the_rule_alone_spares_nothing_that_is_derived() -> None:
    (made,) = spared("r0").made
    assert made["spec"]["matchConditions"][0] == {"name": "kinds", "expression": "request.kind.kind in ['Pod']"}


@pytest.mark.parametrize(
    ("rules", "more", "reason"),
    [
        ("r0", {"podSecurity": [{"controlName": "Capabilities"}]}, "no single control"),
        ("r0", {"match": {"any": [{"resources": {"kinds": ["Pod"]}, "clusterRoles": ["a"]}]}}, "subjects, roles"),
        ("r0", {"exceptions": [{"policyName": "q", "ruleNames": ["*"]}]}, "q: the policy is not among those"),
    ],
)
def test_what_of_an_exception_has_no_equal_is_told(rules: str, more: dict[str, Any], reason: str) -> None:
    found = spared(rules, **more)
    assert found.made == ()
    assert reason in found.lost[0]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("{message: '{{ a }}', deny: {}}", "string(dyn(variables.a))"),
        ("{message: 'of {{ request.object.spec.containers[].name }}', deny: {}}", "json.marshal("),
        (
            "{deny: {conditions: {all: [{key: '{{ request.operation }}', operator: Equals, value: [A]}]}}}",
            "dyn(request.operation) == ['A']",
        ),
        (
            "{deny: {conditions: {all: [{key: '{{ a }}', operator: AnyIn, value: [x]}]}}}",
            "type(dyn(variables.a)) == list",
        ),
    ],
)
def test_a_checker_that_knows_types_takes_what_is_written(rule: str, part: str) -> None:
    """Held by hand to Kyverno's own compiler, which knows the types of requests, lists and literals."""
    context = "[{name: a, variable: {jmesPath: request.object.metadata.name}}]"
    found = migrated(policy(f"{{context: {context}, validate: {rule}}}"))
    assert found.lost == ()
    assert part in str(found.policies)
