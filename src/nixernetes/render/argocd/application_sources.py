"""The sources of an Argo CD Application: which there are, what one reads of another, what all give together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, TypeVar

from nixernetes.errors import InputError
from nixernetes.gitops.argocd.applications.validation import source_problem
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.rendered import Rendered

__all__ = ["REPEATED", "application_sources", "last_of_each", "referenced", "repeated"]

REPEATED: Final = "appears repeatedly among application resources"

_Fetched = TypeVar("_Fetched")
_REF: Final = re.compile(r"[a-zA-Z0-9_-]+")


def application_sources(app: Manifest) -> list[Json]:
    """Return the sources of an Application in order; ``spec.sources`` counts, where there is one, not ``spec.source``.

    Raises:
        InputError: there is none, one of them names no place, or asks for what is not rendered here; or the destination
            means no cluster.

    """
    spec = mapping_at(app, "spec")
    _check_destination(mapping_at(spec, "destination"))
    if spec.get("sourceHydrator"):
        raise InputError("spec.sourceHydrator is not rendered: write what it reads as spec.source")
    sources = spec.get("sources") or ([spec["source"]] if spec.get("source") else [])
    if not sources:
        raise InputError("it has neither spec.source nor spec.sources")
    for source in sources:
        problem = source_problem(source, several=bool(spec.get("sources")))
        if problem is not None:
            raise InputError(problem)
        if source.get("tagPrefix"):
            raise InputError("source.tagPrefix is not read here: write the whole tag as targetRevision")
    return list(sources)


def _check_destination(destination: Json) -> None:
    name, server = text_at(destination, "name"), text_at(destination, "server")
    if name and server:
        raise InputError(f"application destination can't have both name and server defined: {name} {server}")
    if not name and not server:
        raise InputError("Destination server missing from app spec")


def referenced(sources: Sequence[Json], fetched: Sequence[_Fetched]) -> dict[str, _Fetched]:
    """Return what was fetched of the sources that others read value files from, by their ``ref``.

    Args:
        sources: the sources.
        fetched: their files, in the same order.

    Raises:
        InputError: two have one name, a name is none, or what is read from is a chart.

    """
    found: dict[str, _Fetched] = {}
    for source, files in zip(sources, fetched, strict=True):
        ref = source.get("ref")
        if not ref:
            continue
        if not _REF.fullmatch(ref):
            raise InputError(f"sources.ref {ref} cannot contain any special characters except '_' and '-'")
        if ref in found:
            raise InputError("invalid sources: multiple sources had the same `ref` key", subject=ref)
        found[ref] = files
    charts = {source["ref"] for source in sources if source.get("ref") and source.get("chart")}
    for name in _read_from(sources):
        if name in charts:
            raise InputError(f"${name} is a chart: value files are read from Git repositories only")
    return found


def last_of_each(items: Sequence[Rendered], namespace: str) -> list[Rendered]:
    """Return the objects that are compared: of several with one identity the last.

    Args:
        items: what all sources give, in order.
        namespace: the destination's, where objects without one of their own go.

    """
    keys = [_placed(key_of(item.manifest), namespace) for item in items]
    last = {key: number for number, key in enumerate(keys)}
    return [item for number, item in enumerate(items) if not keys[number].name or last[keys[number]] == number]


def repeated(items: Sequence[Rendered], namespace: str) -> list[str]:
    """Return what Argo CD says of objects that come several times (``RepeatedResourceWarning``)."""
    counts = Counter(_placed(key_of(item.manifest), namespace) for item in items)
    return [f"{key} {REPEATED} ({count} times)" for key, count in sorted(counts.items()) if count > 1 and key.name]


def _placed(key: ObjectKey, namespace: str) -> ObjectKey:
    return ObjectKey(key.group, key.kind, key.namespace or namespace, key.name)


def _read_from(sources: Sequence[Json]) -> list[str]:
    helm = [mapping_at(source, "helm") for source in sources]
    paths = [path for options in helm for path in items_at(options, "valueFiles")]
    paths += [entry["path"] for options in helm for entry in items_at(options, "fileParameters")]
    return [path[1:].partition("/")[0] for path in paths if path.startswith("$")]
