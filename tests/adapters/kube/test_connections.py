"""Connections prove who asks, trust whom the kubeconfig trusts, and tell what went wrong."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.contexts import ClusterAddress, ClusterUser, CredentialPlugin, KubeContext
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.cluster.api import ApiError
from nixernetes.errors import BugError, InputError, NixernetesError, RemoteError
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json
from nixernetes.testing import cluster as served_cluster

DEFAULT = ObjectKey("", "Namespace", "", "default")


@pytest.fixture(scope="module", name="context")
def a_context() -> Iterator[KubeContext]:
    with served_cluster(controllers=False) as found:
        yield read_kubeconfig(found.kubeconfig, {}).context()


@pytest.fixture(scope="module", name="by_certificate")
def a_user_with_a_certificate() -> Iterator[KubeContext]:
    with served_cluster(controllers=False) as found:
        config = read_kubeconfig(found.kubeconfig, {})
        name = config.current
        entries = {**config.entries, "contexts": {name: replace(config.entries["contexts"][name])}}
        entry = entries["contexts"][name]
        data = {"name": name, "context": {"cluster": name, "user": f"{name}-certificate"}}
        entries["contexts"] = {name: replace(entry, data=data)}
        yield replace(config, entries=entries).context()


def has_default(context: KubeContext) -> bool:
    client = KubeClient(ApiConnection(context))
    try:
        return client.get(DEFAULT) is not None
    finally:
        client.close()


def refused(context: KubeContext, kind: type[NixernetesError]) -> str:
    with pytest.raises(kind) as error:
        has_default(context)
    return str(error.value)


def test_a_user_proves_who_it_is_by_a_certificate(by_certificate: KubeContext) -> None:
    assert by_certificate.user.certificate
    assert not by_certificate.user.token
    assert has_default(by_certificate)


def test_a_wrong_token_is_unauthorized_and_not_shown(context: KubeContext) -> None:
    told = refused(replace(context, user=ClusterUser(token="hunter2")), ApiError)
    assert told == "Unauthorized"


def test_a_token_file_is_read_again_as_it_changes_and_wins(context: KubeContext, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old")
    client = KubeClient(ApiConnection(replace(context, user=ClusterUser(token_file=str(file), token="other"))))
    with pytest.raises(ApiError):
        client.get(DEFAULT)
    file.write_text(f"{context.user.token}\n")
    assert client.get(DEFAULT) is not None
    client.close()
    missing = replace(context, user=ClusterUser(token_file=str(tmp_path / "gone")))
    assert "the token file cannot be read" in refused(missing, InputError)


def test_a_credential_that_is_refused_is_asked_for_once_more(context: KubeContext, tmp_path: Path) -> None:
    version = "client.authentication.k8s.io/v1"
    script = tmp_path / "login"
    script.write_text(
        f"#!/bin/sh\necho x >> {tmp_path}/log\ncat {tmp_path}/answer\ncp {tmp_path}/next {tmp_path}/answer\n"
    )
    for name, token in (("answer", "expired"), ("next", context.user.token)):
        answer = {"apiVersion": version, "kind": "ExecCredential", "status": {"token": token}}
        (tmp_path / name).write_text(json.dumps(answer))
    script.chmod(0o755)
    user = ClusterUser(plugin=CredentialPlugin(command=str(script), api_version=version))
    assert has_default(replace(context, user=user))
    assert (tmp_path / "log").read_text() == "x\n" * 2


def test_whoever_acts_as_another_has_the_rights_of_that_one(context: KubeContext) -> None:
    user = replace(context.user, headers=(("Impersonate-User", "jane"),))
    assert 'User "jane" cannot' in refused(replace(context, user=user), ApiError)


def test_a_server_of_another_authority_is_not_trusted(context: KubeContext) -> None:
    other = replace(context.cluster, authority=Authority().pair.certificate.decode())
    told = refused(replace(context, cluster=other), RemoteError)
    assert "certificate verify failed" in told
    assert f"context {context.name}" in told
    assert has_default(replace(context, cluster=replace(other, authority="", insecure=True)))


def test_the_name_in_the_certificate_may_be_another_than_the_host(context: KubeContext) -> None:
    assert has_default(replace(context, cluster=replace(context.cluster, server_name="localhost")))
    wrong = replace(context, cluster=replace(context.cluster, server_name="other.example"))
    assert "Hostname mismatch" in refused(wrong, RemoteError)


def test_certificates_that_are_none_are_refused(context: KubeContext) -> None:
    wrong = replace(context, cluster=replace(context.cluster, authority="none"))
    assert "certificate-authority holds no usable certificate" in refused(wrong, InputError)
    pair = replace(context, user=ClusterUser(certificate="none", key="hunter2"))
    told = refused(pair, InputError)
    assert "not a usable pair" in told
    assert "hunter2" not in told


def test_a_proxy_is_asked_to_connect(context: KubeContext) -> None:
    with a_proxy() as (address, asked):
        assert has_default(replace(context, cluster=replace(context.cluster, proxy=address)))
    assert asked == [context.cluster.server.removeprefix("https://")]


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    told = refused(KubeContext(name="gone", cluster=ClusterAddress(server=address)), RemoteError)
    assert told.startswith(f"context gone: {address}: ")


def test_a_client_that_only_reads_sends_no_write(context: KubeContext) -> None:
    client = KubeClient(ApiConnection(context))
    meta = {"name": "a", "namespace": "default"}
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"a": "1"}}
    key = ObjectKey("", "ConfigMap", "default", "a")
    for write in (client.apply, client.create, client.update):
        with pytest.raises(BugError, match="by a client that only reads"):
            write(manifest, manager="test")
    with pytest.raises(BugError):
        client.delete(key)
    assert client.apply(manifest, manager="test", dry_run=True)["data"] == {"a": "1"}
    assert client.get(key) is None
    client.close()


# Servers that are not ours


class _Answers(BaseHTTPRequestHandler):
    """Answers with what a function says: status, headers, body."""

    protocol_version = "HTTP/1.1"
    answer: Callable[[str], tuple[int, dict[str, str], bytes]]

    def do_GET(self) -> None:
        status, headers, body = type(self).answer(self.path)
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(answer: Callable[[str], tuple[int, dict[str, str], bytes]]) -> Iterator[KubeContext]:
    handler = type("Handler", (_Answers,), {"answer": staticmethod(answer)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield KubeContext(name="other", cluster=ClusterAddress(server=f"http://127.0.0.1:{server.server_port}"))
        finally:
            server.shutdown()
            thread.join()


def as_json(value: Json) -> tuple[int, dict[str, str], bytes]:
    return 200, {"content-type": "application/json"}, json.dumps(value).encode()


def test_a_server_without_aggregated_discovery_is_asked_group_by_group() -> None:
    deployments = {"name": "deployments", "namespaced": True, "kind": "Deployment", "verbs": ["get", "list"]}
    scale = {"name": "deployments/scale", "namespaced": True, "kind": "Scale", "group": "autoscaling", "verbs": ["get"]}
    answers = {
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/api/v1": {"resources": [{"name": "nodes", "namespaced": False, "kind": "Node", "verbs": ["list"]}]},
        "/apis": {
            "kind": "APIGroupList",
            "groups": [
                {
                    "name": "apps",
                    "versions": [{"groupVersion": "apps/v2"}, {"groupVersion": "apps/v1"}],
                    "preferredVersion": {"groupVersion": "apps/v1"},
                },
                {"name": "away.example", "versions": [{"groupVersion": "away.example/v1"}]},
            ],
        },
        "/apis/apps/v1": {"resources": [deployments, scale]},
        "/apis/apps/v2": {"resources": [deployments]},
    }

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return as_json(answers[path]) if path in answers else (503, {}, b"away")

    with serving(answer) as context:
        client = KubeClient(ApiConnection(context))
        assert client.is_namespaced(GroupKind("apps", "Deployment")) is True
        assert client.is_namespaced(GroupKind("", "Node")) is False
        assert client.is_namespaced(GroupKind("autoscaling", "Scale")) is None
        assert client.served.versions(GroupKind("apps", "Deployment")) == ("v1", "v2")
        client.close()


def test_a_read_that_is_put_off_is_asked_again_and_in_the_end_refused() -> None:
    asked: list[str] = []
    waited: list[float] = []

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        return as_json({"gitVersion": "v1.2.3"}) if len(asked) == 3 else (429, {"retry-after": "7"}, b"later")

    with serving(answer) as context:
        client = KubeClient(ApiConnection(context, waited.append))
        assert client.version() == "v1.2.3"
        assert waited == [7.0, 7.0]
        asked[:] = ["", "", ""]
        with pytest.raises(ApiError, match="the server answered 429: later") as error:
            client.version()
        assert (error.value.reason, error.value.retry_after, len(asked)) == ("TooManyRequests", 7, 7)
        client.close()


def test_pages_of_a_list_are_put_together_and_a_list_that_expired_is_read_anew() -> None:
    nodes = {"name": "nodes", "namespaced": False, "kind": "Node", "verbs": ["list"]}
    first = {"metadata": {"continue": "more"}, "items": [{"metadata": {"name": "b"}}]}
    second = {"metadata": {}, "items": [{"metadata": {"name": "a"}}]}
    whole = {"metadata": {}, "items": [{"metadata": {"name": "c"}}]}
    is_old = False

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        if "continue=more" in path:
            return (410, {}, b"") if is_old else as_json(second)
        known = {"/api": {"versions": ["v1"]}, "/api/v1": {"resources": [nodes]}, "/apis": {}}
        return as_json(known.get(path, first if "limit=" in path else whole))

    with serving(answer) as context:
        client = KubeClient(ApiConnection(context))
        found = client.list(GroupKind("", "Node"))
        assert [(each["kind"], each["metadata"]["name"]) for each in found] == [("Node", "a"), ("Node", "b")]
        is_old = True
        assert [each["metadata"]["name"] for each in client.list(GroupKind("", "Node"))] == ["c"]
        client.close()


def test_an_answer_that_is_not_of_an_api_server_is_told_in_a_line() -> None:
    page = b"<html>\n<body>" + b"x" * 10_000
    with serving(lambda _: (200, {"content-type": "text/html"}, page)) as context:
        assert "its answer is not JSON: is it a Kubernetes API server?" in refused(context, RemoteError)
    with serving(lambda _: (403, {}, page)) as context:
        told = refused(context, ApiError)
    assert told.startswith("the server answered 403: <html> <body>xxx")
    assert len(told) < 400


@contextmanager
def a_proxy() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a proxy for one connection, and what it was asked to connect to."""
    asked: list[str] = []

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65536)
            asked.append(head.split()[1].decode())
            host, _, port = asked[0].partition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=pass_on, args=(server, client))
                back.start()
                pass_on(client, server)
                back.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        thread.join()
