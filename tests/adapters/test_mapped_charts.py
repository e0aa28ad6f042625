"""Charts that the user maps to this machine; all others are asked where they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.registry_server import archive

from nixernetes.adapters.registries.mapped_charts import MappedCharts
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryCharts

URL = "https://charts.example/stable"


def _about(version: str) -> str:
    return f"apiVersion: v2\nname: web\nversion: {version}\n"


def _archive(version: str) -> bytes:
    return archive({"web/Chart.yaml": _about(version), "web/values.yaml": "a: 1\n"})


def _charts(place: Path, url: str = URL) -> tuple[MappedCharts, MemoryCharts]:
    below = MemoryCharts()
    return MappedCharts({f"{url}/web": place}, below), below


def test_a_folder_is_a_chart(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text(_about("1.2.3"))
    charts, below = _charts(tmp_path)
    assert charts.pull(f"{URL}/", "web", "1.x").version == "1.2.3"
    assert below.asked == []


def test_an_archive_is_a_chart(tmp_path: Path) -> None:
    (tmp_path / "any.tgz").write_bytes(_archive("1.2.3"))
    charts, _ = _charts(tmp_path / "any.tgz", "oci://registry.example/charts")
    assert charts.pull("oci://registry.example/charts", "web", "").tree.read("values.yaml") == b"a: 1\n"


@pytest.mark.parametrize(
    ("asked", "version"), [("", "2.0.0"), ("*", "2.0.0"), ("1.x", "1.10.0"), ("1.9.0", "1.9.0"), ("~1.9", "1.9.0")]
)
def test_a_folder_of_archives_is_a_chart_of_many_versions(tmp_path: Path, asked: str, version: str) -> None:
    for number in ("1.9.0", "1.10.0", "2.0.0", "3.0.0-rc.1"):
        (tmp_path / f"web-{number}.tgz").write_bytes(_archive(number))
    assert _charts(tmp_path)[0].pull(URL, "web", asked).version == version


def test_a_version_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "web.tgz").write_bytes(_archive("1.2.3"))
    charts, _ = _charts(tmp_path)
    with pytest.raises(RemoteError, match=r"no 'web' chart with version matching '2.x' in .*: 1\.2\.3"):
        charts.pull(URL, "web", "2.x")
    with pytest.raises(RemoteError, match="chart web: "):
        charts.pull(URL, "web", "no range!")


def test_a_place_without_a_chart_is_told(tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match=": none"):
        _charts(tmp_path)[0].pull(URL, "web", "")
    with pytest.raises(RemoteError, match="cannot be read"):
        _charts(tmp_path / "nowhere.tgz")[0].pull(URL, "web", "")
    (tmp_path / "broken.tgz").write_bytes(b"text")
    with pytest.raises(NixernetesError):
        _charts(tmp_path / "broken.tgz")[0].pull(URL, "web", "")


def test_what_is_not_mapped_is_asked_below_with_its_credentials(tmp_path: Path) -> None:
    charts, below = _charts(tmp_path)
    who = Credentials(username="robot", password="word")
    below.add(URL, Chart(name="other", version="1.0.0", tree=MemoryTree({})))
    assert charts.pull(URL, "other", "1.0.0", who).name == "other"
    with pytest.raises(RemoteError, match="no index"):
        charts.index("https://charts.example/other")
    assert below.asked == [(URL, who), ("https://charts.example/other", ANONYMOUS)]


def test_the_index_of_a_repository_with_mapped_charts_is_theirs(tmp_path: Path) -> None:
    """So that a HelmRepository is ready without a network; it is another one when a chart is."""
    (tmp_path / "Chart.yaml").write_text(_about("1.2.3"))
    charts, below = _charts(tmp_path)
    first = charts.index(f"{URL}/")
    assert first.startswith("sha256:")
    (tmp_path / "Chart.yaml").write_text(_about("1.2.4"))
    assert charts.index(URL) != first
    assert below.asked == []
