"""The user's logins at registries stand in where a source names no Secret."""

import base64
import json
from pathlib import Path

import pytest

from nixernetes.adapters.registries.docker_config import DockerConfig
from nixernetes.adapters.registries.reached_registries import Registries
from nixernetes.errors import InputError, RemoteError
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import OciRef

AUTHS = {"auths": {"registry.example.com": {"auth": base64.b64encode(b"me:pw").decode()}}, "credsStore": "desktop"}


@pytest.fixture
def config(tmp_path: Path) -> DockerConfig:
    (tmp_path / "config.json").write_text(json.dumps(AUTHS))
    return DockerConfig(tmp_path / "config.json")


def test_a_login_is_used_at_its_registry_alone(config: DockerConfig) -> None:
    assert config.completed("oci://registry.example.com/a", ANONYMOUS) == Credentials(username="me", password="pw")
    assert config.completed("oci://other.example.com/a", ANONYMOUS) == ANONYMOUS
    assert config.completed("https://registry.example.com/a", ANONYMOUS) == ANONYMOUS


def test_the_secret_of_a_source_wins_and_its_authority_stays(config: DockerConfig) -> None:
    robot = Credentials(username="robot", password="x")
    assert config.completed("oci://registry.example.com/a", robot) == robot
    assert config.completed("oci://registry.example.com/a", Credentials(ca="CA")).ca == "CA"


def test_what_is_no_url_has_no_login(tmp_path: Path, config: DockerConfig) -> None:
    assert config.completed("oci://[half/a", ANONYMOUS) == ANONYMOUS
    (tmp_path / "config.json").write_text(
        json.dumps(
            {"auths": {"https://[half": {"auth": "?"}, "registry.example.com": {"username": "me", "password": "pw"}}}
        )
    )
    assert config.completed("oci://registry.example.com/a", ANONYMOUS).username == "me"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[]", '{"auths": 5}', '{"auths": {"registry.example.com": {"auth": ["x"]}}}']
)
def test_a_file_of_any_shape_is_read_or_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(InputError, match="invalid docker configuration"):
        DockerConfig(tmp_path / "config.json").completed("oci://registry.example.com/a", ANONYMOUS)


def test_no_file_is_no_login(tmp_path: Path) -> None:
    assert DockerConfig(tmp_path / "none.json").completed("oci://registry.example.com/a", ANONYMOUS) == ANONYMOUS


def test_a_broken_file_is_named_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text('{"auths": "s3cret')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    registries = Registries({})
    with pytest.raises((InputError, RemoteError), match=r"config\.json: invalid docker configuration") as caught:
        registries.artifact("oci://registry.example.com/a", OciRef())
    assert "s3cret" not in str(caught.value)
