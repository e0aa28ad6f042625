"""``empty-application-set``: an ApplicationSet generates something, and each of its file patterns matches something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import at, flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APPLICATION_SET
from nixernetes.objects.manifest import Json
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import walked
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_NO_VALUE: Final = "<no value>"
_PATTERN: Final = frozenset("*?[{")
_TEMPLATED: Final = (
    "metadata.name",
    "spec.project",
    *(f"spec.{where}.{field}" for where in ("source", "sources.[]") for field in ("path", "targetRevision", "repoURL")),
    *(f"spec.destination.{field}" for field in ("server", "name", "namespace")),
)
_ASKING: Final = ("scmProvider", "pullRequest", "plugin", "clusterDecisionResource")  # what only a service knows


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind != APPLICATION_SET or delivery.problem:
            continue
        generators = objects_at(delivery.manifest, "spec", "generators")
        if delivery.manifests:
            yield from _left(cluster, delivery)
            yield from _unmatched(view, cluster, delivery)
            continue
        if any(asking in each for each in _all(generators) for asking in _ASKING) or not generators:
            continue
        path: FieldPath = _asked(generators)
        hint = ""
        for index, each in enumerate(generators):
            for part in ("directories", "files"):
                for number, entry in enumerate(objects_at(each, "git", part)):
                    written = text_at(entry, "path")
                    if written.startswith("/"):
                        path = ("spec", "generators", index, "git", part, number, "path")
                        hint = f": {written} begins with a slash, and paths are relative to the repository"
                    elif not hint and not entry.get("exclude"):
                        path = ("spec", "generators", index, "git", part, number, "path")
        yield Found(cluster=cluster, subject=delivery, message=f"it generates no Application{hint}", path=path)


def _asked(generators: list[dict[str, Json]]) -> FieldPath:
    """Return where an only generator says of what it generates."""
    if len(generators) != 1:
        return ("spec", "generators")
    before: FieldPath = ("spec", "generators", 0)
    selectors: tuple[tuple[str, ...], ...] = (("clusters", "selector"), ("list", "elements"), ("selector",))
    for where in selectors:
        if at(generators[0], *where) is not None:
            inside = at(generators[0], *where, "matchLabels") is not None
            return (*before, *where, "matchLabels") if inside else (*before, *where)
    return before


def _left(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield the first field of a generated Application in which a template is left as text."""
    if flag_at(delivery.manifest, "spec", "goTemplate"):
        yield from _without_value(cluster, delivery)
        return
    for pattern in _TEMPLATED:
        for item in delivery.manifests:
            for path, text in walked(item.manifest, pattern):
                if isinstance(text, str) and "{{" in text:
                    message = f"{text} is left as it is: without goTemplate: true only {{{{name}}}} is filled in"
                    where = ("spec", "template", *path)
                    severity = Severity.ERROR
                    yield Found(cluster=cluster, subject=delivery, message=message, path=where, severity=severity)
                    return


def _without_value(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield the first field of a generated Application that names a parameter which nothing gives."""
    for item in delivery.manifests:
        for path, text in _texts(item.manifest, ()):
            if _NO_VALUE in text:
                message = (
                    f"{key_of(item.manifest).name}: a parameter of it has no value, and Go writes {_NO_VALUE}: correct "
                    "its name, and let goTemplateOptions: [missingkey=error] say so at once"
                )
                where = ("spec", "template", *path)
                yield Found(cluster=cluster, subject=delivery, message=message, path=where, severity=Severity.ERROR)
                return


def _texts(data: Json, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    if isinstance(data, str):
        yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield from _texts(value, (*path, step))


def _unmatched(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield what a generator names in this repository, without a pattern, and that is not there."""
    tree = view.platform.estate.index.tree
    for start in ("spec.generators.[].git", "spec.generators.[].matrix.generators.[].git"):
        for before, git in walked(delivery.manifest, start):
            if text_at(git, "repoURL").removesuffix(".git") not in {
                each.removesuffix(".git") for each in view.platform.estate.urls
            }:
                continue
            for part, is_there in (("directories", tree.is_dir), ("files", tree.is_file)):
                for number, entry in enumerate(objects_at(git, part)):
                    written = text_at(entry, "path")
                    if not written or entry.get("exclude") or set(written) & _PATTERN or is_there(written.rstrip("/")):
                        continue
                    message = f"there is no {written}, so nothing is generated from it{_slash(written)}"
                    path = (*before, part, number, "path")
                    yield Found(cluster=cluster, subject=delivery, message=message, path=path)


def _slash(written: str) -> str:
    return ": paths are relative to the repository, without a slash in front" if written.startswith("/") else ""


def _all(generators: list[dict[str, Json]], depth: int = 0) -> Iterator[dict[str, Json]]:
    for each in generators:
        yield each
        for combining in ("matrix", "merge") if depth < 3 else ():  # Argo CD allows two levels
            yield from _all(objects_at(mapping_at(each, combining), "generators"), depth + 1)


RULE: Final = Rule(
    name="empty-application-set",
    topic="appset",
    severity=Severity.WARNING,
    sentence="Every generator and pattern of an ApplicationSet generates something.",
    check=_check,
)
