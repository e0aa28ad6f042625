"""OCIRepository, and what is delivered from it (Flux, sections 1.5, 1.6 and 10.3)."""

from __future__ import annotations

import json

import pytest
from tests.engine.flux.conftest import World, config_map

from nixernetes.objects.manifest import Json
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import OciArtifact, OciRef
from nixernetes.testing import MemoryRegistries

URL = "oci://registry.example.com/apps"
CHART = "oci://registry.example.com/charts/web"
ORIGIN = "org.opencontainers.image.revision"
TEMPLATE = config_map("{{release}}", v="{{color}}")


def _oci(world: World, name: str = "apps", **spec: Json) -> None:
    world.put("OCIRepository", name, {"url": URL, "interval": "5m", "ref": {"tag": "latest"}, **spec})


def _kustomization(world: World) -> None:
    world.kustomization(sourceRef={"kind": "OCIRepository", "name": "apps"}, path="./")


def _chart(version: str = "1.2.3", template: str = TEMPLATE) -> dict[str, str]:
    return {
        "web/Chart.yaml": f"apiVersion: v2\nname: web\nversion: {version}\nappVersion: '9'\n",
        "web/values.yaml": "color: red\n",
        "web/templates/config.yaml": template,
    }


def _secret(world: World, name: str, **data: str) -> None:
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "flux-system"}}
    world.cluster.apply({**manifest, "stringData": data}, manager="kubectl", force=True)


def _release(world: World) -> None:
    layer = {"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "operation": "copy"}
    _oci(world, "web", url=CHART, ref={"tag": "1.2.3"}, layerSelector=layer)
    spec = {"interval": "10m", "chartRef": {"kind": "OCIRepository", "name": "web"}, "targetNamespace": "default"}
    world.put("HelmRelease", "web", spec)


def _maps(world: World) -> list[str]:
    return [name for name in world.names("ConfigMap") if name != "kube-root-ca.crt"]


def test_artifact_is_stored_under_tag_and_digest(world: World) -> None:
    digest = world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world)
    assert world.settle()
    revision = f"latest@{digest}"
    assert world.condition("OCIRepository", "apps") == ("True", "Succeeded", f"stored artifact for digest '{revision}'")
    artifact = world.status("OCIRepository", "apps")["artifact"]
    assert artifact["revision"] == revision
    assert artifact["path"].startswith("ocirepository/flux-system/apps/")
    assert artifact["path"].endswith(".tar.gz")
    assert world.messages("NewArtifact") == [f"stored artifact with revision '{revision}' from '{URL}'"]


def test_a_digest_is_a_revision_by_itself(world: World) -> None:
    digest = world.registries.push(URL, "v1", {"a.yaml": config_map("a")})
    _oci(world, ref={"digest": digest, "tag": "other"})
    assert world.settle()
    assert world.status("OCIRepository", "apps")["artifact"]["revision"] == digest


def test_an_unchanged_digest_is_resolved_and_not_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world)
    assert world.settle()
    fetched: list[OciRef] = []
    fetch = MemoryRegistries.artifact

    def counted(registries: MemoryRegistries, url: str, ref: OciRef, *rest: Credentials, **more: str) -> OciArtifact:
        fetched.append(ref)
        return fetch(registries, url, ref, *rest, **more)

    monkeypatch.setattr(MemoryRegistries, "artifact", counted)
    world.run(minutes=11)
    assert [ref.digest for ref in fetched] == ["", ""]
    assert len(world.messages("NewArtifact")) == 1


def test_a_tag_that_moves_reaches_the_cluster_within_the_interval(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")}, {ORIGIN: "main@sha1:one"})
    _oci(world)
    _kustomization(world)
    assert world.settle()
    status = world.status("Kustomization", "apps")
    assert status["lastAppliedOriginRevision"] == "main@sha1:one"
    assert status["history"][0]["metadata"]["originRevision"] == "main@sha1:one"
    assert world.status("OCIRepository", "apps")["artifact"]["metadata"] == {ORIGIN: "main@sha1:one"}
    digest = world.registries.push(URL, "latest", {"b.yaml": config_map("b")}, {ORIGIN: "main@sha1:two"})
    world.run(minutes=6)
    assert _maps(world) == ["b"]
    assert world.condition("Kustomization", "apps")[2] == f"Applied revision: latest@{digest}"
    last = [one for one in world.recorder.recent if one.reason == "ReconciliationSucceeded"][-1]
    assert last.annotations["kustomize.toolkit.fluxcd.io/originRevision"] == "main@sha1:two"


def test_a_request_is_handled_before_the_interval(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world, interval="10h")
    assert world.settle()
    digest = world.registries.push(URL, "latest", {"b.yaml": config_map("b")})
    live = world.get("OCIRepository", "apps") or {}
    meta = {**live["metadata"], "annotations": {"reconcile.fluxcd.io/requestedAt": "now"}}
    world.cluster.update({**live, "metadata": meta}, manager="flux")
    world.run(minutes=1)
    status = world.status("OCIRepository", "apps")
    assert (status["lastHandledReconcileAt"], status["artifact"]["revision"]) == ("now", f"latest@{digest}")


def test_a_suspended_source_is_left_alone(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world, suspend=True)
    world.run(minutes=10)
    assert world.registries.asked == []


def test_what_is_ignored_is_not_part_of_an_extracted_layer(world: World) -> None:
    files = {"a.yaml": config_map("a"), "b.yaml": config_map("b"), "c.yaml": config_map("c"), ".sourceignore": "b.yaml"}
    world.registries.push(URL, "latest", files)
    _oci(world, ignore="c.yaml")
    _kustomization(world)
    assert world.settle()
    assert _maps(world) == ["a"]
    assert world.status("OCIRepository", "apps")["observedIgnore"] == "c.yaml"
    _oci(world, ignore="a.yaml")
    world.run(minutes=11)
    assert _maps(world) == ["c"]


def test_a_copied_layer_is_kept_whole(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a"), ".sourceignore": "a.yaml"})
    _oci(world, layerSelector={"operation": "copy"})
    _kustomization(world)
    assert world.settle()
    assert _maps(world) == ["a"]


def test_a_registry_that_fails_keeps_the_artifact_and_recovers(world: World) -> None:
    digest = world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world)
    assert world.settle()
    world.registries.failing[URL] = "connection refused"
    world.run(minutes=6)
    text = "failed to determine artifact digest: connection refused"
    assert world.condition("OCIRepository", "apps") == ("False", "OCIArtifactPullFailed", text)
    assert world.condition("OCIRepository", "apps", "FetchFailed")[0] == "True"
    assert world.status("OCIRepository", "apps")["artifact"]["revision"] == f"latest@{digest}"
    del world.registries.failing[URL]
    world.run(minutes=20)
    assert world.condition("OCIRepository", "apps")[0] == "True"
    assert world.messages("Succeeded") == [f"stored artifact for digest 'latest@{digest}'"]


def test_an_artifact_that_is_not_there_says_so(world: World) -> None:
    _oci(world, ref={"tag": "v9"})
    assert world.settle()
    text = "failed to determine artifact digest: v9: not found"
    assert world.condition("OCIRepository", "apps") == ("False", "OCIArtifactPullFailed", text)


def test_secrets_say_who_asks(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    auths = {"registry.example.com": {"username": "robot", "password": "pass"}}
    _secret(world, "login", **{".dockerconfigjson": json.dumps({"auths": auths})})
    _secret(world, "trust", **{"ca.crt": "PEM"})
    _oci(world, secretRef={"name": "login"}, certSecretRef={"name": "trust"}, insecure=True)
    assert world.settle()
    who = Credentials(username="robot", password="pass", ca="PEM", insecure=True)
    assert {asked for _, asked in world.registries.asked} == {who}


def test_a_missing_secret_is_an_authentication_failure(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world, secretRef={"name": "login"})
    assert world.settle()
    status, reason, text = world.condition("OCIRepository", "apps")
    assert (status, reason) == ("False", "AuthenticationFailed")
    assert text.endswith("failed to get authentication secret 'flux-system/login': secrets \"login\" not found")
    assert world.registries.asked == []


@pytest.mark.parametrize(
    "spec",
    [
        {"provider": "aws"},
        {"serviceAccountName": "puller"},
        {"proxySecretRef": {"name": "proxy"}},
    ],
    ids=lambda spec: next(iter(spec)),
)
def test_what_is_not_done_is_refused_by_name(world: World, spec: Json) -> None:
    _oci(world, **spec)
    assert world.settle()
    status, reason, text = world.condition("OCIRepository", "apps", "Stalled")
    assert (status, reason) == ("True", "UnsupportedField")
    assert text.startswith(f"spec.{next(iter(spec))}: ")


def test_a_signature_is_noted_and_not_looked_at(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world, verify={"provider": "cosign"})
    assert world.settle()
    assert world.condition("OCIRepository", "apps")[0] == "True"
    told = [(event.type, event.message) for event in world.recorder.recent if event.reason == "NotVerified"]
    assert told == [("Warning", "its signature (cosign) is not verified here")]


def test_a_url_of_another_scheme_is_invalid(world: World) -> None:
    world.permissive()
    _oci(world, url="https://registry.example.com/apps")
    assert world.settle()
    assert world.condition("OCIRepository", "apps")[1] == "InvalidSpec"


def test_a_release_takes_its_chart_from_an_artifact(world: World) -> None:
    digest = world.registries.push(CHART, "1.2.3", _chart())
    _release(world)
    assert world.settle()
    version = f"1.2.3+{digest.removeprefix('sha256:')[:12]}"
    assert world.condition("HelmRelease", "web")[2].endswith(f"with chart web@{version}")
    status = world.status("HelmRelease", "web")
    assert (status["history"][0]["chartVersion"], status["history"][0]["ociDigest"]) == (version, digest)
    assert status["lastAttemptedRevisionDigest"] == digest
    event = next(one for one in world.recorder.recent if one.reason == "InstallSucceeded")
    assert event.annotations["helm.toolkit.fluxcd.io/oci-digest"] == digest
    assert world.names("HelmChart", "flux-system") == []


def test_a_new_digest_of_the_same_tag_upgrades_the_release(world: World) -> None:
    before = world.registries.push(CHART, "1.2.3", _chart())
    _release(world)
    assert world.settle()
    after = world.registries.push(CHART, "1.2.3", _chart(template=config_map("other", v="{{color}}")))
    world.run(minutes=6)
    assert _maps(world) == ["other"]
    history = world.status("HelmRelease", "web")["history"]
    assert [(one["ociDigest"], one["status"]) for one in history] == [(after, "deployed"), (before, "superseded")]


def test_an_artifact_without_a_chart_says_so(world: World) -> None:
    world.registries.push(CHART, "1.2.3", {"a.yaml": config_map("a")})
    _release(world)
    assert world.settle()
    status, reason, text = world.condition("HelmRelease", "web")
    assert (status, reason) == ("False", "ArtifactFailed")
    assert "the artifact holds no chart" in text


def test_a_deleted_source_takes_its_artifact_along(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world)
    assert world.settle()
    world.delete("OCIRepository", "apps")
    world.run(minutes=1)
    assert world.get("OCIRepository", "apps") is None
    _kustomization(world)
    assert world.settle()
    text = 'OCIRepository.source.toolkit.fluxcd.io "apps" not found'
    assert world.condition("Kustomization", "apps") == ("False", "ArtifactFailed", text)


def test_anonymous_sources_send_no_credentials(world: World) -> None:
    world.registries.push(URL, "latest", {"a.yaml": config_map("a")})
    _oci(world)
    assert world.settle()
    assert {who for _, who in world.registries.asked} == {ANONYMOUS}
