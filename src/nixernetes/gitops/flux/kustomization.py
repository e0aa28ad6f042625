"""Kustomization: applies a folder of a source to a cluster; flux-behaviour.md 2.1."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from nixernetes.gitops.flux.flux_references import DependencyReference, KubeConfig, SecretReference
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.health import HealthCheck, HealthCheckExpr, located
from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.gitops.flux.kustomize_parts import CommonMetadata, IgnoreRule, Image, Patch
from nixernetes.gitops.flux.scalars import Duration, Key253, NonEmpty
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, Many, Namespace, StringMap, Text
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import CONFIG_MAP, SECRET

__all__ = ["Decryption", "Kustomization", "PostBuild", "SourceReference", "SubstituteReference"]


class SourceReference(ObjectReference):
    """The source whose files are applied."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = source_kinds(
        "OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"
    )

    api_version: Text | None = None
    kind: Literal["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"]
    name: NonEmpty
    namespace: NonEmpty | None = None


class SubstituteReference(ObjectReference):
    """A ConfigMap or Secret whose keys are variables."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (CONFIG_MAP, SECRET)
    REQUIRED: ClassVar[bool] = False

    kind: Literal["Secret", "ConfigMap"]
    name: Key253
    optional: Bool | None = None


class PostBuild(Spec):
    """Variables that replace ``${name}`` in what was built."""

    substitute: StringMap | None = None
    substitute_from: Many[SubstituteReference] | None = None
    substitute_strategy: Literal["WithVariables", "Always"] | None = None


class Decryption(Spec):
    """How to decrypt the Secrets in the repository."""

    provider: Literal["sops"]
    secret_ref: SecretReference | None = None
    service_account_name: Text | None = None


def _local(value: str) -> str:
    if value.startswith(("/", "git@")) or "://" in value:
        raise ValueError("must be a path in the same repository, relative to path: components are never fetched")
    return value


Affix = Annotated[Text, Field(min_length=1, max_length=200)]
Component = Annotated[Text, AfterValidator(_local)]


class Kustomization(FluxResource):
    """A folder of a source, applied every ``interval``.

    ``health`` takes what must be healthy (``health_checks(kind=..., name=...)``, dicts, resources) and lands in
    ``spec.healthChecks`` with API version and namespace: the ``target_namespace``, else the Kustomization's own.

    >>> Kustomization(name="apps", source_ref={"kind": "GitRepository", "name": "apps"}, path="./apps").prune
    True
    """

    API_VERSION: ClassVar[str] = f"{FLUX_KUSTOMIZE}/v1"
    KIND: ClassVar[str] = "Kustomization"
    PLURAL: ClassVar[str] = "kustomizations"
    SHORT: ClassVar[dict[str, str]] = {"health": "health_checks"}

    interval: Duration = guide("10m")
    retry_interval: Duration | None = None
    timeout: Duration | None = None
    source_ref: SourceReference
    path: Text | None = None
    prune: Bool = guide(value=True)
    deletion_policy: Literal["MirrorPrune", "Delete", "WaitForTermination", "Orphan"] | None = None
    wait: Bool | None = None
    force: Bool | None = None
    suspend: Bool | None = None
    depends_on: Many[DependencyReference] | None = None
    health_checks: Many[HealthCheck] | None = None
    health_check_exprs: Many[HealthCheckExpr] | None = None
    target_namespace: Namespace | None = None
    name_prefix: Affix | None = None
    name_suffix: Affix | None = None
    common_metadata: CommonMetadata | None = None
    patches: Many[Patch] | None = None
    images: Many[Image] | None = None
    components: Many[Component] | None = None
    ignore_missing_components: Bool | None = None
    build_metadata: Many[Literal["originAnnotations", "transformerAnnotations"]] | None = None
    post_build: PostBuild | None = None
    decryption: Decryption | None = None
    service_account_name: Text | None = None
    kube_config: KubeConfig | None = None
    ignore: Many[IgnoreRule] | None = None

    @property
    def health(self) -> tuple[HealthCheck, ...] | None:
        """The same as ``health_checks``."""
        return self.health_checks

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with ``health`` written out as ``health_checks``."""
        if "health" not in fields:
            return fields
        if "health_checks" in fields:
            raise ValueError("health and health_checks are one field: give it once")
        namespace = fields.get("target_namespace") or (info.context or {})["namespace"]
        rest = {name: value for name, value in fields.items() if name != "health"}
        return {**rest, "health_checks": located(fields["health"], str(namespace))}

    @classmethod
    def preset_fields(cls, preset: Preset, current: Resource | None = None) -> dict[str, Any]:
        """Return interval, prune and wait."""
        del current
        return {"interval": preset.interval, "prune": preset.prune, "wait": preset.wait}
