"""What an Application's sources are rendered with, besides the code of this package."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.render.charts import ChartRenderer, ChartRepositories
from nixernetes.render.jsonnet import JsonnetRenderer
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.remembered import Store

__all__ = ["Renderers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderers:
    """What renders what.

    Attributes:
        charts: renders charts.
        jsonnet: evaluates Jsonnet; None refuses it by name.
        repositories: finds charts that others depend on; None leaves it to helm to say what is missing.
        remotes: what stands for remote bases of kustomizations; None refuses them by name.
        build_options: the flags of Argo CD for ``kustomize build``.
        store: keeps what overlays and directories give; None keeps nothing.
        program: stands for the version of the program, in the keys of the store.

    """

    charts: ChartRenderer
    jsonnet: JsonnetRenderer | None = None
    repositories: ChartRepositories | None = None
    remotes: Remotes | None = None
    build_options: str = ""
    store: Store | None = None
    program: str = ""
