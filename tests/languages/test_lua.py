"""Scripts get an object and give data; none reaches out, and none outlives its limits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nixernetes.errors import InputError
from nixernetes.languages import lua
from nixernetes.objects.manifest import Json

_NOW = datetime(2026, 1, 2, 15, 4, 5, tzinfo=UTC)


def run(source: str, obj: Json = None, *, open_libraries: bool = False, now: datetime | None = _NOW) -> Json:
    return lua.run(source, {} if obj is None else obj, name="test", open_libraries=open_libraries, now=now)


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
        ("return {n = 2^53, half = 7 / 2}", {"n": 2**53, "half": 3.5}),
        ("return {n = obj.list[3] .. '', sum = 6 / 2 .. ''}", {"n": "3", "sum": "3"}),
        ("return {most = table.getn(obj.list)}", {"most": 3}),
        ("for _, n in ipairs(obj.list) do if n == 1 then goto on end do return {n = n} end ::on:: end", {"n": 2}),
        ("return", None),
        ("print(1) return {ok = pcall(error)}", {"ok": False}),
        ("return {x = setmetatable({}, {__index = {x = 1}}).x}", {"x": 1}),
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
        ("return 1", "expect table output from Lua script, not number"),
        ("this is not lua", r'\[string "test"\]:1: .* near'),
        ("error('no luck', 0)", "^no luck$"),
        ("error({})", "the script failed with a table"),
        ("return {f = function() end}", "the script returned a function"),
        ("return obj.missing.field", r'\[string "test"\]:1: attempt to index field .missing. '),
        ("local t = {} t.t = t return t", "nested deeper than 200 levels"),
        ("local t = {} for i = 1, 30 do t = {t, t} end return t", "more than 10,000 values"),
        ("\ud800", "unexpected symbol"),
        ("\x1bLJ", "compiled code"),
        ("require('string')", "module string not found"),
    ],
)
def test_a_script_that_fails_is_told(source: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        run(source)


@pytest.mark.parametrize(
    "name",
    [
        *("string", "math", "io", "os", "debug", "package", "load", "loadstring", "dofile", "coroutine", "python"),
        *("getfenv", "setfenv", "collectgarbage", "jit", "ffi", "newproxy"),
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


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("('2026-01-02'):match('(%d+)-(%d+)-(%d+)')", ["2026", "01", "02"]),
        ("('hello'):find('l+')", [3, 4]),
        ("('a.b'):find('.', 2, true)", [2, 2]),
        ("('key = value'):match('^(%w+)%s*=%s*(%w+)$')", ["key", "value"]),
        ("('hello world'):gsub('o', '0')", ["hell0 w0rld", 2]),
        ("('abc'):gsub('', '-')", ["-a-b-c-", 4]),
        ("('k=v'):gsub('(%w)=(%w)', '%2=%1')", ["v=k", 1]),
        ("('hello'):gsub('l', {l = 'L'}, 1)", ["heLlo", 1]),
        ("('f(a(b)c)d'):match('%b()')", ["(a(b)c)"]),
        ("('THE fox'):gsub('%f[%a]%a+', string.lower)", ["the fox", 2]),
        ("('abab'):match('(ab)%1()')", ["ab", 5]),
        ("('  x '):match('^%s*(.-)%s*$')", ["x"]),
        ("('a]b-c'):match('[]%-b]+')", ["]b-"]),
        ("('x1'):match('%u?[^%d]')", ["x"]),
        ("('x'):find('y')", []),
        ("string.format('%d/%s', 1, 'x')", ["1/x"]),
        ("math.floor(2.7)", [2]),
    ],
)
def test_open_libraries_find_and_replace_as_lua_does(call: str, expected: list[Json]) -> None:
    assert run(f"return {{found = {{{call}}}}}", open_libraries=True) == {"found": expected or {}}


def test_words_come_one_after_another() -> None:
    loop = "for key, value in ('a=1, b=2'):gmatch('(%w)=(%w)') do found[key] = value end"
    assert run(f"local found = {{}} {loop} return found", open_libraries=True) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("pattern", ["[a", "%", "(a", "a)", "%b", "%f", "(a)%2"])
def test_a_pattern_that_is_none_is_told(pattern: str) -> None:
    with pytest.raises(InputError, match=r"pattern|capture|arguments"):
        run(f"return {{('aa'):find('{pattern}')}}", open_libraries=True)


def test_a_pattern_has_no_more_than_the_script_has() -> None:
    with pytest.raises(InputError, match="instruction limit reached"):
        run("return {(('a'):rep(3000)):find(('.-'):rep(20) .. 'b')}", open_libraries=True)


@pytest.mark.parametrize("name", ["io", "os.execute", "os.getenv", "string.dump", "debug", "package", "load"])
def test_open_libraries_reach_nothing_outside(name: str) -> None:
    assert run(f"return {{found = {name} ~= nil}}", open_libraries=True) == {"found": False}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("os.time()", 1767366245),
        ("os.time({year = 2026, month = 1, day = 2, hour = 0})", 1767312000),
        ("os.time({year = 2025, month = 14, day = 1})", 1769947200),
        ("os.time({year = 1969, month = 12, day = 31})", -43200),
        ("os.date('%Y-%m-%dT%H:%M:%SZ')", "2026-01-02T15:04:05Z"),
        ("os.date('!%A %B %I %p %P %w %% %Q')", "Friday January 03 PM pm 5 % %Q"),
        ("os.date()", "02 Jan 26 15:04 UTC"),
        ("os.date('%F', 86400)", "1970-01-02"),
        ("os.date('*t').wday", 6),
        ("table.time()", 1767366245),
    ],
)
def test_the_time_is_that_which_is_given(call: str, expected: Json) -> None:
    assert run(f"local os = require('os') return {{found = {call}}}") == {"found": expected}


@pytest.mark.parametrize("call", ["time({year = 1 / 0})", "date('%F', 2^80)", "date('*t', -2^80)", "date('%F', 0 / 0)"])
def test_a_time_that_is_none_is_told(call: str) -> None:
    with pytest.raises(InputError, match="there is no such time"):
        run(f"return {{require('os').{call}}}")


def test_without_a_moment_there_is_no_time() -> None:
    for call in ("time()", "date()", "date('*t')"):
        with pytest.raises(InputError, match="the script has no clock"):
            run(f"return {{require('os').{call}}}", now=None)
    assert run("return {require('os').date('%F', 0)}", now=None) == ["1970-01-01"]
