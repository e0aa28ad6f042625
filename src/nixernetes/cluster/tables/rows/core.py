"""Kinds of the core group: addresses, nodes, volumes, what namespaces hold."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.tables.rows.parts import NONE, UNSET, Ages, Cells, addresses, created, labels, more
from nixernetes.cluster.tables.rows.pods import pod
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import OLD_STORAGE_CLASS

__all__ = ["CORE", "event", "joined"]

_UNKNOWN: Final = "<unknown>"
_ROLE: Final = "node-role.kubernetes.io/"
_OLD_ROLE: Final = "kubernetes.io/role"
_MODES: Final = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


def _config_map(item: Manifest, ages: Ages) -> list[Json]:
    return [len(mapping_at(item, "data")) + len(mapping_at(item, "binaryData")), created(item, ages)]


def _secret(item: Manifest, ages: Ages) -> list[Json]:
    return [text_at(item, "type"), len(mapping_at(item, "data")), created(item, ages)]


def _service_account(item: Manifest, ages: Ages) -> list[Json]:
    return [len(items_at(item, "secrets")), created(item, ages)]


def _namespace(item: Manifest, ages: Ages) -> list[Json]:
    return [text_at(item, "status", "phase"), created(item, ages)]


def _component_status(item: Manifest, ages: Ages) -> list[Json]:
    del ages
    found = next((each for each in objects_at(item, "conditions") if text_at(each, "type") == "Healthy"), None)
    if found is None:
        return ["Unknown", "", ""]
    word = "Healthy" if text_at(found, "status") == "True" else "Unhealthy"
    return [word, text_at(found, "message"), text_at(found, "error")]


def _service(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    ports = ",".join(_service_port(each) for each in objects_at(spec, "ports"))
    internal = next(iter(items_at(spec, "clusterIPs")), NONE)
    kind, outside = text_at(spec, "type"), _external(item)
    return [kind, internal, outside, ports or NONE, created(item, ages), labels(mapping_at(spec, "selector"))]


def _service_port(port: Manifest) -> str:
    on_node = number_at(port, "nodePort")
    told = f":{on_node}" if on_node > 0 else ""
    return f"{number_at(port, 'port')}{told}/{text_at(port, 'protocol')}"


def _external(item: Manifest) -> str:
    own = [str(each) for each in items_at(item, "spec", "externalIPs")]
    match text_at(item, "spec", "type"):
        case "ClusterIP" | "NodePort":
            return ",".join(own) or NONE
        case "LoadBalancer":
            balanced = addresses(item)
            return ",".join([*([balanced] if balanced else []), *own]) or "<pending>"
        case "ExternalName":
            return text_at(item, "spec", "externalName")
    return _UNKNOWN


def _endpoints(item: Manifest, ages: Ages) -> list[Json]:
    found: list[str] = []
    for subset in objects_at(item, "subsets"):
        hosts = [text_at(each, "ip") for each in objects_at(subset, "addresses")]
        ports = [number_at(each, "port") for each in objects_at(subset, "ports")]
        found += [joined(host, port) for port in ports for host in hosts] if ports else hosts
    return [more(found, "" if objects_at(item, "subsets") else NONE), created(item, ages)]


def joined(host: str, port: int) -> str:
    """Return a host and a port in one."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _node(item: Manifest, ages: Ages) -> list[Json]:
    ready = next((each for each in objects_at(item, "status", "conditions") if text_at(each, "type") == "Ready"), None)
    status = "Unknown" if ready is None else "Ready" if text_at(ready, "status") == "True" else "NotReady"
    if flag_at(item, "spec", "unschedulable"):
        status += ",SchedulingDisabled"
    told = mapping_at(item, "status", "nodeInfo")
    hosts = reversed(objects_at(item, "status", "addresses"))
    seen = {text_at(each, "type"): text_at(each, "address") for each in hosts}
    return [
        status,
        ",".join(sorted(_roles(item))) or NONE,
        created(item, ages),
        text_at(told, "kubeletVersion"),
        *(seen.get(kind, NONE) for kind in ("InternalIP", "ExternalIP")),
        *(text_at(told, name) or _UNKNOWN for name in ("osImage", "kernelVersion", "containerRuntimeVersion")),
    ]


def _roles(item: Manifest) -> set[str]:
    found = {key.removeprefix(_ROLE) for key in labels_of(item) if key.startswith(_ROLE)}
    found.add(labels_of(item).get(_OLD_ROLE, ""))
    return found - {""}


def _volume(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    claim = mapping_at(spec, "claimRef")
    return [
        text_at(spec, "capacity", "storage") or "0",
        _modes(items_at(spec, "accessModes")),
        text_at(spec, "persistentVolumeReclaimPolicy"),
        _phase(item),
        f"{text_at(claim, 'namespace')}/{text_at(claim, 'name')}" if claim else "",
        annotations_of(item).get(OLD_STORAGE_CLASS) or text_at(spec, "storageClassName"),
        text_at(spec, "volumeAttributesClassName") or UNSET,
        text_at(item, "status", "reason"),
        created(item, ages),
        text_at(spec, "volumeMode") or UNSET,
    ]


def _claim(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    is_bound = bool(text_at(spec, "volumeName"))
    return [
        _phase(item),
        text_at(spec, "volumeName"),
        (text_at(item, "status", "capacity", "storage") or "0") if is_bound else "",
        _modes(items_at(item, "status", "accessModes")) if is_bound else "",
        annotations_of(item).get(OLD_STORAGE_CLASS) or text_at(spec, "storageClassName"),
        text_at(spec, "volumeAttributesClassName") or UNSET,
        created(item, ages),
        text_at(spec, "volumeMode") or UNSET,
    ]


def _phase(item: Manifest) -> str:
    return "Terminating" if at(item, "metadata", "deletionTimestamp") else text_at(item, "status", "phase")


def _modes(modes: list[Json]) -> str:
    return ",".join(short for name, short in _MODES.items() if name in modes)


def _quota(item: Manifest, ages: Ages) -> list[Json]:
    hard, used = mapping_at(item, "status", "hard"), mapping_at(item, "status", "used")
    told = {name: f"{name}: {used.get(name, '0')}/{hard[name]}" for name in sorted(hard)}
    limits = [text for name, text in told.items() if name.startswith("limits.")]
    rest = [text for name, text in told.items() if not name.startswith("limits.")]
    return [", ".join(rest), ", ".join(limits), created(item, ages)]


def event(item: Manifest, ages: Ages) -> list[Json]:
    """Return the cells of an Event, in either of its versions; its name is the last of them."""
    about = mapping_at(item, "involvedObject") or mapping_at(item, "regarding")
    first = at(item, "firstTimestamp") or at(item, "deprecatedFirstTimestamp") or at(item, "eventTime")
    last = at(item, "lastTimestamp") or at(item, "deprecatedLastTimestamp") or first
    series = mapping_at(item, "series")
    count = number_at(item, "count") or number_at(item, "deprecatedCount") or 1
    if series:
        last, count = at(series, "lastObservedTime"), number_at(series, "count")
    source = mapping_at(item, "source") or mapping_at(item, "deprecatedSource")
    component = text_at(source, "component") or text_at(item, "reportingComponent")
    component = component or text_at(item, "reportingController")
    instance = text_at(source, "host") or text_at(item, "reportingInstance")
    name = text_at(about, "name")
    return [
        ages(last),
        text_at(item, "type"),
        text_at(item, "reason"),
        text_at(about, "kind").lower() + (f"/{name}" if name else ""),
        text_at(about, "fieldPath"),
        f"{component}, {instance}" if instance else component,
        (text_at(item, "message") or text_at(item, "note")).strip(),
        ages(first),
        count,
        text_at(item, "metadata", "name"),
    ]


CORE: Final[dict[str, Cells]] = {
    "ComponentStatus": _component_status,
    "ConfigMap": _config_map,
    "Endpoints": _endpoints,
    "Namespace": _namespace,
    "Node": _node,
    "PersistentVolume": _volume,
    "PersistentVolumeClaim": _claim,
    "Pod": pod,
    "ResourceQuota": _quota,
    "Secret": _secret,
    "Service": _service,
    "ServiceAccount": _service_account,
}
"""The cells of each kind of the core group, but Events."""
