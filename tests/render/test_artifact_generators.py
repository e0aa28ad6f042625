"""ArtifactGenerators put artifacts together from files of other sources."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.artifact_generators import assembled, declared_artifacts, output_of
from nixernetes.render.tree import MemoryTree

REPO = MemoryTree(
    {
        "README.md": "repo",
        "apps/base/web/web.yaml": "web",
        "apps/base/web/notes.md": "notes",
        "apps/staging/kustomization.yaml": "staging",
        "charts/web/Chart.yaml": "chart",
        "charts/web/values.yaml": "image: {tag: v1, name: web}\nports: [1]\n",
        "values/staging.yaml": "image: {tag: v2}\nports: [2]\n",
    }
)


def _generator(*copies: Json, name: str = "out") -> Manifest:
    return {
        "apiVersion": "source.extensions.fluxcd.io/v1beta1",
        "kind": "ArtifactGenerator",
        "metadata": {"name": "g", "namespace": "flux-system"},
        "spec": {"artifacts": [{"name": name, "copy": list(copies)}]},
    }


def _paths(*copies: Json) -> list[str]:
    generator = _generator(*copies)
    return list(assembled(generator, output_of(generator, "out"), {"repo": REPO}).walk())


@pytest.mark.parametrize(
    ("source", "to", "expected"),
    [
        ("@repo/apps/base/**", "@artifact/base/", ["base/web/notes.md", "base/web/web.yaml"]),
        ("@repo/apps/**/*.yaml", "@artifact/", ["base/web/web.yaml", "staging/kustomization.yaml"]),
        ("@repo/apps/base/web/*.yaml", "@artifact/x/", ["x/web.yaml"]),
        ("@repo/charts/*", "@artifact/", ["web/Chart.yaml", "web/values.yaml"]),
        ("@repo/README.md", "@artifact/docs/", ["docs/README.md"]),
        ("@repo/README.md", "@artifact/docs", ["docs"]),
        ("@repo/charts/web", "@artifact/all/", ["all/web/Chart.yaml", "all/web/values.yaml"]),
        ("@repo/charts/web", "@artifact/app", ["app/Chart.yaml", "app/values.yaml"]),
    ],
)
def test_a_copy_goes_where_cp_would_put_it(source: str, to: str, expected: list[str]) -> None:
    assert _paths({"from": source, "to": to}) == expected


def test_excluded_files_stay_out() -> None:
    copy = {"from": "@repo/apps/base/**", "to": "@artifact/", "exclude": ["**/*.md"]}
    assert _paths(copy) == ["web/web.yaml"]


def test_a_later_copy_takes_the_place_of_an_earlier_one_or_is_merged_into_it() -> None:
    chart = {"from": "@repo/charts/web/**", "to": "@artifact/"}
    values = {"from": "@repo/values/staging.yaml", "to": "@artifact/values.yaml"}
    plain, merging = _generator(chart, values), _generator(chart, {**values, "strategy": "Merge"})
    found = [assembled(each, output_of(each, "out"), {"repo": REPO}).read("values.yaml") for each in (plain, merging)]
    assert yamls.parse(found[0]) == {"image": {"tag": "v2"}, "ports": [2]}
    assert yamls.parse(found[1]) == {"image": {"tag": "v2", "name": "web"}, "ports": [2]}


def test_files_know_where_they_were_copied_from_and_equal_copies_are_equal() -> None:
    generator = _generator({"from": "@repo/apps/**", "to": "@artifact/a/"})
    one, two = (assembled(generator, output_of(generator, "out"), {"repo": REPO}) for _ in range(2))
    assert one.began_as("a/staging/kustomization.yaml") == "apps/staging/kustomization.yaml"
    assert one.id == two.id
    assert one.content_id("a") != one.content_id("a/staging")


@pytest.mark.parametrize(
    ("copy", "message"),
    [
        ({"from": "@other/apps/**", "to": "@artifact/"}, "no source has the alias 'other'"),
        ({"from": "apps/**", "to": "@artifact/"}, "must be @name/path"),
        ({"from": "@repo/apps/**", "to": "@elsewhere/"}, "must begin with @artifact/"),
        ({"from": "@repo/../x", "to": "@artifact/"}, "leads out"),
        ({"from": "@repo/README.md", "to": "@artifact/../../x"}, "leads out"),
        ({"from": "@repo/none/*", "to": "@artifact/"}, "matches no file"),
        ({"from": "@repo/README.md", "to": "@artifact/", "strategy": "Extract"}, "strategy Extract is not done here"),
    ],
)
def test_a_wrong_copy_is_refused_by_generator_and_artifact(copy: Json, message: str) -> None:
    with pytest.raises(InputError, match=rf"ArtifactGenerator/flux-system/g: artifact 'out': .*{message}"):
        _paths(copy)


def test_a_generator_stands_for_its_artifacts() -> None:
    (artifact,) = declared_artifacts(_generator(name="apps"))
    assert artifact["metadata"] == {"name": "apps", "namespace": "flux-system"}
    assert artifact["spec"]["sourceRef"]["name"] == "g"
    assert list(declared_artifacts({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}})) == []
