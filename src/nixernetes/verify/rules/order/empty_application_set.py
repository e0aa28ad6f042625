"""``empty-application-set``: an ApplicationSet generates something, and each of its file patterns matches something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION_SET
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_ASKING: Final = ("scmProvider", "pullRequest", "plugin", "clusterDecisionResource")  # what only a service knows


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind != APPLICATION_SET or delivery.problem or delivery.manifests:
            continue
        generators = objects_at(delivery.manifest, "spec", "generators")
        if any(asking in each for each in _all(generators) for asking in _ASKING) or not generators:
            continue
        path, hint = ("spec", "generators"), ""
        for index, each in enumerate(generators):
            for part in ("directories", "files"):
                for number, entry in enumerate(objects_at(each, "git", part)):
                    written = text_at(entry, "path")
                    if written.startswith("/"):
                        path = ("spec", "generators", index, "git", part, number, "path")  # type: ignore[assignment]
                        hint = f": {written} begins with a slash, and paths are relative to the repository"
                    elif not hint and not entry.get("exclude"):
                        path = ("spec", "generators", index, "git", part, number, "path")  # type: ignore[assignment]
        yield Found(cluster=cluster, subject=delivery, message=f"it generates no Application{hint}", path=path)


def _all(generators: list[dict[str, Json]], depth: int = 0) -> Iterator[dict[str, Json]]:
    for each in generators:
        yield each
        for combining in ("matrix", "merge") if depth < 3 else ():  # Argo CD allows two levels
            yield from _all(objects_at(mapping_at(each, combining), "generators"), depth + 1)


RULE: Final = Rule(
    name="empty-application-set",
    topic="appset",
    severity=Severity.WARNING,
    sentence="An ApplicationSet generates something.",
    check=_check,
)
