"""Kubeconfig files are read and merged as kubectl does."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nixernetes.adapters.kube.kubeconfig_files import MergedKubeconfig, read_kubeconfig
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

PEM = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"


def written(
    path: Path, *, name: str = "one", cluster: Json = None, user: Json = None, current: str = "", **context: str
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}.example:6443/", **(cluster or {})}}],
        "users": [{"name": name, "user": user or {}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, **context}}],
        "current-context": current,
    }
    path.write_text(yamls.dump(data))
    return path


def read(*files: Path) -> MergedKubeconfig:
    return read_kubeconfig(None, {"KUBECONFIG": ":".join(map(str, files))})


def test_the_current_context_is_meant_where_none_is_named(tmp_path: Path) -> None:
    found = read(written(tmp_path / "c", current="one", namespace="apps")).context()
    assert (found.name, found.namespace, found.cluster.server) == ("one", "apps", "https://one.example:6443")


def test_the_file_of_the_home_is_read_where_nothing_is_named(tmp_path: Path) -> None:
    written(tmp_path / ".kube/config", current="one")
    assert read_kubeconfig(None, {"HOME": str(tmp_path)}).context().name == "one"


def test_of_several_files_the_first_that_names_something_wins(tmp_path: Path) -> None:
    first = written(tmp_path / "a", name="same", user={"token": "from-a"})
    second = written(tmp_path / "b", name="same", user={"token": "from-b", "as": "somebody"}, current="same")
    third = written(tmp_path / "c", name="other", current="other")
    found = read(first, tmp_path / "missing", second, third)
    assert found.names == ("other", "same")
    assert found.current == "same"
    user = found.context().user
    assert (user.token, user.headers) == ("from-a", ())


def test_paths_begin_at_the_folder_of_their_own_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/ca.pem").write_text(PEM)
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "./bin/login"}
    user = {"tokenFile": "token", "exec": plugin}
    written(tmp_path / "deep/c", cluster={"certificate-authority": "ca.pem"}, user=user, current="one")
    found = read(tmp_path / "deep/c").context()
    assert found.cluster.authority == PEM
    assert found.user.token_file == str(tmp_path / "deep/token")
    assert found.user.plugin is not None
    assert found.user.plugin.command == str(tmp_path / "deep/bin/login")


def test_a_plugin_without_a_path_is_left_to_the_search_path(tmp_path: Path) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "login", "args": ["-q"]}
    found = read(written(tmp_path / "c", user={"exec": plugin}, current="one")).context().user.plugin
    assert found is not None
    assert (found.command, found.arguments) == ("login", ("-q",))


def test_what_stands_in_the_file_wins_over_what_it_names(tmp_path: Path) -> None:
    data = base64.b64encode(PEM.encode()).decode()
    cluster = {"certificate-authority-data": data, "certificate-authority": "not-there"}
    assert read(written(tmp_path / "c", cluster=cluster, current="one")).context().cluster.authority == PEM


def test_whoever_acts_as_somebody_says_so_in_headers(tmp_path: Path) -> None:
    user = {"as": "jane", "as-groups": ["dev", "ops"], "as-user-extra": {"team": ["web"]}}
    assert read(written(tmp_path / "c", user=user, current="one")).context().user.headers == (
        ("Impersonate-User", "jane"),
        ("Impersonate-Group", "dev"),
        ("Impersonate-Group", "ops"),
        ("Impersonate-Extra-team", "web"),
    )


@pytest.mark.parametrize(
    ("cluster", "user", "fault"),
    [
        ({"server": "https://"}, {}, "its server is not a URL"),
        ({"proxy-url": "socks5://proxy.example:1080"}, {}, "proxy-url is not one of http:// or https://"),
        ({"certificate-authority-data": "***"}, {}, "certificate-authority-data does not hold PEM in base64"),
        ({"certificate-authority": "gone.pem"}, {}, "No such file"),
        (
            {"certificate-authority-data": base64.b64encode(PEM.encode()).decode(), "insecure-skip-tls-verify": True},
            {},
            "insecure-skip-tls-verify: remove one of them",
        ),
        ({}, {"auth-provider": {"name": "gcp"}}, "auth-provider is not supported"),
        ({}, {"username": "a", "password": "hunter2", "token": "hunter3"}, "a username and a token"),
        ({}, {"client-key-data": base64.b64encode(b"hunter2").decode()}, "belong together"),
        ({}, {"as-groups": ["ops"]}, "need `as`"),
        ({}, {"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "x"}}, "must be one of"),
        ({}, {"exec": {"apiVersion": "client.authentication.k8s.io/v1"}}, "exec has no command"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_and_shows_nothing(
    tmp_path: Path, cluster: Json, user: Json, fault: str
) -> None:
    file = written(tmp_path / "c", cluster=cluster, user=user, current="one")
    with pytest.raises(InputError) as error:
        read(file).context()
    assert fault in str(error.value)
    assert f"{file}: one" in str(error.value)
    assert "hunter" not in str(error.value)


def test_a_context_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    found = read(written(tmp_path / "c"))
    with pytest.raises(InputError, match="there is no context 'two': it has one"):
        found.context("two")
    with pytest.raises(InputError, match=r"names no current context: choose one with --context \(it has one\)"):
        found.context()


def test_a_file_that_is_named_must_be_there_and_be_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_kubeconfig(tmp_path / "gone", {})
    with pytest.raises(InputError, match="there is no kubeconfig: set KUBECONFIG"):
        read_kubeconfig(None, {"HOME": str(tmp_path)})
    (tmp_path / "list").write_text("- a\n")
    with pytest.raises(InputError, match="is not a kubeconfig"):
        read_kubeconfig(tmp_path / "list", {})


def test_nothing_that_is_printed_shows_a_secret(tmp_path: Path) -> None:
    found = read(written(tmp_path / "c", user={"token": "hunter2"}, current="one"))
    assert "hunter2" not in repr(found)
    assert "hunter2" not in repr(found.context())
