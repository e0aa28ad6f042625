"""``nixernetes init`` and ``nixernetes build``, as a user types them."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nixernetes.cli.commands import app
from nixernetes.errors import InputError

COMMAND = [sys.executable, "-c", "from nixernetes.cli.main import main; main()"]


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(item) for item in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def started(tmp_path: Path, *options: str) -> tuple[Path, Path]:
    run("init", tmp_path / "p", *options)
    file, folder = tmp_path / "p" / "gitops.py", tmp_path / "repository"
    run("build", file, "--output-dir", folder)
    return file, folder


@pytest.mark.parametrize("structure", ["flat", "hierarchy"])
@pytest.mark.parametrize("engine", ["flux", "argocd", "both"])
def test_what_init_writes_builds_at_once(tmp_path: Path, structure: str, engine: str) -> None:
    said = run("init", tmp_path / "p", "--structure", structure, "--engine", engine)
    assert re.search(rf"next: (?:\S*/)?nixernetes up {tmp_path}/p\n\Z", said)
    run("build", tmp_path / "p", "--output-dir", tmp_path / "r")
    assert (tmp_path / "r" / "argocd").is_dir() is (engine != "flux")
    assert (tmp_path / "r" / ("repos" if structure == "flat" else "clusters")).is_dir()


def test_init_overwrites_nothing_and_knows_its_options(tmp_path: Path) -> None:
    run("init", tmp_path)
    with pytest.raises(InputError, match="is there already, and is not overwritten"):
        run("init", tmp_path)
    with pytest.raises(InputError, match="unknown structure 'round': use flat, hierarchy"):
        run("init", tmp_path / "x", "--structure", "round")
    assert not (tmp_path / "x").exists()


def test_build_lists_what_changed_and_a_second_build_changes_nothing(tmp_path: Path) -> None:
    file, folder = started(tmp_path)
    assert run("build", file, "--output-dir", folder).strip() == f"{folder}: 36 files, 0 changed"
    file.write_text(file.read_text().replace("nginx:1.27", "nginx:1.28"))
    said = run("build", file, "--output-dir", folder)
    assert "repos/staging/manifests/web/deployment-web.yaml configured" in said
    assert f"{folder}: 36 files, 3 changed" in said


def test_check_lists_what_differs_and_writes_nothing(tmp_path: Path) -> None:
    file, folder = started(tmp_path)
    assert "up to date" in run("build", file, "--output-dir", folder, "--check")
    file.write_text(file.read_text().replace("nginx:1.27", "nginx:1.28"))
    (folder / "repos/staging/manifests/kustomization.yaml").unlink()
    (folder / "repos/staging/manifests/web/service-web.yaml").write_text("edited: true\n")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = CliRunner().invoke(app, ["build", str(file), "--output-dir", str(folder), "--check"])
    assert result.exit_code == 1
    assert "repos/staging/manifests/web/deployment-web.yaml out of date" in result.output
    assert "repos/staging/manifests/kustomization.yaml missing" in result.output
    assert "repos/staging/manifests/web/service-web.yaml edited by hand" in result.output
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_edited_file_is_shown_and_kept_until_forced(tmp_path: Path) -> None:
    file, folder = started(tmp_path)
    edited = folder / "repos/staging/manifests/web/deployment-web.yaml"
    edited.write_text(edited.read_text().replace("nginx:1.27", "nginx:9"))
    with pytest.raises(InputError) as caught:
        run("build", file, "--output-dir", folder)
    assert "-      - image: nginx:9" in str(caught.value) or "nginx:9" in str(caught.value)
    assert "+" in str(caught.value)
    assert "give --force to replace it" in str(caught.value)
    assert "nginx:9" in edited.read_text()
    assert "configured" in run("build", file, "--output-dir", folder, "--force")
    assert "nginx:1.27" in edited.read_text()


def test_an_edited_file_that_is_no_longer_declared_is_kept_too(tmp_path: Path) -> None:
    file, folder = started(tmp_path)
    edited = folder / "repos/staging/manifests/settings/configmap-settings.yaml"
    edited.write_text("mine: true\n")
    text = file.read_text()
    file.write_text(text.replace('        gitops.App(name="settings", namespace="web", manifests=[settings]),\n', ""))
    assert file.read_text() != text
    with pytest.raises(InputError, match="configmap-settings"):
        run("build", file, "--output-dir", folder)
    assert edited.exists()
    run("build", file, "--output-dir", folder, "--force")
    assert not edited.parent.exists()


SECRET = """
from nixernetes import gitops
secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": "DECLARED", "b": "SAME"}}
platform = gitops.Platform(
    name="p",
    repository=gitops.GitOpsRepository(name="r", url="https://example.com/r", environments=["one"]),
    apps=[gitops.App(name="s", namespace="s", manifests=[secret])],
)
"""


def test_a_secret_is_never_shown_and_its_change_is(tmp_path: Path) -> None:
    file, folder = tmp_path / "gitops.py", tmp_path / "r"
    file.write_text(SECRET)
    run("build", file, "--output-dir", folder)
    edited = folder / "repos/one/manifests/s/secret-s.yaml"
    edited.write_text(edited.read_text().replace("DECLARED", "EDITED"))
    with pytest.raises(InputError) as caught:
        run("build", file, "--output-dir", folder)
    said = str(caught.value)
    assert "*** (before)" in said
    assert "*** (after)" in said
    assert not any(word in said for word in ("DECLARED", "EDITED", "SAME"))
    edited.write_text("kind: Secret\ndata: [EDITED\n")
    with pytest.raises(InputError) as caught:
        run("build", file, "--output-dir", folder)
    assert "EDITED" not in str(caught.value)
    assert "not shown" in str(caught.value)


def test_json_for_machines(tmp_path: Path) -> None:
    file, folder = started(tmp_path)
    (folder / "repos/staging/manifests/kustomization.yaml").unlink()
    result = CliRunner().invoke(app, ["build", str(file), "--output-dir", str(folder), "--check", "--format", "json"])
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert found["created"] == ["repos/staging/manifests/kustomization.yaml"]
    assert found["upToDate"] is False


def test_a_bad_platform_is_one_message_and_exit_status_1(tmp_path: Path) -> None:
    file = tmp_path / "gitops.py"
    file.write_text("from nixernetes import gitops\nplatform = gitops.Platform(name='p')\n")
    done = subprocess.run(
        [*COMMAND, "build", str(file), "--output-dir", str(tmp_path / "r")], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"nixernetes: {file}:2: Platform p: give either repository=")
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


@pytest.mark.slow
def test_progress_shows_on_a_terminal_only(tmp_path: Path) -> None:
    run("init", tmp_path / "p")
    command = [*COMMAND, "build", str(tmp_path / "p"), "--output-dir", str(tmp_path / "r")]
    quiet = subprocess.run(command, capture_output=True, check=True)
    assert quiet.stderr == b""
    main, other = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    subprocess.run(command, stderr=other, stdout=subprocess.DEVNULL, check=True, env=environment)
    os.close(other)
    assert os.read(main, 10_000)
    os.close(main)


_WITH_SECRET = """
from nixernetes import gitops

secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"password": "hunter2"}}
platform = gitops.Platform(
    name="p",
    repository=gitops.GitOpsRepository(name="r", url="https://example.com/r", environments=["one"]),
    apps=[gitops.App(name="a", namespace="n", manifests=[secret])],
)
"""


def test_a_secret_in_plain_text_is_warned_of_and_never_printed(tmp_path: Path) -> None:
    (tmp_path / "gitops.py").write_text(_WITH_SECRET)
    said = run("build", tmp_path / "gitops.py", "--output-dir", tmp_path / "repository")
    assert "secret-s.yaml holds the values of a Secret in plain text: encrypt it with SOPS" in said
    assert "hunter2" not in said
    assert "warning" not in run("build", *map(str, started(tmp_path)[:1]), "--output-dir", str(tmp_path / "other"))


def test_the_former_name_of_a_platform_file_is_read_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "platform.py").write_text(_WITH_SECRET)
    assert "rename it to gitops.py" in run("build", tmp_path, "--output-dir", tmp_path / "repository")


TRAP = """
from nixernetes import gitops

platform = gitops.Platform(
    name="p",
    repository=gitops.GitOpsRepository(name="c", url="https://example.com/x/c", environments=["one"]),
    engine="argocd",
    resources=[
        gitops.Application(
            name="root",
            namespace="argocd",
            source={"repo_url": "https://example.com/x/c", "path": "apps"},
        )
    ],
)
"""


def test_what_does_not_do_what_it_seems_to_is_warned_of_with_its_line(tmp_path: Path) -> None:
    """Files that no build writes count too: an app of apps looks at what people put into its folder."""
    file, folder = tmp_path / "gitops.py", tmp_path / "repository"
    file.write_text(TRAP)
    assert "warning" not in run("build", file, "--output-dir", folder)
    (folder / "apps/web").mkdir(parents=True)
    (folder / "apps/web/app.yaml").write_text("a: b\n")
    said = run("build", file, "--output-dir", folder)
    assert f"warning: {file}:9: Application/argocd/root: source: folder apps holds only folders (web/app.yaml)" in said
    found = json.loads(
        CliRunner().invoke(app, ["build", str(file), "--output-dir", str(folder), "--format", "json"]).stdout
    )
    assert [each["object"] for each in found["warnings"]] == ["Application/argocd/root"]
    assert found["warnings"][0]["place"] == f"{file}:9"


def test_the_form_is_named_as_everywhere_and_the_folder_by_its_own_option(tmp_path: Path) -> None:
    file, folder = started(tmp_path)[0], tmp_path / "made"
    asked = ["build", str(file), "--output-dir", str(folder), "-o", "json"]
    assert json.loads(CliRunner().invoke(app, asked).stdout)["upToDate"] is False
    former = CliRunner().invoke(app, ["build", str(file), "-o", str(folder)])
    assert former.exit_code == 0
    assert f"write --output-dir {folder} for the folder" in former.stderr
    for wrong in ("jsno", "yaml"):
        refused = CliRunner().invoke(app, ["build", str(file), "-o", wrong])
        assert "use json; the folder is --output-dir" in str(refused.exception)
