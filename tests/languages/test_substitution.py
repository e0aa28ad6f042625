"""Substitution answers as Flux does, and no text makes it crash or slow."""

import json
import time

import pytest
from hypothesis import given, settings, strategies as st
from tests.shared import SHARED, needs_shared

from nixernetes.languages.substitution import SubstitutionError, substitute

_FILE = SHARED / "conformance" / "flux_envsubst.json"
_CASES = json.loads(_FILE.read_text()) if _FILE.is_file() else []


@needs_shared
@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['mode']}:{case['input']}")
def test_flux_gives_the_same(case: dict[str, object]) -> None:
    text, params = str(case["input"]), case["params"]
    assert isinstance(params, dict)
    if case["error"]:
        with pytest.raises(SubstitutionError):
            substitute(text, params, strict=case["mode"] == "strict")
    else:
        assert substitute(text, params, strict=case["mode"] == "strict") == case["output"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a ${a} $$a $${a}", "$a Value $a ${a}"),
        ("${none:-x} ${none:=y} ${empty=z} ${empty:-}", "x y z "),
        ("${none:-${also:-${a}}!}", "Value!"),
        ("${#a}", "5"),
        ("${#umlaut}", "2"),
        ("${a:1}", "alue"),
        ("${a:1:2}", "al"),
        ("${a:-3:2}", "Value"),
        ("${a:x}", "Value"),
        ("${a:9}|${a:1:-1}|${a:5:2}", "|alu|"),
        ("${a/al/AL}", "VALue"),
        ("${path//\\//-}", "-a-b-c"),
        ("${path#*/} ${path##*/} ${path%/*} ${path%%/*}", "a/b/c c /a/b "),
        ("${a%[a-e]} ${a#[^V]} ${a#?} ${a#*} ${a%*}", "Value Value alue alue Valu"),
        ("100% of $", "100% of $"),
    ],
)
def test_every_form_has_its_meaning(text: str, expected: str) -> None:
    variables = {"a": "Value", "empty": "", "umlaut": "ü", "path": "/a/b/c"}
    assert substitute(text, variables) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${foo.bar}", "missing closing brace"),
        ("${foo-bar}", "missing closing brace"),
        ("${foo+x}", "missing closing brace"),
        ("${foo", "missing closing brace"),
        ("${}", "unable to parse variable name"),
        ("${ foo }", "unable to parse variable name"),
        ("${foo/x}", "bad substitution"),
        ("${foo}", 'variable not set \\(strict mode\\): "foo"'),
        ("${a:-" * 100, "nested deeper"),
    ],
)
def test_what_flux_refuses_is_refused(text: str, message: str) -> None:
    with pytest.raises(SubstitutionError, match=message):
        substitute(text, {})


def test_an_unset_variable_is_empty_when_not_strict() -> None:
    assert substitute("[${none}]", {}, strict=False) == "[]"


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="${}ab:-=/#%^,*?[]\\\n .", max_size=60), st.dictionaries(st.sampled_from("ab"), st.text()))
def test_any_text_is_substituted_or_refused(text: str, variables: dict[str, str]) -> None:
    try:
        result = substitute(text, variables)
    except SubstitutionError:
        return
    assert isinstance(result, str)


def test_hostile_patterns_and_long_texts_take_no_time() -> None:
    variables = {"a": "a" * 20_000, "b": "*a" * 20}
    started = time.perf_counter()
    for text in ("${a##*a*a*a*a*a*b}", "${a%%${b}b}", "$$" * 200_000, "${a:-" * 200_000, "${c:-" + "x" * 500_000 + "}"):
        try:
            substitute(text, variables)
        except SubstitutionError:
            continue
    assert time.perf_counter() - started < 5
