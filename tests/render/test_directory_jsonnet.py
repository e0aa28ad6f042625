"""Jsonnet in a directory source of Argo CD: variables, imports, and what a program may give."""

from collections.abc import Iterator

import pytest

from nixernetes.adapters.sandbox.jsonnet import JsonnetProcess
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.argocd.directory import render_directory
from nixernetes.render.tree import MemoryTree

ENVIRONMENT = {"ARGOCD_APP_NAME": "web"}
OBJECT = "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c'}}"


@pytest.fixture(scope="module")
def jsonnet() -> Iterator[JsonnetProcess]:
    process = JsonnetProcess()
    yield process
    process.close()


def _render(jsonnet: JsonnetProcess, files: dict[str, str], options: Json = None) -> list[Manifest]:
    found = render_directory(MemoryTree(files), "apps", options or {}, ENVIRONMENT, jsonnet)
    assert all(item.origin.file.endswith((".jsonnet", ".yaml")) for item in found)
    return [item.manifest for item in found]


def _names(found: list[Manifest]) -> list[str]:
    return [item["metadata"]["name"] for item in found]


def test_a_program_gives_an_object_a_list_or_nothing(jsonnet: JsonnetProcess) -> None:
    files = {
        "apps/a.jsonnet": OBJECT,
        "apps/b.jsonnet": f"[{OBJECT} + {{metadata+: {{name: 'b%d' % n}}}} for n in [1, 2]] + [null]",
        "apps/c.jsonnet": "null",
        "apps/d.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\n",
        "apps/e.libsonnet": "error 'never evaluated'",
        "apps/f.jsonnet": f"{{apiVersion: 'v1', kind: 'List', items: [{OBJECT} + {{metadata+: {{name: 'f'}}}}]}}",
    }
    assert _names(_render(jsonnet, files)) == ["c", "b1", "b2", "d", "f"]


def test_variables_are_texts_or_code_and_know_the_build_environment(jsonnet: JsonnetProcess) -> None:
    program = f"function(tier, size) {OBJECT} + {{data: {{e: std.extVar('e'), c: std.extVar('c'), t: tier, s: size}}}}"
    options = {
        "jsonnet": {
            "extVars": [
                {"name": "e", "value": "$ARGOCD_APP_NAME-1"},
                {"name": "c", "value": "{n: 1 + 1}", "code": True},
            ],
            "tlas": [{"name": "tier", "value": "x"}, {"name": "size", "value": "2 * 3", "code": True}],
        }
    }
    (found,) = _render(jsonnet, {"apps/a.jsonnet": program}, options)
    assert found["data"] == {"e": "web-1", "c": {"n": 2}, "t": "x", "s": 6}


def test_imports_are_found_beside_the_file_then_in_the_libraries(jsonnet: JsonnetProcess) -> None:
    files = {
        "apps/a.jsonnet": f"{OBJECT} + (import 'near/x.libsonnet') + (import 'far.libsonnet')",
        "apps/near/x.libsonnet": "{near: importstr 'text.txt'}",
        "apps/near/text.txt": "t",
        "apps/lib/far.libsonnet": "{far: 'apps/lib'}",
        "lib/far.libsonnet": "{far: 'lib'}",
        "shared/far.libsonnet": "{far: 'shared'}",
    }
    for libs, expected in (
        (["lib"], "lib"),
        (["apps/lib", "/shared"], "shared"),
        (["/shared", "apps/lib"], "apps/lib"),
    ):
        (found,) = _render(jsonnet, files, {"jsonnet": {"libs": libs}})
        assert (found["near"], found["far"]) == ("t", expected)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("{\n  a: error 'boom' }", r"apps/a\.jsonnet:2: .*boom"),
        ("{\n a: ", r"apps/a\.jsonnet:2: .*[Uu]nexpected end of file"),
        ("import '../../x'", "leads out of the repository"),
        ("import '/etc/passwd'", "absolute paths are not imported"),
        ("import 'none.libsonnet'", "no such file in the repository: none.libsonnet"),
        ("'text'", "not a Kubernetes object"),
        ("{a: 1}", "Object 'Kind' is missing"),
        (f"[[{OBJECT}]]", "not a Kubernetes object"),
        ("function(x) x", r"[Mm]issing argument|not bound"),
    ],
)
def test_what_cannot_be_rendered_is_told_with_its_place(jsonnet: JsonnetProcess, program: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _render(jsonnet, {"apps/a.jsonnet": program})


def test_files_are_chosen_as_other_files_are(jsonnet: JsonnetProcess) -> None:
    files = {"apps/a.jsonnet": OBJECT, "apps/deep/b.jsonnet": OBJECT, "apps/broken.jsonnet": "{"}
    assert len(_render(jsonnet, files, {"exclude": "broken*", "recurse": True})) == 2
    assert len(_render(jsonnet, files, {"include": "a.jsonnet"})) == 1
