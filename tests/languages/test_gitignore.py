"""A line of an ignore file means what it means to go-git."""

import pytest

from nixernetes.languages.globs.gitignore import parse


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("*.md", "docs/a.md", True),
        ("docs", "docs/a.md", True),
        ("docs/", "docs/a.md", True),
        ("docs/", "x/docs", False),
        ("/docs", "x/docs", False),
        ("/docs", "docs", True),
        ("a/*.md", "a/b.md", True),
        ("a/*.md", "a/b/c.md", False),
        ("**/c.md", "a/b/c.md", True),
        ("a/**/c.md", "a/c.md", True),
        ("a/**", "a/b/c", True),
        ("a**b/c", "ab/c", False),
        ("[ab].md", "b.md", True),
        ("[", "[", False),
        ("\\#x", "#x", True),
        ("x   ", "x", True),
        ("x\\ ", "x ", True),
    ],
)
def test_a_line_matches_a_file(line: str, path: str, expected: bool) -> None:
    (pattern,) = parse([line])
    assert pattern.matches(tuple(path.split("/")), is_folder=False) is expected


def test_comments_and_empty_lines_are_no_patterns_and_a_mark_takes_back_in() -> None:
    found = list(parse(["# a", "", "  ", "!a", "a/"]))
    assert [(pattern.parts, pattern.includes, pattern.folders_only) for pattern in found] == [
        (("a",), True, False),
        (("a",), False, True),
    ]


def test_a_pattern_holds_for_the_folder_of_its_file() -> None:
    (pattern,) = parse(["/a"], ("x", "y"))
    assert pattern.matches(("x", "y", "a"), is_folder=False)
    assert not pattern.matches(("a",), is_folder=False)
    assert not pattern.matches(("x", "y"), is_folder=True)
