"""The references that several Flux kinds share."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from nixernetes.gitops.flux.kinds import EVENT_KINDS
from nixernetes.gitops.flux.scalars import Key253, NonEmpty
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.spec import Spec, is_lenient
from nixernetes.gitops.values import StringMap, Text
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import CONFIG_MAP, SECRET

__all__ = [
    "ConfigMapReference",
    "DependencyReference",
    "EventKind",
    "EventSource",
    "KubeConfig",
    "SecretKeyReference",
    "SecretReference",
]


class SecretReference(ObjectReference):
    """A Secret in the same namespace."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (SECRET,)
    BY_NAME: ClassVar[bool] = True
    REQUIRED: ClassVar[bool] = False

    name: NonEmpty
    """The Secret's name."""


class SecretKeyReference(SecretReference):
    """A key of a Secret in the same namespace."""

    key: Text | None = None
    """The key of the Secret. Flux looks for `value` and then `value.yaml` when it is left out."""


class ConfigMapReference(ObjectReference):
    """A ConfigMap in the same namespace."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (CONFIG_MAP,)
    BY_NAME: ClassVar[bool] = True
    REQUIRED: ClassVar[bool] = False

    name: NonEmpty
    """The ConfigMap's name."""


class DependencyReference(ObjectReference):
    """An object of the same kind that must be ready first."""

    BY_NAME: ClassVar[bool] = True

    name: NonEmpty
    """The name of the object that must be ready first."""
    namespace: NonEmpty | None = None
    """Its namespace. Flux takes the namespace of the object that depends on it for none."""
    ready_expr: Text | None = None
    """A CEL expression over `dep` and `self` that must be true as well for the dependency to count as ready."""


class KubeConfig(Spec):
    """How to reach another cluster: by a kubeconfig in a Secret, or by workload identity in a ConfigMap."""

    config_map_ref: ConfigMapReference | None = None
    """A ConfigMap that says how to log in to the cluster with a workload identity. Instead of `secret_ref`."""
    secret_ref: SecretKeyReference | None = None
    """A Secret with a kubeconfig, under `value` or `value.yaml`. Instead of `config_map_ref`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.config_map_ref is None) == (self.secret_ref is None):
            raise ValueError("give exactly one of config_map_ref and secret_ref")
        return self


EventKind = Literal[
    "Bucket",
    "GitRepository",
    "Kustomization",
    "HelmRelease",
    "HelmChart",
    "HelmRepository",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "OCIRepository",
    "ArtifactGenerator",
    "ExternalArtifact",
]
# Flux Operator adds its kinds to the definitions of the Flux that it installs: they are read, and cannot be declared.
_OPERATOR_KINDS = ("FluxInstance", "ResourceSet", "ResourceSetInputProvider")


def _event_kind(value: str, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> str:
    return value if is_lenient(info) and value in _OPERATOR_KINDS else str(check(value))


class EventSource(ObjectReference):
    """An object, or with the name ``*`` all objects of a kind (that have the labels)."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = EVENT_KINDS

    api_version: Text | None = None
    """The API version. Flux takes its own version of the kind for none."""
    kind: Annotated[EventKind, WrapValidator(_event_kind)]
    """The kind of Flux object."""
    name: Key253
    """The object's name, or `*` for every object of the kind."""
    namespace: Key253 | None = None
    """The namespace. Flux takes the namespace of the Alert or Receiver for none."""
    match_labels: StringMap | None = None
    """Labels that the objects must have; all of them. For the name `*`."""

    def is_one(self) -> bool:
        """Tell whether one object is named."""
        return self.name != "*"
