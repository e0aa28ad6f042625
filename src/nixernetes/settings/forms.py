"""The forms of what stands in ``nixernetes.yaml``: versions, folders, quantities, days, durations, amounts."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.durations import nanoseconds
from nixernetes.objects.manifest import Json

__all__ = ["Amount", "Day", "Folder", "KubeVersion", "Money", "NodeCount", "SettingsModel", "Span", "Weight"]

_VERSION: Final = re.compile(r"v?1\.\d{1,3}(\.\d{1,3})?\Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")


def _version(text: str) -> str:
    if not _VERSION.match(text):
        raise ValueError('not a Kubernetes version: write it as "1.34", in quotes')
    return text


def _inside(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("not a folder of the repository: write a path relative to it")
    return path.strip("/") or "."


def _quantity(value: Json) -> Json:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if isinstance(text, str):
        try:
            quantities.parse(text)
        except InputError as error:
            raise ValueError(error.message) from error
    return text


def _span(value: Json) -> Json:
    try:
        if isinstance(value, str) and nanoseconds(value) > 0:
            return value
    except ValueError:
        pass
    raise ValueError("not a duration: write it as 6m or 1h30m")


def _money(value: Json) -> Json:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _day(value: Json) -> Json:
    if isinstance(value, str) and _DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("not a day: write it as 2026-12-31")


def _weight(value: Json) -> Json:
    """Read ``off``, which YAML takes for a boolean."""
    return "off" if value is False else value


KubeVersion: TypeAlias = Annotated[
    str, AfterValidator(_version), Field(examples=["1.34"], description="A Kubernetes version, in quotes.")
]
Folder: TypeAlias = Annotated[str, AfterValidator(_inside)]
Amount: TypeAlias = Annotated[
    str, BeforeValidator(_quantity), WithJsonSchema({"type": ["string", "number"], "examples": ["500m", "16Gi"]})
]
Weight: TypeAlias = Annotated[Literal["error", "warning", "info", "off"], BeforeValidator(_weight)]
NodeCount: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]
Span: TypeAlias = Annotated[str, BeforeValidator(_span), Field(examples=["6m"])]
Money: TypeAlias = Annotated[
    str, BeforeValidator(_money), WithJsonSchema({"type": ["string", "number"], "examples": ["500 USD", "10 %"]})
]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]


class SettingsModel(BaseModel):
    """A part of the settings: names in camel case, nothing else, and a sentence below each."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, use_attribute_docstrings=True
    )
