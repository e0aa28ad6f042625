"""Jsonnet is what others wrote: it ends, stays small, reads nothing but the tree, and spoils nothing after it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from nixernetes.adapters.sandbox.jsonnet import JsonnetProcess
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.argocd.jsonnet import imports_of, program_of
from nixernetes.render.tree import MemoryTree


@pytest.fixture(name="jsonnet", scope="module")
def _jsonnet() -> Iterator[JsonnetProcess]:
    process = JsonnetProcess()
    yield process
    process.close()


def _evaluated(jsonnet: JsonnetProcess, program: str, **files: str) -> str:
    tree = MemoryTree({"a/main.jsonnet": program, **{f"a/{name}": text for name, text in files.items()}})
    return jsonnet.evaluate(program_of(tree, "a/main.jsonnet", {}, {}), imports_of(tree, "a", None))


LOOPS = {
    "function": "local f(x) = f(x) + 1; f(1)",
    "object": "local o = {a: self.a}; o",
    "import": "import 'main.jsonnet'",
}


@pytest.mark.parametrize("program", LOOPS.values(), ids=LOOPS)
def test_what_calls_itself_without_end_is_told_so(jsonnet: JsonnetProcess, program: str) -> None:
    with pytest.raises(InputError, match=r"max stack frames exceeded|infinite"):
        _evaluated(jsonnet, program)


HOGS = {
    "range": "std.length(std.foldl(function(all, each) all + [each], std.range(0, 1000000000), []))",
    "text": "local f(n, text) = if n == 0 then text else f(n - 1, text + text) tailstrict; f(60, 'x')",
    "nesting": "[" * 200_000 + "]" * 200_000,
}


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
@pytest.mark.parametrize("program", HOGS.values(), ids=HOGS)
def test_a_program_that_takes_all_memory_is_ended_and_the_next_one_runs(jsonnet: JsonnetProcess, program: str) -> None:
    with pytest.raises(InputError, match=r"memory|max stack frames exceeded|nest"):
        _evaluated(jsonnet, program)
    assert _evaluated(jsonnet, "1 + 1").strip() == "2"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/hostname", "absolute"),
        ("../../etc/hostname", "leads out of the repository"),
        ("../../../../../../../../etc/hostname", "leads out of the repository"),
        ("missing.libsonnet", "no such file"),
        (".", "no such file"),
    ],
)
@pytest.mark.parametrize("keyword", ["import", "importstr", "importbin"])
def test_an_import_reads_nothing_but_the_tree(jsonnet: JsonnetProcess, keyword: str, name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        _evaluated(jsonnet, f"{keyword} '{name}'")
    assert "a/main.jsonnet" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_an_import_that_cannot_be_read_leaves_no_answer_for_the_next_program(jsonnet: JsonnetProcess) -> None:
    tree = MemoryTree({"main.jsonnet": "import 'far.libsonnet'"})

    def unreachable(folder: str, name: str) -> tuple[str, bytes]:
        raise RemoteError("the repository is gone", subject=f"{folder}{name}")

    with pytest.raises(RemoteError, match="the repository is gone"):
        jsonnet.evaluate(program_of(tree, "main.jsonnet", {}, {}), unreachable)
    assert _evaluated(jsonnet, "'the next one'").strip() == '"the next one"'


@pytest.mark.parametrize("name", ["with\\nline", "quote\\u0022", "\\u2028"])
def test_no_name_breaks_out_of_its_message(jsonnet: JsonnetProcess, name: str) -> None:
    with pytest.raises(InputError, match="no such file"):
        _evaluated(jsonnet, f'import "{name}"')
    assert _evaluated(jsonnet, "2 + 1").strip() == "3"
