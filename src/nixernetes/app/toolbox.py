"""One set of tools, wired once and handed to every command: helm, registries, logins, Jsonnet, remotes, caches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, Self

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.registries.reachability import Reachability
from nixernetes.adapters.registries.reached_registries import Registries, Repositories, with_schemes
from nixernetes.adapters.repositories.own_repository import OwnArtifacts, OwnRepository
from nixernetes.adapters.repositories.remote_bases import remote_bases
from nixernetes.adapters.sandbox.jq import JqProcess
from nixernetes.adapters.sandbox.jsonnet import JsonnetProcess
from nixernetes.adapters.sops import UserKeys
from nixernetes.adapters.value_files import given_values
from nixernetes.app.rendering.render_folder import cache_folder
from nixernetes.app.shared_results import rendered_results
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Manifest
from nixernetes.render.capabilities import Capabilities
from nixernetes.render.kept import Kept
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sources.charts import ChartRenderer
from nixernetes.render.sources.git import Source
from nixernetes.render.tools import Tools
from nixernetes.schemas.versions import NEWEST

if TYPE_CHECKING:
    from nixernetes.adapters.background_charts import BackgroundCharts

__all__ = ["ToolOptions", "Toolbox", "open_toolbox"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOptions:
    """What the user says about the tools; every command that renders takes the same.

    Attributes:
        sources: remote URL to the local repository, folder, file or archive that stands for it.
        values: files with ConfigMaps and Secrets.
        allow_remote_bases: whether remote bases that are not mapped are fetched.
        enable_helm: whether ``helmCharts`` of kustomizations are rendered wherever Argo CD builds one.
        kube_version: the Kubernetes version that charts are told; ``""`` is the newest that is known.
        api_versions: API versions that charts are told of besides those that helm knows.
        clusters: the same of single clusters, by the name and by the server of each.
        supplied: ConfigMaps and Secrets beside those of the files; the files win.
        strict_substitute: whether a variable of ``postBuild`` that is not set and has no default is an error.
        background: whether charts are rendered beside the loop that asks for them; only for the real clock.
        again_after_seconds: after how long a host that cannot be reached is tried again; None: not in this run.
        offline: whether nobody is asked for charts and artifacts.

    """

    sources: Mapping[str, Path] = field(default_factory=dict)
    values: Sequence[Path] = ()
    allow_remote_bases: bool = False
    enable_helm: bool = False
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    clusters: Mapping[str, Capabilities] = field(default_factory=dict)
    supplied: Sequence[Manifest] = ()
    strict_substitute: bool = True
    background: bool = False
    again_after_seconds: float | None = None
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """Tools, and what to close when the work is done; a context manager that does.

    Attributes:
        tools: the tools.
        hosts: what is known of the hosts that were asked.
        closing: what to call when the work is done.

    """

    tools: Tools
    hosts: tuple[Reachability, ...] = ()
    closing: tuple[Callable[[], None], ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and processes, and remove what was fetched."""
        for call in self.closing:
            call()


def open_toolbox(
    source: Source,
    mapped: Mapping[str, Path],
    options: ToolOptions,
    own_artifacts: OwnRepository | None = None,
    kept: Kept | None = None,
) -> Toolbox:
    """Return the tools.

    Args:
        source: Git repositories.
        mapped: URL to the local repository that stands for it: those of the user, and those of this repository.
        options: what the user says.
        own_artifacts: the repository whose artifacts are its files at hand.
        kept: rendered results of earlier runs; None: those on disk.

    Raises:
        InputError: a file of values is none, or remote bases are to be fetched and nobody is to be asked.

    """
    if options.offline and options.allow_remote_bases:
        raise InputError("--offline fetches nothing, and --allow-remote-bases would: leave one of them out")
    given = with_schemes(options.sources)
    artifacts = {url: path for url, path in given.items() if url.startswith("oci://")}
    keys = UserKeys(environ)
    values = given_values(options.values, Keys(decryptor=keys, configured=True), options.supplied)
    again, offline = options.again_after_seconds, options.offline
    charts = Repositories(given, again_after_seconds=again, offline=offline)
    registries = Registries(artifacts, again_after_seconds=again, offline=offline)
    jsonnet, jq = JsonnetProcess(), JqProcess()
    remotes = remote_bases(source, mapped, fetching=options.allow_remote_bases)
    renderer = HelmRenderer(cache_folder() / "charts")
    beside = _beside(renderer) if options.background else None
    late = (beside.close,) if beside is not None else ()
    tools = Tools(
        source=source,
        repositories=charts,
        registries=registries if own_artifacts is None else OwnArtifacts(own_artifacts, registries),
        charts=beside or renderer,
        jsonnet=jsonnet,
        jq=jq,
        remotes=remotes,
        given=values,
        mapped=frozenset(url.rstrip("/") for url in (*given, *mapped)),
        kept=kept if kept is not None else rendered_results(),
        strict=options.strict_substitute,
        enable_helm=options.enable_helm,
        decryptor=keys,
        capabilities=Capabilities(options.kube_version or f"v{NEWEST()}", options.api_versions),
        clusters=options.clusters,
    )
    return Toolbox(
        tools=tools,
        hosts=(charts.hosts, registries.hosts),
        closing=(*late, charts.close, registries.close, remotes.close, jsonnet.close, jq.close),
    )


def _beside(renderer: ChartRenderer) -> BackgroundCharts:
    from nixernetes.adapters.background_charts import BackgroundCharts  # noqa: PLC0415  # a live up alone needs it

    return BackgroundCharts(renderer)
