"""HTTP with one API server: who asks, whom it trusts, and refusals as errors of ours.

Reads that the server puts off (429, 503 with ``Retry-After``) are asked again a few times; writes never. A refused
credential of a plugin (401) is asked for once more, as client-go does.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx

from nixernetes import __version__
from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.kube.contexts import KubeContext
from nixernetes.adapters.kube.credential_plugins import Credential, CredentialSource
from nixernetes.adapters.kube.small_files import small_text
from nixernetes.adapters.kube.statuses import refusal
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Json

__all__ = ["ApiConnection"]

_CONNECT_SECONDS: Final = 10.0
_STEP_SECONDS: Final = 60.0  # of a read or a write: an API server itself gives up after as long
_STREAM_SECONDS: Final = 330.0  # without a word: a watch is asked to end, or to tell a bookmark, well before
_WHOLE_SECONDS: Final = 300.0  # of one answer, however steadily it drips
_MOST_FAILURES: Final = 3  # in a row; then nobody waits for this server again
_PAUSE_SECONDS: Final = 30.0  # for so long
_MOST_BYTES: Final = 512 << 20  # of one answer; a page of 500 objects of 1 MiB, the most that etcd takes
_TRIES: Final = 4
_LONGEST_WAIT: Final = 10
_PUT_OFF: Final = (429, 503)


class ApiConnection:
    """Asks one API server.

    Args:
        context: where it is and who asks.
        wait: waits for seconds, before a read is asked again.

    Raises:
        InputError: a certificate cannot be used.

    """

    def __init__(self, context: KubeContext, wait: Callable[[float], None] = time.sleep) -> None:
        self.context = context
        self._wait = wait
        user = context.user
        self._source = (
            CredentialSource(user.plugin, context.cluster, SystemClock(), dict(os.environ)) if user.plugin else None
        )
        self._pair = (user.certificate, user.key)
        self._client: httpx.Client | None = None
        self._former: list[httpx.Client] = []  # with certificates that were replaced; others may still read from them
        self._lock = threading.Lock()
        self._is_closed = False
        self._failures = 0
        self._paused_until = 0.0
        self._streams: set[socket.socket] = set()  # those that may wait for long; whoever closes ends them

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: Json = None,
        media: str = "application/json",
        accept: str = "application/json",
    ) -> Json:
        """Return the answer to a request, as JSON data.

        Args:
            method: the method.
            path: the path, encoded.
            query: the query.
            body: what is sent, as JSON data.
            media: what kind of data that is.
            accept: what kind of answer is wanted.

        Raises:
            ApiError: the server refuses.
            RemoteError: it did not answer, or not with JSON.

        """
        content = None if body is None else json.dumps(body).encode()
        headers = {"accept": accept, **({"content-type": media} if body is not None else {})}
        return self._decoded(self._asked(method, _url(path, query), headers, content))

    def text(self, path: str, query: Mapping[str, str]) -> str:
        """Return the answer to a request for plain text, as a log.

        Raises:
            ApiError: the server refuses.
            RemoteError: it did not answer.

        """
        return self._asked("GET", _url(path, query), {"accept": "*/*"}, None).decode(errors="replace")

    def _asked(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> bytes:
        tries = _TRIES if method == "GET" else 1
        for left in reversed(range(tries)):
            with self._answered(method, url, headers, content) as response:
                data = b"".join(self._parts(response))
                if response.status_code in _PUT_OFF and left and "retry-after" in response.headers:
                    self._wait(_seconds(response.headers["retry-after"]))
                    continue
                if not response.is_success:
                    raise refusal(response.status_code, data, response.headers)
                return data
        raise self._failed("it puts everything off")

    def lines(self, path: str, query: Mapping[str, str]) -> Iterator[Json]:
        """Yield what a stream tells, as it comes; it ends when the server ends it, or the connection is closed.

        Raises:
            ApiError: the server refuses.
            RemoteError: it did not answer, or not with JSON.

        """
        with self._answered("GET", _url(path, query), {"accept": "application/json"}, None, endless=True) as response:
            if not response.is_success:
                raise refusal(response.status_code, b"".join(self._parts(response)), response.headers)
            with self._noted(response):
                for line in self._lines(response):
                    yield self._decoded(line)

    def close(self) -> None:
        """Close the connections; streams end, and nothing is asked any more."""
        self._is_closed = True
        for each in [*self._streams]:
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # below TLS, so that who reads is woken
        with self._lock:
            for client in (*self._former, *filter(None, (self._client,))):
                client.close()
            self._former, self._client = [], None

    @contextmanager
    def _answered(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None, *, endless: bool = False
    ) -> Iterator[httpx.Response]:
        if time.monotonic() < self._paused_until:
            raise self._failed("it stopped answering")
        try:
            credential = self._source.credential() if self._source is not None else Credential()
            response = self._sent(method, url, headers, content, credential, endless=endless)
            if response.status_code == httpx.codes.UNAUTHORIZED and self._source is not None:
                response.close()
                self._source.forget(credential)
                credential = self._source.credential()
                response = self._sent(method, url, headers, content, credential, endless=endless)
            try:
                yield response
            finally:
                response.close()
            self._failures = 0
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                self._paused_until = time.monotonic() + _PAUSE_SECONDS
            raise self._failed(_reason(error)) from error

    def _sent(  # a request, who asks, and for how long
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        credential: Credential,
        *,
        endless: bool,
    ) -> httpx.Response:
        client = self._connected(credential)
        timeout = httpx.Timeout(
            _STEP_SECONDS, connect=_CONNECT_SECONDS, read=_STREAM_SECONDS if endless else _STEP_SECONDS
        )
        said = [*headers.items(), *self.context.user.headers, *self._authorization(credential)]
        name = self.context.cluster.server_name
        request = client.build_request(
            method,
            f"{self.context.cluster.server}{url}",
            headers=said,
            content=content,
            timeout=timeout,
            extensions={"sni_hostname": name} if name else None,
        )
        return client.send(request, stream=True)

    def _authorization(self, credential: Credential) -> list[tuple[str, str]]:
        user = self.context.user
        token = credential.token
        if user.token_file:
            try:
                token = small_text(user.token_file).strip()
            except (OSError, ValueError):
                if not user.token:
                    raise InputError("the token file cannot be read", subject=user.token_file) from None
                token = user.token
        elif user.token:
            token = user.token
        elif user.username:
            return [("Authorization", httpx.BasicAuth(user.username, user.password)._auth_header)]  # noqa: SLF001
        if not all(" " < letter < "\x7f" for letter in token):
            fact = "its token has characters that no token has: is it a file of another kind, or several lines?"
            raise InputError(fact, subject=f"context {self.context.name}")
        return [("Authorization", f"Bearer {token}")] if token else []

    def _connected(self, credential: Credential) -> httpx.Client:
        """Return the client; a plugin's new certificate needs new connections."""
        if self._is_closed:
            raise self._failed("the connection is closed")
        user = self.context.user
        pair = (user.certificate or credential.certificate, user.key or credential.key)
        with self._lock:
            if self._client is None or pair != self._pair:
                self._former += filter(None, (self._client,))
                self._pair = pair
                cluster = self.context.cluster
                self._client = httpx.Client(
                    verify=_trusted(self.context, *pair),
                    proxy=cluster.proxy or None,
                    headers={"user-agent": f"nixernetes/{__version__}"},
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=8),
                    trust_env=not cluster.proxy,
                    auth=_nobody,
                )
            return self._client

    def _parts(self, response: httpx.Response) -> Iterator[bytes]:
        size, until = 0, time.monotonic() + _WHOLE_SECONDS
        for part in response.iter_bytes():
            size += len(part)
            if time.monotonic() > until:
                raise self._failed(f"its answer takes longer than {_WHOLE_SECONDS:.0f} seconds")
            if size > _MOST_BYTES:
                raise self._failed(f"its answer is larger than {_MOST_BYTES >> 20} MiB")
            yield part

    def _lines(self, response: httpx.Response) -> Iterator[bytes]:
        waiting = bytearray()
        for part in response.iter_bytes():
            waiting += part
            if len(waiting) > _MOST_BYTES:
                raise self._failed("a line of its answer is too long")
            if b"\n" in part:
                *whole, rest = bytes(waiting).split(b"\n")
                waiting = bytearray(rest)
                yield from (line for line in whole if line.strip())

    @contextmanager
    def _noted(self, response: httpx.Response) -> Iterator[None]:
        """Note the socket of a stream while it is read."""
        stream = response.extensions.get("network_stream")
        found = None if stream is None else stream.get_extra_info("socket")
        if found is not None:
            self._streams.add(found)
        try:
            if self._is_closed:
                raise self._failed("the connection is closed")
            yield
        finally:
            self._streams.discard(found)

    def _decoded(self, data: bytes) -> Json:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):  # without the cause: it may show a Secret
            raise self._failed("its answer is not JSON: is it a Kubernetes API server?") from None

    def _failed(self, why: str) -> RemoteError:
        return RemoteError(f"{self.context.cluster.server}: {why}", subject=f"context {self.context.name}")


def _reason(error: Exception) -> str:
    """Return why a request failed, without what was sent: it has credentials."""
    if isinstance(error, httpx.LocalProtocolError):
        return "the request cannot be sent: is there a line break in a header that the kubeconfig gives?"
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    return str(error) or type(error).__name__


def _nobody(request: httpx.Request) -> httpx.Request:
    """Leave a request as it is: logins of ``~/.netrc`` are not for API servers."""
    return request


def _url(path: str, query: Mapping[str, str] | None) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _seconds(text: str) -> float:
    return float(min(int(text), _LONGEST_WAIT)) if text.isdecimal() else 1.0


def _trusted(context: KubeContext, certificate: str, key: str) -> ssl.SSLContext:
    """Return who is trusted, as Go does: an authority may be an intermediate one, and need not name its key."""
    cluster, subject = context.cluster, f"context {context.name}"
    try:
        found = (
            ssl.create_default_context(cadata=cluster.authority) if cluster.authority else ssl.create_default_context()
        )
    except (ssl.SSLError, ValueError):
        raise InputError("certificate-authority holds no usable certificate (PEM)", subject=subject) from None
    found.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    found.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if cluster.insecure:
        found.check_hostname = False
        found.verify_mode = ssl.CERT_NONE
    if certificate:
        with temporary_folder("tls") as folder:  # the library reads files only
            chain = Path(folder) / "chain.pem"
            chain.touch(mode=0o600)
            chain.write_text(f"{certificate}\n{key}\n")
            try:
                found.load_cert_chain(chain, password=lambda: "")
            except (ssl.SSLError, ValueError, OSError):
                fact = "client-certificate and client-key are not a usable pair (PEM)"
                raise InputError(fact, subject=subject) from None
    return found
