"""A repository with encrypted Secrets, from the command line to the last cache."""

import json
from pathlib import Path

import pytest
from tests.encrypted import Encryptor
from tests.repositories import committed

from nixernetes.app import targets, up
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.worlds import make_world
from nixernetes.cli.render import main
from nixernetes.objects import yamls
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

SYNC = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/prod
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  decryption: {provider: sops}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  decryption: {provider: sops}
  postBuild: {substituteFrom: [{kind: Secret, name: vars}]}
"""


def _secret(name: str, namespace: str, **data: str) -> Manifest:
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data}


@pytest.fixture
def encryptor() -> Encryptor:
    return Encryptor()


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encryptor: Encryptor) -> Path:
    source = tmp_path / "source"
    (source / "clusters/prod/flux-system").mkdir(parents=True)
    (source / "apps").mkdir()
    (source / "clusters/prod/flux-system/gotk-sync.yaml").write_text(SYNC)
    secret = encryptor.document(_secret("vars", "flux-system", zone="hidden-zone"))
    (source / "clusters/prod/vars.yaml").write_text(yamls.dump(secret))
    (source / "apps/db.yaml").write_text(yamls.dump(encryptor.document(_secret("db", "default", pw="hidden-word"))))
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "default"}}
    (source / "apps/web.yaml").write_text(yamls.dump({**config, "data": {"host": "web.${zone}"}}))
    for name in ("SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE", "GNUPGHOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return committed(source, tmp_path / "fleet")


def _printed(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Json], str]:
    printed = capsys.readouterr()
    return {item["metadata"]["name"]: item for item in json.loads(printed.out)}, printed.err


def test_without_a_key_one_line_says_what_is_not_verified(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):  # the second time from the cache
        main(["--all", "--repo", str(fleet), "-o", "json"])
        found, told = _printed(capsys)
        assert found["db"]["stringData"] == {"pw": "sops-placeholder"}
        assert found["web"]["data"] == {"host": "web.sops-placeholder"}
        lines = told.splitlines()
        assert [line for line in lines if "2 documents that SOPS encrypted have placeholders" in line] == [lines[-1]]
        assert "Secret/default/db, Secret/flux-system/vars (no key at hand for age age1" in lines[-1]
        assert lines[0].endswith("placeholders for what SOPS encrypted: needed by Kustomization/flux-system/apps")


def test_with_a_key_values_are_there_and_in_no_cache(
    fleet: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, encryptor: Encryptor
) -> None:
    monkeypatch.setenv("SOPS_AGE_KEY", str(encryptor.identity))
    main(["--all", "--repo", str(fleet), "-o", "json", "--show-secrets"])
    found, told = _printed(capsys)
    assert found["db"]["stringData"] == {"pw": "hidden-word"}
    assert found["web"]["data"] == {"host": "web.hidden-zone"}
    assert told == ""
    kept = [path.read_bytes() for path in (fleet.parent / "cache").rglob("*") if path.is_file()]
    assert not any(b"hidden" in data for data in kept)
    main(["--all", "--repo", str(fleet), "-o", "json"])
    assert _printed(capsys)[0]["db"]["stringData"] == {"pw": "***"}


def test_up_applies_what_is_given_and_says_what_is_not_verified(fleet: Path) -> None:
    given = fleet.parent / "given.yaml"
    given.write_text(yamls.dump_all([_secret("own", "team", a="b"), {**_secret("vars", "flux-system", zone="given")}]))
    with targets.prepare(fleet, targets.RunOptions(tools=ToolOptions(values=[given]))) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        assert world.run_until_settled(up.LIMIT)
        report = world.report()
    assert report.ready
    assert "Secret/default/db" in report.not_verified
    [cluster] = world.clusters.values()
    own = cluster.get(ObjectKey("", "Secret", "team", "own"))
    web = cluster.get(ObjectKey("", "ConfigMap", "default", "web"))
    assert own is not None
    assert own["data"] == {"a": "Yg=="}
    assert web is not None
    assert web["data"] == {"host": "web.given"}
