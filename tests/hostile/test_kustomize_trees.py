"""What a tree lists and does not show is named with its reason; bases that multiply come to an end."""

from __future__ import annotations

import os
from pathlib import Path

import pygit2
import pytest

from nixernetes.adapters.folder import FolderTree
from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.repositories.git_tree import GitTree
from nixernetes.errors import InputError
from nixernetes.objects.sizes import MAX_BYTES
from nixernetes.render.kustomize import KustomizeError, build
from nixernetes.render.tree import MemoryTree

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text(CONFIG_MAP)
    (folder / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    return folder


@pytest.mark.parametrize("target", ["../outside.yaml", "/etc/passwd", "/dev/zero", "a.yaml", "nowhere", ".."])
def test_a_link_that_shows_nothing_is_named(root: Path, target: str) -> None:
    (root / "a.yaml").symlink_to(target)
    with pytest.raises(KustomizeError, match=r"(?s)^kustomization\.yaml:1: .*a\.yaml links out of the repository or"):
        build(FolderSnapshot(root), "")


def test_what_is_behind_a_link_that_leads_out_is_named(root: Path) -> None:
    (root / "b").symlink_to("/etc")
    (root / "kustomization.yaml").write_text("resources: [b/passwd]\n")
    with pytest.raises(KustomizeError, match=r"b links out of the repository or"):
        build(FolderSnapshot(root), "")


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "a.yaml")
    with pytest.raises(KustomizeError, match="or is not a regular file"):
        build(FolderSnapshot(root), "")
    (root / "kustomization.yaml").unlink()
    os.mkfifo(root / "kustomization.yaml")
    with pytest.raises(KustomizeError, match=r"unable to find .*: kustomization\.yaml .*is not a regular file"):
        build(FolderSnapshot(root), "")


def test_a_kustomization_that_is_a_folder_is_named() -> None:
    with pytest.raises(KustomizeError, match=r"unable to find .*: kustomization\.yaml is a folder"):
        build(MemoryTree({"kustomization.yaml/x": ""}), "")


@pytest.mark.parametrize("kind", [FolderTree, FolderSnapshot])
def test_a_large_file_is_refused_before_it_is_read(root: Path, kind: type[FolderTree]) -> None:
    with (root / "a.yaml").open("wb") as file:
        file.truncate(1 << 50 if os.name == "nt" else 1 << 42)  # four TiB of nothing: no one could read it
    tree = kind(root)
    with pytest.raises(InputError, match=r"^a\.yaml: larger than 32 MiB"):
        tree.read("a.yaml")
    before = tree.content_id("a.yaml")
    assert before == kind(root).content_id("a.yaml")
    os.truncate(root / "a.yaml", 1 << 41)
    assert kind(root).content_id("a.yaml") != before
    with pytest.raises(InputError, match=r"^kustomization\.yaml:1: .*a\.yaml.*: larger than 32 MiB"):
        build(kind(root), "")


def test_a_large_blob_is_refused_before_it_is_read(tmp_path: Path) -> None:
    repository = pygit2.init_repository(str(tmp_path), bare=True)
    builder = repository.TreeBuilder()
    builder.insert("a.yaml", repository.create_blob(bytes(MAX_BYTES + 1)), pygit2.enums.FileMode.BLOB)
    tree = GitTree(repository, builder.write())
    with pytest.raises(InputError, match=r"^a\.yaml: larger than 32 MiB"):
        tree.read("a.yaml")


def test_bases_that_multiply_are_counted() -> None:
    files = {"kustomization.yaml": "resources: [a0, b0]\n"}
    for depth in range(20):
        for side in "ab":
            bases = f"resources: [../a{depth + 1}, ../b{depth + 1}]"
            files[f"{side}{depth}/kustomization.yaml"] = f"namePrefix: {side}\n{bases}\n"
    for side in "ab":
        files[f"{side}20/kustomization.yaml"] = "resources: [a.yaml]\n"
        files[f"{side}20/a.yaml"] = CONFIG_MAP.replace("name: c", f"name: {side}")
    with pytest.raises(KustomizeError, match="bases are listed more than 5,000 times"):
        build(MemoryTree(files), "")


@pytest.mark.parametrize(
    ("kustomization", "message"),
    [
        ("labels: [{pairs: {a: b}, fields: [{path: " + "a/" * 5000 + "b, create: true}]}]", "nested too deeply"),
        ("patches: [{patch: '- {op: test, path: /a}', target: {labelSelector: '" + " " * 70_000 + "l'}}]", "65,536"),
        ("configMapGenerator: [{name: g, literals: [" + "".join(f"k{n}=v," for n in range(100_001)) + "]}]", "keys"),
    ],
    ids=["fields", "selector", "keys"],
)
def test_a_field_that_would_take_long_is_refused(kustomization: str, message: str) -> None:
    files = {"kustomization.yaml": f"resources: [a.yaml]\n{kustomization}\n", "a.yaml": CONFIG_MAP}
    with pytest.raises(KustomizeError, match=message):
        build(MemoryTree(files), "")


@pytest.mark.parametrize("pattern", ["a?" * 40 + "a" * 40 + "b", "(a|a)" * 60 + "b", "(a|a)*b", "a{0,9}" * 60 + "b"])
def test_an_expression_with_choices_takes_no_time(pattern: str) -> None:
    files = {
        "kustomization.yaml": "resources: [a.yaml]\npatches:\n- patch: '- {op: remove, path: /metadata/labels}'\n"
        f"  target: {{name: '{pattern}'}}\n",
        "a.yaml": CONFIG_MAP.replace("name: c", "name: " + "a" * 200),
    }
    assert len(build(MemoryTree(files), "")) == 1


def _folder(root: Path, files: dict[str, str], links: dict[str, str]) -> FolderSnapshot:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path, target in links.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    return FolderSnapshot(root)


def _revision(folder: Path) -> GitTree:
    """Commit a folder, links and all, and return the tree of the revision."""
    repository = pygit2.init_repository(str(folder))
    repository.index.add_all()
    return GitTree(repository, repository.index.write_tree())


SHARED = {"shared/a.yaml": CONFIG_MAP, "shared/kustomization.yaml": "resources: [a.yaml]\n", "x/own.yaml": CONFIG_MAP}


@pytest.mark.parametrize("kind", ["folder", "revision"])
@pytest.mark.parametrize(
    ("links", "kustomization", "message"),
    [
        (
            {"x/a.yaml": "../shared/a.yaml"},
            "resources: [a.yaml]",
            r"'x/a\.yaml' is not in or below 'x' \(it links to",
        ),
        ({"x/d": "../shared"}, "resources: [d/a.yaml]", r"'x/d/a\.yaml' is not in or below"),
        ({"x/d": "../shared"}, "resources: [d]", ""),
        ({"x/a.yaml": "b.yaml", "x/b.yaml": "../shared/a.yaml"}, "resources: [a.yaml]", "is not in or below"),
        ({"x/a.yaml": "own.yaml"}, "resources: [a.yaml]", ""),
        ({"x/a.yaml": "b.yaml", "x/b.yaml": "a.yaml"}, "resources: [a.yaml]", r"x/a\.yaml"),
        ({"x/a.yaml": "nowhere"}, "resources: [a.yaml]", r"open x/a\.yaml: .*links out of the repository or nowhere"),
        ({"x/loop": "."}, "resources: [loop/loop/own.yaml]", ""),
        ({"x/loop": "."}, "resources: [loop/loop]", "cycle detected: candidate root 'x' contains visited root 'x'"),
        ({"x/up": ".."}, "resources: [up/shared]", ""),
        ({"x/up": ".."}, "resources: [up]", "cycle detected: candidate root '.' contains visited root 'x'"),
        ({"x/up": ".."}, "resources: [up/x/own.yaml]", ""),
        ({"x/a.yaml": "../shared/a.yaml"}, "configMapGenerator: [{name: g, files: [a.yaml]}]", "is not in or below"),
        ({"x/d": "../shared/sub"}, "resources: [d/../own.yaml]", ""),
    ],
)
def test_links_are_followed_before_what_may_be_read_is_decided(
    tmp_path: Path, kind: str, links: dict[str, str], kustomization: str, message: str
) -> None:
    """As kubectl does: what is allowed is where a file is, not how it is spelled."""
    files = {**SHARED, "shared/sub/b.yaml": "", "x/kustomization.yaml": f"{kustomization}\n"}
    folder = _folder(tmp_path, files, links)
    tree = folder if kind == "folder" else _revision(tmp_path)
    if message:
        with pytest.raises(KustomizeError, match=message):
            build(tree, "x")
    else:
        assert len(build(tree, "x")) == 1


def test_a_base_behind_a_link_has_its_own_neighbours(tmp_path: Path) -> None:
    files = {**SHARED, "deep/er/b/kustomization.yaml": "resources: [../../../shared]\n"}
    tree = _folder(tmp_path, {**files, "x/kustomization.yaml": "resources: [b]\n"}, {"x/b": "../deep/er/b"})
    assert [str(item.origin) for item in build(tree, "x")] == ["shared/a.yaml:1"]


def test_a_kustomization_that_links_out_of_its_folder_is_none(tmp_path: Path) -> None:
    tree = _folder(tmp_path, SHARED, {"x/kustomization.yaml": "../shared/kustomization.yaml"})
    with pytest.raises(KustomizeError, match=r"kustomization\.yaml links to shared/kustomization\.yaml, which is not"):
        build(tree, "x")


def test_walking_through_links_that_lead_back_ends(tmp_path: Path) -> None:
    tree = _folder(tmp_path, SHARED, {"x/loop": ".", "x/up": "..", "shared/x": "../x"})
    assert len(list(tree.walk())) < 20
    assert len(list(_revision(tmp_path).walk())) < 20
