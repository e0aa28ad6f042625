"""A user's health scripts, in argocd-cm, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nixernetes.errors import InputError
from nixernetes.health.argocd.status import Health, HealthStatus, decoded
from nixernetes.languages import lua
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["HealthScript", "HealthScripts", "health_scripts"]

_STRIKES: Final = 10  # limits reached, after which a script counts as one that always does: the next takes no second
_KEY: Final = "resource.customizations"
_TRUE: Final = ("1", "t", "T", "TRUE", "true", "True")  # what Go's strconv.ParseBool takes
_FALSE: Final = ("0", "f", "F", "FALSE", "false", "False")


@dataclass(frozen=True, slots=True)
class HealthScript:
    """A script and what it may use.

    Attributes:
        source: the Lua.
        open_libraries: whether more than base functions and tables are open to it.

    """

    source: str
    open_libraries: bool = False


class HealthScripts:
    """Runs scripts, and remembers how often each reached a limit, as long as the settings stay as they are."""

    def __init__(self) -> None:
        self._strikes: Counter[HealthScript] = Counter()

    def run(self, script: HealthScript, obj: Manifest, now: datetime | None) -> Health | None:
        """Return what a script says, None where it says nothing; one that fails is Unknown, with the reason."""
        if self._strikes[script] >= _STRIKES:
            return _failed(f"it reached its limits {_STRIKES} times and is run no more")
        try:
            found = lua.run(script.source, obj, name="health", open_libraries=script.open_libraries, now=now)
        except lua.LimitError as error:
            self._strikes[script] += 1
            return _failed(error.message)
        except InputError as error:
            return _failed(error.message)
        # An empty table and a list are lists to Argo CD, which takes a list for nothing.
        return decoded(at(found, "status"), at(found, "message")) if isinstance(found, dict) and found else None


def _failed(why: str) -> Health:
    return Health(HealthStatus.UNKNOWN, f"health script: {why}")


def health_scripts(data: Mapping[str, str]) -> dict[str, HealthScript]:
    """Return the scripts in the data of ConfigMap argocd-cm, by ``<group>_<kind>``; core kinds are ``<kind>`` alone.

    Both forms count: a key for each kind, and the older map of all of them (``resource.customizations``).

    Raises:
        InputError: the map is no YAML, or ``useOpenLibs`` is neither true nor false.

    """
    sources = dict(_of_map(data.get(_KEY)))
    sources |= {name: (text, sources.get(name, ("", False))[1]) for name, text in _of_keys(data, "health")}
    for name, text in _of_keys(data, "useOpenLibs"):
        if text not in (*_TRUE, *_FALSE):
            raise InputError(f"{_KEY}.useOpenLibs.{name}: {text!r} is neither true nor false")
        sources[name] = (sources.get(name, ("", False))[0], text in _TRUE)
    return {name: HealthScript(source, opened) for name, (source, opened) in sorted(sources.items()) if source}


def _of_keys(data: Mapping[str, str], what: str) -> Iterator[tuple[str, str]]:
    prefix = f"{_KEY}.{what}."
    for key, text in data.items():
        if key.startswith(prefix):
            name = key.removeprefix(prefix)
            yield "*_*" if name == "all" else name, text


def _of_map(text: str | None) -> Iterator[tuple[str, tuple[str, bool]]]:
    try:
        found: Json = yamls.parse(text) if text else None
    except InputError as error:
        raise InputError(f"{_KEY}: {error.message}") from error
    for name in found if isinstance(found, dict) else {}:
        one = mapping_at(found, name)
        yield name.replace("/", "_"), (text_at(one, "health.lua"), one.get("health.lua.useOpenLibs") is True)
