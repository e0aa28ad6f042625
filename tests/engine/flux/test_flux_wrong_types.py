"""A value of the wrong type anywhere in an object of Flux is the problem of that object: it ends no run for others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.engine.flux.conftest import URL, TemplateCharts, World, config_map
from tests.wrong_types import changes

from nixernetes.cluster.api import ApiError

_REPO = {"kind": "GitRepository", "name": "repo"}
_NAMED = {"kind": "ConfigMap", "name": "a"}
_IGNORED = [{"paths": ["/data"], "target": {"kind": "ConfigMap", "labelSelector": "a=b"}}]
_FILES = {
    "apps/a.yaml": config_map("a", **{"values.yaml": "b: 2"}),
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "web/a.yaml": "a: 1\n",
    "web/templates/b.yaml": config_map("b"),
}
_SPECS: dict[str, Any] = {
    "GitRepository": {
        "url": URL,
        "interval": "1m",
        "ref": {"branch": "main"},
        "ignore": "x",
        "sparseCheckout": ["apps"],
    },
    "OCIRepository": {"url": "oci://example.com/a", "interval": "1m", "layerSelector": {"operation": "copy"}},
    "HelmRepository": {"url": "https://example.com/charts", "interval": "1m", "type": "default"},
    "HelmChart": {"chart": "web", "interval": "1m", "sourceRef": {"kind": "HelmRepository", "name": "charts"}},
    "Kustomization": {
        "interval": "1m",
        "path": "./apps",
        "prune": True,
        "sourceRef": _REPO,
        "dependsOn": [{"name": "good"}],
        "healthChecks": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "namespace": "default"}],
        "healthCheckExprs": [{"apiVersion": "v1", "kind": "ConfigMap", "current": "has(data.a)"}],
        "postBuild": {"substitute": {"a": "b"}, "substituteFrom": [{**_NAMED, "optional": True}]},
        "commonMetadata": {"labels": {"a": "b"}},
        "ignore": _IGNORED,
    },
    "HelmRelease": {
        "interval": "1m",
        "chart": {
            "spec": {"chart": "web", "sourceRef": _REPO, "valuesFiles": ["web/a.yaml"]},
            "metadata": {"labels": {}},
        },
        "install": {"remediation": {"retries": 1}, "strategy": {"name": "RetryOnFailure", "retryInterval": "1m"}},
        "test": {"enable": True, "filters": [{"name": "a", "exclude": True}]},
        "driftDetection": {"mode": "warn", "ignore": _IGNORED},
        "valuesFrom": [{**_NAMED, "optional": True}],
        "values": {"a": 1},
    },
    "Alert": {"providerRef": {"name": "hook"}, "eventSources": [{**_REPO, "matchLabels": {}}], "inclusionList": [".*"]},
    "Provider": {"type": "generic", "address": "https://hooks.example.com", "secretRef": {"name": "a"}},
    "ArtifactGenerator": {
        "sources": [{"alias": "repo", **_REPO}],
        "artifacts": [{"name": "one", "revision": "@repo", "copy": [{"from": "@repo/apps/**", "to": "@artifact/"}]}],
    },
    "ResourceSet": {
        "inputs": [{"tenant": "a"}],
        "inputsFrom": [{"kind": "ResourceSetInputProvider", "name": "given", "selector": {"matchLabels": {"a": "b"}}}],
        "dependsOn": [{"apiVersion": "v1", **_NAMED, "namespace": "default", "ready": True}],
        "resources": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "<< inputs.tenant >>"}}],
        "commonMetadata": {"labels": {"a": "b"}},
        "wait": True,
    },
    "ResourceSetInputProvider": {"type": "Static", "defaultValues": {"a": 1}},
    "Receiver": {"type": "generic", "secretRef": {"name": "a"}, "resources": [{**_REPO, "matchLabels": {}}]},
}


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(_SPECS)).flatmap(lambda kind: st.tuples(st.just(kind), changes([_SPECS[kind]]))))
def test_a_wrong_type_harms_nobody_else(case: tuple[str, list[Any]]) -> None:
    kind, (spec,) = case
    world = World(TemplateCharts())
    world.permissive()  # a repository may bring definitions that ask for less
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.put(
        "Alert", "all", {"providerRef": {"name": "odd"}, "eventSources": [{"kind": "Kustomization", "name": "*"}]}
    )
    try:
        world.put(kind, "odd", spec)
    except ApiError:
        return  # the API server itself refuses what has no form at all
    world.kustomization("good")
    world.run(minutes=3)
    assert world.condition("Kustomization", "good")[0] == "True"
    world.delete(kind, "odd")
    world.run(minutes=3)
    assert world.get(kind, "odd") is None
