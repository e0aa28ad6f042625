"""Label selectors match as Kubernetes matches them; what cannot be read matches nothing."""

from __future__ import annotations

import pytest

from nixernetes.objects.manifest import Json
from nixernetes.objects.selectors import matches


@pytest.mark.parametrize("selector", [None, {}, {"matchLabels": None}, {"matchLabels": {}, "matchExpressions": []}])
def test_an_empty_selector_matches_all(selector: Json) -> None:
    assert matches(selector, {"app": "web"})


@pytest.mark.parametrize(
    ("selector", "problem"),
    [
        (["app"], "must be an object"),
        ({"matchLabels": "app"}, "matchLabels: must be an object"),
        ({"matchExpressions": {"key": "app"}}, "matchExpressions: must be an array"),
        ({"matchExpressions": ["app"]}, r"matchExpressions\[0\]: must be an object"),
        ({"matchExpressions": [{"operator": "Exists"}]}, r"matchExpressions\[0\].key: is required"),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": "web"}]}, "values: must be an array"),
        ({"matchExpressions": [{"key": "app", "operator": "Is"}]}, "operator 'Is': use In"),
    ],
)
def test_a_selector_of_another_form_is_refused_and_does_not_match_everything(selector: Json, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        matches(selector, {"app": "web"})


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
