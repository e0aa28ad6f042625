"""Functions of Sprig: what templates give is what Sprig itself gave for them."""

from __future__ import annotations

import pytest

from nixernetes.languages import gotemplates
from nixernetes.objects.manifest import Json

DATA: Json = {
    "a": 1000000.0,
    "b": 3.0,
    "s": "Hello World",
    "l": ["b", "a", "b", ""],
    "n": [3.0, 1.0, 2.0],
    "m": {"x": "1", "y": {"z": "2"}, "e": ""},
    "url": "https://u:p@host.example:8080/p/a?q=1#f",
    "neg": -7.0,
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ abbrev 5 .s }}", "He..."),
        ('{{ camelcase "hello_world foo-bar" }}', "HelloWorldFooBar"),
        ('{{ camelcase "http_server" }}', "HttpServer"),
        ("{{ cat .s 3 .b }}", "Hello World 3 3"),
        ("{{ initials .s }}", "HW"),
        ('{{ kebabcase "HelloWorldFoo" }}', "hello-world-foo"),
        ('{{ snakecase "HelloWorld" }}', "hello_world"),
        ('{{ snakecase "First Name" }}', "first_name"),
        ('{{ kebabcase "Some text_here" }}', "some-text-here"),
        ("{{ nospace .s }}", "HelloWorld"),
        ('{{ plural "one" "many" 1 }}', "one"),
        ("{{ substr 0 5 .s }}", "Hello"),
        ("{{ substr 3 -1 .s }}", "lo World"),
        ('{{ (splitn "o" 2 .s)._1 }}', " World"),
        ("{{ toStrings .n }}", "[3 1 2]"),
        ("{{ untitle .s }}", "hello world"),
        ('{{ regexMatch "^H.*d$" .s }}', "true"),
        ('{{ regexFind "[a-z]+" .s }}', "ello"),
        ('{{ regexFind "z+" .s }}', ""),
        ('{{ regexFind "W|o+(r|l)*" .s }}', "o"),
        ('{{ regexFindAll "l+|o" .s -1 | join "," }}', "ll,o,o,l"),
        ('{{ regexFindAll "l+|o" .s 2 | join "," }}', "ll,o"),
        ('{{ regexSplit "l+" .s -1 | join "," }}', "He,o Wor,d"),
        ('{{ regexReplaceAll "[^a-z]+" .s "-" }}', "-ello-orld"),
        ('{{ regexReplaceAll "(l)o" .s "${1}X" }}', "HellX World"),
        ('{{ regexReplaceAll "l(.)" .s "$1_" }}', "Heo Wor"),
        ('{{ regexReplaceAllLiteral "l" .s "$1" }}', "He$1$1o Wor$1d"),
        ('{{ append .l "z" }}', "[b a b  z]"),
        ('{{ prepend .l "z" }}', "[z b a b ]"),
        ("{{ chunk 2 .l }}", "[[b a] [b ]]"),
        ("{{ compact .l }}", "[b a b]"),
        ("{{ concat .l .n }}", "[b a b  3 1 2]"),
        ('{{ has "a" .l }}', "true"),
        ("{{ initial .l }}", "[b a b]"),
        ("{{ rest .l }}", "[a b ]"),
        ("{{ reverse .l }}", "[ b a b]"),
        ("{{ slice .l 1 3 }}", "[a b]"),
        ("{{ slice .l 1 }}", "[a b ]"),
        ("{{ sortAlpha .l }}", "[ a b b]"),
        ("{{ uniq .l }}", "[b a ]"),
        ("{{ untilStep 0 10 3 }}", "[0 3 6 9]"),
        ("{{ untilStep 10 0 -4 }}", "[10 6 2]"),
        ('{{ without .l "b" }}', "[a ]"),
        ('{{ dig "y" "z" "d" .m }}', "2"),
        ('{{ dig "y" "q" "d" .m }}', "d"),
        ("{{ keys .m | sortAlpha }}", "[e x y]"),
        ('{{ merge (dict "x" "0") .m | toJson }}', '{"e":"","x":"0","y":{"z":"2"}}'),
        ('{{ mergeOverwrite (dict "x" "0") .m | toJson }}', '{"e":"","x":"1","y":{"z":"2"}}'),
        ('{{ omit .m "x" | toJson }}', '{"e":"","y":{"z":"2"}}'),
        ('{{ pick .m "x" "q" | toJson }}', '{"x":"1"}'),
        ('{{ pluck "x" .m (dict "x" "2") }}', "[1 2]"),
        ("{{ add1 3 }}", "4"),
        ('{{ atoi "12" }}', "12"),
        ('{{ atoi "x" }}', "0"),
        ("{{ ceil 1.2 }}", "2"),
        ("{{ floor 1.8 }}", "1"),
        ("{{ div 7 2 }}", "3"),
        ("{{ div .neg 2 }}", "-3"),
        ("{{ mod .neg 3 }}", "-1"),
        ('{{ float64 "1.5" }}', "1.5"),
        ("{{ int64 .a }}", "1000000"),
        ("{{ max 1 3 2 }}", "3"),
        ("{{ min 1 3 2 }}", "1"),
        ("{{ round 1.2345 2 }}", "1.23"),
        ("{{ round 2.5 0 }}", "3"),
        ("{{ adler32sum .s }}", "403375133"),
        ("{{ b32enc .s }}", "JBSWY3DPEBLW64TMMQ======"),
        ('{{ b32dec "JBSWY3DP" }}', "Hello"),
        ('{{ base "/a/b.txt" }}', "b.txt"),
        ('{{ base "/" }}', "/"),
        ('{{ base "" }}', "."),
        ('{{ clean "/a//b/../c" }}', "/a/c"),
        ('{{ dir "/a/b/c" }}', "/a/b"),
        ('{{ dir "a" }}', "."),
        ('{{ ext "a.tar.gz" }}', ".gz"),
        ('{{ ext ".bashrc" }}', ".bashrc"),
        ('{{ isAbs "/a" }}', "true"),
        ('{{ kindIs "map" .m }}', "true"),
        ("{{ kindOf .l }}", "slice"),
        ("{{ kindOf 3 }}", "int"),
        ("{{ kindOf .b }}", "float64"),
        ('{{ (semver "1.2.3-rc.1+b5").Prerelease }}', "rc.1"),
        ('{{ (semver "1.2.3-rc.1+b5").Metadata }}', "b5"),
        ('{{ (semver "v1.2").Major }}', "1"),
        ('{{ semverCompare ">=1.2" "1.3.0" }}', "true"),
        ('{{ semverCompare "^1.2" "2.0.0" }}', "false"),
        ("{{ sha1sum .s }}", "0a4d55a8d778e5022fab701977c5d840bbc486d0"),
        ("{{ sha256sum .s }}", "a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e"),
        (
            "{{ (urlParse .url).host }} {{ (urlParse .url).hostname }} {{ (urlParse .url).path }}",
            "host.example:8080 host.example /p/a",
        ),
        ("{{ (urlParse .url).query }} {{ (urlParse .url).fragment }} {{ (urlParse .url).userinfo }}", "q=1 f u:p"),
        ('{{ urlquery "a b&c" }}', "a+b%26c"),
        ('{{ all "a" "" }}', "false"),
        ('{{ any "a" "" }}', "true"),
        ('{{ println "a" 1 }}', "a 1\n"),
        ('{{ trimall "Hd" .s }}', "ello Worl"),
        ('{{ title "hello big world" }}', "Hello Big World"),
        ("{{ trunc -3 .s }}", "rld"),
        ("{{ last .l }}|{{ first .n }}", "|3"),
        ("{{ add 1 2 3 }} {{ sub 5 3 }} {{ mul 2 3 }}", "6 2 6"),
        ('{{ default "x" "" }} {{ coalesce "" "b" }} {{ ternary "a" "b" true }}', "x b a"),
        ('{{ join "," .n }} {{ .l | join "-" }}', "3,1,2 b-a-b-"),
        ('{{ quote .b "x" }} {{ squote 1 }}', '"3" "x" \'1\''),
        ('{{ indent 2 "a\\nb" }}', "  a\n  b"),
        ('{{ len .s }} {{ index .m "x" }} {{ hasKey .m "q" }} {{ get .m "q" }}', "11 1 false "),
        ('{{ printf "%s-%v-%q-%5d|%-5s|%05.2f" .s .b "q" 3 "ab" 1.5 }}', 'Hello World-3-"q"-    3|ab   |01.50'),
        ('{{ until 3 }} {{ repeat 3 "ab" }} {{ replace "l" "L" .s }}', "[0 1 2] ababab HeLLo WorLd"),
        ("{{ toJson .m }}", '{"e":"","x":"1","y":{"z":"2"}}'),
        ("{{ empty .m }} {{ empty 0 }} {{ not true }}", "false true false"),
        (
            '{{ trimPrefix "He" .s }} {{ trimSuffix "ld" .s }} {{ contains "World" .s }} {{ hasSuffix "d" .s }}',
            "llo World Hello Wor true true",
        ),
        ('{{ split "o" .s }} {{ splitList "o" .s }}', "map[_0:Hell _1: W _2:rld] [Hell  W rld]"),
        ('{{ b64enc .s }} {{ b64dec "SGVsbG8=" }}', "SGVsbG8gV29ybGQ= Hello"),
        (
            '{{ list 1 "a" true }} {{ dict "a" 1 }} {{ toString .b }} {{ int "7" }} {{ int 3.9 }}',
            "[1 a true] map[a:1] 3 7 3",
        ),
        ('{{ upper .s }} {{ lower .s }} {{ trim "  x " }} {{ values .m | len }}', "HELLO WORLD hello world x 3"),
        ('{{ snakecase "HTTPServerX" }} {{ kebabcase "a1B2" }} {{ snakecase "a, b" }}', "http_server_x a1-b2 a,_b"),
        ('{{ upper "straße" }} {{ title "über_x y-z" }} {{ swapcase "aB" }}', "STRAßE Über_x Y-Z Ab"),
        ('{{ wrap 10 "the quick brown fox" }}', "the quick\nbrown fox"),
        ('{{ wrapWith 4 "-" "abcdefghij" }}', "abcd-efgh-ij"),
        ('{{ abbrevboth 5 10 "1234 5678 9123" }} {{ abbrevboth 2 10 "1234 5678 9123" }}', "...5678... 1234 56..."),
        ('{{ trunc 2 "é" }} {{ len "é" }} {{ substr 0 1 "é" }}', "é 2 \ufffd"),
        ('{{ toStrings "a" }} {{ sortAlpha "x" }} {{ join "-" (list 1 nil "a") }}', "[a] [x] 1-a"),
        ('{{ regexQuoteMeta "a.b(c)" }} {{ regexMatch "(" "a" }}', "a\\.b\\(c\\) false"),
        ('{{ $d := dict "a" 1 "b" }}{{ $_ := set $d "c" 2 }}{{ $_ := unset $d "a" }}{{ $d }}', "map[b: c:2]"),
        ("{{ has 2.0 (list 1 2) }} {{ uniq (list 1 1.0 1 (list) (list)) }}", "false [1 1 []]"),
        ('{{ mergeOverwrite (dict "a" "x") (dict "a" "") }} {{ deepEqual (list 1) (list 1) }}', "map[a:] true"),
        ("{{ addf 0.1 0.2 }} {{ divf 1 3 }} {{ subf 5 1.5 1 }} {{ mulf 1.5 2 2 }}", "0.3 0.3333333333333333 2.5 6"),
        ("{{ seq 5 }}|{{ seq 5 -2 1 }}|{{ seq 3 1 }}|{{ seq }}", "1 2 3 4 5|5 3 1|3 2 1|"),
        ("{{ round -2.5 0 }} {{ mul 99999999999 99999999999 }} {{ until -3 }}", "-3 1864711849423024129 [0 -1 -2]"),
        ('{{ int "0x1F" }} {{ int "12.0" }} {{ int " 7" }} {{ toDecimal "0777" }}', "31 12 0 511"),
        ("{{ typeOf .b }} {{ typeOf nil }} {{ typeOf .l }} {{ kindOf nil }}", "float64 <nil> []interface {} invalid"),
        ('{{ typeIs "string" .s }} {{ typeIsLike "int" 3 }}', "true true"),
        (
            '{{ toJson "<\\u2028>" }} {{ toRawJson "<" }} {{ toJson 0.000001 }} {{ toJson 1e21 }}',
            '"\\u003c\\u2028\\u003e" "<" 0.000001 1e+21',
        ),
        ('{{ toPrettyJson (dict "a" (list 1) "b" (dict)) }}', '{\n  "a": [\n    1\n  ],\n  "b": {}\n}'),
        ('{{ fromJson "[1, 2.5, null]" }} {{ fromJson "{" | kindOf }}', "[1 2.5 <nil>] invalid"),
        (
            '{{ fromYaml "" }} {{ fromYamlArray "[1]" }} {{ b64dec "aGVsbG8" }}',
            "map[] [1] illegal base64 data at input byte 4",
        ),
        ('{{ html "<a>" }} {{ js "it\'s" }}', "&lt;a&gt; it\\'s"),
        (
            '{{ urlJoin (urlParse .url) }} {{ osBase "/a/b" }} {{ mustFirst .l }}',
            "https://u:p@host.example:8080/p/a?q=1#f b b",
        ),
        ('{{ semver "v1.2-rc.1+b" }} {{ print "a" 1 2 "b" }} {{ print nil }}', "1.2.0-rc.1+b a1 2b <nil>"),
        ('{{ toDate "2006-01-02" "2026-03-10" | dateModify "-36h" | date "Jan _2 Mon 3:04PM" }}', "Mar  8 Sun 12:00PM"),
        (
            '{{ (toDate "2006-01-02" "2026-03-10").Year }} {{ unixEpoch (toDate "2006" "1970") }} {{ htmlDate 0 }}',
            "2026 0 1970-01-01",
        ),
        ('{{ duration "3661" }} {{ durationRound "26h" }} {{ durationRound "90s" }}', "1h1m1s 1d 1m"),
    ],
)
def test_functions_give_what_sprig_gives(template: str, text: str) -> None:
    assert gotemplates.render(template, DATA) == text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{{ fail "no such tier" }}', "no such tier"),
        ("{{ div 1 0 }}", "divide by zero"),
        ("{{ slice .l 3 9 }}", "out of range"),
        ("{{ first (append .s 1) }}", "not a list"),
        ('{{ semver "x" }}', "Invalid Semantic Version"),
        ("{{ untilStep 0 100000000 1 }}", "numbers"),
        ('{{ regexReplaceAll "(?=a)" .s "" }}', "error parsing regexp"),
        ('{{ regexFind "[" .s }}', "error parsing regexp"),
        ('{{ regexFind "a" (repeat 5000 "b") }}', "too long to be searched"),
        ("{{ first .s }}", "not a list"),
        ("{{ slice .s 1 }}", "not a list"),
        ('{{ ternary 1 2 "x" }}', "expected bool"),
        ('{{ dig "a" "b" "d" (dict "a" 1) }}', "is not a map"),
        ("{{ eq .l .l }}", "non-comparable"),
        ('{{ fromYaml "[a]" }}', "not a map"),
        ('{{ urlParse "://bad" }}', "no scheme"),
        ('{{ urlParse "http://[bad" }}', "unable to parse url"),
        ('{{ date "2006" "x" }}', "no clock here"),
        ('{{ dateInZone "2006" 0 "Europe/Berlin" }}', "use UTC"),
        ('{{ mustToDate "2006-01-02" "x" }}', "cannot parse"),
        ('{{ mustToDate "20062006" "20262026" }}', "cannot parse"),
        ('{{ mustRegexMatch "(" "a" }}', "error parsing regexp"),
        ('{{ mustFromJson "{" }}', "error calling mustFromJson"),
        ("{{ unixEpoch 60 }}", "can't handle 60 for arg of type time.Time"),
        ("{{ now }}", "'now' is not supported"),
        ("{{ uuidv4 }}", "'uuidv4' is not supported"),
        ('{{ genPrivateKey "rsa" }}', "'genPrivateKey' is not supported"),
    ],
)
def test_what_fails_or_is_left_out_is_told(template: str, message: str) -> None:
    with pytest.raises(gotemplates.TemplateError, match=message):
        gotemplates.render(template, DATA)


def test_a_slow_expression_is_matched_in_linear_time() -> None:
    assert gotemplates.render('{{ regexMatch "^(a+)+$" (repeat 3000 "a" | printf "%sb") }}', {}) == "false"


def test_what_a_template_sets_stays_in_it() -> None:
    data: Json = {"m": {"a": 1}}
    assert gotemplates.render('{{ $_ := set .m "a" 2 }}{{ .m }}', data) == "map[a:2]"
    assert data == {"m": {"a": 1}}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{ printf "%5t|%q|%v|%T" true 65 nil 1.5 }}', " true|'A'|<nil>|float64"),
        ('{{ printf "%[2]s %[1]s %*d" "a" "b" }}', "b a %!(BADWIDTH)%!d(MISSING)"),
        ('{{ printf "%+d % d %x %#x %o %b %c %U %08.3f %e %g" 1 2 255 255 8 5 65 65 3.14159 2.5 0.1 }}', None),
        ('{{ printf "%d|%s|%!|%" "x" 1 }}', "%!d(string=x)|%!s(int=1)|%!!(MISSING)|%!(NOVERB)"),
        ('{{ printf "%s %x %.2s" (list 1 "a") "hi" "abc" "more" }}', "[%!s(int=1) a] 6869 ab%!(EXTRA string=more)"),
        ('{{ printf "%-5d|%5s|%05d|%t" 7 "ab" -42 }}', "7    |   ab|-0042|%!t(MISSING)"),
    ],
)
def test_printf_prints_as_go_prints(template: str, text: str | None) -> None:
    wanted = "+1  2 ff 0xff 10 101 A U+0041 0003.142 2.500000e+00 0.1" if text is None else text
    assert gotemplates.render(template, {}) == wanted


@pytest.mark.parametrize(
    "template",
    [
        '{{ printf "%1000000d" 1 }}',
        '{{ printf (repeat 2000 "%[1]999d") 1 }}',
        '{{ printf "%999s" (until 10000) }}',
        '{{ wrapWith 1 (repeat 1000 "x") (repeat 10000 "a") }}',
        "{{ $a := until 10000 }}" + "{{ $a = list $a }}" * 90 + "{{ toPrettyJson $a }}",
        '{{ $d := dict }}{{ set $d "d" $d }}',
        '{{ mustToDate (repeat 9000 "-") "x" }}',
    ],
)
def test_what_would_grow_without_end_is_refused(template: str) -> None:
    with pytest.raises(gotemplates.TemplateError):
        gotemplates.render(template, {})


def test_lists_without_end_are_searched_in_bounded_time() -> None:
    assert gotemplates.render("{{ until 10000 | uniq | len }}", {}) == "10000"
