"""Whatever text comes, the reader answers with data or with an InputError, and soon."""

import pytest
from hypothesis import given, strategies as st

from nixernetes.errors import InputError
from nixernetes.languages.regexes import linear
from nixernetes.objects import yamls
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.transformers.patterns import compile_pattern

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        b"\xff\xfe\x00",
        "a: " + "[" * 5000,
        "a:\n" + "".join(" " * n + "b:\n" for n in range(1, 400)),
    ],
)
def test_hostile_text_is_an_input_error(text: str | bytes) -> None:
    with pytest.raises(InputError):
        yamls.parse_all(text, file="x.yaml")


@pytest.mark.parametrize("digits", ["9" * 5000, "0o" + "7" * 5000, "0x" + "f" * 5000])
def test_a_number_that_no_reader_takes_is_text(digits: str) -> None:
    assert yamls.parse(f"a: {digits}") == {"a": digits}


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@, \n\t0179.eExo~<?\\", max_size=60) | st.binary(max_size=40))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    for dialect in ("kubernetes", "kustomize"):
        try:
            yamls.parse_all(text, file="x.yaml", dialect=dialect)  # type: ignore[arg-type]
        except InputError as error:
            assert str(error)  # noqa: PT017  # both outcomes are right; only another exception is not


@given(JSON)
def test_what_is_written_reads_back(data: object) -> None:
    assert yamls.parse(yamls.dump({"a": data})) == {"a": data}


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, 10**30])
def test_an_integer_beyond_64_bits_is_written_as_the_float_that_it_is_read_as(value: int) -> None:
    text = yamls.dump({"a": value})
    assert "!!" not in text
    assert yamls.parse(text) == {"a": float(value)}


def test_what_no_reader_takes_is_not_written() -> None:
    with pytest.raises(InputError, match="beyond the largest float"):
        yamls.dump({"a": 10**400})
    with pytest.raises(InputError, match="surrogate"):
        yamls.dump({"a": "\ud800"})


@pytest.mark.parametrize("pattern", ["((a)+)+b", "(a|a)*b", "a*a*a*a*a*a*b", "(a+)+$", "^(.*a){20}$"])
def test_a_pattern_that_makes_others_backtrack_is_matched_at_once(pattern: str) -> None:
    assert compile_pattern(pattern).matches("a" * 3000 + "c") is False


def test_patterns_read_as_go_reads_them() -> None:
    assert compile_pattern("^(?:web|shop-[a-z]+)$").matches("shop-eu")
    assert not compile_pattern("^(?:web|shop-[a-z]+)$").matches("shop-1")
    for broken in ("(", "a{2,1}", "(?=a)", "\\1"):
        with pytest.raises(KustomizeError, match="error parsing regexp"):
            compile_pattern(broken)
    with pytest.raises(ValueError, match=r"error parsing regexp: missing closing \): `\(`"):
        linear("(")
