"""The language: values, errors with their places, absorption, laziness, and names."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from nixernetes.languages.cel import CompileError, Environment, EvaluationError, LazyMap
from nixernetes.languages.cel.hosts.flux import flux
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.libraries.standard import BINDING, OPTIONAL, STANDARD, TWO_VARIABLE_MACROS
from nixernetes.languages.cel.types import BOOL, DYN, INT, list_of
from nixernetes.languages.cel.values import UInt, Value

ENV = Environment(
    libraries=(STANDARD, OPTIONAL, BINDING, TWO_VARIABLE_MACROS),
    variables={"x": DYN, "numbers": list_of(INT), "a.b": INT},
)


def value(text: str, **variables: Value) -> Value:
    return ENV.compile(text).evaluate(variables)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("1 < 1.5 && 2u > 1", True),
        ("'\\u00e9t\\u00e9'.size()", 3),
        ("[1, 2] + [3]", [1, 2, 3]),
        ("{'a': 1}.a", 1),
        ("{1: 'x'}[dyn(1u)]", "x"),
        ("{true: 'yes', 1: 'one'}[true]", "yes"),
        ("{true: 'yes', 1: 'one'}[1]", "one"),
        ("dyn(true) == dyn(1)", False),
        ("[1, 2, 3].exists_one(n, n > 2)", True),
        ("[1, 2, 3].transformMap(i, n, n > 1, n * 10)", {1: 20, 2: 30}),
        ("cel.bind(n, 4, n * n)", 16),
        ("string(timestamp('2024-02-29T12:00:00Z') + duration('24h'))", "2024-03-01T12:00:00Z"),
        ("timestamp('2024-01-01T23:30:00Z').getDate('Europe/Paris')", 2),
        ("timestamp('2024-01-01T23:30:00Z').getHours('-01:30')", 22),
        ("type(1) == int && type(null) == null_type", True),
    ],
)
def test_values(text: str, wanted: Value) -> None:
    found = value(text)
    assert found == wanted
    assert type(found) is type(wanted)


def test_unsigned_numbers_stay_unsigned() -> None:
    assert isinstance(value("1u + 2u"), UInt)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9223372036854775807 + 1", "integer overflow"),
        ("0u - 1u", "unsigned integer overflow"),
        ("-9223372036854775808 / -1", "integer overflow"),
        ("1 / 0", "division by zero"),
        ("1 % 0", "modulus by zero"),
        ("x.missing", "no such key: missing"),
        ("x['missing']", "no such key: missing"),
        ("[1][5]", "index out of bounds: 5"),
        ("dyn(1) + dyn(1.0)", "no such overload"),
        ("dyn(1).startsWith('a')", "no such overload: startsWith(int, string)"),
        ("optional.none().value()", "optional.none() dereference"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "timestamp overflow: out of range"),
        ("timestamp(0).getHours('Nowhere/Land')", "unknown time zone Nowhere/Land"),
    ],
)
def test_errors_of_evaluation_have_the_words_of_cel_go(text: str, message: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text, x={})
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y", "ERROR: <input>:1:1: undeclared reference to 'y' (in container '')\n | y\n | ^"),
        (
            "1 + 'a'",
            "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + 'a'\n | ..^",
        ),
        ("true &&\n 1", "ERROR: <input>:2:2: expected type 'bool' but found 'int'\n |  1\n | .^"),
        (
            "'\u00e9' + y",
            "ERROR: <input>:1:7: undeclared reference to 'y' (in container '')\n | '\u00e9' + y\n | .\uff0e....^",
        ),
        (
            "numbers.a",
            "ERROR: <input>:1:8: type 'list(int)' does not support field selection\n | numbers.a\n | .......^",
        ),
        ("1.map(n, n)", None),
        (
            "[1].map(1, 2)",
            "ERROR: <input>:1:9: argument is not an identifier\n | [1].map(1, 2)\n | ........^",
        ),
        ("var", "ERROR: <input>:1:1: reserved identifier: var\n | var\n | ^"),
        ("99999999999999999999", "ERROR: <input>:1:1: invalid int literal\n | 99999999999999999999\n | ^"),
    ],
)
def test_errors_of_compilation_show_the_place(text: str, message: str | None) -> None:
    with pytest.raises(CompileError) as caught:
        ENV.compile(text)
    assert message is None or caught.value.message == message


def test_all_issues_are_shown_by_their_places() -> None:
    with pytest.raises(CompileError) as caught:
        ENV.compile("y + z")
    assert [line.split(":")[3] for line in caught.value.message.splitlines() if line.startswith("ERROR")] == ["1", "5"]


def test_the_side_that_decides_absorbs_errors_of_the_other() -> None:
    assert value("1 / 0 > 0 || true") is True
    assert value("false && 1 / 0 > 0") is False
    assert value("[0, 1].exists(n, 1 / n > 0)") is True
    assert value("[0, 5].all(n, 10 / n > 5)") is False
    with pytest.raises(EvaluationError, match="division by zero"):
        value("1 / 0 > 0 && true")


def test_null_has_no_fields() -> None:
    with pytest.raises(EvaluationError, match="no such key: y"):
        value("x.y", x=None)
    assert value("has(x.y)", x=None) is False
    assert value("x.?y.orValue('none')", x=None) == "none"


class Asked(Mapping[str, Value]):
    """Variables that note who was asked for."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values_by_name = values
        self.names: list[str] = []

    def __getitem__(self, name: str) -> Value:
        self.names.append(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


def test_a_variable_is_asked_for_once_and_only_when_it_is_read() -> None:
    env = ENV.declaring({"y": DYN})
    program = env.compile("x > 0 || y > 0 || x > 1")
    asked = Asked({"x": 1, "y": 1})
    assert program.evaluate(asked) is True
    assert asked.names == ["x"]
    asked = Asked({"x": 0, "y": 0})
    assert program.evaluate(asked) is False
    assert asked.names == ["x", "y"]
    assert program.reads == {"x", "y"}


def test_maps_that_are_not_dicts_are_asked_for_what_is_read() -> None:
    asked = Asked({"a": 1})
    assert value("x.a + x.a", x=asked) == 2
    assert set(asked.names) == {"a"}


def test_values_of_a_lazy_map_are_computed_once_and_only_when_they_are_read() -> None:
    asked: list[str] = []

    def provide(name: str, text: str) -> Callable[[], Value]:
        def compute() -> Value:
            asked.append(name)
            return value(text)

        return compute

    variables = LazyMap({"one": provide("one", "1"), "bad": provide("bad", "1 / 0"), "unread": provide("unread", "2")})
    assert value("has(x.unread) && 'bad' in x && !has(x.none)", x=variables) is True
    assert asked == []
    assert value("x.one + x.one", x=variables) == 2
    assert value("x.bad > 0 || x.bad < 0 || true", x=variables) is True
    assert asked == ["one", "bad"]
    with pytest.raises(EvaluationError, match="no such key: none"):
        value("x.none", x=variables)


def test_a_variable_of_a_loop_hides_others() -> None:
    assert value("[{'b': 5}].map(a, a.b)", **{"a.b": 7}) == [5]
    assert value("a.b", **{"a.b": 7}) == 7


def test_without_a_check_names_are_variables_and_objects_come_before_types() -> None:
    program = flux().parse("type == 'Opaque' && status.ok")
    assert program.evaluate({"type": "Opaque", "status": {"ok": True}}) is True
    with pytest.raises(EvaluationError, match="no such attribute"):
        flux().parse("nothing == 1").evaluate({})


def test_the_result_must_have_the_type_that_is_asked_for() -> None:
    assert ENV.compile("x", result=BOOL).evaluate({"x": 1}) == 1  # of unknown type: whoever asks must look
    with pytest.raises(CompileError, match="must evaluate to bool, not int"):
        ENV.compile("1 + 1", result=BOOL)


@pytest.mark.parametrize(
    "text",
    ["[1, 'a']", "{'a': 1, 'b': 'x'}", "duration('soon')", "'a'.matches('(')", "int('x')", "'%d'.format(['x'])"],
)
def test_kubernetes_refuses_literals_that_can_never_be_right(text: str) -> None:
    with pytest.raises(CompileError):
        kubernetes().compile(text)


def test_programs_are_kept_but_not_without_end() -> None:
    env = ENV.declaring({})
    first = env.compile("1 + 1")
    assert env.compile("1 + 1") is first
    assert env.parse("1 + 1") is not first
    for number in range(3):
        env.compile(f"'{'a' * 90_000}' + '{number}'")
    assert env.compile("1 + 1") is not first
