"""CEL's standard library (cel-go ``common/stdlib/standard.go``) and optional values (``cel/library.go``)."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError, no_such_overload
from nixernetes.languages.cel.evaluation.arithmetic import OPERATORS
from nixernetes.languages.cel.functions import Constant, Function, Library, function, type_constant
from nixernetes.languages.cel.libraries.conversions import CONVERSIONS
from nixernetes.languages.cel.libraries.dates import DATES
from nixernetes.languages.cel.patterns import compiled
from nixernetes.languages.cel.syntax.macros import BINDINGS, OPTIONAL_MACROS, STANDARD_MACROS, TWO_VARIABLES
from nixernetes.languages.cel.times import Duration, Timestamp
from nixernetes.languages.cel.values import NONE, OptionalValue, Value, type_name

__all__ = ["BINDING", "OPTIONAL", "OPTIONAL_UNWRAP", "STANDARD", "TWO_VARIABLE_MACROS"]

_ORDERED = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration")
_NUMERIC = ("int", "uint", "double")
_ARITHMETIC = {
    "_+_": (
        "(bytes, bytes) -> bytes",
        "(double, double) -> double",
        "(duration, duration) -> duration",
        "(duration, timestamp) -> timestamp",
        "(timestamp, duration) -> timestamp",
        "(int, int) -> int",
        "(list(A), list(A)) -> list(A)",
        "(string, string) -> string",
        "(uint, uint) -> uint",
    ),
    "_-_": (
        "(double, double) -> double",
        "(duration, duration) -> duration",
        "(int, int) -> int",
        "(timestamp, duration) -> timestamp",
        "(timestamp, timestamp) -> duration",
        "(uint, uint) -> uint",
    ),
    "_*_": ("(double, double) -> double", "(int, int) -> int", "(uint, uint) -> uint"),
    "_/_": ("(double, double) -> double", "(int, int) -> int", "(uint, uint) -> uint"),
    "_%_": ("(int, int) -> int", "(uint, uint) -> uint"),
}
_TYPES = ("bool", "bytes", "double", "duration", "dyn", "int", "null_type", "string", "timestamp", "uint")


def _compiled(*_: Value) -> Value:
    """Stand for operators in the tables of the checker: the compiler makes steps of them, so this is not called."""
    raise no_such_overload()


def _operators() -> list[Function]:
    found = [
        function(name, signature, OPERATORS[name], metered=True)
        for name, signatures in _ARITHMETIC.items()
        for signature in signatures
    ]
    pairs = [(kind, kind) for kind in _ORDERED]
    pairs += [(one, other) for one in _NUMERIC for other in _NUMERIC if one != other]
    for name in ("_<_", "_<=_", "_>_", "_>=_"):
        found += [function(name, f"({one}, {other}) -> bool", _compiled) for one, other in pairs]
    return found


_COMPILED = (
    ("_?_:_", "(bool, A, A) -> A"),
    ("_==_", "(A, A) -> bool"),
    ("_!=_", "(A, A) -> bool"),
    ("!_", "(bool) -> bool"),
    ("-_", "(double) -> double"),
    ("-_", "(int) -> int"),
    ("-_", "(duration) -> duration"),
    ("@in", "(A, list(A)) -> bool"),
    ("@in", "(A, map(A, B)) -> bool"),
    ("_[_]", "(list(A), int) -> A"),
    ("_[_]", "(map(A, B), A) -> B"),
)


def _size(value: Value) -> int:
    return len(value)


def _contains(text: str, part: str) -> bool:
    return part in text


def _matches(meter: Meter, text: str, expression: str) -> bool:
    return compiled(meter, expression).search(text) is not None


_STRINGS = (
    function("contains", "string.(string) -> bool", _contains),
    function("endsWith", "string.(string) -> bool", str.endswith),
    function("startsWith", "string.(string) -> bool", str.startswith),
    function("matches", "(string, string) -> bool", _matches, metered=True),
    function("matches", "string.(string) -> bool", _matches, metered=True),
    *(function("size", f"({kind}) -> int", _size) for kind in ("bytes", "list(A)", "map(A, B)", "string")),
    *(function("size", f"{kind}.() -> int", _size) for kind in ("bytes", "list(A)", "map(A, B)", "string")),
)


def _type_names() -> dict[str, Constant]:
    found = {name: type_constant(name) for name in _TYPES if name not in {"duration", "timestamp"}}
    found["list"] = type_constant("list(dyn)")
    found["map"] = type_constant("map(dyn, dyn)")
    found["type"] = type_constant("type")
    found["google.protobuf.Duration"] = type_constant("duration")
    found["google.protobuf.Timestamp"] = type_constant("timestamp")
    return found


STANDARD = Library(
    name="standard",
    functions=(
        *_operators(),
        *(function(name, signature, _compiled) for name, signature in _COMPILED),
        *_STRINGS,
        *CONVERSIONS,
        *DATES,
    ),
    macros=STANDARD_MACROS,
    constants=_type_names(),
)


def _value(optional: OptionalValue) -> Value:
    if not optional.present:
        raise EvaluationError("optional.none() dereference")
    return optional.value


def _of_non_zero(value: Value) -> OptionalValue:
    if isinstance(value, (Duration, Timestamp)):
        return OptionalValue(value) if value.nanoseconds else NONE
    plain = value is None or isinstance(value, (bool, int, float, str, bytes, list, tuple, dict))
    return NONE if plain and not value else OptionalValue(value)


def _unwrapped(values: Sequence[Value]) -> list[Value]:
    for each in values:
        if not isinstance(each, OptionalValue):
            raise EvaluationError(f"value of type {type_name(each)} is not optional")
    return [each.value for each in values if each.present]


OPTIONAL = Library(
    name="optional",
    functions=(
        function("optional.of", "(A) -> optional_type(A)", OptionalValue),
        function("optional.ofNonZeroValue", "(A) -> optional_type(A)", _of_non_zero),
        function("optional.none", "() -> optional_type(A)", lambda: NONE),
        function("value", "optional_type(A).() -> A", _value),
        function("hasValue", "optional_type(A).() -> bool", lambda value: value.present),
        function("or", "optional_type(A).(optional_type(A)) -> optional_type(A)", _compiled),
        function("orValue", "optional_type(A).(A) -> A", _compiled),
        function("_?._", "(dyn, string) -> optional_type(dyn)", _compiled),
        function("_[?_]", "(list(A), int) -> optional_type(A)", _compiled),
        function("_[?_]", "(optional_type(list(A)), int) -> optional_type(A)", _compiled),
        function("_[?_]", "(map(A, B), A) -> optional_type(B)", _compiled),
        function("_[?_]", "(optional_type(map(A, B)), A) -> optional_type(B)", _compiled),
        function("_[_]", "(optional_type(list(A)), int) -> optional_type(A)", _compiled),
        function("_[_]", "(optional_type(map(A, B)), A) -> optional_type(B)", _compiled),
    ),
    macros=OPTIONAL_MACROS,
    constants={"optional_type": type_constant("optional_type(dyn)")},
)

OPTIONAL_UNWRAP = Library(
    name="optional unwrap",
    functions=(
        function("optional.unwrap", "(list(optional_type(A))) -> list(A)", _unwrapped),
        function("unwrapOpt", "list(optional_type(A)).() -> list(A)", _unwrapped),
    ),
)

BINDING = Library(name="bindings", macros=BINDINGS)
TWO_VARIABLE_MACROS = Library(name="two-variable comprehensions", macros=TWO_VARIABLES)
