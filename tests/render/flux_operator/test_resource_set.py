"""What ResourceSets of Flux Operator make of their inputs."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux_operator import resource_set_objects
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings


def _set(**spec: Json) -> Manifest:
    return {
        "apiVersion": "fluxcd.controlplane.io/v1",
        "kind": "ResourceSet",
        "metadata": {"name": "tenants", "namespace": "ops"},
        "spec": spec,
    }


def _provider(name: str, kind: str = "Static", **values: Json) -> Manifest:
    return {
        "apiVersion": "fluxcd.controlplane.io/v1",
        "kind": "ResourceSetInputProvider",
        "metadata": {"name": name, "namespace": "ops", "labels": {"app": name}},
        "spec": {"type": kind, "defaultValues": values},
    }


def _config_map(name: str, **rest: Json) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, **rest}


def _made(resource_set: Manifest, *around: Manifest, notes: list[PreviewNote] | None = None) -> list[Manifest]:
    objects = {key_of(each): each for each in around}

    def listing(kind: GroupKind, namespace: str) -> list[Manifest]:
        return [objects[key] for key in sorted(objects) if (key.group_kind, key.namespace) == (kind, namespace)]

    heard = notes if notes is not None else []
    declared = Surroundings(objects.get, lambda _: [], listing=listing, noted=heard.append)
    return [each.manifest for each in resource_set_objects(resource_set, declared)]


def test_each_input_makes_its_objects_and_values_keep_their_types() -> None:
    resource = _config_map("<< inputs.name >>", spec={"replicas": "<< inputs.count >>", "<< inputs.name >>": 1})
    made = _made(_set(inputs=[{"name": "a", "count": 2}, {"name": "b", "count": 3}], resources=[resource]))
    assert [each["spec"] for each in made] == [{"replicas": 2, "a": 1}, {"replicas": 3, "b": 1}]
    assert [str(key_of(each)) for each in made] == ["ConfigMap/ops/a", "ConfigMap/ops/b"]


def test_a_template_of_several_documents_sees_conditions_and_the_provider() -> None:
    text = """
---
apiVersion: v1
kind: Namespace
metadata:
  name: << inputs.name | slugify >>
<<- if (index inputs "extra") >>
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: << inputs.provider.name >>
  namespace: << inputs.provider.namespace >>
<<- end >>
"""
    made = _made(_set(inputs=[{"name": "Team A"}, {"name": "b", "extra": True}], resourcesTemplate=text))
    assert [str(key_of(each)) for each in made] == ["Namespace/team-a", "Namespace/b", "ConfigMap/ops/tenants"]


def test_a_missing_key_is_an_error_that_says_where() -> None:
    with pytest.raises(InputError, match=r"spec\.resources\[0\] with spec\.inputs\[0\].*no entry for key \"nmae\""):
        _made(_set(inputs=[{"name": "a"}], resources=[_config_map("<< inputs.nmae >>")]))


def test_equal_objects_are_made_once_and_disabled_ones_not_at_all() -> None:
    off = {"fluxcd.controlplane.io/reconcile": "<< inputs.state >>"}
    disabled: Manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "annotations": off}}
    made = _made(_set(inputs=[{"state": "disabled"}, {"state": "disabled"}], resources=[_config_map("one"), disabled]))
    assert [str(key_of(each)) for each in made] == ["ConfigMap/ops/one"]


def test_providers_are_found_by_name_and_by_selector_once_each() -> None:
    selector = {"matchLabels": {"app": "b"}}
    made = _made(
        _set(
            inputsFrom=[{"name": "b"}, {"selector": selector}, {"name": "a"}], resources=[_config_map("<< inputs.n >>")]
        ),
        _provider("a", n="from-a"),
        _provider("b", n="from-b"),
    )
    assert [key_of(each).name for each in made] == ["from-b", "from-a"]


def test_permute_combines_the_inputs_of_all_providers() -> None:
    made = _made(
        _set(
            inputStrategy={"name": "Permute"},
            inputs=[{"n": "x"}, {"n": "y"}],
            inputsFrom=[{"name": "my-env"}],
            resources=[_config_map("<< inputs.tenants.n >>-<< inputs.my_env.n >>")],
        ),
        _provider("my-env", n="prod"),
    )
    assert [key_of(each).name for each in made] == ["x-prod", "y-prod"]


def test_a_provider_that_asks_a_service_is_refused_by_name() -> None:
    refused = _set(inputsFrom=[{"name": "pulls"}], resources=[_config_map("x")])
    with pytest.raises(InputError, match="type GitHubPullRequest needs the network"):
        _made(refused, _provider("pulls", kind="GitHubPullRequest"))


def test_a_selector_that_finds_nobody_makes_nothing() -> None:
    assert _made(_set(inputsFrom=[{"selector": {"matchLabels": {"app": "z"}}}], resources=[_config_map("x")])) == []


def test_common_metadata_reaches_all() -> None:
    made = _made(_set(commonMetadata={"labels": {"team": "a"}}, resources=[_config_map("x")]))
    assert made[0]["metadata"] == {"name": "x", "namespace": "ops", "labels": {"team": "a"}}


def test_copy_from_takes_data_and_what_is_missing_is_a_note() -> None:
    annotations = {"fluxcd.controlplane.io/copyFrom": "ops/<< inputs.of >>"}
    copy: Manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "<< inputs.of >>", "namespace": "web", "annotations": annotations},
    }
    notes: list[PreviewNote] = []
    source: Manifest = {**_config_map("info", data={"region": "eu"}), "metadata": {"name": "info", "namespace": "ops"}}
    made = _made(_set(inputs=[{"of": "info"}, {"of": "gone"}], resources=[copy]), source, notes=notes)
    assert [each.get("data") for each in made] == [{"region": "eu"}, None]
    (note,) = notes
    assert note.text.startswith("ConfigMap/web/gone has no data: copyFrom names ConfigMap/ops/gone, which is declared")


def test_all_templates_share_one_bound() -> None:
    rows = list(range(300))
    loop = "<<- range inputs.rows >><<- range inputs.rows >><<- end >><<- end >>"
    with pytest.raises(InputError, match="steps"):
        _made(_set(inputs=[{"rows": rows}] * 3, resourcesTemplate=loop))


def test_too_many_permutations_are_refused_before_they_are_made() -> None:
    providers = [_provider(f"p{number}", n=1) for number in range(2)]
    many = [{"n": number} for number in range(10_001)]
    with pytest.raises(InputError, match="more than 10,000"):
        _made(
            _set(inputStrategy={"name": "Permute"}, inputs=many, inputsFrom=[{"name": "p0"}, {"name": "p1"}]),
            *providers,
        )


def test_the_key_of_a_provider_is_asked_for_in_the_own_namespace() -> None:
    asked: list[ObjectKey] = []

    def get(key: ObjectKey) -> None:
        asked.append(key)

    with pytest.raises(InputError, match="ResourceSetInputProvider/ops/a is not declared in anything that is rendered"):
        resource_set_objects(_set(inputsFrom=[{"name": "a"}]), Surroundings(get, lambda _: []))
    assert [each.namespace for each in asked] == ["ops"]
