"""Requests that are nearly right, or not at all, made from a seed: of every kind and every verb."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.server.client import APPLY, MERGE, STRATEGIC, ApiClient

from nixernetes.cluster.server.requests import ApiResponse

__all__ = ["Asked", "requests"]

ODD: list[Any] = [
    *(None, True, 0, -1, 2**63, 1.5, 1e308, "", "x", "a/b", "\0", "é", "x" * 300, "50%", "-5%", "1Gi", "*", "a*(b"),
    *([], {}, [None], {"": None}, [[]], [{}], {"a": {}}, ["a", 1], "2020-01-01T00:00:00Z", {"f:spec": "x"}),
]
QUERIES = [
    *("dryRun=All", "dryRun=x", "fieldManager=a", "fieldManager=\1", "fieldValidation=Strict", "fieldValidation=q"),
    *("force=true", "force=x", "limit=1", "limit=z", "continue=abc", "continue=bnVsbA==", "continue=W10="),
    *("resourceVersion=0", "resourceVersion=x", "resourceVersion=99999999999999999999", "resourceVersionMatch=Exact"),
    *("labelSelector=a=b", "labelSelector=a in (b", "fieldSelector=metadata.name=a", "fieldSelector===", "watch=true"),
    *("timeoutSeconds=x", "sendInitialEvents=true", "gracePeriodSeconds=x", "propagationPolicy=Orphan", "watch=q"),
]
FORMS = ["", "application/yaml", "application/json;as=Table;v=v1;g=meta.k8s.io", ";;,", "application/json;as=x"]
RAW = [b"{", b"[]", b"null", b'{"a":NaN}', b"\xff", b"k8s\0\x0a\x05", b"a: &a [*a]", b"[" * 500, b"a: b: c"]
LABELS = {"a": "b"}
CONTAINER = {
    "name": "a",
    "image": "a:1",
    "ports": [{"containerPort": 80, "name": "http"}],
    "env": [{"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}],
    "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1"}},
    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
}
POD = {"containers": [CONTAINER], "volumes": [{"name": "v", "configMap": {"name": "c"}}]}
TEMPLATE = {"metadata": {"labels": LABELS}, "spec": POD}
WORKLOAD = {"replicas": 1, "selector": {"matchLabels": LABELS}, "template": TEMPLATE}
JOB = {"template": {"spec": {**POD, "restartPolicy": "Never"}}, "completions": 2}
SCHEMA = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"n": {"type": "integer"}}}}}
SPECS: dict[str, Any] = {
    "Pod": POD,
    "Deployment": WORKLOAD,
    "StatefulSet": {**WORKLOAD, "serviceName": "s"},
    "ReplicationController": {"selector": LABELS, "template": TEMPLATE},
    "Job": JOB,
    "CronJob": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": JOB}},
    "Service": {"ports": [{"port": 80, "targetPort": "http"}], "selector": LABELS},
    "ResourceQuota": {"hard": {"pods": "10", "requests.cpu": "4"}},
    "LimitRange": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]},
    "PodDisruptionBudget": {"minAvailable": "50%", "selector": {"matchLabels": LABELS}},
    "NetworkPolicy": {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
    "CustomResourceDefinition": {
        "group": "x.io",
        "scope": "Namespaced",
        "names": {"plural": "as", "kind": "A"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}],
    },
    "ValidatingAdmissionPolicy": {
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
            ]
        },
        "validations": [{"expression": "object.metadata.name != 'x'", "message": "no"}],
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request and its answer."""

    method: str
    path: str
    media: str
    body: object
    query: dict[str, str] = field(default_factory=dict)
    answer: ApiResponse


def requests(client: ApiClient, seed: int, count: int) -> Iterator[Asked]:
    """Ask a server for all kinds of things, and yield what it says to each."""
    made = random.Random(seed)  # noqa: S311  # of tests
    groups = [each["versions"] for each in client.read("GET", "/apis")["groups"]]
    roots = ["/api/v1", *(f"/apis/{version['groupVersion']}" for versions in groups for version in versions)]
    served = [(root, each) for root in roots for each in client.read("GET", root)["resources"]]
    rich = [each for each in served if each[1]["kind"] in SPECS and "/" not in each[1]["name"]]
    known: dict[str, Any] = {}
    for _ in range(count):
        yield _ask(client, made, *made.choice(rich if made.random() < 0.6 else served), known)


def _ask(client: ApiClient, made: random.Random, root: str, resource: Any, known: dict[str, Any]) -> Asked:
    plural, _, part = resource["name"].partition("/")
    folder = f"{root}/namespaces/default/{plural}" if resource["namespaced"] else f"{root}/{plural}"
    name = "as.x.io" if plural == "customresourcedefinitions" else made.choice(["a", "b"])
    path = "/".join(filter(None, (folder, name, part)))
    spec = SPECS.get(resource["kind"], made.choice(ODD))
    version = "/".join(filter(None, (resource.get("group", ""), resource.get("version", "")))) or root.split("/", 2)[2]
    new = {"apiVersion": version, "kind": resource["kind"], "metadata": {"name": name}, "spec": spec}
    method = made.choice(["POST", "POST", "PUT", "PATCH", "PATCH", "GET", "DELETE"])
    body, media = _bent(made, known.get(path, new)), "application/json"
    if method == "POST":
        path, body = (path if part else folder), _bent(made, new)
    elif method == "PATCH":
        media = made.choice([MERGE, STRATEGIC, APPLY, "application/json-patch+json"])
        body = _json_patch(made) if "json-patch" in media else body
    elif method in ("GET", "DELETE"):
        path, body = made.choice([path, folder]), made.choice([None, {"kind": "DeleteOptions", "preconditions": {}}])
    if made.random() < 0.03:
        body = made.choice(RAW)
    query = dict(made.choice(QUERIES).split("=", 1) for _ in range(made.choice([0, 0, 1, 2])))
    answer = client.ask(
        method, path, body, media=media, accept=made.choice(FORMS if made.random() < 0.3 else [""]), **query
    )
    if answer.stream is not None:
        answer.stream.close()
    if answer.status in (200, 201) and method in ("POST", "PUT", "PATCH") and not part and not query:
        known[f"{folder}/{name}"] = client.read("GET", f"{folder}/{name}")
    return Asked(method=method, path=path, media=media, body=body, query=query, answer=answer)


def _json_patch(made: random.Random) -> object:
    paths = ["/metadata/name", "/spec", "/metadata/labels", "/spec/x/0", "/a/b/~1", "", "x", "/metadata", "/kind"]
    verbs = ["add", "remove", "replace", "move", "copy", "test", "x", 1]
    return [
        {"op": made.choice(verbs), "path": made.choice(paths), made.choice(["value", "from"]): made.choice(ODD)}
        for _ in range(made.randint(0, 2))
    ]


def _bent(made: random.Random, body: Any) -> Any:
    """Return a body with up to three things in it that do not belong there."""
    bent = copy.deepcopy(body)
    for _ in range(made.randint(0, 3)):
        places: list[tuple[Any, Any]] = []
        _places(bent, places)
        if not places:
            break
        inside, place = made.choice(places)
        if isinstance(inside, dict) and made.random() < 0.3:
            inside[made.choice(["x", "$patch", "name", "type", "namespace", "default"])] = copy.deepcopy(
                made.choice(ODD)
            )
        elif isinstance(inside, dict) and made.random() < 0.2:
            del inside[place]
        else:
            inside[place] = copy.deepcopy(made.choice(ODD))
    return bent


def _places(value: Any, found: list[tuple[Any, Any]]) -> None:
    for place in [*value] if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, place))
        _places(value[place], found)
