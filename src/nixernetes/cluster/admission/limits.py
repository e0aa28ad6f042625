"""LimitRanges: what containers get that ask for nothing, and how much they may ask for.

After Kubernetes 1.34.4, ``plugin/pkg/admission/limitranger/admission.go``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.validation import resource_name
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.languages.quantities import Quantity
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import PERSISTENT_VOLUME_CLAIM, POD
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["check_limits", "with_limits"]

_NOTE: Final = "kubernetes.io/limit-ranger"
_SAID: Final = "LimitRanger plugin set: "
Amounts = Mapping[str, Json]


def with_limits(pod: Manifest, ranges: Iterable[Manifest]) -> Manifest:
    """Return a pod whose containers have the requests and limits that their namespace gives to those without."""
    requests: dict[str, Json] = {}
    limits: dict[str, Json] = {}
    for each in ranges:
        for item in objects_at(each, "spec", "limits"):
            if text_at(item, "type") == "Container":
                requests |= mapping_at(item, "defaultRequest")
                limits |= mapping_at(item, "default")
    if not requests and not limits:
        return pod
    spec, said = dict(mapping_at(pod, "spec")), list[str]()
    for part, word in (("containers", "container"), ("initContainers", "init container")):
        if part in spec:
            spec[part] = [_filled(each, requests, limits, word, said) for each in objects_at(spec, part)]
    if not said:
        return pod
    notes = {**annotations_of(pod), _NOTE: _SAID + "; ".join(said)}
    return {**pod, "metadata": {**pod["metadata"], "annotations": notes}, "spec": spec}


def _filled(container: Manifest, requests: Amounts, limits: Amounts, word: str, said: list[str]) -> Manifest:
    resources = dict(mapping_at(container, "resources"))
    for part, given, name in (("requests", requests, "request"), ("limits", limits, "limit")):
        had = mapping_at(resources, part)
        missing = sorted(key for key in given if key not in had)
        if missing:
            resources[part] = {**had, **{key: given[key] for key in missing}}
            said.append(f"{', '.join(missing)} {name} for {word} {text_at(container, 'name')}")
    return {**container, "resources": resources}


def check_limits(manifest: Manifest, key: ObjectKey, ranges: Iterable[Manifest]) -> None:
    """Refuse a pod or a claim that asks for less or more than its namespace lets it.

    Raises:
        ApiError: Forbidden, with all that is wrong.

    """
    found = [
        told for each in ranges for item in objects_at(each, "spec", "limits") for told in _wrong(manifest, key, item)
    ]
    if found:
        what = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
        plural = resource_name(key.group_kind)
        details = Details(name=key.name, group=key.group, kind=plural.partition(".")[0])
        raise ApiError("Forbidden", f'{plural} "{key.name}" is forbidden: {what}', subject=str(key), details=details)


def _wrong(manifest: Manifest, key: ObjectKey, item: Manifest) -> Iterator[str]:
    kind = text_at(item, "type")
    if key.group_kind == PERSISTENT_VOLUME_CLAIM and kind == "PersistentVolumeClaim":
        asked = mapping_at(manifest, "spec", "resources", "requests")
        yield from _least(kind, item, asked, {})
        yield from _most_requested(kind, item, asked)
    elif key.group_kind == POD and kind == "Container":
        for part in ("containers", "initContainers"):
            for each in objects_at(manifest, "spec", part):
                resources = mapping_at(each, "resources")
                yield from _bounds(kind, item, mapping_at(resources, "requests"), mapping_at(resources, "limits"))
    elif key.group_kind == POD and kind == "Pod":
        yield from _bounds(kind, item, _total(manifest, "requests"), _total(manifest, "limits"))


def _bounds(kind: str, item: Manifest, requests: Amounts, limits: Amounts) -> Iterator[str]:
    yield from _least(kind, item, requests, limits)
    yield from _most(kind, item, requests, limits)
    yield from _ratio(kind, item, requests, limits)


def _least(kind: str, item: Manifest, requests: Amounts, limits: Amounts) -> Iterator[str]:
    for name, amount in sorted(mapping_at(item, "min").items()):
        least = _read(amount)
        head = f"minimum {name} usage per {kind} is {least}"
        if name not in requests:
            yield f"{head}.  No request is specified"
        elif _read(requests[name]) < least:
            yield f"{head}, but request is {_read(requests[name])}"
        elif name in limits and _read(limits[name]) < least:
            yield f"{head}, but limit is {_read(limits[name])}"


def _most(kind: str, item: Manifest, requests: Amounts, limits: Amounts) -> Iterator[str]:
    for name, amount in sorted(mapping_at(item, "max").items()):
        most = _read(amount)
        head = f"maximum {name} usage per {kind} is {most}"
        if name not in limits:
            yield f"{head}.  No limit is specified"
        elif most < _read(limits[name]):
            yield f"{head}, but limit is {_read(limits[name])}"
        elif name in requests and most < _read(requests[name]):
            yield f"{head}, but request is {_read(requests[name])}"


def _most_requested(kind: str, item: Manifest, requests: Amounts) -> Iterator[str]:
    for name, amount in sorted(mapping_at(item, "max").items()):
        most = _read(amount)
        head = f"maximum {name} usage per {kind} is {most}"
        if name not in requests:
            yield f"{head}.  No request is specified"
        elif most < _read(requests[name]):
            yield f"{head}, but request is {_read(requests[name])}"


def _ratio(kind: str, item: Manifest, requests: Amounts, limits: Amounts) -> Iterator[str]:
    for name, amount in sorted(mapping_at(item, "maxLimitRequestRatio").items()):
        most = _read(amount)
        head = f"{name} max limit to request ratio per {kind} is {most}, but"
        asked, capped = (_read(amounts.get(name, "0")) for amounts in (requests, limits))
        if not asked.nano:
            yield f"{head} no request is specified or request is 0"
        elif not capped.nano:
            yield f"{head} no limit is specified or limit is 0"
        elif capped.nano / asked.nano > most.nano / quantities.NANO:
            yield f"{head} provided ratio is {capped.nano / asked.nano:f}"


def _total(pod: Manifest, part: str) -> dict[str, Json]:
    """Return what the containers of a pod ask for together; those that run first, each alone."""
    running: dict[str, Quantity] = {}
    for each in objects_at(pod, "spec", "containers"):
        for name, amount in mapping_at(each, "resources", part).items():
            running[name] = running[name] + _read(amount) if name in running else _read(amount)
    for each in objects_at(pod, "spec", "initContainers"):
        for name, amount in mapping_at(each, "resources", part).items():
            if name not in running or running[name] < _read(amount):
                running[name] = _read(amount)
    return {name: str(amount) for name, amount in running.items()}


def _read(amount: Json) -> Quantity:
    try:
        return quantities.parse(str(amount))
    except InputError:
        return quantities.parse("0")
