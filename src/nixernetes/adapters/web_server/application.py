"""The page as an ASGI application: one template, the files of the program, the API, and the stream of changes."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import jinja2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from nixernetes._version import __version__
from nixernetes.adapters.web_server.access.limits import AskingLimits
from nixernetes.adapters.web_server.access.login import PageAccess, PageLogin
from nixernetes.adapters.web_server.access.standing import VIEWER
from nixernetes.adapters.web_server.changes import ChangeFeed, ChangeStream
from nixernetes.adapters.web_server.doors import Door
from nixernetes.adapters.web_server.guarding import FREE, SESSION, WebGuard
from nixernetes.adapters.web_server.packing import PackedPart, packed, part
from nixernetes.adapters.web_server.questions import Answering, WebQuestion
from nixernetes.engine.webhooks import HookRequest

__all__ = ["web_application"]

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
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
_PACKAGE: Final = "nixernetes.adapters.web_server"
_JSON: Final = "application/json"
_LEAST_PACKED: Final = 1024  # bytes: less is one packet as it is
_FIRST: Final = "fleet"  # what the page asks first
_PROGRAM: Final = "app.js"
_IMPORT: Final = re.compile(r'from "/static/(\w+\.js)"')  # not what is imported later, by a call
_STYLES: Final = "styles.css"  # all of them, in one answer
_TAIL: Final = b"</script>\n  </body>\n</html>\n"
_FOR_EVER: Final = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file of the program."""

    body: bytes
    packed: bytes
    content_type: str
    tag: str


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
        self._files = _files()
        self._version = _version(self._files)
        self._place = f"{FREE}{self._version}/"
        self._kept = {name: _placed(file, self._place) for name, file in self._files.items()}
        self._kept[_STYLES] = _styles(self._files)
        self._shell = _shell()
        self._tail = part(_TAIL)
        self._packed: PackedPart | None = None
        self._hooks = asyncio.Semaphore(_MOST_HOOKS)

    async def view(self, request: Request) -> Response:
        session = request.scope[SESSION]
        standing = self._door.standing(session) or VIEWER
        role = standing.role
        proof = self._door.proof(session)
        number = self._feed.number  # before it is asked: what changes meanwhile is told again
        head = self._shell.render(
            version=__version__,
            role=role.value,
            who=standing.name,
            proof=proof,
            modules=_needed(self._files, request.url.path),
            number=number,
            place=self._place,
            styles=_STYLES,
        ).encode()
        body = await self._first(request)
        parts = [part(head), self._answers(body), self._tail]
        if not _takes_packed(request):
            return HTMLResponse(b"".join(each.plain for each in parts))
        return HTMLResponse(packed(parts), headers=_PACKED)

    async def _first(self, request: Request) -> bytes:
        """Return what the page asks first as JSON in JSON, so that it need not ask; ``{}`` where it has to."""
        found = await self._ask(WebQuestion(name=_FIRST)) if request.url.path == "/" else None
        if found is None or found.status != 200:
            return b"{}"
        return b'{"%s":%s}' % (_FIRST.encode(), found.body.replace(b"<", b"\\u003c"))

    def _answers(self, body: bytes) -> PackedPart:
        """Pack what is in the page; the last one is kept."""
        if self._packed is None or self._packed.plain != body:
            self._packed = part(body)
        return self._packed

    async def static(self, request: Request) -> Response:
        """Send a file that may be another one the next time."""
        file = self._files.get(request.path_params["name"])
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
        file = self._kept.get(request.path_params["name"])
        if file is None or request.path_params["version"] != self._version:
            return PlainTextResponse("there is no such file\n", 404)
        return _sent(request, file, {"cache-control": _FOR_EVER})

    async def api(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "openapi.json":
            return _json(request, self._document, 200)
        body = await _body(request, _MOST_BODY) if request.method == "POST" else None
        if body is not None and len(body) > _MOST_BODY:
            return JSONResponse({"error": "too much at once: choose fewer"}, 413)
        standing = (self._door.standing(request.scope[SESSION]) or VIEWER) if body is not None else None
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


def _takes_packed(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _json(request: Request, body: bytes, status: int) -> Response:
    """Return JSON, packed where that helps; no secret of the page stands in it, so its size tells nothing."""
    if len(body) < _LEAST_PACKED or not _takes_packed(request):
        return Response(body, status, media_type=_JSON)
    return Response(packed([part(body)]), status, _PACKED, _JSON)


def _sent(request: Request, file: _File, headers: Mapping[str, str]) -> Response:
    if not _takes_packed(request):
        return Response(file.body, media_type=file.content_type, headers=headers)
    return Response(file.packed, media_type=file.content_type, headers={**headers, **_PACKED})


@cache
def _files() -> Mapping[str, _File]:
    """Return the files of the program by their names: what has no name here cannot be asked for."""
    found = {}
    for each in (resources.files(_PACKAGE) / "data" / "static").iterdir():
        found[each.name] = _file(each.read_bytes(), _TYPES[each.name.rpartition(".")[2]])
    return dict(sorted(found.items()))


def _file(body: bytes, kind: str) -> _File:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return _File(body=body, packed=gzip.compress(body, mtime=0), content_type=kind, tag=tag)


def _version(files: Mapping[str, _File]) -> str:
    """Return what is another one as soon as any file is."""
    tags = "".join(f"{name} {file.tag}" for name, file in files.items())
    return hashlib.sha256(tags.encode()).hexdigest()[:16]


def _needed(files: Mapping[str, _File], path: str) -> list[str]:
    """Return the modules that a view needs before anything is drawn: the page's, and its own."""
    found: set[str] = set()
    wanted = {_PROGRAM, f"{path.strip('/')}.js"}
    while wanted:
        name = wanted.pop()
        if name in files and name not in found:
            found.add(name)
            wanted |= set(_IMPORT.findall(files[name].body.decode()))
    return sorted(found)


def _styles(files: Mapping[str, _File]) -> _File:
    """Return all styles as one file, those that others build on first, the rest by name."""
    names = [name for name in files if name.endswith(".css")]
    found = [
        files[name].body for name in sorted(names, key=lambda name: (name != "base.css", name != "page.css", name))
    ]
    return _file(b"\n".join(found), _TYPES["css"])


def _placed(file: _File, place: str) -> _File:
    """Return a file whose names of other files lead to a place."""
    body = file.body.replace(f'"{FREE}'.encode(), f'"{place}'.encode())
    return file if body == file.body else _file(body, file.content_type)


@cache
def _shell() -> jinja2.Template:
    """Return the page, in which everything else is drawn."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE, "data/templates"), autoescape=True, undefined=jinja2.StrictUndefined
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
