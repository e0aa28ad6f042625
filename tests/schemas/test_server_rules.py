"""What an API server demands of pods, autoscalers, workloads and policies beyond their types, in its words."""

from __future__ import annotations

import base64

import pytest

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas import ProblemKind, Schemas


def said(manifest: Manifest) -> list[str]:
    found = (str(each) for each in Schemas("").problems(manifest) if each.kind is not ProblemKind.DOUBTFUL)
    return list(dict.fromkeys(found))  # metadata is looked at twice


def pod(spec: str = "", container: str = "") -> Manifest:
    written = f"{spec}containers: [{{name: a, image: a{container}}}]"
    text = f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{{written}}}}}"
    manifest: Manifest = yamls.parse_all(text.encode(), file="pod.yaml")[0].data
    return manifest


def autoscaler(spec: str) -> Manifest:
    text = f"{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: a}}, spec: {{{spec}}}}}"
    manifest: Manifest = yamls.parse_all(text.encode(), file="hpa.yaml")[0].data
    return manifest


TARGET = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}"
ENV = ", env: [{name: X, valueFrom: {fieldRef: {fieldPath: %s}}}]"


@pytest.mark.parametrize(
    ("container", "problems"),
    [
        (
            ", ports: [{containerPort: 80, name: -a--B-}]",
            [
                (
                    'spec.containers[0].ports[0].name: Invalid value: "-a--B-": must contain only alpha-numeric '
                    "characters (a-z, 0-9), and hyphens (-)"
                ),
                'spec.containers[0].ports[0].name: Invalid value: "-a--B-": must not contain consecutive hyphens',
                'spec.containers[0].ports[0].name: Invalid value: "-a--B-": must not begin or end with a hyphen',
            ],
        ),
        (
            ", resources: {requests: {example.com/gpu: 1}}",
            ["spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources"],
        ),
        (
            ", resources: {limits: {example.com/gpu: 2}, requests: {example.com/gpu: 1}}",
            ['spec.containers[0].resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2'],
        ),
        (
            ", resources: {limits: {pods: 1}}",
            [
                (
                    'spec.containers[0].resources.limits[pods]: Invalid value: "pods": must be a standard '
                    "resource for containers"
                )
            ],
        ),
        (
            ENV % "spec.hostNetwork",
            [
                (
                    'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.hostNetwork": error '
                    "converting fieldPath: field label not supported: spec.hostNetwork"
                )
            ],
        ),
        (
            ENV % "metadata.labels",
            [
                (
                    'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": '
                    'supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", '
                    '"spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"'
                )
            ],
        ),
        (ENV % "\"metadata.labels['app']\"", []),
        (ENV % "status.podIP", []),
        (
            ", livenessProbe: {exec: {command: []}, tcpSocket: {port: 0}}",
            [
                "spec.containers[0].livenessProbe.exec.command: Required value",
                "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
            ],
        ),
        (
            ", securityContext: {runAsGroup: -1}",
            [
                (
                    "spec.containers[0].securityContext.runAsGroup: Invalid value: -1: must be between 0 and "
                    "2147483647, inclusive"
                )
            ],
        ),
    ],
)
def test_a_container_is_refused_for_all_that_is_wrong(container: str, problems: list[str]) -> None:
    assert sorted(said(pod(container=container))) == sorted(problems)


@pytest.mark.parametrize(
    ("spec", "problems"),
    [
        (
            "topologySpreadConstraints: [{maxSkew: 1, whenUnsatisfiable: DoNotSchedule}], ",
            ["spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty"],
        ),
        (
            "ephemeralContainers: [{name: b, image: b}], ",
            ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
        ),
        ("hostNetwork: true, ", []),
    ],
)
def test_a_pod_is_refused_for_what_is_wrong(spec: str, problems: list[str]) -> None:
    assert said(pod(spec=spec)) == problems


def test_a_port_of_the_host_is_the_containers_where_the_network_is_the_hosts() -> None:
    ports = ", ports: [{containerPort: 80, hostPort: 8080}]"
    assert said(pod(container=ports)) == []
    assert said(pod("hostNetwork: true, ", ports)) == [
        (
            "spec.containers[0].ports[0].hostPort: Invalid value: 8080: must match "
            "`containerPort` when `hostNetwork` is true"
        )
    ]


@pytest.mark.parametrize(
    ("spec", "problems"),
    [
        (f"maxReplicas: 3, {TARGET}", []),
        (
            "maxReplicas: 3, scaleTargetRef: {apiVersion: v1, kind: Deployment, name: a}",
            ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group'],
        ),
        (
            f"minReplicas: 0, maxReplicas: 3, {TARGET}",
            [
                "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
                (
                    "spec.metrics: Forbidden: must specify at least one Object or External metric to support "
                    "scaling to zero replicas"
                ),
            ],
        ),
        (  # a feature gate that some clusters have turned on
            (
                f"minReplicas: 0, maxReplicas: 3, {TARGET}, metrics: [{{type: External, external: "
                "{metric: {name: q}, target: {type: Value, value: 3}}}]"
            ),
            [],
        ),
        (
            (
                f"maxReplicas: 3, {TARGET}, metrics: [{{type: Pods, pods: {{metric: {{name: q}}, "
                "target: {type: Value, value: 3}}}]"
            ),
            [
                "spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue",
            ],
        ),
        (
            (
                f"maxReplicas: 3, {TARGET}, metrics: [{{type: Resource, resource: {{name: cpu, "
                "target: {type: Utilization, averageUtilization: 0}}}]"
            ),
            ["spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0"],
        ),
    ],
)
def test_an_autoscaler_is_refused_for_what_is_wrong(spec: str, problems: list[str]) -> None:
    assert said(autoscaler(spec)) == problems


def daemon_set(strategy: Json) -> Manifest:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template, "updateStrategy": strategy}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a"}, "spec": spec}


def test_one_of_surge_and_unavailability_moves_a_daemon_set() -> None:
    assert said(daemon_set({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "0%"}})) == [
        "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"
    ]
    assert said(daemon_set({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}})) == [
        "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"
    ]
    assert said(daemon_set({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})) == []


def test_a_workload_without_template_is_refused_for_what_is_not_in_it() -> None:
    workload = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}},
    }
    assert said(workload) == [
        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
        "spec.template.spec.containers: Required value",
    ]


def job(**spec: Json) -> Manifest:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a"}]}}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "a"},
        "spec": {"template": template, **spec},
    }


def test_the_selector_of_a_job_is_the_servers_unless_it_is_said_to_be_ones_own() -> None:
    assert said(job()) == []
    assert said(job(selector={"matchLabels": {"batch.kubernetes.io/controller-uid": "x"}})) == []
    assert [each.partition(":")[0] for each in said(job(selector={"matchLabels": {"x": "y"}}))] == [
        "spec.selector",
        "spec.template.metadata.labels",
    ]
    assert said(job(selector={"matchLabels": {"x": "y"}}, manualSelector=True)) == [
        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"
    ]


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}, []),
        ({"cidr": "10.0.0.1/8"}, []),
        ({"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}, ["except[0]"]),
        ({"cidr": "10.0.0.0/8", "except": ["2001:db8::/64"]}, ["except[0]"]),
        ({"cidr": "10.0.0.0"}, ["cidr"]),
    ],
)
def test_what_a_block_leaves_out_is_within_it(block: Json, problem: list[str]) -> None:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "a"},
        "spec": {"podSelector": {}, "ingress": [{"from": [{"ipBlock": block}]}]},
    }
    assert [
        each.partition(": ")[0].removeprefix("spec.ingress[0].from[0].ipBlock.") for each in said(policy)
    ] == problem


def test_a_login_that_is_not_json_is_refused_and_not_shown() -> None:
    def secret(text: str) -> Manifest:
        data = {".dockerconfigjson": base64.b64encode(text.encode()).decode()}
        kind = "kubernetes.io/dockerconfigjson"
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "type": kind, "data": data}

    assert said(secret('{"auths": {}}')) == []
    assert said(secret("hunter2")) == [
        (
            "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'h' looking for "
            "beginning of value"
        )
    ]


def test_both_things_that_are_wrong_with_an_empty_label_are_said() -> None:
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "labels": {"": "x"}}}
    assert [each.partition("(e.g.")[0] for each in said(settings)] == [
        'metadata.labels: Invalid value: "": name part must be non-empty',
        (
            "metadata.labels: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', "
            "and must start and end with an alphanumeric character "
        ),
    ]


def test_an_event_owns_nothing() -> None:
    owner = {"apiVersion": "v1", "kind": "Event", "name": "x", "uid": "1"}
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "ownerReferences": [owner]}}
    assert said(settings)[0].endswith("/v1, Kind=Event is disallowed from being an owner")
