"""URLs (k8s.io/apiserver ``pkg/cel/library/urls.go``, Go's ``net/url``)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote_to_bytes

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.values import Opaque
from nixernetes.languages.go_quoting import go_quoted

__all__ = ["URL", "URLS", "read_url"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_PORT = re.compile(r"(?::\d*)?", re.ASCII)
_BAD_IN_HOST = re.compile(r"[ \"<>\\^`{|}]")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*", re.ASCII)
_PATH_ESCAPED = re.compile(rb"[^A-Za-z0-9\-_.~$&+,/:;=@!'()*\[\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class URL(Opaque):
    """A URL in its parts."""

    type_name: ClassVar[str] = "kubernetes.URL"
    text: str
    scheme: str = ""
    host: str = ""
    path: str = ""
    query: str = ""

    def __str__(self) -> str:
        return self.text

    def hostname(self) -> str:
        """Return the host without its port and brackets."""
        if self.host.startswith("["):
            return self.host[1:].partition("]")[0]
        name, _, port = self.host.rpartition(":")
        return name if name and port.isdigit() else self.host.removesuffix(":")

    def port(self) -> str:
        """Return the port, or an empty text."""
        found = re.search(r":(\d+)\Z", self.host.rpartition("]")[2], re.ASCII)
        return found[1] if found else ""

    def escaped_path(self) -> str:
        """Return the path with what is not allowed in one escaped."""
        if self.path == "*":
            return "*"
        return _PATH_ESCAPED.sub(lambda found: b"%%%02X" % found[0][0], unquote_to_bytes(self.path)).decode()

    def values(self) -> dict[str, list[str]]:
        """Return the parameters of the query; what cannot be read is left out."""
        found: dict[str, list[str]] = {}
        for part in self.query.split("&"):
            if not part or ";" in part or _BAD_ESCAPE.search(part):
                continue
            name, _, value = part.partition("=")
            found.setdefault(_plain(name), []).append(_plain(value))
        return found


def _plain(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


class _BrokenError(Exception):
    """A text is not a URL."""


def read_url(text: str) -> URL:
    """Return the URL that a text spells, as an HTTP request has it: absolute, or an absolute path.

    Raises:
        EvaluationError: it spells none; the message is Go's.

    """
    try:
        return _parsed(text)
    except _BrokenError as error:
        raise EvaluationError(f"parse {go_quoted(text)}: {error}") from error


def _parsed(text: str) -> URL:
    if _CONTROL.search(text):
        raise _BrokenError("net/url: invalid control character in URL")
    if not text:
        raise _BrokenError("empty url")
    if text == "*":
        return URL(text=text, path="*")
    if text.startswith(":"):
        raise _BrokenError("missing protocol scheme")
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    rest, _, query = (text[found.end() :] if found else text).partition("?")
    if not rest.startswith("/"):
        if scheme:
            return URL(text=text, scheme=scheme, query=query)
        raise _BrokenError("invalid URI for request")
    host = ""
    if scheme and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        host, rest = _host(authority), f"{slash}{path}"
    _escapes(rest)
    return URL(text=text, scheme=scheme, host=host, path=rest, query=query)


def _escapes(text: str) -> None:
    broken = _BAD_ESCAPE.search(text)
    if broken is not None:
        raise _BrokenError(f"invalid URL escape {go_quoted(broken[0])}")


def _host(authority: str) -> str:
    user, at, host = authority.rpartition("@")
    if at and not _USER.fullmatch(user):
        raise _BrokenError("net/url: invalid userinfo")
    if host.startswith("["):
        inner, bracket, port = host[1:].rpartition("]")
        if not bracket:
            raise _BrokenError("missing ']' in host")
        _address(inner)
    else:
        port = host[host.rfind(":") :] if ":" in host else ""
    if _PORT.fullmatch(port) is None:
        raise _BrokenError(f"invalid port {go_quoted(port)} after host")
    bad = _BAD_IN_HOST.search(host)
    if bad is not None:
        raise _BrokenError(f"invalid character {go_quoted(bad[0])} in host name")
    _escapes(host)
    return unquote_to_bytes(host).decode("utf-8", "replace")


def _address(text: str) -> None:
    try:
        ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        raise _BrokenError(f"invalid host: ParseAddr({go_quoted(text)}): unable to parse IP") from None


def _url(text: str) -> URL:
    try:
        return read_url(text)
    except EvaluationError as error:
        raise EvaluationError(f"URL parse error during conversion from string: {error.message}") from error


def _is_url(text: str) -> bool:
    try:
        read_url(text)
    except EvaluationError:
        return False
    return True


_TYPE = "kubernetes.URL"
URLS = Library(
    name="kubernetes.urls",
    functions=(
        function("url", f"(string) -> {_TYPE}", _url),
        function("isURL", "(string) -> bool", _is_url),
        function("getScheme", f"{_TYPE}.() -> string", lambda url: url.scheme),
        function("getHost", f"{_TYPE}.() -> string", lambda url: url.host),
        function("getHostname", f"{_TYPE}.() -> string", URL.hostname),
        function("getPort", f"{_TYPE}.() -> string", URL.port),
        function("getEscapedPath", f"{_TYPE}.() -> string", URL.escaped_path),
        function("getQuery", f"{_TYPE}.() -> map(string, list(string))", URL.values),
    ),
    constants={_TYPE: type_constant(_TYPE)},
)
