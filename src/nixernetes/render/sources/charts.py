"""Helm charts as values, and the port through which the real helm renders them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from nixernetes.errors import InputError
from nixernetes.languages.merges import overlaid
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import SCALAR, Shape, misfit
from nixernetes.objects.sizes import MAX_CHART_BYTES, Allowance, clipped
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = [
    "Chart",
    "ChartOptions",
    "ChartRenderer",
    "ChartRepositories",
    "PrivateCharts",
    "chart_allowance",
    "chart_from_tree",
    "chart_metadata",
    "gathered",
    "versioned",
]

_METADATA: Final[Shape] = {
    "name": str,
    "version": SCALAR,
    "appVersion": SCALAR,
    "dependencies": [{"name!": str, "version": SCALAR, "repository": str}],
}
_FILE: Final = "Chart.yaml"
MAX_DEPTH = 16  # charts inside charts; also ends a chart that depends on itself
_LEAST_BYTES = 64 * 1024  # what a chart counts at least, so that many empty ones come to an end too


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, unpacked.

    Attributes:
        name: the name in its Chart.yaml.
        version: the version in its Chart.yaml, as templates see it.
        app_version: the appVersion in its Chart.yaml, or ``""``.
        tree: its files, Chart.yaml at the root.

    """

    name: str
    version: str
    app_version: str = ""
    tree: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOptions:
    """How one release of a chart is rendered (the flags of ``helm template``).

    Attributes:
        release: the release name.
        namespace: the release namespace.
        values: the values, all layers merged already (the chart's own values.yaml excepted).
        include_crds: whether ``crds/`` is rendered too.
        skip_tests: whether test hooks are left out.
        is_upgrade: whether ``.Release.IsUpgrade`` is true.
        kube_version: ``--kube-version``, or ``""`` for helm's own.
        api_versions: ``--api-versions``.
        value_files: values files (name, content) in order, below ``values``.
        set_values: ``--set`` strings in order.
        set_strings: ``--set-string`` strings in order.
        set_files: ``--set-file`` (name, content) in order.
        skip_schema_validation: ``--skip-schema-validation``.
        as_flux: whether it is rendered as Flux's helm-controller does: by Helm 4, in a cluster.
        revision: the revision of the release, where it is rendered as Flux does.
        lookups: what is known of what the chart looks up in its cluster: questions and answers as JSON; None: there is
            no cluster, and ``lookup`` finds nothing.
        is_private: whether values were decrypted: what comes of them is not written to a cache.

    """

    release: str
    namespace: str
    values: Json = field(default_factory=dict)
    include_crds: bool = True
    skip_tests: bool = False
    is_upgrade: bool = False
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    value_files: tuple[tuple[str, str], ...] = ()
    set_values: tuple[str, ...] = ()
    set_strings: tuple[str, ...] = ()
    set_files: tuple[tuple[str, str], ...] = ()
    skip_schema_validation: bool = False
    as_flux: bool = False
    revision: int = 1
    lookups: tuple[tuple[str, str], ...] | None = None
    is_private: bool = False


class PrivateCharts:
    """Renders charts whose values were decrypted.

    Args:
        charts: renders.

    """

    def __init__(self, charts: ChartRenderer) -> None:
        self._charts = charts

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        """Return the manifests of a chart; none are kept beyond this run."""
        return self._charts.template(chart, replace(options, is_private=True))


class ChartRenderer(Protocol):
    """Renders charts; the adapter runs the real helm and caches by content."""

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        """Return the manifests, hooks included (marked by their ``helm.sh/hook`` annotation), in helm's order.

        Raises:
            RemoteError: helm is missing or failed; the message is helm's own.

        """
        ...


class ChartRepositories(Protocol):
    """Finds charts in Helm repositories (HTTP and OCI)."""

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index: ``sha256:<digest of the index file>``; not for OCI.

        Raises:
            RemoteError: the repository cannot be reached or has no valid index.

        """
        ...

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return the newest chart that satisfies a version constraint (``""`` and ``*``: the newest release).

        Args:
            url: ``https://…``, or ``oci://host/path``, where the chart is the repository ``path/name``.
            name: the chart's.
            version: a version or a constraint.
            credentials: who asks.

        Raises:
            RemoteError: the repository, the chart or a matching version is not there.

        """
        ...


def chart_metadata(data: bytes, file: str) -> Json:
    """Return what a Chart.yaml says; ``version`` and ``appVersion`` are texts.

    Raises:
        InputError: it is no YAML, gives no name or version, or a field has not its form.

    """
    about = yamls.parse(data, file=file)
    if not isinstance(about, dict) or not about.get("name") or not about.get("version"):
        raise InputError("a chart needs name and version", place=file)
    wrong = misfit(_METADATA, about)
    if wrong:
        raise InputError(wrong, place=file)
    names = [about["name"], *(entry["name"] for entry in about.get("dependencies") or [])]
    for name in names:
        if "/" in name or "\\" in name or name in (".", ".."):
            raise InputError(f"chart name {clipped(name)!r} is not a valid folder name", place=file)
    return {**about, "version": str(about["version"]), "appVersion": str(about.get("appVersion") or "")}


def chart_from_tree(
    tree: Tree, path: str = "", *, values_files: Sequence[str] = (), ignore_missing: bool = False
) -> Chart:
    """Return the chart in a folder of a tree.

    Dependencies with a ``file://`` repository that are not vendored below ``charts/`` are taken from the tree.

    Args:
        tree: the tree.
        path: the chart's folder.
        values_files: files (relative to the tree) that, merged in order, take the place of the chart's values.yaml.
        ignore_missing: whether values files that are not there are passed over.

    Raises:
        InputError: the folder holds no chart, or a file of it is broken.

    """
    added = {}
    if values_files:
        added["values.yaml"] = _merged_values(tree, values_files, ignore_missing=ignore_missing)
    return _read_chart(tree, join("", path), added, 0, chart_allowance())


def versioned(chart: Chart, version: str) -> Chart:
    """Return a chart with another version, in its Chart.yaml too: templates see it as ``.Chart.Version``.

    Raises:
        InputError: the Chart.yaml is none.

    """
    if version == chart.version:
        return chart
    about = {**chart_metadata(chart.tree.read(_FILE), _FILE), "version": version}
    return replace(chart, version=version, tree=OverlayTree(chart.tree, {_FILE: yamls.dump(about).encode()}))


def chart_allowance() -> Allowance:
    """Return how many bytes may be gathered for one chart."""
    size = MAX_CHART_BYTES // 1024 // 1024
    return Allowance(MAX_CHART_BYTES, f"the chart with its dependencies is larger than {size} MiB")


def gathered(tree: Tree, folder: str, allowance: Allowance) -> dict[str, bytes]:
    """Return the files of a chart by their paths in a folder.

    Args:
        tree: the chart's files.
        folder: what the paths begin with.
        allowance: how much may be gathered.

    Raises:
        InputError: it is too much, or a file cannot be read.

    """
    allowance.take(_LEAST_BYTES)
    found = {}
    for path in tree.walk():
        data = tree.read(path)
        allowance.take(len(data))
        found[f"{folder}/{path}"] = data
    return found


def _read_chart(tree: Tree, path: str, added: dict[str, bytes], depth: int, allowance: Allowance) -> Chart:
    file = f"{path}/Chart.yaml" if path else "Chart.yaml"
    if not tree.is_file(file):
        raise InputError("Chart.yaml file is missing", subject=path or "the chart")
    about = chart_metadata(tree.read(file), file)
    added = _local_dependencies(tree, path, about.get("dependencies") or [], depth, allowance) | added
    found = tree.below(path)
    return Chart(
        name=about["name"],
        version=about["version"],
        app_version=about["appVersion"],
        tree=OverlayTree(found, added) if added else found,
    )


def _merged_values(tree: Tree, values_files: Sequence[str], *, ignore_missing: bool) -> bytes:
    merged: Json = {}
    for name in values_files:
        file = join("", name)
        if tree.is_file(file):
            merged = overlaid(merged, yamls.parse(tree.read(file), file=file) or {})
        elif not ignore_missing:
            raise InputError("no values file found at this path", subject=name)
    return yamls.dump(merged, sort_keys=True).encode()


def _local_dependencies(
    tree: Tree, path: str, dependencies: Json, depth: int, allowance: Allowance
) -> dict[str, bytes]:
    added: dict[str, bytes] = {}
    for entry in dependencies:
        name, repository = entry["name"], entry.get("repository") or ""
        folder = f"{path}/charts/{name}" if path else f"charts/{name}"
        if not repository.startswith("file://") or tree.is_dir(folder):
            continue
        if depth == MAX_DEPTH:
            raise InputError(f"chart dependencies are nested deeper than {MAX_DEPTH}", subject=folder)
        place = join(path, repository.removeprefix("file://"))
        below = _read_chart(tree, place, {}, depth + 1, allowance)
        added |= gathered(below.tree, f"charts/{name}", allowance)
    return added
