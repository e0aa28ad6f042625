"""Selectors of replacement targets are regular expressions, those of sources are not."""

import pytest

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize import BuildOptions, KustomizeError, build
from nixernetes.render.tree import MemoryTree

NAMES = ("web-a", "web-b", "api")


def _written(replacement: dict[str, Json], **more: Json) -> list[str]:
    """Return which objects got the value."""
    objects = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": n}, "data": {"v": n}} for n in NAMES]
    kustomization = {"resources": ["all.yaml"], "replacements": [replacement], **more}
    tree = MemoryTree({"all.yaml": yamls.dump_all(objects), "kustomization.yaml": yamls.dump(kustomization)})
    built = [each.manifest for each in build(tree, "", BuildOptions())]
    return sorted(each["metadata"]["name"] for each in built if each["data"]["v"] == "new")


def _target(**select: str) -> dict[str, Json]:
    return {"sourceValue": "new", "targets": [{"select": select, "fieldPaths": ["data.v"]}]}


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ({"name": "web-.*"}, ["web-a", "web-b"]),
        ({"name": "web"}, []),
        ({"kind": "Config(Map|File)"}, ["api", "web-a", "web-b"]),
        ({"version": "v[12]", "name": "api"}, ["api"]),
        ({"namespace": "default"}, []),
    ],
)
def test_a_target_is_selected_by_anchored_patterns(select: dict[str, str], expected: list[str]) -> None:
    assert _written(_target(**select)) == expected


def test_a_target_is_known_by_its_former_name() -> None:
    assert _written(_target(name="web-.*"), namePrefix="x-") == ["x-web-a", "x-web-b"]


def test_what_is_rejected_is_a_pattern_too() -> None:
    rejecting = _target(kind="ConfigMap")
    rejecting["targets"][0]["reject"] = [{"name": ".*-[ab]"}]
    assert _written(rejecting) == ["api"]


def test_a_broken_pattern_is_refused() -> None:
    with pytest.raises(KustomizeError, match="error creating target selector"):
        _written(_target(name="web-["))


def test_the_source_is_named_to_the_letter() -> None:
    source = {"kind": "ConfigMap", "name": "web-.*", "fieldPath": "data.v"}
    with pytest.raises(KustomizeError, match="nothing selected by"):
        _written({"source": source, "targets": [{"select": {"name": "api"}, "fieldPaths": ["data.v"]}]})


def test_a_value_and_a_source_exclude_each_other() -> None:
    both = {**_target(name="api"), "source": {"kind": "ConfigMap", "name": "api"}}
    with pytest.raises(KustomizeError, match="mutually exclusive"):
        _written(both)
