"""Who comes to the page: somebody with the address that was printed, and programs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.adapters.web_server.serving import WebServer

__all__ = ["CHANGE", "Served"]

CHANGE = {"do": "sync", "targets": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server, what it asked its owner, and the addresses that it told."""

    server: WebServer
    asked: list[WebQuestion]
    told: list[str]
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The origin of the page."""
        return self.server.door.address.rstrip("/")

    def visitor(self) -> httpx.Client:
        """Return somebody without a session."""
        client = httpx.Client(base_url=self.origin, trust_env=False)
        self.clients.append(client)
        return client

    def entered(self, address: str = "") -> httpx.Client:
        """Return somebody who has opened an address; the one that was printed where none is named."""
        client = self.visitor()
        answer = client.get(address or self.server.door.invitation)
        assert answer.status_code == 303, answer.text
        return client

    def change(self, client: httpx.Client, **other: str) -> httpx.Response:
        """Ask for a change, as the page does."""
        page = client.get("/").text
        self.asked.clear()  # what stands in the page
        proof = re.search(r'nixernetes-proof" content="([^"]+)', page)
        headers = {"origin": self.origin, "x-csrf-token": proof[1] if proof else "", **other}
        given = {name: value for name, value in headers.items() if value != "-"}
        return client.post("/api/v1/actions", json=CHANGE, headers=given)
