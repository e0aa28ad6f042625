"""``image-automation``: image policies can be read, and an ImageUpdateAutomation has files to update.

A policy that cannot be read stalls (image-reflector-controller v1.2); another namespace's ImageRepository has to allow
the access (``spec.accessFrom``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.regexes import compiled
from nixernetes.languages.semver import parse_constraint
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import GIT_REPOSITORY, IMAGE_POLICY, IMAGE_REPOSITORY, IMAGE_UPDATE_AUTOMATION
from nixernetes.render.tree import join
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


_GROUP: Final = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_EXTRACTED: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")  # the longest name, as Go's Expand takes it


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(IMAGE_POLICY):
            for path, message in _policy(cluster, item):
                yield Found(cluster=cluster, subject=item, message=message, path=path)
        for item in cluster.of(IMAGE_REPOSITORY):
            message = _not_an_image(text_at(item.manifest, "spec", "image"))
            if message:
                yield Found(cluster=cluster, subject=item, message=message, path=("spec", "image"))
        for item in cluster.of(IMAGE_UPDATE_AUTOMATION):
            yield from _folder(view, cluster, item)


def _not_an_image(image: str) -> str:
    """Return what image-reflector-controller has against the image of a repository (``ParseImageReference``)."""
    scheme, has_scheme, _ = image.partition("://")
    if has_scheme:
        return f".spec.image value should not start with URL scheme; remove '{scheme}://'"
    name, has_tag, tag = image.rpartition("/")[2].partition(":")
    if has_tag and name and "/" in image:
        return f".spec.image value should not contain a tag; remove ':{tag}'"
    return ""


def _policy(cluster: ClusterObjects, item: Placed) -> Iterator[tuple[FieldPath, str]]:
    spec = mapping_at(item.manifest, "spec")
    span, pattern = text_at(spec, "policy", "semver", "range"), text_at(spec, "filterTags", "pattern")
    try:
        if span:
            parse_constraint(span)
    except ValueError as error:
        yield ("spec", "policy", "semver", "range"), f"its range cannot be read, so it selects no image: {error}"
    try:
        if pattern:
            compiled(pattern)
    except (InputError, ValueError) as error:
        yield ("spec", "filterTags", "pattern"), f"its pattern cannot be read, so it selects no image: {error}"
    else:
        lost = _lost_groups(pattern, text_at(spec, "filterTags", "extract"))
        if lost:
            message = f"its pattern has no group {lost}, so nothing is extracted: write (?P<{lost}>...)"
            yield ("spec", "filterTags", "extract"), message
    reference = mapping_at(spec, "imageRepositoryRef")
    space = text_at(reference, "namespace") or item.namespace
    repository = cluster.get(ObjectKey(*IMAGE_REPOSITORY, space, text_at(reference, "name")))
    if space != item.namespace and repository is not None:
        selectors = objects_at(repository.manifest, "spec", "accessFrom", "namespaceSelectors")
        if not selectors:
            message = f"{repository.key} does not allow access from {item.namespace}: give it spec.accessFrom"
            yield ("spec", "imageRepositoryRef", "namespace"), message


def _lost_groups(pattern: str, extract: str) -> str:
    """Return the first group that is extracted and that a pattern does not have, ``""`` for none."""
    names = {found[1] for found in _GROUP.finditer(pattern)}
    wanted = (found[1] or found[2] for found in _EXTRACTED.finditer(extract.replace("$$", "")))
    return next((name for name in wanted if not name.isdigit() and name not in names), "") if pattern else ""


def _folder(view: PlatformView, cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    """Yield a finding where the folder to update is not in this repository."""
    written = text_at(item.manifest, "spec", "update", "path")
    reference = mapping_at(item.manifest, "spec", "sourceRef")
    space = text_at(reference, "namespace") or item.namespace
    source = cluster.get(ObjectKey(*GIT_REPOSITORY, space, text_at(reference, "name")))
    estate = view.platform.estate
    if not written or source is None or text_at(source.manifest, "spec", "url") not in estate.urls:
        return
    try:
        folder = join("", written.removeprefix("/"))
    except InputError:
        folder = written
    if folder and not estate.index.tree.is_dir(folder):
        message = f"there is no folder {written} in {source.key}: nothing is ever updated"
        yield Found(cluster=cluster, subject=item, message=message, path=("spec", "update", "path"))


RULE: Final = Rule(
    name="image-automation",
    topic="image-automation",
    severity=Severity.WARNING,
    sentence="Image policies can be read, and an ImageUpdateAutomation has files to update.",
    check=_check,
)
