"""``image-reference``: images are pinned by a tag or digest, and markers name an image policy that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import IMAGE_POLICY
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import containers, pod_templates
from nixernetes.verify.rule import Found, Rule
from nixernetes.verify.rules.ownership.unmatched_patch import image_name

__all__ = ["RULE"]

# as github.com/distribution/reference reads it: host, repository, tag, digest
_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE: Final = re.compile(
    rf"(?:[a-zA-Z0-9.-]+(?::\d+)?/|\[[0-9a-fA-F:]+\](?::\d+)?/)?{_PART}(?:/{_PART})*(?::[\w][\w.-]{{0,127}})?"
    r"(?:@[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,})?\Z"
)
_ANY_MARKER: Final = re.compile(r'\{\s*"\$imagepolicy"\s*:\s*"([^"]*)"\s*\}')
_PARTS: Final = ("tag", "name", "digest")
_MARKER: Final = re.compile(r'\{\s*"\$imagepolicy"\s*:\s*"([^":]+):([^":]+)(:[^"]*)?"\s*\}')


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for pod in pod_templates(cluster):
            for path, container in containers(pod):
                image = text_at(container, "image")
                if image and image_name(image) == image:
                    message = f"{image} has no tag and no digest: which version runs depends on the day"
                    yield Found(cluster=cluster, subject=pod.owner, message=message, path=(*path, "image"))
                elif image and image == image.strip() and "{" not in image and not _REFERENCE.match(image):
                    yield Found(
                        cluster=cluster,
                        subject=pod.owner,
                        message=f"{image} is not an image: its pods never start (InvalidImageName){_case(image)}",
                        path=(*path, "image"),
                        severity=Severity.ERROR,
                        topic="k8s-value",
                    )
        yield from _markers(view, cluster)


def _case(image: str) -> str:
    return ": names of repositories are written in small letters" if _REFERENCE.match(image.lower()) else ""


def _markers(view: PlatformView, cluster: ClusterObjects) -> Iterator[Found]:
    policies = {(item.namespace, item.key.name) for item in cluster.of(IMAGE_POLICY)}
    files: dict[str, list[Placed]] = {}
    for item in cluster.placed:
        if item.origin.file:
            files.setdefault(item.origin.file, []).append(item)
    for file, items in files.items():
        text = view.places.text(file) if policies else ""
        for number, line in enumerate(text.splitlines(), 1) if "$imagepolicy" in text else ():
            found, written = _MARKER.search(line), _ANY_MARKER.search(line)
            if written is not None and (found is None or (found[3] or ":tag")[1:] not in _PARTS):
                yield _unreadable(cluster, items, Place(file, number, written.start() + 1), written[1])
            if (
                found is None
                or (found[1], found[2]) in policies
                or cluster.may_have(found[1], group=IMAGE_POLICY.group)
            ):
                continue
            item = _around(items, number)
            elsewhere = next((space for space, name in policies if name == found[2]), "")
            hint = (
                f": it is in the namespace {elsewhere}"
                if elsewhere
                else meant(found[2], [name for _, name in policies])
            )
            yield Found(
                cluster=cluster,
                subject=item,
                message=f"the marker names ImagePolicy/{found[1]}/{found[2]}, which does not exist{hint}",
                place=Place(file, number, found.start() + 1),
                severity=Severity.WARNING,
                topic="image-automation",
            )


def _around(items: list[Placed], line: int) -> Placed:
    """Return the object of a file that a line belongs to."""
    before = (each for each in items if each.origin.line <= line)
    return max(before, key=lambda each: each.origin.line, default=items[0])


def _unreadable(cluster: ClusterObjects, items: list[Placed], place: Place, written: str) -> Found:
    return Found(
        cluster=cluster,
        subject=_around(items, place.line),
        message=f"{written} is not what a marker holds, so that nothing is updated: NAMESPACE:POLICY, with :tag, "
        ":name or :digest behind it where only that is written",
        place=place,
        severity=Severity.WARNING,
        topic="image-automation",
    )


RULE: Final = Rule(
    name="image-reference",
    topic="image-pin",
    severity=Severity.INFO,
    sentence="Images are pinned, and markers of image policies name a policy that exists.",
    check=_check,
)
