"""Writes what a refresh found into an Application's status (sections 6 and 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import ComparedResource
from nixernetes.engine.argocd.sync import hooks
from nixernetes.health.argocd import Assessor, Health, HealthStatus, worst
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["app_health", "healths", "resource_entries", "summary", "sync_block"]

_POD_SPECS = (("spec",), ("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"))


def sync_block(manifest: Manifest, app: ReadApplication, status: str, revisions: Sequence[str]) -> Json:
    """Return ``status.sync``."""
    compared: Json = {"destination": mapping_at(manifest, "spec", "destination")}
    if app.multi:
        compared["sources"] = list(app.sources)
    elif app.sources:
        compared["source"] = app.sources[0]
    if app.ignore_differences:
        compared["ignoreDifferences"] = list(app.ignore_differences)
    block: Json = {"status": status, "comparedTo": compared}
    if app.multi and revisions:
        block["revisions"] = list(revisions)
    elif revisions:
        block["revision"] = revisions[0]
    return block


def healths(rows: Iterable[ComparedResource], app: ReadApplication, assessor: Assessor) -> list[Health | None]:
    """Return the health of each resource; what is wanted and not there is Missing."""
    return [_health(row, app, assessor) for row in rows]


def _health(row: ComparedResource, app: ReadApplication, assessor: Assessor) -> Health | None:
    if _has_no_health(row) or _is_left_out(row, app):
        return None
    return Health(HealthStatus.MISSING) if row.live is None else assessor.assess(row.live)


def app_health(rows: Sequence[ComparedResource], found: Sequence[Health | None]) -> HealthStatus:
    """Return the aggregate of healths (``controller/health.go`` of Argo CD 3.5): the worst of those that count.

    A single missing resource does not worsen it (its OutOfSync tells); when there is no live one at all, it is Missing.
    """
    result, counted, alive = HealthStatus.HEALTHY, False, False
    for row, health in zip(rows, found, strict=True):
        if not alive and not _has_no_health(row):
            counted, alive = True, row.live is not None
        if health is None or row.live is None:
            continue
        child = row.key.group_kind == APPLICATION
        if not child or health.status not in (HealthStatus.MISSING, HealthStatus.UNKNOWN):
            result = worst(result, health.status)
    return worst(result, HealthStatus.MISSING) if counted and not alive else result


def _has_no_health(row: ComparedResource) -> bool:
    """Tell whether an object is none that a sync applies and keeps: a hook, or what is skipped or ignored."""
    if row.target is not None and hooks.is_skipped(row.target):
        return True
    return row.live is not None and hooks.is_hook(row.live)


def _is_left_out(row: ComparedResource, app: ReadApplication) -> bool:
    ignored = annotations_of(row.live or {}).get("argocd.argoproj.io/ignore-healthcheck") == "true"
    return ignored or (row.live is not None and row.key == app.key)


def resource_entries(rows: Sequence[ComparedResource], found: Sequence[Health | None]) -> list[Json]:
    """Return ``status.resources`` with their healths, sorted."""
    return sorted((_entry(row, health) for row, health in zip(rows, found, strict=True)), key=_place)


def _place(entry: Json) -> str:
    """Return by what Argo CD sorts (``resourceStatusKey``)."""
    return "/".join(text_at(entry, part) for part in ("group", "kind", "namespace", "name"))


def _entry(row: ComparedResource, health: Health | None) -> Json:
    entry: Json = {"kind": row.key.kind, "name": row.key.name, "version": row.version}
    optional = {
        "group": row.key.group,
        "namespace": row.key.namespace,
        "status": row.status,
        "hook": row.hook,
        "requiresPruning": row.requires_pruning,
        "requiresDeletionConfirmation": row.requires_confirmation,
        "syncWave": row.wave,
    }
    entry.update({name: value for name, value in optional.items() if value})
    if health is not None:
        entry["health"] = {"status": str(health.status), **({"message": health.message} if health.message else {})}
    return entry


def summary(rows: Iterable[ComparedResource]) -> Json:
    """Return ``status.summary``: the images that run, external URLs, and whether it is an app of apps."""
    live = [row.live for row in rows if row.live is not None]
    images = sorted({image for obj in live for image in _images(obj)})
    urls = sorted({url for obj in live for url in _urls(obj)})
    found: Json = {}
    if images:
        found["images"] = images
    if urls:
        found["externalURLs"] = urls
    if any(group_kind(obj) == APPLICATION for obj in live):
        found["isAppOfApps"] = True
    return found


def _images(obj: Manifest) -> list[str]:
    found = []
    for path in _POD_SPECS:
        for part in ("initContainers", "containers"):
            found += [image for each in objects_at(obj, *path, part) if (image := text_at(each, "image"))]
    return found


def _urls(obj: Manifest) -> list[str]:
    prefix = "link.argocd.argoproj.io/"
    links = [url for name, url in annotations_of(obj).items() if name.startswith(prefix)]
    if key_of(obj).kind != "Ingress":
        return links
    secure = [host for block in objects_at(obj, "spec", "tls") for host in items_at(block, "hosts")]
    for rule in objects_at(obj, "spec", "rules"):
        host = text_at(rule, "host")
        scheme = "https" if host in secure else "http"
        paths = objects_at(rule, "http", "paths") if host else []
        links += [f"{scheme}://{host}{text_at(path, 'path').rstrip('*')}" for path in paths]
    return links
