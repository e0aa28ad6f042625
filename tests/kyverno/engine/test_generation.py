"""What policies make beside an object, what they would delete, and what is known of images without a registry."""

from __future__ import annotations

from typing import Any

import pytest

from nixernetes.kyverno.engine.cluster.answers import cluster_answers
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated
from nixernetes.kyverno.engine.rows import RuleRow

SPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"tier": "a"}}}
SOURCE = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "pull", "namespace": "default", "uid": "1", "ownerReferences": [{"name": "x"}]},
    "data": {"k": "dg=="},
}


def ruled(generate: dict[str, Any]) -> dict[str, Any]:
    made = {"name": "make", "match": {"any": [{"resources": {"kinds": ["Namespace"]}}]}, "generate": generate}
    spec = {"rules": [made]}
    return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec}


def newer(kind: str, resource: str, **spec: Any) -> dict[str, Any]:
    group = {"pods": "", "namespaces": ""}[resource]
    rules = [{"apiGroups": [group], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": [resource]}]
    whole = {"matchConstraints": {"resourceRules": rules}, **spec}
    return {"apiVersion": "policies.kyverno.io/v1", "kind": kind, "metadata": {"name": "p"}, "spec": whole}


def row(policy: dict[str, Any], subject: dict[str, Any], *cluster: dict[str, Any]) -> RuleRow:
    around = PolicySurroundings(objects=cluster, answers=cluster_answers(cluster, is_known=True))
    (only,) = evaluated(Evaluation(policies=[policy], objects=[subject], around=around))
    return only.row


def quota(**more: Any) -> dict[str, Any]:
    data = {"metadata": {"labels": {"a": "b"}}, "spec": {"hard": {"pods": "10"}}}
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "name": "q",
        "namespace": "{{ request.object.metadata.name }}",
    } | {
        "data": data,
        **more,
    }


def test_data_becomes_an_object_that_kyverno_knows_again() -> None:
    found = row(ruled(quota()), SPACE)
    assert (found.rule, found.result, found.message) == ("make", "pass", "")
    (made,) = found.generated
    assert made["metadata"] == {
        "name": "q",
        "namespace": "shop",
        "labels": {
            "a": "b",
            "app.kubernetes.io/managed-by": "kyverno",
            "generate.kyverno.io/policy-name": "p",
            "generate.kyverno.io/rule-name": "make",
        },
    }
    assert made["spec"] == {"hard": {"pods": "10"}}


def test_what_is_there_is_made_again_only_to_follow_a_change() -> None:
    live = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": "shop"}, "spec": {}}
    assert row(ruled(quota()), SPACE, live).generated == ()
    assert len(row(ruled(quota(synchronize=True)), SPACE, live).generated) == 1


def clone(name: str) -> dict[str, Any]:
    source = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Secret", "name": "copy", "namespace": "shop", "clone": source}


def test_a_clone_leaves_what_is_its_sources_own() -> None:
    (made,) = row(ruled(clone("pull")), SPACE, SOURCE).generated
    assert made["data"] == SOURCE["data"]
    assert made["metadata"].keys() == {"name", "namespace", "labels"}


def test_a_source_that_is_missing_makes_nothing_and_is_named() -> None:
    found = row(ruled(clone("gone")), SPACE, SOURCE)
    assert (found.result, found.generated, found.not_given) == ("pass", (), ("Secret default/gone",))


def test_foreach_makes_one_for_each_element_that_is_meant() -> None:
    entry = quota(name="q-{{ elementIndex }}", list="split('a,b,c', ',')")
    entry["preconditions"] = {"all": [{"key": "{{ element }}", "operator": "NotEquals", "value": "b"}]}
    found = row(ruled({"foreach": [entry]}), SPACE).generated
    assert [each["metadata"]["name"] for each in found] == ["q-0", "q-2"]


def test_a_generating_policy_collects_what_it_applies() -> None:
    expression = (
        "generator.apply(object.metadata.name, [resource.List('v1', 'secrets', 'default'), {'kind': 'X', 'n': 1}])"
    )
    found = row(newer("GeneratingPolicy", "namespaces", generate=[{"expression": expression}]), SPACE, SOURCE)
    assert (found.rule, found.message) == ("p", "policy evaluated successfully")
    assert [(each["kind"], each["metadata"]["namespace"]) for each in found.generated] == [
        ("Secret", "shop"),
        ("X", "shop"),
    ]


def test_a_template_takes_values_and_texts() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: '(( object.metadata.name ))'}\n"
        "data: {m: '(( 1 + 1 ))', t: 'is (( object.metadata.name ))!'}\n"
    )
    template = {"value": text, "interpolate": "cel"}
    (made,) = row(newer("GeneratingPolicy", "namespaces", generate=[{"template": template}]), SPACE).generated
    assert made["data"] == {"m": 2, "t": "is shop!"}
    assert made["metadata"]["namespace"] == "shop"


def test_a_deleting_policy_says_what_would_go() -> None:
    policy = newer(
        "DeletingPolicy", "namespaces", conditions=[{"name": "c", "expression": "object.metadata.name == 'shop'"}]
    )
    assert (row(policy, SPACE).result, row(policy, SPACE).message) == ("pass", "resource matched")
    other = {**SPACE, "metadata": {"name": "other"}}
    assert (row(policy, other).result, row(policy, other).message) == ("fail", "resource did not match")


def pod(image: str) -> dict[str, Any]:
    spec = {"containers": [{"name": "a", "image": image}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": spec}


def test_an_image_without_a_digest_fails_and_its_signature_is_not_known() -> None:
    policy = newer("ImageValidatingPolicy", "pods", matchImageReferences=[{"glob": "ghcr.io/*"}])
    assert row(policy, pod("ghcr.io/a/b:1")).message == "image ghcr.io/a/b:1 does not have a digest"
    signed = row(policy, pod(f"ghcr.io/a/b@sha256:{'0' * 64}"))
    assert signed.result == "error"
    assert signed.message.startswith("not evaluated: ")
    assert row(policy, pod("docker.io/a:1")).result == "pass"
    expression = "images.containers.map(each, verifyImageSignatures(each, [attestors.a])).all(n, n > 0)"
    asking = newer(
        "ImageValidatingPolicy",
        "pods",
        validationConfigurations={"verifyDigest": False},
        attestors=[{"name": "a", "cosign": {"key": {"data": "k"}}}],
        validations=[{"expression": "size(images.containers) < 2"}, {"expression": expression}],
    )
    told = "not evaluated: whether ghcr.io/a/b:1 is signed only its registry could tell"
    assert row(asking, pod("ghcr.io/a/b:1")).message == told


def test_rules_that_verify_images_say_what_needs_no_registry() -> None:
    block = {"imageReferences": ["ghcr.io/*"], "mutateDigest": False, "skipImageReferences": ["*:dev"]}
    rule = {"match": {"any": [{"resources": {"kinds": ["Pod"]}}]}, "name": "r"}

    def rows(image: str, **more: Any) -> list[tuple[str, str]]:
        spec = {"rules": [{**rule, "verifyImages": [{**block, **more}]}]}
        policy = {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec}
        given = Evaluation(policies=[policy], objects=[pod(image)])
        return [(each.row.result, each.row.message) for each in evaluated(given)]

    assert rows("nginx") == []
    assert rows("ghcr.io/a:1") == [("fail", "missing digest for ghcr.io/a:1")]
    signed = {"attestors": [{"entries": [{"keys": {"publicKeys": "k"}}]}], "verifyDigest": False}
    assert rows("ghcr.io/a:dev", **signed) == [
        ("skip", "skipping image reference image ghcr.io/a:dev, policy p ruleName r")
    ]
    [(result, message)] = rows("ghcr.io/a:1", **signed)
    assert (result, message) == ("error", "not evaluated: whether ghcr.io/a:1 is signed only its registry could tell")


def test_an_admission_policy_of_kubernetes_is_asked_with_its_binding() -> None:
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "p"},
        "spec": {**newer("x", "pods")["spec"], "validations": [{"expression": "object.metadata.name != 'x'"}]},
    }
    assert row(policy, pod("a")).message == "failed expression: object.metadata.name != 'x'"
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "b"},
        "spec": {"policyName": "p", "matchResources": {"objectSelector": {"matchLabels": {"a": "b"}}}},
    }
    assert list(evaluated(Evaluation(policies=[policy, binding], objects=[pod("a")]))) == []


def cleanup(kind: str = "ClusterCleanupPolicy", **spec: Any) -> dict[str, Any]:
    whole = {"schedule": "0 3 * * *", "match": {"any": [{"resources": {"kinds": ["Secret"]}}]}, **spec}
    meta = {"name": "p", "namespace": "shop"} if kind == "CleanupPolicy" else {"name": "p"}
    return {"apiVersion": "kyverno.io/v2", "kind": kind, "metadata": meta, "spec": whole}


def condition(key: str, value: str) -> dict[str, Any]:
    return {"all": [{"key": key, "operator": "Equals", "value": value}]}


@pytest.mark.parametrize(
    ("spec", "result", "message"),
    [
        ({}, "pass", "resource matched"),
        ({"conditions": condition("{{ target.data.k }}", "dg==")}, "pass", "resource matched"),
        ({"conditions": condition("{{ target.data.k }}", "x")}, "fail", "resource did not match"),
        ({"conditions": condition("{{ target.data.none }}", "x")}, "error", "failed to check condition: "),
        ({"conditions": condition("{{ request.object.data.k }}", "dg==")}, "error", "failed to check condition: "),
        (
            {
                "context": [{"name": "space", "apiCall": {"urlPath": "/api/v1/namespaces/shop"}}],
                "conditions": condition("{{ space.metadata.labels.tier }}", "a"),
            },
            "pass",
            "resource matched",
        ),
    ],
)
def test_a_cleanup_policy_says_what_it_would_delete(spec: dict[str, Any], result: str, message: str) -> None:
    found = row(cleanup(**spec), SOURCE, SPACE)
    assert (found.rule, found.result) == ("p", result)
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    "policy",
    [
        cleanup("CleanupPolicy"),
        cleanup(match={"any": [{"resources": {"kinds": ["Pod"]}}]}),
        cleanup(exclude={"any": [{"resources": {"names": ["pull"]}}]}),
    ],
)
def test_a_cleanup_policy_says_nothing_of_what_it_does_not_mean(policy: dict[str, Any]) -> None:
    assert list(evaluated(Evaluation(policies=[policy], objects=[SOURCE]))) == []
