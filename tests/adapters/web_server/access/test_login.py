"""Logging in with a token and at an issuer; and what somebody tries who should not come in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.adapters.web_server.visitors import Served

from nixernetes.adapters.web_server.access.login import own_path
from nixernetes.adapters.web_server.access.places import PagePlace
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.adapters.web_server.serving import WebServer

pytest.importorskip("joserfc")
from tests.adapters.web_server.access.issuers import SmallIssuer, issuing  # where the extra is

ADA, EVE, TOM = "ada-token-1", "eve-token-2", "tom-token-3"
PAGE = {"accept": "text/html", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-site": "none"}


def _digest(token: str) -> str:
    return "sha256:" + hashlib.sha256(token.encode()).hexdigest()


@pytest.fixture(name="issuer", scope="module")
def an_issuer() -> Iterator[SmallIssuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture(name="served", scope="module")
def a_server(issuer: SmallIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    file = tmp_path_factory.mktemp("roles") / "roles.yaml"
    roles = [
        {"role": "operator", "people": ["ada"], "groups": ["platform"], "clusters": ["staging*"]},
        {"role": "viewer", "people": ["eve"]},
    ]
    tokens = {"ada": _digest(ADA), "eve": _digest(EVE), "tom": _digest(TOM)}
    oidc = {"issuer": issuer.url, "clientId": "nixernetes"}
    file.write_text(json.dumps({"roles": roles, "tokens": tokens, "oidc": oidc}))
    asked: list[WebQuestion] = []

    async def answer(question: WebQuestion) -> WebAnswer:
        asked.append(question)
        return WebAnswer(status=200, body=b"{}")

    server = WebServer(answer, {}, place=PagePlace(roles=file))
    found = Served(server=server, asked=asked, told=[])
    with server.in_thread():
        yield found
        for client in found.clients:
            client.close()


@pytest.fixture(autouse=True)
def honest(issuer: SmallIssuer, served: Served) -> Iterator[None]:
    yield
    issuer.again()
    served.asked.clear()
    served.server.limits.wrong.forget()
    served.server.limits.changes.forget()


def _form(client: httpx.Client, to: str = "/") -> dict[str, str]:
    text = client.get("/login", params={"to": to}, headers=PAGE).text
    return dict(re.findall(r'name="(state|to)" value="([^"]*)"', text))


def logged_in(served: Served, token: str, to: str = "/") -> tuple[httpx.Client, httpx.Response]:
    """Return somebody who has sent the form with a token, and the answer."""
    client = served.visitor()
    form = {**_form(client, to), "token": token}
    return client, client.post("/login", data=form, headers={"origin": served.origin})


def through(served: Served, issuer: SmallIssuer, to: str = "/") -> tuple[httpx.Client, httpx.Response]:
    """Return somebody who has logged in at the issuer, and the last answer."""
    client = served.visitor()
    start = client.get("/login/start", params={"to": to}, headers=PAGE)
    assert start.status_code == 303, start.text
    assert start.headers["location"].startswith(issuer.url)
    back = httpx.get(start.headers["location"], trust_env=False)
    return client, client.get(back.headers["location"], headers={**PAGE, "sec-fetch-site": "cross-site"})


def may(served: Served, client: httpx.Client) -> int:
    """Return the status of a change."""
    return served.change(client).status_code


def test_a_token_opens_a_session_with_its_role(served: Served) -> None:
    client, answer = logged_in(served, ADA, "/delivery?name=a%26b")
    assert 'content="0;url=/delivery?name=a%26b"' in answer.text
    assert client.get("/api/v1/fleet").status_code == 200
    assert may(served, client) == 200
    standing = served.asked[-1].standing
    assert standing is not None
    assert (standing.name, standing.allows("staging-1", "", ""), standing.allows("prod", "", "")) == (
        "ada",
        True,
        False,
    )
    viewer, _ = logged_in(served, EVE)
    assert (viewer.get("/api/v1/fleet").status_code, may(served, viewer)) == (200, 403)


@pytest.mark.parametrize("token", ["", "wrong", TOM, _digest(ADA), ADA + " x"])
def test_another_token_opens_nothing(served: Served, token: str) -> None:
    """Tom has a token and no role: nothing is his by default."""
    client, answer = logged_in(served, token)
    assert answer.status_code in (401, 429)
    assert client.get("/api/v1/fleet").status_code in (401, 429)


def test_a_page_leads_to_the_login_and_programs_are_told(served: Served) -> None:
    stranger = served.visitor()
    answer = stranger.get("/delivery?name=x", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=%2Fdelivery%3Fname%3Dx")
    assert stranger.get("/api/v1/fleet").status_code == 401
    program = {"authorization": f"Bearer {EVE}"}
    assert stranger.get("/api/v1/fleet", headers=program).status_code == 200
    assert served.change(stranger, **program).status_code == 401


def test_whoever_leaves_is_out(served: Served) -> None:
    client, _ = logged_in(served, ADA)
    proof = re.search(r'nixernetes-proof" content="([^"]+)', client.get("/").text)
    assert proof is not None
    kept = client.cookies[served.server.door.cookie]
    assert client.post("/login/leave", headers={"origin": served.origin}).status_code == 403
    headers = {"origin": served.origin, "x-csrf-token": proof[1]}
    assert client.post("/login/leave", headers=headers).status_code == 200
    other = served.visitor()
    other.cookies.set(served.server.door.cookie, kept)
    assert other.get("/api/v1/fleet").status_code == 401


def test_a_session_is_new_with_each_login(served: Served) -> None:
    """Session fixation: a name that somebody gave the browser beforehand is never taken over."""
    client = served.visitor()
    client.cookies.set(served.server.door.cookie, "chosen-by-somebody-else")
    form = {**_form(client), "token": ADA}
    client.post("/login", data=form, headers={"origin": served.origin})
    stranger = served.visitor()
    stranger.cookies.set(served.server.door.cookie, "chosen-by-somebody-else")
    assert stranger.get("/api/v1/fleet").status_code == 401
    first, _ = logged_in(served, EVE)
    before = first.cookies[served.server.door.cookie]
    first.post("/login", data={**_form(first), "token": ADA}, headers={"origin": served.origin})
    assert first.cookies[served.server.door.cookie] != before
    stranger.cookies.set(served.server.door.cookie, before)
    assert stranger.get("/api/v1/fleet").status_code == 401, "the session before has ended"


def test_nobody_is_logged_in_by_another_site(served: Served) -> None:
    """Login CSRF: the form must come from a page that this browser was given, by our own origin, once."""
    victim, attacker = served.visitor(), served.visitor()
    stolen = {**_form(attacker), "token": EVE}
    assert victim.post("/login", data=stolen, headers={"origin": "https://evil.example"}).status_code == 403
    assert victim.post("/login", data=stolen).status_code == 403
    assert victim.post("/login", data=stolen, headers={"origin": served.origin}).status_code == 403
    assert served.server.door.cookie not in victim.cookies
    own = {**_form(victim), "token": EVE}
    assert victim.post("/login", data=own, headers={"origin": served.origin}).status_code == 200
    assert victim.post("/login", data=own, headers={"origin": served.origin}).status_code == 403, "once"


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "/\t/evil.example",
        "/a\nb",
        '/"><script>',
        "evil.example",
        "/login",
        "/login/start?to=/",
        "/" + "x" * 3000,
    ],
)
def test_a_login_leads_to_no_other_place(served: Served, to: str) -> None:
    assert own_path(to) == "/"
    _, answer = logged_in(served, EVE, to)
    assert 'content="0;url=/"' in answer.text


def test_tokens_are_not_guessed(served: Served) -> None:
    """Ten wrong ones of an address, and no more are looked at for a while; whoever is in stays in."""
    inside, _ = logged_in(served, ADA)
    limits = served.server.limits
    statuses = [logged_in(served, f"wrong-{number}")[1].status_code for number in range(12)]
    assert statuses[-1] == 429
    assert logged_in(served, ADA)[1].status_code == 429, "not even a right one, or guessing would go on"
    assert served.visitor().get("/api/v1/fleet", headers={"authorization": "Bearer x"}).status_code == 429
    assert inside.get("/api/v1/fleet").status_code == 200
    limits.wrong.forget()
    assert logged_in(served, ADA)[1].status_code == 200


def test_an_issuer_says_who_somebody_is_and_groups_are_roles(served: Served, issuer: SmallIssuer) -> None:
    client, answer = through(served, issuer, "/history")
    assert 'content="0;url=/history"' in answer.text, answer.text
    assert may(served, client) == 200
    standing = served.asked[-1].standing
    assert standing is not None
    assert standing.name == "ada@example.com"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    (query,) = issuer.asked
    assert query["redirect_uri"] == f"{served.origin}/login/callback"
    assert query["scope"].startswith("openid ")


def test_somebody_without_a_role_does_not_come_in(served: Served, issuer: SmallIssuer) -> None:
    issuer.groups = ["guests"]
    client, answer = through(served, issuer)
    assert (answer.status_code, "may do nothing here" in answer.text) == (403, True)
    assert client.get("/api/v1/fleet").status_code == 401


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "somebody-else"}, "aud"),
        ({"aud": ["nixernetes", "other"]}, "azp"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"iat": 1}, "iat"),
        ({"nbf": 2**40}, "nbf"),
        ({"email": ""}, "email"),
        ({"email": ["ada@example.com"]}, "email"),
        ({"email_verified": False}, "not verified"),
    ],
)
def test_a_token_that_says_something_else_is_not_believed(
    served: Served, issuer: SmallIssuer, changed: dict[str, Any], why: str
) -> None:
    issuer.twist = lambda claims: claims.update(changed)
    client, answer = through(served, issuer)
    assert answer.status_code == 403
    assert why in answer.text
    assert client.get("/api/v1/fleet").status_code == 401


@pytest.mark.parametrize("how", ["none", "public key as a secret", "another key"])
def test_a_token_that_the_issuer_did_not_sign_is_not_believed(served: Served, issuer: SmallIssuer, how: str) -> None:
    from joserfc.jwk import OctKey, RSAKey  # noqa: PLC0415  # an extra

    if how == "none":
        issuer.header = {"alg": "none"}
    elif how == "another key":
        issuer.signs_with = RSAKey.generate_key(2048)
    else:
        issuer.header = {"alg": "HS256", "kid": "one"}
        issuer.signs_with = OctKey.import_key(issuer.key.as_pem(private=False).replace(b"-----", b"....."))
    client, answer = through(served, issuer)
    assert (answer.status_code, "signature" in answer.text) == (403, True)
    assert client.get("/api/v1/fleet").status_code == 401


def test_an_answer_belongs_to_the_browser_that_began(served: Served) -> None:
    attacker, victim = served.visitor(), served.visitor()
    start = attacker.get("/login/start", headers=PAGE).headers["location"]
    back = httpx.get(start, trust_env=False).headers["location"]
    assert victim.get(back, headers=PAGE).status_code == 403, "an answer that somebody else sends along"
    assert served.server.door.cookie not in victim.cookies
    assert attacker.get(back, headers=PAGE).status_code == 200
    assert attacker.get(back, headers=PAGE).status_code == 403, "once"
    start = victim.get("/login/start", headers=PAGE).headers["location"]
    back = httpx.get(start, trust_env=False).headers["location"].replace("iss=", "iss=x")
    assert victim.get(back, headers=PAGE).status_code == 403, "another issuer (RFC 9207)"


def test_an_issuer_that_calls_itself_otherwise_is_not_asked(served: Served, issuer: SmallIssuer) -> None:
    issuer.calls_itself = "https://other.example"
    answer = served.visitor().get("/login/start", headers=PAGE)
    assert (answer.status_code, "calls itself otherwise" in answer.text) == (502, True)


def test_nobody_ends_the_logins_of_others_by_beginning_very_many(served: Served) -> None:
    client = served.visitor()
    form = _form(client)
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=served.origin, trust_env=False, transport=elsewhere) as other:
        assert {other.get("/login", headers=PAGE).status_code for _ in range(550)} == {200}
    answer = client.post("/login", data={**form, "token": ADA}, headers={**PAGE, "origin": served.origin})
    assert answer.status_code == 200
