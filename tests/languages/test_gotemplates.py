"""Go templates as text/template, Sprig and Argo CD run them."""

from __future__ import annotations

import pytest

from nixernetes.languages import gotemplates
from nixernetes.objects.manifest import Json


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain", "plain"),
        ("{{ .a.b }} {{.none}}", "x <no value>"),
        ('{{ .a.b | upper | printf "%s-%d" }}', None),
        ('{{ printf "%s-%03d" .a.b 7 }}', "x-007"),
        ("{{- range $i, $x := .list }}{{ if $i }},{{ end }}{{ $x }}{{ end -}}  !", "1,2!"),
        ('{{ if and .a (eq .a.b "x") }}yes{{ else if .list }}no{{ end }}', "yes"),
        ("{{ with .none }}a{{ else }}b{{ end }}", "b"),
        ('{{ index .a "b" | quote }} {{ len .list }} {{ default "d" .none }}', '"x" 2 d'),
        ("{{ $v := .a }}{{ $v.b }}{{ (index .list 1) }}", "x2"),
        ("{{/* nothing */}}{{ .list }} {{ .a }}", "[1 2] map[b:x]"),
        ("{{ toYaml .a | nindent 2 }}", "\n  b: x"),
        ('{{ "{{" }}.x{{`}}`}} {{ "a}}b" }}', "{{.x}} a}}b"),
        ('{{ "\\u00e9\\x41\\101\\t\\"" }}', 'éAA\t"'),
        (
            "{{ 0x1F }} {{ 1_000 }} {{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 1e6 }} {{ .5 }} {{ 'a' }}",
            "31 1000 3 15 15 1e+06 0.5 97",
        ),
        ("{{ range .list }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}", "2"),
        ('{{ define "t" }}[{{ . }}]{{ end }}{{ template "t" .a.b }}{{ block "u" .list }}{{ len . }}{{ end }}', "[x]2"),
        ('{{ and 0 (fail "x") }} {{ or 1 (fail "x") }} {{ 1 | and 2 }}', "0 1 1"),
        ("{{- /* one */ -}}  a {{/* two */}}", "a "),
        ("{{ .a\n| toJson }}", '{"b":"x"}'),
    ],
)
def test_go_templates_say_what_go_says(template: str, text: str | None) -> None:
    data = {"a": {"b": "x"}, "list": [1, 2]}
    if text is None:
        with pytest.raises(gotemplates.TemplateError):
            gotemplates.render(template.replace("printf", "nonesuch"), data)
    else:
        assert gotemplates.render(template, data) == text


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ('{{ define "x" }}', "define.* without"),
        ('{{ template "x" }}', "template 'x' not defined"),
        ('{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}', "too deeply"),
        ("{{ break }}", "outside"),
        ("{{ nil }}", "nil is not a command"),
        ("{{ 'ab' }}", "not one character"),
        ('{{ "\\q" }}', "cannot read the string"),
        ("{{ 09 }}", "bad number"),
        ("{{ 99999999999999999999 }}", "bad number"),
        ("{{ /* spaced */ }}", "cannot read"),
        ("{{ .a -}", "unclosed action"),
        ('{{ env "HOME" }}', 'function "env" not defined'),
        ("{{ .a", "unclosed action"),
        ("{{" * 400_000, "unclosed action"),
        ("{{" + "(" * 50_000 + "}}", "deeply"),
        ("{{ if .a }}", "without"),
        ("{{ .a.b.c }}", "can't evaluate field c"),
        ("{{ range until 10000 }}{{ range until 10000 }}x{{ end }}{{ end }}", "steps"),
        ('{{ repeat 999999999 "x" }}', "1 MB"),
    ],
)
def test_what_templates_cannot_do_is_refused_by_name(template: str, reason: str) -> None:
    with pytest.raises(gotemplates.TemplateError, match=reason):
        gotemplates.render(template, {"a": {"b": "x"}})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1000000.0, "1e+06"),
        (123456789012.0, "1.23456789012e+11"),
        (999999.0, "999999"),
        (1e20, "1e+20"),
        (1.5, "1.5"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (-3.0, "-3"),
        (0.0, "0"),
        (1234567.5, "1.2345675e+06"),
        (float("inf"), "+Inf"),
        (True, "true"),
        (None, "<no value>"),
    ],
)
def test_values_are_written_as_go_prints_them(value: Json, text: str) -> None:
    assert gotemplates.render("{{ .x }}", {"x": value}) == text


@pytest.mark.parametrize("template", ["{{ eq .x 3 }}", "{{ ne .x 3 }}", "{{ gt .x 2 }}", '{{ eq "x" true }}'])
def test_values_of_different_kinds_are_not_compared(template: str) -> None:
    with pytest.raises(gotemplates.TemplateError, match="incompatible types for comparison"):
        gotemplates.render(template, {"x": 3.0})


def test_what_is_missing_is_no_error_until_that_is_asked_for() -> None:
    assert gotemplates.render("{{ .a.b.c }} {{ eq .a 3 }}", {}) == "<no value> false"
    with pytest.raises(gotemplates.TemplateError, match='no entry for key "a"'):
        gotemplates.render("{{ .a.b.c }}", {}, missing_is_error=True)
    with pytest.raises(gotemplates.TemplateError, match=r"nil pointer evaluating interface \{\}\.b"):
        gotemplates.render("{{ .a.b }}", {"a": None})
    assert gotemplates.render("{{ (.a).b }}", {"a": None}) == "<no value>"


def test_whole_numbers_are_whole_in_json_and_yaml() -> None:
    data = {"b": 1000000.0, "a": [1.0, 2.5]}
    assert gotemplates.render("{{ toJson . }}", data) == '{"a":[1,2.5],"b":1000000}'
    assert gotemplates.render("{{ toYaml . }}", data) == "a:\n- 1\n- 2.5\nb: 1000000"


@pytest.mark.parametrize(
    "template",
    [
        '{{ $a := "xxxxxxxxxx" }}' + "{{ $a = print $a $a }}" * 60,
        '{{ $a := list "x" }}' + "{{ $a = list $a $a }}" * 60 + "{{ toJson $a }}",
        '{{ $a := list "x" }}' + "{{ $a = concat $a $a }}" * 60,
        '{{ $a := dict "x" 1 }}' + '{{ $a = dict "a" $a "b" $a }}' * 50 + "{{ $a }}",
        '{{ repeat 900000 "\\n" | indent 1000 }}',
        '{{ join (repeat 900000 "a") (until 10000) }}',
        '{{ replace "" (repeat 900000 "b") (repeat 900000 "a") }}',
        '{{ $a := repeat 900000 "a" }}{{ range until 10000 }}{{ $a }}{{ end }}',
        "{{ untilStep 0 100000000000000000000000000000000 1 }}",
        "{{ round 1.5 400 }}",
    ],
    ids=["text", "list", "concat", "dict", "indent", "join", "replace", "output", "numbers", "round"],
)
def test_what_would_fill_the_memory_is_refused(template: str) -> None:
    with pytest.raises(gotemplates.TemplateError):
        gotemplates.render(template, {})


@pytest.mark.parametrize(
    ("template", "told"),
    [
        # Arguments have types, as in Go: what Sprig's arithmetic gives is no ``int``.
        ("{{ trunc (sub 63 5) .name }}", "wrong type for value; expected int; got int64"),
        ("{{ lower (dict) }}", "wrong type for value; expected string; got map[string]interface {}"),
        ("{{ lower .missing }}", "invalid value; expected string"),
        ('{{ until "a" }}', 'expected integer; found "a"'),
        ("{{ regexMatch .name nil }}", "cannot assign nil to string"),
        ('{{ pluck "a" "b" }}', 'can\'t handle "b" for arg of type map[string]interface {}'),
        ('{{ get (split "." .name) "_0" }}', "expected map[string]interface {}; got map[string]string"),
        ("{{ or .name (nonsense 1) }}", 'function "nonsense" not defined'),
        ("{{ list divf }}", "wrong number of args for divf: want at least 1 got 0"),
        ('{{ dig "a" "b" }}', "dig needs at least three arguments"),
        ("{{ range $at, $item := 3 }}{{ end }}", "can't use 3 to iterate over more than one variable"),
        ('{{ slugify true "x" }}', "interface conversion: interface {} is bool, not int"),
    ],
)
def test_arguments_have_the_types_of_go(template: str, told: str) -> None:
    with pytest.raises(gotemplates.TemplateError) as raised:
        gotemplates.render(template, {"name": "web.1"})
    assert told in raised.value.message


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ trunc (sub 5 2 | int) .name }}", "web"),
        ('{{ index "abc" 0 }} {{ kindOf (add 1 2) }} {{ typeOf (until 2) }}', "97 int64 []int"),
        ("{{ html .missing }}", "&lt;no value&gt;"),
        ('{{ regexFindAll "z" .name -1 | toJson }} {{ toJson (semver "1.2.3-a") }}', 'null "1.2.3-a"'),
        ('{{ toJson (toDate "2006-01-02" "2026-03-10") }}', '"2026-03-10T00:00:00Z"'),
        ('{{ toDate "2006-01-02" "never" }}', "0001-01-01 00:00:00 +0000 UTC"),
        ('{{ kebabcase "HTTP2Server_v1.x" }} {{ snakecase "a=bC" }}', "http2-server-v1.x a_=_b_c"),
        ('{{ camelcase "one--two threeFOUR" }} {{ swapcase "Straße" }}', "One-TwoThreeFOUR sTRAßE"),
        ('{{ default "a" .missing "more" }}{{ .name | }}', "aweb.1"),
        ('{{ keys .missing }}{{ splitList "" .name }}', "[][w e b . 1]"),
        ('{{ printf "%5d|%s" "x" (list nil) }}', "%!d(string=    x)|[<nil>]"),
        ('{{ slugify 5 false "abc-def" }} {{ slugify 6 "abc-def" }}', "abc-d abc"),
    ],
)
def test_functions_give_what_they_give_in_go(template: str, text: str) -> None:
    assert gotemplates.render(template, {"name": "web.1"}) == text
