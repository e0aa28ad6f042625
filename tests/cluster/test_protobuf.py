"""Objects in Kubernetes' protobuf."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.shared import SHARED

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.wire import messages, protobuf

FIELDS = SHARED / "conformance/kubeapi/data/protobuf.json"

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "labels": {"app": "web"},
        "creationTimestamp": "2026-01-01T00:00:00Z",
    },
    "spec": {
        "replicas": 0,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "nginx",
                        "resources": {"requests": {"cpu": "100m"}},
                        "ports": [{"containerPort": 80, "protocol": "TCP"}],
                    }
                ],
                "volumes": [{"name": "tmp", "emptyDir": {}}],
            },
        },
    },
}


@pytest.mark.parametrize(
    "manifest",
    [
        DEPLOYMENT,
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "AAE="}},
        {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": "l"},
            "spec": {"acquireTime": "2026-01-01T00:00:00.000123Z", "leaseDurationSeconds": 15},
        },
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "x"},
            "spec": {
                "versions": [
                    {
                        "name": "v1",
                        "schema": {
                            "openAPIV3Schema": {
                                "additionalProperties": True,
                                "default": {"a": [1, None]},
                                "items": {"type": "string", "maximum": 1.5},
                            }
                        },
                    }
                ]
            },
        },
        {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0, "propagationPolicy": "Orphan"},
    ],
    ids=lambda each: each["kind"],
)
def test_an_object_comes_back_as_it_was(manifest: dict[str, Any]) -> None:
    assert protobuf.decode(protobuf.encode(manifest)) == manifest


def test_zero_values_that_are_always_sent_are_absent() -> None:
    told = json.loads(json.dumps(DEPLOYMENT))
    told["spec"]["minReadySeconds"] = 0
    told["spec"]["template"]["spec"]["containers"][0]["stdin"] = False
    told["metadata"]["generateName"] = ""
    assert protobuf.decode(protobuf.encode(told)) == DEPLOYMENT


@given(st.binary(max_size=200))
def test_bytes_that_are_no_object_are_refused(data: bytes) -> None:
    body = protobuf.encode({"apiVersion": "v1", "kind": "ConfigMap"})[:-4] + data
    with contextlib.suppress(ApiError):
        assert protobuf.decode(body)["kind"]


def test_a_message_in_itself_is_bounded() -> None:
    inner = b""
    for _ in range(200):
        inner = b"\x0a" + bytes([len(inner) & 0x7F]) + inner if len(inner) < 120 else inner
    with pytest.raises(ApiError):
        protobuf.decode(b"k8s\x00" + b"\xff" * 50 + inner)


def test_a_kind_without_a_message_is_refused() -> None:
    assert not protobuf.is_encodable({"apiVersion": "example.com/v1", "kind": "Widget"})
    with pytest.raises(ApiError, match="Widget"):
        protobuf.encode({"apiVersion": "example.com/v1", "kind": "Widget"})


@pytest.mark.skipif(not FIELDS.exists(), reason="the recorded field numbers are not here")
def test_fields_are_those_of_kubernetes() -> None:
    recorded = json.loads(FIELDS.read_text())["messages"]
    checked = 0
    for name, rows in recorded.items():
        message = name.removeprefix("k8s.io.")
        if re.search(r"(JSON|FieldsV1|RawExtension|Unknown)$", name) or message not in messages._lines():
            continue
        fields = messages.fields_of(message)
        for number, (field, type_name, many, *more) in rows.items():
            found = fields[int(number)]
            assert (found.name, found.type_name) == (
                "" if "inline" in more else field,
                type_name.removeprefix("k8s.io."),
            )
            assert found.many.strip("~") == {"one": "", "many": "[]", "map": "{}"}[many]
            checked += 1
    assert checked > 2000
