"""What containers ask for (``validateResourceRequirements``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import KUBERNETES_PREFIX
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, ProblemKind, invalid, required

__all__ = ["HUGE_PAGES", "RULES", "STANDARD"]

_OF_CONTAINERS: Final = ("cpu", "memory", "ephemeral-storage")
_QUOTAS: Final = ("requests", "limits")
# What a quota may count is a standard name, too, though no container has it (``standardResources`` in core/helper).
STANDARD: Final = (
    *_OF_CONTAINERS,
    *(f"{part}.{name}" for part in _QUOTAS for name in _OF_CONTAINERS),
    *("pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps"),
    *("persistentvolumeclaims", "storage", "requests.storage", "services.nodeports", "services.loadbalancers"),
)
HUGE_PAGES: Final = "hugepages-"
_TINY: Final = 1_000_000_000  # nanounits: memory below one byte


def _resources(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what ``validateResourceRequirements`` does."""
    limits, requests = mapping_at(value, "limits"), mapping_at(value, "requests")
    for part, given in (("limits", limits), ("requests", requests)):
        for name, amount in given.items():
            here = (*path, part, MapKey(name))
            yield from _resource_name(name, here)
            yield from _amount(name, amount, here)
    for name, amount in requests.items():
        is_native = ("/" not in name or KUBERNETES_PREFIX in name) and not name.startswith(HUGE_PAGES)
        most, asked = _nano(limits.get(name)), _nano(amount)
        if most is not None and asked is not None and asked != most and not is_native:
            detail = f"must be equal to {name} limit of {limits[name]}"
            yield invalid((*path, "requests"), str(amount), detail)
        elif most is not None and asked is not None and asked > most:
            detail = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid((*path, "requests"), str(amount), detail)
        elif name not in limits and not is_native:
            yield required((*path, "limits"), "Limit must be set for non overcommitable resources")


def _resource_name(name: str, path: FieldPath) -> Iterator[Problem]:
    wrong = names.label_key_problems(name)
    yield from (invalid(path, name, each) for each in wrong)
    if "/" in name or name in _OF_CONTAINERS or name.startswith(HUGE_PAGES):
        return
    if not wrong and name not in STANDARD:
        yield invalid(path, name, "must be a standard resource type or fully qualified")
    yield invalid(path, name, "must be a standard resource for containers")


def _amount(name: str, amount: Json, path: FieldPath) -> Iterator[Problem]:
    nano = _nano(amount)
    if nano is not None and nano < 0:
        yield invalid(path, amount, "must be greater than or equal to 0")
    elif nano is not None and "/" in name and KUBERNETES_PREFIX not in name and nano % _TINY:
        yield invalid(path, amount, "must be an integer")
    elif nano is not None and name == "memory" and 0 < nano < _TINY:
        meant = str(amount).removesuffix("m")
        hint = f": is it {meant}Mi?"
        yield Problem(path, ProblemKind.DOUBTFUL, f"{amount} is less than one byte of memory", hint)


def _nano(amount: Json) -> int | None:
    try:
        return quantities.parse(str(amount)).nano if amount is not None else None
    except InputError:
        return None


RULES: Final = {"ResourceRequirements": (_resources,)}
