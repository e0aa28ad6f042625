"""How a request is shown: method, address, headers and body, with everything hidden that is a secret.

Values of headers are shown of a few headers alone. Elsewhere each hidden text is replaced wherever it stands, also as
JSON, a URL or a form would spell it; of one that is a URL what stands behind the host is hidden in addresses too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus, urlsplit

from nixernetes.engine.notices.requests import ForeignMessage, WebRequest

__all__ = ["MASK", "ShownRequest", "behind_host", "host_of", "masked", "shown"]

MASK: Final = "***"
_OPEN: Final = frozenset(
    {
        "accept",
        "content-type",
        "gotk-component",
        "subject",
        "subtype",
        "x-atlassian-token",
        "x-github-api-version",
        "x-requested-with",
        "x-tfs-fedauthredirect",
    }
)
_LONGEST: Final = 8_000  # characters of a body: a view shows the beginning of a long one


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRequest:
    """A request, fit to be seen.

    Attributes:
        method: the method, or the name of a protocol that is not HTTP.
        url: the address.
        headers: names and values.
        body: the text; ``<n bytes>`` for what is not one.

    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


def shown(request: WebRequest | ForeignMessage, hidden: Iterable[str]) -> ShownRequest:
    """Return a request without its secrets."""
    hidden = tuple(hidden)
    spellings = _spellings(hidden)
    headers = tuple(
        (name, _masked(text, spellings) if name.lower() in _OPEN else MASK)
        for name, text in sorted(request.headers.items())
    )
    if isinstance(request, WebRequest):
        method, url = request.method, request.url
    else:
        method, url = request.protocol, request.address
        if request.subject:
            headers = (("subject", _masked(request.subject, spellings)), *headers)
    places = _spellings((*hidden, *(behind_host(text.strip()) for text in hidden if "://" in text)))
    return ShownRequest(method=method, url=_address(url, places), headers=headers, body=_text(request.body, spellings))


def masked(text: str, hidden: Iterable[str]) -> str:
    """Return a text without its secrets."""
    return _masked(text, _spellings(hidden))


def behind_host(address: str) -> str:
    """Return what stands behind the host of an address."""
    try:
        return urlsplit(address)._replace(scheme="", netloc="").geturl().removeprefix("//").strip("/")
    except ValueError:
        return address


def host_of(request: WebRequest | ForeignMessage) -> str:
    """Return the scheme and the host that a request goes to, ``""`` for an address that is none."""
    url = request.url if isinstance(request, WebRequest) else request.address
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}" if parts.scheme and host else ""


def _address(url: str, spellings: list[str]) -> str:
    """Return an address: the host is always told, never who logs in, and of the rest what is no secret."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return MASK
    if not parts.scheme or not host:
        return _masked(url, spellings)
    rest = parts._replace(scheme="", netloc="").geturl().removeprefix("//")
    return f"{parts.scheme}://{host}{_masked(rest, spellings)}"


def _text(body: bytes, spellings: list[str]) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"<{len(body)} bytes>"
    if not text.isprintable() and any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text[:200]):
        return f"<{len(body)} bytes>"
    masked = _masked(text, spellings)
    return masked if len(masked) <= _LONGEST else f"{masked[:_LONGEST]}…"


def _spellings(hidden: Iterable[str]) -> list[str]:
    """Return all spellings of the hidden texts, the longest first, so that none is left in a part of another."""
    found: set[str] = set()
    for text in hidden:
        clean = text.strip()
        if clean:
            plain = json.dumps(clean)[1:-1]
            escaped = plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
            wide = json.dumps(clean, ensure_ascii=False)[1:-1]
            found |= {clean, plain, escaped, wide, quote(clean, safe=""), quote(clean), quote_plus(clean)}
    return sorted(found, key=lambda text: (-len(text), text))


def _masked(text: str, spellings: list[str]) -> str:
    for each in spellings:
        text = text.replace(each, MASK)
    return text
