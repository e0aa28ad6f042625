"""What users have for tests of their own platforms: names that stay, and runs and renderings that tell the truth."""

import inspect
from datetime import timedelta
from pathlib import Path

import pytest
from tests.repositories import repository_of

from nixernetes import testing
from nixernetes.errors import InputError
from nixernetes.testing import Simulation, rendered

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "10-single-cluster"
APP = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  source: {repoURL: 'https://git.example/fleet', path: web}
  destination: {name: in-cluster, namespace: default}
  syncPolicy: {automated: {selfHeal: true}}
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    files = {
        "argocd/web.yaml": APP,
        "web/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {color: blue}\n",
    }
    return repository_of(files, tmp_path, "repo")


def test_the_public_names_are_these() -> None:
    assert testing.__all__ == [
        "MemoryCharts",
        "MemoryRegistries",
        "MemorySource",
        "RecordingNotifier",
        "Simulation",
        "TestCluster",
        "cluster",
        "estimated",
        "rendered",
    ]
    arguments = list(inspect.signature(Simulation).parameters)
    assert arguments == ["target", "engine", "clusters", "sources", "values", "rev"]
    assert list(inspect.signature(rendered).parameters) == ["repo", "cluster", "rev", "clusters", "sources", "values"]


def test_a_platform_runs_to_rest() -> None:
    with Simulation(EXAMPLE) as platform:
        assert not platform.converged
        assert platform.settle()
        assert platform.converged
        (cluster,) = platform.clusters
        assert platform.has(cluster, "ConfigMap/default/hello")
        assert [item.state for item in platform.report.deliveries] == ["ready"] * 3


def test_drift_is_healed_and_what_was_deleted_comes_back(repo: Path) -> None:
    with Simulation(repo) as platform:
        platform.settle()
        drifted = platform.get("management", "ConfigMap/default/a")
        platform.apply(
            "management", {**drifted, "metadata": {"name": "a", "namespace": "default"}, "data": {"color": "red"}}
        )
        assert platform.get("management", "ConfigMap/default/a")["data"] == {"color": "red"}
        platform.advance(timedelta(minutes=5))
        assert platform.get("management", "ConfigMap/default/a")["data"] == {"color": "blue"}
        platform.delete("management", "ConfigMap/default/a")
        assert not platform.has("management", "ConfigMap/default/a")
        platform.advance(timedelta(minutes=5))
        assert platform.has("management", "ConfigMap/default/a")


def test_what_is_not_there_is_said(repo: Path) -> None:
    with Simulation(repo) as platform:
        with pytest.raises(InputError, match="there is no such cluster: there are management"):
            platform.get("elsewhere", "ConfigMap/default/a")
        with pytest.raises(InputError, match="ConfigMap/default/b: cluster management has no such object"):
            platform.get("management", "ConfigMap/default/b")


def test_a_repository_is_rendered_or_refused_as_a_whole(repo: Path) -> None:
    assert [item.manifest["kind"] for item in rendered(repo)] == ["ConfigMap"]
    (repo / "web" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [a\n")
    with pytest.raises(InputError, match="Application/argocd/web: "):
        rendered(repo)
