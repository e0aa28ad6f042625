"""A report becomes one comment: created, then updated, with the requests that each host demands."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from nixernetes.adapters.code_hosts.comments import CodeHost
from nixernetes.adapters.code_hosts.requests import ReviewRequest, found_request
from nixernetes.errors import InputError, RemoteError

MARKER = "<!-- nixernetes diff -->"
TOKEN = "secret-token-1"
AUTHORIZED = {
    "github": ("Authorization", f"Bearer {TOKEN}"),
    "gitlab": ("PRIVATE-TOKEN", TOKEN),
    "gitea": ("Authorization", f"token {TOKEN}"),
}
LIST = {
    "github": "/repos/acme/fleet/issues/7/comments",
    "gitlab": "/projects/acme%2Ffleet/merge_requests/7/notes",
    "gitea": "/repos/acme/fleet/issues/7/comments",
}
ONE = {
    "github": "/repos/acme/fleet/issues/comments/{}",
    "gitlab": "/projects/acme%2Ffleet/merge_requests/7/notes/{}",
    "gitea": "/repos/acme/fleet/issues/comments/{}",
}
CHANGE = {"github": "PATCH", "gitlab": "PUT", "gitea": "PATCH"}


class _Host(ThreadingHTTPServer):
    """A host that checks the requests: token, path, method and body."""

    daemon_threads = True

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kind = kind
        self.comments: dict[int, str] = {}
        self.foreign: set[int] = set()
        self.wrong: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Host

    def _answer(self, status: int, data: object = None) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _is_allowed(self) -> bool:
        name, value = AUTHORIZED[self.server.kind]
        if self.headers.get(name) == value:
            return True
        self._answer(401, {"message": "Bad credentials"})
        return False

    def _text(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def do_GET(self) -> None:
        if not self._is_allowed():
            return
        parts = urlsplit(self.path)
        query = {key: int(values[0]) for key, values in parse_qs(parts.query).items() if values[0].isdecimal()}
        if parts.path != LIST[self.server.kind]:
            self._answer(404, {})
            return
        size = query["limit" if self.server.kind == "gitea" else "per_page"]
        rows = [{"id": each, "body": body} for each, body in sorted(self.server.comments.items())]
        self._answer(200, rows[(query["page"] - 1) * size : query["page"] * size])

    def do_POST(self) -> None:
        if self._is_allowed():
            if self.path != LIST[self.server.kind]:
                self._answer(404, {})
                return
            self.server.comments[len(self.server.comments) + 1] = self._text()
            self._answer(201, {})

    def _changed(self) -> None:
        if not self._is_allowed():
            return
        text = self._text()
        for each in self.server.comments:
            if self.path == ONE[self.server.kind].format(each) and self.command == CHANGE[self.server.kind]:
                if each in self.server.foreign:
                    self._answer(403, {})
                    return
                self.server.comments[each] = text
                self._answer(200, {})
                return
        self._answer(404, {})

    def do_PATCH(self) -> None:
        self._changed()

    def do_PUT(self) -> None:
        self._changed()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(params=["github", "gitlab", "gitea"])
def server(request: pytest.FixtureRequest) -> Iterator[_Host]:
    with _Host(request.param) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def put(server: _Host, text: str, *, token: str = TOKEN, number: int = 7) -> str:
    request = ReviewRequest(host=server.kind, api=server.url, repository="acme/fleet", number=number, token=token)
    target = CodeHost(request)
    try:
        return target.put(f"{MARKER}\n{text}", MARKER)
    finally:
        target.close()


def test_a_comment_is_written_once_and_then_brought_up_to_date(server: _Host) -> None:
    server.comments = {each: f"somebody says {MARKER} {each}" for each in range(1, 131)}  # more than one page
    assert put(server, "first") == "created"
    assert put(server, "second") == "updated"
    assert server.comments[131] == f"{MARKER}\nsecond"
    assert len(server.comments) == 131


def test_a_marker_that_somebody_else_wrote_is_left_alone(server: _Host) -> None:
    server.comments, server.foreign = {1: f"{MARKER}\nnot ours"}, {1}
    assert put(server, "ours") == "created"
    assert server.comments == {1: f"{MARKER}\nnot ours", 2: f"{MARKER}\nours"}


def test_a_refusal_says_why_and_never_the_token(server: _Host) -> None:
    with pytest.raises(RemoteError, match="the token is refused") as refused:
        put(server, "text", token="wrong-token-2")
    assert "wrong-token-2" not in str(refused.value)
    with pytest.raises(RemoteError, match="there is no such request"):
        put(server, "text", number=8)


def test_an_answer_that_is_not_of_an_api_is_told(server: _Host) -> None:
    request = ReviewRequest(host=server.kind, api="http://127.0.0.1:1/nothing", repository="a/b", number=1, token=TOKEN)
    target = CodeHost(request)
    with pytest.raises(RemoteError, match="cannot be reached"):
        target.put(MARKER, MARKER)
    target.close()


def test_the_pipeline_says_where_a_comment_goes(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"number": 7, "pull_request": {"number": 7}}))
    actions = {"GITHUB_REPOSITORY": "acme/fleet", "GITHUB_EVENT_PATH": str(event), "GITHUB_TOKEN": TOKEN}
    github = found_request(actions | {"GITHUB_ACTIONS": "true"})
    assert github.comments == f"https://api.github.com{LIST['github']}"
    gitea = found_request(
        actions | {"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_API_URL": "https://git.acme.io/api/v1"}
    )
    assert gitea.comments == f"https://git.acme.io/api/v1{LIST['gitea']}"
    gitlab = found_request(
        {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": "https://gitlab.acme.io/api/v4",
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": TOKEN,
        }
    )
    assert gitlab.comments == "https://gitlab.acme.io/api/v4/projects/42/merge_requests/7/notes"
    assert TOKEN not in repr(gitlab)


@pytest.mark.parametrize(
    ("environment", "advice"),
    [
        ({}, "--host"),
        ({"GITHUB_ACTIONS": "true"}, "GITHUB_TOKEN"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "a"}, "--repository"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "a", "GITHUB_REPOSITORY": "a/b"}, "--number"),
        ({"GITEA_ACTIONS": "true", "GITEA_TOKEN": "a"}, "--api"),
    ],
)
def test_what_is_missing_is_told_with_how_to_give_it(environment: dict[str, str], advice: str) -> None:
    with pytest.raises(InputError, match=advice):
        found_request(environment)
