"""Charts out of a tree: what ``helm package`` makes of a folder (Flux, section 1.5, HelmChart)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import Allowance
from nixernetes.render.charts import MAX_DEPTH, Chart, ChartRepositories, chart_allowance, chart_metadata, gathered
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = ["ChartBuildError", "chart_at", "made_chart", "merged_values", "with_values"]

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


def made_chart(spec: Json, tree: Tree | None, url: str, revision: str, repositories: ChartRepositories) -> Chart:
    """Return the chart that a HelmChart's spec describes, its values files merged.

    Args:
        spec: the spec.
        tree: the files of its source; None for a HelmRepository.
        url: the address of the HelmRepository.
        revision: the source's, for the strategy Revision.
        repositories: finds charts in HelmRepositories.

    Raises:
        ChartBuildError: there is no chart, or a values file or a dependency cannot be had.
        NixernetesError: the repository has no such chart, or cannot be reached.

    """
    if tree is None:
        chart = repositories.pull(url, spec["chart"], spec.get("version") or "*")
        base, version = chart.tree, chart.version
    else:
        chart = chart_at(tree, spec["chart"], repositories)
        base, version = tree, chart.version
        if spec.get("reconcileStrategy") == "Revision":
            found = _HASH.search(revision)
            version += "+" + (found[0] if found else revision)[:12]
    files = spec.get("valuesFiles") or []
    if files:
        values = merged_values(base, files, ignore_missing=bool(spec.get("ignoreMissingValuesFiles")))
        return with_values(chart, values, version)
    return Chart(name=chart.name, version=version, app_version=chart.app_version, tree=chart.tree)


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
    if not files.is_file("Chart.yaml"):
        text = f"invalid chart reference: failed to load chart from '{path}': no Chart.yaml"
        raise ChartBuildError("InvalidChartReference", text)
    meta = _metadata(files, path)
    missing = [one for one in meta.get("dependencies") or [] if not _has(files, one["name"])]
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


def with_values(chart: Chart, values: Json, version: str) -> Chart:
    """Return a chart whose own values.yaml is replaced."""
    tree = OverlayTree(chart.tree, {"values.yaml": yamls.dump(values).encode()})
    return Chart(name=chart.name, version=version, app_version=chart.app_version, tree=tree)


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
                raise ChartBuildError(
                    "ValuesFilesError", f"values file merge error: no values file found at path '{path}'"
                )
            values = yamls.parse(tree.read(at), file=at) or {}
        except InputError as error:
            raise ChartBuildError("ValuesFilesError", f"values file merge error: {error}") from error
        merged = _merge(merged, values)
    return merged


def _merge(below: Json, above: Json) -> Json:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {name: _merge(below[name], value) if name in below else value for name, value in above.items()}


def _metadata(files: Tree, path: str) -> Json:
    try:
        return chart_metadata(files.read("Chart.yaml"), f"{path}/Chart.yaml")
    except InputError as error:
        raise ChartBuildError("InvalidChartReference", str(error)) from error


def _has(files: Tree, name: str) -> bool:
    return files.is_dir(f"charts/{name}") or any(
        entry.startswith(f"{name}-") and entry.endswith(".tgz") for entry in files.entries("charts")
    )


def _dependency(
    tree: Tree, folder: str, one: Json, repositories: ChartRepositories, above: tuple[int, Allowance]
) -> Tree:
    repository = one.get("repository") or ""
    try:
        if repository.startswith("file://"):
            place = join(folder, repository.removeprefix("file://"))
            return _chart_at(tree, place, repositories, above[0] + 1, above[1]).tree
        if repository.startswith(("http://", "https://", "oci://")):
            return repositories.pull(repository, one["name"], str(one.get("version") or "")).tree
    except NixernetesError as error:
        text = f"dependency build error: failed to add dependency '{one['name']}': {error.message}"
        raise ChartBuildError("DependencyBuildError", text) from error
    text = f"dependency build error: no repository for dependency '{one['name']}'"
    raise ChartBuildError("DependencyBuildError", text)
