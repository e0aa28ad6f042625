"""Fields that copy other fields many times over are counted, and end in a message with the file."""

from __future__ import annotations

import pytest

from nixernetes.app.rendering import manifest_text
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize import KustomizeError, build, loader
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import MemoryTree


def _config_map(name: str, data: Json) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def _replacement(source: str, fields: list[str], options: Json = None, kind: str = "ConfigMap") -> Json:
    target = {"select": {"kind": kind}, "fieldPaths": fields, **({"options": options} if options else {})}
    return {"source": {"kind": "ConfigMap", "name": "s", "fieldPath": source}, "targets": [target]}


def _built(documents: list[Json], **fields: Json) -> int:
    kustomization = {"resources": ["all.yaml"], **fields}
    files = {"kustomization.yaml": yamls.dump(kustomization), "all.yaml": yamls.dump_all(documents)}
    return len(build(MemoryTree(files), ""))


def test_a_large_text_written_into_many_fields_is_counted() -> None:
    documents = [_config_map("s", {"a": "x" * 500_000}), {**_config_map("t", {}), "kind": "Target"}]
    fields = [f"data.k{number}" for number in range(5_000)]
    with pytest.raises(KustomizeError, match=r"^kustomization\.yaml(:\d+)?: .*more than 32 MiB of text"):
        _built(documents, replacements=[_replacement("data.a", fields, {"create": True}, "Target")])


def test_a_replacement_that_doubles_its_own_source_is_counted() -> None:
    doubling = _replacement("data.a", ["data.a"], {"delimiter": "-", "index": -1})
    with pytest.raises(KustomizeError, match="more than 32 MiB of text"):
        _built([_config_map("s", {"a": "x" * 1000})], replacements=[doubling] * 60)


def test_a_large_value_written_into_itself_is_counted() -> None:
    nesting = _replacement("data", ["data.b"], {"create": True})
    with pytest.raises(KustomizeError, match=r"nested deeper|values when all copies|nested too deeply"):
        _built([_config_map("s", {"a": "x"})], replacements=[nesting] * 300)


def test_many_targets_of_many_resources_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MAX_STEPS", 50_000)
    documents = [_config_map("s", {"a": "x"}), *(_config_map(f"c{number}", {}) for number in range(300))]
    one = _replacement("data.a", ["data.b"], {"create": True}, "Nothing")
    many = {**one, "targets": one["targets"] * 20}
    with pytest.raises(KustomizeError, match="the build takes more than 50,000 steps"):
        _built(documents, replacements=[many])


def test_many_fields_of_a_large_object_are_counted() -> None:
    documents = [_config_map("s", {f"k{number}": "x" for number in range(40_000)})]
    fields = [f"data.k{number}" for number in range(2_000)]
    with pytest.raises(KustomizeError, match="more than 50,000,000 steps"):
        _built(documents, replacements=[_replacement("metadata.name", fields)])


def test_a_var_in_many_places_is_counted() -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "a", "args": ["-$(V)" * 5_000]}]},
    }
    var = {
        "name": "V",
        "objref": {"apiVersion": "v1", "kind": "ConfigMap", "name": "s"},
        "fieldref": {"fieldpath": "data.a"},
    }
    with pytest.raises(InputError, match=r"^kustomization\.yaml(:\d+)?: .*more than 32 MiB of text"):
        _built([_config_map("s", {"a": "x" * 500_000}), pod], vars=[var])


def test_openings_of_vars_that_never_close_take_no_time() -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "a", "args": ["$(" * 200_000]}]},
    }
    var = {"name": "V", "objref": {"apiVersion": "v1", "kind": "ConfigMap", "name": "s"}}
    assert _built([_config_map("s", {"a": "x"}), pod], vars=[var]) == 2


def test_a_prefix_that_makes_no_name_is_refused() -> None:
    with pytest.raises(KustomizeError, match="a prefix or suffix of more than 1,000 characters"):
        _built([_config_map("s", {})], namePrefix="x" * 500_000)


def test_a_text_that_stands_in_too_many_objects_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_text, "_MAX_TEXT", 1_000_000)
    items = [Rendered(manifest=_config_map(f"c{number}", {"a": "x" * 100_000})) for number in range(20)]
    for write in (manifest_text.yaml_text, manifest_text.json_text):
        with pytest.raises(InputError, match="what is rendered is longer than"):
            write(items, manifest_text.View())


def test_many_generators_are_counted_as_each_is_compared_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MAX_STEPS", 50_000)
    generators = [{"name": f"g{number}", "literals": ["a=b"]} for number in range(300)]
    with pytest.raises(KustomizeError, match="the build takes more than 50,000 steps"):
        _built([], configMapGenerator=generators)


def test_many_images_of_many_resources_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MAX_STEPS", 50_000)
    documents = [_config_map(f"c{number}", {}) for number in range(100)]
    with pytest.raises(KustomizeError, match="the build takes more than 50,000 steps"):
        _built(documents, images=[{"name": f"i{number}", "newTag": "1"} for number in range(30)])
