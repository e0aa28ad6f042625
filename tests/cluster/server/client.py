"""A client of an API server, in process."""

from __future__ import annotations

import json
from typing import Any

from nixernetes.adapters.api_server.account_keys import AccountKey
from nixernetes.cluster.discovery.documents import DiscoveryDocuments
from nixernetes.cluster.discovery.live import LiveRegistry
from nixernetes.cluster.discovery.serving import RegisteredResources
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.openapi.documents import OpenApiDocuments
from nixernetes.cluster.server.access import ServerAccess
from nixernetes.cluster.server.parts.insides import PodInsides
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse, UrlQuery
from nixernetes.cluster.server.server import ApiServer
from nixernetes.objects.clocks import VirtualClock

MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
KEY = AccountKey()  # one for all: making it takes a tenth of a second
TOKEN = "secret"  # of a server that nobody reaches
APPLY = "application/apply-patch+yaml"


class ApiClient:
    """Asks a server of a cluster without controllers."""

    def __init__(self, insides: PodInsides | None = None) -> None:
        self.cluster = EmbeddedCluster(name="test", clock=VirtualClock(), alone=True)
        registry = LiveRegistry(self.cluster)
        documents = [
            DiscoveryDocuments(registry, version="1.34.4", address="127.0.0.1:6443"),
            OpenApiDocuments(self.cluster, registry, version="1.34.4"),
        ]
        access = ServerAccess(self.cluster, [TOKEN], KEY)
        self.server = ApiServer(self.cluster, RegisteredResources(registry), documents, access, insides=insides)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        media: str = "application/json",
        token: str = TOKEN,
        acts_as: tuple[tuple[str, str], ...] = (),
        accept: str = "",
        upgrade: str = "",
        **query: str,
    ) -> ApiResponse:
        """Return the answer to a request."""
        headers = {"content-type": media, "user-agent": "test/1"}
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        headers |= {"accept": accept} if accept else {}
        headers |= {"upgrade": upgrade} if upgrade else {}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        pairs = UrlQuery(query.items())
        return self.server.handle(
            ApiRequest(method=method, path=path, query=pairs, headers=headers, body=data, impersonated=acts_as)
        )

    def read(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Return the body of an answer."""
        return json.loads(self.ask(method, path, body, **more).body)

    def made(self, path: str, body: object) -> Any:
        """Create an object that has to be taken."""
        answer = self.ask("POST", path, body)
        assert answer.status == 201, answer.body
        return json.loads(answer.body)


def warnings(answer: ApiResponse) -> list[str]:
    """Return what a client is warned of."""
    return [value for name, value in answer.headers if name == "warning"]
