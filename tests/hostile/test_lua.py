"""Scripts count their instructions, have little memory, and no function that works for ever within one of them."""

from __future__ import annotations

import pytest

from nixernetes.errors import InputError
from nixernetes.health.argocd import Assessor, HealthStatus
from nixernetes.health.argocd.scripts import HealthScript
from nixernetes.languages import lua
from nixernetes.objects.manifest import Json

FILLED = "local t = {} for i = 1, 1e5 do t[i] = i end "
LONG = "local s = 'x' for i = 1, 22 do s = s .. s end "


def run(source: str, obj: Json = None) -> Json:
    return lua.run(source, {} if obj is None else obj, name="test")


@pytest.mark.parametrize(
    "source",
    [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "xpcall(function() while true do end end, function() while true do end end)",
        "setmetatable({}, {__index = function(t, k) return t[k] end}).x = 1 while true do tostring(1) end",
        "local function f() return f() end return f()",
        "local t = {} while true do t[1] = next(t) end",
        FILLED + "while true do table.remove(t, 1) t[#t + 1] = 1 end",
        FILLED + "while true do table.insert(t, 1, 0) table.remove(t) end",
        FILLED + "for i = 1, 1e5 do t[i] = nil end while true do next(t) end",
        FILLED + "while true do table.concat(t) end",
        FILLED + "while true do table.sort(t, function(a, b) return a < b end) end",
        LONG + "while true do local t = s .. 'y' end",
        LONG + "while true do local same = s .. 'a' < s .. 'b' end",
    ],
)
def test_a_script_reaches_its_limit_of_work(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lua, "_SECONDS", 0.2)
    with pytest.raises(lua.LimitError, match="limit reached"):
        run(source)


@pytest.mark.parametrize(
    "source",
    [
        "local function f() return 1 + f() end return f()",
        "local s = 'x' while true do s = s .. s end",
        "local t = {} for i = 1, 1e9 do t[i] = {i} end return t",
        FILLED + "return {unpack(t, 1, 1e9)}",
        "return " + "(" * 100_000 + "1" + ")" * 100_000,
    ],
)
def test_a_script_reaches_its_limit_of_memory(source: str) -> None:
    with pytest.raises(InputError, match=r"memory|overflow|too many results|too many syntax levels|instruction limit"):
        run(source)


@pytest.mark.parametrize("name", ["move", "pack", "unpack"])
def test_lists_have_what_lua_5_1_has(name: str) -> None:
    """``table.move({}, 1, 1e15, 2)`` is one instruction that never ends."""
    assert run(f"return {{found = table.{name} ~= nil}}") == {"found": False}


def test_the_functions_of_lua_5_1_work() -> None:
    source = (
        "local t = {3, 1, 2} table.sort(t) table.insert(t, 9) return {n = table.getn(t), most = table.maxn({[7]=1})}"
    )
    assert run(source) == {"n": 4, "most": 7}


@pytest.mark.parametrize(
    ("value", "text"), [("{}", "table: 0x0"), ("next", "function: 0x0"), ("5", "5"), ("nil", "nil")]
)
def test_no_text_tells_a_place_in_memory(value: str, text: str) -> None:
    assert run(f"return {{text = tostring({value})}}") == {"text": text}


@pytest.mark.parametrize("text", ["\\255", "\\xc3\\x28", "a\\0b"])
def test_a_message_that_is_not_text_is_told_with_marks(text: str) -> None:
    health = Assessor({"ConfigMap": HealthScript(f"error('{text}')")}).assess({"apiVersion": "v1", "kind": "ConfigMap"})
    assert health is not None
    assert health.status is HealthStatus.UNKNOWN
    assert health.message.startswith('health script: [string "health"]:1: ')


@pytest.mark.parametrize(
    "data",
    [
        {str(number): "x" * 1_000_000 for number in range(40)},
        ["x" * 17_000_000],
        ["é" * 9_000_000],
        [[]] * 200_000,
        {str(number): number for number in range(200_000)},
    ],
    ids=["texts", "one text", "wide text", "lists", "numbers"],
)
def test_an_object_that_is_larger_than_the_memory_is_told(data: Json) -> None:
    """The library ends the process when it cannot take an object."""
    with pytest.raises(InputError, match="not enough memory: the object takes more than 16 MiB"):
        run("return obj", {"data": data})


def test_the_largest_object_fits() -> None:
    data = {str(number): "x" * 150 for number in range(30_000)}
    assert run("return {first = obj.data['0'] ~= nil}", {"data": data}) == {"first": True}


def test_numbers_of_any_size_go_in() -> None:
    assert run("return {large = obj.large > 0}", {"large": 2**64 - 1}) == {"large": True}


def test_a_script_that_always_reaches_its_limit_is_run_no_more() -> None:
    """A thousand objects would take as many seconds."""
    assessor = Assessor({"ConfigMap": HealthScript("while true do end")})
    said = [assessor.assess({"apiVersion": "v1", "kind": "ConfigMap"}) for _ in range(12)]
    messages = [health.message for health in said if health is not None]
    assert messages[:10] == ["health script: instruction limit reached"] * 10
    assert messages[10:] == ["health script: it reached its limits 10 times and is run no more"] * 2
