"""How a build is done: the flags of ``kustomize build`` that matter in process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nixernetes.render.charts import ChartRenderer, ChartRepositories
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.tree import Tree

__all__ = ["BuildOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """Options of one build.

    Attributes:
        load_restrictor: ``rootOnly``: files must be in or below the folder of their kustomization; ``none``: anywhere
            in the tree (as Flux builds). Nothing ever leaves the tree.
        reorder: ``legacy`` sorts by kind, as ``kustomize build`` and ``kubectl kustomize`` do; ``none`` keeps the order
            of accumulation, as Flux builds; ``sortOptions`` of the kustomization wins over both.
        enable_helm: whether ``helmCharts`` are rendered.
        charts: renders charts; needed with ``enable_helm``.
        repositories: finds charts that are not in the tree.
        remotes: local trees that stand in for remote bases, by the URL as it is written.
        cache: parsed files, shared between builds.

    """

    load_restrictor: Literal["rootOnly", "none"] = "rootOnly"
    reorder: Literal["legacy", "none"] = "legacy"
    enable_helm: bool = False
    charts: ChartRenderer | None = None
    repositories: ChartRepositories | None = None
    remotes: Mapping[str, Tree] = field(default_factory=dict)
    cache: DocumentCache | None = None
