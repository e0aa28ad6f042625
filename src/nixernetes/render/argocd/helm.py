"""A chart with the options of an Argo CD source (sections 1.1 and 2).

Precedence, lowest first: the chart's values.yaml, value files in order, ``values`` or ``valuesObject``, parameters and
file parameters. A value file is in the chart's folder, in its repository (``/path``), or in another source's
(``$ref/path``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nixernetes.errors import InputError
from nixernetes.languages.globs.paths import path_glob_matches
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.argocd.build_environment import expand
from nixernetes.render.argocd.helm_secrets import encrypted_path
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.files import opened_file, written_format
from nixernetes.render.sops.keys import NO_KEYS
from nixernetes.render.sources.chart_folders import chart_at
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRepositories, chart_from_tree
from nixernetes.render.tools import Tools
from nixernetes.render.tree import Tree, join

__all__ = ["render_chart"]

_COMMA = re.compile(r"(?<!\\),")
_GLOB = re.compile(r"[*?\[{]")


def render_chart(  # noqa: PLR0913 - what a source is made of
    app: Manifest,
    source: Json,
    tree: Tree,
    folder: str,
    *,
    tools: Tools,
    refs: Mapping[str, Tree],
    environment: Mapping[str, str],
) -> list[Rendered]:
    """Return the manifests of a chart, hooks included.

    Args:
        app: the Application.
        source: the source, overrides merged.
        tree: the repository, or the chart itself.
        folder: the chart's folder in it.
        tools: renders charts, and finds those that are depended on.
        refs: the trees of other sources, by their ``ref``.
        environment: the build environment.

    Raises:
        InputError: there is no chart, or an option is wrong.
        RemoteError: helm failed; the message is helm's own.

    """
    options = mapping_at(source, "helm")
    if options.get("version") not in (None, "", "v3"):
        raise InputError(f"helm.version: {options['version']!r} is not there any more: only v3 renders")
    files = _Files(tree, folder, refs, environment)
    parameters = items_at(options, "parameters")
    destination = mapping_at(app, "spec", "destination")
    chart_options = ChartOptions(
        release=options.get("releaseName") or text_at(app, "metadata", "name"),
        namespace=options.get("namespace") or destination.get("namespace") or "default",
        values=_values(options),
        include_crds=not options.get("skipCrds"),
        skip_tests=bool(options.get("skipTests")),
        kube_version=text_at(options, "kubeVersion"),
        api_versions=tuple(items_at(options, "apiVersions")),
        value_files=tuple(files.values(options)),
        set_values=tuple(_parameter(entry, environment) for entry in parameters if not entry.get("forceString")),
        set_strings=tuple(_parameter(entry, environment) for entry in parameters if entry.get("forceString")),
        set_files=tuple(files.parameters(options)),
        skip_schema_validation=bool(options.get("skipSchemaValidation")),
    )
    found = tools.cluster_charts.template(_chart(tree, folder, tools.repositories), chart_options)
    return [_placed(item, folder) for item in found] if folder else found


def _chart(tree: Tree, folder: str, repositories: ChartRepositories | None) -> Chart:
    """Return the chart with what ``helm dependency build`` brings in, unless it is there already."""
    chart = chart_from_tree(tree, folder)
    return chart if repositories is None else chart_at(chart.tree, "", repositories)


def _placed(item: Rendered, folder: str) -> Rendered:
    """Say where a template is in the repository."""
    origin = item.origin
    file = f"{folder}/{origin.file}" if origin.file else folder
    return Rendered(manifest=item.manifest, origin=Origin(file=file, line=origin.line, chain=origin.chain))


def _values(options: Json) -> Json:
    if options.get("valuesObject") is not None:
        return options["valuesObject"]
    if not options.get("values"):
        return {}
    values = yamls.parse(options["values"], file="helm.values") or {}
    if not isinstance(values, dict):
        raise InputError("helm.values: must be a mapping in YAML")
    return values


def _parameter(entry: Json, environment: Mapping[str, str]) -> str:
    value = expand(text_at(entry, "value"), environment)
    if not (value.startswith("{") and value.endswith("}")):
        value = _COMMA.sub(r"\\,", value)
    return f"{entry['name']}={value}"


class _Files:
    """Finds the files that a source's options name."""

    def __init__(self, tree: Tree, folder: str, refs: Mapping[str, Tree], environment: Mapping[str, str]) -> None:
        self._tree = tree
        self._folder = folder
        self._refs = refs
        self._environment = environment

    def values(self, options: Json) -> Iterator[tuple[str, str]]:
        for name in items_at(options, "valueFiles"):
            encrypted = encrypted_path(name)
            tree, path = self._located(encrypted or name)
            found = self._expanded(tree, path)
            if not found and not options.get("ignoreMissingValueFiles"):
                raise InputError(f"open {path}: no such file or directory: correct helm.valueFiles", subject=name)
            for file in found:
                yield file, _placeholders(tree, file) if encrypted else _text(tree, file)

    def parameters(self, options: Json) -> Iterator[tuple[str, str]]:
        for entry in items_at(options, "fileParameters"):
            tree, path = self._located(entry["path"])
            yield entry["name"], _text(tree, path)

    def _located(self, name: str) -> tuple[Tree, str]:
        """Return the tree and the path that a name leads to."""
        if name.startswith("$"):
            ref, _, rest = name[1:].partition("/")
            if ref in self._refs:
                return self._refs[ref], join("", expand(rest, self._environment))
            if ref not in self._environment:
                raise InputError(f"source referenced {name!r}, but no source has a 'ref' field set to {ref!r}")
        path = expand(name, self._environment)
        if "://" in path:
            raise InputError("value files are not fetched from URLs: put the file into the repository", subject=name)
        if path.startswith("/"):
            return self._tree, join("", path.lstrip("/"))
        return self._tree, join(self._folder, path)

    def _expanded(self, tree: Tree, path: str) -> list[str]:
        if tree.is_file(path):
            return [path]
        begin = _GLOB.search(path)
        if begin is None:
            return []
        folder = path[: begin.start()].rpartition("/")[0]
        return [file for file in tree.walk(folder) if path_glob_matches(path, file)]


def _placeholders(tree: Tree, path: str) -> str:
    """Return values for helm-secrets with placeholders for what is encrypted: the plugin is not run."""
    data = tree.read(path)
    found = opened_file(data, written_format(data, path) or "yaml", NO_KEYS, path=path)
    return _text(tree, path) if found is None else found.data.decode()


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).decode()
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", subject=path) from error
