"""The operations by which a drifted object is brought back, as many as helm-controller counts."""

from __future__ import annotations

import pytest

from nixernetes.engine.flux.helm.cluster_changes import changed_by, client_patch, cluster_changes
from nixernetes.objects.manifest import Json

_LONG = {"long": "so much that its whole is written at greater length than what has changed in it, one by one"}


def _told(before: Json, after: Json) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(each.operation, each.way) for each in cluster_changes(before, after)]


def _object(spec: Json, **meta: Json) -> Json:
    return {"kind": "A", "metadata": {"name": "a", **meta}, "spec": spec, "status": {}}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 2}, [("replace", ("spec", "a"))]),
        ({"gone": 1, **_LONG}, {"new": "text", **_LONG}, [("remove", ("spec", "gone")), ("add", ("spec", "new"))]),
        ({"a": [1, 2, 3]}, {"a": [1]}, [("replace", ("spec", "a"))]),  # shorter than two removals
        ({"a": ["long text", 2]}, {"a": ["long text", 2, 3]}, [("add", ("spec", "a", "-"))]),
        ({"a": 1}, {"a": 1.0}, []),
    ],
)
def test_the_changes_are_those_of_a_json_patch(before: Json, after: Json, told: list[Json]) -> None:
    one, other = _object(before), _object(after)
    assert _told(one, other) == told
    assert cluster_changes(changed_by(one, cluster_changes(one, other)), other) == []


def test_labels_that_somebody_added_are_no_drift() -> None:
    one, other = _object({}, labels={**_LONG, "x": "1", "mine": "2"}), _object({}, labels={**_LONG, "x": "2"})
    assert _told(one, other) == [("replace", ("metadata", "labels", "x"))]


def test_a_client_takes_away_what_it_wanted_before() -> None:
    assert client_patch({"a": {"b": 1, "c": 1}, "d": 1}, {"a": {"b": 2}}) == {"d": None, "a": {"c": None, "b": 2}}
