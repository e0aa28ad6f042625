"""The file of roles is read strictly, widens nothing by default, and others are let reach the page only safely."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from nixernetes.adapters.api_server.certificates import Authority
from nixernetes.adapters.web_server.access.limits import RateLimit
from nixernetes.adapters.web_server.access.places import PagePlace, place_of
from nixernetes.adapters.web_server.access.roles import RolesFile, read_roles
from nixernetes.adapters.web_server.access.standing import Role
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.adapters.web_server.serving import WebServer
from nixernetes.errors import InputError
from nixernetes.settings.schema import schema_of

DIGEST = "sha256:" + "0" * 64
OPERATOR = {"role": "operator", "people": ["ada"], "groups": ["platform"], "clusters": ["staging*"]}
VIEWER = {"role": "viewer", "groups": ["everybody"]}


def written(folder: Path, **other: Any) -> Path:
    """Write a file of roles."""
    file = folder / "roles.yaml"
    file.write_text(json.dumps({"roles": [OPERATOR, VIEWER], "tokens": {"ada": DIGEST}} | other))
    return file


def roles(folder: Path, **other: Any) -> RolesFile:
    return read_roles(written(folder, **other))


def test_the_schema_of_the_file_is_that_of_the_model(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[4] / "docs/roles.schema.json").read_text()
    assert text == schema_of(RolesFile, "A file of roles"), "run scripts/make_settings_schema.py"
    check = jsonschema_rs.validator_for(json.loads(text)).is_valid
    assert check(json.loads(written(tmp_path).read_text()))
    assert not check({"roles": [OPERATOR], "tokens": {"ada": DIGEST}, "role": []})
    assert not check({"roles": [{**OPERATOR, "role": "admin"}]})


def test_roles_come_of_names_and_groups_and_grants_add_up(tmp_path: Path) -> None:
    more = {"role": "operator", "groups": ["shop"], "projects": ["shop"], "deliveries": ["argocd/shop-*"]}
    found = roles(tmp_path, roles=[OPERATOR, VIEWER, more])
    ada = found.standing("ada", ["shop", "everybody"])
    assert ada is not None
    assert ada.role is Role.OPERATOR
    assert ada.allows("staging-1", "", "flux-system/web")
    assert ada.allows("prod", "shop", "argocd/shop-eu")
    assert not ada.allows("prod", "shop", "argocd/other")
    assert not ada.allows("prod", "", "argocd/shop-eu")
    assert not ada.is_unbounded
    tom = found.standing("tom", ["everybody"])
    assert tom is not None
    assert (tom.role, tom.grants, tom.allows("staging-1", "", "")) == (Role.VIEWER, (), False)
    assert found.standing("tom", []) is None
    assert found.standing("", []) is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"role": []}, "role: there is no such key"),
        ({"roles": []}, "roles"),
        ({"roles": [{"role": "admin", "people": ["a"]}]}, "roles.0.role"),
        ({"roles": [{"role": "operator"}]}, "names nobody"),
        ({"roles": [{"role": "viewer", "people": ["a"], "clusters": ["x"]}]}, "a viewer sees everything"),
        ({"roles": [{"role": "operator", "people": ["a"], "clusters": []}]}, "roles.0.clusters"),
        ({"roles": [{"role": "operator", "people": ["a"], "cluster": ["x"]}]}, "cluster: there is no such key"),
        ({"roles": [{"role": "operator", "people": "ada"}]}, "roles.0.people"),
        ({"tokens": {"ada": "hunter2"}}, "never the token itself"),
        ({"tokens": {}}, "nobody could come in"),
        ({"oidc": {"issuer": "https://a", "clientId": "b", "clientSecret": "c"}}, "clientSecret: there is no such key"),
        ({"oidc": {"issuer": "ftp://a", "clientId": "b"}}, "oidc.issuer"),
        ({"oidc": {"issuer": "https://a", "clientId": "b", "scopes": ["email"]}}, "openid must be one of them"),
    ],
)
def test_what_the_file_does_not_know_is_refused(tmp_path: Path, wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError) as error:
        roles(tmp_path, **wrong)
    assert why in str(error.value)
    assert "hunter2" not in str(error.value), "no token is told"


def test_others_reach_it_only_with_roles_and_tls(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="that needs --roles FILE and tls and url"):
        place_of("0.0.0.0", 0, None)  # noqa: S104  # refused
    with pytest.raises(InputError, match="that needs tls and url in"):
        place_of("::", 0, written(tmp_path))
    tls = {"certificate": "a.pem", "key": "a.key"}
    with pytest.raises(InputError, match="write it as https"):
        place_of("192.0.2.1", 0, written(tmp_path, tls=tls, url="http://a.example/"))
    found = place_of("192.0.2.1", 8443, written(tmp_path, tls=tls, url="https://a.example:8443/"))
    assert (found.certificate, found.url) == (tmp_path / "a.pem", "https://a.example:8443/")
    with pytest.raises(InputError, match="certificate cannot be used"):
        found.encryption()
    assert place_of("127.0.0.1", 0, None) == PagePlace()


def test_by_tls_it_answers_to_its_name_alone_and_opens_by_no_address(tmp_path: Path) -> None:
    made = Authority().server(("127.0.0.1", "platform.example"))
    (tmp_path / "a.pem").write_bytes(made.certificate)
    (tmp_path / "a.key").write_bytes(made.key)
    tls = {"certificate": "a.pem", "key": "a.key"}
    file = written(tmp_path, tls=tls, url="https://platform.example/")

    async def answer(_: WebQuestion) -> WebAnswer:
        return WebAnswer(status=200, body=b"{}")

    server = WebServer(answer, {}, place=place_of("127.0.0.1", 0, file))
    with server.in_thread(), httpx.Client(verify=False, trust_env=False) as client:  # noqa: S501  # an authority's own
        url = f"https://127.0.0.1:{server.port}/login"
        assert client.get(url).status_code == 421
        found = client.get(url, headers={"host": "platform.example"})
        assert found.status_code == 200
        assert "secure" in found.headers["set-cookie"].lower()
        assert found.headers["strict-transport-security"].startswith("max-age=")
        token = server.door.viewer_token
        refused = client.get(url.replace("login", f"?token={token}"), headers={"host": "platform.example"})
        assert refused.status_code == 401
        assert token not in server.door.viewer_address


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    limit = RateLimit(2, 0.5, lambda: now[0])
    assert [limit.take("a") for _ in range(3)] == [True, True, False]
    assert limit.take("b"), "each has its own"
    now[0] = 2.0
    assert [limit.take("a") for _ in range(2)] == [True, False]


def test_who_asks_too_often_gets_as_many_as_there_are() -> None:
    now = [0.0]
    limit = RateLimit(1, 1, lambda: now[0])
    taken = 0
    for _ in range(100):
        taken += limit.take("a")
        now[0] += 0.25
    assert taken == 25
