"""Kustomization: applies a folder of a source to a cluster; flux-behaviour.md 2.1."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo

from nixernetes.gitops.flux.flux_references import DependencyReference, KubeConfig, SecretReference
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.health import HealthCheck, HealthCheckExpr, located
from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.gitops.flux.kustomize_parts import CommonMetadata, IgnoreRule, Image, Patch
from nixernetes.gitops.flux.scalars import Duration, Key253, NonEmpty
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, guide, is_lenient
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
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: Literal["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"]
    """The kind of the source."""
    name: NonEmpty
    """The source's name."""
    namespace: NonEmpty | None = None
    """The source's namespace. Flux takes the Kustomization's own for none."""


class SubstituteReference(ObjectReference):
    """A ConfigMap or Secret whose keys are variables."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (CONFIG_MAP, SECRET)
    REQUIRED: ClassVar[bool] = False

    kind: Literal["Secret", "ConfigMap"]
    """Whether it is a ConfigMap or a Secret."""
    name: Key253
    """Its name, in the Kustomization's namespace."""
    optional: Bool | None = None
    """Whether it may be missing. Default: False, so that the Kustomization fails without it."""


class PostBuild(Spec):
    """Variables that replace ``${name}`` in what was built."""

    substitute: StringMap | None = None
    """Variables and their values; they win over `substitute_from`."""
    substitute_from: Many[SubstituteReference] | None = None
    """ConfigMaps and Secrets whose keys are variables; later ones win over earlier ones."""
    substitute_strategy: Literal["WithVariables", "Always"] | None = None
    """Whether to look for variables only when some are given (`WithVariables`, Flux's default) or `Always`."""


class Decryption(Spec):
    """How to decrypt the Secrets in the repository."""

    provider: Literal["sops"]
    """The tool that encrypted the files. Flux has one: `sops`."""
    secret_ref: SecretReference | None = None
    """The Secret with the age or PGP keys, or the credentials of a key service."""
    service_account_name: Text | None = None
    """The service account whose workload identity reaches the key service."""


def _local(value: str, info: ValidationInfo) -> str:
    """Refuse what is never fetched; of an object of a cluster the build does that."""
    if is_lenient(info):
        return value
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
    """How often to apply the folder again, which also undoes changes made by hand. Default: `10m`."""
    retry_interval: Duration | None = None
    """How soon to try again after a failure. Flux takes `interval` for none."""
    timeout: Duration | None = None
    """How long building, applying and waiting may take together. Flux takes `interval` less 30s for none, and at least
    30s."""
    source_ref: SourceReference
    """The source whose files are applied: the object itself, or its kind and name."""
    path: Text | None = None
    """The folder of the source. Flux takes the root for none, and generates a kustomization.yaml where there is
    none."""
    prune: Bool = guide(value=True)
    """Whether objects that left the folder are deleted from the cluster. Default: True."""
    deletion_policy: Literal["MirrorPrune", "Delete", "WaitForTermination", "Orphan"] | None = None
    """What happens to the objects when the Kustomization is deleted. Flux's default, `MirrorPrune`, does what `prune`
    says."""
    wait: Bool | None = None
    """Whether it is ready only when all of its objects are healthy; `health_checks` do not count then. Flux's default:
    False."""
    force: Bool | None = None
    """Whether an object whose fixed fields have changed is deleted and made again. Flux's default: False."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""
    depends_on: Many[DependencyReference] | None = None
    """Kustomizations that must be ready first."""
    health_checks: Many[HealthCheck] | None = None
    """Objects that must be healthy before it is ready."""
    health_check_exprs: Many[HealthCheckExpr] | None = None
    """What healthy means for custom kinds, as CEL expressions."""
    target_namespace: Namespace | None = None
    """The namespace that every namespaced object is put into, whatever its manifest says."""
    name_prefix: Affix | None = None
    """Text put before the name of every object."""
    name_suffix: Affix | None = None
    """Text put after the name of every object."""
    common_metadata: CommonMetadata | None = None
    """Labels and annotations for every object; they win over the objects' own."""
    patches: Many[Patch] | None = None
    """Patches to apply before anything is sent to the cluster."""
    images: Many[Image] | None = None
    """Images to run in place of those in the manifests."""
    components: Many[Component] | None = None
    """Kustomize components to add: folders relative to `path`, in the same source."""
    ignore_missing_components: Bool | None = None
    """Whether components that do not exist are passed over. Flux's default: False."""
    build_metadata: Many[Literal["originAnnotations", "transformerAnnotations"]] | None = None
    """Annotations that say where each object comes from, as Kustomize writes them."""
    post_build: PostBuild | None = None
    """Variables that replace `${name}` after the build."""
    decryption: Decryption | None = None
    """How to decrypt Secrets that are encrypted in the source."""
    service_account_name: Text | None = None
    """The service account that applies, in the Kustomization's namespace. Flux acts as itself when left out."""
    kube_config: KubeConfig | None = None
    """The cluster to apply to, when it is not the one that Flux runs in."""
    ignore: Many[IgnoreRule] | None = None
    """Fields whose drift is ignored."""

    _assumed: tuple[str, ...] = PrivateAttr(default=())

    @property
    def assumed_checks(self) -> tuple[str, ...]:
        """The health checks (``Deployment/app``) that were given no namespace, and so are looked for in its own."""
        return self._assumed

    def _build(self, fields: dict[str, Any], context: dict[str, Any], place: str) -> None:
        super()._build(fields, context, place)
        if "health" in fields and not fields.get("target_namespace"):
            checks = located(fields["health"], "")
            self._assumed = tuple(f"{each['kind']}/{each['name']}" for each in checks if each.get("namespace") == "")

    def _keep(self, old: Self, changed: AbstractSet[str]) -> None:
        super()._keep(old, changed)
        if "health_checks" not in changed:
            self._assumed = old._assumed

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
