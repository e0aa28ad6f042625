"""The sources of an Application: which are accepted, what they read of each other, which of equal objects counts."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.application_sources import application_sources, last_of_each, referenced
from nixernetes.render.declared_shapes import check_source
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import MemoryTree

GIT = {"repoURL": "https://git.example/a", "path": "a"}
HERE = {"destination": {"name": "in-cluster"}}
VALUES = {"repoURL": "https://git.example/v", "ref": "values"}
CHART = {"repoURL": "https://charts.example", "chart": "web", "targetRevision": "1.x"}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"source": GIT}, [GIT]),
        ({"source": CHART, "sources": [VALUES, GIT]}, [VALUES, GIT]),
        ({"source": CHART, "sources": []}, [CHART]),
    ],
)
def test_several_sources_count_more_than_one(spec: Json, expected: list[Json]) -> None:
    assert application_sources({"spec": {**HERE, **spec}}) == expected


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "neither spec.source nor spec.sources"),
        ({"source": VALUES}, "either spec.source.path or spec.source.chart are required"),
        ({"source": {"path": "a"}}, "spec.source.repoURL and either"),
        ({"sources": [{"repoURL": "x"}]}, "either source.path, source.chart, or source.ref are required"),
        ({"source": {**CHART, "targetRevision": ""}}, "targetRevision is required if the manifest source is a helm"),
        ({"source": GIT, "sourceHydrator": {"drySource": GIT}}, "spec.sourceHydrator is not rendered"),
        ({"source": {**GIT, "tagPrefix": "app-"}}, "source.tagPrefix is not read here"),
        ({"source": GIT, "destination": {"namespace": "x"}}, "Destination server missing from app spec"),
        ({"source": GIT, "destination": {"name": "a", "server": "b"}}, "can't have both name and server defined: a b"),
    ],
)
def test_a_spec_that_names_no_place_is_refused_as_argo_cd_does(spec: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        application_sources({"spec": {**HERE, **spec}})


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ([VALUES, {**GIT, "ref": "values"}], "multiple sources had the same `ref` key"),
        ([{**VALUES, "ref": "a.b"}], "cannot contain any special characters"),
        ([{**CHART, "ref": "c"}, {**GIT, "helm": {"valueFiles": ["$c/x.yaml"]}}], "c is a chart"),
        ([{**CHART, "ref": "c"}, {**GIT, "helm": {"fileParameters": [{"name": "a", "path": "$c/x"}]}}], "c is a chart"),
    ],
)
def test_a_ref_that_cannot_be_read_from_is_refused(sources: list[Json], message: str) -> None:
    with pytest.raises(InputError, match=message):
        referenced(sources, [MemoryTree({}) for _ in sources])


def test_a_source_with_path_and_ref_is_read_from_too() -> None:
    trees = [MemoryTree({"x": "1"}), MemoryTree({})]
    assert referenced([{**GIT, "ref": "a"}, CHART], trees) == {"a": trees[0]}


def test_of_equal_objects_the_last_counts() -> None:
    def item(name: str, namespace: str, value: str) -> Rendered:
        metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
        return Rendered(manifest={"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"v": value}})

    unnamed = Rendered(manifest={"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "p-"}})
    given = [item("a", "", "1"), item("b", "", "2"), unnamed, item("a", "prod", "3"), item("a", "test", "4"), unnamed]
    found = last_of_each(given, "prod")
    assert found == [given[1], unnamed, given[3], given[4], unnamed]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (
            {"helm": {"parameters": [{"name": "replicas", "value": 2}]}},
            r"helm\.parameters\[0\]\.value: must be a string",
        ),
        ({"kustomize": {"commonLabels": {"version": 1}}}, r"kustomize\.commonLabels\.version: must be a string"),
    ],
)
def test_what_the_definition_has_as_text_is_no_number(block: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_source({**GIT, **block})
