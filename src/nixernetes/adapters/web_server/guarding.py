"""Who may read the page and act on it: whoever opened the address that was printed, from no page of another site.

A page of another site can send requests to the loopback address, and can give its own name that address (DNS
rebinding). So the Host must be ours, an Origin that is there must be ours, and everything but the files that are in
the program needs a session: in a cookie that no script reads and no other site sends. A change needs our Origin, a
session of an operator, and the proof that stands in the page (:meth:`Door.proof`).

What Git hosts and registries send is no browser's: it carries a signature, comes by whatever name a tunnel has, and
reads nothing.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nixernetes.adapters.web_server.access.limits import AskingLimits
from nixernetes.adapters.web_server.access.login import LOGIN, PageLogin, address_of
from nixernetes.adapters.web_server.doors import Door, Role
from nixernetes.adapters.web_server.program import FREE

__all__ = ["HOOKS", "SESSION", "WebGuard"]

HOOKS: Final = ("/hook/", "/api/webhook")  # whoever sends proves itself by a signature, by any name of this server
SESSION: Final = "nixernetes.session"  # in the scope of what is let in: the name of the session, "" for a program
_CHANGES: Final = "/api/v1/"
_PROOF: Final = "x-csrf-token"
_MOST_URL: Final = 8192
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_LOGIN_POLICY: Final = _HEADERS["content-security-policy"].replace("form-action 'none'", "form-action 'self'")
_LOCKED: Final = (
    "This page is for whoever started it: open the address that nixernetes prints, with its token.\n"
    "A token is good for one browser; the next one is printed when it is used.\n"
)


class WebGuard:
    """An ASGI application around another, which lets in those who may come.

    Args:
        inner: the application.
        door: what opens it.
        login: how people log in; None where printed addresses alone open it.
        limits: how often somebody may ask.

    """

    def __init__(
        self, inner: ASGIApp, door: Door, login: PageLogin | None = None, limits: AskingLimits | None = None
    ) -> None:
        self._inner = inner
        self._door = door
        self._login = login
        self._limits = limits or AskingLimits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in _HEADERS.items():
                    headers[name] = value
                if is_login:
                    headers["content-security-policy"] = _LOGIN_POLICY
                    headers["referrer-policy"] = "same-origin"  # without, browsers send a form with the origin "null"
                if self._door.is_encrypted:
                    headers["strict-transport-security"] = "max-age=31536000"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        is_login = self._login is not None and (scope["path"] == LOGIN or scope["path"].startswith(f"{LOGIN}/"))
        if scope["path"].startswith(HOOKS):
            browsed = "origin" in headers or "sec-fetch-site" in headers or "cookie" in headers
            told = PlainTextResponse("this is for Git hosts and registries, not for browsers\n", 403)
            await (told if browsed else self._inner)(scope, receive, guarded)
            return
        refused = self._foreign(scope, headers)
        if refused is None and not scope["path"].startswith(FREE):
            refused = self._too_often(scope) or (None if is_login else self._locked(scope, headers))
        await (refused or self._inner)(scope, receive, guarded)

    def _foreign(self, scope: Scope, headers: Headers) -> Response | None:
        """Return what is said to requests that another site sends, or nobody can answer."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._door.hosts:
            return PlainTextResponse("this server has another name\n", 421)
        origin = headers.get("origin")
        scheme = "https" if self._door.is_encrypted else "http"
        if origin is not None and origin.lower() != f"{scheme}://{hosts[0].lower()}":
            return PlainTextResponse("requests of other sites are refused\n", 403)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not _is_visit(scope, headers):
            return PlainTextResponse("requests of other sites are refused\n", 403)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("use GET or POST\n", 405, {"allow": "GET, HEAD, POST"})
        if len(scope["path"]) + len(scope["query_string"]) > _MOST_URL:
            return PlainTextResponse("the URL is too long\n", 414)
        return None

    def _too_often(self, scope: Scope) -> Response | None:
        address = address_of(scope)
        is_left = self._limits.requests.take(address)
        if scope["method"] == "POST":
            is_left = self._limits.changes.take(address) and is_left
        return None if is_left else JSONResponse({"error": "too many requests: wait"}, 429, {"retry-after": "1"})

    def _locked(self, scope: Scope, headers: Headers) -> Response | None:
        session = _cookie(headers, self._door.cookie)
        role = self._door.role(session)
        if scope["method"] == "POST":
            return self._refused_change(scope, headers, session, role)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        scheme, _, token = headers.get("authorization", "").partition(" ")
        is_program = scheme.lower() == "bearer"
        if role is None and (given or is_program) and not self._limits.wrong.has(address_of(scope)):
            return PlainTextResponse("too many wrong tokens: wait a minute\n", 429, {"retry-after": "60"})
        if given:
            # Whoever is in stays who they are: an old address of the history is a bookmark.
            entered = session if role is Role.OPERATOR else self._door.enter(given[0])
            if entered:
                return self._entered(scope, [each for each in query if each[0] != "token"], entered)
        if role is None and not (is_program and self._may_read(token.strip())):
            if given or is_program:
                self._limits.wrong.take(address_of(scope))
            return self._shown_the_door(scope, headers)
        scope[SESSION] = session if role is not None else ""
        return None

    def _may_read(self, token: str) -> bool:
        """Tell whether a program may read: with the token of those who only look, or of somebody with a role."""
        if self._door.is_viewer(token):
            return True
        return self._login is not None and self._login.standing_of(token) is not None

    def _shown_the_door(self, scope: Scope, headers: Headers) -> Response:
        is_page = headers.get("sec-fetch-dest") == "document" or "text/html" in headers.get("accept", "")
        if self._login is None or not is_page or scope["method"] != "GET":
            return PlainTextResponse(_LOCKED, 401)
        query = scope["query_string"].decode("latin-1")
        to = scope["path"] + (f"?{query}" if query and "token=" not in query else "")
        return RedirectResponse(f"{LOGIN}?{urlencode({'to': to})}", 303)

    def _entered(self, scope: Scope, query: list[tuple[str, str]], session: str) -> Response:
        # One slash: a path that begins with two would be another host.
        target = "/" + scope["path"].lstrip("/\\") + (f"?{urlencode(query)}" if query else "")
        answer = RedirectResponse(target, 303)
        self._door.give(answer, session)
        return answer

    def _refused_change(self, scope: Scope, headers: Headers, session: str, role: Role | None) -> Response | None:
        if role is None:
            return _no("changes need a session: open the address that nixernetes prints", 401)
        if role is not Role.OPERATOR:
            return _no("this session only looks: open the page with the address of its operator", 403)
        if "origin" not in headers or not self._door.is_proof(session, headers.get(_PROOF, "")):
            return _no("the request does not come from the page: load it again", 403)
        if not scope["path"].startswith(_CHANGES):
            return _no("there is nothing to change here", 405)
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _no("send JSON", 415)
        scope[SESSION] = session
        return None


def _no(why: str, status: int) -> Response:
    return JSONResponse({"error": why}, status)


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """Tell whether a person follows a link: the cookie is not sent then, so that it opens nothing."""
    is_read = scope["method"] == "GET"
    return is_read and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _cookie(headers: Headers, name: str) -> str:
    """Return the value of a cookie, ``""`` where there is none, or what came is none."""
    try:
        found = SimpleCookie("; ".join(headers.getlist("cookie"))).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""
