"""A chart deployed with custom values by the real helm: from a Git repository, and from an HTTP repository."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.engine.flux.conftest import World

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.registries.chart_repositories import HttpCharts
from nixernetes.objects import yamls
from nixernetes.objects.identity import GroupKind

_TEMPLATE = """\
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-auth
stringData:
  password: {{ .Values.auth.password | quote }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .Release.Name }}
spec:
  serviceName: {{ .Release.Name }}
  replicas: 1
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec:
      containers: [{name: db, image: "postgres:16"}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: {{ .Values.primary.persistence.size }}}}
"""
_FILES = {
    "Chart.yaml": "apiVersion: v2\nname: postgresql\nversion: 13.0.0\nappVersion: '16'\n",
    "values.yaml": "auth: {password: ''}\nprimary: {persistence: {size: 8Gi}}\n",
    "templates/all.yaml": _TEMPLATE,
    "crds/backups.yaml": """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.example.com}
spec:
  group: example.com
  names: {kind: Backup, plural: backups, singular: backup, listKind: BackupList}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
""",
}
_VALUES = {"auth": {"password": "secretpassword"}, "primary": {"persistence": {"size": "50Gi"}}}


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _package(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(f"postgresql/{path}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0)


@pytest.fixture
def chart_url(tmp_path: Path) -> Iterator[str]:
    data = _package(_FILES)
    (tmp_path / "postgresql-13.0.0.tgz").write_bytes(data)
    entry = {
        "apiVersion": "v2",
        "name": "postgresql",
        "version": "13.0.0",
        "appVersion": "16",
        "digest": hashlib.sha256(data).hexdigest(),
        "urls": ["postgresql-13.0.0.tgz"],
    }
    index = {"apiVersion": "v1", "entries": {"postgresql": [entry]}, "generated": "2026-01-01T00:00:00Z"}
    (tmp_path / "index.yaml").write_text(yamls.dump(index))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(tmp_path)))
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _check(world: World) -> None:
    assert world.settle()
    assert world.condition("HelmRelease", "postgres", namespace="databases")[2] == (
        "Helm install succeeded for release databases/postgres.v1 with chart postgresql@13.0.0"
    )
    claim = world.get("PersistentVolumeClaim", "data-postgres-0", "databases") or {}
    assert claim["spec"]["resources"]["requests"]["storage"] == "50Gi"
    secret = world.get("Secret", "postgres-auth", "databases") or {}
    assert secret["data"] == {"password": "c2VjcmV0cGFzc3dvcmQ="}
    assert not any("secretpassword" in text for text in world.messages())
    assert world.cluster.is_namespaced(GroupKind("example.com", "Backup")) is True


@pytest.mark.slow
def test_from_an_http_repository(chart_url: str) -> None:
    charts = HttpCharts()
    world = World(HelmRenderer(), charts=charts)
    world.cluster.namespace("databases")
    world.put("HelmRepository", "bitnami", {"url": chart_url, "interval": "1h"})
    source = {"kind": "HelmRepository", "name": "bitnami", "namespace": "flux-system"}
    chart = {"spec": {"chart": "postgresql", "version": "13.0.0", "sourceRef": source}}
    spec = {"interval": "10m", "chart": chart, "values": _VALUES}
    world.put("HelmRelease", "postgres", spec, namespace="databases")
    _check(world)
    charts.close()


@pytest.mark.slow
def test_from_a_git_repository() -> None:
    world = World(HelmRenderer())
    world.cluster.namespace("databases")
    world.commit({f"charts/postgresql/{path}": text for path, text in _FILES.items()})
    world.repository()
    source = {"kind": "GitRepository", "name": "repo", "namespace": "flux-system"}
    chart = {"spec": {"chart": "./charts/postgresql", "sourceRef": source}}
    spec = {"interval": "10m", "chart": chart, "values": _VALUES}
    world.put("HelmRelease", "postgres", spec, namespace="databases")
    _check(world)
