"""The libraries, by what they give; their own sources say what is right (cel-go ``ext``, k8s.io/apiserver)."""

import pytest

from nixernetes.languages.cel import CompileError, Environment, EvaluationError, Library
from nixernetes.languages.cel.functions import Structure, function
from nixernetes.languages.cel.hosts.flux import flux
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.lists import FIRST_AND_LAST
from nixernetes.languages.cel.libraries.math import MATH
from nixernetes.languages.cel.libraries.regexes import REGEX
from nixernetes.languages.cel.libraries.standard import STANDARD
from nixernetes.languages.cel.types import DYN, STRING
from nixernetes.languages.cel.values import Value

ENV = kubernetes().adding(ENCODERS, MATH, REGEX, FIRST_AND_LAST).declaring({"x": DYN})


def value(text: str) -> Value:
    return ENV.compile(text).evaluate({"x": {"labels": {"a": "1", "b": "2"}, "none": None}})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("'caf\u00e9'.charAt(3)", "\u00e9"),
        ("'caf\u00e9'.indexOf('\u00e9')", 3),
        ("'abcabc'.lastIndexOf('b', 3)", 1),
        ("'\u0130A'.lowerAscii()", "\u0130a"),
        ("'aaa'.replace('a', 'b', 2)", "bba"),
        ("'aa'.replace('', '-')", "-a-a-"),
        ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
        ("'abc'.split('', 2)", ["a", "bc"]),
        ("'a'.split(',', 0)", []),
        ("' \\u2003x\\t'.trim()", "x"),
        ("strings.quote('a\\\"\\n')", '"a\\"\\n"'),
        ("'%s is %d, %.2f, %x, %b'.format(['a', 7, 1234.5, 255, true])", "a is 7, 1,234.50, ff, 1"),
        ("'%s'.format([{'b': 'x', 'a': [1, null]}])", '{"a":[1, null], "b":"x"}'),
        ("'%e'.format([12345.678])", "1.234568\u00d710\u2070\u2074"),
        ("string(1e21) + string(0.00001) + string(100000.0)", "1e+211e-05100000"),
    ],
)
def test_strings(text: str, wanted: Value) -> None:
    assert value(text) == wanted


def test_flux_has_the_later_formats() -> None:
    program = flux().compile("'%s %.1e'.format([{'b': 'x', 'a': 1.5}, 12345.678]) + 'ab'.reverse()")
    assert program.evaluate({}) == "{a: 1.5, b: x} 1.2e+04ba"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[3, 1, 2].sort()", [1, 2, 3]),
        ("['bb', 'a'].sortBy(s, size(s))", ["a", "bb"]),
        ("[1, 1, 2].distinct()", [1, 2]),
        ("[[1], [2, 3]].flatten()", [1, 2, 3]),
        ("[1, 2, 3].slice(1, 3)", [2, 3]),
        ("[1, 2, 3].first().value() + [1, 2, 3].last().value()", 4),
        ("lists.range(3).reverse()", [2, 1, 0]),
        ("[1, 5, 2].max() - [1, 5, 2].min() + [1, 5, 2].sum()", 12),
        ("['a', 'b', 'a'].lastIndexOf('a')", 2),
        ("[1, 2, 2].isSorted()", True),
        ("sets.equivalent([1, 2], [2, 1, 1]) && sets.contains([1, 2], []) && !sets.intersects([1], [2])", True),
        ("x.labels.transformList(k, v, k + v)", ["a1", "b2"]),
        ("x.labels.transformMapEntry(k, v, {v: k})", {"1": "a", "2": "b"}),
        ("math.greatest(1, 2.5)", 2.5),
        ("math.round(-1.5) + math.trunc(1.9)", -1.0),
        ("math.bitShiftRight(-1, 63)", 1),
        ("base64.encode(base64.decode('aGk'))", "aGk="),
        ("regex.replace('a-b', '(a)-(b)', '\\\\2\\\\1')", "ba"),
        ("regex.extractAll('a1b22', '[a-z]([0-9]+)')", ["1", "22"]),
        ("'a1b22'.findAll('[0-9]+', 1)", ["1"]),
    ],
)
def test_collections_numbers_and_expressions(text: str, wanted: Value) -> None:
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("string(ip('2001:DB8::1'))", "2001:db8::1"),
        ("ip('224.0.0.9').isLinkLocalMulticast() && !ip('10.0.0.1').isLoopback()", True),
        ("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.0.0.0/8').containsIP('11.0.0.1')", True),
        ("string(cidr('10.1.2.3/8').masked())", "10.0.0.0/8"),
        ("url('https://user@[::1]:8080/a%20b?x=1&x=2').getHost()", "[::1]:8080"),
        ("url('https://a/b c?x=1&x=2').getEscapedPath()", "/b%20c"),
        ("url('https://a/b?x=1&x=2').getQuery()", {"x": ["1", "2"]}),
        ("quantity('1Gi') == quantity('1024Mi') && quantity('0.1').add(quantity('0.2')) == quantity('300m')", True),
        ("quantity('1500m').isInteger()", False),
        ("quantity('2k').asInteger()", 2000),
        ("quantity('1Gi').sub(quantity('1Mi')).compareTo(quantity('1023Mi'))", 0),
        ("semver('1.2.3-rc.1').isLessThan(semver('1.2.3')) && semver('v01.2', true).minor() == 2", True),
        ("format.named('nothing').hasValue()", False),
        ("format.dns1123Label().validate('fine').hasValue()", False),
        ("format.uuid().validate('x').value()", ["does not match the UUID format"]),
        ("format.qualifiedName().validate('/x').value()", ["prefix part must be non-empty"]),
    ],
)
def test_kubernetes(text: str, wanted: Value) -> None:
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'a'.charAt(2)", "index out of range: 2"),
        ("'abc'.substring(2, 1)", "invalid substring range. start: 2, end: 1"),
        ("[1].slice(0, 2)", "cannot slice(0, 2), list is length 1"),
        ("base64.decode('!!')", "illegal base64 data at input byte 0"),
        ("[1].filter(n, n > 5).max()", "max called on empty list"),
        (
            "quantity('ten')",
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
        ("ip('::ffff:1.2.3.4')", 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'),
        ("semver('1.02.3')", 'Minor number must not contain leading zeroes "02"'),
        ("url('a b')", 'URL parse error during conversion from string: parse "a b": invalid URI for request'),
        ("regex.extract('a', '(a)(b)')", 'regular expression has more than one capturing group: "(a)(b)"'),
        ("'a'.find('(' + 'a')", "Illegal regex: error parsing regexp: missing closing ): `(a`"),
        ("{'a': 1, 'b': 2}.transformMapEntry(k, v, {'same': v})", "insert failed: key same already exists"),
        ("math.bitShiftLeft(1, -2)", "math.bitShiftLeft() negative offset: -2"),
    ],
)
def test_errors_have_the_words_of_the_originals(text: str, message: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text)
    assert caught.value.message == message


def test_a_host_adds_functions_and_messages_of_its_own() -> None:
    patch = Structure(name="JSONPatch", fields={"op": STRING, "value": DYN}, make=dict)
    double = function("twice", "string.() -> string", lambda text: text * 2)
    env = Environment(libraries=(STANDARD, Library(name="own", functions=(double,), structures=(patch,))))
    assert env.compile("JSONPatch{op: 'a'.twice(), value: [1]}").evaluate({}) == {"op": "aa", "value": [1]}
    with pytest.raises(CompileError, match="undefined field 'nope'"):
        env.compile("JSONPatch{nope: 1}")
    with pytest.raises(CompileError, match="expected type of field 'op' is 'string' but provided type is 'int'"):
        env.compile("JSONPatch{op: 1}")
    with pytest.raises(CompileError, match="undeclared reference to 'Other'"):
        env.compile("Other{}")
