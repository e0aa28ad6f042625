"""The folders of the apps: ``manifests/<app>``, ``kubernetes/<app>``, ``shared/base/<app>``, ``charts/<chart>``."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import commonpath, normpath, relpath

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App, AppOverrides
from nixernetes.gitops.layout import emitter
from nixernetes.gitops.layout.documents import Written, is_yaml, name_files, read_documents
from nixernetes.gitops.layout.model import ReadFiles, SitePlan
from nixernetes.gitops.layout.overlays import MOST_UP, Overlay, read_overlay
from nixernetes.gitops.marking.marks import NO_MARKS, Marks
from nixernetes.gitops.marking.writing import marking_fields
from nixernetes.gitops.problems import Problems
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG_V1BETA1
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Content", "content_of", "kustomization", "site_files"]

_SOURCE = "source"  # the folder of a copied overlay, beside our own kustomization.yaml
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
_IMAGE = re.compile(r"(?P<name>[^@]*?)(?::(?P<tag>[^:/@]+))?(?:@(?P<digest>[a-z0-9]+:[0-9a-f]+))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an app brings, read once.

    Attributes:
        app: the app.
        named: file name to document, when it brings manifests.
        overlays: environment to overlay, when it brings an overlay.
        root: the folder above all of its overlays' files, as an absolute path of the platform's tree.
        chart_files: the files of its chart's folder.

    """

    app: App
    named: Mapping[str, Written] = field(default_factory=dict)
    overlays: Mapping[str, Overlay] = field(default_factory=dict)
    root: str = ""
    chart_files: Mapping[str, bytes] = field(default_factory=dict)

    def manifests(self) -> Iterator[Manifest]:
        """Yield every manifest that can be read without rendering, patches of an overlay included."""
        for document in self.named.values():
            yield document.manifest
        files = {path: data for overlay in self.overlays.values() for path, data in overlay.files.items()}
        for path, data in files.items():
            if is_yaml(path):
                yield from _readable(data)


def content_of(app: App, sites: Iterable[SitePlan], read: ReadFiles, problems: Problems) -> Content:
    """Read what an app brings to the sites; what is wrong is noted."""
    if app.chart is not None:
        files: Mapping[str, bytes] = {}
        if app.chart.path is not None:
            with problems.noted(subject=f"App {app.name}", place=app.declared_at):
                files = _chart_files(app.chart.path.as_posix(), read(app.chart.path))
        return Content(app=app, chart_files=files)
    if app.kustomize is None:
        return Content(app=app, named=name_files(read_documents(app, read, problems)))
    overlays: dict[str, Overlay] = {}
    for site in sites:
        with problems.noted(subject=f"App {app.name}", place=app.declared_at):
            overlays[site.name] = read_overlay(app.overrides(site.name).kustomize or app.kustomize, read)
    return Content(app=app, overlays=overlays, root=_root(overlays.values()))


def site_files(
    content: Content, site: SitePlan, namespace: str, marks: Marks = NO_MARKS
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one app for one site: its folder there, and its share of the base; all objects are marked.

    Raises:
        InputError: overrides that do not fit what the app brings.

    """
    folder = f"{site.workloads}/{content.app.name}" if site.workloads else content.app.name
    base = f"{site.base}/{content.app.name}" if site.base else ""
    if content.overlays:
        resources = yield from _overlay_files(content, site, folder, base)
    elif base:
        yield f"{base}/kustomization.yaml", kustomization(list(content.named))
        yield from ((f"{base}/{name}", document.data) for name, document in content.named.items())
        resources = [_relative(base, folder)]
    else:
        yield from ((f"{folder}/{name}", document.data) for name, document in content.named.items())
        resources = list(content.named)
    fields = marking_fields(marks, content.manifests(), _adapted(content, content.app.overrides(site.name)))
    yield f"{folder}/kustomization.yaml", kustomization(resources, namespace, fields)


def kustomization(resources: list[str], namespace: str = "", fields: Mapping[str, Json] | None = None) -> bytes:
    """Return a kustomization.yaml."""
    content: dict[str, Json] = {"apiVersion": KUSTOMIZE_CONFIG_V1BETA1, "kind": "Kustomization"}
    if namespace:
        content["namespace"] = namespace
    return emitter.dump({**content, "resources": sorted(resources), **(fields or {})})


def _overlay_files(
    content: Content, site: SitePlan, folder: str, base: str
) -> Generator[tuple[str, bytes], None, list[str]]:
    overlay = content.overlays[site.name]
    target = base or f"{folder}/{_SOURCE}"
    for path, data in overlay.files.items():
        yield f"{target}/{_relative(path, content.root)}", data
    start = _relative(overlay.folder, content.root)
    return [_relative(f"{target}/{start}", folder)]


def _adapted(content: Content, overrides: AppOverrides) -> dict[str, Json]:
    fields: dict[str, Json] = {}
    if content.app.common_annotations:
        fields["commonAnnotations"] = dict(content.app.common_annotations)
    if content.app.common_labels:
        # Selectors cannot be changed once they are applied, so labels that come later must stay out of them.
        fields["labels"] = [{"pairs": dict(content.app.common_labels), "includeTemplates": True}]
    if overrides.images:
        _check_images(content, overrides.images)
        fields["images"] = [_image(name, new) for name, new in sorted(overrides.images.items())]
    if overrides.replicas is not None:
        counts = overrides.replicas
        named = counts if isinstance(counts, dict) else dict.fromkeys(_scaled(content), counts)
        _check_known("replicas", named, _scalable(content))
        fields["replicas"] = [{"name": name, "count": count} for name, count in sorted(named.items())]
    if overrides.patches:
        fields["patches"] = [_patch(patch) for patch in overrides.patches]
        own = {_title(document.manifest) for document in content.named.values()}
        patched = [patch for patch in overrides.patches if isinstance(patch, dict) and "patch" not in patch]
        _check_known("patches", map(_title, patched), own)
    return fields


def _check_known(field: str, wanted: Iterable[str], there: set[str]) -> None:
    """Refuse what would change nothing, where it can be seen without rendering: Kustomize fails, or says nothing."""
    for name in wanted:
        if there and name not in there:
            raise InputError(f"{field}: the app has no {name}: it has {', '.join(sorted(there))}")


def _check_images(content: Content, images: Iterable[str]) -> None:
    there = {found for item in content.named.values() for found in _images(item.manifest)}
    if content.named and not there and images:
        raise InputError("images: the app runs none")
    _check_known("images", images, there)


def _images(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        image = value.get("image")
        if isinstance(image, str) and (found := _IMAGE.match(image)):
            yield found["name"]
        for item in value.values():
            yield from _images(item)
    elif isinstance(value, list):
        for item in value:
            yield from _images(item)


def _scalable(content: Content) -> set[str]:
    return {item.manifest["metadata"]["name"] for item in content.named.values() if item.manifest["kind"] in _SCALED}


def _title(manifest: Manifest) -> str:
    metadata = manifest.get("metadata")
    return f"{manifest.get('kind')} {metadata.get('name') if isinstance(metadata, dict) else None}"


def _scaled(content: Content) -> list[str]:
    names = [item["metadata"]["name"] for item in content.manifests() if item["kind"] in _SCALED]
    if content.overlays or not names:
        raise InputError('replicas: name what is scaled, for example replicas={"web": 3}')
    return names


def _image(name: str, new: str) -> dict[str, Json]:
    found = _IMAGE.match(new)
    if found is None or not new:
        raise InputError(f"images: {new!r} is not an image: write name:tag, :tag or name@sha256:…")
    entry: dict[str, Json] = {"name": name}
    for key, group in (("newName", "name"), ("newTag", "tag"), ("digest", "digest")):
        if found[group]:
            entry[key] = found[group]
    return entry


def _patch(patch: str | Manifest) -> dict[str, Json]:
    if isinstance(patch, str):
        return {"patch": patch}
    if "kind" in patch and "patch" not in patch:
        return {"patch": yamls.dump(patch)}
    if not isinstance(patch.get("patch"), str | list | dict) or not patch.keys() <= {"patch", "target", "options"}:
        raise InputError('patches: write a manifest, YAML text, or {"target": …, "patch": …}')
    text = patch["patch"] if isinstance(patch["patch"], str) else yamls.dump(patch["patch"])
    return {**patch, "patch": text}


def _chart_files(path: str, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    if "Chart.yaml" not in files:
        raise InputError(f"folder {path} has no Chart.yaml: name the folder of a Helm chart")
    return files


def _root(overlays: Iterable[Overlay]) -> str:
    folders = {path.rpartition("/")[0] for overlay in overlays for path in overlay.files}
    folders |= {overlay.folder for overlay in overlays}
    return commonpath(sorted(map(_anchored, folders))) if folders else ""


def _relative(path: str, start: str) -> str:
    return relpath(_anchored(path), _anchored(start))


def _anchored(path: str) -> str:
    """Return a path below a root; folders above the platform file have no names here, and get one."""
    return normpath(f"/{'platform/' * MOST_UP}{path}") if not path.startswith("/") else path


def _readable(data: bytes) -> Iterator[Manifest]:
    try:
        documents = yamls.parse_all(data)
    except InputError:
        return  # a template or a broken file: rendering will say so
    for document in documents:
        if isinstance(document.data, dict) and isinstance(document.data.get("kind"), str):
            yield document.data
