"""What an error says: the place, what happened, and not the way there."""

import os
from pathlib import Path

import pytest

from nixernetes.app.rendering.render_folder import FolderOptions, FolderRenderer
from nixernetes.errors import InputError
from nixernetes.render.kustomize import build
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.tree import MemoryTree


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("resources: [no.yaml]", "base/kustomization.yaml:1: accumulating resources: open base/no.yaml: no such file"),
        ("resources: [bad.yaml]", "base/bad.yaml:1: accumulating resources: broken YAML: mapping values"),
        ("resources: [deeper]", "base/deeper: accumulating resources: unable to find one of 'kustomization.yaml'"),
        (
            "resources: [../over]",
            "base/kustomization.yaml:1: accumulating resources: cycle detected: candidate root 'over' contains visited",
        ),
        ("components: [../no]", "base/kustomization.yaml:1: accumulating resources: must build at directory: 'no': no"),
    ],
)
def test_what_happened_is_told_without_the_way_there(base: str, message: str) -> None:
    files = {
        "over/kustomization.yaml": "resources: [../base]",
        "base/kustomization.yaml": base,
        "base/bad.yaml": "a: b: c",
        "base/deeper/readme": "",
    }
    with pytest.raises(KustomizeError) as raised:
        build(MemoryTree(files), "over")
    assert str(raised.value).startswith(message)
    assert str(raised.value).count("accumulating resources") == 1
    assert "cycle" not in message or "root 'over' (over -> base -> over): remove one" in str(raised.value)


_LOST = (
    "must build at directory: not a valid directory: evalsymlink failure on 'no' : lstat no: no such file or directory"
)


_LABELS = "GeneratorOptions.secretGenerator.GeneratorArgs.options.labels"
_LITERALS = "ConfigMapArgs.configMapGenerator.GeneratorArgs.KvPairSources.literals"
_HEAD = "accumulating resources: accumulation err="
_TAKEN = "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]"
_FILE = "must build at directory: 'over/{}': file is not directory"
_NAMELESS = "missing metadata.name in object {{v1 Pod} {{ b} map[a:1] map[]}}"
_MALFORMED = "MalformedYAMLError: yaml: line 2: mapping values are not allowed in this context"
_BROKEN = (
    "couldn't make target for path 'broken': invalid Kustomization: yaml: line 2: did not find expected ',' or ']'"
)
_KIND = "SourceSelector.replacements.Replacement.source.ResId.Gvk.kind"
_JSON = "invalid Kustomization: json: cannot unmarshal "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "resources: [./a.yaml, ./again.yaml]",
            f"{_HEAD}'merging resources from './again.yaml': {_TAKEN}': {_FILE.format('again.yaml')}",
        ),
        (
            "resources: [twice.yaml]",
            f"{_HEAD}'accumulating resources from 'twice.yaml': {_TAKEN}': {_FILE.format('twice.yaml')}",
        ),
        (
            "resources: [../no]",
            f"{_HEAD}'accumulating resources from '../no': open no: no such file or directory': {_LOST}",
        ),
        ("components: [../no]", f'accumulating components: loader.New "{_LOST}"'),
        (
            "secretGenerator: [{name: a, options: {labels: {a: y}}}]",
            f"{_JSON}bool into Go struct field {_LABELS} of type string",
        ),
        (
            "configMapGenerator: [{name: a, literals: [{}]}]",
            f"{_JSON}object into Go struct field {_LITERALS} of type string",
        ),
        (
            "resources: [../broken]",
            f"{_HEAD}'accumulating resources from '../broken': read broken: is a directory': {_BROKEN}",
        ),
        (
            "resources: [broken.yaml]",
            f"accumulating resources: accumulating resources from 'broken.yaml': {_MALFORMED} in File: broken.yaml",
        ),
        (
            "resources: [nameless.yaml]",
            f"{_HEAD}'accumulating resources from 'nameless.yaml': {_NAMELESS}': {_FILE.format('nameless.yaml')}",
        ),
        (
            "replacements: [{source: {kind: [a]}}]",
            f"{_JSON}array into Go struct field {_KIND} of type string",
        ),
        ("labels: x", f"{_JSON}string into Go struct field Kustomization.labels of type []types.Label"),
        (
            "{resources: [a.yaml], vars: [{name: V, objref: {kind: Pod, name: p, apiVersion: v1}}]}",
            "var '{V Pod.v1.[noGrp] {metadata.name}}' cannot be mapped to a field in the set of known resources",
        ),
        (
            "{resources: [a.yaml], replacements: [{sourceValue: x, targets: []}]}",
            "replacements must specify a source and at least one target",
        ),
        (
            "{resources: [a.yaml], configurations: [fields.yaml]}",
            'error unmarshaling JSON: while decoding JSON: json: unknown field "pathx"',
        ),
        ("images: [{name: 3}]", f"{_JSON}number into Go struct field Image.images.name of type string"),
    ],
)
def test_kustomize_is_quoted_with_the_whole_way(text: str, words: str) -> None:
    """Controllers write into a status what Kustomize 5.8.1 says, both attempts to read a resource included."""
    one = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
    files = {
        "over/kustomization.yaml": text,
        "over/a.yaml": one,
        "over/again.yaml": one,
        "over/twice.yaml": f"{one}\n---\n{one}",
        "over/broken.yaml": f"{one}\n---\na: 1\nb: c: d\n",
        "over/nameless.yaml": "{apiVersion: v1, kind: Pod, metadata: {namespace: b, labels: {a: '1'}}}",
        "over/fields.yaml": "images: [{pathx: spec/image}]",
        "broken/kustomization.yaml": "resources:\n- [a\n- }",
    }
    with pytest.raises(KustomizeError) as raised:
        build(MemoryTree(files), "over", BuildOptions(load_restrictor="none"))
    assert raised.value.words == words


@pytest.mark.parametrize(("here", "folder"), [("", "over"), ("over", "."), ("base", "../over"), ("..", "{}/over")])
def test_places_are_seen_from_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, folder: str
) -> None:
    (tmp_path / "over").mkdir()
    (tmp_path / "base").mkdir()
    (tmp_path / "over" / "kustomization.yaml").write_text("resources: [../base]\n")
    (tmp_path / "base" / "kustomization.yaml").write_text("resources:\n- no.yaml\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path / here)
    renderer = FolderRenderer(FolderOptions(), lambda _: "", "")
    with pytest.raises(InputError) as raised:
        renderer.text(Path(folder.format(tmp_path.name)))
    base = os.path.relpath(tmp_path / "base")
    shown = "" if base == "." else f"{base}/"
    assert str(raised.value) == (
        f"{shown}kustomization.yaml:2: accumulating resources: open {shown}no.yaml: no such file or directory"
    )
