"""``missing-source``: a Flux object's source is declared, with the kind, namespace and name that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.languages.semver import parse_constraint
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import (
    ARTIFACT_GENERATOR,
    EXTERNAL_ARTIFACT,
    GIT_REPOSITORY,
    HELM_CHART,
    HELM_RELEASE,
    HELM_REPOSITORY,
    KUSTOMIZATION,
    OCI_REPOSITORY,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.render.flux.artifact_generators import declared_artifacts
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import walked
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_REFERENCES: Final[tuple[FieldPath, ...]] = (
    ("spec", "sourceRef"),
    ("spec", "chart", "spec", "sourceRef"),
    ("spec", "chartRef"),
)
_OF_SOURCES: Final = (
    (HELM_CHART, "spec.sourceRef"),
    (GIT_REPOSITORY, "spec.include.[].repository"),
    (ARTIFACT_GENERATOR, "spec.sources.[]"),
)
_KINDS: Final = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "ExternalArtifact")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind in (KUSTOMIZATION, HELM_RELEASE):
            yield from _asked(cluster, delivery)
            yield from _version(cluster, delivery)
    for cluster in view.clusters:
        for item in cluster.of(HELM_REPOSITORY):
            yield from _misspelt_url(cluster, item)
            if text_at(item.manifest, "spec", "url").startswith("oci://") and _type(item) != "oci":
                message = "an oci:// URL needs type: oci: without it an index.yaml is asked for, and never found"
                yield Found(cluster=cluster, subject=item, message=message, path=("spec", "url"))
        for item in cluster.of(GIT_REPOSITORY, OCI_REPOSITORY):
            yield from _misspelt_url(cluster, item)
        for kind, pattern in _OF_SOURCES:
            for item in cluster.of(kind):
                for path, entry in walked(item.manifest, pattern):
                    yield from _of_source(cluster, item, path, entry)


def _misspelt_url(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    """Yield what source-controller cannot read of a URL that the API server takes."""
    url, path = text_at(item.manifest, "spec", "url"), ("spec", "url")
    host, _, rest = url.partition("://")[2].partition("/")
    _, colon, port = host.rpartition("@")[2].partition(":")
    if colon and not host.endswith("]") and not port.isdigit() and "${" not in url and "]" not in host:
        message = f"{port!r} is not a port: behind ssh:// a path begins with a slash, not with a colon"
        yield Found(cluster=cluster, subject=item, message=message, path=path)
    last = rest.rpartition("/")[2]
    if item.key.group_kind == OCI_REPOSITORY and (":" in last or "@" in last):
        message = f"the URL must not contain a tag or digest: write {last.partition(':')[2] or last} under spec.ref"
        yield Found(cluster=cluster, subject=item, message=message, path=path)


def _version(cluster: ClusterObjects, release: Delivery) -> Iterator[Found]:
    """Yield a range of chart versions that Helm cannot read."""
    version = text_at(release.manifest, "spec", "chart", "spec", "version")
    kind = text_at(release.manifest, "spec", "chart", "spec", "sourceRef", "kind")
    if not version or kind != HELM_REPOSITORY.kind or "${" in version:
        return
    try:
        parse_constraint(version)
    except ValueError as error:
        path = ("spec", "chart", "spec", "version")
        message = f"the range of versions cannot be read: {error}"
        yield Found(cluster=cluster, subject=release, message=message, path=path, topic="helm-chart")


def _type(repository: Placed) -> str:
    return text_at(repository.manifest, "spec", "type")


def _of_source(cluster: ClusterObjects, item: Placed, path: FieldPath, entry: Json) -> Iterator[Found]:
    """Yield a finding where a source is made of another that is not declared."""
    kind, name = text_at(entry, "kind") or GIT_REPOSITORY.kind, text_at(entry, "name")
    target = ObjectKey(FLUX_SOURCE, kind, text_at(entry, "namespace") or item.namespace, name)
    is_asked = bool(name) and kind in _KINDS
    if is_asked and not _exists(cluster, target) and not cluster.may_have(target.namespace, group=target.group):
        yield _missing(cluster, item, target, path)


def _asked(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    for path in _REFERENCES:
        reference = mapping_at(delivery.manifest, *(str(step) for step in path))
        kind, name = text_at(reference, "kind"), text_at(reference, "name")
        if not reference or kind not in _KINDS or not name:
            continue
        if delivery.key.group_kind == KUSTOMIZATION and kind in (HELM_REPOSITORY.kind, HELM_CHART.kind):
            continue  # the API server refuses it: ``invalid-object`` says so
        target = ObjectKey(FLUX_SOURCE, kind, text_at(reference, "namespace") or delivery.key.namespace, name)
        if _exists(cluster, target):
            continue
        if not cluster.may_have(target.namespace, besides=delivery.key, group=target.group):
            yield _missing(cluster, delivery, target, path)


def _exists(cluster: ClusterObjects, target: ObjectKey) -> bool:
    if cluster.has(target):
        return True
    if target.group_kind == HELM_CHART:
        return any(_chart_of(item.manifest) == target[2:] for item in cluster.of(HELM_RELEASE))
    if target.group_kind == EXTERNAL_ARTIFACT:
        return any(
            key_of(artifact) == target
            for item in cluster.of(ARTIFACT_GENERATOR)
            for artifact in declared_artifacts(item.manifest)
        )
    return False


def _chart_of(release: Manifest) -> tuple[str, str]:
    """Return namespace and name of the HelmChart that helm-controller makes for a release."""
    key = key_of(release)
    space = text_at(release, "spec", "chart", "spec", "sourceRef", "namespace") or key.namespace
    return (space, f"{key.namespace}-{key.name}") if mapping_at(release, "spec", "chart") else ("", "")


def _missing(cluster: ClusterObjects, subject: Delivery | Placed, target: ObjectKey, path: FieldPath) -> Found:
    sources = [key for key in cluster.by_key if key.group == FLUX_SOURCE]
    twins = [key for key in sources if key.name == target.name]
    hint = meant(target.name, [key.name for key in sources if key[1:3] == target[1:3]])
    if twins:
        hint = f": {twins[0]} is declared"
        if twins[0].kind == target.kind:
            hint += ", so name its namespace"
    return Found(
        cluster=cluster, subject=subject, message=f"its source {target} is not declared{hint}", path=(*path, "name")
    )


RULE: Final = Rule(
    name="missing-source",
    topic="source-missing",
    severity=Severity.ERROR,
    sentence="The source of a Kustomization, HelmRelease or other source is declared.",
    check=_check,
)
