"""An overlay with the overrides of an Argo CD source, as ``kustomize edit`` would write them into the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.fields import flag_at, items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.build_environment import expand
from nixernetes.render.capabilities import ClusterCharts
from nixernetes.render.declared_shapes import check_kustomization_file
from nixernetes.render.kustomization_files import FILE_NAMES, kustomization_file
from nixernetes.render.kustomize.build import build
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = ["render_overlay"]

_REFUSED = {"version": "only the built-in Kustomize renders: remove it"}


def render_overlay(
    options: Json, tree: Tree, folder: str, environment: Mapping[str, str], how: BuildOptions
) -> list[Rendered]:
    """Return the manifests of an overlay.

    Args:
        options: the source's ``kustomize`` block.
        tree: the repository.
        folder: the overlay's folder.
        environment: the build environment.
        how: how Kustomize builds; charts are told of the cluster as the options say.

    Raises:
        InputError: there is no overlay, an override contradicts it, or Kustomize refuses it.

    """
    for field, remedy in _REFUSED.items():
        if options.get(field):
            raise InputError(f"kustomize.{field}: {remedy}")
    folder = tree.real(folder)
    file = kustomization_file(tree, folder)
    if file is None:
        names = "', '".join(FILE_NAMES)
        raise InputError(f"unable to find one of '{names}' in directory '{folder or '.'}'")
    path = f"{folder}/{file}" if folder else file
    content = yamls.parse_first(tree.read(path), file=path) or {}
    if not isinstance(content, dict):
        raise InputError("a kustomization must be a mapping", place=path)
    check_kustomization_file(content, path)
    changed = _edited(content, options, tree, folder, environment)
    overlaid = tree if changed == content else OverlayTree(tree, {path: yamls.dump(changed).encode()})
    versions = text_at(options, "kubeVersion"), items_at(options, "apiVersions")
    charts = ClusterCharts(how.charts, *versions) if how.charts is not None else None
    return build(overlaid, folder, replace(how, charts=charts, sealed_secrets=True))


def _edited(content: Json, options: Json, tree: Tree, folder: str, environment: Mapping[str, str]) -> Json:
    changed = dict(content)
    for field in ("namePrefix", "nameSuffix", "namespace"):
        if options.get(field):
            changed[field] = options[field]
    if options.get("images"):
        images = [_image(expand(text, environment), items_at(changed, "images")) for text in options["images"]]
        changed["images"] = _replaced(changed.get("images"), images)
    if options.get("replicas"):
        changed["replicas"] = _replaced(changed.get("replicas"), [_replica(entry) for entry in options["replicas"]])
    _add_labels(changed, options, environment)
    if options.get("commonAnnotations"):
        wanted = options["commonAnnotations"]
        if flag_at(options, "commonAnnotationsEnvsubst"):
            wanted = {key: expand(value or "", environment) for key, value in wanted.items()}
        changed["commonAnnotations"] = _added(
            changed.get("commonAnnotations"), wanted, "annotation", force=flag_at(options, "forceCommonAnnotations")
        )
    if options.get("patches"):
        changed["patches"] = [*(items_at(changed, "patches")), *options["patches"]]
    known = items_at(changed, "components")
    found = filter(_present(options, tree, folder), items_at(options, "components"))
    components = dict.fromkeys(path for path in found if path not in known)
    if components:
        changed["components"] = [*known, *components]
    return changed


def _present(options: Json, tree: Tree, folder: str) -> Callable[[str], bool]:
    if not flag_at(options, "ignoreMissingComponents"):
        return bool
    return lambda path: tree.is_dir(join(folder, path))


def _replaced(entries: Json, wanted: list[Json]) -> list[Json]:
    """Set entries by name, and sort them by it."""
    by_name = {text_at(entry, "name"): entry for entry in [*(entries or []), *wanted]}
    return [by_name[name] for name in sorted(by_name)]


def _image(text: str, known: list[Json]) -> Json:
    """Read ``[name=]image[:tag][@digest]``, as ``kustomize edit set image`` does; ``*`` keeps what the file says."""
    name, is_renamed, value = text.partition("=")
    new_name, tag, digest = _split_image(value if is_renamed else name)
    entry: Json = {"newTag": tag, "digest": digest}
    if is_renamed:
        entry["newName"] = new_name
    else:
        name = new_name
    if not name or new_name == text:
        raise InputError(f"kustomize.images: {text!r} is not <image>=<new image>, <image>:<tag> or <image>@<digest>")
    before: Json = next((image for image in known if image.get("name") == name), {})
    kept = {part: before.get(part) if value == "*" else value for part, value in entry.items()}
    return {"name": name, **{part: value for part, value in kept.items() if value}}


def _split_image(text: str) -> tuple[str, str, str]:
    """Return name, tag and digest; a colon before the first slash is a port's."""
    rest, _, digest = text.partition("@")
    slash = rest.find("/")
    colon = rest.find(":", max(slash, 0))
    return (rest, "", digest) if colon < 0 else (rest[:colon], rest[colon + 1 :], digest)


def _replica(entry: Json) -> Json:
    count = entry.get("count")
    if isinstance(count, bool) or not str(count).isdecimal():
        raise InputError(f"kustomize.replicas: count of {entry.get('name')!r} must be a number")
    return {"name": entry["name"], "count": int(count)}


def _add_labels(changed: Json, options: Json, environment: Mapping[str, str]) -> None:
    wanted = {key: expand(value or "", environment) for key, value in mapping_at(options, "commonLabels").items()}
    if not wanted:
        return
    templates = flag_at(options, "labelIncludeTemplates")
    if templates and not flag_at(options, "labelWithoutSelector"):
        raise InputError("kustomize.labelIncludeTemplates: set kustomize.labelWithoutSelector too")
    force = flag_at(options, "forceCommonLabels")
    if not flag_at(options, "labelWithoutSelector"):
        changed["commonLabels"] = _added(changed.get("commonLabels"), wanted, "label", force=force)
        return
    entry: Json = {"pairs": wanted}
    if templates:
        entry["includeTemplates"] = True
    changed["labels"] = [*(items_at(changed, "labels")), entry]


def _added(known: Json, wanted: Json, what: str, *, force: bool) -> Json:
    taken = sorted(set(known or {}) & set(wanted))
    if taken and not force:
        raise InputError(f"{what} {taken[0]} already in kustomization file: set forceCommon{what.capitalize()}s")
    return {**(known or {}), **wanted}
