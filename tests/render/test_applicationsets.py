"""What ApplicationSets generate from lists, clusters and Git, combined and filled in as Argo CD does (section 14)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nixernetes.errors import InputError
from nixernetes.languages.globs.git_files import directory_matches, file_matches
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.argocd.applicationsets import GenerationError, TargetCluster, expand
from nixernetes.render.tree import MemoryTree, Tree

URL = "https://git.example/apps"


def _generated(
    *generators: Json,
    files: Mapping[str, str] | None = None,
    clusters: list[TargetCluster] | None = None,
    name: str = "{{name}}",
    text: str = "",
    **spec: Json,
) -> dict[str, str]:
    """Return the text of each Application's path by its name."""
    found = _expanded(*generators, files=files, clusters=clusters, name=name, text=text, **spec)
    return {each["metadata"]["name"]: each["spec"]["source"]["path"] for each in found}


def _expanded(
    *generators: Json,
    files: Mapping[str, str] | None = None,
    clusters: list[TargetCluster] | None = None,
    name: str = "{{name}}",
    text: str = "",
    **spec: Json,
) -> list[Manifest]:
    template = {"metadata": {"name": name}, "spec": {"project": "default", "source": {"repoURL": URL, "path": text}}}

    def tree(url: str, revision: str) -> Tree:
        assert (url, revision) == (URL, "HEAD")
        return MemoryTree(dict(files or {}))

    application_set: Manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": {"generators": list(generators), "template": template, **spec},
    }
    return expand(application_set, clusters=lambda: clusters or [], tree=tree)


def _list(*rows: Json, **more: Json) -> Json:
    return {"list": {"elements": list(rows), **more}}


def _git(**block: Json) -> Json:
    return {"git": {"repoURL": URL, **block}}


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("apps/*", "apps/web", True),
        ("apps/*", "apps/web/base", False),
        ("apps/**", "apps/web/base", False),
        ("**", "apps/web", False),
        ("*/*", "apps/web", True),
        ("./apps/*", "apps/web", False),
        ("apps/*/", "apps/web", False),
        ("apps/[^w]*", "apps/api", True),
        ("apps/[!w]*", "apps/api", False),
        ("apps/[a", "apps/a", False),
        (r"apps/\*", "apps/*", True),
        ("apps/w?b", "apps/web", True),
        ("apps?web", "apps/web", False),
    ],
)
def test_directories_are_matched_as_go_matches_paths(pattern: str, path: str, *, matches: bool) -> None:
    assert directory_matches(pattern, path) is matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("envs/*/config.json", "envs/a/config.json", True),
        ("envs/*/config.json", "envs/a/b/config.json", True),
        ("envs/**/config.json", "envs/a/b/config.json", True),
        ("**/config.json", "config.json", False),
        ("*config.json", "a/b/config.json", True),
        ("envs", "envs/a/config.json", True),
        ("envs/", "envs/a/config.json", True),
        ("envs/a*/", "envs/a/config.json", False),
        ("./envs/a", "envs/a", True),
        ("envs/[!a]/*", "envs/b/x", True),
        ("envs/[[:upper:]]", "envs/B", True),
        ("envs/[]a]", "envs/]", True),
        ("envs?a", "envs/a", True),
        ("env", "envs/a", False),
    ],
)
def test_files_are_matched_as_git_lists_them(pattern: str, path: str, *, matches: bool) -> None:
    assert file_matches(pattern, path) is matches


@pytest.mark.parametrize("pattern", ["", "/envs/*", ":(glob)envs/**", "a" * 2000 + "*"])
def test_patterns_that_git_refuses_are_refused(pattern: str) -> None:
    with pytest.raises(GenerationError, match="git generator"):
        _generated(_git(files=[{"path": pattern}]), files={"a.json": "{}"})


def test_folders_give_their_parts_and_hidden_and_excluded_ones_nothing() -> None:
    files = {f"{path}/x.yaml": "" for path in ("apps/My_App", "apps/web/base", "apps/old", "apps/.hidden", ".git/x")}
    rules = [{"path": "apps/*"}, {"path": "apps/old", "exclude": True}]
    text = "{{path}} {{path[0]}} {{path[1]}} {{path.basename}} {{path.basenameNormalized}} {{path[2]}}"
    assert _generated(_git(directories=rules), files=files, name="{{path.basenameNormalized}}", text=text) == {
        "my-app": "apps/My_App apps My_App My_App my-app {{path[2]}}",
        "web": "apps/web apps web web web {{path[2]}}",
    }
    text = "{{.path.path}} {{index .path.segments 1}} {{.path.basename}} {{.path.basenameNormalized}}"
    name = "{{.path.basenameNormalized}}"
    assert _generated(_git(directories=rules), files=files, name=name, text=text, goTemplate=True) == {
        "my-app": "apps/My_App My_App My_App my-app",
        "web": "apps/web web web web",
    }


def test_files_give_their_content_and_where_they_are() -> None:
    files = {
        "envs/a/Config_1.json": '{"app": {"name": "first", "on": true, "none": null}, "ports": [80, 1000000]}',
        "envs/b/more.yaml": "- {app: {name: second}}\n- {app: {name: third}}\n",
        "envs/b/skip.json": "{}",
        "top.json": '{"app": {"name": "top"}}',
    }
    rules = [{"path": "envs/*"}, {"path": "top.json"}, {"path": "*/skip.json", "exclude": True}]
    text = "{{path}} {{path.filename}} {{path.filenameNormalized}} {{app.on}} {{app.none}} {{ports.0}} {{ports.1}}"
    assert _generated(_git(files=rules), files=files, name="{{app.name}}", text=text) == {
        "first": "envs/a Config_1.json config-1.json true <nil> 80 1e+06",
        "second": "envs/b more.yaml more.yaml {{app.on}} {{app.none}} {{ports.0}} {{ports.1}}",
        "third": "envs/b more.yaml more.yaml {{app.on}} {{app.none}} {{ports.0}} {{ports.1}}",
        "top": ". top.json top.json {{app.on}} {{app.none}} {{ports.0}} {{ports.1}}",
    }
    text = "{{.path.path}} {{.path.filename}} {{.ports}} {{.app.on}}"
    found = _generated(
        _git(files=rules[:1]),
        files=files,
        name="{{.path.filenameNormalized}}-{{.app.name}}",
        text=text,
        goTemplate=True,
    )
    assert found["config-1.json-first"] == "envs/a Config_1.json [80 1e+06] true"


def test_an_empty_file_gives_one_application() -> None:
    assert _generated(_git(files=[{"path": "a.yaml"}]), files={"a.yaml": ""}, name="{{path.filenameNormalized}}") == {
        "a.yaml": ""
    }


@pytest.mark.parametrize("content", ["text", "- a\n", "{", "1"])
def test_a_file_that_holds_no_objects_is_named(content: str) -> None:
    with pytest.raises(GenerationError, match=r"a\.yaml"):
        _generated(_git(files=[{"path": "a.yaml"}]), files={"a.yaml": content})


def test_a_prefix_keeps_the_parameters_of_two_git_generators_apart() -> None:
    files = {"apps/web/x": "", "envs/a/x": ""}
    children = [
        _git(directories=[{"path": "apps/*"}], pathParamPrefix="app"),
        _git(directories=[{"path": "envs/*"}], pathParamPrefix="env"),
    ]
    matrix = {"matrix": {"generators": children}}
    name = "{{app.path.basename}}-{{env.path.basename}}"
    assert _generated(matrix, files=files, name=name, text="{{app.path}} {{env.path[1]}}") == {"web-a": "apps/web a"}
    name = "{{.app.path.basename}}-{{.env.path.basename}}"
    assert _generated(matrix, files=files, name=name, text="{{.app.path.path}}", goTemplate=True) == {
        "web-a": "apps/web"
    }


@pytest.mark.parametrize("go", [False, True])
def test_values_are_filled_in_with_what_the_generator_gives(*, go: bool) -> None:
    dot = "." if go else ""
    generator = _git(directories=[{"path": "apps/*"}], values={"host": f"{{{{{dot}path.basename}}}}.example"})
    found = _generated(
        generator,
        files={"apps/web/x": ""},
        name=f"{{{{{dot}path.basename}}}}",
        text=f"{{{{{dot}values.host}}}}",
        goTemplate=go,
    )
    assert found == {"web": "web.example"}


def test_elements_are_texts_unless_go_templates_are_on() -> None:
    assert _generated(_list({"name": "a", "values": {"x": "1"}}), text="{{values.x}} {{other}}") == {"a": "1 {{other}}"}
    for row in ({"name": "a", "replicas": 3}, {"name": "a", "nested": {"x": "1"}}, {"name": "a", "values": {"x": 1}}):
        with pytest.raises(GenerationError, match="is not a string: quote it, or set goTemplate: true"):
            _generated(_list(row))
    row = {"name": "a", "replicas": 3, "account": 123456789012}
    found = _generated(_list(row), name="{{.name}}", text="{{.replicas}} {{.account}}", goTemplate=True)
    assert found == {"a": "3 1.23456789012e+11"}


def test_elements_may_be_yaml_that_another_generator_fills_in() -> None:
    rows = "{{ .services | toJson }}"
    matrix = {"matrix": {"generators": [_git(files=[{"path": "a.yaml"}]), {"list": {"elementsYaml": rows}}]}}
    files = {"a.yaml": "services: [{name: one, port: 1}, {name: two, port: 2}]\n"}
    found = _generated(matrix, files=files, name="{{.name}}", text="{{.port}}", goTemplate=True)
    assert found == {"one": "1", "two": "2"}
    with pytest.raises(GenerationError, match="elementsYaml is not a list"):
        _generated({"list": {"elementsYaml": "a: b"}})


def test_a_matrix_fills_the_second_generator_with_the_first() -> None:
    first = _list({"name": "one", "folder": "apps"}, {"name": "two", "folder": "other"})
    second = _git(directories=[{"path": "{{folder}}/*"}])
    files = {"apps/web/x": "", "apps/api/x": "", "other/db/x": ""}
    name = "{{name}}-{{path.basename}}"
    matrix = {"matrix": {"generators": [first, second]}}
    assert list(_generated(matrix, files=files, name=name)) == ["one-api", "one-web", "two-db"]


def test_equal_keys_of_a_matrix_must_agree_and_the_first_wins_in_go() -> None:
    matrix = {"matrix": {"generators": [_list({"name": "a", "x": "1"}), _list({"x": "2"})]}}
    with pytest.raises(GenerationError, match="duplicate key x with different value"):
        _generated(matrix)
    assert _generated(matrix, name="{{.name}}", text="{{.x}}", goTemplate=True) == {"a": "1"}


def test_a_merge_overrides_the_rows_of_the_first_by_key() -> None:
    base = _list({"name": "one", "x": "1", "y": "1"}, {"name": "two", "x": "1", "y": "1"})
    over = _list({"name": "two", "x": "2"}, {"name": "three", "x": "3"})
    merge = {"merge": {"mergeKeys": ["name"], "generators": [base, over]}}
    assert _generated(merge, text="{{x}}{{y}}") == {"one": "11", "two": "21"}
    twice = {"merge": {"mergeKeys": ["x"], "generators": [base, over]}}
    with pytest.raises(GenerationError, match="not unique by the given mergeKeys"):
        _generated(twice)


def test_a_matrix_in_a_merge_is_combined_once_and_no_deeper() -> None:
    inner = {"matrix": {"generators": [_list({"name": "a"}, {"name": "b"}), _list({"x": "1"})]}}
    merge = {"merge": {"mergeKeys": ["name"], "generators": [inner, _list({"name": "b", "x": "2"})]}}
    assert _generated(merge, text="{{x}}") == {"a": "1", "b": "2"}
    deeper = {"matrix": {"generators": [{"matrix": {"generators": [inner, _list({"z": "1"})]}}, _list({"y": "1"})]}}
    with pytest.raises(GenerationError, match="nested in matrix or merge only once"):
        _generated(deeper)


def test_clusters_give_what_their_secrets_say_and_the_local_one_has_no_metadata() -> None:
    local = TargetCluster(name="in-cluster", server="https://kubernetes.default.svc")
    east = TargetCluster(name="East_1", server="https://east", project="p", labels={"tier": "prod"}, declared=True)
    text = "{{name}} {{server}} {{project}} {{metadata.labels.tier}} {{values.x}}"
    generator: Json = {"clusters": {"values": {"x": "{{nameNormalized}}!"}}}
    assert _generated(generator, clusters=[local, east], name="{{nameNormalized}}", text=text) == {
        "in-cluster": "in-cluster https://kubernetes.default.svc  {{metadata.labels.tier}} in-cluster!",
        "east-1": "East_1 https://east p prod east-1!",
    }
    chosen = {"clusters": {"selector": {"matchLabels": {"tier": "prod"}}}}
    assert list(_generated(chosen, clusters=[local, east], name="{{nameNormalized}}")) == ["east-1"]
    flat: Json = {"clusters": {"flatList": True}}
    text = "{{ range .clusters }}{{ .name }} {{ end }}"
    assert _generated(flat, clusters=[local, east], name="all", text=text, goTemplate=True) == {
        "all": "in-cluster East_1 "
    }


def test_rows_are_chosen_by_a_selector_that_is_taken_as_it_is_written() -> None:
    rows = _list({"name": "a", "env": "prod"}, {"name": "b", "env": "test"})
    assert list(_generated({**rows, "selector": {"matchLabels": {"env": "prod"}}})) == ["a"]
    row = {"name": "a", "on": True, "count": 2}
    chosen = {**_list(row), "selector": {"matchLabels": {"on": "true", "count": "2"}}}
    assert list(_generated(chosen, name="{{.name}}", goTemplate=True)) == ["a"]
    second = {**rows, "selector": {"matchLabels": {"env": "{{wanted}}"}}}
    matrix = {"matrix": {"generators": [_list({"wanted": "test"}), second]}}
    assert list(_generated(matrix)) == []
    for wrong, why in (
        ({"matchExpressions": [{"key": "env", "operator": "in"}]}, '"in" is not a valid pod selector operator'),
        ({"matchExpressions": [{"key": "env", "operator": "Exists", "values": ["a"]}]}, "values set must be empty"),
        ({"matchLabels": {"bad key!": "a"}}, "name part must consist of"),
    ):
        with pytest.raises(InputError, match="error parsing label selector: .*" + why):
            _generated({**_list(), "selector": wrong})
    with pytest.raises(InputError, match="error getting cluster secrets: error converting label selector"):
        _generated({"clusters": {"selector": {"matchLabels": {"env": "{{wanted}}"}}}})


def test_the_template_of_a_generator_lies_over_that_of_the_set() -> None:
    over = {"metadata": {"labels": {"from": "{{name}}"}}, "spec": {"source": {"path": "own"}, "project": ""}}
    (first, second) = _expanded(_list({"name": "a"}, template=over), _list({"name": "b"}), text="shared")
    assert first["metadata"]["labels"] == {"from": "a"}
    assert (first["spec"]["source"]["path"], first["spec"]["project"]) == ("own", "default")
    assert second["spec"]["source"]["path"] == "shared"


def test_options_of_go_templates_are_checked_and_missing_keys_are_errors_where_asked() -> None:
    rows, name = _list({"name": "a"}), "{{.name}}"
    assert _generated(rows, name=name, text="{{.none}}", goTemplate=True) == {"a": "<no value>"}
    with pytest.raises(GenerationError, match="none"):
        _generated(rows, name=name, text="{{.none}}", goTemplate=True, goTemplateOptions=["missingkey=error"])
    with pytest.raises(GenerationError, match="use missingkey=default"):
        _generated(rows, name=name, goTemplate=True, goTemplateOptions=["missingkey=x"])


def test_a_template_patch_is_merged_into_the_application() -> None:
    patch = (
        "metadata:\n  finalizers: [more]\n  labels: {a: '{{.name}}'}\n"
        "spec:\n  project: null\n{{- if .auto }}\n  syncPolicy: {automated: {prune: true}}\n{{- end }}\n"
    )
    rows = _list({"name": "a", "auto": True}, {"name": "b", "auto": False})
    (first, second) = _expanded(rows, name="{{.name}}", goTemplate=True, templatePatch=patch)
    assert first["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io", "more"]
    policy = {"automated": {"prune": True}}
    assert first["spec"] == {"source": {"repoURL": URL, "path": ""}, "syncPolicy": policy, "project": "default"}
    assert "syncPolicy" not in second["spec"]
    assert second["metadata"]["labels"] == {"a": "b"}
    with pytest.raises(GenerationError, match="templatePatch needs goTemplate: true"):
        _generated(_list({"name": "a"}), templatePatch="spec: {}")


def test_resources_are_kept_on_deletion_without_the_finalizer() -> None:
    (kept,) = _expanded(_list({"name": "a"}), syncPolicy={"preserveResourcesOnDeletion": True})
    assert "finalizers" not in kept["metadata"]


def test_what_only_matters_in_a_cluster_changes_nothing() -> None:
    more = {"preservedFields": {"labels": ["x"]}, "strategy": {"type": "AllAtOnce"}, "applyNestedSelectors": True}
    assert _expanded(_list({"name": "a"}), **more) == _expanded(_list({"name": "a"}))
