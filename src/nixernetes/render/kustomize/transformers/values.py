"""The transformers that write one value in known places: namespace, names, labels, images, replicas and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from nixernetes.languages.kyaml.nodes import MISSING, kind_of, text_of
from nixernetes.objects.api_groups import APIREGISTRATION
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import ImageField, Replica, ResourceSelector
from nixernetes.render.kustomize.resources.ids import Gvk
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import HELM_GENERATED, BuildResource, with_meta
from nixernetes.render.kustomize.transformers.field_specs import (
    Entries,
    FieldSpec,
    rewrite,
    set_text,
    split_path,
    visit,
)
from nixernetes.render.kustomize.transformers.patterns import compile_pattern
from nixernetes.render.kustomize.transformers.selectors import select

__all__ = [
    "Transform",
    "add_annotations",
    "add_labels",
    "add_prefix",
    "add_suffix",
    "add_value",
    "set_image",
    "set_namespace",
    "set_replicas",
]

Transform: TypeAlias = Callable[[ResMap], None]

_NAME = "metadata/name"
_NAMESPACE = "metadata/namespace"
_BINDINGS = ("RoleBinding", "ClusterRoleBinding")
# Kinds whose name says what they are: a CRD's is its plural and group, an APIService's its version and group.
_NEVER_RENAMED = (
    Gvk(kind="CustomResourceDefinition"),
    Gvk(APIREGISTRATION, kind="APIService"),
    Gvk(kind="Namespace"),
)
SUBJECT_MODES = ("defaultOnly", "none", "allServiceAccounts")


_MAX_AFFIX = 1_000  # characters; the names of Kubernetes end at 253


def add_prefix(prefix: str, specs: Iterable[FieldSpec]) -> Transform:
    """Return the transformer of ``namePrefix``."""
    return _renamer(tuple(specs), lambda text: prefix + text, prefix, "")


def add_suffix(suffix: str, specs: Iterable[FieldSpec]) -> Transform:
    """Return the transformer of ``nameSuffix``."""
    return _renamer(tuple(specs), lambda text: text + suffix, "", suffix)


def _renamer(specs: tuple[FieldSpec, ...], change: Callable[[str], str], prefix: str, suffix: str) -> Transform:
    if len(prefix + suffix) > _MAX_AFFIX:
        raise KustomizeError(f"a prefix or suffix of more than {_MAX_AFFIX:,} characters makes no name")

    def setter(old: Json) -> Json:
        return set_text(change(text_of(old)))(old)

    def transform(resources: ResMap) -> None:
        for resource in resources.resources:
            original = resource.original_id.gvk
            if any(gvk.selects(original) for gvk in _NEVER_RENAMED):
                continue
            for spec in specs:
                if not spec.gvk.selects(original):
                    continue
                if spec.path == _NAME and (prefix or suffix):
                    resource.prefixes += [prefix] if prefix else []
                    resource.suffixes += [suffix] if suffix else []
                    resource.remember()
                resource.manifest = rewrite(resource.manifest, spec, setter, "scalar")

    return transform


def set_namespace(
    namespace: str, specs: Iterable[FieldSpec], *, unset_only: bool = False, subjects: str = "defaultOnly"
) -> Transform:
    """Return the transformer of ``namespace``.

    Args:
        namespace: the namespace; empty changes nothing.
        specs: where else than in the metadata it is written.
        unset_only: whether only missing and empty values are written.
        subjects: which subjects of (Cluster)RoleBindings follow: ``defaultOnly``, ``none``, ``allServiceAccounts``.

    Raises:
        KustomizeError: an unknown mode of subjects.

    """
    mode = subjects or "defaultOnly"
    if mode not in SUBJECT_MODES:
        raise KustomizeError(
            f'invalid value "{mode}" for setRoleBindingSubjects: must be one of '
            '"defaultOnly", "none" or "allServiceAccounts"'
        )
    places = tuple(spec for spec in specs if spec.path != _NAMESPACE)
    write = _only_unset(namespace) if unset_only else set_text(namespace)

    def transform(resources: ResMap) -> None:
        if not namespace:
            return
        counts = resources.counted()
        for resource in resources.resources:
            if resource.annotations.get(HELM_GENERATED) == "true":
                continue
            counts[resource.current_id.key] -= 1
            resource.remember()
            _into_namespace(resource, write, places, mode)
            now = resource.current_id
            counts[now.key] += 1
            if counts[now.key] != 1:
                raise KustomizeError(
                    f"namespace transformation produces ID conflict: {now}",
                    subject=str(now),
                    place=str(resource.source),
                )

    return transform


def _only_unset(namespace: str) -> Callable[[Json], Json]:
    write = set_text(namespace)
    return lambda old: old if isinstance(old, str) and old else write(old)


def _into_namespace(
    resource: BuildResource, write: Callable[[Json], Json], places: tuple[FieldSpec, ...], mode: str
) -> None:
    manifest = resource.manifest
    if not resource.current_id.cluster_scoped:
        manifest = visit(manifest, ("metadata", "namespace"), write, "scalar")
    is_binding = resource.kind in _BINDINGS
    if is_binding and mode != "none":
        manifest = visit(manifest, ("subjects",), lambda rows: _move_subjects(rows, write, mode), "")
    for spec in places:
        if spec.path == _NAME and manifest.get("apiVersion") != "v1":
            continue
        if is_binding and spec.gvk.kind in _BINDINGS and spec.path == "subjects/namespace":
            continue
        manifest = rewrite(manifest, spec, write, "scalar")
    resource.manifest = manifest


def _move_subjects(rows: Json, write: Callable[[Json], Json], mode: str) -> Json:
    if not isinstance(rows, list):
        return rows
    field, value = ("name", "default") if mode == "defaultOnly" else ("kind", "ServiceAccount")
    return [
        {**row, "namespace": write(row.get("namespace", ""))}
        if isinstance(row, dict) and row.get(field) == value
        else row
        for row in rows
    ]


def add_labels(labels: dict[str, str], specs: Iterable[FieldSpec]) -> Transform:
    """Return the transformer of labels: the pairs are written into every mapping that a spec leads to."""
    return _entries(labels, specs)


def add_annotations(annotations: dict[str, str], specs: Iterable[FieldSpec]) -> Transform:
    """Return the transformer of annotations."""
    return _entries(annotations, specs)


def _entries(values: dict[str, str], specs: Iterable[FieldSpec]) -> Transform:
    places = tuple(specs)

    def transform(resources: ResMap) -> None:
        for resource in resources.resources if values else []:
            entries, manifest = Entries(values), resource.manifest
            for spec in places:
                manifest = rewrite(manifest, spec, entries, "mapping")
            resource.follow(manifest, entries.changes)
            resource.is_tied = resource.is_tied or any(entries.made.values())

    return transform


def set_image(image: ImageField, specs: Iterable[FieldSpec]) -> Transform:
    """Return the transformer of one entry of ``images``: by field specs, and in every list of containers."""
    places = tuple(specs)
    pattern = compile_pattern(f"^{image.name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$")

    def setter(old: Json) -> Json:
        if kind_of(old) != "ScalarNode":
            raise KustomizeError(f"wrong node kind: expected ScalarNode but got {kind_of(old)}")
        text = text_of(old) if old is not None else ""
        return _with_image(text, image) if pattern.matches(text) else old

    def transform(resources: ResMap) -> None:
        for resource in resources.resources:
            if resource.kind == "CustomResourceDefinition":
                continue
            manifest = _in_containers(resource.manifest, setter)
            for spec in places:
                manifest = rewrite(manifest, spec, setter)
            resource.manifest = manifest

    return transform


def _in_containers(node: Json, setter: Callable[[Json], Json]) -> Json:
    """Rewrite the images of every ``containers`` and ``initContainers`` list, at any depth."""
    if isinstance(node, list):
        items = [_in_containers(item, setter) for item in node]
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    if not isinstance(node, dict):
        return node
    fresh = {key: _in_containers(value, setter) for key, value in node.items()}
    for key in ("containers", "initContainers"):
        rows = fresh.get(key)
        if isinstance(rows, list):
            fresh[key] = _images_of(rows, setter)
    return fresh if any(fresh[key] is not value for key, value in node.items()) else node


def _images_of(rows: list[Json], setter: Callable[[Json], Json]) -> list[Json]:
    items = [
        {**row, "image": setter(row["image"])}
        if isinstance(row, dict) and row.get("image") and setter(row["image"]) is not row["image"]
        else row
        for row in rows
    ]
    return items if any(new is not old for new, old in zip(items, rows, strict=True)) else rows


def _with_image(text: str, image: ImageField) -> str:
    name, tag, digest = _split_image(text)
    name = image.new_name or name
    if image.new_tag and image.digest:
        tag, digest = image.new_tag, image.digest
    elif image.new_tag:
        tag, digest = image.new_tag, ""
    elif image.digest:
        tag, digest = "", image.digest
    elif image.tag_suffix:
        tag, digest = tag + image.tag_suffix, ""
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _split_image(text: str) -> tuple[str, str, str]:
    slash = max(text.find("/"), 0)
    at, colon = text.find("@", slash), text.find(":", slash)
    if at >= 0 and (at < colon or colon < 0):
        return text[:at], "", text[at + 1 :]
    if colon < 0:
        return text, "", ""
    if at >= 0:
        return text[:colon], text[colon + 1 : at], text[at + 1 :]
    return text[:colon], text[colon + 1 :], ""


def set_replicas(replica: Replica, specs: Iterable[FieldSpec]) -> Transform:
    """Return the transformer of one entry of ``replicas``."""
    places = tuple(specs)

    def setter(old: Json) -> Json:
        if kind_of(old) != "ScalarNode":
            raise KustomizeError(f"wrong node kind: expected ScalarNode but got {kind_of(old)}")
        return replica.count

    def transform(resources: ResMap) -> None:
        found = False
        for spec in places:
            for resource in _counted(resources, replica.name, spec):
                found = True
                resource.manifest = rewrite(resource.manifest, spec, setter, "scalar")
        if not found:
            known = " ".join(str(spec.gvk) for spec in places)
            raise KustomizeError(
                f"resource with name {replica.name} does not match a config with the following GVK [{known}]"
            )

    return transform


def _counted(resources: ResMap, name: str, spec: FieldSpec) -> list[BuildResource]:
    return resources.matching(lambda each: each.name == name and spec.gvk.selects(each.gvk))


def add_value(value: str, selector: ResourceSelector | None, field_path: str, position: int = 0) -> Transform:
    """Return the ``ValueAddTransformer`` for one target: writes a value, or a part of a path, into a field."""

    def setter(old: Json) -> Json:
        if kind_of(old) != "ScalarNode":
            raise KustomizeError(f"wrong node kind: expected ScalarNode but got {kind_of(old)}")
        return _with_part(text_of(old), position - 1, value) if position else value

    def transform(resources: ResMap) -> None:
        chosen = resources.resources if selector is None else select(resources.resources, selector)
        for resource in chosen:
            if field_path == _NAMESPACE:
                if not resource.current_id.cluster_scoped:
                    resource.manifest = with_meta(resource.manifest, "namespace", value or MISSING)
                continue
            resource.manifest = visit(resource.manifest, split_path(field_path), setter, "scalar")

    return transform


def _with_part(path: str, position: int, part: str) -> str:
    """Insert a part into a ``/`` path (Kustomize's ``InsertPathPart``)."""
    if not part:
        return path
    parts = path.strip("/").split("/") if path.strip("/") else []
    lead = "/" if path.startswith("/") else ""
    return lead + "/".join([*parts[:position], part, *parts[position:]])
