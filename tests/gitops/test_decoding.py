"""Objects of Flux and Argo CD are read once, leniently, as typed values."""

import pytest

from nixernetes.errors import InputError
from nixernetes.gitops.argocd import Application
from nixernetes.gitops.decoding import KINDS, decode, decode_as, model_of
from nixernetes.gitops.flux import Alert, GitRepository, Kustomization
from nixernetes.objects.manifest import Json, Manifest


def _kustomization(version: str = "v1", **spec: Json) -> Manifest:
    return {
        "apiVersion": f"kustomize.toolkit.fluxcd.io/{version}",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system", "uid": "1", "generation": 3},
        "spec": {"interval": "10m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "apps"}, **spec},
    }


def test_fields_are_attributes_and_nested_values_are_objects() -> None:
    read = decode_as(Kustomization, _kustomization(path="./apps", dependsOn=[{"name": "infra"}]))
    assert (read.source_ref.name, read.path, read.prune) == ("apps", "./apps", True)
    assert read.depends_on is not None
    assert read.depends_on[0].name == "infra"
    assert (read.wait, read.key.namespace) == (None, "flux-system")


def test_unknown_fields_and_nulls_are_passed_over_at_every_depth() -> None:
    odd = _kustomization("v1beta2", later={"a": 1}, path=None, postBuild={"substitute": {"a": "b"}, "also": 1})
    odd["metadata"]["unheard"] = 1
    read = decode_as(Kustomization, odd)
    assert read.path is None
    assert read.post_build is not None
    assert read.post_build.substitute == {"a": "b"}


def test_status_and_what_a_server_keeps_do_not_matter() -> None:
    stored = {**_kustomization(), "status": {"conditions": []}}
    stored["metadata"] = {**stored["metadata"], "resourceVersion": "7", "managedFields": [{}]}
    assert decode_as(Kustomization, stored) is decode_as(Kustomization, _kustomization())


@pytest.mark.parametrize(
    ("spec", "fact"),
    [({"prune": "yes"}, "prune"), ({"interval": None}, "interval is missing"), ({"path": ["a"]}, "path")],
)
def test_what_a_server_refuses_is_a_problem_of_that_object(spec: Json, fact: str) -> None:
    found = decode(_kustomization(**spec))
    assert found is not None
    assert found.resource is None
    assert fact in found.problem
    with pytest.raises(InputError, match=fact):
        decode_as(Kustomization, _kustomization(**spec))


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ({"interval": None}, "spec.interval: Required value"),
        ({"interval": 60}, "spec.interval: Invalid value: must be of type string"),
        ({"prune": "yes"}, "spec.prune: Invalid value: must be of type boolean"),
        ({"healthChecks": {}}, "spec.healthChecks: Invalid value: must be of type array"),
        ({"dependsOn": ["a"]}, "spec.dependsOn[0]: Invalid value: must be of type object"),
        (
            {"deletionPolicy": "Keep"},
            "spec.deletionPolicy: Unsupported value: 'Keep': supported values: 'MirrorPrune', ",
        ),
        ({"interval": "1d"}, "spec.interval: Invalid value: '1d': must be a duration of the units ms, s, m and h"),
        ({"timeout": "9999999h"}, "spec.timeout: Invalid value: '9999999h': "),
    ],
)
def test_a_problem_is_also_said_in_the_words_of_an_api_server(spec: Json, fault: str) -> None:
    found = decode(_kustomization(**spec))
    assert found is not None
    assert found.fault.startswith(fault)


def test_a_wrong_label_is_a_fault_of_the_metadata() -> None:
    odd = _kustomization()
    odd["metadata"]["labels"] = {"a": 1}
    found = decode(odd)
    assert found is not None
    assert found.fault == "metadata.labels.a: Invalid value: must be of type string"


def test_an_alert_may_name_kinds_that_flux_operator_adds() -> None:
    alert = {
        "apiVersion": "notification.toolkit.fluxcd.io/v1beta3",
        "kind": "Alert",
        "metadata": {"name": "all"},
        "spec": {"providerRef": {"name": "chat"}, "eventSources": [{"kind": "FluxInstance", "name": "*"}]},
    }
    assert decode_as(Alert, alert).event_sources[0].kind == "FluxInstance"
    with pytest.raises(InputError, match="FluxInstance"):
        Alert.from_manifest(alert)


@pytest.mark.parametrize("spec", [None, [], "text", 1])
def test_a_spec_that_is_none_is_a_problem(spec: Json) -> None:
    found = decode({**_kustomization(), "spec": spec})
    assert found is not None
    assert found.problem


def test_an_application_that_argo_cd_stores_is_read_however_incomplete() -> None:
    app = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "web"},
        "spec": {"project": "default", "destination": {}},
        "operation": {"sync": {"revision": "abc"}},
    }
    read = decode_as(Application, app)
    assert read.source is None
    assert read.operation is not None


def test_every_listed_kind_has_its_type_and_others_have_none() -> None:
    for kind in KINDS:
        model = model_of(kind)
        assert model is not None
        assert model.group_kind() == kind
    assert model_of(GitRepository.group_kind()) is GitRepository
    assert decode({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}) is None
