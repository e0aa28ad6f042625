"""The page opens for whoever has its address, and does nothing for another site."""

from __future__ import annotations

import httpx
import pytest
from tests.adapters.web_server.visitors import Served

from nixernetes.adapters.web_server.doors import Door, Role

READS = ("/", "/delivery?name=a", "/api/v1/fleet", "/api/v1/openapi.json", "/api/v1/changes")


@pytest.mark.parametrize("path", READS)
def test_nothing_is_shown_without_a_session(served: Served, path: str) -> None:
    answer = served.visitor().get(path)
    assert (answer.status_code, served.asked) == (401, [])
    assert "open the address that nixernetes prints" in answer.text


def test_the_printed_address_opens_the_page_for_one_browser(served: Served) -> None:
    address = served.server.door.invitation
    client = served.visitor()
    answer = client.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/api/v1/fleet").status_code == 200
    assert served.visitor().get(address).status_code == 401, "an address of the history opens nothing any more"
    assert served.told == [served.server.door.invitation], "the next one is told"
    assert client.get(address).status_code == 303, "whoever is in may keep it as a bookmark"


def test_what_was_asked_for_is_shown_after_entering(served: Served) -> None:
    token = served.server.door.invitation.partition("token=")[2]
    answer = served.visitor().get(f"/delivery?name=a%26b&token={token}")
    assert answer.headers["location"] == "/delivery?name=a%26b"


def test_entering_leads_to_no_other_host(served: Served) -> None:
    token = served.server.door.invitation.partition("token=")[2]
    raw = served.visitor().get(httpx.URL(f"{served.origin}//evil.example/?token={token}"))
    assert raw.headers["location"].startswith("/evil.example"), "one slash: a path of ours"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", ""])
def test_another_name_of_this_server_is_refused(served: Served, host: str) -> None:
    """DNS rebinding: a page of another site gives its own name the loopback address."""
    name = host.format(port=served.origin.rpartition(":")[2])
    assert served.entered().get("/api/v1/fleet", headers={"host": name}).status_code in (400, 421)
    assert served.asked == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil"])
def test_requests_of_other_sites_are_refused(served: Served, origin: str) -> None:
    client = served.entered()
    assert client.get("/api/v1/fleet", headers={"origin": origin}).status_code == 403
    assert served.change(client, origin=origin).status_code == 403
    assert served.asked == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_embeds_is_refused_and_a_link_is_followed(served: Served, site: str) -> None:
    client = served.entered()
    script = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}
    visit = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    frame = {**visit, "sec-fetch-dest": "iframe"}
    assert client.get("/api/v1/fleet", headers=script).status_code == 403
    assert client.get("/static/app.js", headers=script).status_code == 403
    assert client.get("/", headers=frame).status_code == 403
    assert client.get("/", headers=visit).status_code == 200


def test_a_change_needs_session_origin_and_proof(served: Served) -> None:
    client = served.entered()
    assert served.change(client).status_code == 200
    served.asked.clear()
    assert served.change(client, origin="-").status_code == 403
    assert served.change(client, **{"x-csrf-token": "-"}).status_code == 403
    assert served.change(client, **{"x-csrf-token": "0" * 64}).status_code == 403
    assert served.change(client, **{"content-type": "text/plain"}).status_code == 415
    assert served.change(served.visitor()).status_code == 401
    assert served.asked == []


def test_the_proof_of_another_session_is_none(served: Served) -> None:
    one, two = served.entered(), served.entered()
    stolen = served.server.door.proof(str(one.cookies[served.server.door.cookie]))
    assert served.change(two, **{"x-csrf-token": stolen}).status_code == 403


def test_who_only_looks_changes_nothing(served: Served) -> None:
    client = served.entered(served.server.door.viewer_address)
    assert client.get("/api/v1/fleet").status_code == 200
    served.asked.clear()
    refused = served.change(client)
    assert (refused.status_code, served.asked) == (403, [])
    assert "this session only looks" in refused.json()["error"]


def test_a_program_reads_with_the_token_of_those_who_look_and_changes_nothing(served: Served) -> None:
    headers = {"authorization": f"Bearer {served.server.door.viewer_token}"}
    client = served.visitor()
    assert client.get("/api/v1/fleet", headers=headers).status_code == 200
    assert served.change(client, **headers).status_code == 401
    assert client.get("/api/v1/fleet", headers={"authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    assert served.entered().request(method, "/api/v1/actions").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static/../application.py",
        "/static/..%2fapplication.py",
        "/static/%2e%2e/%2e%2e/application.py",
        "/static//etc/passwd",
        "/static/....//application.py",
        "/static/app.js%00",
        "/static/",
    ],
)
def test_no_path_leaves_the_files_of_the_program(served: Served, path: str) -> None:
    answer = served.entered().get(path)
    assert answer.status_code in (400, 404)
    assert "import" not in answer.text


def test_too_much_is_refused(served: Served) -> None:
    client = served.entered()
    assert client.get(f"/api/v1/fleet?q={'x' * 9000}").status_code == 414
    proof = served.server.door.proof(str(client.cookies[served.server.door.cookie]))
    headers = {"origin": served.origin, "x-csrf-token": proof, "content-type": "application/json"}
    answer = client.post("/api/v1/actions", content=b"x" * 2**20, headers=headers)
    assert (answer.status_code, served.asked) == (413, [])


@pytest.mark.parametrize("cookie", ['"', "a=b; =", "\x01", "nixernetes-1=x", "x" * 5000])
def test_a_cookie_that_is_none_opens_nothing(served: Served, cookie: str) -> None:
    assert served.visitor().get("/", headers={"cookie": cookie}).status_code in (400, 401)


def test_every_answer_forbids_what_the_page_does_not_need(served: Served) -> None:
    client = served.entered()
    for answer in (client.get("/"), client.get("/api/v1/fleet"), client.get("/static/app.js"), client.get("/nothing")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/hook/abc", "/api/webhook"])
def test_git_hosts_come_by_any_name_and_browsers_do_not(served: Served, path: str) -> None:
    sender = served.visitor()
    answer = sender.post(path, content=b"{}", headers={"host": "tunnel.example", "x-github-event": "push"})
    assert answer.status_code == 200
    (asked,) = served.asked
    assert asked.hook is not None
    assert (asked.hook.path, asked.hook.body, asked.hook.header("X-GitHub-Event")) == (path, b"{}", "push")
    served.asked.clear()
    for browsed in ({"origin": served.origin}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert sender.post(path, content=b"{}", headers=browsed).status_code == 403
    assert served.entered().post(path, content=b"{}").status_code == 403, "a session is no signature"
    assert sender.post(path, content=b"x" * (25 * 2**20 + 1)).status_code == 413
    assert served.asked == []


@pytest.mark.parametrize("name", ["actions", "clock", "faults", "anything"])
def test_a_stolen_token_of_those_who_look_changes_nothing_by_any_way(served: Served, name: str) -> None:
    viewer = served.entered(served.server.door.viewer_address)
    session = str(viewer.cookies[served.server.door.cookie])
    headers = {
        "origin": served.origin,
        "x-csrf-token": served.server.door.proof(session),
        "content-type": "application/json",
    }
    body = {"do": "delete", "targets": [{}], "order": "step"}
    program = {"authorization": f"Bearer {served.server.door.viewer_token}", **headers}
    for client, sent, status in ((viewer, headers, 403), (served.visitor(), program, 401)):
        assert client.post(f"/api/v1/{name}", json=body, headers=sent).status_code == status
        assert client.post(f"/api/v1/{name}?token={served.server.door.viewer_token}", json=body, headers=sent).is_error
    assert served.asked == []


def test_tokens_of_addresses_are_not_guessed_and_whoever_is_in_stays(served: Served) -> None:
    inside, stranger = served.entered(), served.visitor()
    statuses = [stranger.get(f"/?token=wrong-{number}").status_code for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert stranger.get(served.server.door.viewer_address).status_code == 429, "or guessing would go on"
    assert inside.get("/api/v1/fleet").status_code == 200


def test_whoever_asks_too_often_is_told_to_wait(served: Served) -> None:
    client = served.entered()
    statuses = {served.change(client).status_code for _ in range(80)}
    assert statuses == {200, 429}
    assert len(served.asked) < 80 * 2


def test_those_who_only_look_put_no_operator_out() -> None:
    door = Door(0)
    operator = door.enter(door.invitation.partition("token=")[2])
    assert all(door.enter(door.viewer_token) for _ in range(1500))
    assert door.role(operator) is Role.OPERATOR
