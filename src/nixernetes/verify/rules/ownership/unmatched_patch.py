"""``unmatched-patch``: every patch, image override and replacement changes something.

Kustomize says nothing of a patch whose target matches no object, nor of an image name that no container has. A target
is compared with names as they are before ``namePrefix`` and ``nameSuffix`` of the same file (Kustomize v5.8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import at, items_at, mapping_at, mappings_in, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import StepKind
from nixernetes.render.deliveries import Delivery
from nixernetes.render.tree import join
from nixernetes.verify.findings import Severity
from nixernetes.verify.kustomization_files import KustomizationUse, kustomization_at, uses
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import walked
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_PATCHES: Final = ("patches", "patchesStrategicMerge", "patchesJson6902")


def _check(view: PlatformView) -> Iterator[Found]:
    for use in uses(view):
        yield from _patches(view, use)
        yield from _replacements(view, use)
        yield from _images(view, use)
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind == KUSTOMIZATION and not delivery.problem and delivery.manifests:
            yield from _flux_patches(cluster, delivery)
            yield from _flux_images(cluster, delivery)
        if delivery.key.group_kind == HELM_RELEASE and not delivery.problem and delivery.manifests:
            yield from _post_rendered(cluster, delivery)
        if delivery.key.group_kind == APPLICATION and not delivery.problem and delivery.manifests:
            yield from _overridden(view, cluster, delivery)


def _patches(view: PlatformView, use: KustomizationUse) -> Iterator[Found]:
    cluster, delivery, _ = use.built[0]
    for name in _PATCHES:
        entries = use.data.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            file = _file(use, entry)
            if use.patched & {f"{name}[{index}]", file} or not _is_named(entry, file) or _deletes(view, file, entry):
                continue
            path = (name, index, "target") if isinstance(entry, dict) and "target" in entry else (name, index)
            yield Found(
                cluster=cluster,
                subject=delivery,
                message=f"this patch changes nothing: no object matches {_target(entry)}{_prefixed(use, entry)}",
                place=view.places.in_file(use.file, path),
            )


def _replacements(view: PlatformView, use: KustomizationUse) -> Iterator[Found]:
    cluster, delivery, _ = use.built[0]
    for index, entry in enumerate(objects_at(use.data, "replacements")):
        selects = [mapping_at(each, "select") for each in objects_at(entry, "targets")]
        file = _file(use, entry)
        if use.patched & {f"replacements[{index}]", file} or not selects:
            continue
        if all(text_at(each, "name") for each in selects):
            wanted = " or ".join(f"{text_at(each, 'kind') or 'object'} {text_at(each, 'name')}" for each in selects)
            yield Found(
                cluster=cluster,
                subject=delivery,
                message=f"this replacement changes nothing: no object matches {wanted}",
                place=view.places.in_file(use.file, ("replacements", index, "targets", 0, "select")),
            )


def _target(entry: Json) -> str:
    target = entry.get("target") if isinstance(entry, dict) else None
    if not isinstance(target, dict):
        return "what it is for"
    return " ".join(f"{key} {value}" for key, value in target.items())


def _prefixed(use: KustomizationUse, entry: Json) -> str:
    prefix, name = text_at(use.data, "namePrefix"), text_at(entry, "target", "name")
    if prefix and name.startswith(prefix):
        return f"; patches see the name before namePrefix is applied: {name.removeprefix(prefix)}"
    return ""


def _is_named(entry: Json, file: str) -> bool:
    """Tell whether a patch is for one object: one for all of a kind may well meet none, as one from a parent does."""
    if isinstance(entry, dict) and isinstance(entry.get("target"), dict):
        return bool(text_at(entry, "target", "name"))
    return bool(file) or bool(text_at(entry, "patch"))


def _file(use: KustomizationUse, entry: Json) -> str:
    """Return the file of a patch, or ``""``."""
    name = text_at(entry, "path") or (entry if isinstance(entry, str) and "\n" not in entry else "")
    try:
        return join(use.file.rpartition("/")[0], name) if name else ""
    except InputError:
        return ""


def _deletes(view: PlatformView, file: str, entry: Json) -> bool:
    """Tell whether a patch deletes its target, so that no object shows it; what cannot be read may."""
    text = text_at(entry, "patch") or (view.places.text(file) if file else "")
    return not text or "$patch: delete" in text or '"$patch": "delete"' in text


def _images(view: PlatformView, use: KustomizationUse) -> Iterator[Found]:
    cluster, delivery, _ = use.built[0]
    names = {name for _, _, item in use.built for name in _image_names(item.manifest)}
    for index, entry in enumerate(objects_at(use.data, "images")):
        wanted = text_at(entry, "newName") or text_at(entry, "name")
        if wanted and wanted not in names:
            yield Found(
                cluster=cluster,
                subject=delivery,
                message=f"this image override changes nothing: no container runs {text_at(entry, 'name')}",
                place=view.places.in_file(use.file, ("images", index, "name")),
                topic="kustomize-image",
            )


def _flux_patches(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    changed = {
        step.field
        for item in delivery.manifests
        for step in item.origin.chain
        if step.kind is StepKind.PATCH and step.name == str(delivery.key)
    }
    for index, entry in enumerate(objects_at(delivery.manifest, "spec", "patches")):
        text = text_at(entry, "patch")
        if f"spec.patches[{index}]" not in changed and "$patch: delete" not in text and _is_named(entry, ""):
            message = f"this patch changes nothing: no object matches {_target(entry)}"
            path = ("spec", "patches", index)
            yield Found(cluster=cluster, subject=delivery, message=message, path=path)


def _post_rendered(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield the patches and images of post-renderers that change nothing of a release."""
    changed = {step.field for item in delivery.manifests for step in item.origin.chain}
    for number, entry in enumerate(objects_at(delivery.manifest, "spec", "postRenderers")):
        before: FieldPath = ("spec", "postRenderers", number, "kustomize")
        for index, patch in enumerate(objects_at(entry, "kustomize", "patches")):
            field = f"spec.postRenderers[{number}].kustomize.patches[{index}]"
            if field not in changed and "$patch: delete" not in text_at(patch, "patch") and _is_named(patch, ""):
                message = f"this patch changes nothing: no object matches {_target(patch)}"
                yield Found(cluster=cluster, subject=delivery, message=message, path=(*before, "patches", index))
        yield from _images_of(cluster, delivery, objects_at(entry, "kustomize", "images"), (*before, "images"))


def _overridden(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield the patches and images of an Application's source that change nothing of its folder."""
    for before, source in (
        *walked(delivery.manifest, "spec.source"),
        *walked(delivery.manifest, "spec.sources.[]"),
    ):
        options = mapping_at(source, "kustomize")
        written = [text for text in items_at(options, "images") if isinstance(text, str)]
        wanted: list[dict[str, Json]] = [{"name": _new_name(text)} for text in written]
        yield from _images_of(cluster, delivery, wanted, (*before, "kustomize", "images"), is_text=True)
        patches = objects_at(options, "patches")
        file = kustomization_at(view, text_at(source, "path"))
        data = (
            next((each.data for each in view.platform.estate.index.lenient(file)), None) if patches and file else None
        )
        own = len(objects_at(data, "patches"))
        changed = {
            step.field
            for item in delivery.manifests
            for step in item.origin.chain
            if step.kind is StepKind.PATCH and step.file == file
        }
        for index, patch in enumerate(patches):
            is_known = f"patches[{own + index}]" in changed or not file
            if not is_known and "$patch: delete" not in text_at(patch, "patch") and _is_named(patch, ""):
                message = f"this patch changes nothing: no object matches {_target(patch)}"
                path = (*before, "kustomize", "patches", index)
                yield Found(cluster=cluster, subject=delivery, message=message, path=path)


def _new_name(text: str) -> str:
    """Return the image that containers run after an override ``[name=]image[:tag][@digest]``."""
    name, is_renamed, value = text.partition("=")
    new = image_name(value if is_renamed else name)
    return name if new == "*" else new


def _flux_images(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    yield from _images_of(cluster, delivery, objects_at(delivery.manifest, "spec", "images"), ("spec", "images"))


def _images_of(
    cluster: ClusterObjects,
    delivery: Delivery,
    entries: Sequence[Mapping[str, Json]],
    before: FieldPath,
    *,
    is_text: bool = False,
) -> Iterator[Found]:
    """Yield the image overrides of a delivery that no container has after them."""
    names = {name for item in delivery.manifests for name in _image_names(item.manifest)} if entries else set()
    for index, entry in enumerate(entries):
        wanted = text_at(entry, "newName") or text_at(entry, "name")
        if wanted and wanted not in names:
            short = [name for name in names if name.rpartition("/")[2] == wanted.rpartition("/")[2]]
            hint = f": is it {min(short)}?" if short else ""
            message = f"this image override changes nothing: no container runs {text_at(entry, 'name')}{hint}"
            path = (*before, index) if is_text else (*before, index, "name")
            yield Found(cluster=cluster, subject=delivery, message=message, path=path, topic="kustomize-image")


def _image_names(manifest: Manifest) -> Iterator[str]:
    for each in mappings_in(manifest):
        image = at(each, "image")
        if isinstance(image, str):
            yield image_name(image)


def image_name(image: str) -> str:
    """Return an image without its tag and digest."""
    name = image.partition("@")[0]
    head, colon, tag = name.rpartition(":")
    return head if colon and "/" not in tag else name


RULE: Final = Rule(
    name="unmatched-patch",
    topic="kustomize-patch",
    severity=Severity.WARNING,
    sentence="Every patch, image override and replacement changes something.",
    check=_check,
)
