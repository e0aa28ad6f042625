"""A value of the wrong type anywhere in the files of a kustomization is told or carried through."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings, strategies as st
from tests.wrong_types import changes, read

from nixernetes.app.rendering.manifest_text import View, json_text, yaml_text
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.render.kustomize import build
from nixernetes.render.tree import MemoryTree

FILES = read(Path(__file__).parent / "every_field")


def _shown(files: dict[str, str]) -> int:
    items = build(MemoryTree(files), "")
    view = View(origin=True)
    return len(yaml_text(items, view)) + len(json_text(items, view))


def test_the_files_are_right_as_they_are() -> None:
    assert _shown(FILES) > 1000


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_anywhere_is_told_or_carried_through(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(path for path in FILES if path.endswith(".yaml"))))
    changed = data.draw(changes([each.data for each in yamls.parse_all(FILES[path])]))
    try:
        _shown({**FILES, path: yamls.dump_all(changed)})
    except InputError as error:
        assert str(error)  # noqa: PT017  # both outcomes are right; only another exception is not
