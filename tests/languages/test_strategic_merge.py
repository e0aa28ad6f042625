"""Strategic merge patches do to lists what their types say."""

from typing import Any

import pytest

from nixernetes.errors import InputError
from nixernetes.languages.strategic_merge import MalformedPatchError, strategic_merged
from nixernetes.objects import schema

POD = schema.of("v1", "Pod")


def pod(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [*containers], **more}}


def merged(*containers: Any, live: tuple[Any, ...] = ({"name": "a", "image": "a:1"},), **more: Any) -> Any:
    patch = {"spec": {"containers": [*containers], **more}}
    return strategic_merged(pod(*live), patch, POD)["spec"]["containers"]


def test_items_with_one_key_are_merged_and_new_ones_come_in_the_order_of_the_patch() -> None:
    found = merged({"name": "b", "image": "b:1"}, {"name": "a", "args": ["x"]})
    assert found == [{"name": "b", "image": "b:1"}, {"name": "a", "image": "a:1", "args": ["x"]}]


def test_a_list_without_a_strategy_is_replaced() -> None:
    live = ({"name": "a", "image": "a:1", "args": ["x", "y"]},)
    assert merged({"name": "a", "args": ["z"]}, live=live)[0]["args"] == ["z"]


def test_null_deletes_and_what_is_not_there_stays_away() -> None:
    found = merged({"name": "a", "image": None, "command": None})
    assert found == [{"name": "a"}]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"name": "a", "$patch": "delete"}], ["b"]),
        ([{"$patch": "replace"}, {"name": "c", "image": "c:1"}], ["c"]),
    ],
)
def test_directives_delete_and_replace(items: list[Any], expected: list[str]) -> None:
    live = ({"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"})
    assert [each["name"] for each in merged(*items, live=live)] == expected


def test_the_order_that_a_patch_states_holds() -> None:
    live = ({"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"})
    order = {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}
    patch = {"spec": {**order, "containers": [{"name": "a", "image": "a:2"}]}}
    found = strategic_merged(pod(*live), patch, POD)["spec"]["containers"]
    assert found == [{"name": "b", "image": "b:1"}, {"name": "a", "image": "a:2"}]


def test_values_are_taken_out_of_a_list_of_values() -> None:
    live = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "finalizers": ["a/a", "b/b"]}}
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a/a"]}}
    field = schema.of("v1", "ConfigMap")
    assert strategic_merged(live, patch, field)["metadata"]["finalizers"] == ["b/b"]


def test_keys_that_are_not_retained_go() -> None:
    field = schema.of("apps/v1", "Deployment")
    live = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    assert strategic_merged(live, patch, field)["spec"]["strategy"] == {"type": "Recreate"}


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({"spec": {"containers": [{"image": "x"}]}}, r"map: map\[image:x\] does not contain declared merge key: name"),
        ({"spec": {"$patch": "bogus"}}, r"unknown patch type: bogus in map: map\[\$patch:bogus\]"),
        ({"spec": {"containers": [{"name": "a", "$patch": "merge"}]}}, "merging lists cannot yet be specified"),
        ({"spec": {"containers": [["a"]]}}, "lists of lists are not supported"),
    ],
)
def test_what_cannot_be_merged_is_told_as_a_server_does(patch: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        strategic_merged(pod({"name": "a", "image": "a:1"}), patch, POD)


def test_a_malformed_directive_is_the_clients_mistake() -> None:
    patch = {"spec": {"strategy": {"$retainKeys": ["rollingUpdate"], "type": "Recreate"}}}
    with pytest.raises(MalformedPatchError):
        strategic_merged({"spec": {"strategy": {"type": "Recreate"}}}, patch, schema.of("apps/v1", "Deployment"))


def test_the_arguments_are_left_alone() -> None:
    live = pod({"name": "a", "image": "a:1"})
    patch = {"spec": {"containers": [{"name": "a", "image": "a:2"}]}}
    strategic_merged(live, patch, POD)
    assert live["spec"]["containers"][0]["image"] == "a:1"
    assert patch == {"spec": {"containers": [{"name": "a", "image": "a:2"}]}}


def test_a_patch_without_end_is_refused() -> None:
    patch: dict[str, Any] = {"a": 1}
    live: dict[str, Any] = {"a": 1}
    for _ in range(300):
        patch, live = {"a": patch}, {"a": live}
    with pytest.raises(InputError, match="too deeply"):
        strategic_merged(live, patch, None)
