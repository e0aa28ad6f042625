"""A Flux Kustomization and the tree of its source give manifests (Flux, sections 3 and 4).

The kustomization file is found, or generated from all manifests below the path; the fields of the spec are merged into
it; Kustomize builds; variables are substituted in each resource; what is no object is dropped; common metadata is set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar, overload

from nixernetes.errors import InputError
from nixernetes.languages.go_yaml import go_yaml_problem
from nixernetes.languages.substitution import SubstitutionError, substitute
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind, key_of, split_api_version
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.provenance import Step, StepKind
from nixernetes.objects.sizes import clipped
from nixernetes.objects.well_known import FLUX_SUBSTITUTE
from nixernetes.objects.yaml_reading.repeated_keys import RepeatedKeyError
from nixernetes.render.declared_shapes import check_kustomization_file
from nixernetes.render.kustomization_files import FILE_NAMES, kustomization_file, merged_images
from nixernetes.render.kustomize.build import build
from nixernetes.render.kustomize.decoding import decode, known_fields
from nixernetes.render.kustomize.kustomization import KustomizationFile
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.kustomize.resources.documents import metadata_as_go
from nixernetes.render.references import Lookup, missing
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.keys import NO_KEYS, Keys
from nixernetes.render.sops.resources import opened_item
from nixernetes.render.sops.sources import OpenedSources, opened_sources
from nixernetes.render.tree import OverlayTree, Tree

__all__ = ["KustomizationInputs", "RenderError", "ignored_fields", "render_kustomization", "with_common_metadata"]

_VARIABLE = re.compile(r"[_A-Za-z][_A-Za-z0-9]*\Z")
_KUSTOMIZATION_FILE = GroupKind(KUSTOMIZE_CONFIG, "Kustomization")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
_Other = TypeVar("_Other")
_UNSET = "variable not set"
_IN_SUBSTITUTION = "envsubst error: "
_BUILD = BuildOptions(load_restrictor="none", reorder="legacy")


class RenderError(InputError):
    """The files or the spec of a Kustomization cannot be built.

    Attributes:
        words: what the controller says of it; the message may tell what to do, too.

    """

    def __init__(self, message: str, *, subject: str = "", place: str = "", words: str = "") -> None:
        super().__init__(message, subject=subject, place=place)
        self.words = words or message


@dataclass(frozen=True, slots=True, kw_only=True)
class KustomizationInputs:
    """What a Kustomization is rendered with, besides its files.

    Attributes:
        lookup: gives the decoded data of a ConfigMap or Secret by kind, namespace and name.
        cache: parsed files, shared between builds.
        remotes: what stands for remote bases; None refuses them by name.
        strict: whether a variable that is not set and has no default is an error, else it is empty: the controller's
            feature gate ``StrictPostBuildSubstitutions``, which is on by default.
        keys: who decrypts what SOPS encrypted; where nobody can, placeholders stand in its place.

    """

    lookup: Lookup
    cache: DocumentCache = field(default_factory=DocumentCache)
    remotes: Remotes | None = None
    strict: bool = True
    keys: Keys = NO_KEYS


def render_kustomization(tree: Tree, kustomization: Manifest, around: KustomizationInputs) -> list[Rendered]:
    """Return the manifests that a Kustomization applies, without the owner's labels.

    Args:
        tree: the artifact of its source.
        kustomization: the Kustomization.
        around: what it is rendered with.

    Raises:
        RenderError: the path, a file, the build, the decryption or the substitution is wrong.

    """
    spec = mapping_at(kustomization, "spec")
    folder = _folder(tree, text_at(spec, "path"))
    cache, keys = around.cache, around.keys
    prepared = _prepared(tree, folder, spec, cache)
    if prepared is None:
        return []
    own = _OwnPatches(kustomization, prepared)
    sources = opened_sources(prepared.tree, folder, keys, cache)
    substitution = _Substitution(kustomization, around.lookup, strict=around.strict)
    found: list[Rendered] = []
    for item in build(sources.tree, folder, replace(_BUILD, cache=cache, remotes=around.remotes)):
        _check_identity(item.manifest)
        opened = own.named(_opened(item, sources, keys))
        manifest, steps = substitution.applied(opened, tree)
        found += _objects(manifest, replace(opened, origin=opened.origin.through(*steps)) if steps else opened)
    common = spec.get("commonMetadata")
    return [replace(item, manifest=with_common_metadata(item.manifest, common)) if common else item for item in found]


def with_common_metadata(manifest: Manifest, common: Json) -> Manifest:
    """Return a manifest with ``commonMetadata`` set, over what it had."""
    meta = dict(mapping_at(manifest, "metadata"))
    for part in ("labels", "annotations"):
        if common and common.get(part):
            known = meta.get(part) or {}
            if not isinstance(known, dict):
                raise RenderError(f"metadata.{part}: must be an object", subject=str(key_of(manifest)))
            meta[part] = {**known, **common[part]}
    return {**manifest, "metadata": meta}


def _folder(tree: Tree, path: str) -> str:
    """Join the path safely: ``..`` never leads above the root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    folder = "/".join(parts)
    if tree.is_file(folder):  # where the controller would write the file that it generates
        name = f"{folder}/{FILE_NAMES[0]}"
        raise RenderError(f"open {name}: not a directory remove {name}: not a directory")
    if not tree.is_dir(folder):
        raise RenderError(f"kustomization path not found: stat {folder}: no such file or directory")
    return tree.real(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """The tree with the kustomization file as the controller leaves it, that file, and what stood in it before."""

    tree: Tree
    file: str
    written: Json


def _prepared(tree: Tree, folder: str, spec: Json, cache: DocumentCache) -> _Prepared | None:
    """Return what is built; None when nothing is to be."""
    file = kustomization_file(tree, folder)
    if file is None:
        name = FILE_NAMES[0]
        content: Json = {"resources": _scan(tree, folder, cache)}
        if not content["resources"] and not spec.get("components"):
            return None
    else:
        name = file
        content = _read(tree, _at(folder, file))
    path = _at(folder, name)
    changed = _merged(content, tree, folder, spec)
    return _Prepared(tree=OverlayTree(tree, {path: yamls.dump(changed).encode()}), file=path, written=content)


def _read(tree: Tree, path: str) -> Json:
    try:
        content, _ = _known(tree.read(path), path)
    except InputError as error:
        problem = go_yaml_problem(error)
        if not problem:
            raise
        words = f"error converting YAML to JSON: {problem}"
        raise RenderError(error.message, place=error.place, words=words) from error
    if not isinstance(content, dict):
        raise RenderError("a kustomization must be a mapping", place=path)
    decode(KustomizationFile, content, strict=False)  # says what does not fit as Go does
    check_kustomization_file(content, path)
    return content


@lru_cache(maxsize=256)
def _known(text: bytes, path: str) -> tuple[Json, list[str]]:
    return known_fields(KustomizationFile, yamls.parse_first(text, file=path, duplicates="last") or {})


def ignored_fields(tree: Tree, kustomization: Manifest) -> list[str]:
    """Return the fields of the file at ``spec.path`` that Kustomize does not know, and that Flux therefore drops.

    The controller reads that file leniently and writes it anew (fluxcd/pkg/kustomize, ``kustomize_generator.go``);
    files that it refers to are read strictly.
    """
    folder = text_at(kustomization, "spec", "path")
    try:
        folder = _folder(tree, folder)
        file = kustomization_file(tree, folder)
        return [] if file is None else _known(tree.read(_at(folder, file)), _at(folder, file))[1]
    except InputError:
        return []  # rendering says it


def _scan(tree: Tree, folder: str, cache: DocumentCache) -> list[str]:
    """Return what a generated file lists: manifests, and folders that have a kustomization of their own."""
    found = _resources(tree, folder, cache)
    return [f"./{path.removeprefix(f'{folder}/') if folder else path}" for path in found]


def _resources(tree: Tree, folder: str, cache: DocumentCache) -> Iterator[str]:
    for name, is_folder in tree.entries(folder).items():
        path = _at(folder, name)
        if is_folder:
            if kustomization_file(tree, path) is None:
                yield from _resources(tree, path, cache)
            else:
                yield path
        elif name.endswith((".yaml", ".yml")):
            _check_file(tree, path, cache)
            yield path


def _check_file(tree: Tree, path: str, cache: DocumentCache) -> None:
    try:
        documents = cache.documents(tree, path)
    except RepeatedKeyError:
        return  # the controller's look takes them; the build refuses them
    except InputError as error:
        place = error.place if error.place.startswith(f"{path}:") else path
        problem = go_yaml_problem(error)
        why = f"MalformedYAMLError: {problem}" if problem else error.message
        raise RenderError(f"failed to decode Kubernetes YAML from {path}: {why}", place=place) from error
    for document in documents:
        fault = _fault(document.data)
        if fault:
            raise RenderError(f"failed to decode Kubernetes YAML from {path}: {fault}", place=f"{path}:{document.line}")


def _fault(data: Json) -> str:
    if data is None or data in ({}, []):
        return ""
    if not isinstance(data, dict) or not data.get("kind"):
        return "missing Resource metadata"
    if str(data["kind"]).endswith("List"):
        return ""
    meta = data.get("metadata")
    named = isinstance(meta, dict) and meta.get("name")
    return "" if named else f"missing metadata.name in object {metadata_as_go(data)}"


def _merged(content: Json, tree: Tree, folder: str, spec: Json) -> Json:
    changed = dict(content)
    if not changed.get("resources"):
        changed["buildMetadata"] = ["originAnnotations"]  # as Flux does, or an empty file would be an error
    for part, target in (("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")):
        if spec.get(part):
            changed[target] = spec[part]
    for part in _PATCHES:
        if spec.get(part):
            changed[part] = [*(changed.get(part) or []), *map(_as_text, spec[part])]
    components = list(_components(tree, folder, spec))
    if components:
        changed["components"] = [*(items_at(changed, "components")), *components]
    if spec.get("images"):
        changed["images"] = merged_images(items_at(changed, "images"), spec["images"])
    if spec.get("buildMetadata"):
        changed["buildMetadata"] = spec["buildMetadata"]
    return changed


def _as_text(patch: Json) -> Json:
    """Return a patch as Kustomize takes it; the first versions of Flux's API had them as objects, not as texts."""
    if not isinstance(patch, dict) or isinstance(patch.get("patch"), str):
        return patch
    return {**patch, "patch": json.dumps(patch["patch"])} if "patch" in patch else json.dumps(patch)


def _components(tree: Tree, folder: str, spec: Json) -> Iterable[str]:
    for path in items_at(spec, "components"):
        if path.startswith("/") or "://" in path:
            raise RenderError(f"component path '{path}' must be local and relative")
        parts = folder.split("/") if folder else []
        for part in path.split("/"):
            if part == ".." and not parts:
                raise RenderError(f"component path '{path}' must be local and relative")
            parts = parts[:-1] if part == ".." else parts + ([part] if part not in ("", ".") else [])
        if tree.is_dir("/".join(parts)) or not spec.get("ignoreMissingComponents"):
            yield path


def _check_identity(manifest: Manifest) -> None:
    if not _is_object(manifest):
        key = key_of(manifest)
        is_secret = key.kind == "Secret" or "data" in manifest or "stringData" in manifest
        whole = json.dumps(manifest, sort_keys=True, separators=(",", ":"), default=str)
        shown = clipped(f"{manifest.get('apiVersion', '')} {key.kind} {key.name}".strip() if is_secret else whole)
        raise RenderError(f"failed to decode Kubernetes apiVersion, kind and name from: {shown}")


def _is_object(manifest: Manifest) -> bool:
    key = key_of(manifest)
    return bool(key.kind and key.name and manifest.get("apiVersion")) and isinstance(manifest["apiVersion"], str)


def _opened(item: Rendered, sources: OpenedSources, keys: Keys) -> Rendered:
    try:
        return sources.marked(opened_item(item, keys))
    except InputError as error:
        about = _shown(item.manifest)
        text = f"decryption failed for '{about}': {error.message}"
        raise RenderError(text, subject=about, place=error.place or str(item.origin)) from error


def _objects(manifest: Manifest, item: Rendered) -> Iterator[Rendered]:
    if str(text_at(manifest, "kind")).endswith("List") and isinstance(manifest.get("items"), list):
        for each in manifest["items"]:
            if isinstance(each, dict):
                yield from _objects(each, item)
        return
    if _is_object(manifest) and group_kind(manifest) != _KUSTOMIZATION_FILE:
        yield replace(item, manifest=manifest)


class _OwnPatches:
    """Names the patches of a Kustomization's spec, which come after those of the file that they are merged into."""

    def __init__(self, kustomization: Manifest, prepared: _Prepared) -> None:
        self._owner = str(key_of(kustomization))
        self._file = prepared.file
        spec = mapping_at(kustomization, "spec")
        self._counts = {part: len(prepared.written.get(part) or []) for part in _PATCHES if spec.get(part)}

    def named(self, item: Rendered) -> Rendered:
        """Return an item whose steps name these patches as fields of the Kustomization."""
        if not self._counts or not any(step.kind is StepKind.PATCH for step in item.origin.chain):
            return item
        return replace(item, origin=replace(item.origin, chain=tuple(map(self._step, item.origin.chain))))

    def _step(self, step: Step) -> Step:
        part, _, rest = step.field.partition("[")
        if step.file != self._file or step.repository or part not in self._counts or not rest:
            return step
        number = int(rest.rstrip("]")) - self._counts[part]
        return step if number < 0 else Step(StepKind.PATCH, self._owner, field=f"spec.{part}[{number}]")


class _Substitution:
    """Substitutes the variables of one Kustomization; they are gathered when the first resource needs them."""

    def __init__(self, kustomization: Manifest, lookup: Lookup, *, strict: bool) -> None:
        spec = mapping_at(kustomization, "spec")
        self._post_build: Json = mapping_at(spec, "postBuild")
        self._namespace = text_at(kustomization, "metadata", "namespace")
        self._lookup = lookup
        self._strict = strict
        self._variables: _Variables | None = None

    def applied(self, item: Rendered, tree: Tree) -> tuple[Manifest, tuple[Step, ...]]:
        """Return the manifest with variables substituted, and the steps that this is: one for each of their sources."""
        manifest = item.manifest
        if not self._post_build or _opted_out(manifest):
            return manifest, ()
        try:
            return self._substituted(manifest)
        except InputError as error:
            about = _shown(manifest)
            expression = error.expression if isinstance(error, SubstitutionError) else ""
            place = _line_of(expression, item, tree)
            unset = error.message.startswith(_UNSET)
            quoted = f" in {expression}" if expression and not unset and manifest.get("kind") != "Secret" else ""
            remedy = "" if unset or not expression else ": write $${ for text that is not a variable"
            head = f"post build failed for '{about}': "
            words = f"{head}{_go_words(error)}"
            text = f"{head}{error.message}{quoted}{remedy}"
            raise RenderError(text, subject=about, place=place, words=words) from error

    def _substituted(self, manifest: Manifest) -> tuple[Manifest, tuple[Step, ...]]:
        if self._variables is None:
            self._variables = self._gathered()
        if not self._variables and self._post_build.get("substituteStrategy") != "Always":
            return manifest, ()
        text = yamls.dump(manifest, sort_keys=True)
        if "$" not in text:
            return manifest, ()
        self._variables.used.clear()
        result = substitute(text, self._variables, strict=self._strict)
        try:
            changed = yamls.parse(result, file="result")
        except InputError as error:  # its message may quote the text, and a Secret's values may be in it
            problem = go_yaml_problem(error)
            words = f"{_IN_SUBSTITUTION}YAMLToJSON: {problem}" if problem else ""
            text = "the result of the substitution is not valid YAML: quote the value"
            raise RenderError(text, words=words) from None
        if not isinstance(changed, dict):
            raise RenderError("the result of the substitution is not an object")
        return changed, self._variables.steps()

    def _gathered(self) -> _Variables:
        variables: dict[str, str] = {}
        sources: dict[str, str] = {}
        for reference in items_at(self._post_build, "substituteFrom"):
            data = self._lookup(reference["kind"], self._namespace, reference["name"])
            if data is None and not reference.get("optional"):
                about = f"{reference['kind']}/{reference['name']}"
                raise RenderError(f"substitute from '{about}' error: {missing(reference)}")
            variables |= data or {}
            sources |= dict.fromkeys(data or (), f"{reference['kind']}/{self._namespace}/{reference['name']}")
        own = {name: str(value) for name, value in mapping_at(self._post_build, "substitute").items()}
        variables |= own
        sources |= dict.fromkeys(own, "")
        for name in sorted(variables):
            if not _VARIABLE.match(name):
                text = f"'{name}' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"
                raise RenderError(text, words=f"{_IN_SUBSTITUTION}{text}")
        return _Variables({name: value.replace("\n", "") for name, value in variables.items()}, sources)


class _Variables(dict[str, str]):
    """Variables that note which of them were asked for.

    Args:
        values: name to value.
        sources: name to the object that it comes from; ``""`` is the Kustomization itself.

    """

    def __init__(self, values: Mapping[str, str], sources: Mapping[str, str]) -> None:
        super().__init__(values)
        self._sources = sources
        self.used: dict[str, None] = {}

    @overload
    def get(self, key: str, default: None = None, /) -> str | None: ...
    @overload
    def get(self, key: str, default: str, /) -> str: ...
    @overload
    def get(self, key: str, default: _Other, /) -> str | _Other: ...
    def get(self, key: str, default: object = None, /) -> object:
        """Return a value, and note that it was asked for."""
        if key in self:
            self.used[key] = None
        return super().get(key, default)

    def steps(self) -> tuple[Step, ...]:
        """Return what was asked for, as one step for each source, in the order in which they win."""
        by_source: dict[str, list[str]] = {}
        for name in sorted(self.used):
            by_source.setdefault(self._sources[name], []).append(f"${{{name}}}")
        order = dict.fromkeys(self._sources.values())
        return tuple(
            Step(StepKind.SUBSTITUTION, source, field=", ".join(by_source[source]))
            for source in order
            if source in by_source
        )


def _go_words(error: InputError) -> str:
    """Return what the controller says (fluxcd/pkg/kustomize v1.35.7, ``kustomize_varsub.go``)."""
    if isinstance(error, SubstitutionError):
        return f"{_IN_SUBSTITUTION}variable substitution failed: {error.message}"
    return error.words if isinstance(error, RenderError) else error.message


def _line_of(expression: str, item: Rendered, tree: Tree) -> str:
    """Return the place where an expression is written, or the place of its document where it is not found there."""
    file = item.origin.file
    if not expression or not file or item.origin.repository or not tree.is_file(file):
        return str(item.origin)
    lines = tree.read(file).decode(errors="replace").split("\n")
    start = max(item.origin.line - 1, 0)
    found = (number for number, line in enumerate(lines[start:], start + 1) if expression in line)
    return f"{file}:{next(found, item.origin.line)}"


def _opted_out(manifest: Manifest) -> bool:
    return "disabled" in (labels_of(manifest).get(FLUX_SUBSTITUTE), annotations_of(manifest).get(FLUX_SUBSTITUTE))


def _shown(manifest: Manifest) -> str:
    group, version = split_api_version(manifest["apiVersion"])
    key = key_of(manifest)
    return f"{key.kind}.{version}.{group or '[noGrp]'}/{key.name}"


def _at(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
