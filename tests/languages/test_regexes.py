"""Regular expressions are found and replaced as Go does it, in bounded time."""

import pytest

from nixernetes.languages.regexes import compiled, linear, replaced, split


@pytest.mark.parametrize(
    ("pattern", "text", "replacement", "expected"),
    [
        ("a*", "baac", "X", "XbXcX"),
        ("(l)(o)", "hello", "$2$1", "helol"),
        ("(l)(o)", "hello", "${2}x$1", "heloxl"),
        ("(l)o", "hello", "$1x", "hel"),
        ("(?P<first>l)o", "hello", "[$first]${first}$9$01", "hel[l]l"),
        ("l", "hello", "$$", "he$$o"),
        ("l+", "hello", "$", "he$o"),
        ("(a)|b", "ab", "<$1>", "<a><>"),
        ("$", "a\nb", "!", "a\nb!"),
        ("é", "café", "e", "cafe"),
    ],
)
def test_matches_are_replaced_as_go_replaces_them(pattern: str, text: str, replacement: str, expected: str) -> None:
    assert replaced(pattern, text, replacement) == expected


def test_a_literal_replacement_is_taken_as_it_is() -> None:
    assert replaced("(l)", "hello", "$1", literal=True) == "he$1$1o"


@pytest.mark.parametrize(
    ("pattern", "text", "count", "expected"),
    [
        ("a", "banana", -1, ["b", "n", "n", ""]),
        ("a", "banana", 2, ["b", "nana"]),
        ("a", "banana", 1, ["banana"]),
        ("a", "banana", 0, []),
        ("z*", "pizza", -1, ["p", "i", "a"]),
        ("a", "", -1, [""]),
        ("a*", "abaabaccadaaae", 5, ["", "b", "b", "c", "cadaaae"]),
    ],
)
def test_a_text_is_split_as_go_splits_it(pattern: str, text: str, count: int, expected: list[str]) -> None:
    assert split(pattern, text, count) == expected


@pytest.mark.parametrize("pattern", ["(", "(?=a)", "\\1", "a{2,1}", "a{1001}", "a" * 20_000, "((a{100}){100}){100}"])
def test_what_go_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="error parsing regexp"):
        compiled(pattern)


def test_no_expression_makes_the_time_grow() -> None:
    assert not linear("^(a+)+$")("a" * 100_000 + "b")
    assert not linear("(x+x+)+y")("x" * 10_000)
