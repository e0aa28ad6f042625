"""``helmCharts``: charts rendered by the real helm, with values merged as Kustomize merges them."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.languages.kyaml.nodes import without_empty
from nixernetes.languages.kyaml.strategic_merge import merge
from nixernetes.languages.merges import overlaid
from nixernetes.objects import yamls
from nixernetes.objects.fields import at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import HELM_HOOK
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import HelmChartField, HelmGlobals
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.resources.documents import checked
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.resource import HELM_GENERATED, BuildResource, with_meta
from nixernetes.render.sources.charts import Chart, ChartOptions, chart_metadata
from nixernetes.render.tree import Tree, join

__all__ = ["inflate"]

_MERGES = ("merge", "override", "replace")


def inflate(
    chart: HelmChartField, shared: HelmGlobals, loader: Loader, schemas: OpenApi, options: BuildOptions
) -> list[BuildResource]:
    """Return the resources of one entry of ``helmCharts``.

    Raises:
        KustomizeError: helm is not enabled, the chart is not there, or values that cannot be read.
        RemoteError: helm failed.

    """
    if not options.enable_helm or options.charts is None:
        raise KustomizeError("must specify --enable-helm", subject=f"helmCharts/{chart.name}")
    if not chart.name:
        raise KustomizeError("chart name cannot be empty")
    if chart.values_merge and chart.values_merge not in _MERGES:
        raise KustomizeError("valuesMerge must be one of [merge override replace]")
    found = _chart(chart, shared, loader, options)
    rendered = options.charts.template(
        found,
        ChartOptions(
            release=_release(chart),
            namespace=chart.namespace or "default",
            values=_values(chart, found.tree, loader, schemas),
            include_crds=chart.include_crds,
            skip_tests=chart.skip_tests,
            kube_version=chart.kube_version,
            api_versions=chart.api_versions,
        ),
    )
    return [
        BuildResource(
            manifest=_marked(checked(each.manifest)),
            schemas=schemas,
            source=each.origin,
        )
        for each in rendered
        if not (chart.skip_hooks and _is_hook(each.manifest))
    ]


def _marked(manifest: Manifest) -> Manifest:
    """Note that helm made an object, so that ``namespace`` leaves it alone; the note goes when the build ends."""
    annotations = at(manifest, "metadata", "annotations")
    noted = {**(annotations if isinstance(annotations, dict) else {}), HELM_GENERATED: "true"}
    return with_meta(manifest, "annotations", noted)


def _release(chart: HelmChartField) -> str:
    """Return the release's name: helm makes ``release-name`` of no name, as it renders without a cluster."""
    if not chart.name_template:
        return chart.release_name or "release-name"
    if chart.release_name:
        raise KustomizeError(f"helmCharts/{chart.name}: releaseName and nameTemplate exclude each other")
    from nixernetes.languages.gotemplates import TemplateError, render  # noqa: PLC0415  # hardly anybody names so

    try:
        return render(chart.name_template, {})
    except TemplateError as error:
        raise KustomizeError(f"helmCharts/{chart.name}: nameTemplate: {error.message}") from error


def _is_hook(manifest: Manifest) -> bool:
    annotations = manifest.get("metadata", {}).get("annotations")
    return isinstance(annotations, dict) and HELM_HOOK in annotations


def _chart(chart: HelmChartField, shared: HelmGlobals, loader: Loader, options: BuildOptions) -> Chart:
    home = shared.chart_home or "charts"
    folder = f"{home}/{chart.name}-{chart.version}" if chart.version and chart.repo else home
    path = join(loader.root, f"{folder}/{chart.name}")
    if loader.tree.is_dir(path):
        tree = loader.tree.below(path)
        about = chart_metadata(tree.read("Chart.yaml"), f"{path}/Chart.yaml")
        return Chart(name=about["name"], version=about["version"], app_version=about["appVersion"], tree=tree)
    if not chart.repo:
        raise KustomizeError(f"no repo specified for pull, no chart found at '{loader.shown(path)}'", subject=path)
    if options.repositories is None:
        raise KustomizeError(f"chart {chart.name} of {chart.repo} is not in the repository and none may be pulled")
    return options.repositories.pull(chart.repo, chart.name, chart.version)


def _values(chart: HelmChartField, tree: Tree, loader: Loader, schemas: OpenApi) -> Json:
    """Merge the values files and the inline values; ``merge`` and ``override`` differ in who wins.

    Kustomize merges inline values as it merges patches: null drops a key of the file, and helm then has its default.
    """
    inline = chart.values_inline
    # Kustomize writes a merged file anew, by its own YAML; without inline values helm reads the file as it is.
    dialect: yamls.Dialect = "kustomize" if inline else "kubernetes"
    base: Json = {}
    if chart.values_file:
        base = yamls.parse(loader.read(chart.values_file), file=chart.values_file, dialect=dialect) or {}
    elif tree.is_file("values.yaml"):
        base = yamls.parse(tree.read("values.yaml"), file="values.yaml", dialect=dialect) or {}
    if inline:
        if not isinstance(inline, dict):
            raise KustomizeError("valuesInline must be a mapping")
        if chart.values_merge == "replace":
            base = inline
        elif chart.values_merge == "merge":
            base = without_empty(merge(inline, base, schemas) or {})
        else:
            base = without_empty(merge(base, inline, schemas) or {})
    for name in chart.additional_values_files:
        try:
            base = overlaid(base, yamls.parse(loader.read(name), file=name) or {})
        except InputError as error:
            raise KustomizeError(f"could not load additionalValuesFile: {error.message}", place=error.place) from error
    return base
