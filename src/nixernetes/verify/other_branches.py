"""Deliveries of another branch of the repository than the one at hand.

Wherever a branch of the repository is followed, the files at hand stand for it. Where the bootstrap follows one branch
and a delivery another, at most one of them is what lies here: what is missing in it says nothing about the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE
from nixernetes.objects.manifest import Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView

__all__ = ["follows_another_branch"]


_HEAD: Final = "HEAD"
_MAIN: Final = {"main", "master"}


def follows_another_branch(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> bool:
    """Tell whether a delivery reads a branch of this repository that the bootstrap of its cluster does not follow."""
    urls = {each.removesuffix(".git") for each in view.platform.estate.urls}
    start = next((each.start for each in view.platform.clusters if each.name == cluster.hub), None)
    home = {branch for each in (start.manifests if start is not None else ()) for branch in _branches(each, urls)}
    if delivery.key.group_kind == APPLICATION:
        followed = set(_branches(delivery.manifest, urls))
    else:
        source = cluster.get(_source(delivery))
        followed = set(_branches(source.manifest, urls)) if source is not None else set()
    home |= _MAIN if _HEAD in home else set()
    return bool(home and followed) and _HEAD not in followed and not followed & home


def _source(delivery: Delivery) -> ObjectKey:
    spec = mapping_at(delivery.manifest, "spec")
    holder = mapping_at(spec, "chart", "spec") if delivery.key.group_kind == HELM_RELEASE else spec
    reference = mapping_at(holder, "sourceRef")
    space = text_at(reference, "namespace") or delivery.key.namespace
    return ObjectKey(FLUX_SOURCE, text_at(reference, "kind"), space, text_at(reference, "name"))


def _branches(manifest: Manifest, urls: set[str]) -> Iterator[str]:
    """Yield the branches of this repository that an object names; what names none follows the head."""
    kind, spec = group_kind(manifest), mapping_at(manifest, "spec")
    if kind == APPLICATION:
        for source in [mapping_at(spec, "source"), *objects_at(spec, "sources")]:
            if text_at(source, "repoURL").removesuffix(".git") in urls:
                yield text_at(source, "targetRevision") or _HEAD
    elif kind.group == FLUX_SOURCE and text_at(spec, "url").removesuffix(".git") in urls:
        branch = text_at(spec, "ref", "branch") or text_at(spec, "ref", "name").removeprefix("refs/heads/")
        if branch:
            yield branch
