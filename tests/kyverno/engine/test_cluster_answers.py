"""What policies ask of the cluster is answered from what is given, and nothing else."""

from typing import Any

import pytest

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import NotGivenError, cluster_answers
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated

DEFINITION = {"spec": {"group": "example.com", "names": {"kind": "Fish", "plural": "fishies"}}}


def thing(kind: str, name: str, namespace: str = "", api: str = "v1", **more: Any) -> dict[str, Any]:
    meta = {"name": name, "labels": {"app": name}} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api, "kind": kind, "metadata": meta, **more}


OBJECTS = [
    thing("ConfigMap", "a", "shop", data={"k": "v"}),
    thing("ConfigMap", "b", "shop"),
    thing("Namespace", "shop"),
    thing("Fish", "nemo", "shop", "example.com/v1"),
    thing(
        "GlobalContextEntry",
        "maps",
        api="kyverno.io/v2",
        spec={
            "kubernetesResource": {"version": "v1", "resource": "configmaps", "namespace": "shop"},
            "projections": [{"name": "names", "jmesPath": "[].metadata.name"}],
        },
    ),
]
KNOWN = cluster_answers(OBJECTS, is_known=True, definitions=[DEFINITION])


def test_paths_of_an_api_server_are_answered() -> None:
    assert KNOWN.raw("/api/v1/namespaces/shop/configmaps/a")["data"] == {"k": "v"}
    assert len(KNOWN.raw("/api/v1/namespaces/shop/configmaps")["items"]) == 2
    assert len(KNOWN.raw("/api/v1/configmaps?labelSelector=app%3Da")["items"]) == 1
    assert KNOWN.raw("/api/v1/namespaces/shop")["kind"] == "Namespace"
    assert KNOWN.raw("/apis/example.com/v1/fishies")["items"][0]["metadata"]["name"] == "nemo"
    assert KNOWN.raw("/apis/apps/v1/deployments")["items"] == []


@pytest.mark.parametrize("path", ["/healthz", "", "/api/v1", "//", "/apis/apps/v1"])
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(InputError, match="failed to parse path"):
        KNOWN.raw(path)


def test_what_is_not_there_is_not_what_is_not_known() -> None:
    with pytest.raises(InputError, match='configmaps "z" not found') as missing:
        KNOWN.raw("/api/v1/namespaces/shop/configmaps/z")
    assert not isinstance(missing.value, NotGivenError)
    unknown = cluster_answers([], is_known=False)
    for ask in (
        lambda: unknown.raw("/api/v1/pods"),
        lambda: unknown.found("v1", "pods", "shop", "z"),
        lambda: unknown.entry("maps", ""),
        lambda: unknown.call("GET", "https://example.com"),
        lambda: unknown.image("nginx"),
    ):
        with pytest.raises(NotGivenError, match="not provided: "):
            ask()


def test_the_global_context_comes_from_entries_and_from_mocks() -> None:
    assert KNOWN.entry("maps", "names") == ["a", "b"]
    assert len(KNOWN.entry("maps", "")) == 2
    mocks = {"globalContextEntries": [{"name": "m", "data": {"d": [1]}, "projections": [{"name": "n", "path": "d"}]}]}
    mocked = cluster_answers([], is_known=False, mocks=mocks)
    assert mocked.entry("m", "n") == [1]
    assert mocked.entry("m", "") == {"d": [1], "n": [1]}


def rule(context: dict[str, Any], key: str) -> dict[str, Any]:
    conditions = {"any": [{"key": key, "operator": "Equals", "value": "v"}]}
    made = {
        "name": "r",
        "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]},
        "context": [{"name": "c", **context}],
        "validate": {"message": "no", "deny": {"conditions": conditions}},
    }
    return {
        "kind": "ClusterPolicy",
        "apiVersion": "kyverno.io/v1",
        "metadata": {"name": "p"},
        "spec": {"rules": [made]},
    }


def test_a_rule_says_what_nobody_gave() -> None:
    policy = rule({"configMap": {"name": "z", "namespace": "shop"}}, "{{ c.data.k }}")
    row = next(evaluated(Evaluation(policies=[policy], objects=OBJECTS[:1]))).row
    assert row.result == "error"
    assert row.message.endswith('JMESPath query failed: Unknown key "c" in path')
    assert row.not_given == ("configMap shop/z",)


def test_an_api_call_is_answered_and_transformed() -> None:
    call = {"urlPath": "/api/v1/namespaces/{{ request.namespace }}/configmaps/a", "jmesPath": "data.k"}
    around = PolicySurroundings(answers=KNOWN)
    inputs = Evaluation(policies=[rule({"apiCall": call}, "{{ c }}")], objects=OBJECTS[:1], around=around)
    assert next(evaluated(inputs)).row.result == "fail"


def test_expressions_ask_too_and_say_what_nobody_gave() -> None:
    expression = 'resource.get("v1", "configmaps", "shop", "a").data.k == "v"'
    policy = {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": "p"},
        "spec": {
            "matchConstraints": {
                "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]}]
            },
            "validations": [{"expression": expression}],
        },
    }
    known = Evaluation(policies=[policy], objects=OBJECTS[:1], around=PolicySurroundings(answers=KNOWN))
    assert next(evaluated(known)).row.result == "pass"
    row = next(evaluated(Evaluation(policies=[policy], objects=OBJECTS[:1]))).row
    assert (row.result, row.not_given) == ("error", ("configmaps shop/a",))
    assert row.message == "error: no such key: data"
