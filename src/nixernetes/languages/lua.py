"""Lua as Argo CD runs scripts: an object in, data out; nothing else is within reach.

A script has Lua's base functions and ``table``, as in Argo CD, which has no ``string`` and no ``io`` unless it is asked
for them. It has a number of instructions and so much memory. As one instruction may copy a long text, there is a limit
of time, too, which is Argo CD's. ``pcall`` is not there, so that no script outlives its limits.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import MAX_DEPTH, Allowance

__all__ = ["run"]

_INSTRUCTIONS: Final = 2_000_000  # far above any honest script; about 20 ms
_SECONDS: Final = 1.0
_MEMORY_BYTES: Final = 32 * 1024 * 1024
_MAX_VALUES: Final = 10_000  # of what a script returns
_INTEGER: Final = 2**63

_Lua: TypeAlias = Any  # a value of the runtime, which has no types

# The environment is a new table; the string metatable is emptied, so that ("x"):rep(1e9) finds nothing, either.
_RUN: Final = b"""
local load, sethook, pairs, pcall, type, clock, step = load, debug.sethook, pairs, pcall, type, os.clock, 1000
getmetatable("").__index = {}
local allowed = {ipairs=ipairs, next=next, pairs=pairs, select=select, tonumber=tonumber, tostring=tostring,
                 type=type, error=error, assert=assert, unpack=table.unpack or unpack, table=table}
return function(source, name, obj, instructions, seconds)
  local env = {}
  for name, value in pairs(allowed) do env[name] = value end
  env.obj = obj
  local chunk, problem = load(source, name, "t", env)
  if not chunk then return nil, problem end
  local ends = clock() + seconds
  sethook(function()
    instructions = instructions - step
    if instructions < 0 then error("instruction limit reached", 0) end
    if clock() > ends then error("time limit reached", 0) end
  end, "", step)
  local done, result = pcall(chunk)
  sethook()
  if done and type(result) == "table" then return result, nil end
  if done then return nil, "the script returned no table" end
  return nil, type(result) == "string" and result or "the script failed with a " .. type(result)
end
"""


def run(source: str, obj: Json, *, name: str) -> Json:
    """Return the table that a script returns, as JSON data: a list where its keys are 1, 2, 3, ..., else a map.

    Args:
        source: the script.
        obj: what it finds as ``obj``.
        name: what Lua's messages call the script.

    Raises:
        InputError: the script is broken, fails, wants more than it may have, or returns something else.

    """
    from lupa import LuaError, LuaMemoryError, LuaRuntime  # noqa: PLC0415 - most platforms have no script of their own

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
        given = (_encoded(source), _encoded(name), _to_lua(runtime, obj))
        result, problem = started(*given, _INSTRUCTIONS, _SECONDS)
        if result is None:
            raise InputError(_decoded(problem))
        return _from_lua(result, Allowance(_MAX_VALUES, f"the script returned more than {_MAX_VALUES:,} values"), 0)
    except (LuaError, LuaMemoryError) as error:
        raise InputError(str(error)) from error


def _refuse(_obj: object, name: object, _is_setting: bool) -> str:
    raise AttributeError(f"{name!r} is not reachable from a script")


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")


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
