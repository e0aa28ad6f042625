"""What is applied to a fresh cluster by hand, before any engine delivers: the user's values, and its bootstrap.

A kind that nobody defines is served, as who starts a cluster installs its definition first. What the cluster refuses is
tried once more after the rest, as a user would; nothing of it ends a run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from nixernetes.cluster.api import Api, ApiError
from nixernetes.objects.api_groups import ARGOPROJ, FLUX_OPERATOR
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate import StartedCluster, defined_kind, kinds_of
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.resources import opened_item

__all__ = ["Begun", "begin"]

_MANAGER = "nixernetes-bootstrap"
_ENGINES = (".fluxcd.io", FLUX_OPERATOR, ARGOPROJ)
_NOBODY = Keys(why="it starts the cluster, where nothing decrypts it")


class Serving(Api, Protocol):
    """A cluster that can be told to serve a kind."""

    def serve(self, kind: GroupKind, namespaced: bool = True) -> None:
        """Serve one more kind."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """How a cluster began.

    Attributes:
        refused: what the cluster refused, each with the reason and where it is written.
        sealed: what SOPS encrypted among the objects that were applied.

    """

    refused: tuple[str, ...] = ()
    sealed: tuple[Rendered, ...] = ()


def begin(cluster: Serving, started: StartedCluster, given: Iterable[Manifest], *, is_begun: bool = False) -> Begun:
    """Apply what starts a cluster.

    Args:
        cluster: the fresh cluster.
        started: what starts it.
        given: ConfigMaps and Secrets of the user, with the namespaces that they name.
        is_begun: whether all that was applied before, and the cluster goes on from there.

    """
    items = [*(Rendered(manifest=item) for item in _with_namespaces(cluster, given)), *started.bootstrap]
    items = [*_homes(cluster, started), *items]
    opened = [opened_item(item, _NOBODY) for item in items]
    _serve(cluster, [item.manifest for item in opened])
    waiting = [item for item in opened if _refusal(cluster, item.manifest)] if not is_begun else []
    reasons = [(item, _refusal(cluster, item.manifest)) for item in waiting]
    return Begun(
        refused=tuple(_told(started.name, item, reason) for item, reason in reasons if reason),
        sealed=tuple(item for item in opened if item.seal is not None),
    )


def _homes(cluster: Api, started: StartedCluster) -> list[Rendered]:
    """Return the namespaces of what an engine is told and nothing declares: who installed the engine made them."""
    keys = [key_of(item) for item in started.manifests]
    there = {key.name for key in keys if key.kind == "Namespace"}
    names = {key.namespace for key in keys if key.group.endswith(_ENGINES) and key.namespace} - there
    return [
        Rendered(manifest={"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for name in sorted(names)
        if cluster.get(ObjectKey("", "Namespace", "", name)) is None
    ]


def _with_namespaces(cluster: Api, given: Iterable[Manifest]) -> Iterable[Manifest]:
    """Yield what the user gives for a namespace, which is there then: somebody made both by hand."""
    for item in given:
        namespace = key_of(item).namespace
        if namespace and cluster.get(ObjectKey("", "Namespace", "", namespace)) is None:
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        if namespace:
            yield item


def _serve(cluster: Serving, manifests: Iterable[Manifest]) -> None:
    items = list(manifests)
    defined = {defined_kind(item) for item in items}
    for kind, namespaced in kinds_of(items).items():
        if kind not in defined and cluster.is_namespaced(kind) is None:
            cluster.serve(kind, namespaced)


def _refusal(cluster: Api, manifest: Manifest) -> str:
    try:
        cluster.apply(manifest, manager=_MANAGER, force=True)
    except ApiError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one object must not keep a cluster from starting
        return f"internal error: {type(error).__name__}: {error}"
    return ""


def _told(cluster: str, item: Rendered, reason: str) -> str:
    where = f"{item.origin}: " if item.origin.file else ""
    return f"{cluster}: {where}{key_of(item.manifest)}: the cluster refuses it: {reason}"
