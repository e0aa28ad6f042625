"""Logging in: with a token of the file of roles, or at an issuer; what comes of it is a new session, never an old one.

A login belongs to the browser that began it: its state stands in a cookie, and is good once and for ten minutes. So
nobody can be logged in as somebody else by a link or by a form of another site. After it one goes to a path of this
server, never elsewhere.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from nixernetes.adapters.web_server.access.followed_roles import FollowedRoles
from nixernetes.adapters.web_server.access.limits import AskingLimits
from nixernetes.adapters.web_server.access.oidc import Issuer, Pending
from nixernetes.adapters.web_server.access.places import PagePlace
from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.adapters.web_server.doors import Door
from nixernetes.errors import NixernetesError

__all__ = ["LOGIN", "PageAccess", "PageLogin", "address_of", "opened_access", "own_path"]

LOGIN: Final = "/login"
_MOST_BODY: Final = 4096
_MOST_PENDING: Final = 500
_MOST_PENDING_OF_ONE: Final = 100  # address
_PENDING_SECONDS: Final = 600
_AT_ONCE: Final = 4
_LONGEST: Final = 2000  # characters of a path to go to


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAccess:
    """Who may come in by name.

    Attributes:
        roles: who may do what.
        issuer: says who somebody is; None where tokens alone do.

    """

    roles: FollowedRoles
    issuer: Issuer | None = None


def opened_access(place: PagePlace, door: Door) -> PageAccess:
    """Return who may come in, as the file of roles says.

    Raises:
        InputError: the file is not of its form, or logins at its issuer cannot be made.

    """
    file = place.roles or Path()
    roles = FollowedRoles(file)
    issuer = None
    oidc = roles.current.oidc
    if oidc is not None:
        issuer = Issuer(oidc, file.parent, f"{door.address.rstrip('/')}{LOGIN}/callback")
    return PageAccess(roles=roles, issuer=issuer)


class PageLogin:
    """What answers below ``/login``.

    Args:
        door: opens sessions.
        roles: who may do what.
        issuer: says who somebody is; None where tokens alone do.
        limits: how often somebody may try.

    """

    def __init__(self, door: Door, roles: FollowedRoles, issuer: Issuer | None, limits: AskingLimits) -> None:
        self._door = door
        self._roles = roles
        self._issuer = issuer
        self._limits = limits
        self._pending: dict[str, tuple[Pending, float, str]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def routes(self) -> list[Route]:
        """Return its routes."""
        return [
            Route(LOGIN, self._page, methods=["GET"]),
            Route(LOGIN, self._with_token, methods=["POST"]),
            Route(f"{LOGIN}/start", self._start, methods=["GET"]),
            Route(f"{LOGIN}/callback", self._called_back, methods=["GET"]),
            Route(f"{LOGIN}/leave", self._leave, methods=["POST"]),
        ]

    def standing_of(self, token: str) -> Standing | None:
        """Return what somebody with a token may do; None for a token of nobody."""
        return self._roles.of_token(token)()

    async def _page(self, request: Request) -> Response:
        return self._form(request, own_path(request.query_params.get("to", "")), "", 200)

    def _form(self, request: Request, to: str, problem: str, status: int) -> Response:
        pending = self._begin(request, to)
        issuer = urlsplit(self._issuer.settings.issuer).netloc if self._issuer is not None else ""
        text = _template().render(
            state=pending.state,
            to=to,
            start=f"{LOGIN}/start?{urlencode({'to': to})}",
            issuer=issuer,
            takes_tokens=bool(self._roles.current.tokens),
            problem=problem,
            after="",
        )
        return self._bound(HTMLResponse(text, status), pending)

    async def _with_token(self, request: Request) -> Response:
        address = address_of(request.scope)
        if "origin" not in request.headers or not self._roles.current.tokens:
            return PlainTextResponse("the request does not come from the page\n", 403)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return PlainTextResponse("send the form\n", 415)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BODY:
                return PlainTextResponse("the form is too large\n", 413)
        given = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
        to = own_path(given.get("to", ""))
        if self._taken(request, given.get("state", "")) is None:
            return self._form(request, to, "This form is too old, or was not for this browser: try again.", 403)
        if not self._limits.wrong.has(address):
            return self._form(request, to, "Too many wrong tokens: wait a minute.", 429)
        standing = self._roles.of_token(given.get("token", "").strip())
        if standing() is None:
            self._limits.wrong.take(address)
            return self._form(request, to, "This token opens nothing.", 401)
        return self._entered(request, standing, to)

    async def _start(self, request: Request) -> Response:
        if self._issuer is None:
            return PlainTextResponse("there is no issuer\n", 404)
        pending = self._begin(request, own_path(request.query_params.get("to", "")))
        try:
            async with self._turns:
                target = await asyncio.to_thread(self._issuer.address, pending)
        except NixernetesError as error:
            return self._form(request, pending.to, str(error), 502)
        return self._bound(RedirectResponse(target, 303), pending)

    async def _called_back(self, request: Request) -> Response:
        query = request.query_params
        pending = self._taken(request, query.get("state", ""))
        if self._issuer is None or pending is None:
            return self._form(
                request, "/", "This login was not begun in this browser, or too long ago: try again.", 403
            )
        if query.get("iss", self._issuer.settings.issuer) != self._issuer.settings.issuer:
            return self._form(request, pending.to, "Another issuer answered.", 403)
        if not query.get("code"):
            return self._form(
                request, pending.to, f"The issuer refused the login: {query.get('error', 'no reason given')[:100]}", 403
            )
        try:
            async with self._turns:
                claims = await asyncio.to_thread(self._issuer.claims, pending, query["code"])
        except NixernetesError as error:
            return self._form(request, pending.to, str(error), 403)
        standing = self._roles.of_person(claims.name, tuple(claims.groups))
        if standing() is None:
            return self._form(
                request, pending.to, f"{claims.name} may do nothing here: no role names them or their groups.", 403
            )
        return self._entered(request, standing, pending.to)

    async def _leave(self, request: Request) -> Response:
        session = request.cookies.get(self._door.cookie, "")
        if "origin" not in request.headers or not self._door.is_proof(session, request.headers.get("x-csrf-token", "")):
            return JSONResponse({"error": "the request does not come from the page: load it again"}, 403)
        self._door.end(session)
        answer = JSONResponse({})
        answer.delete_cookie(self._door.cookie, path="/")
        return answer

    def _entered(self, request: Request, standing: Callable[[], Standing | None], to: str) -> Response:
        """Open a new session, and go on from a page of ours: a browser sends the cookie only from there."""
        self._door.end(request.cookies.get(self._door.cookie, ""))
        session = self._door.begin(standing)
        text = _template().render(state="", to=to, start="", issuer="", takes_tokens=False, problem="", after=to)
        answer = HTMLResponse(text)
        self._door.give(answer, session)
        answer.delete_cookie(self._cookie, path=LOGIN)
        return answer

    @property
    def _cookie(self) -> str:
        return f"{self._door.cookie}-login"

    def _begin(self, request: Request, to: str) -> Pending:
        """Begin a login; who begins very many loses logins of their own."""
        address = address_of(request.scope)
        own = [state for state, (_, _, who) in self._pending.items() if who == address]
        for state in own[: max(len(own) - _MOST_PENDING_OF_ONE + 1, 0)]:
            del self._pending[state]
        while len(self._pending) >= _MOST_PENDING:
            del self._pending[next(iter(self._pending))]
        pending = Pending(to=to)
        self._pending[pending.state] = (pending, monotonic() + _PENDING_SECONDS, address)
        return pending

    def _bound(self, answer: Response, pending: Pending) -> Response:
        """Bind a login to this browser; the issuer's answer comes from elsewhere, so Lax and no stricter."""
        answer.set_cookie(
            self._cookie,
            pending.state,
            max_age=_PENDING_SECONDS,
            path=LOGIN,
            httponly=True,
            samesite="lax",
            secure=self._door.is_encrypted,
        )
        return answer

    def _taken(self, request: Request, state: str) -> Pending | None:
        """Take a login that this browser began; it is good once."""
        bound = request.cookies.get(self._cookie, "")
        if not state or not secrets.compare_digest(bound.encode(errors="replace"), state.encode(errors="replace")):
            return None
        pending, until, _ = self._pending.pop(state, (None, 0.0, ""))
        return pending if monotonic() < until else None


def own_path(text: str) -> str:
    """Return a path of this server and its query, ``/`` for anything that could be elsewhere."""
    is_plain = text.startswith("/") and not text.startswith(("//", "/\\")) and len(text) <= _LONGEST
    has_odd = any(ord(each) < 0x21 or each in '\\"<>`' or ord(each) == 0x7F for each in text)
    parts = urlsplit(text) if is_plain and not has_odd else None
    if parts is None or parts.scheme or parts.netloc or parts.path.startswith(LOGIN):
        return "/"
    return text


def address_of(scope: object) -> str:
    """Return the address of whoever asks."""
    client = scope.get("client") if isinstance(scope, dict) else None
    return str(client[0]) if client else ""


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("nixernetes.adapters.web_server", "data/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("login.html")
