"""Lua as Argo CD runs scripts: an object in, data out; nothing else is within reach.

The language is Lua 5.1 with ``goto``, as in Argo CD's own interpreter: every number is a double, and prints as one. A
script has Lua's base functions and ``table``, and ``os.time`` and ``os.date`` by ``require("os")``; where all libraries
are open to it also ``string``, ``math`` and ``os``, but nothing that reaches out of the script. It has a number of
instructions and so much memory. As one instruction may copy a long text, there is a limit of time, too, which is
Argo CD's. No ``pcall`` outlives these limits, and patterns are matched in Lua, so that they hold there as well. The
place of a table in memory is no part of its text, so that equal runs say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module, resources
from typing import Any, Final, TypeAlias

from nixernetes.errors import InputError
from nixernetes.languages import lua_times
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
_ENGINES: Final = ("luajit21", "lua51")  # the second has no goto

_Lua: TypeAlias = Any  # a value of the runtime, which has no types


class LimitError(InputError):
    """A script wanted more instructions or time than it may have."""


def run(source: str, obj: Json, *, name: str, open_libraries: bool = False, now: datetime | None = None) -> Json:
    """Return the table that a script returns, as JSON data: a list where its keys are 1, 2, 3, ..., else a map.

    A script that returns nothing gives None.

    Args:
        source: the script.
        obj: what it finds as ``obj``.
        name: what Lua's messages call the script.
        open_libraries: whether it has more than base functions and ``table``.
        now: the moment that ``os.time`` and ``os.date`` tell; without one they fail.

    Raises:
        LimitError: it wants more instructions or time than it may have.
        InputError: it is broken, fails, wants more memory than it may have, or returns something else.

    """
    allowed = Allowance(_GIVEN_BYTES, f"not enough memory: the object takes more than {_GIVEN_BYTES // 2**20} MiB")
    allowed.take(len(source) + len(name))
    _weigh(obj, allowed)
    engine, runtime = _runtime()
    try:
        started = runtime.execute(_file("lua_start.lua"))
        patterns = runtime.execute(_file("lua_patterns.lua")) if open_libraries else None
        given = (_encoded(source), _encoded(name), _to_lua(runtime, obj), *_clock(now), patterns)
        result, problem, is_spent = started(*given, _INSTRUCTIONS, _SECONDS)
        if problem is not None:
            raise (LimitError if is_spent else InputError)(_decoded(problem))
        return _from_lua(result, Allowance(_MAX_VALUES, f"the script returned more than {_MAX_VALUES:,} values"), 0)
    except (engine.LuaError, engine.LuaMemoryError) as error:
        raise InputError(str(error)) from error


def _runtime() -> tuple[_Lua, _Lua]:
    """Return the first engine that runs within bounds on this machine, and a new runtime of it."""
    for name in _ENGINES:
        try:
            engine: _Lua = import_module(f"lupa.{name}")  # late: most platforms have no script of their own
        except ImportError:
            continue
        try:
            # Bytes go in and come out: a script may cut a text within a character.
            return engine, engine.LuaRuntime(
                encoding=None,
                register_eval=False,
                register_builtins=False,
                unpack_returned_tuples=True,
                attribute_filter=_refuse,
                max_memory=_MEMORY_BYTES,
            )
        except engine.LuaError:  # it cannot bound its memory here
            continue
    raise InputError("lupa has no Lua 5.1 on this machine; install one of its wheels")


@cache
def _file(name: str) -> bytes:
    """Return one of our own Lua files."""
    return resources.files("nixernetes.languages").joinpath("data", name).read_bytes()


def _clock(now: datetime | None) -> tuple[Callable[..., float | None], Callable[..., _Lua]]:
    """Return what a script's clock asks: the seconds of a date, and a moment as text or fields; None is no answer."""

    def read(*fields: float) -> float | None:
        try:
            if fields:
                return float(lua_times.seconds_of(*map(int, fields)))
            return float(int(now.timestamp())) if now else None
        except (OverflowError, ValueError):
            return None

    def written(pattern: bytes | None, seconds: float | None = None) -> _Lua:
        try:
            moment = now if seconds is None else lua_times.moment_of(seconds)
        except (OverflowError, ValueError):
            return None
        if moment is None or pattern is None:
            return moment and lua_times.fields_of(moment)
        return _encoded(lua_times.written(moment, _decoded(pattern)))

    return read, written


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
