"""What the server sends: files of the program, packed, and a stream of changes."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from pathlib import Path

import pytest
from starlette.types import Message
from tests.adapters.web_server.visitors import Served

from nixernetes.adapters import web_server
from nixernetes.adapters.web_server import application
from nixernetes.adapters.web_server.changes import ChangeFeed, ChangeStream
from nixernetes.adapters.web_server.doors import Door
from nixernetes.adapters.web_server.packing import packed, part
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion

STATIC = Path(web_server.__file__).parent / "data" / "static"
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|createContextualFragment"
)


def test_no_script_reads_markup() -> None:
    """Names and messages of clusters become texts, never elements."""
    assert [path.name for path in STATIC.glob("*.js") if MARKUP.search(path.read_text())] == []


def test_nothing_is_asked_of_another_host() -> None:
    allowed = {"http://www.w3.org/2000/svg"}
    texts = "".join(path.read_text() for path in STATIC.parent.rglob("*.*") if path.is_file())
    assert set(re.findall(r"https?://[^\s\"')]+", texts)) <= allowed


def test_the_page_has_no_script_in_it(served: Served) -> None:
    """The first answer stands in it, as data that no browser runs; whatever it says, it does not end early."""
    page = served.entered().get("/").text
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    *empty, (kind, answers) = scripts
    assert empty
    assert {text for _, text in empty} == {""}
    assert kind == ' type="application/json" id="answers"'
    fleet, *_ = json.loads(answers)
    assert (fleet["name"], fleet["about"]) == ("fleet", {})
    assert fleet["value"]["padding"].startswith("</script><script>")
    assert "<" not in answers
    assert not re.search(r"\son\w+=|style=|javascript:", page)


def test_the_page_is_packed_in_parts(served: Served) -> None:
    """The proof in the page is packed by itself: the size of the page tells nothing of it."""
    client = served.entered()
    plain = client.get("/", headers={"accept-encoding": "identity"})
    answer = client.get("/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == plain.content
    assert client.head("/").status_code == 200
    one, two = part(b"secret" * 9), part(b"secret" * 9)
    assert gzip.decompress(packed([one, two, part(b"")])) == b"secret" * 18
    assert len(packed([one, two])) - len(packed([one])) == len(two.packed) >= len(part(b"secret").packed)


def test_files_are_kept_by_their_version(served: Served) -> None:
    client = served.entered()
    place = re.search(r'src="(/static/[0-9a-f]{16}/)page\.js"', client.get("/").text)
    assert place is not None
    for name in ("page.js", "views.js", "styles.css", "mark.svg"):
        answer = client.get(f"{place[1]}{name}")
        assert "immutable" in answer.headers["cache-control"]
        assert set(re.findall(r'"(/static/[^"]*/)\w+\.\w+"', answer.text)) <= {place[1]}, "one file has one address"
    assert client.get("/static/0123456789abcdef/page.js").status_code == 404
    assert client.get(f"{place[1]}app.js").status_code == 404


def test_a_view_loads_what_it_needs_and_no_more(served: Served) -> None:
    client = served.entered()
    for path, wanted in (
        ("/", ["page.js"]),
        ("/delivery", ["page.js", "views.js"]),
        ("/review", ["page.js", "views.js"]),
    ):
        assert re.findall(r'src="/static/\w+/(\w+\.js)"', client.get(path).text) == wanted
    views = re.findall(r'"/(\w+)": \(\) => import\("/static/(\w+)\.js"\)', (STATIC / "app.js").read_text())
    assert all(path == name and (STATIC / f"{name}.js").exists() for path, name in views)
    assert len(views) > 8


def test_a_view_comes_with_what_it_asks_first(served: Served) -> None:
    client = served.entered()
    about = {"cluster": "a", "kind": "Kustomization", "namespace": "b", "name": "</script>"}
    by = {f"by-{part}": text for part, text in about.items()}
    pod = {"cluster": "a", "group": "", "kind": "Pod", "namespace": "b", "name": "c/d", **by}
    for path, choices, wanted in (
        ("/", {}, [("fleet", {}), ("clock", {})]),
        ("/history", {}, [("fleet", {}), ("clock", {}), ("timeline", {})]),
        ("/delivery", {**about, "as": "order"}, [("fleet", {}), ("clock", {}), ("delivery", about), ("order", about)]),
        (
            "/delivery",
            {**about, "object": "a//Pod/b/c%2Fd"},
            [("fleet", {}), ("clock", {}), ("delivery", about), ("object", pod)],
        ),
    ):
        page = client.get(path, params=choices).text
        answers = json.loads(page.partition('id="answers">')[2].partition("</script>")[0])
        assert [(each["name"], each["about"]) for each in answers if each] == wanted


def test_the_theme_is_known_before_anything_is_drawn(served: Served) -> None:
    client = served.entered()
    for chosen, told in (("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('"><script>', "")):
        client.cookies.set("nixernetes-theme", chosen)
        assert f'<html lang="en"{told}>' in client.get("/").text


def test_files_are_packed_kept_and_few(served: Served) -> None:
    client = served.entered()
    total = 0
    for path in sorted(STATIC.iterdir()):
        answer = client.get(f"/static/{path.name}", headers={"accept-encoding": "gzip"})
        assert answer.content == path.read_bytes()
        total += int(answer.headers["content-length"])
        again = client.get(f"/static/{path.name}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert total < 100_000  # of 150 KB: the rest is for the first answer
    assert client.get("/static/app.js", headers={"accept-encoding": "identity"}).text.startswith("//")


def test_answers_of_the_api_are_packed_and_kept_by_nobody(served: Served) -> None:
    client = served.entered()
    answer = client.get("/api/v1/object", params={"name": "a b", "kind": "Pod"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["about"] == {"name": "a b", "kind": "Pod"}
    known = {"if-none-match": answer.headers["etag"]}
    again = client.get("/api/v1/object", params={"name": "a b", "kind": "Pod"}, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert "content-encoding" not in client.get("/api/v1/fleet", headers={"accept-encoding": "identity"}).headers


def test_a_change_is_told_to_who_listens(served: Served) -> None:
    client = served.entered()
    with client.stream("GET", "/api/v1/changes") as stream:
        lines = stream.iter_lines()
        assert [next(lines) for _ in range(4)] == ["id: 0", "event: changed", "data: {}", ""]
        served.server.feed.changed(b'{"fleet":1}')
        assert [next(lines) for _ in range(4)] == ["id: 1", "event: changed", 'data: {"fleet":1}', ""]
        for _ in range(100):
            served.server.feed.changed(b'{"fleet":2}')
        found = [next(lines) for _ in range(3)]
        while found[0] != "id: 101":
            found = [*found[1:], next(lines)]
        assert found[2] in ("data: {}", 'data: {"fleet":2}')


def test_who_takes_nothing_is_cut_off() -> None:
    feed = ChangeFeed()
    heard = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            heard.append(feed.is_heard)
            await asyncio.Event().wait()

    asyncio.run(asyncio.wait_for(ChangeStream(feed, slow_seconds=0.01)({}, receive, send), 10))
    assert (heard, feed.is_heard) == ([True], False)


def test_who_may_see_nothing_any_more_hears_nothing_more() -> None:
    feed = ChangeFeed()
    heard: list[bytes] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            heard.append(message["body"])
            feed.changed(b'{"fleet":2}')

    stream = ChangeStream(feed, may_see=lambda: not heard)
    asyncio.run(asyncio.wait_for(stream({}, receive, send), 10))
    assert heard == [b"id: 0\nevent: changed\ndata: {}\n\n", b""]
    assert not feed.is_heard


def test_who_sends_nothing_keeps_no_git_host_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_HOOK_SECONDS", 0.1)

    async def answer(_: WebQuestion) -> WebAnswer:
        return WebAnswer(status=200, body=b"")

    app = application.web_application(answer, ChangeFeed(), Door(0), {})

    async def sent(*bodies: bytes) -> int:
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False} for body in bodies]
        told: list[Message] = []

        async def receive() -> Message:
            return parts.pop() if parts else await asyncio.get_running_loop().create_future()

        async def send(message: Message) -> None:
            told.append(message)

        scope = {"type": "http", "method": "POST", "path": "/api/webhook", "query_string": b"", "headers": []}
        await app(scope, receive, send)
        return int(told[0]["status"])

    async def asked() -> tuple[list[int], int]:
        silent = [asyncio.ensure_future(sent()) for _ in range(4)]
        return await asyncio.wait_for(asyncio.gather(*silent), 5), await sent(b"{}")

    assert asyncio.run(asked()) == ([408] * 4, 200)
