"""``nixernetes cluster serve``: one embedded cluster as an API server, alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.adapters.api_server.group_commits import GroupCommits
from nixernetes.adapters.api_server.kubeconfigs import ClusterContext, kubeconfig, write_kubeconfig
from nixernetes.adapters.api_server.serving import HttpServer
from nixernetes.adapters.api_server.state_folders import ServerSecrets, StateFolder, new_secrets
from nixernetes.adapters.api_server.webhooks import WebhookCaller
from nixernetes.adapters.clock import SystemClock
from nixernetes.app.serving.addresses import address_of, listening_again
from nixernetes.app.serving.controllers import ServedControllers
from nixernetes.cluster.access import bootstrap
from nixernetes.cluster.discovery.documents import DiscoveryDocuments
from nixernetes.cluster.discovery.live import LiveRegistry
from nixernetes.cluster.discovery.serving import RegisteredResources
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.openapi.documents import OpenApiDocuments
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.server.access import ServerAccess
from nixernetes.cluster.server.issuer import IssuerDocuments
from nixernetes.cluster.server.parts.insides import PodInsides
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.server import ApiServer
from nixernetes.cluster.storage.opening import OpenedCluster, open_cluster
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.objects.identity import key_of

__all__ = ["ServedCluster", "api_server", "serve", "served"]

VERSION: Final = "1.34.4"
_ADMINISTRATORS: Final = ("system:masters",)


@dataclass(frozen=True, slots=True)
class ServedCluster:
    """A cluster and how it is reached.

    Attributes:
        cluster: the cluster.
        api: its API server.
        server: its HTTP face.
        context: what a kubeconfig says of it.

    """

    cluster: EmbeddedCluster
    api: ApiServer
    server: HttpServer
    context: ClusterContext


def served(
    name: str,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    profile: WorkloadProfile | None = None,
    told: Callable[[str], None] = lambda _: None,
    state: StateFolder | None = None,
) -> ServedCluster:
    """Return a cluster of its own that listens, and answers once it is served.

    Args:
        name: its name, that of its context in the kubeconfig, too.
        host: the address to listen at.
        port: the port; 0 takes the one of last time, or else a free one.
        profile: how its workloads behave; None for an API server without any controllers.
        told: told of objects that the controllers cannot handle.
        state: where it is kept, and goes on from; None for memory alone.

    Raises:
        InputError: nothing can listen there.
        StorageError: the state cannot be written.

    """
    clock = SystemClock()
    kept = open_cluster(name, clock, state.changes) if state is not None else None
    cluster = kept.cluster if kept is not None else EmbeddedCluster(name=name, clock=clock, alone=True)
    _furnish(cluster)
    if profile is not None and profile.machines:
        from nixernetes.cluster.workloads.scheduling.joining import join  # noqa: PLC0415  # few clusters need it

        join(cluster, profile.machines, VERSION)
    sock = listening_again(host, port, state)
    address = address_of(host, sock)
    secrets, authority = (state.secrets(), state.authority()) if state is not None else (new_secrets(), Authority())
    api = api_server(cluster, address, secrets, kept=kept)
    commits = GroupCommits(api, kept.journal) if kept is not None else None
    if commits is not None:
        commits.begin()

    if profile is not None:
        cluster.give_accounts()
    certificate = authority.pair.certificate
    keep = commits.soon if commits is not None else lambda: True
    beside = (
        ServedControllers(cluster, clock, profile, certificate.decode(), told, keep) if profile is not None else None
    )

    hosts = tuple(dict.fromkeys((host, "127.0.0.1", "localhost")))
    context = ClusterContext(
        name=name,
        server=f"https://{address}",
        authority=certificate,
        token=secrets.token,
        client=authority.client("kubernetes-admin", _ADMINISTRATORS),
    )
    begin = beside.wake if beside is not None else lambda: None
    return ServedCluster(
        cluster, api, HttpServer(_answering(api, commits, begin), sock, authority, hosts, begin), context
    )


def _answering(
    api: ApiServer, commits: GroupCommits | None, wake: Callable[[], None]
) -> Callable[[ApiRequest], Awaitable[ApiResponse]]:
    """Return what answers requests: webhooks are asked before, and controllers look afterwards."""

    async def handle(request: ApiRequest) -> ApiResponse:
        return await commits.answer(request) if commits is not None else api.handle(request)

    webhooks = WebhookCaller(handle, api.refuse)

    async def answer(request: ApiRequest) -> ApiResponse:
        response = await webhooks.answer(request)
        wake()
        return response

    return answer


def _furnish(cluster: EmbeddedCluster) -> None:
    """Create what every cluster has, where it is not there."""
    for name in namespaces.FIRST:
        cluster.namespace(name)
    for manifest in bootstrap.everything():
        cluster.furnish(manifest)
    service = namespaces.api_service()
    if cluster.get(key_of(service)) is None:
        cluster.create(service, manager="kube-apiserver")


def api_server(
    cluster: EmbeddedCluster,
    address: str,
    secrets: ServerSecrets,
    *,
    prefix: str = "",
    kept: OpenedCluster | None = None,
    insides: PodInsides | None = None,
) -> ApiServer:
    """Return the API server of a cluster.

    Args:
        cluster: the cluster.
        address: host and port that it is reached at.
        secrets: what it knows its clients by.
        prefix: the beginning of all of its paths.
        kept: what the cluster was before; None where it begins now.
        insides: knows what is in its pods.

    """
    registry = LiveRegistry(cluster)
    access = ServerAccess(cluster, [secrets.token], secrets.key)
    documents = (
        DiscoveryDocuments(registry, version=VERSION, address=address),
        IssuerDocuments(access.signer, address + prefix),
        OpenApiDocuments(cluster, registry, version=VERSION),
    )
    history = kept.history if kept is not None else None
    return ApiServer(cluster, RegisteredResources(registry), documents, access, insides=insides, history=history)


def serve(found: ServedCluster, file: Path, started: Callable[[], None]) -> None:
    """Serve a cluster until interrupted.

    Args:
        found: the cluster.
        file: where its kubeconfig is written.
        started: called when it answers.

    Raises:
        InputError: the kubeconfig cannot be written.

    """
    write_kubeconfig(file, kubeconfig([found.context]))
    asyncio.run(found.server.serve(started))
