"""What the API server fills in: only the defaults that controllers and people look at.

Every default is a pure function of the object, so that applying the same manifest again changes nothing. Those that
come with decoding belong to the client that sent the object; what the server allocates afterwards belongs to nobody.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import at, items_at, mapping_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import (
    CLUSTER_ROLE,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    NAMESPACE,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    REPLICA_SET,
    RESOURCE_QUOTA,
    ROLE,
    SECRET,
    SERVICE,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import NAMESPACE_NAME

__all__ = ["with_allocations", "with_defaults", "with_encoded_data"]


def with_encoded_data(manifest: Manifest) -> Manifest:
    """Return a Secret with its write-only ``stringData`` moved to ``data``; anything else as it is."""
    if group_kind(manifest) != SECRET or not manifest.get("stringData"):
        return manifest
    plain = {name: base64.b64encode(str(text).encode()).decode() for name, text in manifest["stringData"].items()}
    rest = {name: value for name, value in manifest.items() if name != "stringData"}
    return {**rest, "data": {**(mapping_at(manifest, "data")), **plain}}


def with_allocations(manifest: Manifest, address: str) -> Manifest:
    """Return an object with what the server allocates.

    Args:
        manifest: the object with its defaults.
        address: the cluster IP for a Service that has none yet.

    """
    kind = group_kind(manifest)
    if kind == NAMESPACE:
        if manifest.get("status"):
            return manifest
        spec = {**mapping_at(manifest, "spec"), "finalizers": ["kubernetes"]}
        return {**manifest, "spec": spec, "status": {"phase": "Active"}}
    if kind != SERVICE:
        return manifest
    spec = mapping_at(manifest, "spec")
    if "clusterIP" in spec or spec.get("type") == "ExternalName":
        return manifest
    return {**manifest, "spec": {**spec, "clusterIP": address}}


def with_defaults(manifest: Manifest) -> Manifest:
    """Return an object with the defaults that it gets when it is decoded."""
    kind = group_kind(manifest)
    if kind == SECRET:
        return {"type": "Opaque", **manifest} if "type" not in manifest else manifest
    if kind == SERVICE:
        return {**manifest, "spec": _service(mapping_at(manifest, "spec"))}
    if kind == NAMESPACE:
        meta = manifest["metadata"]
        labels = {**(mapping_at(meta, "labels")), NAMESPACE_NAME: meta["name"]}
        return {**manifest, "metadata": {**meta, "labels": labels}}
    if kind in (ROLE, CLUSTER_ROLE) and manifest.get("rules") == []:
        return {name: value for name, value in manifest.items() if name != "rules"}  # as protobuf stores it: not at all
    manifest = _canonical(manifest, _RESOURCES.get(kind, ()))
    if kind in _PODS:
        manifest = _without_empty_values(manifest, _PODS[kind])
    if kind == POD:
        manifest = _with_requests(manifest)
    defaults = _SPEC_DEFAULTS.get(kind)
    if defaults is None:
        return manifest
    filled = {**manifest, "spec": {**defaults, **(mapping_at(manifest, "spec"))}}
    # The types have a status that is never left out; that of other kinds here is written by their controllers.
    return {"status": {}, **filled} if kind == CRON_JOB else filled


def _with_requests(pod: Manifest) -> Manifest:
    """Return a pod whose containers ask for what they are limited to, where they do not say what they ask for."""
    spec = mapping_at(pod, "spec")
    changed: dict[str, Json] = {}
    for part in ("containers", "initContainers"):
        items = [_asking(item) for item in items_at(spec, part)]
        if any(new is not old for new, old in zip(items, items_at(spec, part), strict=True)):
            changed[part] = items
    return {**pod, "spec": {**spec, **changed}} if changed else pod


def _without_empty_values(manifest: Manifest, path: tuple[str, ...]) -> Manifest:
    """Return an object whose variables have no empty values: Go's ``omitempty`` keeps them out of what is stored."""
    if not path:
        parts = ("containers", "initContainers", "ephemeralContainers")
        changed = {part: items for part in parts if (items := _with_values(items_at(manifest, part))) is not None}
        return {**manifest, **changed} if changed else manifest
    inner = mapping_at(manifest, path[0])
    found = _without_empty_values(inner, path[1:])
    return manifest if found is inner or not inner else {**manifest, path[0]: found}


def _with_values(containers: list[Json]) -> list[Json] | None:
    """Return containers without the empty values of their variables; None where there are none."""
    if not any(at(variable, "value") == "" for each in containers for variable in items_at(each, "env")):
        return None
    return [
        {**each, "env": [_with_value(variable) for variable in items_at(each, "env")]} if "env" in each else each
        for each in containers
    ]


def _with_value(variable: Json) -> Json:
    if at(variable, "value") != "":
        return variable
    return {name: item for name, item in variable.items() if name != "value"}


def _asking(container: Json) -> Json:
    limits, requests = mapping_at(container, "resources", "limits"), mapping_at(container, "resources", "requests")
    missing = {name: amount for name, amount in limits.items() if name not in requests}
    if not missing:
        return container
    return {**container, "resources": {**mapping_at(container, "resources"), "requests": {**requests, **missing}}}


def _canonical(value: Json, path: tuple[str, ...]) -> Json:
    """Return an object with its quantities in their canonical form; the very same where they are.

    Args:
        value: the object, or a part of it.
        path: where its quantities are; ``*`` is each item of a list, or each value of a map.

    """
    if not path:
        return _quantity(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else value
    if path[0] == "*" and isinstance(value, list):
        items = [_canonical(item, path[1:]) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not isinstance(value, dict):
        return value
    names = value if path[0] == "*" else [name for name in path[0].split("|") if name in value]
    changed = {name: new for name in names if (new := _canonical(value[name], path[1:])) is not value[name]}
    return {**value, **changed} if changed else value


def _quantity(value: str | float) -> Json:
    text = _canonical_text(str(value))
    return value if text == value else text


@lru_cache(maxsize=4096)
def _canonical_text(text: str) -> str:
    try:
        return str(quantities.parse(text))
    except InputError:
        return text


def _service_port(port: Json) -> Json:
    if "protocol" in port and "targetPort" in port:
        return port
    filled = {"protocol": "TCP", **port}
    return {**filled, "targetPort": port["port"]} if not port.get("targetPort") and "port" in port else filled


def _service(spec: Json) -> Json:
    filled = {"type": "ClusterIP", "sessionAffinity": "None", **spec}
    if filled.get("ports"):
        filled["ports"] = [_service_port(port) for port in filled["ports"]]
    return filled


_PODS: dict[GroupKind, tuple[str, ...]] = {
    POD: ("spec",),
    **dict.fromkeys((DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB), ("spec", "template", "spec")),
    CRON_JOB: ("spec", "jobTemplate", "spec", "template", "spec"),
}
_OF_PODS = ("containers|initContainers", "*", "resources", "limits|requests", "*")
_RESOURCES: dict[GroupKind, tuple[str, ...]] = {
    **{kind: (*path, *_OF_PODS) for kind, path in _PODS.items()},
    PERSISTENT_VOLUME_CLAIM: ("spec", "resources", "limits|requests", "*"),
    RESOURCE_QUOTA: ("spec", "hard", "*"),
}
_SPEC_DEFAULTS: dict[GroupKind, Json] = {
    DEPLOYMENT: {
        "replicas": 1,
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    },
    REPLICA_SET: {"replicas": 1},
    STATEFUL_SET: {
        "replicas": 1,
        "podManagementPolicy": "OrderedReady",
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
    },
    DAEMON_SET: {"revisionHistoryLimit": 10, "updateStrategy": {"type": "RollingUpdate"}},
    JOB: {"completions": 1, "parallelism": 1, "backoffLimit": 6, "suspend": False},
    CRON_JOB: {"concurrencyPolicy": "Allow", "suspend": False},
    PERSISTENT_VOLUME_CLAIM: {"volumeMode": "Filesystem"},
}
