"""Real repositories: every overlay equals what kubectl kustomize prints, to the letter."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.objects import yamls
from nixernetes.render.kustomize import BuildOptions, DocumentCache, KustomizeError, build
from nixernetes.render.kustomize.kustomization import FILE_NAMES
from nixernetes.render.tree import MemoryTree, Tree

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
CACHE = DocumentCache()


def _repositories() -> list[Path]:
    folder = SHARED / "corpora"
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _overlays(repository: Path) -> list[str]:
    found = (path.parent for name in FILE_NAMES for path in repository.rglob(name))
    return sorted({str(path.relative_to(repository)) for path in found})


@cache
def _tree(repository: Path) -> Tree:
    files = (path for path in repository.rglob("*") if path.is_file() and not path.is_symlink())
    return MemoryTree({str(path.relative_to(repository)): path.read_bytes() for path in files})


@needs_shared
@needs_kubectl
@pytest.mark.slow
@pytest.mark.parametrize(
    ("repository", "overlay"),
    [(repository, overlay) for repository in _repositories() for overlay in _overlays(repository)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_an_overlay_renders_as_kubectl_prints_it(repository: Path, overlay: str) -> None:
    command = ["kubectl", "kustomize", "--load-restrictor", "LoadRestrictionsNone", str(repository / overlay)]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    options = BuildOptions(load_restrictor="none", cache=CACHE)
    if asked.returncode:
        with pytest.raises(KustomizeError):
            build(_tree(repository), overlay, options)
        return
    rendered = build(_tree(repository), overlay, options)
    assert yamls.dump_all([each.manifest for each in rendered], sort_keys=True) == asked.stdout
