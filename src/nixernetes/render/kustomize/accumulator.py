"""Accumulating a kustomization: resources, generators, components, transformers, validators, vars, in that order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from nixernetes.errors import InputError
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.provenance import Step, StepKind
from nixernetes.render.kustomize import configuration, generators, plugins
from nixernetes.render.kustomize.configuration import Configuration
from nixernetes.render.kustomize.failures import (
    KustomizeError,
    NestedError,
    NotYamlError,
    nest,
    told_alone,
    words_of,
    wrap,
)
from nixernetes.render.kustomize.helm import inflate
from nixernetes.render.kustomize.kustomization import COMPONENT, HelmGlobals, KustomizationFile, Label, Var
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.resources.documents import resources_of
from nixernetes.render.kustomize.resources.ids import Gvk
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.provenance import Provenance
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.transformers import patches, values as transformers, variables
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec, merge_all
from nixernetes.render.kustomize.transformers.replacements import replacements
from nixernetes.render.kustomize.transformers.values import Transform

__all__ = ["Accumulated", "Accumulator"]

_METADATA_LABELS = FieldSpec(Gvk(), "metadata/labels", create=True)

_STEPS_OF_A_COMPARISON = 4  # as the steps of replacements are counted: by the time that they take
_STEPS_OF_A_LOOK = 20


@dataclass(slots=True, kw_only=True)
class Accumulated:
    """What a kustomization came to: its resources, and the rules that go up with them."""

    resources: ResMap = field(default_factory=ResMap)
    configuration: Configuration = field(default_factory=Configuration)
    variables: dict[str, Var] = field(default_factory=dict)


class Accumulator:
    """Accumulates one folder.

    Args:
        loader: reads from the folder.
        schemas: the OpenAPI data of the build.
        options: the options of the build.
        provenance: where the folder stands, for build metadata; None when none is kept.
        top: whether this is the folder that was asked for, whose ``openapi`` is taken before its files are read.

    """

    def __init__(
        self,
        loader: Loader,
        schemas: OpenApi,
        options: BuildOptions,
        provenance: Provenance | None = None,
        helm_namespace: str = "",
    ) -> None:
        self._loader = loader
        self._schemas = schemas
        self._options = options
        self.kustomization, name = loader.kustomization()
        self._file = f"{loader.root}/{name}" if loader.root else name
        self._provenance = provenance.configured_in(name) if provenance is not None else None
        self._helm_namespace = self.kustomization.namespace or helm_namespace
        self._bench = plugins.Bench(loader=loader, schemas=schemas, options=options)

    def use_openapi(self) -> None:
        """Take the ``openapi`` field.

        Raises:
            InputError: the file is not there or broken, or the version is not built in.

        """
        found = self.kustomization.openapi
        schema: Json = None
        if "path" in found:
            file = self._loader.file(found["path"])
            schema = yamls.parse(self._loader.tree.read(file), file=file) or {}
        self._schemas.use(found.get("version"), schema)

    def accumulate(self, into: Accumulated | None = None) -> Accumulated:
        """Return what the folder comes to.

        Args:
            into: what a component adds to and changes; None for a kustomization.

        Raises:
            KustomizeError: anything that Kustomize refuses.

        """
        found = into or Accumulated()
        before = {id(each): each.manifest for each in found.resources.resources}
        spec = self.kustomization
        try:
            self._add_resources(found, spec.resources)
        except InputError as error:
            raise nest("accumulating resources", error) from error
        for add in (self._configurations, self._crds):
            found.configuration = configuration.merge(found.configuration, add())
        self._generate(found)
        try:
            found = self._add_components(found)
        except InputError as error:
            raise nest("accumulating components", error) from error
        before = {id(each): each.manifest for each in found.resources.resources} | before
        self._transform(found)
        self._validate(found)
        with self._entry("vars"):
            variables.bind(found.resources, spec.vars)
            found.variables = variables.merge(found.variables, spec.vars)
        self._sign(found, before)
        return found

    def _sign(self, found: Accumulated, before: dict[int, Json]) -> None:
        """Note this kustomization on what it changed, unless a step of it is noted; manifests never change in place."""
        sign = self._overlay(StepKind.COMPONENT if self.kustomization.kind == COMPONENT else StepKind.OVERLAY)
        own = (sign.file, sign.repository)
        for each in found.resources.resources:
            if before.get(id(each), each.manifest) is each.manifest:
                continue
            if own not in {(step.file, step.repository) for step in each.source.chain}:
                each.touched(sign)

    def _overlay(self, kind: StepKind) -> Step:
        return self._loader.step(kind, self._file)

    def _configurations(self) -> Configuration:
        more = Configuration()
        for path in self.kustomization.configurations:
            more = configuration.merge(more, configuration.from_data(self._data(path)))
        return configuration.merge(configuration.default(), more)

    def _crds(self) -> Configuration:
        result = Configuration()
        for path in self.kustomization.crds:
            try:
                result = configuration.merge(result, configuration.from_crds(self._data(path)))
            except KustomizeError as error:
                raise wrap(f"loading CRDs [{path}]", error) from error
        return result

    def _data(self, path: str) -> Json:
        file = self._loader.file(path)
        return yamls.parse(self._loader.tree.read(file), file=file)

    def _add_resources(self, found: Accumulated, paths: Iterable[str]) -> None:
        for path in paths:
            try:
                self._add_file(found, path)
            except InputError as error:
                if not self._may_be_folder(path):
                    raise self._no_folder(path, error) from error
                self._add_folder(found, path, error)

    def _may_be_folder(self, path: str) -> bool:
        """Tell whether a path that is no readable file is to be tried as a folder."""
        try:
            self._loader.file(path)
        except InputError:
            return True
        return False

    def _no_folder(self, path: str, error: InputError) -> NestedError:
        """Return why a file was not taken; Kustomize tries it as a folder, too, and tells both.

        So ``accumulateResources`` in ``api/internal/target/kusttarget.go`` of Kustomize 5.8.1; a file that is no YAML
        is told alone.
        """
        found = nest(f"accumulating resources from '{path}'", self._placed(error, path))
        if isinstance(error, KustomizeError) and not isinstance(error, NotYamlError) and not told_alone(error):
            told = error.words if isinstance(error, NestedError) else found.words
            shown = self._loader.shown(self._loader.file(path))
            found.words = f"accumulation err='{told}': must build at directory: '{shown}': file is not directory"
        return found

    def _placed(self, error: InputError, path: str) -> InputError:
        if error.place:
            return error
        subject, place = error.subject or path, self._line("resources", path)
        return KustomizeError(error.message, subject=subject, place=place, words=words_of(error))

    def _line(self, field_name: str, value: str) -> str:
        """Return the place of an entry of this kustomization's lists."""
        entries = getattr(self.kustomization, field_name, ())
        return self._place(field_name, entries.index(value) if value in entries else 0)

    def _place(self, field_name: str, position: int | None = None) -> str:
        """Return the place of a field, or of an entry of it, as far as it is written in the file."""
        line = self._loader.line(self._file, field_name, position)
        return f"{self._loader.origin(self._file)}:{line}" if line else self._loader.origin(self._file)

    @contextmanager
    def _entry(self, field_name: str, position: int | None = None) -> Iterator[None]:
        """Place an error at an entry of this kustomization, unless it has the line of another place."""
        try:
            yield
        except InputError as error:
            if error.place.partition("#")[0] not in ("", self._file, self._loader.origin(self._file)):
                raise
            place = self._place(field_name, position)
            raise KustomizeError(error.message, subject=error.subject, place=place, words=words_of(error)) from error

    def _add_file(self, found: Accumulated, path: str) -> None:
        documents = self._loader.documents(path)
        remote = path.startswith(("http://", "https://"))
        loaded = resources_of(
            documents, self._loader.origin(path if remote else self._loader.file(path)), self._schemas
        )
        ResMap(loaded)
        base = self._loader.base
        if base is not None and not remote:
            for each in loaded:
                file = self._loader.file(path)
                each.source = replace(each.source, file=file, repository=base.url, revision=base.ref)
        if self._provenance is not None:
            for each in loaded:
                each.begun = self._provenance.of_file(path)
        try:
            found.resources.append_all(loaded)
        except KustomizeError as error:
            raise nest(f"merging resources from '{path}'", error) from error

    def _add_folder(self, found: Accumulated, path: str, first: InputError) -> None:
        try:
            below = self._loader.below(path)
        except KustomizeError as error:
            message = f"accumulation err='accumulating resources from '{path}': {first.message}': {error.message}"
            place = error.place or self._line("resources", path)
            told = first if error.message.startswith("must build at directory") else error
            words = f"accumulation err='accumulating resources from '{path}': {words_of(first)}': {words_of(error)}"
            raise NestedError(message, subject=error.subject, place=place, words=words) from told
        try:
            self._absorb_folder(found, below, path, as_component=False)
        except KustomizeError as error:
            if not told_alone(error):
                way = f"accumulating resources from '{path}': {words_of(first)}"
                error.words = f"accumulation err='{way}': {error.words}"
            raise

    def _absorb_folder(self, found: Accumulated, below: Loader, path: str, *, as_component: bool) -> None:
        shown = below.shown(below.root)
        provenance = self._provenance.below(path) if self._provenance is not None else None
        try:
            inner = Accumulator(below, self._schemas, self._options, provenance, self._helm_namespace)
        except KustomizeError as error:
            raise nest(f"couldn't make target for path '{shown}'", error) from error
        inner.use_openapi()
        kind = inner.kustomization.kind
        if as_component and kind != COMPONENT:
            words = f"expected kind '{COMPONENT}' for path '{shown}' but got '{kind}'"
            raise KustomizeError(words, place=self._line("components", path))
        if not as_component and kind == COMPONENT:
            words = f"expected kind != '{COMPONENT}' for path '{shown}'"
            raise KustomizeError(words, place=self._line("resources", path))
        try:
            if as_component:
                before = {id(each) for each in found.resources.resources}
                inner.accumulate(found)
                for each in found.resources.resources:
                    if id(each) not in before:
                        each.touched(self._overlay(StepKind.OVERLAY))
                self._check_identities(found, shown)
                return
            result = inner.accumulate()
        except InputError as error:
            raise nest(f"recursed accumulation of path '{shown}'", error) from error
        step = self._overlay(StepKind.OVERLAY)
        for each in result.resources.resources:
            each.touched(step)
        try:
            found.resources.append_all(result.resources.resources)
            found.configuration = configuration.merge(found.configuration, result.configuration)
            found.variables = variables.merge(found.variables, result.variables.values())
        except KustomizeError as error:
            raise wrap(f"recursed merging from path '{shown}'", error) from error

    def _check_identities(self, found: Accumulated, shown: str) -> None:
        """Refuse one identity for two resources: Kustomize adds what a component leaves to a new list."""
        try:
            found.resources.resources = ResMap(found.resources.resources).resources
        except KustomizeError as error:
            raise wrap(f"recursed merging from path '{shown}'", error) from error

    def _add_components(self, found: Accumulated) -> Accumulated:
        for path in self.kustomization.components:
            try:
                below = self._loader.below(path)
            except KustomizeError as error:
                words = f"loader.New {go_quoted(error.words)}"
                place = self._line("components", path)
                message = f'loader.New "{error.message}"'
                raise NestedError(message, subject=error.subject, place=place, words=words) from error
            try:
                self._absorb_folder(found, below, path, as_component=True)
            except InputError as error:
                found_below = nest("accumulateDirectory", error)
                found_below.words = f"accumulateDirectory: {go_quoted(words_of(error))}"
                raise found_below from error
        return found

    def _generate(self, found: Accumulated) -> None:
        spec = self.kustomization
        for kind, field_name, entries, make in (
            ("ConfigMapGenerator", "configMapGenerator", spec.config_map_generator, generators.config_map),
            ("SecretGenerator", "secretGenerator", spec.secret_generator, generators.secret),
        ):
            for at, args in enumerate(entries):
                with self._entry(field_name, at):
                    merged = generators.with_global_options(args.options, spec.generator_options)
                    made = make(replace(args, options=merged), self._loader, self._schemas)
                    self._absorb(found, [made], kind, self._loader.field_step(StepKind.GENERATOR, field_name, at))
        for at, chart in enumerate(spec.helm_charts):
            with self._entry("helmCharts", at):
                placed = replace(chart, namespace=chart.namespace or self._helm_namespace)
                charts = inflate(placed, spec.helm_globals or HelmGlobals(), self._loader, self._schemas, self._options)
                step = self._loader.field_step(StepKind.GENERATOR, "helmCharts", at)
                self._absorb(found, charts, "HelmChartInflationGenerator", step)
        for config in self._plugin_configs(spec.generators):
            with self._entry("generators"):
                source = config.source
                step = self._loader.step(
                    StepKind.GENERATOR, source.file or self._file, line=source.line, name=str(config.original_id)
                )
                self._absorb(found, plugins.generate(config, self._bench), config.kind, step, config)

    def _absorb(
        self,
        found: Accumulated,
        made: list[BuildResource],
        kind: str,
        step: Step,
        config: BuildResource | None = None,
    ) -> None:
        for each in made:
            if not each.source.file:
                each.source = replace(
                    each.source, file=step.file, line=step.line, repository=step.repository, revision=step.revision
                )
            each.touched(step)
            if self._provenance is not None:
                each.begun = self._provenance.of_plugin(kind, config)
        # Each is compared with all that are there, to be merged into one of them.
        self._loader.steps.take(len(found.resources.resources) * len(made) * _STEPS_OF_A_COMPARISON)
        found.resources.absorb_all(made)

    def _plugin_configs(self, entries: Iterable[str]) -> list[BuildResource]:
        """Return the configurations of plugins: written in the list itself, in files, or built from folders."""
        found = Accumulated()
        paths: list[str] = []
        for text in entries:
            try:
                documents = yamls.parse_all(text, file=self._file, dialect="kustomize")
                inline = resources_of(documents, "", self._schemas)
            except InputError:
                paths.append(text)
                continue
            for each in inline:
                each.begun = self._provenance.of_file(self._file_name()) if self._provenance is not None else None
            found.resources.append_all(inline)
        self._add_resources(found, paths)
        return found.resources.resources

    def _file_name(self) -> str:
        return self._file.rsplit("/", 1)[-1]

    def _transform(self, found: Accumulated) -> None:
        rows: list[tuple[_Step, Transform]] = []
        for step in self._built_in(found.configuration):
            with self._entry(step.field, step.position):
                rows.append((step, step.make()))
        for step, transform in rows:
            with self._entry(step.field, step.position):
                self._run(found, transform, step.kind, None)
        # Kustomize configures all plugins before the first one runs; their order of effects is the same.
        for config in self._plugin_configs(self.kustomization.transformers):
            with self._entry("transformers"):
                self._run(found, plugins.transformer(config, self._bench), config.kind, config)

    def _run(self, found: Accumulated, transform: Transform, kind: str, config: BuildResource | None) -> None:
        self._loader.steps.take(len(found.resources.resources) * _STEPS_OF_A_LOOK)
        transform(found.resources)
        if self._provenance is not None:
            for each in found.resources.resources:
                self._provenance.note(each, kind, config)
        found.resources.drop_empties()

    def _built_in(self, config: Configuration) -> Iterator[_Step]:
        """Yield the transformers of the fields, in Kustomize's order."""
        spec, loader, schemas = self.kustomization, self._loader, self._schemas
        if spec.patches_strategic_merge:
            merges = spec.patches_strategic_merge
            make = partial(patches.strategic_merges, merges, loader, schemas)
            yield _Step("PatchStrategicMergeTransformer", "patchesStrategicMerge", make)
        for at, patch in enumerate(spec.patches):
            yield _Step("PatchTransformer", "patches", partial(patches.patch, patch, loader, schemas, at), at)
        if spec.namespace:
            make = partial(transformers.set_namespace, spec.namespace, config.namespace)
            yield _Step("NamespaceTransformer", "namespace", make)
        if spec.name_prefix:
            make = partial(transformers.add_prefix, spec.name_prefix, config.name_prefix)
            yield _Step("PrefixTransformer", "namePrefix", make)
        if spec.name_suffix:
            make = partial(transformers.add_suffix, spec.name_suffix, config.name_suffix)
            yield _Step("SuffixTransformer", "nameSuffix", make)
        yield from _labels(spec, config)
        if spec.common_annotations:
            make = partial(transformers.add_annotations, spec.common_annotations, config.common_annotations)
            yield _Step("AnnotationsTransformer", "commonAnnotations", make)
        for at, operations in enumerate(spec.patches_json6902):
            yield _Step(
                "PatchJson6902Transformer", "patchesJson6902", partial(patches.json6902, operations, loader, at), at
            )
        for at, replica in enumerate(spec.replicas):
            make = partial(transformers.set_replicas, replica, config.replicas)
            yield _Step("ReplicaCountTransformer", "replicas", make, at)
        for at, image in enumerate(spec.images):
            yield _Step("ImageTagTransformer", "images", partial(transformers.set_image, image, config.images), at)
        if spec.replacements:
            make = partial(replacements, spec.replacements, loader)
            yield _Step("ReplacementTransformer", "replacements", make)

    def _validate(self, found: Accumulated) -> None:
        for config in self._plugin_configs(self.kustomization.validators):
            before = [(each.current_id.key, each.manifest) for each in found.resources.resources]
            plugins.transformer(config, self._bench)(found.resources)
            after = [(each.current_id.key, _unmarked(each)) for each in found.resources.resources]
            if sorted(before, key=_first) != sorted(after, key=_first):
                raise KustomizeError(
                    f"validator shouldn't modify the resource map: {config.original_id}", place=str(config.source)
                )


class _Step(NamedTuple):
    """A built-in transformer: its kind, the field (and entry of it) that asks for it, and what makes it."""

    kind: str
    field: str
    make: Callable[[], Transform]
    position: int | None = None


_first: Callable[[tuple[object, object]], str] = lambda row: str(row[0])  # noqa: E731


def _unmarked(resource: BuildResource) -> Json:
    labels = (resource.manifest.get("metadata") or {}).get("labels")
    if not isinstance(labels, dict) or "validated-by" not in labels:
        return resource.manifest
    kept = {key: value for key, value in labels.items() if key != "validated-by"}
    meta = {key: value for key, value in resource.manifest["metadata"].items() if key != "labels"}
    return {**resource.manifest, "metadata": {**meta, "labels": kept} if kept else meta}


def _labels(spec: KustomizationFile, config: Configuration) -> Iterator[_Step]:
    if not spec.labels and not spec.common_labels:
        return
    for at, label in enumerate(spec.labels):
        yield _Step("LabelTransformer", "labels", partial(_add_labels, label, config), at)
    make = partial(transformers.add_labels, spec.common_labels, config.common_labels)
    yield _Step("LabelTransformer", "commonLabels", make)


def _add_labels(label: Label, config: Configuration) -> Transform:
    return transformers.add_labels(label.pairs, _label_specs(label, config))


def _label_specs(label: Label, config: Configuration) -> tuple[FieldSpec, ...]:
    specs = tuple(each.field_spec() for each in label.field_specs)
    try:
        specs = merge_all(specs, config.labels)
        if label.include_selectors:
            return merge_all(specs, config.common_labels)
        if label.include_templates:
            specs = merge_all(specs, config.template_labels)
        return merge_all(specs, (_METADATA_LABELS,))
    except KustomizeError as error:
        raise wrap("failed to merge labels", error) from error
