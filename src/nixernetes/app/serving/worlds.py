"""The clusters of a running ``up``, each as an API server, all at one address, by one kubeconfig."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.adapters.api_server.kubeconfigs import ClusterContext, kubeconfig, write_kubeconfig
from nixernetes.adapters.api_server.owner_queue import OwnerQueue
from nixernetes.adapters.api_server.serving import HttpServer, encryption
from nixernetes.adapters.api_server.state_folders import new_secrets
from nixernetes.adapters.control.asking import CONTROL_PATH
from nixernetes.adapters.control.claims import ControlDoor
from nixernetes.app.serving import control_door
from nixernetes.app.serving.addresses import address_of, listening_again
from nixernetes.app.serving.clusters import api_server
from nixernetes.app.serving.controller_events import ControllerEvents
from nixernetes.app.serving.controller_pods import ControllerPods
from nixernetes.app.serving.kept_worlds import StateOfWorld
from nixernetes.app.worlds import World
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.server import ApiServer
from nixernetes.engine.installed.controllers import argocd_objects, flux_objects
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import key_of

__all__ = ["ServedWorld", "show_controllers"]

_HOST: Final = "127.0.0.1"
_PREFIX: Final = "/clusters/"
_BUSY: Final = (
    b'{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too many requests wait",'
)
_TOO_MANY: Final = ApiResponse(
    status=429, body=_BUSY + b'"reason":"TooManyRequests","code":429}', headers=(("retry-after", "1"),)
)
_NOTHING: Final = ApiResponse(status=404, content_type="text/plain; charset=utf-8", body=b"404 page not found\n")


class ServedWorld:
    """Serves the clusters of a world; the owner of the world answers what comes, in :meth:`step`.

    Args:
        file: where the kubeconfig is written, for as long as this serves.
        opened: told how the console commands ask, once they can.
        state: what is kept of the world; None where it is in memory alone.

    """

    def __init__(
        self, file: Path, opened: Callable[[ControlDoor], None] = lambda _: None, state: StateOfWorld | None = None
    ) -> None:
        self.file = file
        self._state = state
        self._opened = opened
        self._token = ""
        self._queue: OwnerQueue[ApiRequest, ApiResponse] = OwnerQueue(_TOO_MANY, _close, self._failed)
        self._servers: dict[str, ApiServer] = {}
        self._running = contextlib.ExitStack()
        self._is_begun = False
        self._events: ControllerEvents | None = None

    @property
    def descriptor(self) -> int:
        """Return what is readable when requests wait."""
        return self._queue.descriptor

    def __enter__(self) -> Self:
        """Begin nothing yet: the world is made later."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving, and take the kubeconfig away."""
        for server in self._servers.values():
            server.end()
        self._running.close()
        self._queue.close()
        if self._is_begun:
            self.file.unlink(missing_ok=True)

    def step(self, world: World) -> int:
        """Answer the requests that wait; return how many they were.

        Raises:
            InputError: at the first call, when nothing can listen or the kubeconfig cannot be written.

        """
        if not self._is_begun:
            self._begin(world)
        if self._events is not None:
            self._events.write()
        keep = self._state.keep if self._state is not None else lambda: None
        return self._queue.answer(lambda request: self._answer(world, request), keep)

    def _settle(self) -> None:
        """Tell those who watch of what is kept."""
        for server in self._servers.values():
            server.settle()

    def _begin(self, world: World) -> None:
        state = self._state
        sock = listening_again(_HOST, 0, state.common if state is not None else None)
        address = address_of(_HOST, sock)
        authority = state.common.authority() if state is not None else Authority()
        token = (state.common.secrets() if state is not None else new_secrets()).token
        self._token = token
        tls = encryption(authority, authority.server(("argocd-repo-server",)))
        tls.set_alpn_protocols(["h2"])
        self._servers = {
            name: api_server(
                cluster,
                address,
                state.secrets(name) if state is not None else replace(new_secrets(), token=token),
                prefix=f"{_PREFIX}{name}",
                kept=state.opened[name] if state is not None else None,
                insides=ControllerPods(world, name, tls),
            )
            for name, cluster in world.clusters.items()
        }
        if state is not None:
            state.settled = self._settle
        show_controllers(world)
        self._events = ControllerEvents(world)
        contexts = [
            ClusterContext(
                name=name,
                server=f"https://{address}{_PREFIX}{name}",
                authority=authority.pair.certificate,
                token=token,
            )
            for name in self._servers
        ]
        self._running.enter_context(
            HttpServer(self._queue.ask, sock, authority, (_HOST, "localhost"), as_owner=self._queue.run).in_thread()
        )
        write_kubeconfig(self.file, kubeconfig(contexts))
        certificate = authority.pair.certificate.decode()
        self._opened(ControlDoor(address=f"https://{address}", authority=certificate, token=token))
        self._is_begun = True

    def _answer(self, world: World, request: ApiRequest) -> ApiResponse:
        if request.path == CONTROL_PATH:
            return control_door.answered(world, request, self._token)
        name, slash, rest = request.path.removeprefix(_PREFIX).partition("/")
        server = self._servers.get(name) if request.path.startswith(_PREFIX) else None
        if server is None:
            return _NOTHING
        if self._state is not None and (request.query.has("watch") or "/watch/" in request.path):
            self._state.keep()  # what a stream begins with has to be kept
        return server.handle(replace(request, path=f"/{rest}" if slash else "/"))

    def _failed(self, error: NixernetesError) -> ApiResponse:
        refused = ApiError("InternalError", f"Internal error occurred: {error.message}")
        return next(iter(self._servers.values())).refuse(refused) if self._servers else _NOTHING


def show_controllers(world: World) -> None:
    """Make the controllers that run here objects of their clusters, where nothing of their names is there yet."""
    wanted = [(name, flux_objects()) for name in world.flux]
    wanted += [(name, argocd_objects(made.inspector.clusters.registered)) for name, made in world.argocd.items()]
    for name, manifests in wanted:
        for manifest in manifests:
            if world.clusters[name].get(key_of(manifest)) is None:
                with contextlib.suppress(ApiError):  # an admission policy of the repository refuses it
                    world.clusters[name].create(manifest, manager="nixernetes")


def _close(response: ApiResponse) -> None:
    if response.stream is not None:
        response.stream.close()
