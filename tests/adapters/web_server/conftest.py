"""A server of the page, of which somebody answers what comes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.adapters.web_server.visitors import Served

from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.adapters.web_server.serving import WebServer


@pytest.fixture(name="served")
def a_served_page() -> Iterator[Served]:
    asked: list[WebQuestion] = []

    async def answer(question: WebQuestion) -> WebAnswer:
        asked.append(question)
        told = {"name": question.name, "about": dict(question.about), "padding": "</script><script>" + "x" * 2000}
        return WebAnswer(status=200, body=json.dumps(told).encode())

    told: list[str] = []
    server = WebServer(answer, {"openapi": "3.1.0"}, told=told.append)
    with server.in_thread():
        served = Served(server=server, asked=asked, told=told)
        yield served
        for client in served.clients:
            client.close()
