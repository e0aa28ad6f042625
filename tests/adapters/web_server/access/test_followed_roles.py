"""An edit of the file of roles counts at once, and for those who are in; a wrong one changes nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from nixernetes.adapters.web_server.access.followed_roles import FollowedRoles
from nixernetes.adapters.web_server.access.standing import Role
from nixernetes.adapters.web_server.doors import Door

TOKEN = "adas-token"
DIGEST = f"sha256:{hashlib.sha256(TOKEN.encode()).hexdigest()}"
OPERATOR = {"role": "operator", "people": ["ada"]}
VIEWER = {"role": "viewer", "people": ["ada"], "groups": ["all"]}


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def write(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    file.write_text(text)


def roles(*entries: object, digest: str = DIGEST) -> str:
    return json.dumps({"roles": entries, "tokens": {"ada": digest}})


def test_who_is_in_may_what_the_file_says_now(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file, clock = tmp_path / "roles.yaml", Seconds()
    write(file, roles(OPERATOR))
    followed = FollowedRoles(file, clock)
    door = Door(1)
    by_token, by_issuer = (door.begin(each) for each in (followed.of_token(TOKEN), followed.of_person("ada", ("all",))))
    assert door.role(by_token) is door.role(by_issuer) is Role.OPERATOR
    write(file, roles(VIEWER))
    assert door.role(by_token) is Role.OPERATOR, "it is looked at once a second"
    clock.now += 2
    assert door.role(by_token) is door.role(by_issuer) is Role.VIEWER
    for broken in ("roles: [", roles({"role": "admin", "people": ["ada"]})):
        write(file, broken)
        clock.now += 2
        assert door.role(by_token) is Role.VIEWER
    file.unlink()
    clock.now += 2
    assert door.role(by_token) is Role.VIEWER
    assert "the roles stay as they were" in caplog.text
    write(file, roles(VIEWER, digest="sha256:" + "0" * 64))
    clock.now += 2
    assert door.role(by_token) is None, "the token is nobody's any more"
    assert door.role(by_issuer) is Role.VIEWER
    write(file, roles({"role": "viewer", "people": ["tom"]}))
    clock.now += 2
    assert door.role(by_issuer) is None


def test_nobody_operates_where_nothing_can_be_changed(tmp_path: Path) -> None:
    file = tmp_path / "roles.yaml"
    write(file, roles(OPERATOR))
    door = Door(1, role=Role.VIEWER)
    session = door.begin(FollowedRoles(file).of_token(TOKEN))
    found = door.standing(session)
    assert found is not None
    assert (found.role, found.name, found.grants) == (Role.VIEWER, "ada", ())
    assert FollowedRoles(file).of_token("of nobody")() is None
