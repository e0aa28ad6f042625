"""Patches: ``patches``, ``patchesStrategicMerge`` and ``patchesJson6902``."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.languages import json_patch
from nixernetes.languages.kyaml.nodes import settled, without_empty
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Step, StepKind
from nixernetes.objects.well_known import KUSTOMIZE_INTERNAL_PREFIX
from nixernetes.render.kustomize.failures import KustomizeError, words_of
from nixernetes.render.kustomize.kustomization import PatchField
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.resources.documents import resources_of
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.resmap import ResMap, apply_patch
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.transformers.selectors import select
from nixernetes.render.kustomize.transformers.values import Transform

__all__ = ["json6902", "patch", "strategic_merges"]


def strategic_merges(texts: tuple[str, ...], loader: Loader, schemas: OpenApi, inline: str = "") -> Transform:
    """Return the transformer of ``patchesStrategicMerge``: each text is a patch, or the path of a file of patches.

    Raises:
        KustomizeError: nothing to patch with, a broken patch, a missing file.

    """
    if not texts and not inline:
        raise KustomizeError("empty file path and empty patch content")
    loaded: list[tuple[BuildResource, str, Step]] = []
    own = loader.named("patchesStrategicMerge")
    for at, text in enumerate(texts):
        parsed = _inline(text, schemas)
        if parsed is None and "\n" in text.strip():
            raise KustomizeError(
                f"a patch of {_counted(text)} is neither YAML of objects nor the path of a file", place=own
            )
        if parsed is None:
            parsed = resources_of(loader.documents(text), loader.file(text), schemas)
            loaded += [(each, loader.file(text), _file_step(loader, each)) for each in parsed]
        else:
            step = loader.field_step(StepKind.PATCH, "patchesStrategicMerge", at)
            loaded += [(each, own, step) for each in parsed]
    if inline:
        step = loader.field_step(StepKind.PATCH, "patchesStrategicMerge")
        loaded += [(each, own, step) for each in resources_of(_documents(inline, ""), "", schemas)]
    if not loaded:
        told = f"patch appears to be empty; files=[{' '.join(texts)}], Patch={_counted(inline) if inline else ''}"
        fact = f"patch appears to be empty; files={len(texts)}, Patch={_counted(inline)}"
        raise KustomizeError(fact, words=told)

    def transform(resources: ResMap) -> None:
        for each, source, step in loaded:
            target = resources.one(each.original_id)
            try:
                resources.patch([target], each)
            except KustomizeError as error:
                raise _at(error, source) from error
            target.touched(step)

    return transform


def _file_step(loader: Loader, patch: BuildResource) -> Step:
    return loader.step(StepKind.PATCH, patch.source.file, line=patch.source.line)


def _inline(text: str, schemas: OpenApi) -> list[BuildResource] | None:
    """Read a text as manifests; None when it is none, so that it must be a path."""
    try:
        return resources_of(_documents(text, ""), "", schemas)
    except InputError:
        return None


def _documents(text: str, file: str) -> list[yamls.Document]:
    return yamls.parse_all(text, file=file, dialect="kustomize")


def json6902(entry: PatchField, loader: Loader, position: int | None = None) -> Transform:
    """Return the transformer of one entry of ``patchesJson6902``.

    Raises:
        KustomizeError: no target name, no patch or two, a broken patch.

    """
    target = entry.target
    if target is None or not target.name:
        raise KustomizeError("must specify the target name")
    if not entry.path and not entry.patch:
        raise KustomizeError("empty file path and empty jsonOp")
    if entry.path and entry.patch:
        raise KustomizeError("must specify a file path or jsonOp, not both")
    source = loader.file(entry.path) if entry.path else loader.named("patchesJson6902")
    text = loader.read(entry.path).decode(errors="replace") if entry.path else entry.patch
    if not text:
        raise KustomizeError(f"patch file '{entry.path}' empty seems to be empty")
    operations = json_patch.parse(text, file=source if entry.path else "")
    if not operations:
        raise KustomizeError(f"patch appears to be empty; file={entry.path}, JsonOp={_counted(text)}")
    step = _step(entry, loader, source, "patchesJson6902", position)

    def transform(resources: ResMap) -> None:
        for resource in select(resources.resources, target):
            _apply_json(resource, operations, source, step)

    return transform


def _step(entry: PatchField, loader: Loader, source: str, field: str, position: int | None) -> Step:
    """Return the step of a patch: the first line of its file, or the entry that holds it."""
    return (
        loader.step(StepKind.PATCH, source, line=1)
        if entry.path
        else loader.field_step(StepKind.PATCH, field, position)
    )


def patch(entry: PatchField, loader: Loader, schemas: OpenApi, position: int | None = None) -> Transform:
    """Return the transformer of one entry of ``patches``; whether it is a merge or JSON patch shows in its text.

    Raises:
        KustomizeError: no patch or two, a text that is neither or both, a missing file.

    """
    inline = entry.patch.strip()
    if not inline and not entry.path:
        raise KustomizeError("must specify one of patch and path")
    if inline and entry.path:
        raise KustomizeError(
            f"patch and path can't be set at the same time: path: {entry.path}, patch: {_counted(inline)}"
        )
    text, source, shown = inline, loader.named("patches"), f"[patch: {_counted(inline)}]"
    if entry.path:
        shown = f'[path: "{entry.path}"]'
        try:
            source = loader.file(entry.path)
            text = loader.tree.read(source).decode(errors="replace")
        except InputError as error:
            way = f"failed to get the patch file from path({entry.path})"
            raise KustomizeError(f"{way}: {error.message}", words=f"{way}: {words_of(error)}") from error
    merges, operations = _read(text, source if entry.path else "", shown, schemas)
    step = _step(entry, loader, source, "patches", position)
    if merges is not None:
        return _merge_transform(entry, merges, source, shown, step)
    return _json_transform(entry, operations, source, shown, step)


def _counted(text: str) -> str:
    """Stand for a patch in a message: it may be of a Secret, and nobody can tell of one that is broken."""
    lines = text.count("\n") + 1
    return f"{lines} lines" if lines > 1 else "1 line"


def _read(
    text: str, file: str, shown: str, schemas: OpenApi
) -> tuple[list[BuildResource] | None, list[json_patch.PatchOperation]]:
    merges: list[BuildResource] | None = None
    operations: list[json_patch.PatchOperation] | None = None
    place = reason = ""
    try:
        merges = resources_of(_documents(text, file), file, schemas)
    except InputError as error:
        place, reason = error.place, error.message
    try:
        if text:
            operations = json_patch.parse(text, file=file)
    except InputError:
        operations = None
    if merges and operations:
        raise KustomizeError(f"illegally qualifies as both an SM and JSON patch: {shown}", place=file)
    if merges is None and operations is None:
        told = f"unable to parse SM or JSON patch from {shown}"
        raise KustomizeError(f"{told}: {reason}", place=place, words=told)
    return merges, operations or []


def _merge_transform(entry: PatchField, merges: list[BuildResource], source: str, shown: str, step: Step) -> Transform:
    for each in merges:
        if entry.options is not None:
            each.allow_name_change = entry.options.allow_name_change and _noted(each, "allowNameChange")
            each.allow_kind_change = entry.options.allow_kind_change and _noted(each, "allowKindChange")

    def transform(resources: ResMap) -> None:
        try:
            _merge(resources)
        except KustomizeError as error:
            raise _at(error, source) from error

    def _merge(resources: ResMap) -> None:
        if entry.target is not None and merges:
            if len(merges) > 1:
                raise KustomizeError(
                    "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set "
                    f"`patches.target` field: {shown}"
                )
            chosen = select(resources.resources, entry.target)
            resources.patch(chosen, merges[0])
            for resource in chosen:
                resource.touched(step)
            return
        for each in merges:
            target = _target(resources, each)
            apply_patch(target, each)
            target.touched(step._replace(line=each.source.line) if entry.path else step)

    return transform


def _noted(each: BuildResource, option: str) -> bool:
    """Note an option on a patch; as Kustomize does so in its annotations, these become texts."""
    noted = {**each.annotations, f"{KUSTOMIZE_INTERNAL_PREFIX}{option}": "enabled"}
    each.manifest = settled(each.manifest, "annotations", noted)
    return True


def _target(resources: ResMap, each: BuildResource) -> BuildResource:
    wanted = each.original_id
    try:
        return resources.one(wanted)
    except KustomizeError as error:
        raise KustomizeError(
            f'no resource matches strategic merge patch "{wanted}": {error.message}', subject=str(wanted)
        ) from error


def _json_transform(
    entry: PatchField, operations: list[json_patch.PatchOperation], source: str, shown: str, step: Step
) -> Transform:
    target = entry.target

    def transform(resources: ResMap) -> None:
        if target is None:
            raise KustomizeError(f"must specify a target for JSON patch {shown}")
        for resource in select(resources.resources, target):
            resource.remember()
            _apply_json(resource, operations, source, step)

    return transform


def _apply_json(resource: BuildResource, operations: list[json_patch.PatchOperation], source: str, step: Step) -> None:
    try:
        resource.loosen()
        changed = json_patch.apply(without_empty(resource.marked), operations)
        _check_identity(changed)
        resource.put(changed, keep_names=True)
    except InputError as error:
        raise KustomizeError(error.message, subject=str(resource.current_id), place=source) from error
    resource.touched(step)


def _check_identity(changed: Manifest) -> None:
    """Refuse what Kustomize could not read again after the patch."""
    meta = changed.get("metadata")
    if not (isinstance(meta, dict) and meta.get("name")):
        raise KustomizeError("the patch leaves the object without metadata.name")
    if not changed.get("kind"):
        raise KustomizeError("the patch leaves the object without kind")


def _at(error: KustomizeError, source: str) -> KustomizeError:
    return KustomizeError(error.message, subject=error.subject, place=error.place or source)
