"""What LimitRanges and ResourceQuotas may say (``pkg/apis/core/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.quantities import Quantity, parse
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, duplicate, forbidden, invalid, required
from nixernetes.schemas.rules.podspec.resources import HUGE_PAGES, STANDARD

__all__ = ["RULES"]

# the field that is refused, the one that it must not exceed, and the words
_ORDER: Final = (
    ("min", "max", "min value {} is greater than max value {}"),
    ("min", "defaultRequest", "min value {} is greater than default request value {}"),
    ("defaultRequest", "max", "default request value {} is greater than max value {}"),
    ("min", "default", "min value {} is greater than default value {}"),
    ("default", "max", "default value {} is greater than max value {}"),
    ("defaultRequest", "default", "default request value {} is greater than default limit value {}"),
)
_NAMED: Final = {("min", "defaultRequest"): "defaultRequest", ("min", "default"): "default"}
_VALUES: Final = {("min", "default"): "min", ("default", "max"): "max"}
_KINDS: Final = ("Pod", "Container", "PersistentVolumeClaim")
_ONE: Final = 1_000_000_000


def _range(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, each in enumerate(objects_at(value, "limits")):
        kind, here = text_at(each, "type"), (*path, "limits", number, "type")
        for wrong in names.label_key_problems(kind):
            yield invalid(here, kind, wrong)
        if "/" not in kind and kind not in _KINDS and not names.label_key_problems(kind):
            yield invalid(here, kind, "must be a standard limit type or fully qualified")
        if kind in seen:
            yield duplicate(here, kind)
        seen.add(kind)


def _limits(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield amounts that are in no order (``ValidateLimitRange``): of two, that which a server names."""
    if text_at(value, "type") == "Pod":
        for part in ("default", "defaultRequest"):
            if mapping_at(value, part):
                yield forbidden((*path, part), "may not be specified when `type` is 'Pod'")
    for low, high, words in _ORDER:
        above = mapping_at(value, high)
        for name, written in mapping_at(value, low).items():
            less, more = _amount(written), _amount(above.get(name))
            if less is not None and more is not None and less > more:
                field = _NAMED.get((low, high), low)
                told = _VALUES.get((low, high), field)
                here = (*path, field, name)
                shown = invalid(here, str(mapping_at(value, told)[name]), words.format(written, above[name]))
                yield replace(shown, field=(*path, field, MapKey(name)))
    yield from _ratios(value, path)


def _ratios(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for name, written in mapping_at(value, "maxLimitRequestRatio").items():
        ratio, field = _amount(written), (*path, "maxLimitRequestRatio", MapKey(name))
        here = (*path, "maxLimitRequestRatio", name)
        if ratio is not None and ratio.nano < _ONE:
            yield replace(invalid(here, str(written), f"ratio {written} is less than 1"), field=field)
        most, least = (_amount(mapping_at(value, part).get(name)) for part in ("max", "min"))
        if ratio is not None and most is not None and least is not None and least.nano:
            limit = most.nano / least.nano
            if ratio.nano / _ONE > limit:
                detail = f"ratio {written} is greater than max/min = {limit:f}"
                yield replace(invalid(here, str(written), detail), field=field)


def _amount(written: Json) -> Quantity | None:
    try:
        return parse(str(written)) if written is not None else None
    except (InputError, ValueError):
        return None


def _quota(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for name, written in mapping_at(value, "hard").items():
        here, field = (*path, "hard", name), (*path, "hard", MapKey(name))
        for wrong in names.label_key_problems(name):
            yield replace(invalid(here, name, wrong), field=field)
        if "/" not in name and name not in STANDARD and not name.startswith(HUGE_PAGES):
            yield replace(invalid(here, name, "must be a standard resource type or fully qualified"), field=field)
            yield replace(invalid(here, name, "must be a standard resource for quota"), field=field)
        amount = _amount(written)
        if amount is not None and amount.nano < 0:
            yield replace(invalid(here, str(written), "must be greater than or equal to 0"), field=field)
    yield from _scopes(value, path)


def _scopes(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    scopes = items_at(value, "scopes")
    for each in scopes:
        if each not in _SCOPES:
            yield invalid((*path, "scopes"), scopes, "unsupported scope")
    for one, other in (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")):
        if one in scopes and other in scopes:
            yield invalid((*path, "scopes"), scopes, "conflicting scopes")
    here = (*path, "scopeSelector", "matchExpressions")
    for each in objects_at(value, "scopeSelector", "matchExpressions"):
        scope, operator, values = text_at(each, "scopeName"), text_at(each, "operator"), items_at(each, "values")
        if scope not in _SCOPES:
            yield invalid((*here, "scopeName"), scope, "unsupported scope")
        elif scope in _EXISTING and operator != "Exists":
            yield invalid((*here, "operator"), operator, _ONLY_EXISTS)
        if operator in ("In", "NotIn"):
            if not values:
                detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                yield required((*here, "values"), detail)
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
                yield invalid((*here, "values"), values, detail)
        else:
            yield invalid((*here, "operator"), operator, "not a valid selector operator")


_EXISTING: Final = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
_SCOPES: Final = (*_EXISTING, "PriorityClass", "VolumeAttributesClass")
_ONLY_EXISTS: Final = (
    "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)
RULES: Final = {"LimitRangeSpec": (_range,), "LimitRangeItem": (_limits,), "ResourceQuotaSpec": (_quota,)}
