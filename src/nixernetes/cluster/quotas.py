"""ResourceQuotas: how much of what a namespace may hold (``plugin/pkg/admission/resourcequota``, 1.34).

What is used is counted when it is asked for; no status is kept. Counted are objects (``count/<resource>``, the names of
old for seven kinds), Services by type, what pods request and are limited to, and what claims request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.validation import resource_name
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.languages.quantities import Quantity
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import PERSISTENT_VOLUME_CLAIM, POD, RESOURCE_QUOTA, SERVICE
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["charge", "check_quota"]

_MANAGER: Final = "kube-apiserver"
_ONE: Final = quantities.parse("1")
_NONE: Final = quantities.parse("0")
_BY_NAME: Final = ("ConfigMap", "PersistentVolumeClaim", "Pod", "ReplicationController", "ResourceQuota", "Secret")
_SCOPES: Final = ("scopes", "scopeSelector")
_COMPUTE: Final = ("cpu", "memory", "ephemeral-storage")


class Store(Protocol):
    """What a quota counts in."""

    def list(self, kind: GroupKind, *, namespace: str | None = None) -> list[Manifest]:
        """Return the objects of a kind in a namespace."""
        ...

    def update(self, manifest: Manifest, *, manager: str, subresource: str = "", tracked: bool = False) -> Manifest:
        """Replace an object, or its status."""
        ...


def check_quota(store: Store, manifest: Manifest, key: ObjectKey) -> None:
    """Refuse a new object that is more than a quota of its namespace lets in.

    Raises:
        ApiError: Forbidden.

    """
    asked = _usage(manifest, key.group_kind)
    for quota in store.list(RESOURCE_QUOTA, namespace=key.namespace):
        if any(quota.get("spec", {}).get(name) for name in _SCOPES):
            continue  # which pods it is about depends on more than is simulated
        hard = {name: _read(text) for name, text in mapping_at(quota, "spec", "hard").items()}
        told = _exceeded(hard, asked, lambda: store.list(key.group_kind, namespace=key.namespace))
        unsaid = _unsaid(manifest, hard) if key.group_kind == POD and not told else ""
        if told or unsaid:
            name = text_at(quota, "metadata", "name")
            what = f"exceeded quota: {name}, {told}" if told else f"failed quota: {name}: must specify {unsaid}"
            message = f'{resource_name(key.group_kind)} "{key.name}" is forbidden: {what}'
            plural = resource_name(key.group_kind).partition(".")[0]
            details = Details(name=key.name, group=key.group, kind=plural)
            raise ApiError("Forbidden", message, subject=str(key), details=details)


def charge(store: Store, key: ObjectKey, manifest: Manifest) -> None:
    """Count one more object in the quotas of its namespace."""
    for quota in store.list(RESOURCE_QUOTA, namespace=key.namespace):
        new = _charged(quota, manifest, key.group_kind)
        if new is not quota:
            store.update(new, manager=_MANAGER, subresource="status", tracked=True)


def _charged(quota: Manifest, manifest: Manifest, kind: GroupKind) -> Manifest:
    """Return a quota whose status counts one more object, as admission writes it before a controller counts anew."""
    hard, used = mapping_at(quota, "status", "hard"), mapping_at(quota, "status", "used")
    if not hard or any(quota.get("spec", {}).get(name) for name in _SCOPES):
        return quota
    asked = _usage(manifest, kind)
    more = {
        name: str(_read(used.get(name, "0")) + asked[name]) for name in used if name in asked and asked[name] != _NONE
    }
    return {**quota, "status": {**quota["status"], "used": {**used, **more}}} if more else quota


def _exceeded(hard: dict[str, Quantity], asked: dict[str, Quantity], there: Callable[[], Iterable[Manifest]]) -> str:
    """Return what is asked for, used and allowed of what there is too much, or ``""``."""
    counted = sorted(name for name in hard if name in asked and asked[name] != _NONE)
    if not counted:
        return ""
    used = dict.fromkeys(counted, _NONE)
    for item in there():
        usage = _usage(item, GroupKind(_group(item), item["kind"]))
        used = {name: amount + usage.get(name, _NONE) for name, amount in used.items()}
    over = [name for name in counted if hard[name] < used[name] + asked[name]]
    if not over:
        return ""
    shown = (
        (word, ",".join(f"{name}={amounts[name]}" for name in over))
        for word, amounts in (("requested", asked), ("used", used), ("limited", hard))
    )
    return ", ".join(f"{word}: {amounts}" for word, amounts in shown)


def _group(item: Manifest) -> str:
    return str(item["apiVersion"]).rpartition("/")[0]


def _usage(manifest: Manifest, kind: GroupKind) -> dict[str, Quantity]:
    """Return how much of what an object takes."""
    if kind == POD and text_at(manifest, "status", "phase") in ("Succeeded", "Failed"):
        return {}
    found = {f"count/{resource_name(kind)}": _ONE}
    if not kind.group and kind.kind in (*_BY_NAME, "Service"):
        found[resource_name(kind)] = _ONE
    if kind == SERVICE:
        found |= _of_service(text_at(manifest, "spec", "type"))
    elif kind == PERSISTENT_VOLUME_CLAIM:
        found["requests.storage"] = _read(mapping_at(manifest, "spec", "resources", "requests").get("storage"))
    elif kind == POD:
        found |= dict(_of_pod(mapping_at(manifest, "spec")))
    return found


def _of_service(kind: str) -> dict[str, Quantity]:
    found = {}
    if kind == "LoadBalancer":
        found["services.loadbalancers"] = _ONE
    if kind in ("LoadBalancer", "NodePort"):
        found["services.nodeports"] = _ONE
    return found


def _of_pod(spec: Json) -> Iterator[tuple[str, Quantity]]:
    for part in ("requests", "limits"):
        for name in _COMPUTE:
            running = [_amount(each, part, name) for each in objects_at(spec, "containers")]
            first = [_amount(each, part, name) for each in objects_at(spec, "initContainers")]
            amount = max([sum(running, _NONE), *first], key=lambda each: each.nano)
            yield f"{part}.{name}", amount
            if part == "requests":
                yield name, amount


def _amount(container: Json, part: str, name: str) -> Quantity:
    given = mapping_at(container, "resources", part).get(name)
    if given is None and part == "requests":  # a limit alone is what is requested, too
        given = mapping_at(container, "resources", "limits").get(name)
    return _read(given)


def _unsaid(pod: Manifest, hard: dict[str, Quantity]) -> str:
    """Return what the containers of a pod must say, since a quota counts it, and which do not."""
    missing = []
    for name in sorted(hard):
        part, _, resource = name.rpartition(".")
        if resource not in _COMPUTE or part not in ("", "limits", "requests"):
            continue
        without = [
            text_at(each, "name")
            for each in objects_at(pod, "spec", "containers")
            if _amount(each, part or "requests", resource) == _NONE
        ]
        if without:
            missing.append(f"{name} for: {','.join(without)}")
    return "; ".join(missing)


def _read(amount: Json) -> Quantity:
    try:
        return quantities.parse(str(amount)) if amount is not None else _NONE
    except InputError:
        return _NONE
