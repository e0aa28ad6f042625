"""``nixernetes cluster serve``: one embedded cluster as an API server, alone."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.adapters.api_server.kubeconfigs import ClusterContext, kubeconfig, write_kubeconfig
from nixernetes.adapters.api_server.serving import HttpServer, listening
from nixernetes.adapters.clock import SystemClock
from nixernetes.app.serving.controllers import ServedControllers
from nixernetes.cluster.access import bootstrap
from nixernetes.cluster.discovery.documents import DiscoveryDocuments
from nixernetes.cluster.discovery.live import LiveRegistry
from nixernetes.cluster.discovery.serving import RegisteredResources
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.openapi.documents import OpenApiDocuments
from nixernetes.cluster.provided import namespaces
from nixernetes.cluster.server.access import ServerAccess
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.server import ApiServer
from nixernetes.cluster.workloads import WorkloadProfile

__all__ = ["ServedCluster", "address_of", "api_server", "serve", "served"]

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
) -> ServedCluster:
    """Return a cluster of its own that listens, and answers once it is served.

    Args:
        name: its name, that of its context in the kubeconfig, too.
        host: the address to listen at.
        port: the port; 0 takes a free one.
        profile: how its workloads behave; None for an API server without any controllers.
        told: told of objects that the controllers cannot handle.

    Raises:
        InputError: nothing can listen there.

    """
    clock = SystemClock()
    cluster = EmbeddedCluster(name=name, clock=clock, alone=True)
    for manifest in (*bootstrap.roles().values(), *bootstrap.bindings().values()):
        cluster.create(manifest, manager="kube-apiserver")
    cluster.create(namespaces.api_service(), manager="kube-apiserver")
    sock = listening(host, port)
    address = address_of(host, sock)
    token = secrets.token_urlsafe(24)
    api = api_server(cluster, address, token)

    if profile is not None:
        cluster.give_accounts()
    authority = Authority()
    certificate = authority.pair.certificate
    beside = ServedControllers(cluster, clock, profile, certificate.decode(), told) if profile is not None else None

    async def answer(request: ApiRequest) -> ApiResponse:
        response = api.handle(request)
        if beside is not None:
            beside.wake()
        return response

    hosts = tuple(dict.fromkeys((host, "127.0.0.1", "localhost")))
    context = ClusterContext(
        name=name,
        server=f"https://{address}",
        authority=certificate,
        token=token,
        client=authority.client("kubernetes-admin", _ADMINISTRATORS),
    )
    return ServedCluster(cluster, api, HttpServer(answer, sock, authority, hosts), context)


def api_server(cluster: EmbeddedCluster, address: str, token: str) -> ApiServer:
    """Return the API server of a cluster.

    Args:
        cluster: the cluster.
        address: host and port that it is reached at.
        token: the token of its administrator.

    """
    registry = LiveRegistry(cluster)
    documents = (
        DiscoveryDocuments(registry, version=VERSION, address=address),
        OpenApiDocuments(cluster, registry, version=VERSION),
    )
    access = ServerAccess(cluster, [token], secrets.token_bytes(32))
    return ApiServer(cluster, RegisteredResources(registry), documents, access)


def address_of(host: str, sock: socket.socket) -> str:
    """Return host and port of a socket that listens."""
    port = sock.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


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
