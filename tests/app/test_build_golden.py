"""Each example builds exactly the tree that stands in ``golden/``, and every path in that tree leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixernetes.adapters.repository_writer import RECORD
from nixernetes.app.build import build, check
from nixernetes.app.load import load
from nixernetes.gitops.layout.compiler import bootstrap, cluster_servers, compile_platform, control_plane_of
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Manifest

EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir())


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != RECORD
    }


@pytest.mark.parametrize("case", CASES)
def test_an_example_builds_its_golden_tree(case: str, tmp_path: Path) -> None:
    build(EXAMPLES / case, tmp_path)
    assert files(tmp_path) == files(GOLDEN / case)
    assert check(EXAMPLES / case, tmp_path).changes.up_to_date


@pytest.mark.parametrize("case", CASES)
def test_building_twice_gives_the_same_bytes(case: str, tmp_path: Path) -> None:
    build(EXAMPLES / case, tmp_path / "one")
    build(EXAMPLES / case, tmp_path / "two")
    one, two = tmp_path / "one", tmp_path / "two"
    assert (one / RECORD).read_bytes() == (two / RECORD).read_bytes()
    assert files(one) == files(two)


@pytest.mark.parametrize("case", CASES)
def test_every_file_has_one_document_and_every_kustomization_names_what_is_there(case: str) -> None:
    tree = files(GOLDEN / case)
    for path, text in tree.items():
        if not path.endswith(".yaml") or path.startswith("charts/"):
            continue
        documents = [item for item in yamls.parse_all(text, file=path) if item.data is not None]
        assert len(documents) == 1, path
        if path.endswith("kustomization.yaml"):
            resources = documents[0].data["resources"]
            assert resources == sorted(resources), path
            for entry in resources:
                target = (Path("/") / path).parent / entry
                found = Path(*target.parts[1:]).as_posix() if ".." not in entry else _resolved(target)
                assert found in tree or f"{found}/kustomization.yaml" in tree, (path, entry)


@pytest.mark.parametrize("case", CASES)
def test_every_delivery_points_at_a_path_that_is_there(case: str) -> None:
    tree = files(GOLDEN / case)
    platform = load(EXAMPLES / case).platform
    starts = [item for name, _ in cluster_servers(platform) for item in bootstrap(platform, name)]
    starts += bootstrap(platform, control_plane_of(platform))
    paths = [path for item in (*_objects(tree), *starts) for path in _paths(item)]
    assert paths
    for path in paths:
        assert f"{path}/kustomization.yaml" in tree or f"{path}/Chart.yaml" in tree, path


@pytest.mark.parametrize("case", CASES)
def test_what_is_applied_by_hand_is_in_the_tree_too(case: str) -> None:
    """So that the clusters manage themselves from then on, and nobody prunes what started them."""
    tree = _objects(files(GOLDEN / case))
    platform = load(EXAMPLES / case).platform
    for name in {*(name for name, _ in cluster_servers(platform)), control_plane_of(platform)}:
        assert all(item in tree for item in bootstrap(platform, name) if item["kind"] not in ("Namespace", "ConfigMap"))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_one_engine_leaves_no_files_of_the_other(case: str, engine: str) -> None:
    loaded = load(EXAMPLES / case)
    apps = tuple(app.model_copy(update={"depends_on": ()}) for app in loaded.platform.apps)
    platform = loaded.platform.model_copy(update={"engine": engine, "apps": apps})
    groups = {item["apiVersion"].split("/")[0] for item in _objects(_texts(compile_platform(platform, loaded.files)))}
    assert any("argoproj" in group for group in groups) is (engine == "argocd")
    assert any("fluxcd" in group for group in groups) is (engine == "flux")


@pytest.mark.parametrize("case", CASES)
def test_both_engines_deliver_the_same_paths_and_charts_to_the_same_clusters(case: str) -> None:
    loaded = load(EXAMPLES / case)
    apps = tuple(app.model_copy(update={"depends_on": ()}) for app in loaded.platform.apps)
    platform = loaded.platform.model_copy(update={"engine": "both", "apps": apps})
    tree = _texts(compile_platform(platform, loaded.files))
    servers = {server: name for name, server in cluster_servers(platform)}
    argocd, flux = set(), set()
    for path, text in tree.items():
        item = {} if path.startswith("charts/") else yamls.parse(text)
        if path.startswith("argocd/applications/") and not path.endswith("-root.yaml"):
            destination, source = item["spec"]["destination"], item["spec"]["source"]
            cluster = destination.get("name") or servers[destination["server"]]
            argocd.add((cluster, source.get("path") or source["chart"]))
        elif "/kustomizations/" in path and "/stages/" in item["spec"]["path"]:
            continue  # it makes something wait, and brings nothing of its own
        elif "/kustomizations/" in path and not path.endswith("flux-system.yaml"):
            flux.add((path.split("/")[1], item["spec"]["path"].removeprefix("./")))
        elif "/helmreleases/" in path:
            flux.add((path.split("/")[1], item["spec"]["chart"]["spec"]["chart"].removeprefix("./")))
    assert argocd == flux


def _resolved(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts[1:]:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _texts(tree: dict[str, bytes]) -> dict[str, str]:
    return {path: data.decode() for path, data in tree.items()}


def _objects(tree: dict[str, str]) -> list[Manifest]:
    found = (text for path, text in tree.items() if path.endswith(".yaml") and not path.startswith("charts/"))
    return [yamls.parse_all(text)[0].data for text in found]


def _paths(item: Manifest) -> list[str]:
    if item["kind"] == "Kustomization" and "spec" in item:
        return [item["spec"]["path"].removeprefix("./")]
    if item["kind"] == "Application" and "path" in item["spec"]["source"]:
        return [item["spec"]["source"]["path"]]
    return []
