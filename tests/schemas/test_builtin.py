"""Objects of built-in kinds that an API server refuses, each for one reason, in its words."""

from __future__ import annotations

import pytest

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas import ProblemKind, Schemas

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web:1
        ports: [{name: http, containerPort: 80}]
"""
OTHERS = {
    "Service": "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {a: b}, ports: [{port: 80}]}}",
    "ConfigMap": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}",
    "Secret": "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: YQ==}}",
    "Ingress": (
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {rules: [{http: {paths: "
        "[{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]}}"
    ),
    "CronJob": (
        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: '* * * * *', jobTemplate: {spec: "
        "{template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}}}"
    ),
    "PodDisruptionBudget": (
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {minAvailable: 1}}"
    ),
    "HorizontalPodAutoscaler": (
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, "
        "spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}}"
    ),
    "PersistentVolumeClaim": (
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, "
        "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"
    ),
    "RoleBinding": (
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}, "
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}}"
    ),
}
CONTAINER = "spec.template.spec.containers.0"


def changed(kind: str, path: str, value: Json) -> Manifest:
    """Return a good object with one field set, or without it."""
    manifest: Manifest = yamls.parse(DEPLOYMENT if kind == "Deployment" else OTHERS[kind])
    *before, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    here: Json = manifest
    for step in before:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    if value is None:
        del here[last]
    else:
        here[last] = value
    return manifest


@pytest.mark.parametrize("kind", ["Deployment", *OTHERS])
def test_a_good_object_has_no_problem(kind: str) -> None:
    assert list(Schemas().problems(yamls.parse(DEPLOYMENT if kind == "Deployment" else OTHERS[kind]))) == []


@pytest.mark.parametrize(
    ("kind", "path", "value", "said"),
    [
        ("Deployment", "spec.replica", 3, "spec.replica: unknown field: is it replicas?"),
        ("Deployment", "spec.template.spec.containers", [], "spec.template.spec.containers: Required value"),
        ("Deployment", f"{CONTAINER}.name", None, "spec.template.spec.containers[0].name: Required value"),
        (
            "Deployment",
            f"{CONTAINER}.ports.0.containerPort",
            70000,
            (
                "spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and "
                "65535, inclusive"
            ),
        ),
        (
            "Deployment",
            f"{CONTAINER}.env",
            [{"name": "A", "value": 5}],
            "spec.template.spec.containers[0].env[0].value: expected string, got integer: quote it",
        ),
        (
            "Deployment",
            f"{CONTAINER}.resources",
            {"limits": {"memory": "1Gb"}},
            (
                'spec.template.spec.containers[0].resources.limits.memory: Invalid value: "1Gb": not a quantity: is it '
                "1Gi or 1G?"
            ),
        ),
        (
            "Deployment",
            f"{CONTAINER}.resources",
            {"limits": {"cpu": "1"}, "requests": {"cpu": "2"}},
            'spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to',
        ),
        (
            "Deployment",
            f"{CONTAINER}.volumeMounts",
            [{"name": "data", "mountPath": "/data"}],
            'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
        ),
        (
            "Deployment",
            "spec.template.spec.containers",
            [{"name": "a", "image": "a"}, {"name": "a", "image": "b"}],
            "spec.template.spec.containers[1].name: Duplicate value: name=a",
        ),
        ("Deployment", "spec.selector", None, "spec.selector: Required value"),
        (
            "Deployment",
            "spec.template.metadata.labels.app",
            "other",
            'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match',
        ),
        ("Service", "spec.ports", None, "spec.ports: Required value"),
        ("ConfigMap", "data.a", 1, "data.a: expected string, got integer: quote it"),
        ("Secret", "data.a", "%", "data.a: illegal base64 data: write plain text under stringData"),
        (
            "Ingress",
            "spec.rules.0.http.paths.0.pathType",
            None,
            "spec.rules[0].http.paths[0].pathType: Required value",
        ),
        (
            "CronJob",
            "spec.schedule",
            "bad",
            'spec.schedule: Invalid value: "bad": expected exactly 5 fields, found 1: [bad]',
        ),
        (
            "CronJob",
            "spec.jobTemplate.spec.template.spec.restartPolicy",
            None,
            'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
        ),
        (
            "PodDisruptionBudget",
            "spec.maxUnavailable",
            1,
            (
                'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,'
                '"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set'
            ),
        ),
        (
            "HorizontalPodAutoscaler",
            "spec.maxReplicas",
            None,
            "spec.maxReplicas: Invalid value: 0: must be greater than 0",
        ),
        (
            "PersistentVolumeClaim",
            "spec.accessModes",
            None,
            "spec.accessModes: Required value: at least 1 access mode is required",
        ),
        ("RoleBinding", "roleRef", None, "roleRef: Required value"),
        (
            "ConfigMap",
            "metadata.annotations",
            {"a": True},
            "metadata.annotations.a: expected string, got boolean: quote it",
        ),
        ("Service", "spec.type", "Clusterip", 'spec.type: Unsupported value: "Clusterip": supported values: '),
    ],
)
def test_what_a_server_refuses_is_a_problem_in_its_words(kind: str, path: str, value: Json, said: str) -> None:
    found = [str(each) for each in Schemas().problems(changed(kind, path, value))]
    assert any(text.startswith(said) for text in found), found


def test_a_fraction_of_a_byte_is_doubtful_and_not_refused() -> None:
    [found] = Schemas().problems(changed("Deployment", f"{CONTAINER}.resources", {"limits": {"memory": "400m"}}))
    assert (found.kind, found.hint) == (ProblemKind.DOUBTFUL, ": is it 400Mi?")


@pytest.mark.parametrize(
    ("version", "since", "replacement"),
    [("1.31", None, ""), ("1.33", 32, "flowcontrol.apiserver.k8s.io/v1")],
)
def test_a_removed_version_is_named_with_what_replaces_it(version: str, since: int | None, replacement: str) -> None:
    schema = {"apiVersion": "flowcontrol.apiserver.k8s.io/v1beta3", "kind": "FlowSchema", "metadata": {"name": "a"}}
    removed = Schemas(version).removed(schema)
    assert (removed.since if removed else None, removed.replacement if removed else "") == (since, replacement)


def test_a_field_is_known_from_the_version_that_brought_it() -> None:
    manifest = changed("Deployment", "spec.template.spec.hostnameOverride", "web")
    assert [each.kind for each in Schemas("1.30").problems(manifest)] == [ProblemKind.UNKNOWN]
    assert list(Schemas("1.36").problems(manifest)) == []
