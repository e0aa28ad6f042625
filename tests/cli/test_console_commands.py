"""The commands of the page on the console run one after another, and what is typed wrong ends in the right advice."""

import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.app.console.worlds import settled
from typer.testing import CliRunner

from nixernetes.app.console import control
from nixernetes.app.worlds import World
from nixernetes.cli import console_commands
from nixernetes.cli.commands import app
from nixernetes.cli.main import main
from nixernetes.cli.questions import asking, watching
from nixernetes.objects.manifest import Json

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "console.md").read_text()
BLOCKS = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = re.findall(r'^(?:EDITOR="[^"]*" )?nixernetes (.*)$', BLOCKS, re.MULTILINE)
Run = Callable[..., tuple[int, str, str]]


def _written(folder: Path, engine: str) -> Path:
    assert CliRunner().invoke(app, ["init", str(folder), "--engine", engine]).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, World]]:
    """The platform that `init` writes, run by each engine."""
    folders = {engine: _written(tmp_path_factory.mktemp(engine), engine) for engine in ("flux", "argocd")}
    with settled(folders["flux"]) as flux, settled(folders["argocd"]) as argocd:
        yield {"flux": flux, "argocd": argocd}


@pytest.fixture
def run(worlds: dict[str, World], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line against a world; time goes by while it waits."""

    def typed(line: str, engine: str = "flux") -> tuple[int, str, str]:
        world = worlds[engine]

        def answered(path: Path, request: Json) -> Json:
            del path
            return control.answer(world, request)

        monkeypatch.setattr(asking, "ask", answered)
        monkeypatch.setattr(asking.time, "sleep", lambda seconds: world.run_for(timedelta(seconds=max(seconds, 1))))
        monkeypatch.setattr(sys, "argv", ["nixernetes", *shlex.split(line, comments=True)])
        monkeypatch.setattr(os, "environ", {"EDITOR": "sed -i s/nginx:1.27/nginx:1.28/", **os.environ})
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        out, err = capsys.readouterr()
        return status, out, err

    return typed


def test_the_commands_of_the_page_run_one_after_another(run: Run) -> None:
    assert len(COMMANDS) > 20
    for line in COMMANDS:
        status, out, err = run(line, "argocd" if "web-staging" in line else "flux")
        assert status == 0, (line, err)
        assert out, line
        assert "Traceback" not in err
        assert "…" not in out


def test_every_command_that_asks_is_on_the_page() -> None:
    typed = {line.split()[0] for line in COMMANDS}
    assert set(console_commands._EXAMPLES) == typed | {"confirm"}, "nothing waits for a person in what `init` writes"
    assert "`nixernetes confirm" in PAGE


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("get deplyment", "unknown kind 'deplyment': did you mean deployment?"),
        ("get ks wbe", '"wbe" not found: did you mean web?'),
        ("get deploy web -n shop", "not found in namespace shop: it is in namespace web"),
        ("get ks --cluster stagng", "no cluster is called 'stagng': did you mean staging?"),
        ("reconcile web", "'web' is a name: write its kind, too"),
        ("reconcile ks web", "several match"),
        ("sync ks web", "sync is for Applications of Argo CD: `nixernetes reconcile ks web` is for objects of Flux"),
        ("logs pod/web", "pods are simulated here and write no logs"),
        ("get -o table", "unknown output 'table': use wide, yaml, json, name"),
        ("get --watch -o yaml", "--watch prints rows: leave -o out, or use -o wide"),
        ("describe ks web -o wide", "unknown output 'wide': use yaml, json"),
        ("scale deploy web", "--replicas N"),
        ("sync", "name one Application: nixernetes sync NAME"),
        ("reconcile ks web --cluster staging --timeout soon", "--timeout"),
        ("tree deploy web", "is not a delivery and brings nothing"),
        ("gett", "Did you mean 'get'?"),
        ("get --clustr staging", "--cluster"),
    ],
)
def test_what_is_typed_wrong_ends_in_the_right_advice(run: Run, line: str, told: str) -> None:
    status, out, err = run(line)
    assert status != 0
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_a_failure_is_told_on_stderr_and_in_the_exit_status(run: Run) -> None:
    assert run("suspend ks flux-system --cluster production")[0] == 0
    status, out, err = run("resume ks flux-system --cluster production --timeout 0s")
    assert status == 1
    assert "resumed" in out
    assert "not done after 0s" in err


def test_an_edit_that_is_refused_is_kept(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(os, "environ", {**os.environ, "KUBE_EDITOR": "sed -i 's/replicas: 1/replicas: many/'"})
    status, _, err = run("edit deploy web --cluster staging")
    assert status == 1
    (kept,) = tmp_path.glob("nixernetes-edit-*")
    assert err.endswith(f"your edit is kept in {kept}\n")
    assert "replicas: many" in kept.read_text()


def test_lists_say_the_cluster_of_each_object(run: Run) -> None:
    found = json.loads(run("get deploy web -o json")[1])
    assert found["kind"] == "List"
    assert {item["cluster"] for item in found["items"]} == {"development", "staging", "production"}
    one = json.loads(run("get deploy web --cluster staging -o json")[1])
    assert one["metadata"]["name"] == "web"
    assert run("get deploy web -o yaml")[1].count("# cluster: ") == 3


def test_rows_are_lines_and_whole_in_a_pipe(run: Run) -> None:
    _, out, _ = run("get ks")
    heads, *rows = out.splitlines()
    assert heads.split() == ["CLUSTER", "NAMESPACE", "NAME", "REVISION", "SUSPENDED", "READY", "MESSAGE"]
    assert all("Applied revision: main@sha1:" in row for row in rows)


def test_get_watches_until_it_is_stopped_and_prints_only_rows_that_changed(
    run: Run, worlds: dict[str, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second look finds the world as it was; before the third a Deployment is scaled."""
    looks = iter(("rest", "scale", "stop"))
    scale = {"do": "scale", "targets": ["deploy", "web"], "cluster": "staging", "namespace": "web"}

    def slept(seconds: float) -> None:
        del seconds
        look = next(looks)
        if look == "scale":
            assert "error" not in control.answer(worlds["flux"], {**scale, "replicas": 9})
        elif look == "stop":
            raise KeyboardInterrupt

    before = run("get deploy web")[1].splitlines()
    monkeypatch.setattr(watching, "time", SimpleNamespace(sleep=slept))
    status, out, _ = run("get deploy web --watch")
    assert status == 130
    assert out.splitlines()[: len(before)] == before
    heads, *changed = out.splitlines()[len(before) :]
    assert heads.split() == before[0].split()
    assert [line.split()[0] for line in changed] == ["staging"]
    assert "/9" in changed[0]
    assert run("reconcile ks web --cluster staging")[0] == 0
