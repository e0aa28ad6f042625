"""``replacements``: the value of one field, or a part of it, written into fields of other resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nixernetes.errors import InputError
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.kyaml.nodes import MISSING, demand_kind, is_null, kind_of, text_of
from nixernetes.languages.kyaml.ties import Knot, Tied, loosened
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Step, StepKind
from nixernetes.objects.sizes import Allowance, CopyBudget
from nixernetes.render.kustomize.decoding import decode
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import (
    Replacement,
    ReplacementField,
    ReplacementSource,
    ReplacementTarget,
    ResourceSelector,
    TargetOptions,
)
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.resources.yaml_text import YamlText
from nixernetes.render.kustomize.transformers.field_paths import (
    is_list_key,
    is_position,
    lookup,
    split_fields,
    split_key,
)
from nixernetes.render.kustomize.transformers.patterns import compile_pattern
from nixernetes.render.kustomize.transformers.selectors import IdentityPattern, matches_labels
from nixernetes.render.kustomize.transformers.structured_values import respelling, text_on_path
from nixernetes.render.kustomize.transformers.values import Transform

__all__ = ["replacements"]

_STEPS_OF_A_MATCH = 100  # to see whether a resource is selected takes as long as to copy so many entries
_NULLS = ("", "~", "null", "Null", "NULL")
_Change: TypeAlias = Callable[[Json], Json]


def replacements(entries: tuple[ReplacementField, ...], loader: Loader) -> Transform:
    """Return the transformer of ``replacements``.

    Raises:
        KustomizeError: an entry with a path and inline parts, a file that holds no replacement.

    """
    loaded = [row for at, entry in enumerate(entries) for row in _load(entry, loader, at)]

    def transform(resources: ResMap) -> None:
        for each, source, step in loaded:
            try:
                _apply(each, resources.resources, step, loader)
            except InputError as error:
                raise KustomizeError(error.message, subject=error.subject, place=error.place or source) from error

    return transform


def _load(entry: ReplacementField, loader: Loader, position: int) -> list[tuple[Replacement, str, Step]]:
    if not entry.path:
        step = loader.field_step(StepKind.REPLACEMENT, "replacements", position)
        # What stands in the kustomization itself is written out once more, without what is empty.
        inline = Replacement(source=entry.source, source_value=entry.source_value, targets=entry.targets or None)
        return [(inline, "", step)]
    if entry.source is not None or entry.targets:
        raise KustomizeError("cannot specify both path and inline replacement")
    file = loader.file(entry.path)
    data = yamls.parse(loader.tree.read(file), file=file)
    if not isinstance(data, (list, dict)):
        raise KustomizeError("unsupported replacement type encountered within replacement path", place=file)
    rows = data if isinstance(data, list) else [data]
    try:
        step = loader.step(StepKind.REPLACEMENT, file)
        return [(decode(Replacement, row, strict=False), file, step) for row in rows]
    except InputError as error:
        raise KustomizeError(error.message, place=file) from error


def _apply(each: Replacement, resources: list[BuildResource], step: Step, loader: Loader) -> None:
    if (each.source is None and each.source_value is None) or each.targets is None:
        raise KustomizeError("replacements must specify a source and at least one target")
    if each.source is not None and each.source_value is not None:
        raise KustomizeError("value and resource selectors are mutually exclusive")
    origin: BuildResource | None = None
    value: Json = each.source_value
    if each.source is not None:
        origin = _origin(each.source, resources)
        value = _value(each.source, origin)
    for target in each.targets:
        selector = target.select
        if selector is None:
            raise KustomizeError("target must specify resources to select")
        loader.steps.take(len(resources) * (1 + len(target.reject)) * _STEPS_OF_A_MATCH)
        select = _patterns(selector)
        reject = [_patterns(each) for each in target.reject if each.id != ResourceSelector().id]
        for resource in resources:
            if _is_target(resource, target, select, reject):
                _write(resource, target, value, loader)
                resource.touched(step)
                if resource is origin and each.source and not (each.source.options and each.source.options.delimiter):
                    # Kustomize hands the field itself around, so that a source that is its own target changes.
                    value = _value(each.source, origin)


def _ids(resource: BuildResource) -> list[Json]:
    """Return all identities without their scope, as replacements compare them."""
    return [each._replace(cluster_scoped=False) for each in resource.ids]


def _origin(source: ReplacementSource, resources: list[BuildResource]) -> BuildResource:
    found = [each for each in resources if any(one.is_selected_by(source.id) for one in _ids(each))]
    if len(found) > 1:
        raise KustomizeError(f"multiple matches for selector {source}")
    if not found:
        raise KustomizeError(f"nothing selected by {source}")
    return found[0]


def _value(source: ReplacementSource, origin: BuildResource) -> Json:
    path = source.field_path or "metadata.name"
    try:
        value = loosened(lookup(origin.manifest, split_fields(path)))
    except KustomizeError as error:
        raise KustomizeError(f"error looking up replacement source: {error.message}") from error
    if is_null(value) or value in ({}, []):
        raise KustomizeError(f"fieldPath `{path}` is missing for replacement source {source.id}")
    options = source.options
    if options is None or not options.delimiter:
        return value
    if kind_of(value) != "ScalarNode":
        raise KustomizeError("delimiter option can only be used with scalar nodes")
    parts = text_of(value).split(options.delimiter)
    if not 0 <= options.index < len(parts):
        raise KustomizeError(f"options.index {options.index} is out of bounds for value {_shown(origin, value)}")
    return _typed(parts[options.index], value)


def _shown(resource: BuildResource, value: Json) -> str:
    return "(of a Secret)" if resource.kind == "Secret" else text_of(value)


def _patterns(selector: ResourceSelector) -> IdentityPattern:
    try:
        return IdentityPattern.of(selector)
    except KustomizeError as error:
        raise KustomizeError(f"error creating target selector: {error.message}") from error


def _is_target(
    resource: BuildResource, target: ReplacementTarget, select: IdentityPattern, reject: list[IdentityPattern]
) -> bool:
    if target.select is not None and not _has_labels(resource, target.select):
        return False
    for each in target.reject:
        if (each.annotation_selector or each.label_selector) and _has_labels(resource, each):
            return False
    ids = resource.ids
    return not any(each.matches(one) for each in reject for one in ids) and any(map(select.matches, ids))


def _has_labels(resource: BuildResource, selector: ResourceSelector) -> bool:
    return matches_labels(selector.annotation_selector, resource.annotations) and matches_labels(
        selector.label_selector, resource.labels
    )


def _write(resource: BuildResource, target: ReplacementTarget, value: Json, loader: Loader) -> None:
    options = target.options or TargetOptions()
    create = _zero(value) if options.create else MISSING
    for path in target.field_paths or ("metadata.name",):
        inside = _written_inside(resource.manifest, split_fields(path), value, create, loader)
        if inside is not None:
            resource.follow(inside, {})
            continue
        failure = (
            f"unable to find {'or create ' if options.create else ''}field {go_quoted(path)} in replacement target"
        )
        changes: dict[Knot, Json] = {}
        writer = _Writer(
            create, _tying(lambda old: _counted(options, old, value, loader.budget), changes), loader.steps
        )
        try:
            manifest = writer.write(resource.manifest, split_fields(path))
        except KustomizeError as error:
            if writer.count:
                raise
            raise KustomizeError(f"{failure}: {error.message}", place=str(resource.source)) from error
        if not writer.count:
            raise KustomizeError(failure, subject=str(resource.current_id), place=str(resource.source))
        resource.follow(manifest, changes)


def _written_inside(manifest: Manifest, path: list[str], value: Json, create: Json, loader: Loader) -> Json:
    """Return the manifest with a value written into data that a text on the path holds; None where that cannot be."""
    found = text_on_path(manifest, path)
    if found is None:
        return None
    outer, inner, text = found
    writer = _Writer(create, respelling(value), loader.steps)
    try:
        after = writer.write(text.data, inner)
        if not writer.count:
            return None
        fresh = text.written(after)
    except InputError:
        return None
    loader.budget.spend(fresh)
    return _Writer(MISSING, lambda _: fresh, loader.steps).write(manifest, outer)


def _tying(change: _Change, changes: dict[Knot, Json]) -> _Change:
    """Note what is overwritten that stands at other places too."""

    def changed(old: Json) -> Json:
        new = change(old)
        if not isinstance(old, Tied) or not isinstance(new, str):
            return new
        changes[old.knot] = new
        return Tied(new, old.knot)

    return changed


def _counted(options: TargetOptions, old: Json, value: Json, budget: CopyBudget) -> Json:
    if options.delimiter:
        budget.spend(old)  # it is split and joined
    fresh = _set(options, old, value)
    budget.spend(fresh)
    return fresh


def _zero(value: Json) -> Json:
    if isinstance(value, dict):
        return {}
    return [] if isinstance(value, list) else _Made()


class _Made(str):
    """The text of a scalar that is being made: it has no type yet."""

    __slots__ = ()


class _Writer:
    """Writes at every place that a path leads to, making what is missing when told to (kyaml's ``PathMatcher``)."""

    def __init__(self, create: Json, change: _Change, steps: Allowance) -> None:
        self._create = create
        self._change = change
        self._steps = steps
        self.count = 0

    def write(self, node: Json, path: list[str]) -> Json:
        if not path:
            self.count += 1
            return self._change(node)
        self._steps.take(len(node) if isinstance(node, dict | list) else 1)
        part, rest = path[0], path[1:]
        if is_position(part):
            return self._position(node, int(part), rest)
        if is_list_key(part):
            return self._items(node, part, rest)
        if part == "*":
            demand_kind(node, "SequenceNode")
            return [self.write(item, rest) for item in node] if isinstance(node, list) else node
        return self._field(node, part, rest)

    def _field(self, node: Json, name: str, rest: list[str]) -> Json:
        demand_kind(node, "MappingNode")
        if not isinstance(node, dict):
            # A null swallows what is made in it, without a word.
            self.count += self._create is not MISSING
            return node
        old = node.get(name, MISSING)
        if old is MISSING:
            if self._create is MISSING:
                return node
            old = self._made(rest)
        if rest and isinstance(old, str) and not isinstance(old, _Made):
            self._look_inside(old, rest)
            return node
        new = self.write(old, rest)
        return node if new is old and name in node else {**node, name: new}

    def _look_inside(self, text: str, rest: list[str]) -> None:
        """Follow a path into the data that a text holds: what is found counts, but the text stays as it is."""
        try:
            inside = YamlText(str(text))
        except InputError as error:
            raise KustomizeError(error.message) from error
        if inside.is_empty:
            raise KustomizeError("wrong node kind: expected MappingNode but got nothing")
        inner = _Writer(self._create, lambda old: old, self._steps)
        inner.write(inside.data, rest)
        self.count += inner.count

    def _made(self, rest: list[str]) -> Json:
        if not rest:
            return self._create
        return [] if is_list_key(rest[0]) or is_position(rest[0]) else {}

    def _position(self, node: Json, position: int, rest: list[str]) -> Json:
        demand_kind(node, "SequenceNode")
        items = list(node) if isinstance(node, list) else []
        if len(items) == position and self._create is not MISSING:
            items.append(self._made(rest))
        if position >= len(items):
            raise KustomizeError(f"index {position} specified but only {len(items)} elements found")
        items[position] = self.write(items[position], rest)
        return items

    def _items(self, node: Json, part: str, rest: list[str]) -> Json:
        demand_kind(node, "SequenceNode")
        key, expression = split_key(part)
        pattern = compile_pattern(expression)
        items = list(node) if isinstance(node, list) else []
        before = self.count
        for position, item in enumerate(items):
            if not key:
                if pattern.matches(text_of(item).strip()):
                    self.count += 1
                    items[position] = self._change(item)
            elif isinstance(item, dict) and key in item and pattern.matches(text_of(item[key]).strip()):
                items[position] = self.write(item, rest)
        if self.count > before or self._create is MISSING:
            return items
        made = _plain(expression)
        made = made if text_of(made) == expression else expression
        items.append(made if not key else {key: made})
        return self._items(items, part, rest) if pattern.matches(expression) else items


def _set(options: TargetOptions, old: Json, value: Json) -> Json:
    if options.delimiter:
        if kind_of(old) != "ScalarNode":
            raise KustomizeError("delimiter option can only be used with scalar nodes")
        parts = ("" if is_null(old) else text_of(old)).split(options.delimiter)
        text = text_of(value)
        if options.index < 0:
            parts = [text, *parts]
        elif options.index >= len(parts):
            parts = [*parts, text]
        else:
            parts[options.index] = text
        value = _typed(options.delimiter.join(parts), value)
    if isinstance(old, _Made) and kind_of(value) == "ScalarNode":
        return _plain(text_of(value))
    if kind_of(old) == "ScalarNode" and kind_of(value) == "ScalarNode":
        return _typed(text_of(value), old)
    return "" if kind_of(old) == "ScalarNode" else value


def _typed(text: str, like: Json) -> Json:
    """Return a text as the type of a scalar that it takes the place of.

    Raises:
        KustomizeError: the text is not of that type.

    """
    if isinstance(like, str):
        return text
    if is_null(like):
        if text in _NULLS:
            return None
        raise KustomizeError("cannot decode a value as a !!null")
    found = yamls.parse(text, dialect="kustomize") if text else None
    wanted = (int, float) if isinstance(like, float) else (type(like),)
    if type(found) not in wanted:
        name = {bool: "bool", int: "int", float: "float"}[type(like)]
        raise KustomizeError(f"cannot decode a value as a !!{name}")
    return found


def _plain(text: str) -> Json:
    """Return a text as YAML reads it as a plain scalar: what is made anew has the type that its text looks like."""
    if not text or "\n" in text:
        return text
    try:
        found = yamls.parse(text, dialect="kustomize")
    except InputError:
        return text
    return text if isinstance(found, dict | list | str) else found
