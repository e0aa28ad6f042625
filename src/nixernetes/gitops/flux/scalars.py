"""Durations, URLs and names with the patterns of Flux's CRDs, and the form that works for what they refuse."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from nixernetes.gitops.values import matching
from nixernetes.objects.durations import parse_duration

__all__ = [
    "Duration",
    "GitUrl",
    "HelmUrl",
    "HttpUrl",
    "Key253",
    "NamespaceText",
    "NonEmpty",
    "OciUrl",
    "ShortDuration",
    "Text2048",
    "git_url_problem",
]

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|sec|ms|s)")
_HOURS = {"w": 168, "d": 24, "h": 1}


def _parts(text: str) -> list[tuple[float, str]]:
    """Return (count, unit) of each part of a duration as people write it; empty when it is none."""
    compact = text.strip().lower().replace(" ", "")
    if "".join(found[0] for found in _PART.finditer(compact)) != compact:
        return []
    return [(float(found[1]), "ms" if found[2] == "ms" else found[2][0]) for found in _PART.finditer(compact)]


def _number(value: float) -> str:
    return f"{value:g}" if value != int(value) else str(int(value))


def _in_hours(text: str) -> str:
    parts = _parts(text)
    if not parts:
        return f"write {text}s" if text.isdigit() else ""
    hours = sum(count * _HOURS[unit] for count, unit in parts if unit in _HOURS)
    rest = "".join(f"{_number(count)}{unit}" for count, unit in parts if unit not in _HOURS)
    return f"write {_number(hours)}h{rest}" if hours else f"write {rest}"


def _in_minutes(text: str) -> str:
    parts = _parts(text)
    if not parts:
        return f"write {text}s" if text.isdigit() else ""
    minutes = sum(count * _HOURS.get(unit, 0) * 60 + (count if unit == "m" else 0) for count, unit in parts)
    rest = "".join(f"{_number(count)}{unit}" for count, unit in parts if unit in ("s", "ms"))
    return f"write {_number(minutes)}m{rest}" if minutes else f"write {rest}"


def _not_a_number(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise PydanticCustomError(
            "text_type", 'must be text with a unit: write "{number}s"', {"number": _number(value)}
        )
    return value


def _countable(value: str) -> str:
    parse_duration(value)
    return value


Duration: TypeAlias = Annotated[
    StrictStr,
    BeforeValidator(_not_a_number),
    matching(
        r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
        "must be a duration of the units ms, s, m and h, such as 30s, 10m or 1h30m",
        _in_hours,
    ),
    AfterValidator(_countable),
]
ShortDuration: TypeAlias = Annotated[
    StrictStr,
    BeforeValidator(_not_a_number),
    matching(
        r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$",
        "must be a duration of the units ms, s and m (Flux takes no hours here), such as 60s or 5m",
        _in_minutes,
    ),
    AfterValidator(_countable),
]

_SCP = re.compile(r"(?:([\w.-]+)@)?([\w.-]+):(?!//)(.+)")
_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?/.+")


def _git(text: str) -> str:
    if text.startswith("oci://"):
        return "use an OCIRepository for it"
    if text.startswith("git://"):
        return f"write https://{text.removeprefix('git://')}"
    if text.startswith(("file:", "/", "./", "../", "~")):
        return (
            "Flux reads no folders: write the URL of the repository's remote, and let nixernetes up read the folder "
            "with --source URL=PATH"
        )
    if "://" not in text and (found := _SCP.fullmatch(text)):
        return f"write ssh://{found[1] or 'git'}@{found[2]}/{found[3].lstrip('/')}"
    return f"write https://{text}" if _BARE.fullmatch(text) else ""


def _oci(text: str) -> str:
    bare = re.sub(r"^(https?|docker)://", "", text)
    return f"write oci://{bare}" if _BARE.fullmatch(bare) else ""


def _http(text: str) -> str:
    return f"write https://{text}" if _BARE.fullmatch(text + "/") or _BARE.fullmatch(text) else ""


GitUrl: TypeAlias = Annotated[
    StrictStr, matching(r"^(http|https|ssh)://.*$", "must start with https://, http:// or ssh://", _git)
]
OciUrl: TypeAlias = Annotated[StrictStr, matching(r"^oci://.*$", "must start with oci://", _oci)]
HelmUrl: TypeAlias = Annotated[
    StrictStr, matching(r"^(http|https|oci)://.*$", "must start with https://, http:// or oci://", _http)
]
HttpUrl: TypeAlias = Annotated[
    StrictStr, matching(r"^(http|https)://.*$", "must start with https:// or http://", _http)
]

_GIT_URL = TypeAdapter(GitUrl)


def git_url_problem(url: str) -> str:
    """Return why Flux refuses the URL of a Git repository, with the form that works; ``""`` when it takes it."""
    try:
        _GIT_URL.validate_python(url)
    except ValidationError as error:
        return error.errors()[0]["msg"].removeprefix("Value error, ")
    return ""


NonEmpty: TypeAlias = Annotated[StrictStr, Field(min_length=1)]
Key253: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=253)]
NamespaceText: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=63)]
Text2048: TypeAlias = Annotated[StrictStr, Field(max_length=2048)]
