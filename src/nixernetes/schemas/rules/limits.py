"""What a LimitRange and a ResourceQuota may say (``pkg/apis/core/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.quantities import Quantity, parse
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, invalid

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
_REFUSED: Final = {("min", "defaultRequest"): "defaultRequest", ("min", "default"): "default"}


def _limits(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for low, high, words in _ORDER:
        above = mapping_at(value, high)
        for name, written in mapping_at(value, low).items():
            less, more = _amount(written), _amount(above.get(name))
            if less is not None and more is not None and less > more:
                refused = _REFUSED.get((low, high), low)
                at = mapping_at(value, refused)[name]
                yield invalid((*path, refused, name), at, words.format(written, above[name]))


def _amount(written: Json) -> Quantity | None:
    try:
        return parse(str(written)) if written is not None else None
    except (InputError, ValueError):
        return None


def _quota(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for name, written in mapping_at(value, "hard").items():
        amount = _amount(written)
        if amount is not None and amount.nano < 0:
            yield invalid((*path, "hard", MapKey(name)), str(written), "must be greater than or equal to 0")


RULES: Final = {"LimitRangeItem": (_limits,), "ResourceQuotaSpec": (_quota,)}
