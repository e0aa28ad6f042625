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

__all__ = ["app_health", "resource_entries", "summary", "sync_block"]

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


def resource_health(row: ComparedResource, assessor: Assessor) -> Health | None:
    """Return the health of one resource; what is wanted and not there is Missing."""
    if row.live is None:
        return Health(HealthStatus.MISSING)
    return assessor.assess(row.live)


def app_health(app: ReadApplication, rows: Iterable[ComparedResource], assessor: Assessor) -> HealthStatus:
    """Return the aggregate: the worst of the resources that count.

    A single missing resource does not worsen it (its OutOfSync tells); when there is no live one at all, it is Missing.
    """
    counted = [row for row in rows if row.status and not _is_left_out(row, app)]
    if counted and all(row.live is None for row in counted):
        return HealthStatus.MISSING
    result = HealthStatus.HEALTHY
    for row in counted:
        health = assessor.assess(row.live) if row.live is not None else None
        if health is None:
            continue
        child = row.key.group_kind == APPLICATION
        if child and health.status in (HealthStatus.MISSING, HealthStatus.UNKNOWN):
            continue
        result = worst(result, health.status)
    return result


def _is_left_out(row: ComparedResource, app: ReadApplication) -> bool:
    ignored = annotations_of(row.live or row.obj).get("argocd.argoproj.io/ignore-healthcheck") == "true"
    return ignored or row.key == app.key


def resource_entries(rows: Iterable[ComparedResource], assessor: Assessor) -> list[Json]:
    """Return ``status.resources``, sorted."""
    return [_entry(row, assessor) for row in rows]


def _entry(row: ComparedResource, assessor: Assessor) -> Json:
    entry: Json = {"kind": row.key.kind, "name": row.key.name, "version": row.version}
    if row.key.group:
        entry["group"] = row.key.group
    if row.key.namespace:
        entry["namespace"] = row.key.namespace
    if row.status:
        entry["status"] = row.status
    if row.hook:
        entry["hook"] = True
    if row.requires_pruning:
        entry["requiresPruning"] = True
    wave = hooks.wave_of(row.obj)
    if wave:
        entry["syncWave"] = wave
    health = resource_health(row, assessor)
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
