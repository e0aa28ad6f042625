"""The chart in the artifact of an OCIRepository or ExternalArtifact, as ``chartRef`` takes it (Flux, section 10.3)."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.render.sources.charts import Chart, chart_from_tree, versioned
from nixernetes.render.tree import Tree

__all__ = ["artifact_chart", "digest_of"]

_SHORT = 12  # hexadecimal digits of the digest that the version carries


def digest_of(revision: str) -> str:
    """Return the digest of an OCI revision: ``sha256:<hex>`` of ``<tag>@sha256:<hex>``."""
    return revision.rpartition("@")[2]


def artifact_chart(tree: Tree, revision: str) -> Chart:
    """Return the chart; the digest is the build metadata of its version, so that a tag that moves is a new version.

    Args:
        tree: the files of the artifact: the chart's, or one folder that holds them.
        revision: the artifact's.

    Raises:
        InputError: the artifact holds no chart, or more than one.

    """
    chart = chart_from_tree(tree, _folder(tree))
    short = digest_of(revision).rpartition(":")[2][:_SHORT]
    return versioned(chart, f"{chart.version.partition('+')[0]}+{short}")


def _folder(tree: Tree) -> str:
    if tree.is_file("Chart.yaml"):
        return ""
    found = [name for name in tree.entries("") if tree.is_file(f"{name}/Chart.yaml")]
    if len(found) != 1:
        what = "several charts" if found else "no chart"
        raise InputError(f"the artifact holds {what}: it must be one Helm chart, Chart.yaml in its one folder")
    return found[0]
