"""An identity has one spelling, and the version is no part of it."""

import pytest

from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of, split_api_version
from nixernetes.objects.selectors import matches


def test_the_version_is_not_a_part_of_the_identity() -> None:
    old = {"apiVersion": "apps/v1beta1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "b"}}
    assert key_of(old) == key_of({**old, "apiVersion": "apps/v1"}) == ObjectKey("apps", "Deployment", "b", "a")


@pytest.mark.parametrize(
    ("key", "text"),
    [(ObjectKey("", "Pod", "a", "b"), "Pod/a/b"), (ObjectKey("", "Node", "", "n"), "Node/n")],
)
def test_the_spelling_is_kind_namespace_name(key: ObjectKey, text: str) -> None:
    assert str(key) == text


def test_the_core_group_is_the_empty_string() -> None:
    assert split_api_version("v1") == ("", "v1")
    assert group_kind({"apiVersion": "v1", "kind": "Pod"}) == GroupKind("", "Pod")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, True),
        ({"matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "b", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "DoesNotExist"}]}, True),
    ],
)
def test_a_label_selector_matches_as_kubernetes_does(selector: object, expected: bool) -> None:
    assert matches(selector, {"a": "1"}) is expected


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="use In, NotIn, Exists or DoesNotExist"):
        matches({"matchExpressions": [{"key": "a", "operator": "Gt"}]}, {})
