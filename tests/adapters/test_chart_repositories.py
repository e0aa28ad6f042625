"""Charts come from HTTP repositories by version, and nothing hostile in an archive gets through."""

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nixernetes.adapters.registries.chart_repositories import HttpCharts, unpack_chart
from nixernetes.errors import InputError, RemoteError


def archive(files: dict[str, str], *, link: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
        if link:
            info = tarfile.TarInfo("app/link")
            info.type, info.linkname = tarfile.SYMTYPE, link
            tar.addfile(info)
    return gzip.compress(buffer.getvalue(), mtime=0)  # the time of packing would make every run's archives differ


def chart(version: str) -> bytes:
    return archive({"app/Chart.yaml": f"apiVersion: v2\nname: app\nversion: {version}\n", "app/values.yaml": "a: 1\n"})


class _Server:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.requests: list[str] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.requests.append(self.path)
                data = owner.files.get(self.path)
                self.send_response(404 if data is None else 200)
                self.end_headers()
                self.wfile.write(data or b"")

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/charts"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def publish(self, *versions: str, digests: bool = True) -> None:
        lines = ["apiVersion: v1", "entries:", "  app:"]
        for version in versions:
            data = chart(version)
            self.files[f"/charts/app-{version}.tgz"] = data
            lines += [f"  - name: app\n    version: {version}\n    urls: [app-{version}.tgz]"]
            lines += [f"    digest: {hashlib.sha256(data).hexdigest()}"] if digests else []
        self.files["/charts/index.yaml"] = "\n".join(lines).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server()
    yield server
    server.close()


@pytest.fixture
def charts() -> Iterator[HttpCharts]:
    charts = HttpCharts(timeout_seconds=5)
    yield charts
    charts.close()


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", "1.10.0"),
        ("*", "1.10.0"),
        ("1.x", "1.10.0"),
        ("~1.9", "1.9.1"),
        ("1.9.0", "1.9.0"),
        (">=2.0.0-0", "2.0.0-rc.1"),
    ],
)
def test_the_newest_version_that_a_constraint_admits_is_pulled(
    server: _Server, charts: HttpCharts, version: str, expected: str
) -> None:
    server.publish("2.0.0-rc.1", "1.10.0", "1.9.1", "1.9.0")
    found = charts.pull(server.url, "app", version)
    assert (found.name, found.version) == ("app", expected)
    assert found.tree.read("values.yaml") == b"a: 1\n"


def test_the_revision_is_the_digest_of_the_index_and_a_new_version_is_seen_after_the_index(
    server: _Server, charts: HttpCharts
) -> None:
    server.publish("1.0.0")
    before = charts.index(server.url)
    assert before == "sha256:" + hashlib.sha256(server.files["/charts/index.yaml"]).hexdigest()
    server.publish("1.1.0", "1.0.0")
    assert charts.pull(server.url, "app", "*").version == "1.0.0"
    assert charts.index(server.url) != before
    assert charts.pull(server.url, "app", "*").version == "1.1.0"


def test_an_archive_is_downloaded_once(server: _Server, charts: HttpCharts) -> None:
    server.publish("1.0.0")
    assert charts.pull(server.url, "app", "*") is charts.pull(server.url + "", "app", "1.0.0")
    assert server.requests.count("/charts/app-1.0.0.tgz") == 1


def test_an_archive_that_is_not_what_the_index_says_is_refused(server: _Server, charts: HttpCharts) -> None:
    server.publish("1.0.0")
    server.files["/charts/app-1.0.0.tgz"] = chart("1.0.1")
    with pytest.raises(RemoteError, match="digest"):
        charts.pull(server.url, "app", "*")


def test_what_is_not_there_is_named(server: _Server, charts: HttpCharts) -> None:
    with pytest.raises(RemoteError, match="404"):
        charts.index(server.url)
    server.publish("1.0.0")
    with pytest.raises(RemoteError, match="no chart name found: other"):
        charts.pull(server.url, "other", "*")
    with pytest.raises(RemoteError, match="no 'app' chart with version matching '>9' found"):
        charts.pull(server.url, "app", ">9")
    with pytest.raises(RemoteError, match="improper constraint"):
        charts.pull(server.url, "app", "newest")
    del server.files["/charts/app-1.0.0.tgz"]
    with pytest.raises(RemoteError, match="failed to fetch"):
        charts.pull(server.url, "app", "*")


@pytest.mark.parametrize("index", [b"\x00", b"- 1", b"entries: [", b"{}"])
def test_a_broken_index_is_a_remote_error(server: _Server, charts: HttpCharts, index: bytes) -> None:
    server.files["/charts/index.yaml"] = index
    with pytest.raises(RemoteError, match="index"):
        charts.index(server.url)


def test_nobody_listening_is_a_remote_error(server: _Server, charts: HttpCharts) -> None:
    server.close()
    with pytest.raises(RemoteError, match="failed to fetch"):
        charts.index(server.url)


def test_oci_and_other_schemes_are_refused_by_name(charts: HttpCharts) -> None:
    with pytest.raises(InputError, match="OCI registry has no index"):
        charts.index("oci://registry.example.com/charts")
    with pytest.raises(InputError, match="must be http"):
        charts.index("file:///etc")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive({"app/../../evil": "x"}), "leads out"),
        (archive({"/etc/evil": "x"}), "leads out"),
        (archive({}, link="/etc/passwd"), "leads out"),
        (archive({"app/values.yaml": "x"}), "Chart.yaml file is missing"),
        (archive({"app/Chart.yaml": "- 1"}), "name and version"),
        (b"not an archive", "not a readable archive"),
        (chart("1.0.0")[:60], "not a readable archive|broken"),
    ],
    ids=["climbs out", "absolute", "link out", "no Chart.yaml", "Chart.yaml is a list", "no archive", "cut short"],
)
def test_hostile_and_broken_archives_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(RemoteError, match=message):
        unpack_chart(data, "app 1")


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("app/zeros")
        info.size = 101 * 1024 * 1024
        assert tar.fileobj is not None
        tar.fileobj.write(info.tobuf())  # the header alone, which promises too much
    with pytest.raises(RemoteError, match="unpacks to more"):
        unpack_chart(buffer.getvalue(), "app 1")
