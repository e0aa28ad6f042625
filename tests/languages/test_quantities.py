"""Quantities mean, and are written as, what an API server makes of them."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st
from tests.shared import SHARED

from nixernetes.errors import InputError
from nixernetes.languages.quantities import NANO, parse

VECTORS = SHARED / "conformance/kyverno/units/quantities.json"
FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0.5", "500m"),
        ("1000m", "1"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("1000Mi", "1000Mi"),
        ("512", "512"),
        ("0.5Ki", "512"),
        ("0.0001Ki", "102400u"),
        ("1e3", "1e3"),
        ("1e2", "100"),
        ("1e-3", "1e-3"),
        ("1E", "1E"),
        ("1E3", "1e3"),
        ("+1.50", "1500m"),
        ("-1Gi", "-1Gi"),
        ("0.1n", "1n"),
        ("-0.1n", "-1n"),
        ("100Ei", "9223372036854775807"),
        ("100E", "100E"),
        ("0Gi", "0"),
    ],
)
def test_a_quantity_has_one_canonical_form(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", FORMAT),
        ("ten", FORMAT),
        ("512MB", FORMAT),
        ("1 Gi", FORMAT),
        ("1.1.1", FORMAT),
        ("\u0661", FORMAT),
        ("1" * 101, FORMAT),
        ("1K", "unable to parse quantity's suffix"),
        ("1e", "unable to parse quantity's suffix"),
        ("1e999999999", "unable to parse quantity's suffix"),
        ("--1", "unable to parse quantity's suffix"),
    ],
)
def test_what_is_no_quantity_is_refused_in_the_words_of_the_api_server(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.message == message


def test_quantities_of_one_value_are_equal_however_they_are_written() -> None:
    assert len({parse(text) for text in ("1Gi", "1024Mi", "1073741824", "1073741824000m")}) == 1
    assert parse("1G") < parse("1Gi") < parse("1.1G")


def test_a_sum_is_written_as_its_first_part_that_is_not_zero() -> None:
    assert str(parse("1Gi") + parse("24M")) == "1097741824"
    assert str(parse("1Gi") + parse("1024Mi")) == "2Gi"
    assert str(parse("0") + parse("1Gi")) == "1Gi"
    assert str(parse("1") - parse("1250m")) == "-250m"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=9), st.sampled_from(["", "k", "m", "Ki", "Mi", "e3"]))
def test_the_canonical_form_has_the_same_value_and_is_its_own_canonical_form(number: object, suffix: str) -> None:
    quantity = parse(f"{number:f}{suffix}")
    again = parse(str(quantity))
    assert (again, str(again)) == (quantity, str(quantity))


@pytest.mark.skipif(not VECTORS.exists(), reason="reference material is not there")
def test_kubernetes_own_answers() -> None:
    for case in json.loads(VECTORS.read_text())["cases"]:
        text = case["text"]
        if "error" in case:
            with pytest.raises(InputError) as caught:
                parse(text)
            assert caught.value.message == case["error"], text
            continue
        result = case["result"]
        quantity = parse(text)
        assert Fraction(quantity.nano, NANO) == Fraction(result["dec"]), text
        # A text such as 01 that an API server has not yet rewritten is given back as it was.
        assert str(quantity) == result["canonical"] or result["canonical"] == text
