"""Runs a user's health script: Lua with only its base functions and ``table``, an instruction and a memory limit.

As in Argo CD there is no ``string`` or ``io`` library unless it is asked for, and we offer none: a script that calls
one gets Unknown with the reason. ``pcall`` is not there, so that a script cannot outlive its limit.
"""

from __future__ import annotations

from functools import lru_cache

from nixernetes.health.argocd.status import Health, HealthStatus
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["run_health_script"]

_INSTRUCTIONS = 2_000_000  # far above any health script; about 20 ms
_MEMORY_BYTES = 32 * 1024 * 1024

# The environment is a new table; the string metatable is emptied, so that ("x"):rep(1e9) finds nothing, either.
_RUN = """
local load, sethook, pairs_ = load, debug.sethook, pairs
getmetatable("").__index = {}
local allowed = {ipairs=ipairs, next=next, pairs=pairs, select=select, tonumber=tonumber, tostring=tostring,
                 type=type, error=error, assert=assert, unpack=table.unpack or unpack, table=table}
return function(source, obj, limit)
  local env = {}
  for name, value in pairs_(allowed) do env[name] = value end
  env.obj = obj
  local chunk, problem = load(source, "health", "t", env)
  if not chunk then error(problem, 0) end
  sethook(function() error("instruction limit reached", 0) end, "", limit)
  local result = chunk()
  sethook()
  if type(result) ~= "table" then error("the script returned no table", 0) end
  return result.status, result.message
end
"""


def run_health_script(source: str, obj: Manifest) -> Health:
    """Return what the script says; a script that fails is Unknown, with the reason."""
    from lupa import LuaError, LuaMemoryError, LuaRuntime  # noqa: PLC0415 - most platforms have no script of their own

    runtime = LuaRuntime(
        register_eval=False,
        register_builtins=False,
        unpack_returned_tuples=True,
        attribute_filter=_refuse,
        max_memory=_MEMORY_BYTES,
    )
    try:
        run = runtime.execute(_RUN)
        status, message = run(source, _to_lua(runtime, obj), _INSTRUCTIONS)
    except (LuaError, LuaMemoryError) as error:
        return Health(HealthStatus.UNKNOWN, f"health script: {error}")
    if status not in _codes():
        return Health(HealthStatus.UNKNOWN, f"Lua returned an invalid health status: {status}")
    return Health(HealthStatus(status), str(message) if message is not None else "")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(HealthStatus)


def _refuse(_obj: object, name: str, _is_setting: bool) -> str:
    raise AttributeError(f"{name} is not reachable from a script")


def _to_lua(runtime: Json, value: Json) -> Json:
    if isinstance(value, dict):
        return runtime.table_from({k: _to_lua(runtime, v) for k, v in value.items() if v is not None})
    if isinstance(value, list):
        return runtime.table_from([_to_lua(runtime, v) for v in value])
    return value
