"""What is wrong with a CustomResourceDefinition and with workloads, in the words of kube-apiserver 1.34.4."""

from __future__ import annotations

from typing import Any

import pytest

from nixernetes.objects.manifest import Json
from nixernetes.schemas import Schemas

NAMES = {"plural": "ws", "kind": "W"}
SCHEMA = {"type": "object", "properties": {"spec": {"type": "object"}}}


def definition(schema: Any = SCHEMA, spec: Any = None, version: Any = None) -> dict[str, Json]:
    of_version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    told = {"group": "a.io", "scope": "Namespaced", "names": NAMES, "versions": [{**of_version, **(version or {})}]}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "ws.a.io"},
        "spec": {**told, **(spec or {})},
    }


def of_spec(properties: Any) -> dict[str, Json]:
    return definition({"type": "object", "properties": {"spec": {"type": "object", "properties": properties}}})


def of(api_version: str, kind: str, **parts: Any) -> dict[str, Json]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "namespace": "default"}, **parts}


def refused(manifest: Any) -> list[str]:
    return [str(problem) for problem in Schemas().refusals(manifest)]


def test_a_right_definition_is_taken() -> None:
    assert refused(definition()) == []


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (
            definition(spec={"group": "b.io"}),
            'metadata.name: Invalid value: "ws.a.io": must be spec.names.plural+"."+spec.group',
        ),
        (
            definition(version={"storage": False}),
            "must have exactly one version marked as storage version",
        ),
        (
            definition(spec={"conversion": {"strategy": "Webhook"}}),
            "Required value: required when strategy is set to Webhook",
        ),
        (
            definition(version={"additionalPrinterColumns": [{"name": "a", "type": "text", "jsonPath": ".spec"}]}),
            'Invalid value: "text": must be one of boolean,date,integer,',
        ),
        (
            definition({"properties": {}}),
            "type: Required value: must not be empty at the root",
        ),
        (
            of_spec({"a": {"type": "array"}}),
            "properties.a.items: Required value: must be specified",
        ),
        (
            of_spec({"a": {"x-kubernetes-validations": [{"rule": "self.n > 0 &&"}], "type": "object"}}),
            'Invalid value: {"Rule":"self.n \\u003e 0 \\u0026\\u0026"',
        ),
        (
            of_spec({"a": {"type": "string", "pattern": "["}}),
            "must be a valid regular expression, but isn't: error parsing regexp: missing closing ]",
        ),
        (
            of("v1", "ResourceQuota", spec={"hard": {"pods": "-1"}}),
            'spec.hard.pods: Invalid value: "-1": must be greater than or equal to 0',
        ),
        (
            of("rbac.authorization.k8s.io/v1", "Role", rules=[{"verbs": ["get"], "nonResourceURLs": ["/a"]}]),
            'rules[0].nonResourceURLs: Invalid value: ["/a"]: namespaced rules cannot apply to non-resource URLs',
        ),
        (
            of(
                "apps/v1",
                "Deployment",
                spec={
                    "selector": {"matchLabels": {"a": "b"}},
                    "template": {
                        "metadata": {"labels": {"a": "c"}},
                        "spec": {"containers": [{"name": "a", "image": "b"}]},
                    },
                },
            ),
            'spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`',
        ),
    ],
)
def test_what_is_refused_is_told_in_the_words_of_the_server(manifest: Any, words: str) -> None:
    told = refused(manifest)
    assert any(words in each for each in told), told
