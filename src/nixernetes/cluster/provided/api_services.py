"""The APIServices of a server: one for each group and version that it serves itself.

After Kubernetes 1.34.4: priorities of ``cmd/kube-apiserver/app/aggregator.go`` and
``pkg/controlplane/apiserver/aggregator.go``; those of custom groups of
``pkg/controlplane/controller/crdregistration``; conditions of kube-aggregator ``pkg/apiserver/apiservice.go``.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["api_services", "custom_api_services"]

_CUSTOM: Final = (1000, 100)


def api_services() -> Iterator[Manifest]:
    """Yield the APIServices of the built-in groups, without what a server writes into every object."""
    table = (files("nixernetes.cluster.provided") / "data" / "api_services.txt").read_text(encoding="utf-8")
    for row in table.splitlines()[1:]:
        group, version, *priorities = row.split()
        yield _service(group.strip("-"), version, "onstart", (int(priorities[0]), int(priorities[1])))


def custom_api_services(definition: Manifest) -> Iterator[Manifest]:
    """Yield the APIServices of the versions that a CustomResourceDefinition serves."""
    group = text_at(definition, "spec", "group")
    for version in objects_at(definition, "spec", "versions"):
        if flag_at(version, "served"):
            yield _service(group, text_at(version, "name"), "true", _CUSTOM)


def _service(group: str, version: str, managed: str, priorities: tuple[int, int]) -> Manifest:
    spec: Manifest = {"version": version, "groupPriorityMinimum": priorities[0], "versionPriority": priorities[1]}
    condition = {
        "type": "Available",
        "status": "True",
        "reason": "Local",
        "message": "Local APIServices are always available",
    }
    labels = {"kube-aggregator.kubernetes.io/automanaged": managed}
    return {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": f"{version}.{group}", "labels": labels},
        "spec": {**({"group": group} if group else {}), **spec},
        "status": {"conditions": [condition]},
    }
