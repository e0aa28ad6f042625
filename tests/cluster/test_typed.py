"""What cannot be read into a field of a built-in kind is refused in the API server's words; null is an absent field."""

import base64

import pytest
from hypothesis import given, strategies as st
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.typed import check_applied, check_decoded, known_only
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

CONTAINERS = ("spec", "template", "spec", "containers")
POD = {"name": "web", "image": "web:1"}


def changed(manifest: Manifest, path: tuple[str, ...], value: Json) -> Manifest:
    result: Manifest = manifests.copy(manifest)
    place: Json = result
    for step in path[:-1]:
        place = place.setdefault(step, {})
    place[path[-1]] = value
    return result


def container(**fields: Json) -> Manifest:
    return changed(workload(), CONTAINERS, [{**POD, **fields}])


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (changed(config_map(), ("data", "a"), 1), ".data.a: expected string, got &value.valueUnstructured{Value:1}"),
        (
            changed(config_map(), ("data", "a"), True),
            ".data.a: expected string, got &value.valueUnstructured{Value:true}",
        ),
        (changed(config_map(), ("data",), ["a"]), ".data: expected map, got &{[a]}"),
        (changed(config_map(), ("immutable",), "yes"), ".immutable: expected boolean, got &{yes}"),
        (changed(workload(), ("spec", "replicas"), "3"), ".spec.replicas: expected numeric (int or float), got string"),
        (
            changed(workload(), CONTAINERS, {"a": "b"}),
            ".spec.template.spec.containers: expected list, got &{map[a:b]}",
        ),
        (
            container(env=[{"name": "PORT", "value": 8080}]),
            (
                '.spec.template.spec.containers[name="web"].env[name="PORT"].value: expected string, '
                "got &value.valueUnstructured{Value:8080}"
            ),
        ),
        (
            container(args=[1]),
            (
                '.spec.template.spec.containers[name="web"].args[0]: expected string, '
                "got &value.valueUnstructured{Value:1}"
            ),
        ),
    ],
)
def test_an_applied_object_has_the_types_of_its_kind(manifest: Manifest, message: str) -> None:
    key = key_of(manifest)
    what = f"{key.namespace}/{key.name}; {'apps/v1' if key.group else '/v1'}, Kind={key.kind}"
    with pytest.raises(ApiError) as refused:
        check_applied(manifest, key)
    assert (refused.value.reason, str(refused.value)) == (
        "",
        f"failed to create typed patch object ({what}): {message}",
    )


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (changed(workload(), ("spec", "replicas"), 1.5), "cannot convert float64 to int32"),
        (
            container(resources={"limits": {"memory": "1Gb"}}),
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
        (
            changed(config_map(), ("binaryData", "a"), "####"),
            "error decoding from json: illegal base64 data at input byte 0",
        ),
        (
            changed(config_map(), ("binaryData", "a"), "aGk"),
            "error decoding from json: illegal base64 data at input byte 0",
        ),
    ],
)
def test_a_value_of_the_right_type_may_still_be_none(manifest: Manifest, message: str) -> None:
    with pytest.raises(ApiError, match="to proper version: unable to convert unstructured object to") as refused:
        check_applied(manifest, key_of(manifest))
    assert str(refused.value).endswith(f": {message}")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (
            changed(config_map(), ("data", "a"), 1),
            (
                'ConfigMap in version "v1" cannot be handled as a ConfigMap: '
                "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
            ),
        ),
        (
            changed(config_map(), ("data",), ["a"]),
            (
                'ConfigMap in version "v1" cannot be handled as a ConfigMap: '
                "json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string"
            ),
        ),
        (
            changed(workload(), ("spec", "replicas"), "3"),
            (
                'Deployment in version "v1" cannot be handled as a Deployment: '
                "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
            ),
        ),
        (
            changed(workload(), CONTAINERS, {"a": "b"}),
            (
                'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal object into '
                "Go struct field PodSpec.spec.template.spec.containers of type []v1.Container"
            ),
        ),
    ],
)
def test_a_created_object_is_decoded_as_go_does(manifest: Manifest, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_decoded(manifest, key_of(manifest))
    assert (refused.value.reason, str(refused.value)) == ("BadRequest", message)


def test_null_is_an_absent_field_and_an_empty_text_in_a_map(cluster: EmbeddedCluster) -> None:
    stored = cluster.apply(changed(workload(), ("spec", "replicas"), None), manager="flux")
    assert stored["spec"]["replicas"] == 1
    assert known_only(changed(config_map(), ("data", "a"), None)) == changed(config_map(), ("data", "a"), "")
    assert known_only(workload()) == workload()
    assert known_only(container(ports=None)) == container()


def test_custom_kinds_have_typed_metadata_alone() -> None:
    custom = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": {"replicas": "3"}}
    check_applied(custom, key_of(custom))
    wrong = changed(custom, ("metadata", "labels"), {"a": 1})
    with pytest.raises(ApiError, match=r"\.metadata\.labels\.a: expected string"):
        check_applied(wrong, key_of(wrong))


@given(st.binary())
def test_every_encoding_of_bytes_is_base64(data: bytes) -> None:
    manifest = changed(config_map(), ("binaryData", "a"), base64.b64encode(data).decode())
    check_applied(manifest, key_of(manifest))
