"""What the server sends: files of the program, packed, and a stream of changes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.adapters.web_server.visitors import Served

from nixernetes.adapters import web_server

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
    page = served.entered().get("/").text
    scripts = re.findall(r"<script[^>]*>([^<]*)</script>", page)
    assert scripts
    assert set(scripts) == {""}
    assert not re.search(r"\son\w+=|style=|javascript:", page)


def test_files_are_packed_kept_and_few(served: Served) -> None:
    client = served.entered()
    total = 0
    for path in sorted(STATIC.iterdir()):
        answer = client.get(f"/static/{path.name}", headers={"accept-encoding": "gzip"})
        assert answer.content == path.read_bytes()
        total += int(answer.headers["content-length"])
        again = client.get(f"/static/{path.name}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert total < 60_000
    assert client.get("/static/app.js", headers={"accept-encoding": "identity"}).text.startswith("//")


def test_answers_of_the_api_are_packed_and_kept_by_nobody(served: Served) -> None:
    client = served.entered()
    answer = client.get("/api/v1/object", params={"name": "a b", "kind": "Pod"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["about"] == {"name": "a b", "kind": "Pod"}
    assert "content-encoding" not in client.get("/api/v1/fleet", headers={"accept-encoding": "identity"}).headers


def test_a_change_is_told_to_who_listens(served: Served) -> None:
    client = served.entered()
    with client.stream("GET", "/api/v1/changes") as stream:
        lines = stream.iter_lines()
        assert [next(lines), next(lines), next(lines)] == ["event: changed", "data: 0", ""]
        served.server.feed.changed()
        assert next(line for line in lines if line.startswith("data:")) == "data: 1"
