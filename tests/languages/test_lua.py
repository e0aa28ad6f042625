"""Scripts get an object and give data; none reaches out, and none outlives its limits."""

from __future__ import annotations

import pytest

from nixernetes.errors import InputError
from nixernetes.languages import lua
from nixernetes.objects.manifest import Json


def run(source: str, obj: Json = None) -> Json:
    return lua.run(source, {} if obj is None else obj, name="test")


@pytest.mark.parametrize(
    "value",
    [
        {"text": "é\U0001f600", "none": {}, "list": ["a", {"b": True}, 1.5], "number": -3},
        {"deep": {"deep": [[["x"]]]}},
    ],
)
def test_data_goes_in_and_comes_out(value: Json) -> None:
    assert run("return obj", value) == value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("return {b = 2, a = 1, [1.5] = 3}", {"1.5": 3, "a": 1, "b": 2}),
        ("return {'a', 'b'}", ["a", "b"]),
        ("return {[1] = 'a', [3] = 'c'}", {"1": "a", "3": "c"}),
        ("return {}", {}),
        ("local n = 0 for _, v in ipairs(obj.list) do n = n + v end return {sum = n}", {"sum": 6}),
        ("if obj.null == nil then return {absent = true} end", {"absent": True}),
        ("return {n = 2^53, i = 7 // 2}", {"n": 2.0**53, "i": 3}),
        ("return {cut = 'a\\xc3'}", {"cut": "a\ufffd"}),
        ("return {big = obj.big > 1}", {"big": True}),
        ("return {half = obj.half}", {"half": "?"}),
    ],
)
def test_a_script_sees_its_object_and_returns_a_table(source: str, expected: Json) -> None:
    assert run(source, {"list": [1, 2, 3], "null": None, "big": 10**30, "half": "\ud800"}) == expected


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("return 1", "the script returned no table"),
        ("this is not lua", r'\[string "test"\]:1: syntax error'),
        ("error('no luck', 0)", "^no luck$"),
        ("error({})", "the script failed with a table"),
        ("return {f = function() end}", "the script returned a function"),
        ("return obj.missing.field", r'\[string "test"\]:1: attempt to index a nil value'),
        ("local t = {} t.t = t return t", "nested deeper than 200 levels"),
        ("local t = {} for i = 1, 30 do t = {t, t} end return t", "more than 10,000 values"),
        ("\ud800", "syntax error|unexpected symbol"),
    ],
)
def test_a_script_that_fails_is_told(source: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        run(source)


@pytest.mark.parametrize(
    "name",
    [
        *("string", "io", "os", "debug", "package", "require", "load", "dofile", "pcall", "coroutine", "python", "_G"),
        *("setmetatable", "getmetatable", "rawset", "collectgarbage", "print"),
    ],
)
def test_nothing_but_base_functions_and_tables_is_within_reach(name: str) -> None:
    assert run(f"return {{found = {name} ~= nil, method = ('x').rep ~= nil}}") == {"found": False, "method": False}


def test_no_script_changes_what_the_next_one_finds() -> None:
    run("table.insert = nil ipairs = nil obj.a = 2 return {}", {"a": 1})
    assert run("return {a = obj.a, t = table.insert ~= nil, i = ipairs ~= nil}", {"a": 1}) == {
        "a": 1,
        "t": True,
        "i": True,
    }
