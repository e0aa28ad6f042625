"""Helm charts as values, and the port through which the real helm renders them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from nixernetes.objects.manifest import Json
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree

__all__ = ["Chart", "ChartOptions", "ChartRenderer", "ChartRepositories"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, unpacked.

    Attributes:
        name: the name in its Chart.yaml.
        version: the version in its Chart.yaml.
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
        value_files: values files of the chart's own tree, in order, below ``values``.
        set_values: ``--set`` strings in order.
        set_strings: ``--set-string`` strings in order.
        set_files: ``--set-file`` (name, content) in order.
        skip_schema_validation: ``--skip-schema-validation``.

    """

    release: str
    namespace: str
    values: Json = field(default_factory=dict)
    include_crds: bool = True
    skip_tests: bool = False
    is_upgrade: bool = False
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    value_files: tuple[str, ...] = ()
    set_values: tuple[str, ...] = ()
    set_strings: tuple[str, ...] = ()
    set_files: tuple[tuple[str, str], ...] = ()
    skip_schema_validation: bool = False


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

    def index(self, url: str) -> str:
        """Return the revision of a repository's index: ``sha256:<digest of the index file>``.

        Raises:
            RemoteError: the repository cannot be reached or has no valid index.

        """
        ...

    def pull(self, url: str, name: str, version: str) -> Chart:
        """Return the newest chart that satisfies a version constraint (``""`` and ``*``: the newest release).

        Raises:
            RemoteError: the repository, the chart or a matching version is not there.

        """
        ...
