"""Lua as Argo CD runs scripts: an object in, data out; nothing else is within reach.

A script has Lua's base functions and ``table`` as of Lua 5.1, as in Argo CD (gopher-lua), which has no ``string`` and
no ``io`` unless it is asked for them. It has a number of instructions and so much memory. As one instruction may copy a
long text, there is a limit of time, too, which is Argo CD's. ``pcall`` is not there, so that no script outlives its
limits; neither is what later versions added, as ``table.move``, which works for ever within one instruction. The place
of a table in memory is no part of its text, so that equal runs say the same.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import MAX_DEPTH, Allowance

__all__ = ["LimitError", "run"]

_INSTRUCTIONS: Final = 2_000_000  # far above any honest script; about 20 ms
_SECONDS: Final = 1.0
_MEMORY_BYTES: Final = 32 * 1024 * 1024
# Of the script and its object, before they are handed over: the library ends the process where that takes too much.
_GIVEN_BYTES: Final = _MEMORY_BYTES // 2
_VALUE_BYTES: Final = 160  # of each value beside its text: a table grows twofold, and has both sizes meanwhile
_MAX_VALUES: Final = 10_000  # of what a script returns
_INTEGER: Final = 2**63

_Lua: TypeAlias = Any  # a value of the runtime, which has no types


class LimitError(InputError):
    """A script wanted more instructions or time than it may have."""


# The environment is a new table; the string metatable is emptied, so that ("x"):rep(1e9) finds nothing, either.
_RUN: Final = b"""
local load, sethook, pairs, pcall, type, clock, step = load, debug.sethook, pairs, pcall, type, os.clock, 100
local tostring, sort, concat, insert, remove = tostring, table.sort, table.concat, table.insert, table.remove
getmetatable("").__index = {}
local addressed = {table=true, ["function"]=true, userdata=true, thread=true}
local function text(value) return addressed[type(value)] and type(value) .. ": 0x0" or tostring(value) end
local function maxn(list)
  local most = 0
  for key in pairs(list) do if type(key) == "number" and key > most then most = key end end
  return most
end
local lists = {concat=concat, getn=function(list) return #list end, insert=insert, maxn=maxn, remove=remove, sort=sort}
local allowed = {ipairs=ipairs, next=next, pairs=pairs, select=select, tonumber=tonumber, tostring=text,
                 type=type, error=error, assert=assert, unpack=table.unpack or unpack, table=lists}
return function(source, name, obj, instructions, seconds)
  local env = {}
  for name, value in pairs(allowed) do env[name] = value end
  env.obj = obj
  local chunk, problem = load(source, name, "t", env)
  if not chunk then return nil, problem, false end
  local ends, spent = clock() + seconds, nil
  sethook(function()
    instructions = instructions - step
    if instructions < 0 then spent = "instruction limit reached" end
    if clock() > ends then spent = "time limit reached" end
    if spent then error(spent, 0) end
  end, "", step)
  local done, result = pcall(chunk)
  sethook()
  if spent then return nil, spent, true end
  if done and type(result) == "table" then return result, nil, false end
  if done then return nil, "the script returned no table", false end
  return nil, type(result) == "string" and result or "the script failed with a " .. type(result), false
end
"""


def run(source: str, obj: Json, *, name: str) -> Json:
    """Return the table that a script returns, as JSON data: a list where its keys are 1, 2, 3, ..., else a map.

    Args:
        source: the script.
        obj: what it finds as ``obj``.
        name: what Lua's messages call the script.

    Raises:
        LimitError: it wants more instructions or time than it may have.
        InputError: it is broken, fails, wants more memory than it may have, or returns something else.

    """
    from lupa import LuaError, LuaMemoryError, LuaRuntime  # noqa: PLC0415 - most platforms have no script of their own

    given = Allowance(_GIVEN_BYTES, f"not enough memory: the object takes more than {_GIVEN_BYTES // 2**20} MiB")
    given.take(len(source) + len(name))
    _weigh(obj, given)
    # Bytes go in and come out: a script may cut a text within a character.
    runtime = LuaRuntime(
        encoding=None,
        register_eval=False,
        register_builtins=False,
        unpack_returned_tuples=True,
        attribute_filter=_refuse,
        max_memory=_MEMORY_BYTES,
    )
    try:
        started = runtime.execute(_RUN)
        sent = (_encoded(source), _encoded(name), _to_lua(runtime, obj))
        result, problem, is_spent = started(*sent, _INSTRUCTIONS, _SECONDS)
        if result is None:
            raise (LimitError if is_spent else InputError)(_decoded(problem))
        return _from_lua(result, Allowance(_MAX_VALUES, f"the script returned more than {_MAX_VALUES:,} values"), 0)
    except (LuaError, LuaMemoryError) as error:
        raise InputError(str(error)) from error


def _refuse(_obj: object, name: object, _is_setting: bool) -> str:
    raise AttributeError(f"{name!r} is not reachable from a script")


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")


def _weigh(value: Json, left: Allowance) -> None:
    left.take(_VALUE_BYTES)
    if isinstance(value, dict):
        for name, item in value.items():
            _weigh(name, left)
            _weigh(item, left)
    elif isinstance(value, list):
        for item in value:
            _weigh(item, left)
    elif isinstance(value, str):
        left.take(len(_encoded(value)))


def _to_lua(runtime: _Lua, value: Json) -> _Lua:
    if isinstance(value, dict):
        return runtime.table_from({_encoded(k): _to_lua(runtime, v) for k, v in value.items() if v is not None})
    if isinstance(value, list):
        return runtime.table_from([_to_lua(runtime, v) for v in value])
    if isinstance(value, str):
        return _encoded(value)
    if isinstance(value, int) and not -_INTEGER <= value < _INTEGER:
        return float(value)
    return value


def _from_lua(value: _Lua, left: Allowance, depth: int) -> Json:
    left.take(1)
    if isinstance(value, bytes):
        return _decoded(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if not hasattr(value, "items"):
        raise InputError("the script returned a function")
    if depth > MAX_DEPTH:
        raise InputError(f"the script returned tables nested deeper than {MAX_DEPTH} levels")
    found = {key: _from_lua(item, left, depth + 1) for key, item in value.items()}
    if found and found.keys() == set(range(1, len(found) + 1)):
        return [found[position] for position in range(1, len(found) + 1)]
    return dict(sorted((_decoded(key) if isinstance(key, bytes) else str(key), item) for key, item in found.items()))
