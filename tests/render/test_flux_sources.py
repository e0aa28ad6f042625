"""The sources of Flux as a walk finds them: who is asked, as whom, and what is refused by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.sources import FluxSources
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import OciArtifact, OciRef
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryCharts, MemoryRegistries, MemorySource

GIT, OCI, HTTP = "https://git.example/apps", "oci://registry.example/apps", "https://charts.example"
MAIN = {"branch": "main"}
ROBOT = Credentials(username="robot", password="word")
CHART = "apiVersion: v2\nname: web\nversion: 1.2.3\n"


class _Registries(MemoryRegistries):
    """Notes the media type that is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.types: list[str] = []

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        self.types.append(media_type)
        return super().artifact(url, ref, credentials, media_type=media_type)


class _NoHelm:
    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        raise AssertionError(f"finding {chart.name} renders nothing, not even as {options.release}")


class _World:
    def __init__(self, *objects: Manifest, mapped: tuple[str, ...] = ()) -> None:
        self.source, self.charts, self.registries = MemorySource(), MemoryCharts(), _Registries()
        tools = Tools(
            source=self.source,
            repositories=self.charts,
            registries=self.registries,
            charts=_NoHelm(),
            mapped=mapped,
        )
        self.sources = FluxSources(tools)
        found = {key_of(item): item for item in objects}

        def secrets(types: Sequence[str]) -> list[Manifest]:
            raise AssertionError(f"Flux reads no Secrets of Argo CD, such as {types}")

        self.notes: list[PreviewNote] = []
        self.declared = Surroundings(found.get, secrets, noted=self.notes.append)

    def read(self, kind: str, path: str = "a.yaml") -> bytes:
        return self.sources.files({"kind": kind, "name": "apps"}, "team", self.declared).tree.read(path)

    def revision(self, kind: str) -> str:
        return self.sources.files({"kind": kind, "name": "apps"}, "team", self.declared).revision

    def chart(self, spec: Json, namespace: str = "team") -> Chart:
        release = {"metadata": {"name": "web", "namespace": namespace}, "spec": spec}
        return self.sources.chart(release, self.declared)


def _source(kind: str, **spec: Json) -> Manifest:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": kind,
        "metadata": {"name": "apps", "namespace": "team"},
        "spec": spec,
    }


def _login() -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "login", "namespace": "team"},
        "stringData": {"username": "robot", "password": "word"},
    }


def _chart_of(kind: str, **more: Json) -> Json:
    return {"chart": {"spec": {"chart": "web", "sourceRef": {"kind": kind, "name": "apps"}, **more}}}


def _web(version: str = "1.2.3") -> Chart:
    return Chart(name="web", version=version, tree=MemoryTree({"Chart.yaml": CHART}))


def test_a_registry_is_asked_once_as_the_secret_says() -> None:
    world = _World(_source("OCIRepository", url=OCI, ref={"tag": "v1"}, secretRef={"name": "login"}), _login())
    digest = world.registries.push(OCI, "v1", {"a.yaml": "a"})
    assert world.read("OCIRepository") == b"a"
    assert world.revision("OCIRepository") == f"v1@{digest}"
    assert world.registries.asked == [(OCI, ROBOT)]


def test_a_digest_is_a_revision_by_itself() -> None:
    digest = MemoryRegistries().push(OCI, "v1", {"a.yaml": "a"})
    world = _World(_source("OCIRepository", url=OCI, ref={"digest": digest, "tag": "other"}))
    world.registries.push(OCI, "v1", {"a.yaml": "a"})
    assert world.revision("OCIRepository") == digest


def test_the_layer_is_chosen_by_its_media_type() -> None:
    world = _World(_source("OCIRepository", url=OCI, layerSelector={"mediaType": "application/x"}))
    world.registries.push(OCI, "latest", {"a.yaml": "a"})
    world.read("OCIRepository")
    assert world.registries.types == ["application/x"]


@pytest.mark.parametrize(("operation", "is_kept"), [("copy", True), ("extract", False)])
def test_a_copied_layer_is_kept_whole_and_an_extracted_one_is_filtered(operation: str, *, is_kept: bool) -> None:
    world = _World(_source("OCIRepository", url=OCI, layerSelector={"operation": operation}, ignore="a.yaml"))
    world.registries.push(OCI, "latest", {"a.yaml": "a", "b.yaml": "b"})
    tree = world.sources.files({"kind": "OCIRepository", "name": "apps"}, "team", world.declared).tree
    assert tree.is_file("a.yaml") is is_kept


@pytest.mark.parametrize(
    ("kind", "spec", "message"),
    [
        ("OCIRepository", {"provider": "aws"}, "spec.provider: the cloud identity of 'aws'"),
        ("OCIRepository", {"serviceAccountName": "x"}, "spec.serviceAccountName: image pull secrets"),
        ("OCIRepository", {"proxySecretRef": {"name": "x"}}, "spec.proxySecretRef: proxies are not used here"),
    ],
)
def test_what_is_not_done_is_refused_by_name(kind: str, spec: Json, message: str) -> None:
    world = _World(_source(kind, url=OCI, **spec))
    with pytest.raises(InputError) as caught:
        world.read(kind)
    assert str(caught.value).startswith(f"{kind}/team/apps: {message}")


def test_a_signature_is_a_note_and_no_refusal() -> None:
    world = _World(_source("OCIRepository", url=OCI, verify={"provider": "cosign"}))
    world.registries.push(OCI, "latest", {"a.yaml": "a"})
    assert world.read("OCIRepository") == b"a"
    git = _World(_source("GitRepository", url=GIT, ref=MAIN, verify={"mode": "HEAD", "secretRef": {"name": "pgp"}}))
    git.source.commit(GIT, {"a.yaml": "a"})
    assert git.read("GitRepository") == b"a"
    assert list(map(str, world.notes + git.notes)) == [
        "OCIRepository/team/apps: its signature (cosign) is not verified here",
        "GitRepository/team/apps: its signature (HEAD) is not verified here",
    ]


def test_submodules_are_a_note_where_there_are_any() -> None:
    world = _World(_source("GitRepository", url=GIT, ref=MAIN, recurseSubmodules=True))
    world.source.commit(GIT, {"a.yaml": "a"})
    assert world.read("GitRepository") == b"a"
    assert world.notes == []
    other = _World(_source("GitRepository", url=GIT, ref=MAIN, recurseSubmodules=True))
    other.source.commit(GIT, {"a.yaml": "a", ".gitmodules": "[submodule]"})
    other.read("GitRepository")
    assert [note.text.partition(":")[0] for note in other.notes] == ["spec.recurseSubmodules is not honoured"]


def _including(*includes: Json) -> _World:
    other = {
        **_source("GitRepository", url="https://git.example/lib", ref=MAIN),
        "metadata": {"name": "lib", "namespace": "team"},
    }
    world = _World(_source("GitRepository", url=GIT, ref=MAIN, include=list(includes)), other)
    world.source.commit(GIT, {"a.yaml": "a", "apps/b.yaml": "b"})
    world.source.commit("https://git.example/lib", {"x/one.yaml": "1", "x/deep/two.yaml": "2", "y.yaml": "y"})
    return world


def _files(world: _World) -> list[str]:
    return list(world.sources.files({"kind": "GitRepository", "name": "apps"}, "team", world.declared).tree.walk())


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        ({}, ["lib/x/deep/two.yaml", "lib/x/one.yaml", "lib/y.yaml"]),
        ({"fromPath": "x"}, ["lib/deep/two.yaml", "lib/one.yaml"]),
        ({"fromPath": "./x/", "toPath": "vendor/it"}, ["vendor/it/deep/two.yaml", "vendor/it/one.yaml"]),
        ({"fromPath": "y.yaml", "toPath": "apps/y.yaml"}, ["apps/y.yaml"]),
        ({"fromPath": "../../x", "toPath": "../out"}, ["out/deep/two.yaml", "out/one.yaml"]),
    ],
)
def test_files_of_another_repository_are_included(include: Json, expected: list[str]) -> None:
    world = _including({"repository": {"name": "lib"}, **include})
    assert _files(world) == sorted(["a.yaml", "apps/b.yaml", *expected])


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ({"repository": {"name": "lib"}, "toPath": "apps"}, "'lib' include to 'apps': the repository has files there"),
        ({"repository": {"name": "lib"}, "toPath": "."}, "the repository has files there: choose another toPath"),
        ({"repository": {"name": "lib"}, "fromPath": "z"}, "'lib' include: z: no such file or directory"),
        ({"repository": {"name": "none"}}, "GitRepository/team/none is not declared in anything that is rendered"),
        ({"repository": {"name": "apps"}}, "spec.include: a circle: apps -> apps"),
    ],
)
def test_what_cannot_be_included_is_named(include: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _files(_including(include))


def test_a_secret_that_is_not_there_is_named_with_who_names_it() -> None:
    world = _World(_source("OCIRepository", url=OCI, secretRef={"name": "login"}))
    with pytest.raises(InputError, match=r"OCIRepository/team/apps: .* secret 'team/login'.*not found"):
        world.read("OCIRepository")
    assert world.registries.asked == []


def test_a_git_repository_is_read_once_and_filtered() -> None:
    world = _World(_source("GitRepository", url=GIT, ref={"branch": "main"}, ignore="b.yaml"))
    commit = world.source.commit(GIT, {"a.yaml": "a", "b.yaml": "b"})
    assert world.read("GitRepository") == b"a"
    assert world.revision("GitRepository") == f"main@sha1:{commit}"
    assert world.source.polls == [GIT]
    with pytest.raises(NixernetesError):
        world.read("GitRepository", "b.yaml")


def test_a_source_without_a_url_is_not_known_here() -> None:
    with pytest.raises(InputError, match="ExternalArtifact/team/apps: its files come from other objects"):
        _World(_source("ExternalArtifact")).read("ExternalArtifact")


@pytest.mark.parametrize("url", [HTTP, "oci://registry.example/charts"])
def test_a_chart_is_pulled_once_as_the_secret_of_its_repository_says(url: str) -> None:
    kind = {"type": "oci"} if url.startswith("oci:") else {}
    world = _World(_source("HelmRepository", url=url, secretRef={"name": "login"}, **kind), _login())
    world.charts.add(url, _web())
    spec = _chart_of("HelmRepository", version="1.2.3")
    assert [world.chart(spec).version, world.chart(spec).version] == ["1.2.3"] * 2
    assert world.charts.asked == [(url, ROBOT)]


def test_a_dependency_of_another_repository_is_asked_anonymously() -> None:
    world = _World(_source("GitRepository", url=GIT))
    depends = f"{CHART}dependencies: [{{name: below, version: 1.0.0, repository: '{HTTP}'}}]\n"
    world.source.commit(GIT, {"web/Chart.yaml": depends}, branch="master")
    below = "apiVersion: v2\nname: below\nversion: 1.0.0\n"
    world.charts.add(HTTP, Chart(name="below", version="1.0.0", tree=MemoryTree({"Chart.yaml": below})))
    assert world.chart(_chart_of("GitRepository")).tree.is_file("charts/below/Chart.yaml")
    assert world.charts.asked == [(HTTP, ANONYMOUS)]


def test_a_cloud_identity_is_refused_only_where_the_repository_is_a_registry() -> None:
    world = _World(_source("HelmRepository", url=HTTP, provider="gcp"))
    world.charts.add(HTTP, _web())
    assert world.chart(_chart_of("HelmRepository")).name == "web"
    world = _World(_source("HelmRepository", url="oci://registry.example", type="oci", provider="gcp"))
    with pytest.raises(InputError, match=r"HelmRepository/team/apps: spec\.provider: the cloud identity of 'gcp'"):
        world.chart(_chart_of("HelmRepository"))


def test_the_signature_of_a_chart_is_a_note() -> None:
    world = _World(_source("HelmRepository", url=HTTP))
    world.charts.add(HTTP, _web())
    assert world.chart(_chart_of("HelmRepository", verify={"provider": "cosign"})).name == "web"
    assert list(map(str, world.notes)) == ["chart web: its signature (cosign) is not verified here"]


def test_what_the_user_gives_needs_neither_identity_nor_signature() -> None:
    spec: Json = {"provider": "aws", "secretRef": {"name": "nowhere"}}
    world = _World(
        _source("OCIRepository", url=OCI, verify={"provider": "cosign"}, **spec),
        _source("HelmRepository", url="oci://registry.example/charts/", type="oci", **spec),
        mapped=(OCI, "oci://registry.example/charts/web"),
    )
    world.registries.push(OCI, "latest", {"a.yaml": "a"})
    world.charts.add("oci://registry.example/charts/", _web())
    assert world.read("OCIRepository") == b"a"
    assert world.chart(_chart_of("HelmRepository", verify={"provider": "cosign"})).version == "1.2.3"
    assert {who for _, who in world.registries.asked + world.charts.asked} == {ANONYMOUS}


def test_a_chart_ref_names_an_artifact_or_a_helm_chart_in_any_namespace() -> None:
    world = _World(
        _source("OCIRepository", url=OCI),
        _source("HelmRepository", url=HTTP),
        _source("HelmChart", chart="web", sourceRef={"kind": "HelmRepository", "name": "apps"}),
    )
    digest = world.registries.push(OCI, "latest", {"web/Chart.yaml": CHART})
    world.charts.add(HTTP, _web("2.0.0"))
    reference = {"name": "apps", "namespace": "team"}
    found = world.chart({"chartRef": {"kind": "OCIRepository", **reference}}, "other")
    assert found.version == f"1.2.3+{digest.removeprefix('sha256:')[:12]}"
    assert f"version: {found.version}".encode() in found.tree.read("Chart.yaml")
    assert world.chart({"chartRef": {"kind": "HelmChart", **reference}}, "other").version == "2.0.0"


def _chart_from_git(files: dict[str, str], **spec: Json) -> Chart:
    world = _World(_source("GitRepository", url=GIT, ref={"branch": "main"}))
    world.source.commit(GIT, {"web/Chart.yaml": CHART, **files})
    wanted = {"chart": "web", "sourceRef": {"kind": "GitRepository", "name": "apps"}, **spec}
    return world.chart({"chart": {"spec": wanted}})


def test_templates_see_the_build_metadata_of_a_version() -> None:
    values = {"web/values.yaml": "a: 1\nb: {c: 1}\n", "more.yaml": "b: {d: 2}\n"}
    merged = _chart_from_git(values, valuesFiles=["web/values.yaml", "more.yaml"])
    assert merged.version == "1.2.3+1"
    assert merged.tree.read("values.yaml") == b"a: 1\nb:\n  c: 1\n  d: 2\n"
    followed = _chart_from_git({}, reconcileStrategy="Revision")
    assert re.fullmatch(r"1\.2\.3\+[0-9a-f]{12}", followed.version)
    both = _chart_from_git(values, reconcileStrategy="Revision", valuesFiles=["more.yaml"])
    assert re.fullmatch(r"1\.2\.3\+[0-9a-f]{12}\.1", both.version)
    for chart in (merged, followed, both):
        assert f"version: {chart.version}".encode() in chart.tree.read("Chart.yaml")


def test_the_chart_of_an_external_artifact_is_in_its_one_folder() -> None:
    generator = {
        "apiVersion": "source.extensions.fluxcd.io/v1beta1",
        "kind": "ArtifactGenerator",
        "metadata": {"name": "made", "namespace": "team"},
        "spec": {
            "sources": [{"alias": "repo", "kind": "GitRepository", "name": "apps"}],
            "artifacts": [{"name": "web", "copy": [{"from": "@repo/web", "to": "@artifact/"}]}],
        },
    }
    artifact = {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "ExternalArtifact",
        "metadata": {"name": "web", "namespace": "team"},
        "spec": {"sourceRef": {"kind": "ArtifactGenerator", "name": "made", "namespace": "team"}},
    }
    world = _World(_source("GitRepository", url=GIT, ref={"branch": "main"}), generator, artifact)
    world.source.commit(GIT, {"web/Chart.yaml": CHART, "web/templates/a.yaml": "a"})
    found = world.chart({"chartRef": {"kind": "ExternalArtifact", "name": "web"}})
    assert re.fullmatch(r"1\.2\.3\+[0-9a-f]{12}", found.version)
    assert found.tree.read("templates/a.yaml") == b"a"


def test_values_files_hold_maps_and_are_there_unless_missing_ones_are_ignored() -> None:
    with pytest.raises(NixernetesError, match=r"no values file found at path '/none\.yaml' \(reference 'none\.yaml'\)"):
        _chart_from_git({}, valuesFiles=["none.yaml"])
    assert _chart_from_git({}, valuesFiles=["none.yaml"], ignoreMissingValuesFiles=True).tree.read("values.yaml")
    with pytest.raises(NixernetesError, match="values must be a map"):
        _chart_from_git({"list.yaml": "- 1\n"}, valuesFiles=["list.yaml"])


def test_an_archive_of_another_chart_is_no_dependency() -> None:
    needs = CHART + "dependencies: [{name: web, version: 1.0.0}]\n"
    assert _chart_from_git({"web/Chart.yaml": needs, "web/charts/web-1.0.0.tgz": "x"}).version == "1.2.3"
    with pytest.raises(NixernetesError, match="no repository for dependency 'web'"):
        _chart_from_git({"web/Chart.yaml": needs, "web/charts/web-extra-1.0.0.tgz": "x"})


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "neither spec.chart nor spec.chartRef"),
        (_chart_of("HelmRepository"), "HelmRepository/team/apps is not declared in anything that is rendered"),
        (
            {"chartRef": {"kind": "OCIRepository", "name": "x"}},
            "OCIRepository/team/x is not declared in anything that is rendered",
        ),
    ],
)
def test_a_release_without_a_chart_says_what_is_missing(spec: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _World().chart(spec)


def test_an_encrypted_secret_is_asked_for_by_name() -> None:
    secret = {**_login(), "stringData": {"password": "ENC[AES256_GCM,data:xxxx]"}, "sops": {"version": "3"}}
    world = _World(_source("OCIRepository", url=OCI, secretRef={"name": "login"}), secret)
    assert key_of(secret) == ObjectKey("", "Secret", "team", "login")
    with pytest.raises(
        InputError, match="Secret/team/login is encrypted with SOPS: have its key at hand, or give its values"
    ):
        world.read("OCIRepository")
