"""The render command: what it prints, what it masks, how it fails."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nixernetes.cli import main as entry
from nixernetes.cli.render import main
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import yamls

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: hunter2}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {b: '1', a: two}\n"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    files = {
        "base/kustomization.yaml": "resources: [config.yaml, key.yaml]\n",
        "base/config.yaml": CONFIG,
        "base/key.yaml": SECRET,
        "overlay/kustomization.yaml": "resources: [../base]\nnamePrefix: my-\n",
    }
    for path, text in files.items():
        (tmp_path / "repo" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "repo" / path).write_text(text)
    return tmp_path / "repo" / "overlay"


def _printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    main([str(argument) for argument in arguments])
    return capsys.readouterr().out


@needs_kubectl
@pytest.mark.slow
def test_a_folder_is_printed_as_kubectl_prints_it(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = subprocess.run(["kubectl", "kustomize", str(overlay)], capture_output=True, text=True, check=True)
    assert _printed(capsys, overlay, "--show-secrets") == asked.stdout


def test_an_answer_from_the_cache_is_the_same(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = _printed(capsys, overlay)
    assert _printed(capsys, overlay) == first
    (overlay.parent / "base" / "config.yaml").write_text(CONFIG.replace("two", "three"))
    assert _printed(capsys, overlay) == first.replace("two", "three")


def test_values_of_secrets_are_masked_unless_asked_for(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "hunter2" not in _printed(capsys, overlay)
    assert "hunter2" not in _printed(capsys, overlay, "-o", "json", "--origin")
    assert "hunter2" in _printed(capsys, overlay, "--show-secrets")


def test_json_is_an_array_of_the_same_documents(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [document.data for document in yamls.parse_all(_printed(capsys, overlay))]
    assert json.loads(_printed(capsys, overlay, "-o", "json")) == documents


def test_only_chooses_objects(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(_printed(capsys, overlay, "-o", "json", "--only", "ConfigMap/my-settings"))
    assert [each["metadata"]["name"] for each in found] == ["my-settings"]
    with pytest.raises(InputError, match="is not Kind/namespace/name"):
        main([str(overlay), "--only", "settings"])


def test_origins_name_file_and_line(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "# origin: base/config.yaml:1\n" in _printed(capsys, overlay, "--origin")
    found = json.loads(_printed(capsys, overlay, "--origin", "-o", "json"))
    assert found[0]["origin"]["file"] == "base/config.yaml"
    assert found[0]["origin"]["line"] == 1


def test_several_folders_are_one_stream(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = _printed(capsys, overlay.parent / "base", overlay)
    assert both == _printed(capsys, overlay.parent / "base") + "---\n" + _printed(capsys, overlay)


def test_what_kustomize_refuses_is_one_line_and_status_1(
    overlay: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (overlay / "kustomization.yaml").write_text("resources: [nowhere.yaml]\n")
    monkeypatch.setattr(sys, "argv", ["nixernetes", "render", str(overlay)])
    with pytest.raises(SystemExit) as left:
        entry.main()
    printed = capsys.readouterr()
    assert left.value.code == 1
    assert printed.out == ""
    assert "nowhere.yaml" in printed.err
    assert "Traceback" not in printed.err


def test_a_file_outside_needs_the_flag(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (overlay / "kustomization.yaml").write_text("resources: [../base/config.yaml]\n")
    with pytest.raises(NixernetesError, match="is not in or below"):
        main([str(overlay)])
    assert "settings" in _printed(capsys, overlay, "--load-restrictor", "LoadRestrictionsNone")


def test_a_link_out_of_the_repository_is_refused(overlay: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(CONFIG)
    (overlay / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (overlay / "kustomization.yaml").write_text("resources: [link.yaml]\n")
    with pytest.raises(NixernetesError):
        main([str(overlay)])


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or directory"):
        main([str(tmp_path / "nowhere")])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--all", "folder"], "leave the targets out"),
        (["folder", "Kustomization/a/b"], "not both"),
        (["Kustomization/a/b", "--source", "https://x"], "is not URL=PATH"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(arguments: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        main(arguments)


def test_ciphers_of_sops_are_masked_in_documents_of_any_kind(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cipher = "ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]"
    text = CONFIG.replace("two", f"'{cipher}'") + f"sops: {{mac: '{cipher}', version: 3.9.0}}\n"
    (overlay.parent / "base" / "config.yaml").write_text(text)
    (shown,) = (each.data for each in yamls.parse_all(_printed(capsys, overlay, "--only", "ConfigMap/my-settings")))
    assert shown["data"] == {"a": "***", "b": "1"}
    assert shown["sops"] == {"mac": "***", "version": "3.9.0"}
    assert cipher in _printed(capsys, overlay, "--show-secrets")


def test_sources_of_the_settings_stand_for_remote_bases_and_flags_win(
    overlay: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://git.example/shared.yaml"
    for name in ("settled", "given"):
        (tmp_path / f"{name}.yaml").write_text(CONFIG.replace("name: settings", f"name: {name}"))
    (overlay.parent / ".git").mkdir()
    (overlay.parent / "nixernetes.yaml").write_text(f"sources: {{{url}: ../settled.yaml}}\n")
    (overlay / "kustomization.yaml").write_text(f"resources: [{url}]\n")
    assert "name: settled" in _printed(capsys, overlay)
    assert "name: given" in _printed(capsys, overlay, "--source", f"{url}={tmp_path / 'given.yaml'}")


def test_a_folder_without_a_kustomization_names_what_renders_a_repository(
    overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(overlay.parent)
    with pytest.raises(InputError, match=r"in directory '\.': `nixernetes render --all` renders what"):
        main(["."])
    (overlay.parent / "empty").mkdir()
    with pytest.raises(InputError, match="`nixernetes render --all --repo empty` renders what"):
        main(["empty"])
    (overlay / "kustomization.yaml").write_text("resources: [../empty]\n")
    with pytest.raises(InputError) as of_base:
        main(["overlay"])
    assert "render --all" not in str(of_base.value)


def test_a_source_that_nothing_names_is_told(overlay: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = overlay.parent / "clusters" / "prod" / "flux-system" / "gotk-sync.yaml"
    start.parent.mkdir(parents=True)
    start.write_text(
        """apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://git.example.org/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, path: ./overlay, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
    )
    main(["--all", "--repo", str(overlay.parent), "--source", f"https://git.example.org/fleat={tmp_path}"])
    expected = "--source https://git.example.org/fleat: nothing here names this URL: did you mean"
    assert expected in capsys.readouterr().err
