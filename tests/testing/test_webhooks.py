"""Admission webhooks are called: a real one listens on this machine, with a certificate of its own authority."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.testing import TestCluster, cluster

MAPS = "/api/v1/namespaces/default/configmaps"
GROUP = "/apis/admissionregistration.k8s.io/v1"


class Webhook:
    """What a webhook was asked, and answers."""

    def __init__(self, url: str, authority: bytes) -> None:
        self.url = url
        self.authority = base64.b64encode(authority).decode()
        self.asked: list[Any] = []
        self.response: dict[str, Any] = {"allowed": True}


@pytest.fixture(name="hook")
def a_hook(tmp_path: Path) -> Iterator[Webhook]:
    authority = Authority()
    pair = authority.server(["127.0.0.1"])
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(pair.certificate)
    key.write_bytes(pair.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    found: list[Webhook] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            review = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found[0].asked.append(review)
            response = {**found[0].response, "uid": review["request"]["uid"]}
            body = json.dumps({"apiVersion": review["apiVersion"], "kind": "AdmissionReview", "response": response})
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as it is there
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found.append(Webhook(f"https://127.0.0.1:{server.server_port}/check", authority.pair.certificate))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found[0]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served() -> Iterator[TestCluster]:
    with cluster(controllers=False) as found:
        yield found


def ask(found: TestCluster, method: str, path: str, body: object = None) -> tuple[int, Any, list[str]]:
    trusted = ssl.create_default_context(cadata=found.authority.decode())
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{found.server}{path}", data=data, method=method)  # noqa: S310  # https
    request.add_header("Authorization", f"Bearer {found.token}")
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, context=trusted) as answer:  # noqa: S310  # https
            return answer.status, json.load(answer), answer.headers.get_all("warning") or []
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), []


def configure(found: TestCluster, hook: Webhook, kind: str = "Validating", **more: Any) -> None:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["*"], "resources": ["configmaps"]}
    webhook = {
        "name": "check.example.org",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "clientConfig": {"url": hook.url, "caBundle": hook.authority},
        "rules": [rule],
        **more,
    }
    body = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": f"{kind}WebhookConfiguration",
        "metadata": {"name": "w"},
        "webhooks": [webhook],
    }
    assert ask(found, "POST", f"{GROUP}/{kind.lower()}webhookconfigurations", body)[0] == 201


def config(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": "1"}}


def test_a_validating_webhook_is_asked_once_and_may_refuse_and_warn(hook: Webhook) -> None:
    with served() as found:
        configure(found, hook)
        hook.response = {"allowed": True, "warnings": ["mind the gap"]}
        status, _, warned = ask(found, "POST", MAPS, config("a"))
        assert (status, warned) == (201, ['299 - "mind the gap"'])
        (review,) = hook.asked
        assert review["request"]["operation"] == "CREATE"
        assert review["request"]["object"]["data"] == {"a": "1"}
        assert review["request"]["userInfo"]["groups"]
        hook.response = {"allowed": False, "status": {"code": 403, "reason": "Forbidden", "message": "not today"}}
        status, told, _ = ask(found, "DELETE", f"{MAPS}/a")
        assert status == 403
        assert told["message"] == 'admission webhook "check.example.org" denied the request: not today'
        assert hook.asked[-1]["request"]["oldObject"]["metadata"]["name"] == "a"
        assert ask(found, "GET", f"{MAPS}/a")[0] == 200


def test_a_mutating_webhook_changes_what_is_stored(hook: Webhook) -> None:
    with served() as found:
        configure(found, hook, "Mutating")
        patch = [{"op": "add", "path": "/data/b", "value": "2"}]
        encoded = base64.b64encode(json.dumps(patch).encode()).decode()
        hook.response = {"allowed": True, "patchType": "JSONPatch", "patch": encoded}
        status, made, _ = ask(found, "POST", MAPS, config("a"))
        assert (status, made["data"]) == (201, {"a": "1", "b": "2"})
        broken = base64.b64encode(b'[{"op": "add", "path": "/data/c", "value": 3}]').decode()
        hook.response = {"allowed": True, "patchType": "JSONPatch", "patch": broken}
        assert ask(found, "POST", MAPS, config("b"))[0] >= 400
        assert ask(found, "GET", f"{MAPS}/b")[0] == 404


def test_conditions_and_selectors_say_what_it_is_asked_about(hook: Webhook) -> None:
    with served() as found:
        condition = {"name": "named", "expression": "object.metadata.name.startsWith('x')"}
        configure(found, hook, matchConditions=[condition])
        assert ask(found, "POST", MAPS, config("a"))[0] == 201
        assert hook.asked == []
        assert ask(found, "POST", MAPS, config("x"))[0] == 201
        assert len(hook.asked) == 1


@pytest.mark.parametrize(("policy", "status"), [("Fail", 500), ("Ignore", 201)])
def test_one_that_cannot_be_reached_counts_as_it_says(hook: Webhook, policy: str, status: int) -> None:
    with served() as found:
        hook.authority = base64.b64encode(Authority().pair.certificate).decode()  # not the one that signed
        configure(found, hook, failurePolicy=policy)
        got, told, _ = ask(found, "POST", MAPS, config("a"))
        assert got == status
        assert status == 201 or "tls: failed to verify certificate" in told["message"]


def test_objects_do_not_leave_this_machine(hook: Webhook) -> None:
    with served() as found:
        hook.url = "https://192.0.2.1/check"
        configure(found, hook)
        _, told, _ = ask(found, "POST", MAPS, config("a"))
        assert "this server calls webhooks on this machine alone" in told["message"]


def test_what_controllers_write_asks_too(hook: Webhook) -> None:
    """A pod that a Deployment wants is changed by a webhook, which is told whose wish it is."""
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "c:1"}]}}
    spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
    with cluster() as found:
        rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
        configure(found, hook, "Mutating", rules=[rule])
        patch = [{"op": "add", "path": "/metadata/labels/seen", "value": "yes"}]
        encoded = base64.b64encode(json.dumps(patch).encode()).decode()
        hook.response = {"allowed": True, "patchType": "JSONPatch", "patch": encoded}
        path = "/apis/apps/v1/namespaces/default/deployments"
        assert ask(found, "POST", path, {"metadata": {"name": "web"}, "spec": spec})[0] == 201
        watch = "/api/v1/namespaces/default/pods?watch=true&timeoutSeconds=20"
        trusted = ssl.create_default_context(cadata=found.authority.decode())
        request = urllib.request.Request(f"{found.server}{watch}")  # noqa: S310  # https
        request.add_header("Authorization", f"Bearer {found.token}")
        with urllib.request.urlopen(request, context=trusted) as stream:  # noqa: S310  # https
            made = {}
            while len(made) < 2:
                line = stream.readline()
                assert line, [(r["request"]["name"], r["request"]["operation"]) for r in hook.asked][:20]
                pod = json.loads(line)["object"]["metadata"]
                made[pod["name"]] = pod["labels"]["seen"]
        assert [*made.values()] == ["yes", "yes"]
        assert {review["request"]["userInfo"]["username"] for review in hook.asked} == {
            "system:serviceaccount:kube-system:replicaset-controller"
        }
        assert len(hook.asked) == 2, "each pod once"
