"""Rules that mutate: what an object becomes, what later policies see of it, and what is said."""

import copy
import time
from typing import Any

import pytest

from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.evaluation import PolicySet


def policy(mutate: dict[str, Any], name: str = "p", kind: str = "Pod", **more: Any) -> dict[str, Any]:
    rule = {"name": "r", "match": {"any": [{"resources": {"kinds": [kind]}}]}, "mutate": mutate, **more}
    meta = {"name": name, "annotations": {"pod-policies.kyverno.io/autogen-controllers": "none"}}
    return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": meta, "spec": {"rules": [rule]}}


def pod(*images: str, **meta: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": f"c{index}", "image": image} for index, image in enumerate(images or ("nginx",))]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "n", **meta}, "spec": spec}


def admitted(manifest: dict[str, Any], *policies: dict[str, Any], **around: Any) -> tuple[Any, list[tuple[str, str]]]:
    found = PolicySet(policies, around=PolicySurroundings(**around)).admitted(Request(manifest=manifest, namespace="n"))
    return found.manifest, [(each.row.result, each.row.message) for each in found.judgements]


def test_a_merge_changes_the_object_and_leaves_the_given_one_alone() -> None:
    given = pod()
    before = copy.deepcopy(given)
    found, said = admitted(given, policy({"patchStrategicMerge": {"metadata": {"labels": {"+(team)": "a"}}}}))
    assert found["metadata"]["labels"] == {"team": "a"}
    assert said == [("pass", "mutated Pod/x in namespace n")]
    assert given == before


def test_what_is_the_same_afterwards_is_a_skip() -> None:
    patch = policy({"patchStrategicMerge": {"metadata": {"labels": {"+(team)": "a"}}}})
    found, said = admitted(pod(labels={"team": "b"}), patch)
    assert found == pod(labels={"team": "b"})
    assert said == [("skip", "no patches applied")]


def test_validation_sees_what_mutation_made_whatever_comes_first() -> None:
    judge = policy({})
    judge["spec"]["rules"][0] |= {"validate": {"pattern": {"metadata": {"labels": {"team": "?*"}}}}}
    del judge["spec"]["rules"][0]["mutate"]
    change = policy({"patchStrategicMerge": {"metadata": {"labels": {"team": "a"}}}}, name="q")
    _, said = admitted(pod(), judge, change)
    assert [result for result, _ in said] == ["pass", "pass"]


def test_conditions_choose_the_elements_of_a_list() -> None:
    patch = {"spec": {"containers": [{"(image)": "*:latest", "imagePullPolicy": "Always"}]}}
    found, _ = admitted(pod("a:latest", "b:1"), policy({"patchStrategicMerge": patch}))
    assert [each.get("imagePullPolicy") for each in found["spec"]["containers"]] == ["Always", None]


def test_a_json_patch_that_does_not_fit_is_an_error_with_the_words_of_kyverno() -> None:
    found, said = admitted(pod(), policy({"patchesJson6902": "- {op: replace, path: /spec/nope, value: 1}"}))
    assert found == pod()
    words = "failed to patch resource: replace operation does not apply: doc is missing key: /spec/nope: missing value"
    assert said == [("error", words)]


def test_adding_makes_the_parents_that_are_missing() -> None:
    found, _ = admitted(pod(), policy({"patchesJson6902": "- {op: add, path: /spec/a/b/2/c, value: 1}"}))
    assert found["spec"]["a"] == {"b": [None, None, {"c": 1}]}


@pytest.mark.parametrize(
    "patch",
    [
        {"patchStrategicMerge": {"$patch": "delete"}},
        {"patchesJson6902": "- {op: add, path: /spec/a/999999999/b, value: 1}"},
        {"patchesJson6902": "- {op: add, path: '', value: []}"},
        {"patchesJson6902": "- {op: move, from: /spec/no, path: /spec/a}"},
        {"patchesJson6902": "x: [}"},
        {"patchStrategicMerge": {"spec": {"containers": {"a": 1}}}},
    ],
)
def test_a_patch_that_makes_no_sense_is_an_error(patch: dict[str, Any]) -> None:
    found, said = admitted(pod(), policy(patch))
    assert found == pod()
    assert said[0][0] == "error"
    assert said[0][1].startswith("failed to patch resource: ")


def test_after_a_rule_that_fails_the_others_of_the_policy_say_nothing() -> None:
    bad = policy({"patchesJson6902": "- {op: replace, path: /spec/nope, value: 1}"})
    bad["spec"]["rules"].append({**bad["spec"]["rules"][0], "name": "s"})
    _, said = admitted(pod(), bad, policy({"patchStrategicMerge": {"metadata": {"labels": {"a": "b"}}}}, name="q"))
    assert [result for result, _ in said] == ["error", "pass"]


def test_the_value_at_the_same_place_may_be_read() -> None:
    patch = {"metadata": {"name": "{{@}}", "labels": {"copy": "{{ request.object.metadata.name }}"}}}
    found, _ = admitted(pod(), policy({"patchStrategicMerge": patch}))
    assert found["metadata"] == {"name": "x", "namespace": "n", "labels": {"copy": "x"}}


def test_a_foreach_may_stand_in_another() -> None:
    inner = {
        "list": "element.ports",
        "patchesJson6902": "- {op: add, path: '/metadata/annotations/p{{ element }}', value: '{{ element0.name }}'}",
    }
    given = pod()
    given["spec"]["containers"][0]["ports"] = [80, 443]
    found, said = admitted(given, policy({"foreach": [{"list": "request.object.spec.containers", "foreach": [inner]}]}))
    assert found["metadata"]["annotations"] == {"p80": "c0", "p443": "c0"}
    assert said == [("pass", "mutated Pod/x in namespace n")]


def test_removing_elements_works_from_the_last_to_the_first() -> None:
    loop = {
        "list": "request.object.spec.containers",
        "order": "Descending",
        "preconditions": {"all": [{"key": "{{ element.image }}", "operator": "Equals", "value": "bad*"}]},
        "patchesJson6902": "- {op: remove, path: '/spec/containers/{{ elementIndex }}'}",
    }
    found, _ = admitted(pod("bad1", "good", "bad2"), policy({"foreach": [loop]}))
    assert [each["image"] for each in found["spec"]["containers"]] == ["good"]


def test_targets_are_changed_and_the_trigger_is_not() -> None:
    target = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"}}
    patch = {"data": {"from": "{{ request.object.metadata.name }}", "to": "{{ target.metadata.name }}"}}
    meant = {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "n", "name": "*"}
    change = policy({"targets": [meant], "patchStrategicMerge": patch})
    found = PolicySet([change], around=PolicySurroundings(targets=(target,))).admitted(Request(manifest=pod()))
    (judgement,) = found.judgements
    assert found.manifest == pod()
    assert judgement.row.message == "mutated ConfigMap/c in namespace n"
    assert judgement.document()["patchedTarget"]["data"] == {"from": "x", "to": "c"}


def test_a_variable_without_a_value_is_an_error_with_its_path() -> None:
    patch = {"metadata": {"labels": {"a": "{{ request.object.nope }}"}}}
    _, said = admitted(pod(), policy({"patchStrategicMerge": patch}))
    path = "/mutate/patchStrategicMerge/metadata/labels/a"
    words = f'failed to resolve request.object.nope at path {path}: JMESPath query failed: Unknown key "nope" in path'
    assert said == [("error", f"variable substitution failed: {words}")]


@pytest.mark.parametrize("depth", [3, 40])
def test_a_hostile_foreach_ends_soon_in_an_error(depth: int) -> None:
    numbers = "[" + ", ".join(["`1`"] * 300) + "]"
    loop: dict[str, Any] = {"list": numbers, "patchesJson6902": "- {op: test, path: /kind, value: Pod}"}
    for _ in range(depth):
        loop = {"list": numbers, "foreach": [loop]}
    begun = time.process_time()
    _, said = admitted(pod(), policy({"foreach": [loop]}))
    assert said[0][0] == "error"
    assert "foreach" in said[0][1]
    assert time.process_time() - begun < 1


def test_what_an_addition_became_for_an_element_it_stays_for_those_after_it() -> None:
    """Kyverno prepares one copy of a patch for all elements (``processListOfMaps``), and so it is in clusters."""
    given = pod("a", "b")
    given["spec"]["containers"][0]["resources"] = {"limits": {"memory": "1Gi"}}
    limits = {"+(memory)": "1Mi", "+(cpu)": "1"}
    patch = {"spec": {"containers": [{"(name)": "*", "resources": {"limits": limits}}]}}
    found, _ = admitted(given, policy({"patchStrategicMerge": patch}))
    assert [each["resources"]["limits"] for each in found["spec"]["containers"]] == [
        {"memory": "1Gi", "cpu": "1"},
        {"cpu": "1"},
    ]


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        ("{op: copy, from: /metadata/name, path: /metadata/annotations/a}", "copy operation does not apply: doc is"),
        ("{op: remove, path: /spec/containers/-}", "error in remove for path: '/spec/containers/-': strconv.Atoi"),
        (
            "{op: move, from: /metadata/labels/a, path: /metadata/b}",
            "move operation does not apply: doc is missing from",
        ),
        ("{op: test, path: /metadata/labels/a, value: b}", "test operation does not apply: is missing path"),
        ("{op: test, path: /spec/containers/5, value: b}", "Unable to access invalid index: 5"),
    ],
)
def test_patches_that_do_not_apply_are_told_in_the_words_of_the_library(patch: str, words: str) -> None:
    _, [(result, message)] = admitted(pod(), policy({"patchesJson6902": f"- {patch}"}))
    assert result == "error"
    assert words in message


def test_there_is_nothing_to_change_in_what_is_deleted() -> None:
    """Kyverno patches nothing then, and what comes of that is no object."""
    given = policy({"patchStrategicMerge": {"metadata": {"labels": {"a": "b"}}}})
    found = PolicySet([given]).admitted(Request(manifest=pod(), namespace="n", operation="DELETE"))
    message = (
        'failed to unmarshal patched resource: Object \'Kind\' is missing in \'{"metadata":{"labels":{"a":"b"}}}\''
    )
    assert [(each.row.result, each.row.message) for each in found.judgements] == [("error", message)]
