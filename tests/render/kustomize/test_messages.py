"""What an error says: the place, what happened, and not the way there."""

import os
from pathlib import Path

import pytest

from nixernetes.app.rendering.render_folder import FolderOptions, FolderRenderer
from nixernetes.errors import InputError
from nixernetes.render.kustomize import build
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.tree import MemoryTree


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("resources: [no.yaml]", "base/kustomization.yaml:1: accumulating resources: open base/no.yaml: no such file"),
        ("resources: [bad.yaml]", "base/bad.yaml:1: accumulating resources: broken YAML: mapping values"),
        ("resources: [deeper]", "base/deeper: accumulating resources: unable to find one of 'kustomization.yaml'"),
        (
            "resources: [../over]",
            "base/kustomization.yaml:1: accumulating resources: cycle detected: candidate root 'over' contains visited",
        ),
        ("components: [../no]", "base/kustomization.yaml:1: accumulating resources: must build at directory: 'no': no"),
    ],
)
def test_what_happened_is_told_without_the_way_there(base: str, message: str) -> None:
    files = {
        "over/kustomization.yaml": "resources: [../base]",
        "base/kustomization.yaml": base,
        "base/bad.yaml": "a: b: c",
        "base/deeper/readme": "",
    }
    with pytest.raises(KustomizeError) as raised:
        build(MemoryTree(files), "over")
    assert str(raised.value).startswith(message)
    assert str(raised.value).count("accumulating resources") == 1
    assert "cycle" not in message or "root 'over' (over -> base -> over): remove one" in str(raised.value)


@pytest.mark.parametrize(("here", "folder"), [("", "over"), ("over", "."), ("base", "../over"), ("..", "{}/over")])
def test_places_are_seen_from_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, folder: str
) -> None:
    (tmp_path / "over").mkdir()
    (tmp_path / "base").mkdir()
    (tmp_path / "over" / "kustomization.yaml").write_text("resources: [../base]\n")
    (tmp_path / "base" / "kustomization.yaml").write_text("resources:\n- no.yaml\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path / here)
    renderer = FolderRenderer(FolderOptions(), lambda _: "", "")
    with pytest.raises(InputError) as raised:
        renderer.text(Path(folder.format(tmp_path.name)))
    base = os.path.relpath(tmp_path / "base")
    shown = "" if base == "." else f"{base}/"
    assert str(raised.value) == (
        f"{shown}kustomization.yaml:2: accumulating resources: open {shown}no.yaml: no such file or directory"
    )
