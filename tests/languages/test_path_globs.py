"""Patterns of Argo CD: globs that cross folders, and those of paths that do not."""

import contextlib

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.errors import InputError
from nixernetes.languages.globs.paths import glob_matches, path_glob_matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*.yaml", "a/b.yaml", True),
        ("{a,b}/*", "b/c", True),
        ("[!a]?", "bc", True),
        ("[a-c]x", "dx", False),
        ("a\\*", "a*", True),
    ],
)
def test_globs_cross_folders(pattern: str, text: str, expected: bool) -> None:
    assert glob_matches(pattern, text) is expected


def test_path_globs_stay_in_a_folder_and_broken_ones_are_refused() -> None:
    assert not path_glob_matches("*.yaml", "a/b.yaml")
    assert path_glob_matches("**/*.yaml", "a/b/c.yaml")
    assert path_glob_matches("a/**", "a/b/c")
    for pattern in ("{a", "[", "[b-a]"):
        with pytest.raises(InputError, match="not a glob pattern"):
            glob_matches(pattern, "x")


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="*?[]{},!^-\\ab/", max_size=30), st.text(alphabet="ab/", max_size=30))
def test_any_glob_matches_or_is_refused(pattern: str, text: str) -> None:
    with contextlib.suppress(InputError):
        glob_matches(pattern, text)
        path_glob_matches(pattern, text)
