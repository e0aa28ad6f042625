"""Built-in generators, transformers and validators that a kustomization configures in files of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nixernetes.errors import InputError
from nixernetes.languages.kyaml.nodes import without_empty
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize import generators
from nixernetes.render.kustomize.decoding import decode
from nixernetes.render.kustomize.failures import KustomizeError, wrap
from nixernetes.render.kustomize.helm import inflate
from nixernetes.render.kustomize.ksops import is_ksops, ksops
from nixernetes.render.kustomize.kustomization import (
    FieldSpecEntry,
    GeneratorArgs,
    HelmChartField,
    HelmGlobals,
    ImageField,
    PatchField,
    PatchOptions,
    ReplacementField,
    Replica,
    ResourceSelector,
)
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import BuildResource, with_meta
from nixernetes.render.kustomize.transformers import patches, values as transformers
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec
from nixernetes.render.kustomize.transformers.replacements import replacements
from nixernetes.render.kustomize.transformers.values import Transform

__all__ = ["Bench", "generate", "transformer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a plugin works with."""

    loader: Loader
    schemas: OpenApi
    options: BuildOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meta:
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ValueTarget:
    selector: ResourceSelector | None = None
    field_path: str = ""
    file_path_position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Config:
    """All fields of all built-in plugins; each reads those that it knows."""

    metadata: _Meta = field(default_factory=_Meta)
    field_specs: tuple[FieldSpecEntry, ...] | None = None
    unset_only: bool = False
    set_role_binding_subjects: str = ""
    prefix: str = ""
    suffix: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    image_tag: ImageField = field(default_factory=ImageField)
    replica: Replica = field(default_factory=Replica)
    replacements: tuple[ReplacementField, ...] = ()
    value: str = ""
    targets: tuple[_ValueTarget, ...] = ()
    target_file_path: str = ""
    target: ResourceSelector | None = None
    path: str = ""
    patch: str = ""
    json_op: str = ""
    options: PatchOptions | None = None

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """The field specs."""
        return tuple(spec.field_spec() for spec in self.field_specs or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merges:
    paths: tuple[str, ...] = ()
    patches: str = ""


def _is_built_in(config: BuildResource) -> bool:
    return config.gvk.group == "" and config.gvk.version == "builtin"


def _refuse(config: BuildResource) -> KustomizeError:
    function = config.annotations.get("config.kubernetes.io/function")
    if function is not None:
        what = "a function in a container or executable is not run here"
    else:
        what = "external plugins disabled; unable to load external plugin"
    return KustomizeError(
        f"{what} '{config.original_id.gvk.kind}': only built-in plugins are",
        subject=str(config.original_id),
        place=str(config.source),
    )


def generate(config: BuildResource, bench: Bench) -> list[BuildResource]:
    """Run a generator.

    Raises:
        KustomizeError: it is no built-in one, or its configuration is broken.

    """
    if bench.options.sealed_secrets and is_ksops(config):
        return ksops(config, bench.loader, bench.schemas)
    if not _is_built_in(config):
        raise wrap("failed to load generator", _refuse(config))
    data = without_empty(config.manifest)
    try:
        return _generate(config, data, bench)
    except KustomizeError as error:
        raise _failed(config, error) from error


def _generate(config: BuildResource, data: Json, bench: Bench) -> list[BuildResource]:
    kind = config.kind
    if kind in ("ConfigMapGenerator", "SecretGenerator"):
        meta = data.get("metadata") or {}
        args: GeneratorArgs = decode(GeneratorArgs, {**meta, **data}, strict=False)
        make = generators.config_map if kind == "ConfigMapGenerator" else generators.secret
        return [make(args, bench.loader, bench.schemas)]
    if kind == "HelmChartInflationGenerator":
        chart: HelmChartField = decode(HelmChartField, data, strict=False)
        shared: HelmGlobals = decode(HelmGlobals, data, strict=False)
        return inflate(chart, shared, bench.loader, bench.schemas, bench.options)
    if kind == "IAMPolicyGenerator":
        return [_service_account(data, bench.schemas)]
    if kind in _TRANSFORMERS or kind == "PatchStrategicMergeTransformer":
        raise KustomizeError(f"plugin {config.original_id} not a generator")
    raise KustomizeError(f"unable to load builtin {config.gvk}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    name: str = ""
    namespace: str = ""
    project_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    cloud: str = ""
    kubernetes_service: _Account = field(default_factory=_Account)
    service_account: _Account = field(default_factory=_Account)


def _service_account(data: Json, schemas: OpenApi) -> BuildResource:
    """Return the ServiceAccount that GKE binds to a Google service account."""
    policy: _Policy = decode(_Policy, data, strict=False)
    if policy.cloud != "gke":
        raise KustomizeError(f"cloud provider {policy.cloud} not supported yet")
    account = policy.service_account
    address = f"{account.name}@{account.project_id}.iam.gserviceaccount.com"
    meta: dict[str, Json] = {
        "annotations": {"iam.gke.io/gcp-service-account": address},
        "name": policy.kubernetes_service.name,
    }
    if policy.kubernetes_service.namespace:
        meta["namespace"] = policy.kubernetes_service.namespace
    return BuildResource(manifest={"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta}, schemas=schemas)


def transformer(config: BuildResource, bench: Bench) -> Transform:
    """Return a transformer (validators are transformers too).

    Raises:
        KustomizeError: it is no built-in one, or its configuration is broken.

    """
    if not _is_built_in(config):
        raise _refuse(config)
    if config.kind not in _TRANSFORMERS and config.kind != "PatchStrategicMergeTransformer":
        raise KustomizeError(f"unable to load builtin {config.gvk}", place=str(config.source))
    data = without_empty(config.manifest)
    try:
        if config.kind == "PatchStrategicMergeTransformer":
            merges: _Merges = decode(_Merges, data, strict=False)
            return patches.strategic_merges(merges.paths, bench.loader, bench.schemas, merges.patches)
        return _TRANSFORMERS[config.kind](decode(_Config, data, strict=False), bench)
    except KustomizeError as error:
        raise _failed(config, error) from error


def _failed(config: BuildResource, error: InputError) -> KustomizeError:
    message = f"plugin {config.original_id} fails configuration: {error.message}"
    return KustomizeError(message, subject=str(config.original_id), place=error.place or str(config.source))


def _affix(config: _Config, bench: Bench) -> Transform:
    del bench
    if config.field_specs is None:
        raise KustomizeError("fieldSpecs is not expected to be nil")
    steps = [transformers.add_prefix(config.prefix, config.specs), transformers.add_suffix(config.suffix, config.specs)]

    def transform(resources: ResMap) -> None:
        for step in steps:
            step(resources)

    return transform


def _namespace(config: _Config, bench: Bench) -> Transform:
    del bench
    return transformers.set_namespace(
        config.metadata.namespace,
        config.specs,
        unset_only=config.unset_only,
        subjects=config.set_role_binding_subjects,
    )


def _patch(config: _Config, bench: Bench) -> Transform:
    entry = PatchField(path=config.path, patch=config.patch, target=config.target, options=config.options)
    return patches.patch(entry, bench.loader, bench.schemas)


def _json6902(config: _Config, bench: Bench) -> Transform:
    return patches.json6902(PatchField(path=config.path, patch=config.json_op, target=config.target), bench.loader)


def _hash(config: _Config, bench: Bench) -> Transform:
    """Append the hashes that generators asked for now; they are appended once more when the build ends."""
    del config, bench

    def transform(resources: ResMap) -> None:
        for resource in resources.resources:
            if resource.needs_hash:
                resource.remember()
                name = f"{resource.name}-{generators.content_hash(resource.manifest)}"
                resource.manifest = with_meta(resource.manifest, "name", name)

    return transform


@dataclass(frozen=True, slots=True, kw_only=True)
class _ValueTargets:
    targets: tuple[_ValueTarget, ...] = ()


def _value_add(config: _Config, bench: Bench) -> Transform:
    value = config.value.strip() or bench.loader.root.rsplit("/", 1)[-1]
    targets = config.targets
    if config.target_file_path:
        file = bench.loader.file(config.target_file_path)
        more: _ValueTargets = decode(_ValueTargets, yamls.parse(bench.loader.tree.read(file), file=file), strict=False)
        targets += more.targets
    if not targets:
        raise KustomizeError("must specify at least one target")
    steps: list[Transform] = []
    for target in targets:
        if not target.field_path:
            raise KustomizeError("fieldPath cannot be empty")
        if target.file_path_position < 0:
            raise KustomizeError(f"value of FilePathPosition ({target.file_path_position}) cannot be negative")
        steps.append(transformers.add_value(value, target.selector, target.field_path, target.file_path_position))

    def transform(resources: ResMap) -> None:
        for step in steps:
            step(resources)

    return transform


_TRANSFORMERS: dict[str, Callable[[_Config, Bench], Transform]] = {
    "AnnotationsTransformer": lambda config, _: transformers.add_annotations(config.annotations, config.specs),
    "HashTransformer": _hash,
    "ImageTagTransformer": lambda config, _: transformers.set_image(config.image_tag, config.specs),
    "LabelTransformer": lambda config, _: transformers.add_labels(config.labels, config.specs),
    "NamespaceTransformer": _namespace,
    "PatchJson6902Transformer": _json6902,
    "PatchTransformer": _patch,
    "PrefixTransformer": _affix,
    "PrefixSuffixTransformer": _affix,
    "ReplacementTransformer": lambda config, bench: replacements(config.replacements, bench.loader),
    "ReplicaCountTransformer": lambda config, _: transformers.set_replicas(config.replica, config.specs),
    "SuffixTransformer": _affix,
    "ValueAddTransformer": _value_add,
}
