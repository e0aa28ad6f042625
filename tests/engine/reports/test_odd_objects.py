"""A report has a row for every delivery, whatever somebody has written into its object."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from tests.wrong_types import changes

from nixernetes.engine.reports.as_json import from_json, to_json
from nixernetes.engine.reports.reading import report
from nixernetes.engine.reports.values import (
    SOURCES,
    Report,
)
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest

_TIME = "2026-01-01T00:00:00Z"


def _object(kind: GroupKind, spec: Json, status: Json) -> Manifest:
    meta = {"name": "a", "namespace": "b", "generation": 1}
    return {"apiVersion": f"{kind.group}/v1", "kind": kind.kind, "metadata": meta, "spec": spec, "status": status}


def _said(kind: str, status: str = "True") -> Json:
    return {"type": kind, "status": status, "reason": "Why", "message": "because"}


_ENTRY = {
    "group": "",
    "kind": "Secret",
    "namespace": "b",
    "name": "s",
    "status": "Synced",
    "health": {"status": "Healthy"},
}
_OBJECTS = [
    _object(SOURCES[2], {"type": "oci"}, {}),
    _object(
        KUSTOMIZATION,
        {"suspend": False},
        {
            "observedGeneration": 1,
            "lastAppliedRevision": "main@sha1:0",
            "conditions": [_said("Ready")],
            "inventory": {"entries": [{"id": "b_s__Secret", "v": "v1"}]},
        },
    ),
    _object(
        HELM_RELEASE,
        {},
        {"conditions": [_said("Ready", "False")], "history": [{"chartName": "c", "chartVersion": "1.0.0"}]},
    ),
    _object(
        APPLICATION,
        {"project": "default"},
        {
            "sync": {"status": "Synced", "revision": "0"},
            "health": {"status": "Healthy"},
            "operationState": {"phase": "Succeeded", "message": "successfully synced"},
            "conditions": [{"type": "SharedResourceWarning", "message": "shared"}],
            "resources": [_ENTRY],
        },
    ),
    _object(
        APPLICATION_SET,
        {},
        {"conditions": [_said("ErrorOccurred", "False"), _said("ParametersGenerated")], "resources": [_ENTRY]},
    ),
]


class _Held:
    """A cluster that holds some objects, and answers to nothing else."""

    def __init__(self, objects: list[Manifest]) -> None:
        self._objects = objects

    def get(self, key: ObjectKey) -> Manifest | None:
        return {"apiVersion": "v1", "kind": key.kind, "metadata": {"name": key.name}} if key.kind == "Secret" else None

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> list[Manifest]:
        assert namespace is labels is None
        return [each for each in self._objects if group_kind(each) == kind]

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        return True if kind.kind else None


def _read(objects: list[Manifest]) -> Report:
    return report(_TIME, {"dev": _Held(objects)})


@settings(max_examples=300, deadline=None, derandomize=True)
@given(changes([[each["metadata"], each["spec"], each["status"]] for each in _OBJECTS]))
def test_a_report_tells_of_odd_objects(parts: list[Json]) -> None:
    odd = [
        {**each, **dict(zip(("metadata", "spec", "status"), part, strict=False))}
        for each, part in zip(_OBJECTS, parts, strict=True)
        if isinstance(part, list)
    ]
    found = _read(odd)
    assert len(found.deliveries) == len(odd)
    assert from_json(json.loads(json.dumps(to_json(found)))).deliveries == found.deliveries


def test_a_report_tells_how_each_delivery_stands() -> None:
    rows = {each.key.kind: each for each in _read(_OBJECTS).deliveries}
    assert {kind: (row.state, row.status, row.revision, row.message) for kind, row in rows.items()} == {
        "HelmRepository": ("ready", "Unknown", "", "static: read when a HelmChart needs it"),
        "Kustomization": ("ready", "True", "main@sha1:0", "because"),
        "HelmRelease": ("failed", "False", "c@1.0.0", "because"),
        "Application": ("ready", "Synced/Healthy", "0", "successfully synced"),
        "ApplicationSet": ("ready", "Generated", "", "because"),
    }
    assert rows["Application"].warnings == ("SharedResourceWarning: shared",)
    assert [(str(each.key), each.status) for each in rows["Kustomization"].objects] == [("Secret/b/s", "Current")]
    assert [(str(each.key), each.status) for each in rows["ApplicationSet"].objects] == [
        ("Secret/b/s", "Synced/Healthy")
    ]


@pytest.mark.parametrize("entry", [None, "b_s__Secret", {}, {"id": None}, {"id": "b_s_Secret"}, {"id": 5}])
def test_an_entry_of_an_inventory_that_names_no_object_is_passed_over(entry: Json) -> None:
    kustomization = _object(KUSTOMIZATION, {}, {"inventory": {"entries": [entry, {"id": "b_s__Secret"}]}})
    (row,) = _read([kustomization]).deliveries
    assert [str(each.key) for each in row.objects] == ["Secret/b/s"]
