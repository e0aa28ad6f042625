"""A small OpenID Connect issuer with keys of its own: it signs what it is told to, true or not."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

__all__ = ["SmallIssuer", "issuing"]

CLIENT = "nixernetes"


class SmallIssuer:
    """An issuer; what a test changes of its tokens is changed before they are signed."""

    def __init__(self, url: str, key: RSAKey) -> None:
        self.url = url
        self.key = key
        self.signs_with: RSAKey | OctKey = key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.twist: Callable[[dict[str, Any]], None] = lambda _: None
        self.groups = ["platform"]
        self.calls_itself = url
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []

    def again(self) -> None:
        """Be honest again."""
        self.__init__(self.url, self.key)  # type: ignore[misc]  # all of it

    def authorized(self, query: dict[str, str]) -> str:
        """Let somebody in, and return where the browser goes."""
        self.asked.append(query)
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.calls_itself}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Return the token for a code; None where the code or the verifier is wrong."""
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or form["redirect_uri"] != query["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != query["code_challenge"]:
            return None
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "1",
            "email": "ada@example.com",
            "groups": self.groups,
            "nonce": query["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        self.twist(claims)
        if self.header["alg"] == "none":
            parts = (self.header, claims)
            coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
            return {"id_token": ".".join([*coded, ""])}
        return {"id_token": jwt.encode(self.header, claims, self.signs_with, algorithms=["RS256", "HS256"])}


class _Handler(BaseHTTPRequestHandler):
    issuer: ClassVar[SmallIssuer]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            url = self.issuer.url
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            ends = {name: f"{url}/{path}" for name, path in names.items()}
            self._json({"issuer": self.issuer.calls_itself, **ends})
        elif parts.path == "/keys":
            self._json({"keys": [{**self.issuer.key.as_dict(private=False), "kid": "one"}]})
        else:
            self.send_response(302)
            self.send_header("location", self.issuer.authorized(dict(parse_qsl(parts.query))))
            self.end_headers()

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        found = self.issuer.token(form)
        self._json(found or {"error": "invalid_grant"}, 200 if found else 400)

    def _json(self, value: object, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def issuing() -> Iterator[SmallIssuer]:
    """Run an issuer."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.issuer = SmallIssuer(f"http://127.0.0.1:{server.server_port}", RSAKey.generate_key(2048))  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield handler.issuer  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
