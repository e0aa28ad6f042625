"""Templates count their steps, what they read and what they make; what is wrong is told in Go's words."""

from __future__ import annotations

import pytest

from nixernetes.errors import InputError
from nixernetes.languages import gotemplates
from nixernetes.languages.gotemplates import TemplateAllowance, TemplateError
from nixernetes.languages.gotemplates.functions import FUNCTIONS
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.applicationsets.templates import Templating

MEGABYTE = '{{$s := repeat 1000000 "a"}}'
NUMBERS = "{{$l := until 10000}}"
LISTS = "{{$l := chunk 1 (until 10000)}}"


def looped(text: str) -> str:
    return "{{range until 10000}}" + text + "{{end}}"


def doubling(depth: int) -> str:
    """Templates that call the next one twice."""
    calls = "".join(
        f'{{{{define "t{number}"}}}}' + f'{{{{template "t{number + 1}" .}}}}' * 2 + "{{end}}" for number in range(depth)
    )
    return calls + f'{{{{define "t{depth}"}}}}x{{{{end}}}}{{{{template "t0" .}}}}'


@pytest.mark.parametrize(
    "text",
    [
        looped(looped("x")),
        doubling(40),
        MEGABYTE + looped("{{$t := sha512sum $s}}"),
        MEGABYTE + looped('{{$t := contains "b" $s}}'),
        MEGABYTE + looped("{{$t := len $s}}"),
        "{{$s := repeat 300000 `#a\n`}}" + looped("{{$t := fromYaml $s}}"),
        MEGABYTE + looped("{{$t := title $s}}"),
        NUMBERS + looped("{{$t := has -1 $l}}"),
        LISTS + looped("{{$t := uniq $l}}"),
        LISTS + looped("{{$t := deepEqual $l $l}}"),
        LISTS + looped("{{range $l}}{{break}}{{end}}"),
        LISTS + looped("{{$t := without $l (list 1)}}"),
        '{{$s := "aaaaaaaa"}}{{range until 60}}{{$s = cat $s $s}}{{end}}',
        "{{repeat 1000000000 `abc`}}",
        "{{printf `%1000000000d` 1}}",
        "{{printf `%.999999999f` 1.0}}",
        "{{len (untilStep 0 1000000000 1)}}",
        "{{range until 1000000000}}{{end}}",
        "{{$s := repeat 100000 `\n`}}{{indent 1000000 $s}}",
    ],
)
def test_a_template_ends_at_its_bound(text: str) -> None:
    with pytest.raises(TemplateError, match=r"more than|wider than"):
        gotemplates.render(text, {})


@pytest.mark.parametrize(
    "text",
    [
        "{{" + "(" * 100_000 + "1" + ")" * 100_000 + "}}",
        "{{if true}}" * 20_000 + "{{end}}" * 20_000,
        '{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}',
        '{{$d := dict}}{{$_ := set $d "a" $d}}{{deepEqual $d $d}}',
        "{{$x := list}}{{range until 1200}}{{$x = list $x}}{{end}}{{$x}}",
        "{{$x := list}}{{range until 1200}}{{$x = list $x}}{{end}}{{toJson $x}}",
        "{{$x := list}}{{range until 1200}}{{$x = list $x}}{{end}}{{uniq (list $x)}}",
    ],
)
def test_nesting_has_a_bound(text: str) -> None:
    with pytest.raises(TemplateError, match="nested too deeply"):
        gotemplates.render(text, {})


def test_integers_wrap_as_in_go() -> None:
    """Without that, fifty squares make a number with more digits than the memory holds."""
    text = "{{$x := 3}}{{range until 45}}{{$x = mul $x $x}}{{end}}{{$x}} {{add 9223372036854775807 1}}"
    assert gotemplates.render(text, {}) == f"{_wrapped(pow(3, 2**45, 2**64))} -9223372036854775808"


def _wrapped(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{trunc}}", "wrong number of args for trunc: want 2 got 0"),
        ("{{trimSuffix 5}}", "wrong number of args for trimSuffix: want 2 got 1"),
        ("{{not true false}}", "wrong number of args for not: want 1 got 2"),
        ("{{wrapWith 1}}", "wrong number of args for wrapWith: want 3 got 1"),
        ("{{biggest}}", "wrong number of args for biggest: want at least 1 got 0"),
        ("{{sha512sum 5}}", "expected string; found 5"),
        ('{{trunc "a" "b"}}', 'expected integer; found "a"'),
        ("{{replace 1 2 3}}", "expected string; found 1"),
        ("{{get 1 2}}", "can't handle 1 for arg of type map[string]interface {}"),
        ("{{divf 1 0}}", "error calling divf: the number is too large, or divided by zero"),
        ('{{date "2006" 99999999999999}}', "error calling date: the number is too large, or divided by zero"),
    ],
)
def test_wrong_arguments_are_told_in_words_of_go(text: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        gotemplates.render(text, {})
    assert caught.value.message.startswith(said)


ARGUMENTS = ["", "5", '"a"', "nil", "(list 1)", '(dict "a" 1)', "1 2", '"a" 5', "1 2 3", "1.5 true"]
PYTHON = ["positional", "argument:", "object has no", "NoneType", "<class", "unsupported operand", "'str'", "'int'"]


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_no_function_tells_what_python_says(function: str) -> None:
    for arguments in ARGUMENTS:
        said = _given_or_said(f"{{{{{function} {arguments}}}}}").replace("wrong type of an argument:", "")
        assert [word for word in PYTHON if word in said] == [], said


def _given_or_said(text: str) -> str:
    try:
        return gotemplates.render(text, {})
    except InputError as error:
        return str(error)


def _filled_often(templating: Templating, text: str, parameters: dict[str, Json]) -> None:
    for _ in range(60):
        templating.text(text, parameters)


def test_the_texts_of_a_whole_have_a_bound_of_steps_together() -> None:
    whole = TemplateAllowance()
    whole.part(9_999_990, 0)
    with pytest.raises(InputError, match="all templates together take more than 10,000,000 steps"):
        gotemplates.render("{{1}}" * 20, {}, within=whole)


@pytest.mark.parametrize("text", ["{{.x}}", "{{x}}"])
def test_the_texts_of_an_application_set_have_a_bound_of_size_together(text: str) -> None:
    with pytest.raises(InputError, match="all templates together make more than 32 MiB of text"):
        _filled_often(Templating(go="." in text), text, {"x": "a" * 900_000})


def test_one_text_that_is_filled_in_has_a_bound() -> None:
    with pytest.raises(InputError, match="more than 1,000,000 characters"):
        Templating().text("{{x}}" * 2_000, {"x": "a" * 1_000_000})
