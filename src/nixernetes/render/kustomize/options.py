"""How a build is done: the flags of ``kustomize build`` that matter in process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nixernetes.render.kustomize.loader import DocumentCache, spelled
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.sources.charts import ChartRenderer, ChartRepositories

__all__ = ["BuildOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """Options of one build.

    Attributes:
        load_restrictor: ``rootOnly``: files must be in or below the folder of their kustomization; ``none``: anywhere
            in the tree (as Flux builds). Nothing ever leaves the tree.
        reorder: ``legacy`` sorts by kind, as ``kustomize build``, ``kubectl kustomize`` and Flux do; ``none`` keeps the
            order of accumulation; ``sortOptions`` of the kustomization wins over both.
        enable_helm: whether ``helmCharts`` are rendered.
        charts: renders charts; needed with ``enable_helm``.
        repositories: finds charts that are not in the tree.
        remotes: what stands for remote files and bases; None refuses them by name.
        cache: parsed files, shared between builds.
        sealed_secrets: whether the encrypted files of a KSOPS generator are given on as they are; else it is refused,
            as all programs are.
        spell: spells a path of the tree in messages, as the user does.

    """

    load_restrictor: Literal["rootOnly", "none"] = "rootOnly"
    reorder: Literal["legacy", "none"] = "legacy"
    enable_helm: bool = False
    charts: ChartRenderer | None = None
    repositories: ChartRepositories | None = None
    remotes: Remotes | None = None
    cache: DocumentCache | None = None
    sealed_secrets: bool = False
    spell: Callable[[str], str] = spelled
