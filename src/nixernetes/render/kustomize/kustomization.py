"""The kustomization file: its fields as Kustomize 5 decodes them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.go_yaml import go_yaml_problem
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG_V1BETA1
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.decoding import decode
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.ids import Gvk, ResId
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec

__all__ = [
    "COMPONENT",
    "FILE_NAMES",
    "FieldSelector",
    "FieldSpecEntry",
    "GeneratorArgs",
    "GeneratorOptions",
    "HelmChartField",
    "HelmGlobals",
    "ImageField",
    "KustomizationFile",
    "Label",
    "PatchField",
    "Replacement",
    "ReplacementField",
    "ReplacementSource",
    "ReplacementTarget",
    "Replica",
    "ResourceSelector",
    "SortOptions",
    "TargetOptions",
    "Var",
    "read",
]

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
COMPONENT = "Component"
_KIND = "Kustomization"
_VERSION = KUSTOMIZE_CONFIG_V1BETA1
_MENDED_AWAY = ("bases", "imageTags", "helmChartInflationGenerator")  # old fields, gone before Kustomize looks
_COMPONENT_VERSION = "kustomize.config.k8s.io/v1alpha1"

_wire = {"wire": "fields"}


# Structs of Kustomize that are embedded in others stand in the paths of Go's messages.
_OF_TYPES: Final = {"embedded": ("TypeMeta",)}
_OF_GENERATORS: Final = {"embedded": ("GeneratorArgs",)}
_OF_PAIRS: Final = {"embedded": ("GeneratorArgs", "KvPairSources")}
_OF_KINDS: Final = {"embedded": ("Gvk",)}
_OF_IDS: Final = {"embedded": ("ResId",)}
_OF_KINDS_OF_IDS: Final = {"embedded": ("ResId", "Gvk")}
_OF_REPLACEMENTS: Final = {"embedded": ("Replacement",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpecEntry:
    """A field spec on the wire."""

    group: str = field(default="", metadata=_OF_KINDS)
    version: str = field(default="", metadata=_OF_KINDS)
    kind: str = field(default="", metadata=_OF_KINDS)
    path: str = ""
    create: bool = False

    def field_spec(self) -> FieldSpec:
        """Return it as the transformers take it."""
        return FieldSpec(Gvk(self.group, self.version, self.kind), self.path, self.create)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSelector:
    """Selects resources; each part is a regular expression where Kustomize says so."""

    group: str = field(default="", metadata=_OF_KINDS_OF_IDS)
    version: str = field(default="", metadata=_OF_KINDS_OF_IDS)
    kind: str = field(default="", metadata=_OF_KINDS_OF_IDS)
    name: str = field(default="", metadata=_OF_IDS)
    namespace: str = field(default="", metadata=_OF_IDS)
    annotation_selector: str = ""
    label_selector: str = ""

    @property
    def id(self) -> ResId:
        """The identity part."""
        return ResId(Gvk(self.group, self.version, self.kind), self.name, self.namespace)

    def __str__(self) -> str:
        return f"{self.id}:a={self.annotation_selector}:l={self.label_selector}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One entry of ``labels``."""

    pairs: dict[str, str] = field(default_factory=dict)
    include_selectors: bool = False
    include_templates: bool = False
    field_specs: tuple[FieldSpecEntry, ...] = field(default=(), metadata=_wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchOptions:
    """What a patch may do that it may not by default."""

    allow_name_change: bool = False
    allow_kind_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchField:
    """One entry of ``patches`` or ``patchesJson6902``."""

    path: str = ""
    patch: str = ""
    target: ResourceSelector | None = None
    options: PatchOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageField:
    """One entry of ``images``."""

    name: str = ""
    new_name: str = ""
    tag_suffix: str = ""
    new_tag: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One entry of ``replicas``."""

    name: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOptions:
    """How a replacement reads a part of a field, or makes it."""

    delimiter: str = ""
    index: int = 0
    encoding: str = ""
    create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementSource:
    """Where a replacement takes its value from."""

    group: str = field(default="", metadata=_OF_KINDS_OF_IDS)
    version: str = field(default="", metadata=_OF_KINDS_OF_IDS)
    kind: str = field(default="", metadata=_OF_KINDS_OF_IDS)
    name: str = field(default="", metadata=_OF_IDS)
    namespace: str = field(default="", metadata=_OF_IDS)
    field_path: str = ""
    options: TargetOptions | None = None

    @property
    def id(self) -> ResId:
        """The identity part."""
        return ResId(Gvk(self.group, self.version, self.kind), self.name, self.namespace)

    def __str__(self) -> str:
        parts = [str(self.id), self.field_path]
        if self.options is not None and (self.options.delimiter or self.options.create):
            made = "true" if self.options.create else "false"
            parts.append(f"{self.options.delimiter}({self.options.index}), create={made}")
        return ":".join(filter(None, parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementTarget:
    """Where a replacement writes its value."""

    select: ResourceSelector | None = None
    reject: tuple[ResourceSelector, ...] = ()
    field_paths: tuple[str, ...] = ()
    options: TargetOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One replacement."""

    source: ReplacementSource | None = None
    source_value: str | None = None
    targets: tuple[ReplacementTarget, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementField:
    """One entry of ``replacements``: inline, or the path of a file."""

    path: str = ""
    source: ReplacementSource | None = field(default=None, metadata=_OF_REPLACEMENTS)
    source_value: str | None = field(default=None, metadata=_OF_REPLACEMENTS)
    targets: tuple[ReplacementTarget, ...] | None = field(default=None, metadata=_OF_REPLACEMENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorOptions:
    """``generatorOptions``, and ``options`` of one generator."""

    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    disable_name_suffix_hash: bool = False
    immutable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorArgs:
    """One entry of ``configMapGenerator`` or ``secretGenerator``."""

    name: str = field(default="", metadata=_OF_GENERATORS)
    namespace: str = field(default="", metadata=_OF_GENERATORS)
    behavior: str = field(default="", metadata=_OF_GENERATORS)
    literals: tuple[str, ...] = field(default=(), metadata=_OF_PAIRS)
    files: tuple[str, ...] = field(default=(), metadata=_OF_PAIRS)
    envs: tuple[str, ...] = field(default=(), metadata=_OF_PAIRS)
    env: str = field(default="", metadata=_OF_PAIRS)
    options: GeneratorOptions | None = field(default=None, metadata=_OF_GENERATORS)
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelector:
    """The field that a var reads."""

    field_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ObjectReference:
    api_version: str = ""
    group: str = field(default="", metadata=_OF_KINDS)
    version: str = field(default="", metadata=_OF_KINDS)
    kind: str = field(default="", metadata=_OF_KINDS)
    name: str = ""
    namespace: str = ""

    @property
    def id(self) -> ResId:
        """The identity; ``apiVersion`` goes before ``group`` and ``version``."""
        group, version = self.group, self.version
        if self.api_version:
            parts = self.api_version.split("/")
            version = parts[-1] if len(parts) <= 2 else version
            group = parts[0] if len(parts) == 2 else group
        return ResId(Gvk(group, version, self.kind), self.name, self.namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Var:
    """One entry of ``vars``."""

    name: str = ""
    objref: _ObjectReference = field(default_factory=_ObjectReference)
    fieldref: FieldSelector = field(default_factory=FieldSelector)

    @property
    def path(self) -> str:
        """The field that it reads; by default the name."""
        return self.fieldref.field_path or "metadata.name"

    def as_go(self) -> str:
        """Return the entry as Go prints it."""
        gvk = self.objref.id.gvk
        kind = f"{gvk.kind}.{gvk.version or '[noVer]'}.{gvk.group or '[noGrp]'}"
        return f"{{{self.name} {kind} {{{self.path}}}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _LegacySortOptions:
    order_first: tuple[str, ...] = ()
    order_last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SortOptions:
    """``sortOptions``."""

    order: str = ""
    legacy_sort_options: _LegacySortOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmGlobals:
    """``helmGlobals``."""

    chart_home: str = ""
    config_home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmChartField:
    """One entry of ``helmCharts``."""

    name: str = ""
    version: str = ""
    repo: str = ""
    release_name: str = ""
    namespace: str = ""
    additional_values_files: tuple[str, ...] = ()
    values_file: str = ""
    values_inline: Json = None
    values_merge: str = ""
    include_crds: bool = field(default=False, metadata={"wire": "includeCRDs"})
    skip_hooks: bool = False
    api_versions: tuple[str, ...] = ()
    kube_version: str = ""
    name_template: str = ""
    skip_tests: bool = False
    debug: bool = False
    devel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _HelmChartArgs:
    chart_name: str = ""
    chart_version: str = ""
    chart_repo_url: str = ""
    chart_home: str = ""
    chart_repo_name: str = ""
    helm_bin: str = ""
    helm_home: str = ""
    values: str = ""
    values_local: Json = None
    values_merge: str = ""
    release_name: str = ""
    release_namespace: str = ""
    extra_args: tuple[str, ...] = ()

    def chart(self) -> HelmChartField:
        return HelmChartField(
            name=self.chart_name,
            version=self.chart_version,
            repo=self.chart_repo_url,
            values_file=self.values,
            values_inline=self.values_local,
            values_merge=self.values_merge,
            release_name=self.release_name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ObjectMeta:
    name: str = ""
    namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KustomizationFile:
    """A kustomization file after Kustomize's own mending (``bases`` are resources, ``imageTags`` images ...)."""

    api_version: str = field(default="", metadata=_OF_TYPES)
    kind: str = field(default="", metadata=_OF_TYPES)
    metadata: _ObjectMeta | None = None
    openapi: dict[str, str] = field(default_factory=dict)
    name_prefix: str = ""
    name_suffix: str = ""
    namespace: str = ""
    common_labels: dict[str, str] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    common_annotations: dict[str, str] = field(default_factory=dict)
    patches_strategic_merge: tuple[str, ...] = ()
    patches_json6902: tuple[PatchField, ...] = ()
    patches: tuple[PatchField, ...] = ()
    images: tuple[ImageField, ...] = ()
    image_tags: tuple[ImageField, ...] = ()
    replacements: tuple[ReplacementField, ...] = ()
    replicas: tuple[Replica, ...] = ()
    vars: tuple[Var, ...] = ()
    sort_options: SortOptions | None = None
    resources: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    crds: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    config_map_generator: tuple[GeneratorArgs, ...] = ()
    secret_generator: tuple[GeneratorArgs, ...] = ()
    helm_globals: HelmGlobals | None = None
    helm_charts: tuple[HelmChartField, ...] = ()
    helm_chart_inflation_generator: tuple[_HelmChartArgs, ...] = ()
    generator_options: GeneratorOptions | None = None
    configurations: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    transformers: tuple[str, ...] = ()
    validators: tuple[str, ...] = ()
    build_metadata: tuple[str, ...] = ()


def read(text: bytes, *, file: str, folder: str) -> KustomizationFile:
    """Read a kustomization file.

    Args:
        text: the content of the file.
        file: its path, for messages.
        folder: the folder it is in, for messages.

    Raises:
        KustomizeError: broken YAML, an unknown field, a wrong type, nothing in it, or another kind.

    """
    try:
        data = yamls.parse_first(text, file=file, duplicates="last")
    except InputError as error:
        told = go_yaml_problem(error)
        words = f"invalid Kustomization: {told}" if told else ""
        raise KustomizeError(f"invalid Kustomization: {error.message}", place=error.place, words=words) from error
    try:
        found = _mended(decode(KustomizationFile, data, strict=True))
    except KustomizeError as error:
        raise KustomizeError(error.message, place=_place(text, file, error), words=error.words) from error
    if found == KustomizationFile(api_version=found.api_version, kind=found.kind) and not _names_nothing(data):
        raise KustomizeError("kustomization.yaml is empty", place=file)
    errors = list(_wrong_type(found))
    if errors:
        under = f"Failed to read kustomization file under {folder or '.'}:\n"
        raise KustomizeError(under + "\n".join(errors), place=file)
    return found


def _names_nothing(data: Json) -> bool:
    """Tell whether a field holds an empty list or map: to Kustomize such a file is not empty, it gives nothing."""
    return isinstance(data, dict) and any(value in ([], {}) for key, value in data.items() if key not in _MENDED_AWAY)


def _mended(found: KustomizationFile) -> KustomizationFile:
    kind = found.kind or _KIND
    old_charts = found.helm_chart_inflation_generator
    home = next((chart.chart_home for chart in reversed(old_charts) if chart.chart_home), "")
    config = next((chart.helm_home for chart in reversed(old_charts) if chart.helm_home), "")
    globals_ = HelmGlobals(chart_home=home, config_home=config) if home or config else None
    return replace(
        found,
        kind=kind,
        api_version=found.api_version or (_COMPONENT_VERSION if kind == COMPONENT else _VERSION),
        resources=found.resources + found.bases,
        bases=(),
        images=found.images + found.image_tags,
        image_tags=(),
        config_map_generator=tuple(map(_with_env, found.config_map_generator)),
        secret_generator=tuple(map(_with_env, found.secret_generator)),
        helm_globals=found.helm_globals or globals_,
        helm_charts=found.helm_charts + tuple(chart.chart() for chart in old_charts),
        helm_chart_inflation_generator=(),
    )


def _with_env(args: GeneratorArgs) -> GeneratorArgs:
    return replace(args, envs=(*args.envs, args.env), env="") if args.env else args


def _wrong_type(found: KustomizationFile) -> list[str]:
    errors = []
    if found.kind not in (_KIND, COMPONENT):
        errors.append(f"kind should be {_KIND} or {COMPONENT}")
    wanted = _COMPONENT_VERSION if found.kind == COMPONENT else _VERSION
    if found.api_version != wanted:
        errors.append(f"apiVersion for {found.kind} should be {wanted}")
    return errors


def _place(text: bytes, file: str, error: KustomizeError) -> str:
    name = error.message.partition('unknown field "')[2].removesuffix('"')
    if not name:
        path = error.message.partition(" into Go struct field ")[2].partition(" ")[0].split(".")[1:]
        name = next((part for part in path if part != "TypeMeta"), "")
    line = yamls.locate(text, [name]) if name else 0
    return f"{file}:{line}" if line else file
