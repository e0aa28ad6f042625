"""An identity has one spelling, and the version is no part of it."""

import pytest

from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of, split_api_version


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
