"""Laws of every build, on random overlays: deterministic, equal to kubectl's answer, nothing of the input changed."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.render.kustomize.overlays import make

from nixernetes.errors import NixernetesError
from nixernetes.objects import yamls
from nixernetes.render.kustomize import BuildOptions, DocumentCache, build
from nixernetes.render.tree import MemoryTree

SEEDS = st.integers(min_value=0, max_value=10**6)
needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")


def _printed(files: dict[str, str], cache: DocumentCache | None = None) -> str:
    try:
        rendered = build(MemoryTree(files), "over", BuildOptions(cache=cache))
    except NixernetesError as error:
        return f"error: {error}"
    return yamls.dump_all([each.manifest for each in rendered], sort_keys=True)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS)
def test_a_build_is_deterministic_and_leaves_what_is_cached_alone(seed: int) -> None:
    files = make(seed)
    cache = DocumentCache()
    assert _printed(files, cache) == _printed(files, cache) == _printed(files)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS)
def test_every_manifest_says_where_it_came_from(seed: int) -> None:
    tree = MemoryTree(make(seed))
    try:
        rendered = build(tree, "over")
    except NixernetesError:
        return
    assert all(tree.is_file(each.origin.file) for each in rendered)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS)
def test_the_orders_hold_the_same_manifests(seed: int) -> None:
    tree = MemoryTree({**make(seed), "top/kustomization.yaml": "resources: [../over]"})
    try:
        ordered = [build(tree, "top", BuildOptions(reorder=order)) for order in ("none", "legacy")]
    except NixernetesError:
        return
    one, two = (sorted(yamls.dump(each.manifest, sort_keys=True) for each in rows) for rows in ordered)
    assert one == two


@needs_kubectl
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3000, 3024))
def test_random_overlays_render_as_kubectl_prints_them(seed: int, tmp_path: Path) -> None:
    files = make(seed)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    asked = subprocess.run(
        ["kubectl", "kustomize", str(tmp_path / "over")], capture_output=True, text=True, check=False
    )
    ours = _printed(files)
    assert ours.startswith("error: ") if asked.returncode else ours == asked.stdout
