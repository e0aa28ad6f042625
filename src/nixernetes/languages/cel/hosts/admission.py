"""CEL as admission policies have it: the request, who made it, and what they may do.

After k8s.io/apiserver v0.34.4, ``pkg/admission/plugin/cel/compile.go``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from nixernetes.languages.cel.environment import Environment
from nixernetes.languages.cel.functions import Library, Structure
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.libraries.kubernetes.authorization import (
    AUTHORIZATION,
    AUTHORIZER_TYPE,
    RESOURCE_CHECK_TYPE,
)
from nixernetes.languages.cel.types import DYN, Type, parse_type

__all__ = ["REQUEST_RESOURCE", "admission"]

REQUEST_RESOURCE: Final = "authorizer.requestResource"
_VARIABLES: Final = "kubernetes.variables"
_FIELDS: Final = {  # of types: a field, and the type that it has
    "GroupVersionKind": "group string, version string, kind string",
    "GroupVersionResource": "group string, version string, resource string",
    "UserInfo": "username string, uid string, groups list(string), extra map(string; list(string))",
    "AdmissionRequest": (
        "kind kubernetes.GroupVersionKind, resource kubernetes.GroupVersionResource, subResource string, "
        "requestKind kubernetes.GroupVersionKind, requestResource kubernetes.GroupVersionResource, "
        "requestSubResource string, name string, namespace string, operation string, userInfo kubernetes.UserInfo, "
        "dryRun bool, options dyn"
    ),
    "NamespaceSpec": "finalizers list(string)",
    "NamespaceCondition": "status string, type string, lastTransitionTime timestamp, message string, reason string",
    "NamespaceStatus": "conditions list(kubernetes.NamespaceCondition), phase string",
    "NamespaceMetadata": (
        "name string, generateName string, namespace string, labels map(string; string), "
        "annotations map(string; string), UID string, creationTimestamp timestamp, deletionGracePeriodSeconds int, "
        "deletionTimestamp timestamp, generation int, resourceVersion string, finalizers list(string)"
    ),
    "Namespace": (
        "metadata kubernetes.NamespaceMetadata, spec kubernetes.NamespaceSpec, status kubernetes.NamespaceStatus"
    ),
}


def admission(
    *, has_params: bool = True, has_authorizer: bool = True, variables: Mapping[str, Type] | None = None
) -> Environment:
    """Return the environment of an expression of a ValidatingAdmissionPolicy.

    Args:
        has_params: whether ``params`` may be read.
        has_authorizer: whether ``authorizer`` may be asked.
        variables: the types of the policy's own variables; None where it has none.

    """
    base = _base(has_params=has_params, has_authorizer=has_authorizer)
    if variables is None:
        return base
    own = _structure(_VARIABLES, dict(variables))
    return base.declaring({"variables": Type(_VARIABLES)}).adding(Library(name=_VARIABLES, structures=(own,)))


@lru_cache(maxsize=4)
def _base(*, has_params: bool, has_authorizer: bool) -> Environment:
    declared = {
        "object": DYN,
        "oldObject": DYN,
        "namespaceObject": Type("kubernetes.Namespace"),
        "request": Type("kubernetes.AdmissionRequest"),
    }
    if has_params:
        declared["params"] = DYN
    if has_authorizer:
        declared |= {"authorizer": AUTHORIZER_TYPE, REQUEST_RESOURCE: RESOURCE_CHECK_TYPE}
    structures = tuple(_structure(f"kubernetes.{name}", _fields(text)) for name, text in _FIELDS.items())
    types = Library(name="kubernetes.admission", structures=structures)
    return kubernetes().adding(AUTHORIZATION, types).declaring(declared)


def _fields(text: str) -> dict[str, Type]:
    pairs = (part.strip().partition(" ") for part in text.split(","))
    return {name: parse_type(spelled.replace(";", ",")) for name, _, spelled in pairs}


def _structure(name: str, fields: dict[str, Type]) -> Structure:
    return Structure(name=name, fields=fields, make=dict)
