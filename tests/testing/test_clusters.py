"""A cluster for tests answers while its block lasts, and leaves nothing."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request

import pytest

from nixernetes.objects import yamls
from nixernetes.testing import TestCluster, cluster


def created(found: TestCluster, path: str, body: object) -> int:
    trusted = ssl.create_default_context(cadata=found.authority.decode())
    request = urllib.request.Request(f"{found.server}{path}", data=json.dumps(body).encode())  # noqa: S310  # https
    request.add_header("Authorization", f"Bearer {found.token}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, context=trusted) as answer:  # noqa: S310  # https
        return int(answer.status)


def test_it_answers_and_is_gone_afterwards() -> None:
    with cluster(controllers=False) as found:
        config = yamls.parse(found.kubeconfig.read_text())
        assert config["clusters"][0]["cluster"]["server"] == found.server
        path = "/api/v1/namespaces/default/configmaps"
        assert created(found, path, {"metadata": {"name": "c"}, "data": {"a": "1"}}) == 201
    assert not found.kubeconfig.exists()
    with pytest.raises(urllib.error.URLError):
        created(found, path, {"metadata": {"name": "d"}})


def test_two_know_nothing_of_each_other() -> None:
    path = "/api/v1/namespaces/default/configmaps"
    with cluster(controllers=False) as one, cluster(controllers=False) as two:
        assert created(one, path, {"metadata": {"name": "c"}}) == 201
        assert created(two, path, {"metadata": {"name": "c"}}) == 201
