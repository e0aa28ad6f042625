"""API servers that lie, stop answering, or never come to an end: one clear sentence, and an end."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.app.live.worlds import RunningRepository, running
from tests.changes.revisions import config, deployment, flux
from typer.testing import CliRunner

from nixernetes.adapters.kube import client as kube_client, connections
from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.contexts import ClusterAddress, ClusterUser, KubeContext
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig
from nixernetes.cli.commands import app
from nixernetes.cluster.api import ApiError
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.kinds import CONFIG_MAP
from nixernetes.objects.manifest import Json

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
RESOURCE = {
    "resource": "configmaps",
    "responseKind": {"group": "", "version": "v1", "kind": "ConfigMap"},
    "scope": "Namespaced",
    "verbs": ["get", "list"],
}
DISCOVERY = {
    "kind": "APIGroupDiscoveryList",
    "items": [{"metadata": {}, "versions": [{"version": "v1", "resources": [RESOURCE]}]}],
}
JUNK: list[Json] = [None, 1, -1, 1.5, True, "", "x", "\x1b[31m", [], {}, [None], {"a": None}, [[]], {"": {}}, 10**30]


@dataclass(slots=True)
class Answering:
    """A server that answers as it is told to."""

    server: ThreadingHTTPServer

    @property
    def context(self) -> KubeContext:
        return KubeContext(name="a", cluster=ClusterAddress(server=f"http://127.0.0.1:{self.server.server_port}"))


@contextmanager
def answering(answer: Callable[[str, str, bytes], tuple[int, bytes]]) -> Iterator[Answering]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            pass

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, data = answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815  # names of the library

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Answering(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def of_lists(answer: Callable[[str], Json]) -> Callable[[str, str, bytes], tuple[int, bytes]]:
    """Return what answers discovery truly, and everything else as told."""

    def found(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        del method, body
        if path in ("/api", "/apis"):
            return 200, json.dumps(DISCOVERY if path == "/api" else {"kind": "APIGroupDiscoveryList"}).encode()
        return 200, json.dumps(answer(path)).encode()

    return found


def listed(context: KubeContext) -> list[Json]:
    client = KubeClient(ApiConnection(context))
    try:
        return [*client.list(CONFIG_MAP)]
    finally:
        client.close()


def test_a_list_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kube_client, "_MOST_PAGES", 5)
    page = {"metadata": {"continue": "more"}, "items": []}
    with answering(of_lists(lambda _: page)) as found, pytest.raises(RemoteError, match="does not end after 5 pages"):
        listed(found.context)


def test_a_list_comes_page_by_page() -> None:
    def pages(path: str) -> Json:
        number = int(path.partition("continue=")[2] or 0)
        items = [{"metadata": {"name": f"n{number:03}-{each}", "namespace": "a"}} for each in range(3)]
        return {"metadata": {"continue": str(number + 1) if number < 99 else ""}, "items": items}

    with answering(of_lists(pages)) as found:
        assert len(listed(found.context)) == 300


@pytest.mark.parametrize(
    "item",
    [
        "x",
        {},
        {"metadata": {"name": 1}},
        {"metadata": {"name": "a", "labels": {"a": 1}}},
        {"metadata": {"name": "a", "annotations": []}},
        {"metadata": {"name": "a", "ownerReferences": [1]}},
        {"metadata": {"name": "a", "managedFields": [{"fieldsV1": {"f:spec": 1}}]}},
    ],
)
def test_what_is_no_object_is_refused(item: Json) -> None:
    with answering(of_lists(lambda _: {"items": [item]})) as found:
        if not isinstance(item, dict):
            assert listed(found.context) == []
        else:
            with pytest.raises(RemoteError, match="not an object of Kubernetes"):
                listed(found.context)


def test_a_server_that_stopped_answering_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_STEP_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        connection = ApiConnection(KubeContext(name="a", cluster=ClusterAddress(server=address)))
        told = []
        for _ in range(5):
            with pytest.raises(RemoteError) as error:
                connection.ask("GET", "/api")
            told.append(error.value.message.removeprefix(f"{address}: "))
        connection.close()
    assert told == ["it does not answer in time"] * 3 + ["it stopped answering"] * 2


def test_an_answer_that_drips_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_WHOLE_SECONDS", 0.0)
    with answering(of_lists(lambda _: {})) as found, pytest.raises(RemoteError, match="takes longer than 0 seconds"):
        listed(found.context)


def test_a_token_that_breaks_out_of_its_header_is_refused_and_not_shown() -> None:
    context = KubeContext(
        name="a", cluster=ClusterAddress(server="http://127.0.0.1:1"), user=ClusterUser(token="hunter2\r\nX: y")
    )
    with pytest.raises(InputError, match="its token has characters that no token has") as error:
        listed(context)
    assert "hunter2" not in str(error.value)
    headers = replace(context, user=ClusterUser(headers=(("Impersonate-User", "hunter2\r\nX: y"),)))
    with pytest.raises(RemoteError) as failed:
        listed(headers)
    assert "hunter2" not in str(failed.value)


@pytest.mark.parametrize("field", ["certificate-authority", "client-certificate", "tokenFile"])
def test_files_without_an_end_are_given_up(field: str, tmp_path: Path) -> None:
    cluster = {"server": "http://127.0.0.1:1", **({field: "/dev/zero"} if field.startswith("cert") else {})}
    user = {} if field.startswith("cert") else {field: "/dev/zero"}
    told = {
        "clusters": [{"name": "a", "cluster": cluster}],
        "users": [{"name": "a", "user": user}],
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "current-context": "a",
    }
    file = tmp_path / "kubeconfig"
    file.write_text(yamls.dump(told))
    with pytest.raises(InputError, match=r"larger than 1 MiB|the token file cannot be read"):
        listed(read_kubeconfig(file, {}).context())


def test_an_expired_token_is_told_with_what_to_do(tmp_path: Path) -> None:
    status = {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized", "code": 401}
    with answering(lambda *_: (401, json.dumps(status).encode())) as found:
        server = found.context.cluster.server
        file = tmp_path / "kubeconfig"
        file.write_text(
            yamls.dump(
                {
                    "clusters": [{"name": "a", "cluster": {"server": server}}],
                    "contexts": [{"name": "a", "context": {"cluster": "a"}}],
                    "current-context": "a",
                }
            )
        )
        result = CliRunner().invoke(app, ["status", "--kubeconfig", str(file)])
        diff = CliRunner().invoke(app, ["diff", "--live", "--kubeconfig", str(file)])
    assert (result.exit_code, diff.exit_code) == (1, 2)
    told = "Unauthorized: the server refuses who asks: log in again, the credential may have expired\n"
    assert (result.stderr, diff.stderr) == (f"a: {told}", f"nixernetes: context a: {told}")


@pytest.fixture(name="shop", scope="module")
def a_shop_that_was_changed_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRepository]:
    with running(tmp_path_factory.mktemp("shop"), flux(NAMESPACE + config() + deployment())) as found:
        found.change("ConfigMap/shop/settings", data={"a": "c"})
        yield found


def mutated(found: random.Random, value: Json, chance: float) -> Json:
    """Return an answer in which some values are other ones, and some fields are gone."""
    if found.random() < chance:
        return found.choice(JUNK)
    if isinstance(value, dict):
        return {name: mutated(found, each, chance) for name, each in value.items() if found.random() > chance}
    return [mutated(found, each, chance) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(3))
def test_answers_of_wrong_types_never_end_in_a_traceback(shop: RunningRepository, seed: int, tmp_path: Path) -> None:
    real = ApiConnection(read_kubeconfig(shop.kubeconfig, {}).context())
    chance, lock = (0.002, 0.01, 0.05)[seed % 3], threading.Lock()
    source = random.Random(seed)  # noqa: S311  # the same answers at each run

    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        where, _, query = path.partition("?")
        asked = dict(each.split("=", 1) for each in query.split("&") if "=" in each)
        media = "application/apply-patch+yaml" if method == "PATCH" else "application/json"
        try:
            told = real.ask(method, where, asked, body=json.loads(body) if body else None, media=media)
        except ApiError as error:
            told = {"kind": "Status", "reason": error.reason, "message": error.message}
            return error.code or 400, json.dumps(told).encode()
        with lock:
            return 200, json.dumps(mutated(source, told, chance)).encode()

    with answering(answer) as found:
        file = tmp_path / "kubeconfig"
        file.write_text(
            yamls.dump(
                {
                    "clusters": [{"name": "a", "cluster": {"server": found.context.cluster.server}}],
                    "contexts": [{"name": "a", "context": {"cluster": "a"}}],
                    "current-context": "a",
                }
            )
        )
        for words in (
            ["status", "--sources"],
            ["diff", "--live", "--repo", str(shop.folder)],
            ["diff", "--drift", "--repo", str(shop.folder)],
            ["bootstrap", str(shop.folder)],
        ):
            result = CliRunner().invoke(app, [*words, "--kubeconfig", str(file)])
            assert result.exception is None or isinstance(result.exception, SystemExit), words
            assert "fault of ours" not in result.output
            assert "\x1b" not in result.stdout
    real.close()
