"""What a text may cost is bounded: each limit says so, with file and line, before it hurts."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from nixernetes.errors import InputError
from nixernetes.objects import sizes, yamls

QUICK = settings(max_examples=200, deadline=None, derandomize=True)
MERGES = "m0: &m0 {k: 1}\n" + "".join(f"m{n}: &m{n}\n  <<: [*m{n - 1}, *m{n - 1}]\n  k{n}: 1\n" for n in range(1, 99))
PLAIN = st.text(alphabet="abcxwz -:#[]{}\n'\"|>&*!%@,?", max_size=50)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: &x " + "z" * 1_000_000 + "\ny: [" + "*x, " * 100 + "]", r"a\.yaml:2: more than 32 MiB of text"),
        (
            "a: &a [" + "1," * 50_000 + "]\nb: [" + "*a, " * 50 + "]",
            r"a\.yaml:2: more than 1,000,000",
        ),
        (
            "m0: &m0 {k: 1}\n"
            + "".join(f"m{n}: &m{n}\n  <<: [*m{n - 1}, *m{n - 1}]\n  k{n}: 1\n" for n in range(1, 99)),
            r"a\.yaml:\d+: more than 1,000,000",
        ),
        ("---\n" * 100_001, r"a\.yaml:\d+: more than 100,000 documents"),
        ("x: " + "[" * 100_000, r"a\.yaml:1: nested deeper than 200"),
        ("x: " + "{a: " * 100_000, r"a\.yaml:1: nested deeper than 200"),
        ("x:\n  " + "- " * 100_000 + "1", r"a\.yaml:2: nested deeper than 200"),
        ("é" * (sizes.MAX_BYTES // 2 + 1), r"a\.yaml: larger than 32 MiB"),
        (b" " * (sizes.MAX_BYTES + 1), r"a\.yaml: larger than 32 MiB"),
        ("a: b".encode("utf-16"), r"a\.yaml: not UTF-8 text"),
        (b"a: \x00", r"a\.yaml: broken YAML: unacceptable character"),
    ],
    ids=[
        "text",
        "values",
        "merges",
        "documents",
        "lists",
        "maps",
        "dashes",
        "wide",
        "long",
        "16",
        "0",
    ],
)
def test_a_bomb_is_refused_with_its_place(text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}") as caught:
        yamls.parse_all(text, file="a.yaml")
    assert len(str(caught.value)) < 500


def test_bombs_are_counted_over_all_documents_of_a_stream() -> None:
    one = "---\n[" + "1," * 300_000 + "]\n"
    assert len(yamls.parse_all(one)) == 1
    with pytest.raises(InputError, match="more than 1,000,000 values"):
        yamls.parse_all(one * 4)


def test_an_anchor_ends_with_its_document() -> None:
    with pytest.raises(InputError, match="an alias that nothing defines"):
        yamls.parse_all("a: &x 1\n---\nb: *x\n")


@pytest.mark.parametrize("deep", ["[" * 5000, "{a: " * 5000, "a:\n  " + "- " * 5000 + "1"])
def test_a_line_in_what_is_too_deep_is_not_looked_for(deep: str) -> None:
    assert yamls.locate(f"x: 1\n{deep}" if deep[0] == "a" else deep, ["a", "a"]) == 0


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!!python/name:os.system", "!ruby/object x"])
def test_a_tag_makes_no_object(tag: str) -> None:
    assert yamls.parse(f"a: {tag}") in ({"a": ["id"]}, {"a": ""}, {"a": "x"})


@QUICK
@given(PLAIN)
def test_text_without_numbers_means_what_pyyaml_says(text: str) -> None:
    try:
        found = yamls.parse_all(text)
    except InputError:
        return
    loaded = list(yaml.load_all(text, Loader=yaml.CBaseLoader))
    assert [_texts(document.data) for document in found] == [_texts(data) for data in loaded]


def _texts(data: object) -> object:
    """Return a shape with texts: what a scalar means is the rule of another test."""
    if isinstance(data, dict):
        return {"" if key == "null" else str(key): _texts(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_texts(item) for item in data]
    return "" if data is None else str(data)


def test_copies_are_counted_wherever_they_are() -> None:
    budget = sizes.CopyBudget(values=5, characters=10)
    budget.spend({"a": ["b"]})
    with pytest.raises(InputError, match="MiB of text"):
        budget.spend("x" * 20)
    with pytest.raises(InputError, match="values"):
        budget.spend([1, 2, 3])
    with pytest.raises(InputError, match="nested deeper"):
        budget.spend("x", sizes.MAX_DEPTH + 1)
