"""Objects on which a rule and its translation are compared: made of what the rule reads, of types as the schemas say.

Nothing is left to chance: what a field holds in the nth object follows from its path and n. The first object has none
of the fields, the second all of them; in the others some are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from nixernetes.kyverno.engine.autogen import CONTROLLERS
from nixernetes.kyverno.engine.patterns import anchor_of
from nixernetes.kyverno.engine.wildcards import has_wildcard
from nixernetes.languages import json_pointer
from nixernetes.objects import schema
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.schemas.schemas import Schemas

__all__ = ["adds_in_lists", "samples_of"]

SamplePath = tuple[str, ...]  # the steps of a field; EACH for the items of a list

EACH: Final = "*"
_COUNT: Final = 16  # objects of each kind
_MOST_KINDS: Final = 4
_DEEPEST: Final = 24
_ROOT: Final = re.compile(r"\b(?:request\.(?:object|oldObject)|element\d*|target)\b")
_STEP: Final = re.compile(r"\.\"([^\"]+)\"|\.([A-Za-z_]\w*)|\[([^\[\]]*)\]|\.\[([^\[\]]*)\]")
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
_CONTEXT: Final[dict[str, Json]] = {
    "privileged": None,
    "allowPrivilegeEscalation": None,
    "runAsNonRoot": None,
    "runAsUser": 0,
    "procMount": "Default | Unmasked",
    "capabilities": {"add": ["NET_ADMIN | CHOWN | NET_BIND_SERVICE"], "drop": ["ALL | KILL"]},
    "seccompProfile": {"type": "RuntimeDefault | Unconfined"},
    "seLinuxOptions": {"type": "container_t | spc_t", "user": "x", "role": "x"},
    "windowsOptions": {"hostProcess": None},
    "appArmorProfile": {"type": "Unconfined | RuntimeDefault"},
}
_OF_SECURITY: Final[tuple[Json, ...]] = (  # patterns of all that the Pod Security Standards look at
    {"spec": {each: [{"securityContext": _CONTEXT, "ports": [{"hostPort": 80}]}] for each in _CONTAINERS[:2]}},
    {
        "spec": {
            "securityContext": {
                **{key: _CONTEXT[key] for key in ("runAsNonRoot", "runAsUser", "seccompProfile", "seLinuxOptions")},
                "sysctls": [{"name": "net.core.somaxconn | kernel.shm_rmid_forced"}],
            },
            "hostNetwork": None,
            "hostPID": None,
            "volumes": [{"hostPath": {"path": "/x"}, "emptyDir": {}}],
        }
    },
)
_QUOTED: Final = re.compile(r"'([^']*)'|`([^`]*)`")
_NUMBER: Final = re.compile(r"\d+")
_OPERATOR: Final = re.compile(r"^(?:>=|<=|>|<|!)\s*")
_DEFAULTS: Final[dict[str, dict[str, Json]]] = {  # what an API server says where nobody does, and rules rely on
    **{kind: {"replicas": 1} for kind in ("Deployment", "StatefulSet", "ReplicaSet")},
    "Service": {"type": "ClusterIP"},
}
_ROLE: Final = ("verbs", "apiGroups", "resources")
_LABELS: Final = {"sample-of": "migration"}
_PLAIN: Final = ("", "x", "a-1", "5m", "10")
_NUMBERS: Final = (0, 1, 2, 3, 8080)
_NOT_READ: Final = ("apiVersion", "kind", "name", "namespace", "generateName")


@dataclass(slots=True)
class _Read:
    """What a rule reads: paths from the object that it is about, with values that they are compared with."""

    paths: dict[SamplePath, list[Json]]
    texts: list[str]
    is_single: bool = False  # lists have one element: Kyverno decides ``+(key)`` once for all of them


def samples_of(rule: Mapping[str, Json], controllers: list[str]) -> list[Manifest]:
    """Return objects of the kinds that a rule is about, and of the controllers that are derived from it.

    Args:
        rule: the rule.
        controllers: kinds of what makes pods.

    """
    held = dict(rule)
    read = _read(held)
    found: list[Manifest] = []
    for api_version, kind in _kinds(held)[:_MOST_KINDS]:
        objects = [_sample(api_version, kind, number, read, held) for number in range(_COUNT)]
        found += objects
        if kind == "Pod":
            for place, controller in enumerate(controllers):
                found += [_around(each, controller) for each in objects[: 3 if place > 1 else _COUNT // 2]]
    server = Schemas()
    return [each for each in found if not server.refusals(each)]


def _kinds(rule: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return API version and kind of what a rule names; of a kind with wildcards those that are known and fit."""
    known = {kind: f"{group}/{version}" if group else version for group, version, kind in schema.known_kinds()}
    found: dict[tuple[str, str], None] = {}
    match = mapping_at(dict(rule), "match")
    for block in (match, *objects_at(match, "any"), *objects_at(match, "all")):
        for named in items_at(block, "resources", "kinds"):
            parts = str(named).split("/")
            kind = parts[-1] if len(parts) < _MOST_KINDS and "." not in parts[-1] else ""
            if kind == "*":
                roles = (f"{RBAC}/v1", "ClusterRole")
                found |= dict.fromkeys([("v1", "ConfigMap"), ("v1", "Pod"), roles])
            elif kind and not has_wildcard(named.rpartition("/")[0] if isinstance(named, str) else ""):
                given = "/".join(parts[:-1])
                api_version = given if "/" in given or given == "v1" else known.get(kind, "")
                if api_version:
                    found[(api_version, kind)] = None
    return [*found]


def _read(rule: Mapping[str, Json]) -> _Read:
    read = _Read(paths={}, texts=[])
    validate, mutate = mapping_at(dict(rule), "validate"), mapping_at(dict(rule), "mutate")
    for pattern in (at(validate, "pattern"), *items_at(validate, "anyPattern"), at(mutate, "patchStrategicMerge")):
        _of_pattern(pattern, (), read)
    for part in ("validate", "mutate"):
        _of_loops(objects_at(dict(rule), part, "foreach"), read)
    read.is_single = adds_in_lists(rule)
    if mapping_at(validate, "podSecurity"):
        for pattern in _OF_SECURITY:
            _of_pattern(pattern, (), read)
    patch = text_at(mutate, "patchesJson6902")
    for pointer in re.findall(r"path:\s*[\"']?(/[^\s\"',}]+)", patch):
        steps = tuple(EACH if step.isdecimal() or step == "-" else step for step in json_pointer.steps(pointer))
        _note(read, steps, None)
    _of_texts(rule, ((),), read)
    for block in _blocks(rule):
        for key, value in mapping_at(block, "selector", "matchLabels").items():
            _note(read, ("metadata", "labels", key), value)
        for each in objects_at(block, "selector", "matchExpressions"):
            for value in items_at(each, "values") or [None]:
                _note(read, ("metadata", "labels", text_at(each, "key")), value)
        for key, value in mapping_at(block, "annotations").items():
            _note(read, ("metadata", "annotations", key), value)
    return read


def adds_in_lists(rule: Mapping[str, Json]) -> bool:
    """Tell whether a mutation has ``+(key)`` inside of a list."""
    mutate = mapping_at(dict(rule), "mutate")
    waiting: list[tuple[Json, bool]] = [(at(mutate, "patchStrategicMerge"), False)]
    waiting += [(at(each, "patchStrategicMerge"), False) for each in objects_at(mutate, "foreach")]
    while waiting:
        found, is_inside = waiting.pop()
        if isinstance(found, dict):
            if is_inside and any(anchor_of(key)[0] == "+" for key in found):
                return True
            waiting += [(each, is_inside) for each in found.values()]
        elif isinstance(found, list):
            waiting += [(each, True) for each in found]
    return False


def _blocks(rule: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    for part in ("match", "exclude"):
        held = mapping_at(dict(rule), part)
        for block in (held, *objects_at(held, "any"), *objects_at(held, "all")):
            yield mapping_at(block, "resources")


def _note(read: _Read, path: SamplePath, value: Json) -> None:
    if path and len(path) < _DEEPEST and not any(has_wildcard(step) and step != EACH for step in path):
        held = read.paths.setdefault(path, [])
        if value is not None and not isinstance(value, dict | list) and value not in held:
            held.append(value)


def _of_pattern(pattern: Json, path: SamplePath, read: _Read) -> None:
    if len(path) > _DEEPEST:
        return
    if isinstance(pattern, dict):
        _note(read, path, None)
        for key, value in pattern.items():
            _of_pattern(value, (*path, anchor_of(key)[1]), read)
    elif isinstance(pattern, list):
        for each in pattern:
            _of_pattern(each, (*path, EACH), read)
    else:
        _note(read, path, pattern)


def _of_loops(loops: list[dict[str, Json]], read: _Read, roots: tuple[SamplePath, ...] = ((),)) -> None:
    for loop in loops:
        places = tuple(_paths_in(text_at(loop, "list"), roots)) or ((),)
        items = tuple(path if path and path[-1] == EACH else (*path, EACH) for path in places)
        for place in items:
            for part in ("pattern", "anyPattern"):
                for pattern in items_at(loop, part) or [at(loop, part)]:
                    _of_pattern(pattern, place, read)
        _of_texts({key: value for key, value in loop.items() if key != "foreach"}, items, read)
        _of_loops(objects_at(loop, "foreach"), read, items)


def _of_texts(data: Json, roots: tuple[SamplePath, ...], read: _Read) -> None:
    """Note the paths in expressions, and the values of conditions with the paths of their keys."""
    waiting: list[Json] = [data]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += found.values()
            if "operator" in found and "key" in found:
                values = found.get("value")
                for path in _paths_in(str(found["key"]), roots):
                    for value in values if isinstance(values, list) else [values]:
                        _note(read, path, value)
        elif isinstance(found, list):
            waiting += found
        elif isinstance(found, str):
            for path in _paths_in(found, roots):
                _note(read, path, None)
            read.texts += [one or other for one, other in _QUOTED.findall(found) if "{{" in found]


def _paths_in(text: str, roots: tuple[SamplePath, ...]) -> Iterator[SamplePath]:
    for found in _ROOT.finditer(text):
        paths: list[SamplePath] = [()] if found[0].startswith(("request", "target")) else [*roots]
        end = found.end()
        while step := _STEP.match(text, end):
            end = step.end()
            quoted, plain, index, chosen = step.groups()
            names = re.findall(r"[A-Za-z_]\w*", chosen) if chosen is not None else [quoted or plain]
            if index is None:
                paths = [(*path, name) for path in paths for name in names]
            elif not (paths and paths[0][-1:] == (EACH,)):
                paths = [(*path, EACH) for path in paths]
        yield from paths


def _pick(number: int, path: SamplePath, count: int, salt: str = "") -> int:
    return crc32(f"{number}/{'/'.join(path)}/{salt}".encode()) % count


def _sample(api_version: str, kind: str, number: int, read: _Read, rule: Mapping[str, Json]) -> Manifest:
    group, version = split_api_version(api_version)
    shape = schema.of(f"{group}/{version}" if group else version, kind)
    names = [str(name) for block in _blocks(rule) for name in (*items_at(block, "names"), block.get("name") or "")]
    spaces = [str(space) for block in _blocks(rule) for space in items_at(block, "namespaces")]
    meta: dict[str, Json] = {"name": _named(names, number)}
    if not is_cluster_scoped(GroupKind(group, kind)):
        meta["namespace"] = _named(spaces, number, "default").partition(".")[0]
    base = _needed(kind, 0 if read.is_single else number, shape)
    made: dict[str, Json] = {"apiVersion": api_version, "kind": kind, "metadata": meta, **base}
    for path in sorted(read.paths):
        if path[0] == "metadata" and (len(path) < 3 or path[1] in _NOT_READ):
            continue
        if path[0] not in ("apiVersion", "kind") and path != ("spec", "containers"):
            _put(made, path, (), number, shape, read)
    _complete(made, shape)
    for name, value in _DEFAULTS.get(kind, {}).items():
        mapping_at(made, "spec").setdefault(name, value)
    return made


def _pod_spec(number: int, **more: Json) -> dict[str, Json]:
    name = "main" if number % 3 == 1 else "c"
    containers = [{"name": f"{name}{index}", "image": f"image-{index}"} for index in range(1 + number % 2)]
    return {"containers": list[Json](containers), **more}


def _needed(kind: str, number: int, shape: schema.Field | None) -> dict[str, Json]:
    """Return what an object of a kind cannot be without."""
    backend: dict[str, Json] = {"service": {"name": "a", "port": {"number": 80}}}
    match kind:
        case "Pod":
            return {"spec": _pod_spec(number)}
        case "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet":
            template: dict[str, Json] = {"metadata": {"labels": dict[str, Json](_LABELS)}, "spec": _pod_spec(number)}
            return {"spec": {"selector": {"matchLabels": dict[str, Json](_LABELS)}, "template": template}}
        case "Job" | "CronJob":
            job: dict[str, Json] = {"template": {"metadata": {}, "spec": _pod_spec(number, restartPolicy="Never")}}
            return {"spec": job if kind == "Job" else {"schedule": "* * * * *", "jobTemplate": {"spec": job}}}
        case "Service":
            return {"spec": {"ports": [{"port": 80}]}}
        case "Ingress":
            return {"spec": {"defaultBackend": backend}}
        case "PersistentVolumeClaim":
            claim: dict[str, Json] = {"requests": {"storage": "1Gi"}}
            return {"spec": {"accessModes": ["ReadWriteOnce"], "resources": claim}}
        case "RoleBinding" | "ClusterRoleBinding":
            return {"roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "view"}}
        case _:
            return {"spec": {}} if shape is None or shape.declares("spec") else {}


def _named(wanted: list[str], number: int, default: str = "sample") -> str:
    """Return a name: every second time one that fits what is wanted."""
    texts = [each for each in wanted if each]
    if not texts or number % 2:
        return f"{default}-{number}" if default == "sample" else default
    return texts[number // 2 % len(texts)].replace("*", "a").replace("?", "b").lower() or default


def _put(
    node: Json, path: SamplePath, before: SamplePath, number: int, shape: schema.Field | None, read: _Read
) -> None:
    """Put what belongs there at a path below a part of an object."""
    step, rest = path[0], path[1:]
    if isinstance(node, list):
        for index, item in enumerate(node):
            if step == EACH and rest:
                _put(item, rest, (*before, str(index)), number, shape.items() if shape else None, read)
        return
    if not isinstance(node, dict) or step == EACH:
        return
    inner = shape.field(step) if shape is not None else None
    here = (*before, step)
    if step not in node:
        if not _is_there(number, here) or (shape is not None and inner is None and shape.is_closed):
            return
        node[step] = _value(rest, here, number, inner, read)
    if rest:
        _put(node[step], rest, here, number, inner, read)


def _is_there(number: int, path: SamplePath) -> bool:
    if number < 2:  # the first has nothing, the second all
        return number == 1
    return _pick(number, path, 100, "there") < 65


def _value(
    rest: SamplePath,
    here: SamplePath,
    number: int,
    shape: schema.Field | None,
    read: _Read,
) -> Json:
    if rest and rest[0] == EACH:
        count = min(_pick(number, here, 3, "items"), 1 if read.is_single else 2)
        if len(rest) > 1:
            return [{"name": f"n{index}"} if _has_name(shape) else {} for index in range(count)]
        of = shape.items() if shape is not None else None
        return [_scalar((*here, str(index)), number + index, of, read) for index in range(count)]
    if rest:
        return {}
    return _scalar(here, number, shape, read)


def _complete(node: Json, shape: schema.Field | None) -> None:
    """Give the elements of lists what they cannot be without."""
    if isinstance(node, dict):
        for key, value in node.items():
            _complete(value, shape.field(key) if shape is not None else None)
    elif isinstance(node, list):
        items = shape.items() if shape is not None else None
        for index, each in enumerate(node):
            if isinstance(each, dict) and items is not None:
                needed: dict[str, Json] = {"image": f"image-{index}", "containerPort": 80, "port": 80 + index}
                needed |= {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}
                for name, value in needed.items():
                    if items.declares(name) and items.declares("verbs") is (name in _ROLE):
                        each.setdefault(name, value)
            _complete(each, items)


def _has_name(shape: schema.Field | None) -> bool:
    items = shape.items() if shape is not None else None
    return items is None or items.declares("name")


def _scalar(here: SamplePath, number: int, shape: schema.Field | None, read: _Read) -> Json:
    """Return a value of the type of a field: one that the rule names, or another one."""
    plain = tuple(EACH if step.isdecimal() else step for step in here)
    hints = read.paths.get(plain, [])
    kind = shape.json_type if shape is not None else ""
    choice = _pick(number, here, 1 << 16, "value")
    if kind == "b":
        return bool(choice % 2)
    if kind in ("i", "l", "n"):
        numbers = {int(text) + more for hint in hints for text in _NUMBER.findall(str(hint))[:4] for more in (-1, 0, 1)}
        every = sorted({*numbers, *_NUMBERS} - {-1})
        return every[choice % len(every)]
    if kind == "a":
        return [each for each in ("x",) if choice % 2]
    if kind == "o":
        return {}
    texts = [text for hint in hints for text in _texts_of(hint)] or read.texts
    every_text = sorted({*texts, *_PLAIN, *(f"{text}x" for text in texts[:3])})
    return every_text[choice % len(every_text)]


def _texts_of(hint: Json) -> Iterator[str]:
    """Yield texts that a pattern takes."""
    if isinstance(hint, bool) or not isinstance(hint, str):
        yield str(hint).lower() if isinstance(hint, bool) else str(hint)
        return
    if "{{" in hint or "$(" in hint:
        return
    for choice in re.split(r"[|&]", hint):
        bare = _OPERATOR.sub("", choice.strip())
        yield bare.replace("?*", "y").replace("*", "z").replace("?", "q")
        yield from (part for part in re.split(r"!?-", bare) if part and part[0].isdecimal())


def _around(pod: Manifest, controller: str) -> Manifest:
    """Return what makes pods like this one."""
    meta = mapping_at(pod, "metadata")
    labels = mapping_at(meta, "labels")
    is_job = controller.endswith("Job")
    template: dict[str, Json] = {
        "metadata": {
            **({"annotations": meta["annotations"]} if "annotations" in meta else {}),
            **({"labels": labels} if is_job and labels else {} if is_job else {"labels": {**_LABELS, **labels}}),
        },
        "spec": {**mapping_at(pod, "spec"), **({"restartPolicy": "Never"} if is_job else {})},
    }
    spec: dict[str, Json] = {"template": template}
    if controller == "CronJob":
        spec = {"schedule": "* * * * *", "jobTemplate": {"spec": spec}}
    elif not is_job:
        spec["selector"] = {"matchLabels": dict[str, Json](_LABELS)}
    api_version = CONTROLLERS[controller].rpartition("/")[0]
    place = {key: meta[key] for key in ("name", "namespace")}
    return {"apiVersion": api_version, "kind": controller, "metadata": place, "spec": spec}
