"""The render command, asked wrongly or on a terminal: what it suggests, and where it stays quiet."""

import json
from pathlib import Path

import pytest

from nixernetes.cli.render import main
from nixernetes.errors import InputError

KUSTOMIZATION = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec: {path: ./web, sourceRef: {kind: GitRepository, name: flux-system}, interval: 1m, prune: true}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: web}\ndata: {a: '1'}\n"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    for path, text in {"start/web.yaml": KUSTOMIZATION, "web/config.yaml": CONFIG}.items():
        (tmp_path / "repo" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "repo" / path).write_text(text)
    return tmp_path / "repo"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("Kustomization/flux-system/wab", "wab: is it Kustomization/flux-system/web?"),
        ("HelmRelease/flux-system/web", "is it Kustomization/flux-system/web?"),
        ("Kustomization/flux-system/zzzzz", "`nixernetes render --all` renders what there is"),
        ("ks/flux-system/wab", "wab: is it Kustomization/flux-system/web?"),
        ("ks/web", "Kind/namespace/name: Kustomization/NAMESPACE/web"),
        ("Kustomization/web", "Kind/namespace/name: Kustomization/NAMESPACE/web"),
        ("nowhere", "no such file or directory"),
    ],
)
def test_a_name_that_is_not_there_is_met_with_the_one_that_was_meant(repo: Path, asked: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        main([asked, "--repo", str(repo)])
    assert message in str(caught.value)


@pytest.mark.parametrize("asked", ["ks/flux-system/web", "kustomization/flux-system/web"])
def test_a_kind_may_be_named_short(repo: Path, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([asked, "--repo", str(repo)])
    assert "kind: ConfigMap" in capsys.readouterr().out


def test_a_folder_that_is_called_like_a_kind_is_a_folder(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "apps" / "web").mkdir(parents=True)
    (repo / "apps" / "web" / "kustomization.yaml").write_text("configMapGenerator: [{name: x}]\n")
    monkeypatch.chdir(repo)
    main(["apps/web"])
    assert "name: x-" in capsys.readouterr().out


def test_an_object_that_is_not_rendered_is_told_with_one_that_is(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=r"--only ConfigMap/web/setting: .* is it ConfigMap/web/settings\?"):
        main(["--all", "--repo", str(repo), "--only", "ConfigMap/web/setting"])
    (repo / "web" / "kustomization.yaml").write_text("resources: [config.yaml]\n")
    for output in ("yaml", "json"):
        with pytest.raises(InputError, match="nothing that is rendered has this name"):
            main([str(repo / "web"), "--only", "ConfigMap/other", "-o", output])
    capsys.readouterr()
    main(["--all", "--repo", str(repo), "--only", "ConfigMap/web/settings", "-o", "json", "--origin"])
    assert json.loads(capsys.readouterr().out)[0]["origin"] == {
        "file": "web/config.yaml",
        "line": 1,
        "chain": ["Kustomization/flux-system/web"],
        "steps": [{"kind": "delivery", "name": "Kustomization/flux-system/web", "file": "start/web.yaml", "line": 1}],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--source", "https://git.example/x=/nowhere"],
            "--source: /nowhere, which stands for https://git.example/x, does not exist",
        ),
        (["--rev", "main"], "is not a Git repository, and has no revision main"),
        (["--cluster", "blue"], "blue: no such cluster: there are start"),
    ],
)
def test_what_the_flags_name_must_be_there(repo: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        main(["--all", "--repo", str(repo), *arguments])
    assert message in str(caught.value)


def test_a_folder_of_a_repository_leads_to_where_it_begins(repo: Path) -> None:
    (repo / ".git").mkdir()
    with pytest.raises(InputError, match=rf"nothing to start: .* begins at {repo}: --repo {repo}"):
        main(["--all", "--repo", str(repo / "web")])


def test_a_terminal_shows_what_is_being_rendered_and_a_pipe_does_not(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--all", "--repo", str(repo)])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    (repo / "added.txt").write_text("what was printed before does not count any more")
    main(["--all", "--repo", str(repo)])
    shown = capsys.readouterr().err
    assert "\r\033[Krendering Kustomization/flux-system/web" in shown
    assert shown.endswith("\r\033[K")


def test_a_plain_folder_stands_for_a_git_repository(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
        "metadata: {name: flux-system, namespace: flux-system}\n"
        "spec: {interval: 1m, url: 'https://git.example/web', ref: {tag: v1}}\n"
    )
    (repo / "start" / "source.yaml").write_text(source)
    other = repo.parent / "other"
    (other / "web").mkdir(parents=True)
    (other / "web" / "config.yaml").write_text(CONFIG.replace("'1'", "'other'"))
    arguments = ["Kustomization/flux-system/web", "--repo", str(repo), "-o", "json"]
    main([*arguments, "--source", f"https://git.example/web.git={other}"])
    assert json.loads(capsys.readouterr().out)[0]["data"] == {"a": "other"}
    with pytest.raises(SystemExit):
        main(arguments)
    place = "(start/web.yaml:1): not rendered: no local copy of https://git.example/web"
    assert place in capsys.readouterr().err


def test_a_chart_of_a_kustomization_is_taken_from_where_it_is_mapped_to(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = repo.parent / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.2.3\n")
    (chart / "templates" / "map.yaml").write_text(CONFIG)
    (repo / "web" / "kustomization.yaml").write_text(
        "helmCharts: [{name: web, releaseName: web, version: 1.2.3, repo: 'https://charts.example'}]\n"
    )
    main([str(repo / "web"), "--enable-helm", "--source", f"https://charts.example/web={chart}", "-o", "json"])
    assert json.loads(capsys.readouterr().out)[0]["data"] == {"a": "1"}
