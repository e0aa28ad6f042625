"""Health checks: what must be healthy before a Kustomization counts as done; flux-behaviour.md 2.1 and 8.

Flux looks up each object by API version, kind, namespace and name, and takes ``apps/v1`` for a missing API version and
no namespace at all for a missing namespace. So ``health=`` writes both out: the API version of the kinds that are in
common use, and the namespace that the Kustomization applies to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nixernetes.errors import InputError
from nixernetes.gitops.declared import caller_place
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Text
from nixernetes.objects.api_groups import (
    APIEXTENSIONS_V1,
    FLUX_HELM_V2,
    FLUX_KUSTOMIZE_V1,
    FLUX_SOURCE_V1,
    NETWORKING_V1,
)
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["HealthCheck", "HealthCheckExpr", "health_checks", "located"]

_VERSIONS = {
    kind: version
    for version, kinds in {
        "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
        "batch/v1": "CronJob Job",
        "v1": "ConfigMap Namespace PersistentVolume PersistentVolumeClaim Pod Secret Service ServiceAccount",
        NETWORKING_V1: "Ingress NetworkPolicy",
        "autoscaling/v2": "HorizontalPodAutoscaler",
        "policy/v1": "PodDisruptionBudget",
        APIEXTENSIONS_V1: "CustomResourceDefinition",
        FLUX_HELM_V2: "HelmRelease",
        FLUX_KUSTOMIZE_V1: "Kustomization",
        FLUX_SOURCE_V1: "Bucket GitRepository HelmChart HelmRepository OCIRepository",
    }.items()
    for kind in kinds.split()
}


class HealthCheck(Spec):
    """One object that must be healthy."""

    api_version: Text | None = None
    """The object's API version. Flux takes `apps/v1` for none."""
    kind: Text
    """The object's kind."""
    name: Text
    """The object's name."""
    namespace: Text | None = None
    """The object's namespace. Flux takes none for none, so give it for every object that has one."""


class HealthCheckExpr(Spec):
    """CEL expressions that tell the health of a kind."""

    api_version: Text
    """The API version of the kind."""
    kind: Text | None = None
    """The kind."""
    current: Text
    """A CEL expression that is true when the object is healthy."""
    in_progress: Text | None = None
    """A CEL expression that is true while the object is still on its way."""
    failed: Text | None = None
    """A CEL expression that is true when the object has failed, so that Flux stops waiting for it."""


def health_checks(
    *, kind: str, name: str, namespace: str | None = None, api_version: str | None = None
) -> list[HealthCheck]:
    """Return the health check of one object, for ``Kustomization(health=...)``.

    Args:
        kind: its kind.
        name: its name.
        namespace: its namespace; left out, the one that the Kustomization applies to.
        api_version: its API version; may be left out for the kinds of Kubernetes and Flux.

    Raises:
        InputError: the API version of the kind is not known.

    """
    found = api_version or _VERSIONS.get(kind)
    if found is None:
        raise InputError(_unknown(kind), subject=f"{kind}/{name}", place=caller_place())
    return [HealthCheck(api_version=found, kind=kind, name=name, namespace=namespace)]


def located(given: Any, namespace: str) -> list[dict[str, Any]]:
    """Return the ``healthChecks`` for what was written as ``health``.

    Args:
        given: one check or a list of them: objects, or dicts in either spelling.
        namespace: the namespace of checks that have none.

    Raises:
        ValueError: a check names no kind or no object, or a kind whose API version is not known.

    """
    checks = list(given) if isinstance(given, list | tuple) else [given]
    return [_located(check, f"health[{index}]", namespace) for index, check in enumerate(checks)]


def _located(check: Any, where: str, namespace: str) -> dict[str, Any]:
    fields = _fields(check, where)
    if "kind" not in fields:
        raise ValueError(f"{where}: kind is missing: give it")
    if "name" not in fields:
        raise ValueError(
            f"{where}: name is missing, and Flux checks objects by name: give the name of the {fields['kind']}, or "
            "wait=True to wait for everything that the Kustomization applies"
        )
    version = fields.get("apiVersion") or _VERSIONS.get(fields["kind"])
    if version is None:
        raise ValueError(f"{where}: {_unknown(fields['kind'])}")
    if not is_cluster_scoped(GroupKind(split_api_version(version)[0], fields["kind"])):
        fields.setdefault("namespace", namespace)
    return {"apiVersion": version, **{key: value for key, value in fields.items() if key != "apiVersion"}}


def _fields(check: Any, where: str) -> dict[str, Any]:
    if isinstance(check, HealthCheck):
        return check.data()
    if isinstance(check, Spec) and hasattr(check, "key"):
        manifest = check.data()
        metadata = manifest["metadata"]
        known = {"apiVersion": manifest["apiVersion"], "kind": manifest["kind"], "name": metadata["name"]}
        return known | ({"namespace": metadata["namespace"]} if "namespace" in metadata else {})
    if isinstance(check, Mapping):
        given = {"apiVersion" if key == "api_version" else key: value for key, value in check.items()}
        return {key: value for key, value in given.items() if value is not None}
    raise ValueError(f"{where}: {check!r}: must be a mapping with kind and name, or health_checks(...)")


def _unknown(kind: str) -> str:
    return f"api_version is missing, and Flux would take apps/v1 for a {kind}: give it"
