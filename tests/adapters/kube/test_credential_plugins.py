"""Credential plugins are started as client-go starts them, and what they give is held as long as it is good."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from nixernetes.adapters.kube.contexts import ClusterAddress, CredentialPlugin
from nixernetes.adapters.kube.credential_plugins import CredentialSource
from nixernetes.errors import InputError
from nixernetes.objects.clocks import VirtualClock, timestamp
from nixernetes.objects.manifest import Json

V1 = "client.authentication.k8s.io/v1"


def plugin(folder: Path, script: str, **options: Json) -> CredentialPlugin:
    path = folder / "login"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return CredentialPlugin(command=str(path), api_version=V1, **options)


def source(found: CredentialPlugin, clock: VirtualClock | None = None) -> CredentialSource:
    cluster = ClusterAddress(server="https://one.example", authority="PEM", extension={"audience": "x"})
    return CredentialSource(found, cluster, clock or VirtualClock(), dict(os.environ))


def answer(**status: str) -> str:
    return f"echo '{json.dumps({'apiVersion': V1, 'kind': 'ExecCredential', 'status': status})}'"


def test_a_credential_is_asked_for_once_and_again_when_forgotten_or_expired(tmp_path: Path) -> None:
    clock = VirtualClock()
    until = timestamp(clock.now() + timedelta(hours=1))
    found = source(plugin(tmp_path, f"echo x >> {tmp_path}/log\n{answer(token='t', expirationTimestamp=until)}"), clock)
    asked = tmp_path / "log"
    assert [found.credential().token, found.credential().token] == ["t", "t"]
    assert asked.read_text() == "x\n"
    found.forget(found.credential())
    found.credential()
    assert asked.read_text() == "x\n" * 2
    clock.advance(timedelta(hours=1))
    found.credential()
    assert asked.read_text() == "x\n" * 3


def test_a_plugin_is_told_of_the_cluster_where_it_is_to_be(tmp_path: Path) -> None:
    script = f'echo "$KUBERNETES_EXEC_INFO" > {tmp_path}/told; echo "$WHO$1" >> {tmp_path}/told\n{answer(token="t")}'
    source(plugin(tmp_path, script, with_cluster=True, arguments=("b",), environment={"WHO": "a"})).credential()
    told, words = (tmp_path / "told").read_text().splitlines()
    assert words == "ab"
    assert json.loads(told) == {
        "apiVersion": V1,
        "kind": "ExecCredential",
        "spec": {
            "interactive": False,
            "cluster": {
                "server": "https://one.example",
                "certificate-authority-data": "UEVN",
                "config": {"audience": "x"},
            },
        },
    }


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("echo hunter2; exit 3", "failed with status 3"),
        ("echo hunter2", "did not print an ExecCredential in JSON"),
        (answer(), "gave neither a token nor a client certificate with its key"),
        (answer(clientKeyData="hunter2"), "gave neither a token nor a client certificate with its key"),
        (answer(token="hunter2").replace("/v1", "/v1beta1"), "answered with apiVersion"),
    ],
)
def test_a_plugin_that_gives_nothing_of_use_is_refused_and_its_output_not_shown(
    tmp_path: Path, script: str, fault: str
) -> None:
    with pytest.raises(InputError) as error:
        source(plugin(tmp_path, script)).credential()
    assert fault in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_plugin_that_is_not_there_is_told_with_its_hint() -> None:
    missing = CredentialPlugin(command="no-such-login", api_version=V1, install_hint="install it from example.com")
    with pytest.raises(InputError, match=r"is not installed\ninstall it from example\.com"):
        source(missing).credential()


def test_a_plugin_that_must_ask_needs_a_terminal(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="standard input is not a terminal"):
        source(plugin(tmp_path, answer(token="t"), interactive="Always")).credential()
