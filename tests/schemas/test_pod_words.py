"""What is wrong with a pod, and with a Service, in the words of kube-apiserver 1.34.4."""

from __future__ import annotations

from typing import Any

import pytest

from nixernetes.schemas import Schemas

CONTAINER = {"name": "web", "image": "a"}


def refused(kind: str, spec: Any) -> list[str]:
    manifest = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "web", "namespace": "default"}, "spec": spec}
    return [str(problem) for problem in Schemas().refusals(manifest)]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"hostname": "a.b"}, 'spec.hostname: Invalid value: "a.b": must not contain dots'),
        (
            {"activeDeadlineSeconds": 0},
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647,",
        ),
        ({"hostAliases": [{"ip": "x"}]}, 'spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address'),
        ({"dnsConfig": {"options": [{}]}}, "spec.dnsConfig.options[0]: Required value: must not be empty"),
        (
            {"tolerations": [{"key": "a", "operator": "Gt"}]},
            'spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists"',
        ),
        (
            {"tolerations": [{"key": "a", "effect": "NoSchedule", "tolerationSeconds": 1}]},
            "spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when",
        ),
        (
            {"securityContext": {"seccompProfile": {"type": "Localhost"}}},
            "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is",
        ),
        ({"volumes": [{"name": "a", "configMap": {}}]}, "spec.volumes[0].configMap.name: Required value"),
        (
            {"volumes": [{"name": "a", "secret": {"secretName": "s", "defaultMode": 600}}]},
            "spec.volumes[0].secret.defaultMode: Invalid value: 600: must be a number between 0 and 0777 (octal)",
        ),
        ({"containers": [CONTAINER, CONTAINER]}, 'spec.containers[1].name: Duplicate value: "web"'),
        (
            {"containers": [{**CONTAINER, "volumeMounts": [{"name": "a", "mountPath": "/a", "subPath": "/b"}]}]},
            'spec.containers[0].volumeMounts.subPath: Invalid value: "/b": must be a relative path',
        ),
        (
            {"containers": [{**CONTAINER, "envFrom": [{}]}]},
            'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
        ),
        (
            {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}}},
            "nodeSelectorTerms: Required value: must have at least one node selector term",
        ),
    ],
)
def test_a_pod_is_refused_for_what_a_server_refuses(spec: Any, words: str) -> None:
    assert any(words in each for each in refused("Pod", {"containers": [CONTAINER], **spec}))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (
            {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 0}}},
            "less than 86400",
        ),
        ({"externalTrafficPolicy": "Local"}, "may only be set for externally-accessible services"),
        ({"loadBalancerClass": "a"}, "may only be used when `type` is 'LoadBalancer'"),
        ({"ipFamilies": ["IPv4", "IPv4"]}, 'spec.ipFamilies[1]: Duplicate value: "IPv4"'),
        ({"externalIPs": ["127.0.0.1"]}, "may not be in the loopback range"),
        ({"clusterIP": "None", "clusterIPs": ["None", "10.0.0.1"]}, "'None' must be the first and only value"),
        ({"type": "ExternalName", "externalName": "a_b"}, "spec.externalName: Invalid value"),
    ],
)
def test_a_service_is_refused_for_what_a_server_refuses(spec: Any, words: str) -> None:
    assert any(words in each for each in refused("Service", {"ports": [{"port": 80}], **spec}))
