"""Every manifest says where it began and what it passed through: the kind of step, repository, revision, file, line."""

from pathlib import Path

import pytest
from tests.repositories import repository_of

from nixernetes.objects.provenance import Origin, Step, StepKind, origin_as_json, origin_from_json
from nixernetes.render.rendered import Rendered, decoded, encoded
from nixernetes.testing import rendered

URL = "https://git.example/fleet"
FILES = {
    "clusters/one/flux-system/gotk-sync.yaml": f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, url: '{URL}', ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, path: ./clusters/one, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}}}
""",
    "clusters/one/flux-system/kustomization.yaml": "resources: [gotk-sync.yaml]\n",
    "clusters/one/apps.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: flux-system}
data: {region: eu}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec:
  interval: 1m
  path: ./web/prod
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  patches:
    - {patch: '- {op: add, path: /data/spec, value: a}', target: {name: web}}
  postBuild:
    substitute: {size: small}
    substituteFrom: [{kind: ConfigMap, name: settings}]
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: db, namespace: default}
spec:
  interval: 1m
  chart: {spec: {chart: ./charts/db, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}
  postRenderers:
    - kustomize: {patches: [{patch: '- {op: add, path: /data/p, value: q}', target: {name: changed}}]}
""",
    "web/base/kustomization.yaml": "resources: [web.yaml]\nconfigMapGenerator:\n  - {name: made, literals: [a=b]}\n",
    "web/base/web.yaml": "# a comment\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"
    "data: {size: '${size}', region: '${region}'}\n",
    "web/prod/kustomization.yaml": """\
resources: [../base]
namespace: web
patches:
  - path: patch.yaml
  - patch: '- {op: add, path: /data/inline, value: a}'
    target: {name: web}
""",
    "web/prod/patch.yaml": "\n\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {file: a}\n",
    "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.2.3\n",
    "charts/db/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: changed}\ndata: {a: b}\n",
    "charts/db/templates/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: left}\ndata: {a: b}\n",
}


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Origin]:
    place: Path = tmp_path_factory.mktemp("provenance")
    found = rendered(repository_of(FILES, place, "repo"))
    return {item.manifest["metadata"]["name"].partition("-")[0]: item.origin for item in found}


def test_patches_and_substitutions_are_steps_in_the_order_in_which_they_happen(origins: dict[str, Origin]) -> None:
    assert str(origins["web"]) == "web/base/web.yaml:2"
    assert [str(step) for step in origins["web"].chain] == [
        "web/prod/kustomization.yaml",
        "patch web/prod/patch.yaml:3",
        "patch web/prod/kustomization.yaml:5#patches[1]",
        "patch spec.patches[0] of Kustomization/flux-system/web",
        "substitution ${region} from ConfigMap/flux-system/settings",
        "substitution ${size}",
        "Kustomization/flux-system/web",
        "Kustomization/flux-system/flux-system",
    ]


def test_a_delivery_says_where_it_is_written_and_what_it_delivers_from(origins: dict[str, Origin]) -> None:
    step = origins["web"].chain[-2]
    assert (step.kind, step.file, step.line, step.repository) == (StepKind.DELIVERY, "clusters/one/apps.yaml", 6, URL)
    assert step.revision.startswith("main@sha1:")


def test_what_is_generated_names_the_entry_that_makes_it(origins: dict[str, Origin]) -> None:
    assert str(origins["made"]) == "web/base/kustomization.yaml:3"
    assert str(origins["made"].chain[0]) == "generator web/base/kustomization.yaml:3#configMapGenerator[0]"


def test_a_template_names_its_chart_and_the_post_renderers_that_changed_it(origins: dict[str, Origin]) -> None:
    assert origins["changed"].file == "templates/a.yaml"
    assert [str(step) for step in origins["changed"].chain[:2]] == [
        "chart db-1.2.3",
        "post-renderer spec.postRenderers[0].kustomize.patches[0]",
    ]
    assert [str(step) for step in origins["left"].chain[:2]] == ["chart db-1.2.3", "HelmRelease/default/db"]


def test_as_data_every_file_has_the_repository_and_revision_of_its_delivery(origins: dict[str, Origin]) -> None:
    data = origin_as_json(origins["web"])
    assert (data["file"], data["line"], data["repository"]) == ("web/base/web.yaml", 2, URL)
    assert data["steps"][2] == {
        "kind": "patch",
        "file": "web/prod/kustomization.yaml",
        "line": 5,
        "field": "patches[1]",
        "repository": URL,
        "revision": data["revision"],
    }


def test_origins_survive_their_bytes_and_their_json() -> None:
    remote = Step(StepKind.OVERLAY, file="a/kustomization.yaml", repository="https://git.example/base", revision="v1")
    origin = Origin(file="a/b.yaml", line=3, repository="https://git.example/base", revision="v1", chain=(remote,))
    assert str(origin) == "https://git.example/base//a/b.yaml?ref=v1:3"
    item = Rendered(manifest={"kind": "ConfigMap"}, origin=origin)
    assert decoded(encoded([item])) == [item]
    assert origin_from_json(origin_as_json(origin)) == origin
