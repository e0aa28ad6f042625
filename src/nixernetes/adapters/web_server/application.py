"""The page as an ASGI application: one template, the files of the program, the API, and the stream of changes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Final

import jinja2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from nixernetes._version import __version__
from nixernetes.adapters.web_server.access.limits import AskingLimits
from nixernetes.adapters.web_server.access.login import PageAccess, PageLogin
from nixernetes.adapters.web_server.access.standing import VIEWER
from nixernetes.adapters.web_server.changes import ChangeFeed, ChangeStream
from nixernetes.adapters.web_server.doors import Door
from nixernetes.adapters.web_server.first_answers import first_answers
from nixernetes.adapters.web_server.guarding import SESSION, WebGuard
from nixernetes.adapters.web_server.packing import PackedPart, Packing, packed, part
from nixernetes.adapters.web_server.program import PACKAGE, ProgramFile, opened_program
from nixernetes.adapters.web_server.questions import Answering, WebQuestion
from nixernetes.engine.webhooks import HookRequest

__all__ = ["web_application"]

_PACKED: Final = {"content-encoding": "gzip", "vary": "accept-encoding"}
_VIEWS: Final = (
    "/",
    "/clusters",
    "/projects",
    "/sources",
    "/policies",
    "/delivery",
    "/findings",
    "/review",
    "/reasons",
    "/history",
    "/activity",
    "/notifications",
)
_MOST_BODY: Final = 256 * 1024  # bytes: a change of five hundred deliveries is a fifth of that
_HOOKS: Final = ("/hook/{digest}", "/api/webhook")
_MOST_HOOK: Final = 25 * 1024 * 1024  # bytes: GitHub sends no more
_MOST_HOOKS: Final = 4  # at once
_HOOK_SECONDS: Final = 10.0  # in which all of it has to be here: nobody proves anything before
_JSON: Final = "application/json"
_LEAST_PACKED: Final = 1024  # bytes: less is one packet as it is
_PERSONAL: Final = "permission"  # its answer is another one for everybody
_KEPT: Final = 4  # answers that are packed: the fleet's is the long one
_THEME: Final = "nixernetes-theme"  # a cookie: what is chosen is known before anything is drawn
_TAIL: Final = b"null]</script>\n  </body>\n</html>\n"
_FOR_EVER: Final = "private, max-age=31536000, immutable"


def web_application(
    ask: Answering,
    feed: ChangeFeed,
    door: Door,
    described: Mapping[str, object],
    access: PageAccess | None = None,
    limits: AskingLimits | None = None,
) -> ASGIApp:
    """Return the application.

    Args:
        ask: answers the questions of the API.
        feed: tells when something has changed.
        door: where it is, and what opens it.
        described: the API as an OpenAPI document.
        access: who may come in by name; None where printed addresses alone open it.
        limits: how often somebody may ask.

    """
    limits = limits or AskingLimits()
    login = PageLogin(door, access.roles, access.issuer, limits) if access is not None else None
    face = _Face(ask, feed, door, json.dumps(described, sort_keys=True).encode())
    routes = [
        *(Route(path, face.view) for path in _VIEWS),
        Route("/static/{name}", face.static),
        Route("/static/{version}/{name}", face.kept),
        *(Route(path, face.hook, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]) for path in _HOOKS),
        Route("/api/v1/changes", face.changes),
        Route("/api/v1/{name}", face.api, methods=["GET", "POST"]),
    ]
    if login is not None:
        routes += login.routes()
    return WebGuard(Starlette(routes=routes), door, login, limits)


class _Face:
    """Answers requests that were let in."""

    def __init__(self, ask: Answering, feed: ChangeFeed, door: Door, document: bytes) -> None:
        self._ask = ask
        self._feed = feed
        self._door = door
        self._document = document
        self._program = opened_program()
        self._shell = _shell()
        self._tail = part(_TAIL)
        self._kept: deque[PackedPart] = deque(maxlen=_KEPT)
        self._hooks = asyncio.Semaphore(_MOST_HOOKS)

    async def view(self, request: Request) -> Response:
        session = request.scope[SESSION]
        standing = self._door.standing(session) or VIEWER
        number = self._feed.number  # before it is asked: what changes meanwhile is told again
        head = self._shell.render(
            version=__version__,
            role=standing.role.value,
            who=standing.name,
            bounds="" if standing.is_unbounded else "yes",
            proof=self._door.proof(session),
            scripts=self._program.scripts(request.url.path),
            number=number,
            place=self._program.place,
            styles=self._program.styles,
            theme=_theme(request),
        ).encode()
        if request.method == "HEAD":
            return HTMLResponse()
        takes_packed = _takes_packed(request)
        return StreamingResponse(
            self._sent(request, head, is_packed=takes_packed),
            media_type="text/html",
            headers=_PACKED if takes_packed else None,
        )

    async def _sent(self, request: Request, head: bytes, *, is_packed: bool) -> AsyncIterator[bytes]:
        """Send the page: its head at once, so that the browser fetches scripts while the answers are worked out."""
        packing = Packing(is_packed=is_packed)
        yield packing.add(part(head))
        answers = await first_answers(self._ask, request.url.path, dict(request.query_params))
        for each in answers:
            yield packing.add(self._answer(each))
        yield packing.add(self._tail) + packing.end()

    def _answer(self, body: bytes) -> PackedPart:
        """Pack an answer that is in the page; the last ones are kept."""
        body = body + b","
        for each in self._kept:
            if each.plain == body:
                return each
        found = part(body)
        self._kept.append(found)
        return found

    async def static(self, request: Request) -> Response:
        """Send a file that may be another one the next time."""
        file = self._program.files.get(request.path_params["name"])
        if file is None:
            return PlainTextResponse("there is no such file\n", 404)
        headers = {"etag": file.tag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers=headers)
        return _sent(request, file, headers)

    async def kept(self, request: Request) -> Response:
        """Send a file by the name that it has for as long as no file of the program is another; it is kept by browsers.

        What a file names are the files of its own version.
        """
        file = self._program.kept.get(request.path_params["name"])
        if file is None or request.path_params["version"] != self._program.version:
            return PlainTextResponse("there is no such file\n", 404)
        return _sent(request, file, {"cache-control": _FOR_EVER})

    async def api(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "openapi.json":
            return _json(request, self._document, 200)
        body = await _body(request, _MOST_BODY) if request.method == "POST" else None
        if body is not None and len(body) > _MOST_BODY:
            return JSONResponse({"error": "too much at once: choose fewer"}, 413)
        is_personal = body is not None or name == _PERSONAL
        standing = (self._door.standing(request.scope[SESSION]) or VIEWER) if is_personal else None
        found = await self._ask(WebQuestion(name=name, about=dict(request.query_params), body=body, standing=standing))
        if found.file:
            kept = {"content-disposition": f'attachment; filename="{found.file}"'}
            return Response(found.body, found.status, kept, "application/octet-stream")
        return _json(request, found.body, found.status)

    async def hook(self, request: Request) -> Response:
        if self._hooks.locked():
            return PlainTextResponse("too many requests at once\n", 503, {"retry-after": "1"})
        async with self._hooks:
            try:
                async with asyncio.timeout(_HOOK_SECONDS):
                    body = await _body(request, _MOST_HOOK)
            except TimeoutError:
                return PlainTextResponse("the body takes too long\n", 408, {"connection": "close"})
            if len(body) > _MOST_HOOK:
                return PlainTextResponse("the body is too large\n", 413)
            headers = dict(request.headers.items())
            sent = HookRequest(method=request.method, path=request.url.path, headers=headers, body=body)
            found = await self._ask(WebQuestion(name="hook", hook=sent))
        return PlainTextResponse(found.body, found.status)

    async def changes(self, request: Request) -> Response:
        if self._feed.is_full:
            return PlainTextResponse("too many browsers listen\n", 503, {"retry-after": "5"})
        session = request.scope[SESSION]
        return ChangeStream(self._feed, may_see=lambda: not session or self._door.role(session) is not None)


def _theme(request: Request) -> str:
    """Return the theme that this browser has chosen; ``""`` where the system decides."""
    chosen = request.cookies.get(_THEME, "")
    return chosen if chosen in ("light", "dark") else ""


def _takes_packed(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _json(request: Request, body: bytes, status: int) -> Response:
    """Return JSON, packed where that helps; no secret of the page stands in it, so its size tells nothing.

    Whoever has the very same answer is told that alone.
    """
    if len(body) < _LEAST_PACKED:
        return Response(body, status, media_type=_JSON)
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    if not _takes_packed(request):
        return Response(body, status, {"etag": tag}, _JSON)
    return Response(packed([part(body)]), status, {**_PACKED, "etag": tag}, _JSON)


def _sent(request: Request, file: ProgramFile, headers: Mapping[str, str]) -> Response:
    if not _takes_packed(request):
        return Response(file.body, media_type=file.content_type, headers=headers)
    return Response(file.packed, media_type=file.content_type, headers={**headers, **_PACKED})


@cache
def _shell() -> jinja2.Template:
    """Return the page, in which everything else is drawn."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(PACKAGE, "data/templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("page.html")


async def _body(request: Request, most: int) -> bytes:
    """Read what is sent, and no more of it than tells that it is too much."""
    body = b""
    async for more in request.stream():
        body += more
        if len(body) > most:
            break
    return body
