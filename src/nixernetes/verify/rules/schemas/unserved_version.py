"""``unserved-version``: the cluster serves the API version that an object is written in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from nixernetes.gitops.decoding import KINDS
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE_V1, KUSTOMIZE_CONFIG
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.schema import known_kinds
from nixernetes.schemas import Removed, Schemas
from nixernetes.verify.cluster_schemas import schemas_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_NEAR: Final = 0.8  # how alike two names of kinds are that differ by a slip


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        schemas = schemas_of(view, cluster)
        for item in cluster.placed:
            removed, served = schemas.removed(item.manifest), schemas.unserved(item.manifest)
            if removed is not None:
                message = _removed(item, removed, schemas)
                yield Found(cluster=cluster, subject=item, message=message, path=("apiVersion",), topic="removed-api")
            elif served is not None:
                is_engine = item.key.group_kind in KINDS
                topic = "flux-deprecated-api" if is_engine else "crd-instance"
                version = text_at(item.manifest, "apiVersion")
                message = f"{version} of {item.key.kind} is not served: use {item.key.group}/{' or '.join(served)}"
                yield Found(cluster=cluster, subject=item, message=message, path=("apiVersion",), topic=topic)
            elif (heard := schemas.unheard(item.manifest)) is not None:
                message = _unheard(item, heard, {name for _, _, name in known_kinds()})
                path, topic = (("apiVersion",), "removed-api") if heard else (("kind",), "k8s-schema")
                yield Found(cluster=cluster, subject=item, message=message, path=path, topic=topic)
            elif item.key.group == KUSTOMIZE_CONFIG:
                hint = f": write {FLUX_KUSTOMIZE_V1}" if mapping_at(item.manifest, "spec", "sourceRef") else ""
                message = (
                    f"{item.key.kind} of {KUSTOMIZE_CONFIG} is a file for Kustomize, and no object of a cluster{hint}"
                )
                yield Found(cluster=cluster, subject=item, message=message, path=("apiVersion",), topic="k8s-schema")
            else:
                near = _misspelt(item, schemas)
                if near:
                    message = f"{item.key.group} has no kind {item.key.kind}: is it {near}?"
                    topic = "k8s-schema" if GroupKind(item.key.group, near) in KINDS else "crd-instance"
                    yield Found(cluster=cluster, subject=item, message=message, path=("kind",), topic=topic)


def _misspelt(item: Placed, schemas: Schemas) -> str:
    """Return the kind that is meant by one that its group does not define, or ``""``."""
    if item.key.group_kind in schemas.definitions or schemas.is_known(item.manifest):
        return ""
    kinds = [each.kind for each in schemas.definitions if each.group == item.key.group]
    return next(iter(get_close_matches(item.key.kind, kinds, n=1, cutoff=_NEAR)), "")


def _unheard(item: Placed, versions: Sequence[str], kinds: Iterable[str]) -> str:
    version, kind = text_at(item.manifest, "apiVersion"), item.key.kind
    if versions:
        return f"Kubernetes knows no {kind} in {version}: use {versions[0]}"
    return f"Kubernetes knows no kind {kind} in {version}{meant(kind, [*kinds])}"


def _removed(item: Placed, removed: Removed, schemas: Schemas) -> str:
    version = text_at(item.manifest, "apiVersion")
    remedy = f": use {removed.replacement}" if removed.replacement else ""
    if not removed.since:
        return f"Kubernetes 1.{schemas.minor} does not serve {version} of {item.key.kind} yet{remedy}"
    return f"{version} of {item.key.kind} is not served since Kubernetes 1.{removed.since}{remedy}"


RULE: Final = Rule(
    name="unserved-version",
    topic="removed-api",
    severity=Severity.ERROR,
    sentence="The cluster serves the API version of every object.",
    check=_check,
)
