"""``image-automation``: image policies can be read, and an ImageUpdateAutomation has files to update.

A policy that cannot be read stalls (image-reflector-controller v1.2); another namespace's ImageRepository has to allow
the access (``spec.accessFrom``).
"""

from __future__ import annotations

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


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(IMAGE_POLICY):
            for path, message in _policy(cluster, item):
                yield Found(cluster=cluster, subject=item, message=message, path=path)
        for item in cluster.of(IMAGE_UPDATE_AUTOMATION):
            yield from _folder(view, cluster, item)


def _policy(cluster: ClusterObjects, item: Placed) -> Iterator[tuple[FieldPath, str]]:
    spec = mapping_at(item.manifest, "spec")
    span, pattern = text_at(spec, "policy", "semver", "range"), text_at(spec, "filterTags", "pattern")
    try:
        if span:
            parse_constraint(span)
    except ValueError as error:
        yield ("spec", "policy", "semver", "range"), f"its range cannot be read, so that it selects no image: {error}"
    try:
        if pattern:
            compiled(pattern)
    except (InputError, ValueError) as error:
        yield ("spec", "filterTags", "pattern"), f"its pattern cannot be read, so that it selects no image: {error}"
    reference = mapping_at(spec, "imageRepositoryRef")
    space = text_at(reference, "namespace") or item.namespace
    repository = cluster.get(ObjectKey(*IMAGE_REPOSITORY, space, text_at(reference, "name")))
    if space != item.namespace and repository is not None:
        selectors = objects_at(repository.manifest, "spec", "accessFrom", "namespaceSelectors")
        if not selectors:
            message = f"{repository.key} does not allow access from {item.namespace}: give it spec.accessFrom"
            yield ("spec", "imageRepositoryRef", "namespace"), message


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
