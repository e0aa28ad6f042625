"""The images that workloads run, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nixernetes.changes.change import Action, ObjectChange
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.verify.objects import Placed
from nixernetes.verify.pods.workloads import containers, template_of

__all__ = ["ImageChange", "changed_images"]

_APPLIED = (Action.CHANGE, Action.REPLACE, Action.MOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageChange:
    """A container that runs another image than before.

    Attributes:
        key: the workload.
        cluster: where.
        container: the name of the container.
        before: its image before.
        after: its image now.

    """

    key: ObjectKey
    cluster: str
    container: str
    before: str
    after: str


def changed_images(changes: Iterable[ObjectChange]) -> Iterator[ImageChange]:
    """Yield the containers of changed workloads whose image is another."""
    for change in changes:
        if change.action not in _APPLIED or change.before is None or change.after is None:
            continue
        old = _images(change.before)
        for name, image in _images(change.after).items():
            before = old.get(name, "")
            if before and image and before != image:
                yield ImageChange(key=change.key, cluster=change.cluster, container=name, before=before, after=image)


def _images(item: Placed) -> dict[str, str]:
    pod = template_of(item)
    if pod is None:
        return {}
    return {text_at(each, "name"): text_at(each, "image") for _, each in containers(pod)}
