"""An artifact holds what source-controller would put into it."""

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.errors import InputError
from nixernetes.render.flux.ignore import filter_source
from nixernetes.render.tree import MemoryTree, Tree

FILES = {
    ".gitignore": "",
    ".github/workflows/ci.yaml": "",
    "apps/a.yaml": "",
    "apps/logo.png": "",
    "apps/deep/b.yaml": "",
    "apps/deep/.sops.yaml": "",
    "docs/c.md": "",
}


def _left(ignore: str | None = None, *sparse: str, **files: str) -> list[str]:
    return list(filter_source(MemoryTree({**FILES, **files}), ignore, sparse=sparse).walk())


def test_the_defaults_leave_out_pictures_archives_and_ci() -> None:
    assert _left() == _left("") == _left("# only a comment\n\n") == ["apps/a.yaml", "apps/deep/b.yaml", "docs/c.md"]


def test_one_pattern_of_the_user_drops_all_defaults_but_version_control() -> None:
    assert _left("docs/") == [
        ".github/workflows/ci.yaml",
        "apps/a.yaml",
        "apps/deep/.sops.yaml",
        "apps/deep/b.yaml",
        "apps/logo.png",
    ]


@pytest.mark.parametrize(
    ("ignore", "expected"),
    [
        ("/*\n!/apps", ["apps/a.yaml", "apps/deep/.sops.yaml", "apps/deep/b.yaml", "apps/logo.png"]),
        ("*\n!apps/deep/b.yaml", ["apps/deep/b.yaml"]),
        ("*\n!*.yaml\n.github", ["apps/a.yaml", "apps/deep/.sops.yaml", "apps/deep/b.yaml"]),
        ("**/deep/*.yaml\n.*\ndocs\n*.png", ["apps/a.yaml"]),
        ("apps/**\n.*", ["docs/c.md"]),
        ("[ad]*\n.*", []),
    ],
)
def test_the_last_pattern_that_matches_decides(ignore: str, expected: list[str]) -> None:
    assert _left(ignore) == expected


def test_an_ignore_file_holds_for_its_folder() -> None:
    found = _left(**{"apps/.sourceignore": "/b.yaml\n/a.yaml\ndeep/\n", "b.yaml": ""})
    assert found == [".github/workflows/ci.yaml", "apps/.sourceignore", "apps/logo.png", "b.yaml", "docs/c.md"]


def test_sparse_folders_are_kept_alone_and_must_be_there() -> None:
    assert _left(None, "./apps/deep") == ["apps/deep/b.yaml"]
    with pytest.raises(InputError, match="none"):
        _left(None, "none")


def test_what_is_left_out_is_not_there() -> None:
    tree: Tree = filter_source(MemoryTree(FILES))
    assert not tree.is_file("apps/logo.png")
    assert not tree.is_dir(".github")
    assert tree.content_id("apps/logo.png") == ""
    with pytest.raises(InputError, match="no such file"):
        tree.read("apps/logo.png")


def test_ids_follow_content_and_rules() -> None:
    tree = MemoryTree(FILES)
    assert filter_source(tree).id == filter_source(tree).id
    assert filter_source(tree).id != filter_source(tree, "docs/").id
    assert filter_source(tree).content_id("docs") != filter_source(MemoryTree({**FILES, "docs/c.md": "x"})).content_id(
        "docs"
    )


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="!*?[]/\\ab.# ^-", max_size=30))
def test_any_pattern_is_read(ignore: str) -> None:
    assert set(_left(ignore)) <= set(FILES)
