"""What one pod asks of a node, by the scheduler's rule (k8s.io/component-helpers, ``resource.PodRequests``).

A container asks for its request, else its limit, else what a LimitRange of its namespace gives, else nothing. Classic
init containers run one after another, sidecars (init containers that always restart) run on: the pod asks for the sum
of its containers and sidecars, or for the peak while it starts, whichever is more, and for the overhead of its runtime.
Requests of the pod itself stand in place of that sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.languages.quantities import Family, Quantity
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ContainerDefaults", "RequestSource", "ResourceRequest", "amount_of", "pod_requests"]

_ALWAYS_ASKED: Final = ("cpu", "memory")
_POD_LEVEL: Final = ("cpu", "memory", "hugepages-")  # what the resources of a pod may name
_FAMILIES: Final = ((1 << 20, Family.BINARY), (10**6, Family.DECIMAL), (1 << 10, Family.BINARY))
_MOST: Final = 10**18 * quantities.NANO  # no cluster has more of anything


class RequestSource(StrEnum):
    """Where a request comes from; of several containers the one that says least itself."""

    EXPLICIT = "explicit"
    LIMIT = "limit"
    LIMIT_RANGE = "limitrange"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ContainerDefaults:
    """What a LimitRange gives to containers that do not say it, in nano units by resource."""

    requests: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRequest:
    """What one pod asks for of a resource.

    Attributes:
        nano: how much, in nano units.
        source: where it comes from.
        ceiling: how much its limits let it use, in nano units; None where nothing bounds it.
        missing: containers that ask for nothing, so that it may use more than is known.

    """

    nano: int
    source: RequestSource = RequestSource.EXPLICIT
    ceiling: int | None = None
    missing: tuple[str, ...] = ()

    @property
    def family(self) -> Family:
        """How it is written: as Mi or M where it is a whole number of these, else as Ki or plain."""
        for step, family in _FAMILIES:
            if not self.nano % (step * quantities.NANO):
                return family
        return Family.DECIMAL

    def __str__(self) -> str:
        return str(Quantity(nano=self.nano, family=self.family))


_RANKS: Final = {source: rank for rank, source in enumerate(RequestSource)}


class _Container(NamedTuple):
    name: str
    is_sidecar: bool
    requests: dict[str, int]
    limits: dict[str, int]
    sources: dict[str, RequestSource]


@lru_cache(maxsize=4096)
def _nano(text: str) -> int:
    found = quantities.parse(text).nano
    if found < 0:
        raise InputError("less than nothing")
    if found > _MOST:
        raise InputError("more than any cluster has")
    return found


def amount_of(value: Json, what: str) -> int:
    """Return a quantity in nano units.

    Raises:
        InputError: it is not one, is negative, or is more than any cluster has.

    """
    is_spelled = isinstance(value, str | int | float) and not isinstance(value, bool)
    try:
        return _nano(str(value).strip() if is_spelled else "")
    except InputError as error:  # without the value, which may have come out of a Secret
        raise InputError(f"{what}: {error.message}") from error


def amounts_in(resources: Mapping[str, Json], what: str) -> dict[str, int]:
    """Return quantities by resource, in nano units.

    Raises:
        InputError: one is not a quantity.

    """
    return {name: amount_of(value, f"{what}.{name}") for name, value in resources.items() if value is not None}


def pod_requests(
    spec: Manifest, defaults: ContainerDefaults | None = None, overhead: Mapping[str, Json] | None = None
) -> dict[str, ResourceRequest]:
    """Return what one pod asks for, by resource; always of processors and memory.

    Args:
        spec: the spec of the pod.
        defaults: what a LimitRange of its namespace gives.
        overhead: ``overhead.podFixed`` of its RuntimeClass; that of the pod itself wins.

    Raises:
        InputError: a quantity is not one.

    """
    given = defaults or ContainerDefaults()
    main = [_container(each, given, is_init=False) for each in objects_at(spec, "containers")]
    init = [_container(each, given, is_init=True) for each in objects_at(spec, "initContainers")]
    pod_level = mapping_at(spec, "resources")
    asked = amounts_in(mapping_at(pod_level, "requests"), "resources.requests")
    bounds = amounts_in(mapping_at(pod_level, "limits"), "resources.limits")
    fixed = amounts_in(mapping_at(spec, "overhead") or overhead or {}, "overhead")
    names = {*_ALWAYS_ASKED, *asked, *bounds, *fixed, *(name for each in (*main, *init) for name in each.requests)}
    found = {}
    for name in sorted(names):
        request = _of_containers(name, main, init)
        if name.startswith(_POD_LEVEL):
            request = _of_pod(request, asked.get(name), bounds.get(name), name)
        more = fixed.get(name, 0)
        ceiling = None if request.ceiling is None else request.ceiling + more
        found[name] = ResourceRequest(
            nano=request.nano + more, source=request.source, ceiling=ceiling, missing=request.missing
        )
    return found


def _container(data: Manifest, defaults: ContainerDefaults, *, is_init: bool) -> _Container:
    name = text_at(data, "name") or "container"
    resources = mapping_at(data, "resources")
    limits = amounts_in(mapping_at(resources, "limits"), f"{name}: limits")
    requests = amounts_in(mapping_at(resources, "requests"), f"{name}: requests")
    sources = dict.fromkeys(requests, RequestSource.EXPLICIT)
    for known, source in ((limits, RequestSource.LIMIT), (defaults.requests, RequestSource.LIMIT_RANGE)):
        for resource, nano in known.items():
            if resource not in requests:
                requests[resource], sources[resource] = nano, source
    return _Container(
        name=name,
        is_sidecar=is_init and text_at(data, "restartPolicy") == "Always",
        requests=requests,
        limits={**defaults.limits, **limits},
        sources=sources,
    )


def _of_containers(name: str, main: list[_Container], init: list[_Container]) -> ResourceRequest:
    running = [*main, *(each for each in init if each.is_sidecar)]
    missing = () if name not in _ALWAYS_ASKED else tuple(each.name for each in running if name not in each.requests)
    sources = [each.sources[name] for each in (*main, *init) if name in each.sources]
    bounded = all(name in each.limits for each in running)
    return ResourceRequest(
        nano=_peak(_values(name, main), [(each.requests.get(name, 0), each.is_sidecar) for each in init]),
        source=max(sources, key=_RANKS.__getitem__) if sources else RequestSource.NONE,
        ceiling=_peak(
            [each.limits[name] for each in main], [(each.limits.get(name, 0), each.is_sidecar) for each in init]
        )
        if bounded and name in _ALWAYS_ASKED
        else None,
        missing=missing,
    )


def _values(name: str, containers: Iterable[_Container]) -> Iterator[int]:
    return (each.requests.get(name, 0) for each in containers)


def _peak(main: Iterable[int], init: Iterable[tuple[int, bool]]) -> int:
    """Return the most that runs at one time: while the pod starts, or after."""
    sidecars = peak = 0
    for amount, is_sidecar in init:
        if is_sidecar:
            sidecars += amount
            peak = max(peak, sidecars)
        else:
            peak = max(peak, sidecars + amount)
    return max(sum(main) + sidecars, peak)


def _of_pod(request: ResourceRequest, asked: int | None, bound: int | None, name: str) -> ResourceRequest:
    """Return a request with what the pod itself says; a limit of the pod stands for a request that nobody makes."""
    ceiling = bound if bound is not None else request.ceiling
    if asked is not None:
        return ResourceRequest(nano=asked, ceiling=ceiling)
    if bound is not None and request.source is RequestSource.NONE:
        return ResourceRequest(nano=bound, source=RequestSource.LIMIT, ceiling=ceiling)
    missing = request.missing if name in _ALWAYS_ASKED else ()
    return ResourceRequest(nano=request.nano, source=request.source, ceiling=ceiling, missing=missing)
