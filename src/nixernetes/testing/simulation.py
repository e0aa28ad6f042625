"""A platform or a repository, run on a virtual clock as ``nixernetes up --once`` runs it, for tests to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from nixernetes.app.targets import RunOptions, prepare
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.up import LIMIT
from nixernetes.app.worlds import make_world
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.engine.reports import Report
from nixernetes.errors import InputError
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["Simulation"]

_MANAGER = "nixernetes"


class Simulation:
    """A running platform or repository; a context manager. Nothing moves but in :meth:`settle` and :meth:`advance`.

    Args:
        target: a platform file, its folder, or a Git repository.
        engine: ``flux`` or ``argocd`` where a platform is built for both; ``""`` runs Flux there.
        clusters: cluster name to the folder of a repository that starts it; none: found by itself.
        sources: remote URL to the local repository, chart or artifact that stands for it.
        values: files with ConfigMaps and Secrets.
        rev: the Git revision of a repository; ``""`` is its HEAD.

    Raises:
        InputError: the target is none, or cannot be started.

    >>> with Simulation("gitops.py") as platform:  # doctest: +SKIP
    ...     platform.settle()
    ...     assert platform.converged, platform.report
    ...     assert platform.get("staging", "Deployment/web/web")["spec"]["replicas"] == 2

    """

    def __init__(
        self,
        target: str | PathLike[str],
        *,
        engine: str = "",
        clusters: Mapping[str, str] | None = None,
        sources: Mapping[str, str | PathLike[str]] | None = None,
        values: Sequence[str | PathLike[str]] = (),
        rev: str = "",
    ) -> None:
        tools = ToolOptions(
            sources={url: Path(path) for url, path in (sources or {}).items()}, values=tuple(map(Path, values))
        )
        options = RunOptions(engine=engine, tools=tools, clusters=clusters or {}, rev=rev)
        self._prepared = prepare(Path(target), options)
        self._world = make_world(self._prepared.blueprint, VirtualClock(), self._prepared.outside)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._prepared.__exit__(kind, error, traceback)

    @property
    def clusters(self) -> list[str]:
        """The names of the clusters, sorted."""
        return sorted(self._world.clusters)

    @property
    def report(self) -> Report:
        """Every delivery with its objects, as they are now."""
        return self._world.report()

    @property
    def converged(self) -> bool:
        """Whether every delivery is ready, every cluster took what starts it, and the engine met no fault."""
        started = not any(note.is_problem for note in self._prepared.notes)
        return started and self.report.ready and not self._world.faults and not self._world.refused

    def settle(self, limit: timedelta = LIMIT) -> bool:
        """Run until nothing moves any more, at most so much virtual time; return whether it came to rest."""
        return self._world.run_until_settled(limit)

    def advance(self, by: timedelta) -> None:
        """Let so much virtual time go by: intervals end, drift is healed, sync windows open."""
        self._world.run_for(by)

    def get(self, cluster: str, name: str) -> Manifest:
        """Return an object of a cluster.

        Args:
            cluster: the name of the cluster.
            name: ``Kind/namespace/name``, or ``Kind/name`` where the kind has no namespaces.

        Raises:
            InputError: there is no such cluster or object.

        """
        place = self._cluster(cluster)
        key = _found(place, name)
        manifest = place.get(key) if key is not None else None
        if manifest is None:
            raise InputError(f"cluster {cluster} has no such object", subject=name)
        return manifest

    def has(self, cluster: str, name: str) -> bool:
        """Tell whether a cluster has an object, named as in :meth:`get`."""
        return _found(self._cluster(cluster), name) is not None

    def apply(self, cluster: str, manifest: Manifest) -> None:
        """Apply a manifest as a person with ``kubectl`` would: drift, for the engine to find.

        Raises:
            InputError: there is no such cluster, or it refuses the manifest.

        """
        self._cluster(cluster).apply(manifest, manager=_MANAGER, force=True)

    def delete(self, cluster: str, name: str) -> None:
        """Delete an object, named as in :meth:`get`.

        Raises:
            InputError: there is no such cluster or object.

        """
        self._cluster(cluster).delete(key_of(self.get(cluster, name)))

    def _cluster(self, name: str) -> EmbeddedCluster:
        found = self._world.clusters.get(name)
        if found is None:
            raise InputError(f"there is no such cluster: there are {', '.join(self.clusters)}", subject=name)
        return found


def _found(cluster: EmbeddedCluster, name: str) -> ObjectKey | None:
    kind = name.partition("/")[0]
    kinds = [each for each in cluster.kinds() if each.kind == kind]
    return next((key for each in kinds for item in cluster.list(each) if str(key := key_of(item)) == name), None)
