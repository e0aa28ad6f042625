"""Repository URLs as AppProjects compare them (section 3.2 of the Argo CD specification).

Two URLs are one repository when their normal forms are equal: lower case, no blanks around, no ``.git``, and the scp
form ``git@host:path`` as ``ssh://git@host/path``. What Go cannot parse as a URL has the normal form ``""``.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

__all__ = ["normal_repository_url"]

_SSH = re.compile(r"(ssh://)?([^/:]*?)@[^@]+\Z")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)\Z", re.DOTALL)
_USER = re.compile(r"[a-z0-9\-._:~!$&'()*+,;=%@]*\Z")
_HOST = re.compile(r"[^\x00-\x20%/?@\\^`{|}\x7f#]*\Z")
_PORT = re.compile(r"(:\d*)?\Z")
_PATH_AS_WRITTEN = re.compile(r"(?:[a-zA-Z0-9\-._~!$&'()*+,;=:@\[\]/]|%[0-9a-fA-F]{2})*\Z")
_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def normal_repository_url(url: str) -> str:
    """Return the normal form of a repository URL, or of a pattern for such URLs."""
    text = url.strip().lower()
    if _SSH.match(text) and not text.startswith("ssh://"):
        text = "ssh://" + text.replace(":", "/", 1)
    return _as_go_prints_it(text.removesuffix(".git"))


def _as_go_prints_it(url: str) -> str:
    """Parse and print a URL as Go's ``net/url`` does; ``""`` when it refuses."""
    if _CONTROL.search(url):
        return ""
    if url == "*":
        return url
    body, mark, fragment = url.partition("#")
    tail = f"#{fragment}" if mark and fragment else ""
    found = _SCHEME.match(body)
    scheme, rest = (f"{found[1]}:", found[2]) if found else ("", body)
    if not found and ":" in rest.split("/", 1)[0]:
        return ""
    rest, mark, query = rest.partition("?")
    tail = f"{mark}{query}{tail}"
    if scheme and not rest.startswith("/"):
        return f"{scheme}{rest}{tail}"
    if not rest.startswith("//") or rest.startswith("///"):
        path = _path(rest)
        return "" if path is None else f"{scheme}{path}{tail}"
    authority, slash, path_text = rest[2:].partition("/")
    path = _path(slash + path_text)
    return f"{scheme}//{authority}{path}{tail}" if _is_authority(authority) and path is not None else ""


def _is_authority(text: str) -> bool:
    user, at, host = text.rpartition("@")
    if at and not _USER.match(user):
        return False
    if host.startswith("["):
        inside, bracket, port = host[1:].rpartition("]")
        return bool(bracket and _HOST.match(inside) and _PORT.match(port))
    name, colon, port = host.rpartition(":")
    return bool(_HOST.match(host) and (not colon or _PORT.match(f":{port}")) and (name or not colon or port.isdigit()))


def _path(text: str) -> str | None:
    if _PERCENT.search(text):
        return None
    if _PATH_AS_WRITTEN.match(text):
        return text
    return quote_from_bytes(unquote_to_bytes(text), safe="$&+,/:;=@-_.~")
