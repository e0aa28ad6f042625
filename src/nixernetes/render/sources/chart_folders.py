"""Charts out of a tree: what ``helm package`` makes of a folder (Flux, section 1.5, HelmChart)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError, NixernetesError
from nixernetes.languages.go_yaml import go_yaml_problem
from nixernetes.languages.merges import overlaid
from nixernetes.languages.semver import parse_version
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import SCALAR, Shape, misfit
from nixernetes.objects.sizes import Allowance, clipped
from nixernetes.render.sources.charts import (
    MAX_DEPTH,
    Chart,
    ChartRepositories,
    chart_allowance,
    chart_metadata,
    gathered,
    versioned,
)
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = ["ChartBuildError", "absent_dependencies", "chart_at", "made_chart", "merged_values", "with_values"]

_LOCK: Final[Shape] = {"dependencies": [{"name!": str, "version": SCALAR, "repository": str}]}
_HASH = re.compile(r"[0-9a-f]{12,}\Z")


class ChartBuildError(NixernetesError):
    """A chart could not be made.

    Args:
        reason: the reason of the condition BuildFailed.
        message: what went wrong.

    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def made_chart(
    spec: Json, tree: Tree | None, url: str, revision: str, repositories: ChartRepositories, *, generation: int = 1
) -> Chart:
    """Return the chart that a HelmChart's spec describes, its values files merged.

    Build metadata of its version: 12 digits of the revision with the strategy Revision, then the generation where
    values files are merged.

    Args:
        spec: the spec.
        tree: the files of its source; None for a HelmRepository.
        url: the address of the HelmRepository.
        revision: the source's, for the strategy Revision.
        repositories: finds charts in HelmRepositories.
        generation: the HelmChart's.

    Raises:
        ChartBuildError: there is no chart, or a values file or a dependency cannot be had.
        NixernetesError: the repository has no such chart, or cannot be reached.

    """
    if tree is None:
        chart = repositories.pull(url, spec["chart"], spec.get("version") or "*")
        base, metadata = chart.tree, []
    else:
        chart = chart_at(tree, spec["chart"], repositories)
        base, metadata = tree, _short(revision) if spec.get("reconcileStrategy") == "Revision" else []
    files = spec.get("valuesFiles") or []
    if files:
        chart = with_values(
            chart, merged_values(base, files, ignore_missing=bool(spec.get("ignoreMissingValuesFiles")))
        )
        metadata = [*metadata, str(generation)]
    if not metadata:
        return chart
    return versioned(chart, f"{chart.version}{'.' if '+' in chart.version else '+'}{'.'.join(metadata)}")


def _short(revision: str) -> list[str]:
    found = _HASH.search(revision)
    return [(found[0] if found else revision)[:12]]


def chart_at(tree: Tree, path: str, repositories: ChartRepositories) -> Chart:
    """Return the chart in a folder, its dependencies resolved.

    Raises:
        ChartBuildError: there is no chart, or a dependency cannot be had.

    """
    return _chart_at(tree, path, repositories, 0, chart_allowance())


def _chart_at(tree: Tree, path: str, repositories: ChartRepositories, depth: int, allowance: Allowance) -> Chart:
    try:
        folder = join("", path.removeprefix("/"))
    except InputError as error:
        raise ChartBuildError("InvalidChartReference", error.message) from error
    files = tree.below(folder)
    if not tree.is_dir(folder):
        text = f"invalid chart reference: stat source/{folder}: no such file or directory"
        raise ChartBuildError("InvalidChartReference", text)
    if not files.is_file("Chart.yaml"):
        text = f"invalid chart reference: open source/{folder}/Chart.yaml: no such file or directory"
        raise ChartBuildError("InvalidChartReference", text)
    meta = _metadata(files, path)
    if parse_version(meta["version"]) is None:
        why = f'validation: chart.metadata.version "{clipped(meta["version"])}" is invalid'
        raise ChartBuildError("InvalidChartReference", f"invalid chart reference: {why}")
    declared = meta.get("dependencies") or []
    wanted = _locked(files, path, {one["name"] for one in declared}) or declared
    missing = [one for one in wanted if not _has(files, one["name"])]
    if missing:
        if depth == MAX_DEPTH:
            text = f"dependency build error: charts are nested deeper than {MAX_DEPTH}"
            raise ChartBuildError("DependencyBuildError", text)
        found: dict[str, bytes] = {}
        try:
            for one in missing:
                below = _dependency(tree, folder, one, repositories, (depth, allowance))
                found |= gathered(below, f"charts/{one['name']}", allowance)
        except InputError as error:
            raise ChartBuildError("DependencyBuildError", f"dependency build error: {error}") from error
        files = OverlayTree(files, found)
    return Chart(name=meta["name"], version=meta["version"], app_version=meta["appVersion"], tree=files)


def absent_dependencies(tree: Tree, path: str) -> int:
    """Return how many dependencies of the chart in a folder are not in its ``charts/``; 0 where it cannot be read."""
    try:
        files = tree.below(join("", path.removeprefix("/")))
        declared = _metadata(files, path).get("dependencies") or []
    except (InputError, ChartBuildError):
        return 0
    return sum(not _has(files, one["name"]) for one in declared)


def with_values(chart: Chart, values: Json) -> Chart:
    """Return a chart whose own values.yaml is replaced."""
    return replace(chart, tree=OverlayTree(chart.tree, {"values.yaml": yamls.dump(values).encode()}))


def merged_values(tree: Tree, paths: Sequence[str], *, ignore_missing: bool) -> Json:
    """Merge values files in order; maps merge, everything else is replaced.

    Raises:
        ChartBuildError: a file is missing or no YAML map.

    """
    merged: Json = {}
    for path in paths:
        try:
            at = join("", path.removeprefix("/"))
            if not tree.is_file(at):
                if ignore_missing:
                    continue
                why = f"no values file found at path '/{at}' (reference '{path}')"
                raise ChartBuildError("ValuesFilesError", f"values files merge error: {why}")
            values = _values(tree, at)
        except InputError as error:
            raise ChartBuildError("ValuesFilesError", f"values files merge error: {error}") from error
        merged = overlaid(merged, values)
    return merged


def _values(tree: Tree, path: str) -> Json:
    values = yamls.parse(tree.read(path), file=path) or {}
    if not isinstance(values, dict):
        raise InputError("values must be a map", place=path)
    return values


def _metadata(files: Tree, path: str) -> Json:
    try:
        return chart_metadata(files.read("Chart.yaml"), f"{path}/Chart.yaml")
    except InputError as error:
        text = f"invalid chart reference: {_why_unread(files, error)}"
        raise ChartBuildError("InvalidChartReference", text) from error


def _why_unread(files: Tree, error: InputError) -> str:
    """Return what is wrong with a Chart.yaml in Helm's words, where it has such."""
    try:
        about = yamls.parse(files.read("Chart.yaml"), file="Chart.yaml")
    except InputError as broken:
        problem = go_yaml_problem(broken)
        return f"cannot load 'Chart.yaml': error converting YAML to JSON: {problem}" if problem else str(error)
    if isinstance(about, dict):
        for field in ("name", "version"):
            if not about.get(field):
                return f"validation: chart.metadata.{field} is required"
    return str(error)


def _locked(files: Tree, path: str, declared: Collection[str]) -> list[Json]:
    """Return what the chart's lock file says of its dependencies; it wins over ranges in Chart.yaml."""
    if not files.is_file("Chart.lock"):
        return []
    place = f"{path}/Chart.lock"
    try:
        lock = yamls.parse(files.read("Chart.lock"), file=place) or {}
    except InputError as error:
        raise ChartBuildError("InvalidChartReference", str(error)) from error
    wrong = misfit(_LOCK, lock)
    if wrong:
        raise ChartBuildError("InvalidChartReference", f"{place}: {wrong}")
    found: list[Json] = lock.get("dependencies") or []
    if not {one["name"] for one in found} <= set(declared):
        text = "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml)"
        raise ChartBuildError("DependencyBuildError", f"dependency build error: {text}")
    return found


def _has(files: Tree, name: str) -> bool:
    archive = re.compile(re.escape(name) + r"-v?[0-9][^/]*\.tgz\Z")
    return files.is_dir(f"charts/{name}") or any(archive.match(entry) for entry in files.entries("charts"))


def _no_local_chart(name: str, place: str, repository: str) -> ChartBuildError:
    why = f"no chart found at '/{place}' (reference '{repository}')"
    text = f"dependency build error: failed to add local dependency '{name}': {why}"
    return ChartBuildError("DependencyBuildError", text)


def _dependency(
    tree: Tree, folder: str, one: Json, repositories: ChartRepositories, above: tuple[int, Allowance]
) -> Tree:
    repository = one.get("repository") or ""
    try:
        if repository.startswith("file://"):
            place = join(folder, repository.removeprefix("file://"))
            if not tree.is_dir(place):
                raise _no_local_chart(one["name"], place, repository)
            return _chart_at(tree, place, repositories, above[0] + 1, above[1]).tree
        if repository.startswith(("http://", "https://", "oci://")):
            return repositories.pull(repository, one["name"], str(one.get("version") or "")).tree
    except ChartBuildError as error:
        if error.reason == "DependencyBuildError":
            raise
        text = f"dependency build error: failed to add dependency '{one['name']}': {error.message}"
        raise ChartBuildError("DependencyBuildError", text) from error
    except NixernetesError as error:
        text = f"dependency build error: failed to add dependency '{one['name']}': {error.message}"
        raise ChartBuildError("DependencyBuildError", text) from error
    text = f"dependency build error: no repository for dependency '{one['name']}'"
    raise ChartBuildError("DependencyBuildError", text)
